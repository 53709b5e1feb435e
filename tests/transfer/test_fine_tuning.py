"""Fine-tuning: what is thawed learns, and nothing of the rest moves, its statistics included."""

import copy

import pytest
import torch
from torch import nn

from course_utils import CourseError, classify, load_network, open_image
from course_utils.images import to_input
from course_utils.networks import REGISTRY
from course_utils.training import fit, hold_out
from course_utils.transfer import features, linear_probe, split, thaw, with_head
from tests.helpers.training import Images

FORMS = [(name, dataset) for name, n in REGISTRY.items() for dataset in n.variants]
HEADED = [form for form in FORMS if form[0] != "lenet_1998"]  # that one ends in distances
LAST = {  # of each network: its last block and its head
    "lenet": ("classifier.3", "classifier.5"),
    "alexnet": ("classifier.4", "classifier.6"),
    "vgg11": ("classifier.3", "classifier.6"),
    "vgg11_bn": ("classifier.3", "classifier.6"),
    "vgg16": ("classifier.3", "classifier.6"),
    "vgg19": ("classifier.3", "classifier.6"),
    "efficientnet_lite0": ("_blocks.15", "_conv_head", "_bn1", "_fc"),
}
LAST_VGG32 = (*(f"features.{i}" for i in (34, 35, 37, 38, 40, 41)), "classifier")


def blueprint(name: str, dataset: str) -> nn.Module:
    """A network without memory for its weights: VGG19 would take half a gigabyte."""
    with torch.device("meta"):
        return REGISTRY[name].variants[dataset].build()


def learning(network: nn.Module) -> set[str]:
    return {name for name, p in network.named_parameters() if p.requires_grad}


@pytest.mark.parametrize(("name", "dataset"), HEADED)
def test_the_last_block_and_the_head_learn(name, dataset, capsys):
    network = blueprint(name, dataset)
    last = LAST_VGG32 if (name, dataset) == ("vgg16", "cifar10") else LAST[name]
    thaw(network)
    expected = {
        n for n, _ in network.named_parameters() if n.startswith(tuple(f"{p}." for p in last))
    }
    assert learning(network) == expected
    count = sum(p.numel() for p in network.parameters() if p.requires_grad)
    said = capsys.readouterr().out
    assert said.startswith("Thawed: 1 of ")
    assert f"({', '.join(last[:-1])}) and the head ({last[-1]}). {count:,} of " in said


@pytest.mark.parametrize(("name", "dataset"), HEADED)
def test_all_blocks_are_the_whole_network_and_none_is_the_head(name, dataset, capsys):
    network = blueprint(name, dataset)
    thaw(network, blocks=0)
    linear = [path for path, module in network.named_modules() if isinstance(module, nn.Linear)]
    assert {n.rpartition(".")[0] for n in learning(network)} == {linear[-1]}
    with pytest.raises(CourseError, match=r"blocks is a number from 0 to (\d+), not 99") as error:
        thaw(network, blocks=99)
    thaw(network, blocks=int(str(error.value).split(" to ")[1].split(",")[0]))
    assert learning(network) == {n for n, _ in network.named_parameters()}


# --- the trap: statistics of what is frozen ------------------------------------------------------


def statistics(network: nn.Module) -> dict[str, torch.Tensor]:
    return {n: b.clone() for n, b in network.named_buffers() if "running" in n}


def moved(network: nn.Module, before: dict[str, torch.Tensor]) -> set[str]:
    after = dict(network.named_buffers())
    return {n.rpartition(".")[0] for n, b in before.items() if not torch.equal(b, after[n])}


def test_frozen_batchnorm_keeps_its_statistics_in_training_mode(capsys):
    network = load_network("efficientnet_lite0", weights=None)
    x = torch.randn(2, 3, 64, 64)
    trap = copy.deepcopy(network).requires_grad_(False).train()
    before = statistics(trap)
    trap(x)
    assert len(moved(trap, before)) == 49  # all of them, though no weight can learn

    thaw(network)
    network.train()
    network(x)
    last = {"_bn1", *(f"_blocks.15._bn{i}" for i in range(3))}
    assert moved(network, before) == last
    assert network._bn1.training
    assert not network._bn0.training

    again = copy.deepcopy(network)  # as whoever keeps the best of several does
    thaw(again, blocks=2)
    before = statistics(again)
    again.train()(x)
    assert moved(again, before) == last | {f"_blocks.14._bn{i}" for i in range(3)}


def test_fit_moves_what_is_thawed_and_nothing_else(capsys):
    network = with_head("alexnet", nn.Linear(512, 4))
    thaw(network, blocks=2)
    before = copy.deepcopy(network.state_dict())
    data = Images()
    fit(network, *hold_out(data, 8), epochs=1, batch_size=8)
    after = network.state_dict()
    changed = {n.rpartition(".")[0] for n in before if not torch.equal(before[n], after[n])}
    assert changed == {"classifier.1", "classifier.4", "classifier.6"}


# --- the new head --------------------------------------------------------------------------------


def test_a_probe_takes_the_place_of_the_head():
    network = load_network("efficientnet_lite0")
    X = features(network, ["cat", "coffee", "rocket", "palace"])
    head = linear_probe(X, torch.tensor([0, 1, 1, 1]))
    own = with_head(network, head, ["cat", "no cat"])
    assert [label for label, _ in classify(own, "cat")] == ["cat", "no cat"]
    x = to_input(open_image("cat"), own.info.preprocessing)
    assert torch.allclose(own(x), head(X[:1]), atol=1e-4)
    assert network.info.classes[281] == "tabby"
    assert split(network)[1].out_features == 1000  # it is a copy
    assert own.info.status == "with a head of your own"


@pytest.mark.parametrize(
    ("head", "classes"), [(nn.Linear(512, 2), ()), (nn.Linear(84, 2), ("a", "b", "c"))]
)
def test_a_head_that_does_not_fit_is_refused(head, classes):
    with pytest.raises(CourseError, match=r"LeNet makes 84 features .* the head takes"):
        with_head("lenet", head, classes)


def test_a_network_without_a_head_is_refused():
    with pytest.raises(CourseError, match=r"does not end in a fully connected layer"):
        thaw(load_network("lenet_1998"))
