"""Bad files of weights: one line each with what must happen.

Each is refused by name, with what to do; nothing in it runs, and no network is made of it. A
small network stands in AlexNet's place, so that its files are quickly made.
"""

import hashlib
import json
import multiprocessing
import os
import pickle
import signal
import struct
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from course_utils import CourseError, fetch, load_network
from course_utils.networks import weight_files, weights
from course_utils.networks.registry import LeNet, Variant
from course_utils.storage import downloads
from tests.helpers.server import PAGE, host
from tests.helpers.weights import (
    Trap,
    load_in_child,
    lying,
    name_for,
    rezipped,
    safe,
    same,
    saved,
    stand_in,
    state,
)

GOOD = saved(state())
NAN, INFINITY = torch.full((6,), float("nan")), torch.full((6,), float("inf"))
REMEDY = "`make weights` fetches it again"
LIE = {"dtype": "F32", "shape": [6], "data_offsets": [0, 24]}


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
    Case("empty", b"", "is empty"),
    Case("truncated", GOOD[:-1000], "was cut off or changed: its sha256"),
    Case("one byte missing", GOOD[:-1], "was cut off or changed"),
    Case("one byte more", GOOD + b"\0", "was cut off or changed"),
    Case("one flipped bit", GOOD[:9999] + bytes([GOOD[9999] ^ 1]) + GOOD[10_000:], "changed"),
    Case("a sign-in page", PAGE, "is a web page"),
    Case("zeros", bytes(len(GOOD)), "changed"),
    Case("a planted pickle", pickle.dumps(Trap(), 2), "changed"),
    Case("a planted pickle in torch's format", saved(Trap()), "changed"),
    Case("another network's weights", saved(state(1)), "changed"),
    Case("safetensors: empty", b"", "is empty", kind=".safetensors"),
    Case("safetensors: truncated", safe(state())[:-1], "changed", kind=".safetensors"),
    Case("safetensors: other weights", safe(state(1)), "changed", kind=".safetensors"),
    # name and content agree, but it is nothing to load
    Case("empty by name", b"", "is broken|is empty", genuine=True),
    Case("truncated by name", GOOD[:-1000], "is broken", genuine=True),
    Case("a page by name", PAGE, "is broken", genuine=True),
    Case("a pickle by name", pickle.dumps(Trap(), 2), "code, which was not run", genuine=True),
    Case("code in torch's format", saved(Trap()), "code, which was not run", genuine=True),
    Case("code beside the weights", saved({**state(), "x": Trap()}), "code", genuine=True),
    Case("a whole network", saved(LeNet()), "code, which was not run", genuine=True),
    Case(
        "code in the old format", saved(Trap(), _use_new_zipfile_serialization=False), "code", True
    ),
    Case("a list", saved(list(state().values())), "no table of weights", genuine=True),
    Case("one tensor", saved(torch.zeros(3)), "no table of weights", genuine=True),
    Case("numbers, not tensors", saved({"a": 1.0}), "no table of weights", genuine=True),
    Case("a table in a table", saved({"model": state()}), "no table of weights", genuine=True),
    Case("lying pickle", rezipped(GOOD, data_pkl=b"\x80\x02}q\x00."), "lacks classifier", True),
    Case("broken pickle", rezipped(GOOD, data_pkl=b"\x80\x02}q"), "is broken", genuine=True),
    Case("numbers cut off", rezipped(GOOD, **{"1": b"\0" * 4}), "is broken", genuine=True),
    Case("lacks a layer's bias", saved(state(features_0_bias=None)), "lacks features.0.bias", True),
    Case("has a name more", saved({**state(), "z": torch.zeros(1)}), "beyond .* z:", True),
    Case("another network", saved({"a": torch.zeros(1)}), "lacks classifier.* and 9 more", True),
    Case(
        "another shape", saved(state(features_0_bias=torch.zeros(7))), r"\(7,\) float32 ins", True
    ),
    Case(
        "a NaN", saved(state(features_0_bias=NAN)), "bias holds numbers that are not finite", True
    ),
    Case("infinity", saved(state(features_0_bias=INFINITY)), "not finite", genuine=True),
    Case("fp16", saved({k: v.half() for k, v in state().items()}), "float16 instead of", True),
    Case("fp64", saved({k: v.double() for k, v in state().items()}), "float64 instead of", True),
    Case("integers", saved({k: v.int() for k, v in state().items()}), "int32 instead of", True),
    # safetensors whose name is right
    Case("safetensors: a page", PAGE, "is broken", True, ".safetensors"),
    Case("safetensors: truncated by name", safe(state())[:-1], "is broken", True, ".safetensors"),
    Case("safetensors: a long header", b"\xff" * 7 + b"\0{}", "is broken", True, ".safetensors"),
    Case(
        "safetensors: a header of 4 GB", struct.pack("<Q", 2**32), "is broken", True, ".safetensors"
    ),
    Case("safetensors: offsets overlap", lying(x=LIE), "is broken", True, ".safetensors"),
    Case(
        "safetensors: offsets beyond the end",
        lying(x={**LIE, "data_offsets": [10**9, 10**9 + 24]}),
        "is broken",
        True,
        ".safetensors",
    ),
    Case(
        "safetensors: a NaN", safe(state(features_0_bias=NAN)), "not finite", True, ".safetensors"
    ),
    Case("safetensors: a pickle", pickle.dumps(Trap(), 2), "is broken", True, ".safetensors"),
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
    monkeypatch.setattr(downloads, "PACE", downloads.Pace(waits=(0.001,)))
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
        with pytest.raises(CourseError, match=case.message) as error:
            load_network("alexnet", weights=wanted)
        assert Path(official).stem in str(error.value)
        assert REMEDY in str(error.value)
    assert not Path("trap").exists(), "something ran"
    assert (shelf / file).read_bytes() == case.content


