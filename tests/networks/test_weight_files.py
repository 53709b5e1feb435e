"""Bad files of weights: one line each with what must happen.

Each is refused by name, with what to do; nothing in it runs, and no network is made of it. A
small network stands in AlexNet's place, so that its files are quickly made.
"""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from course_utils import CourseError, fetch, load_network
from course_utils.networks import LeNet, Variant, weight_files, weights
from course_utils.storage import downloads, files
from tests.helpers.server import PAGE, host
from tests.helpers.weights import (
    Trap,
    name_for,
    safe,
    same,
    saved,
    stand_in,
    state,
)

GOOD = saved(state())
REMEDY = "`make weights` fetches it again"


@dataclass
class Case:
    """content: of the file. kind: its suffix.

    genuine: the digits in its name are those of this content, so that only the content is wrong.
    """

    what: str
    content: bytes
    message: str
    genuine: bool = False
    kind: str = ".pth"


CASES = [
    # the name says one thing, the content is another
    Case("empty", b"", "was cut off or changed: its sha256"),
    Case("truncated", GOOD[:-1000], "was cut off or changed: its sha256"),
    Case("one byte missing", GOOD[:-1], "was cut off or changed"),
    Case("one byte more", GOOD + b"\0", "was cut off or changed"),
    Case("one flipped bit", GOOD[:9999] + bytes([GOOD[9999] ^ 1]) + GOOD[10_000:], "changed"),
    Case("a sign-in page", PAGE, "changed"),
    Case("zeros", bytes(len(GOOD)), "changed"),
    Case("a pickle with code", saved(Trap()), "changed"),
    Case("another network's weights", saved(state(1)), "changed"),
    Case("safetensors: truncated", safe(state())[:-1], "changed", kind=".safetensors"),
    Case("safetensors: other weights", safe(state(1)), "changed", kind=".safetensors"),
    # name and content agree, but it is nothing to load
    Case("truncated by name", GOOD[:-1000], "holds no weights by name", genuine=True),
    Case("a page by name", PAGE, "holds no weights by name", genuine=True),
    Case("code in torch's format", saved(Trap()), "holds no weights by name", genuine=True),
    Case("a list", saved(list(state().values())), "holds no weights by name", genuine=True),
    Case("lacks a bias", saved(state(features_0_bias=None)), "Missing key.*features.0.bias", True),
    Case("has a name more", saved({**state(), "z": torch.zeros(1)}), 'Unexpected key.*"z"', True),
    Case("another shape", saved(state(features_0_bias=torch.zeros(7))), "size mismatch", True),
    Case(
        "safetensors: cut by name",
        safe(state())[:-1],
        "holds no weights",
        True,
        ".safetensors",
    ),
]


@pytest.fixture(autouse=True)
def shelf(monkeypatch, tmp_path) -> Path:
    """The empty folder of weights; the working directory is elsewhere, for traps to show in."""
    (tmp_path / "data" / "weights").mkdir(parents=True)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.delenv("COURSE_OFFLINE", raising=False)
    monkeypatch.setattr(downloads, "WAITS", (0.001,))
    return tmp_path / "data" / "weights"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_fault(case, shelf, monkeypatch):
    official = name_for(case.content if case.genuine else GOOD)
    file = official
    if case.kind == ".safetensors":  # as if converted earlier; its own digits come last
        digits = hashlib.sha256(case.content if case.genuine else safe(state())).hexdigest()[:16]
        file = f"{Path(official).stem}-{digits}{case.kind}"
    stand_in(official, monkeypatch)
    (shelf / file).write_bytes(case.content)
    for wanted in ("imagenet", "auto"):
        with pytest.raises(CourseError, match=f"(?s){case.message}") as error:
            load_network("alexnet", weights=wanted)
        assert Path(official).stem in str(error.value)
        assert (REMEDY in str(error.value)) or case.genuine
    assert not Path("trap").exists(), "something ran"
    assert (shelf / file).read_bytes() == case.content


# --- what helps ----------------------------------------------------------------------------------


@pytest.fixture
def good(monkeypatch) -> Variant:
    """The good file is the official one, and nothing is on this machine."""
    return stand_in(name_for(GOOD), monkeypatch)


def serve(server, monkeypatch, fault: str = "good") -> None:
    """The host has the file."""
    stand_in(name_for(GOOD), monkeypatch, server.url(fault))


@pytest.mark.parametrize(
    ("file", "content"),
    [(name_for(GOOD), GOOD[:-9]), (f"{Path(name_for(GOOD)).stem}-{'0' * 16}.safetensors", b"x")],
)
def test_a_bad_file_is_not_replaced_unasked_but_by_make_weights(
    file, content, good, shelf, monkeypatch, capsys
):
    (shelf / file).write_bytes(content)
    with host(GOOD) as server:
        serve(server, monkeypatch)
        with pytest.raises(CourseError):
            load_network("alexnet", weights="imagenet")
        assert not server.requests
        assert fetch.main(["alexnet"]) == 0
        assert server.requests == {"good": 1}
    assert "AlexNet" in capsys.readouterr().out
    assert same(load_network("alexnet"), state())
    assert [path.suffix for path in shelf.glob("*alexnet*") if path.name[0] != "."] == [
        ".safetensors"
    ]


