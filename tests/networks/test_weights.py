"""Networks with the best weights to be had, and honest about it; bad ones: test_weight_files."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from course_utils import CourseError, load_network
from course_utils.fetch import main
from course_utils.images import IMAGENET
from course_utils.networks import (
    REGISTRY,
    SHIPPED,
    LeNet,
    Variant,
    candidates,
    fetch,
    hint,
    size_of,
    verify,
    weights,
)
from course_utils.networks.weight_files import converted, digits_of
from course_utils.networks.weights import find_weights
from course_utils.storage import file_digest, megabytes
from tests.helpers.server import host
from tests.helpers.weights import name_for, same, saved, stand_in, state


@pytest.fixture(autouse=True)
def shelf(monkeypatch, tmp_path):
    """An empty folder of weights, and no network."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    (tmp_path / "weights").mkdir()
    return tmp_path / "weights"


# --- random weights ------------------------------------------------------------------------------


def test_random_weights_come_from_the_seed_and_touch_no_global_state():
    before = torch.random.get_rng_state()
    first, again, other = (load_network("lenet", weights=None, seed=s) for s in (0, 0, 1))
    assert same(first, again.state_dict())
    assert not same(first, other.state_dict())
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_network_comes_in_eval_mode_and_knows_itself():
    network = load_network("alexnet", weights=None)
    assert not network.training
    assert (network.info.name, network.info.trained) == ("alexnet", False)
    assert all(parameter.requires_grad for parameter in network.parameters())


def test_auto_never_downloads_and_is_untrained_without_a_file(monkeypatch):
    monkeypatch.delenv("COURSE_OFFLINE")
    monkeypatch.setattr(weights, "download", None)
    network = load_network("alexnet", dataset="imagenet")
    assert not network.info.trained
    assert same(network, load_network("alexnet", weights=None).state_dict())


def test_the_hint_says_how_to_get_the_weights_and_what_they_cost():
    assert hint(load_network("alexnet", weights=None)) == (
        "AlexNet runs untrained. With a network connection, load_network('alexnet', "
        "weights='imagenet') fetches its weights (244 MB)."
    )
    assert hint(load_network("lenet", weights=None)) == (
        "LeNet runs untrained. load_network('lenet', weights='digits') has its weights."
    )
    assert hint(nn.Linear(1, 1)) == ""
    assert hint(load_network("efficientnet_lite0")) == ""


@pytest.mark.parametrize(
    ("name", "title", "parameters"),
    [
        ("lenet", "LeNet for colour images", 62_006),
        ("alexnet", "AlexNet for 32 × 32", 3_704_906),
        ("vgg16", "VGG16-BN for 32 × 32", 14_728_266),
    ],
)
def test_the_form_for_small_images_with_random_weights(name, title, parameters):
    network = load_network(name, weights=None, dataset="cifar10")
    assert (network.info.title, network.info.status) == (title, "untrained")
    assert (network.info.preprocessing.crop, len(network.info.classes)) == (32, 10)
    assert sum(p.numel() for p in network.parameters()) == parameters
    assert network(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


@pytest.mark.parametrize(("name", "parameters"), [("lenet", 61_706), ("lenet_1998", 60_000)])
def test_a_network_that_reads_digits_takes_one_grey_channel(name, parameters):
    network = load_network(name, weights=None)
    assert (network.info.dataset, network.info.classes) == ("digits", tuple("0123456789"))
    assert sum(p.numel() for p in network.parameters()) == parameters
    assert network(torch.zeros(2, 1, 32, 32)).shape == (2, 10)


# --- weights that are here -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "dataset", "status"),
    [
        ("lenet", "digits", "trained on MNIST"),
        ("lenet_1998", "digits", "trained on MNIST"),
        ("lenet", "cifar10", "trained on CIFAR-10"),
    ],
)
def test_the_shipped_lenets_are_what_their_cards_say(name, dataset, status):
    path = SHIPPED / f"{name}-{dataset}.safetensors"
    assert file_digest(path) == digits_of(path)
    assert load_network(name, weights=dataset).info.status == status


def test_lenet_reads_digits_unless_told_otherwise():
    assert load_network("lenet").info.status == "trained on MNIST"
    assert load_network("lenet", dataset="cifar10").info.status == "trained on CIFAR-10"
    assert not load_network("lenet", weights=None).info.trained


def ship(folder: Path, name: str, tensors: dict[str, torch.Tensor]) -> None:
    """Put weights and their card where those that the course ships are."""
    path = folder / f"{name}-cifar10.safetensors"
    save_file(tensors, path)
    path.with_suffix(".json").write_text(json.dumps({"sha256": file_digest(path)}))


