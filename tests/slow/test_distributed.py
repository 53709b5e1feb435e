"""Processes that train together learn what one would, and outlive the loss of one of them."""

import os
import re
import signal
import sys
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from safetensors.torch import load_file

from course_utils import CourseError, load_cifar10, load_network
from course_utils.training import Callback, History, Part, fit, hold_out
from course_utils.training.distributed import join, launch, leave, parse, run

ARGUMENTS = ["lenet", "--epochs=3", "--batch-size=32", "--images=256", "--precision=float32"]
# Two processes and one differ by 1e-7 here. With seed 0 one bias is off by 6e-5: on some images
# rounding can decide which side of a ReLU or which value of max pooling is taken.
ARGUMENTS += ["--seed=1"]
LAST = 13  # the step after which a process is lost: in the second of three epochs
TOLERANCE = 1e-5  # weights are up to 0.3; float32 has 7 digits, and 24 steps add their roundings


class Lost(Callback):
    """The second process is killed, with no chance to say a word; but only once."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def step_done(self, training) -> None:
        if dist.get_rank() == 1 and training.step == LAST and not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)


def process(folder: Path) -> None:
    """What each process does: one training in peace, the same with checkpoints and a loss."""
    join()
    whole, resumed = folder / "whole.safetensors", folder / "resumed.safetensors"
    if not whole.exists():
        run(parse([*ARGUMENTS, "--save", str(whole)]), [print] if dist.get_rank() == 0 else [])
    kept = ["--checkpoints", str(folder / "checkpoints"), "--every", "0"]
    run(parse([*ARGUMENTS, *kept, "--save", str(resumed)]), [Lost(folder / "lost")])
    with pytest.raises(CourseError, match="of 33 images cannot be shared evenly by 2"):
        run(parse(["lenet", "--batch-size=33"]))
    leave()


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


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a thing of POSIX")
def test_two_processes_learn_what_one_does_also_if_one_is_killed(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    one, history = of_one_process()
    launch([str(tmp_path)], processes=2, restarts=1, program=[__file__])
    printed = capfd.readouterr().out
    assert told(printed)[:3] == [pytest.approx(epoch, abs=0.002) for epoch in told_by(history)]
    assert "epoch 2, after" in printed.partition("Going on from ")[2]
    assert (tmp_path / "lost").exists()
    whole = load_file(tmp_path / "whole.safetensors")
    resumed = load_file(tmp_path / "resumed.safetensors")
    assert whole.keys() == one.keys()
    for name, tensor in whole.items():
        assert torch.equal(tensor, resumed[name]), f"{name} is another after the restart"
        assert torch.allclose(tensor, one[name], rtol=0, atol=TOLERANCE), name


if __name__ == "__main__":
    process(Path(sys.argv[1]))
