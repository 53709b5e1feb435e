"""Which build of PyTorch `make lab` asks for; tests/slow installs one."""

import time

import pytest

from course_utils import torch_index
from course_utils.torch_index import index_for, main
from tests.helpers.wheel_index import VERSION, address, serving


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def plain_linux(monkeypatch):
    """A laptop with Linux and no NVIDIA GPU, whatever runs the tests."""
    monkeypatch.setattr(torch_index, "is_plain_linux", lambda: True)
    monkeypatch.setattr(torch_index, "has_nvidia", lambda: False)


def test_without_a_gpu_the_cpu_build_is_chosen(server, plain_linux):
    index, said = index_for(VERSION, "", address(server, "cpu"))
    assert index == address(server, "cpu")
    assert said == "No NVIDIA GPU: the CPU build of PyTorch (TORCH=cuda for CUDA)."
    assert server.asked == ["/cpu/torch/"]


@pytest.mark.parametrize("what", ["a GPU", "another system", "TORCH=cuda"])
def test_otherwise_nothing_is_asked(server, plain_linux, monkeypatch, what):
    if what == "a GPU":
        monkeypatch.setattr(torch_index, "has_nvidia", lambda: True)
    if what == "another system":
        monkeypatch.setattr(torch_index, "is_plain_linux", lambda: False)
    wanted = "cuda" if what == "TORCH=cuda" else ""
    assert index_for(VERSION, wanted, address(server, "cpu")) == ("", "")
    assert server.asked == []


def test_cpu_and_an_index_of_ones_own_are_taken_on_any_machine(server, monkeypatch):
    monkeypatch.setattr(torch_index, "has_nvidia", lambda: True)
    assert index_for(VERSION, "cpu", address(server, "cpu")) == (address(server, "cpu"), "")
    assert index_for(VERSION, address(server, "mine")) == (address(server, "mine"), "")


@pytest.mark.parametrize("fault", ["unreachable", "slow", "no address"])
def test_an_index_that_does_not_answer_in_time_is_left_alone(
    server, plain_linux, monkeypatch, fault
):
    monkeypatch.setattr(torch_index, "PATIENCE", 0.3)
    there = {"unreachable": "http://127.0.0.1:9/cpu", "slow": address(server, "slow")}
    start = time.perf_counter()
    index, said = index_for(VERSION, "", there.get(fault, "cpu builds"))
    assert time.perf_counter() - start < 2
    assert index == ""
    assert "does not answer: the usual build of PyTorch is installed" in said


def test_an_index_without_the_version_is_left_alone(server, plain_linux):
    index, said = index_for("1.0.0", "", address(server, "cpu"))
    assert (index, "has no torch 1.0.0" in said) == ("", True)


def test_requirements_without_torch_ask_nothing(capsys):
    main({"TORCH": "cpu"}, "# nothing\n")
    assert capsys.readouterr() == ("\n", "")