def halves(network: nn.Module) -> dict[str, torch.Tensor]:
    """Its weights as float16; the count of batches stays an integer."""
    tensors = network.state_dict().items()
    return {name: t.half() if t.is_floating_point() else t for name, t in tensors}


@pytest.mark.parametrize("name", ["alexnet", "vgg16"])
def test_shipped_weights_of_half_precision_become_float32(name, monkeypatch, tmp_path):
    monkeypatch.setattr(weights, "SHIPPED", tmp_path)
    stored = halves(load_network(name, weights=None, dataset="cifar10"))
    ship(tmp_path, name, stored)
    for choice in ({"weights": "cifar10"}, {"dataset": "cifar10"}):
        network = load_network(name, **choice)
        assert network.info.status == "trained on CIFAR-10"
        assert {p.dtype for p in network.parameters()} == {torch.float32}
        assert same(network, {name: tensor.float() for name, tensor in stored.items()})
    assert not load_network("alexnet", weights=None).info.trained


def test_by_default_a_network_is_trained_if_any_form_of_it_can_be(shelf, monkeypatch, tmp_path):
    """Weights for ImageNet before those for CIFAR-10, and either before random ones."""
    small_weights = halves(load_network("alexnet", weights=None, dataset="cifar10"))
    monkeypatch.setattr(weights, "SHIPPED", tmp_path)
    content = saved(state())
    small = REGISTRY["alexnet"].variants["cifar10"]
    large = stand_in(name_for(content), monkeypatch)
    both = {"imagenet": large, "cifar10": small}
    monkeypatch.setitem(REGISTRY, "alexnet", replace(REGISTRY["alexnet"], variants=both))
    assert load_network("alexnet").info.status == "untrained"
    assert load_network("alexnet").info.dataset == "imagenet"
    ship(tmp_path, "alexnet", small_weights)
    assert load_network("alexnet").info.status == "trained on CIFAR-10"
    (shelf / large.file).write_bytes(content)
    assert load_network("alexnet").info.status == "trained on ImageNet"
    assert load_network("alexnet", dataset="cifar10").info.status == "trained on CIFAR-10"


def test_the_form_for_one_data_set_stays_untrained_while_its_weights_are_not_here(shelf):
    """So that a lesson can mean one form on every machine."""
    network = load_network("alexnet", dataset="imagenet")
    assert (network.info.dataset, network.info.status) == ("imagenet", "untrained")
    assert load_network("alexnet", weights=None).info.dataset == "imagenet"


def test_the_network_in_a_package_is_converted_once_and_then_mapped(shelf):
    variant = REGISTRY["efficientnet_lite0"].variants["imagenet"]
    assert verify(candidates(variant)[0]).suffix == ".pth"
    first = load_network("efficientnet_lite0")
    assert find_weights(variant).parent == shelf
    assert same(load_network("efficientnet_lite0"), first.state_dict())
    assert first.info.status == "trained on ImageNet"


def test_torchvisions_file_is_converted_once_and_stays(shelf, monkeypatch):
    content = saved(state())
    variant = stand_in(name_for(content), monkeypatch)
    (shelf / variant.file).write_bytes(content)
    for wanted in ("auto", "imagenet"):
        network = load_network("alexnet", weights=wanted)
        assert same(network, state())
        assert network.info.trained
    (path,) = converted(shelf / variant.file, shelf)
    assert find_weights(variant) == verify(path)
    assert (shelf / variant.file).read_bytes() == content


def test_the_converted_file_is_enough_to_carry_to_another_machine(shelf, monkeypatch):
    content = saved(state())
    variant = stand_in(name_for(content), monkeypatch)
    (shelf / variant.file).write_bytes(content)
    load_network("alexnet")
    (shelf / variant.file).unlink()
    assert same(load_network("alexnet", weights="imagenet"), state())


def test_the_old_format_of_torch_is_read_too(shelf, monkeypatch):
    content = saved(state(), _use_new_zipfile_serialization=False)
    variant = stand_in(name_for(content), monkeypatch)
    (shelf / variant.file).write_bytes(content)
    assert same(load_network("alexnet"), state())


def test_files_without_a_count_of_batches_are_as_good(shelf, monkeypatch):
    """torchvision's vgg11_bn may be one: older files of networks with BatchNorm have no count."""
    build = lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))  # noqa: E731
    tensors = {k: v for k, v in build().state_dict().items() if "batches" not in k}
    content = saved(tensors)
    variant = Variant(build, IMAGENET, name_for(content), "https://localhost/weights.pth")
    entry = replace(REGISTRY["alexnet"], variants={"imagenet": variant})
    monkeypatch.setitem(REGISTRY, "alexnet", entry)
    (shelf / variant.file).write_bytes(content)
    network = load_network("alexnet", weights="imagenet")
    assert network.state_dict()["1.num_batches_tracked"] == 0
    assert not any(tensor.is_meta for tensor in network.state_dict().values())