# --- what helps ----------------------------------------------------------------------------------


@pytest.fixture
def good(monkeypatch) -> Variant:
    """The good file is the official one, and nothing is on this machine."""
    return stand_in(name_for(GOOD), monkeypatch)


def serve(server, monkeypatch, fault: str = "good") -> None:
    monkeypatch.setattr(weights, "_url", lambda variant: server.url(fault))


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
    usage = downloads.shutil.disk_usage(shelf)._replace(free=10)
    monkeypatch.setattr(downloads.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(CourseError, match=rf"too full for {good.file}.*COURSE_DATA"):
        load_network("alexnet")


def test_no_folder_can_be_written_to(good, shelf, monkeypatch):
    (shelf / good.file).write_bytes(GOOD)
    monkeypatch.setattr(downloads, "can_write", lambda folder: False)
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
    other = downloads.part_of(converted)
    other.write_bytes(b"short")
    downloads.publish(converted)
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


# --- several processes, and killed ones ----------------------------------------------------------

killing = pytest.mark.skipif(os.name != "posix", reason="Windows has no fork server")


def children(file: str, number: int, die_at: str = "") -> tuple[list[int], list[bool]]:
    """Exit codes and results of processes that load the network at the same time."""
    start = multiprocessing.get_context("forkserver")  # one that has torch already
    start.set_forkserver_preload(["course_utils.networks.weights", "safetensors.torch"])
    results = start.SimpleQueue()
    args = (os.environ["COURSE_DATA"], file, die_at, results)
    processes = [start.Process(target=load_in_child, args=args) for _ in range(number)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    return [p.exitcode for p in processes], [results.get() for p in processes if p.exitcode == 0]


@killing
def test_processes_that_start_at_once_make_one_conversion(good, shelf):
    (shelf / good.file).write_bytes(GOOD)
    assert children(good.file, 6) == ([0] * 6, [True] * 6)
    assert len(weight_files.converted(shelf / good.file, shelf)) == 1
    assert not list(shelf.glob("*.part"))


@killing
@pytest.mark.parametrize(
    "die_at",
    [
        "course_utils.networks.weight_files.read_tensors",
        "course_utils.networks.weight_files.need_room",
        "course_utils.networks.weight_files.file_digest",
        "os.fsync",
        "os.replace",
        "course_utils.networks.weights.load_weights",
    ],
)
def test_killed_in_the_middle_of_a_conversion_the_next_start_finishes(die_at, good, shelf):
    (shelf / good.file).write_bytes(GOOD)
    codes, _ = children(good.file, 1, die_at)
    assert codes == [-signal.SIGKILL]
    for path in weight_files.converted(shelf / good.file, shelf):
        weight_files.verify(path)
    assert same(load_network("alexnet"), state())
    assert not list(shelf.glob("*.part"))