def test_a_bad_converted_file_is_made_anew_from_a_good_one(good, shelf):
    (shelf / good.file).write_bytes(GOOD)
    load_network("alexnet")
    converted = weight_files.converted(shelf / good.file, shelf)[0]
    converted.chmod(0o644)
    converted.write_bytes(converted.read_bytes()[:-100])
    assert same(load_network("alexnet"), state())
    assert weight_files.verify(converted)


@pytest.mark.parametrize("fault", ["wrong", "portal", "error_404", "cut_at_once"])
def test_a_bad_download_leaves_nothing_to_load(fault, good, shelf, monkeypatch, capsys):
    with host(GOOD) as server:
        serve(server, monkeypatch, fault)
        with pytest.raises(CourseError, match=good.file):
            load_network("alexnet", weights="imagenet")
        assert fetch.main(["alexnet"]) == 1
    assert f"alexnet: Could not download {good.file}" in capsys.readouterr().out
    assert not load_network("alexnet").info.trained


def test_a_file_in_torchs_cache_is_used_if_it_is_the_right_one(good, shelf, monkeypatch, tmp_path):
    cached = tmp_path / "torch" / "hub" / "checkpoints" / good.file
    cached.parent.mkdir(parents=True)
    cached.write_bytes(GOOD)
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert same(load_network("alexnet", weights="imagenet"), state())
    assert cached.read_bytes() == GOOD


def test_a_planted_file_in_torchs_cache_is_left_alone(good, shelf, monkeypatch, tmp_path):
    cached = tmp_path / "torch" / "hub" / "checkpoints" / good.file
    cached.parent.mkdir(parents=True)
    cached.write_bytes(saved(Trap()))
    with host(GOOD) as server:
        serve(server, monkeypatch)
        assert same(load_network("alexnet", weights="imagenet"), state())
    assert not Path("trap").exists()


def test_a_pickle_is_opened_once(good, shelf, monkeypatch):
    (shelf / good.file).write_bytes(GOOD)
    load_network("alexnet")
    monkeypatch.setattr(torch, "load", None)
    assert same(load_network("alexnet"), state())


def test_the_disk_is_full(good, shelf, monkeypatch):
    (shelf / good.file).write_bytes(GOOD)
    usage = shutil.disk_usage(shelf)._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(CourseError, match=rf"too full for {good.file}.*COURSE_DATA"):
        load_network("alexnet")


def test_no_folder_can_be_written_to(good, shelf, monkeypatch):
    (shelf / good.file).write_bytes(GOOD)
    monkeypatch.setattr(files, "can_write", lambda folder: False)
    assert same(load_network("alexnet"), state())
    assert [path.name for path in shelf.iterdir()] == [good.file]


def test_a_card_without_a_checksum(shelf, tmp_path, monkeypatch):
    """What the course ships has its checksum in a card."""
    monkeypatch.setattr(weights, "SHIPPED", tmp_path)
    path = tmp_path / "lenet-cifar10.safetensors"
    path.write_bytes(safe(LeNet(in_channels=3).state_dict()))
    for card in (None, "", "[]", "{}", '{"sha256": ""}', '{"sha256": "0123"}', "\0"):
        if card is not None:
            path.with_suffix(".json").write_text(card)
        with pytest.raises(CourseError, match=r"lenet-cifar10.*`git checkout data/weights`"):
            load_network("lenet")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".json").write_text(json.dumps({"sha256": digest}))
    assert load_network("lenet").info.trained


# --- mapped files --------------------------------------------------------------------------------


def test_a_mapped_file_can_be_replaced_while_a_network_uses_it(good, shelf, monkeypatch):
    (shelf / good.file).write_bytes(GOOD)
    network = load_network("alexnet")
    converted = weight_files.converted(shelf / good.file, shelf)[0]
    other = files.part_of(converted)
    other.write_bytes(b"short")
    files.publish(converted)
    assert same(network, state())


@pytest.mark.skipif(os.name != "posix", reason="Windows does not let a mapped file be changed")
def test_a_mapped_file_cannot_be_shortened_by_accident(good, shelf):
    """That would kill every process that has it mapped, whatever Python does."""
    (shelf / good.file).write_bytes(GOOD)
    load_network("alexnet")
    converted = weight_files.converted(shelf / good.file, shelf)[0]
    assert converted.stat().st_mode & 0o222 == 0


def test_training_a_network_leaves_its_file_as_it_is(good, shelf):
    (shelf / good.file).write_bytes(GOOD)
    network = load_network("alexnet")
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(1)
    assert same(load_network("alexnet"), state())
