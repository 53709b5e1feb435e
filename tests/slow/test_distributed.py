"""Processes that train together learn what one would."""

import re

import pytest
import torch
from safetensors.torch import load_file

from course_utils import CourseError, load_cifar10, load_network
from course_utils.training import History, Part, fit, hold_out, launch

ARGUMENTS = ["lenet", "--epochs=3", "--batch-size=32", "--images=256", "--precision=float32"]
# Two processes and one differ by 1e-7 here. With seed 0 one bias is off by 6e-5: on some images
# rounding can decide which side of a ReLU or which value of max pooling is taken.
ARGUMENTS += ["--seed=1"]
TOLERANCE = 1e-5  # weights are up to 0.3; float32 has 7 digits, and 24 steps add their roundings


def of_one_process() -> tuple[dict[str, torch.Tensor], History]:
    """The weights and the epochs that `ARGUMENTS` give without company."""
    rest, validation = hold_out(load_cifar10("train"), 2_500, seed=1)
    network = load_network("lenet", weights=None, seed=1, dataset="cifar10")
    train = Part(rest.data, rest.indices[:256])
    history = fit(network, train, validation, epochs=3, batch_size=32, precision="float32", seed=1)
    return network.state_dict(), history


def told(printed: str) -> list[list[float]]:
    """The numbers of each line on an epoch: losses, and accuracies in percent."""
    lines = [line for line in printed.splitlines() if line.startswith("epoch ")]
    return [[float(n) for n in re.findall(r"\d+\.\d+", line)] for line in lines if "loss" in line]


def told_by(history: History) -> list[list[float]]:
    return told("\n".join(map(str, history)))


def test_two_processes_learn_what_one_does(tmp_path, capfd):
    one, history = of_one_process()
    launch([*ARGUMENTS, f"--save={tmp_path / 'two.safetensors'}"])
    printed = capfd.readouterr().out
    assert told(printed) == [pytest.approx(epoch, abs=0.002) for epoch in told_by(history)]
    assert "images a second on 2 processes" in printed
    two = load_file(tmp_path / "two.safetensors")
    assert two.keys() == one.keys()
    for name, tensor in two.items():
        assert torch.allclose(tensor, one[name], rtol=0, atol=TOLERANCE), name


def test_a_batch_that_cannot_be_shared_is_refused():
    with pytest.raises(CourseError, match="of 33 images cannot be shared evenly by 2"):
        launch(["lenet", "--batch-size=33"])
