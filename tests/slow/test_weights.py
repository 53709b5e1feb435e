"""The conversion of weights, by several processes at once, and killed in the middle of it."""

import multiprocessing
import os
import signal

import pytest

from course_utils import load_network
from course_utils.networks import weight_files
from tests.helpers.weights import load_in_child, name_for, same, saved, stand_in, state

GOOD = saved(state())


@pytest.fixture(autouse=True)
def shelf(monkeypatch, tmp_path):
    """The folder of weights."""
    (tmp_path / "weights").mkdir()
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path / "weights"


@pytest.fixture
def good(monkeypatch):
    """The good file is the official one."""
    return stand_in(name_for(GOOD), monkeypatch)


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