def test_no_random_numbers_are_drawn_for_a_network_that_gets_weights(monkeypatch):
    monkeypatch.setattr(torch.random, "fork_rng", None)
    load_network("lenet", weights="digits")


def test_opening_weights_that_are_here_imports_no_torchvision():
    program = "import sys; from course_utils import load_network; load_network('lenet'); "
    program += "print({'torchvision', 'httpx', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


# --- weights that are not ------------------------------------------------------------------------


def test_wanted_offline():
    with pytest.raises(CourseError, match=r"alexnet-owt-7be5be79\.pth is not.*COURSE_OFFLINE"):
        load_network("alexnet", weights="imagenet")


def test_a_shipped_file_that_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(weights, "SHIPPED", tmp_path)
    assert not load_network("lenet").info.trained
    with pytest.raises(CourseError, match=r"lenet-digits.*`git checkout data/weights`"):
        load_network("lenet", weights="digits")


@pytest.mark.parametrize(("wanted", "offer"), [("imagnet", "imagenet"), ("ImageNet", "imagenet")])
def test_unknown_weights_get_the_nearest_name(wanted, offer):
    with pytest.raises(CourseError, match=f"no weights '{wanted}'. Did you mean '{offer}'"):
        load_network("alexnet", weights=wanted)


@pytest.mark.parametrize("wanted", ["cifar10", True, 5, "", ["imagenet"]])
def test_weights_that_a_network_does_not_have(wanted):
    with pytest.raises(CourseError, match=r"There are 'imagenet' and None \(random\)"):
        load_network("vgg11", weights=wanted)


@pytest.mark.parametrize("wanted", ["cifar", "imagenet", 5, ["cifar10"]])
def test_a_data_set_that_a_network_has_no_form_for(wanted):
    with pytest.raises(
        CourseError, match=r"LeNet has no form for .* There are 'digits', 'cifar10'\."
    ):
        load_network("lenet", dataset=wanted)


def test_weights_of_another_data_set_than_asked_for():
    with pytest.raises(CourseError, match=r"no weights 'imagenet'.* There are 'cifar10' and None"):
        load_network("alexnet", weights="imagenet", dataset="cifar10")


def test_sizes_are_known_without_a_download():
    assert size_of(REGISTRY["alexnet"].variants["imagenet"]) == 4 * 61_100_840
    assert size_of(Variant(LeNet, IMAGENET, "")) == 4 * 61_706


# --- fetching ------------------------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch):
    """A host with the weights of a small network in AlexNet's place."""
    content = saved(state())
    monkeypatch.delenv("COURSE_OFFLINE")
    with host(content) as running:
        stand_in(name_for(content), monkeypatch, running.url("good"))
        yield running


def test_weights_are_downloaded_when_asked_for_by_name(server, shelf):
    assert same(load_network("alexnet", weights="imagenet"), state())
    assert same(load_network("alexnet"), state())
    assert server.requests == {"good": 1}
    kept = [path for path in shelf.iterdir() if path.name[0] != "."]
    assert [path.suffix for path in kept] == [".safetensors"]  # the numbers are there once


def test_make_weights_says_what_it_did_and_does_it_once(server, shelf, capsys):
    assert main(["alexnet", "lenet"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].split() == ["AlexNet", "248", "kB", "fetched,", "verified"]
    size = megabytes((SHIPPED / "lenet-digits.safetensors").stat().st_size)
    assert said[1].split() == ["LeNet", *size.split(), "was", "here,", "verified"]
    assert str(shelf.parent) in said[2]
    assert main(["alexnet"]) == 0
    assert "was here" in capsys.readouterr().out
    assert server.requests == {"good": 1}


def test_make_weights_goes_on_after_a_failure_and_fails_at_the_end(server, capsys):
    assert main(["alexnt", "alexnet"]) == 1
    said = capsys.readouterr().out
    assert "Did you mean 'alexnet'?" in said
    assert "fetched, verified" in said


def test_a_read_only_shared_folder_is_used_and_the_rest_goes_to_the_own_cache(
    server, shelf, monkeypatch, tmp_path
):
    own = tmp_path / "own"
    monkeypatch.setattr(weights, "folders", lambda: [tmp_path, own])
    monkeypatch.setattr(weights, "writable_folder", lambda: own)
    own.mkdir()
    path = fetch("alexnet")
    assert path.parent == own / "weights"
    path.rename(shelf / path.name)
    assert fetch("alexnet") == shelf / path.name
    assert server.requests == {"good": 1}
