"""One training on several processes, each of which computes its share of every batch.

    torchrun --standalone --nproc-per-node=2 -m course_utils.training.distributed lenet --epochs 2

The images of a batch are divided; the gradients are averaged, by `DistributedDataParallel`. So all
processes take the same step, and their networks stay the same. All else is `Training`.
A notebook calls `launch`, since a process cannot be started from a function in a cell.
"""

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any, NoReturn

import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch.nn.parallel import DistributedDataParallel

from ..datasets import Batch, load_cifar10
from ..errors import CourseError, demand
from ..networks import load_network
from .callbacks import Callback
from .evaluation import Part, hold_out
from .loop import Training
from .settings import Settings

PROGRAM = ("-m", "course_utils.training.distributed")


class Share(Part):
    """The images that this process trains with: every batch is divided among all processes."""

    def __len__(self) -> int:
        return len(self.indices) // dist.get_world_size()

    def batches(self, batch_size: int, **settings: Any) -> Iterable[Batch]:
        """Batches of `batch_size` each; those of all processes together are one of the whole."""
        share = (dist.get_rank(), dist.get_world_size())
        return super().batches(batch_size, share=share, **settings)


class Together(Callback):
    """Training loss and accuracy become their means over all processes; the speed is printed."""

    def __init__(self) -> None:
        self.times: list[float] = []  # of all steps

    def step_done(self, training: Training) -> None:
        self.times.append(time.perf_counter())

    def epoch_done(self, training: Training) -> None:
        """Before other callbacks read them. All processes have seen equally many images."""
        epoch = training.history[-1]
        own = [epoch.train_loss, epoch.train_accuracy]
        means = torch.tensor(own, device=training.device) / dist.get_world_size()
        dist.all_reduce(means)
        loss, accuracy = means.tolist()
        training.history[-1] = replace(epoch, train_loss=loss, train_accuracy=accuracy)

    def ended(self, training: Training) -> None:
        """How many images a second all processes learned from together: the median of all steps."""
        if len(self.times) > 1 and dist.get_rank() == 0:
            count = dist.get_world_size()
            each = median(b - a for a, b in pairwise(self.times))
            together = f"{count} process{'es' * (count > 1)}"
            print(f"{training.batch_size * count / each:,.0f} images a second on {together}")


# --- the program that torchrun starts ------------------------------------------------------------


class Arguments(argparse.ArgumentParser):
    """Says what is wrong with them as a `CourseError`."""

    def error(self, message: str) -> NoReturn:
        raise CourseError(f"{message}. {self.format_usage()}")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments of the program. Raises `CourseError` if they are not understood."""
    known, usual = Arguments(PROGRAM[1], allow_abbrev=False), Settings()
    known.add_argument("network")
    for name in ("epochs", "batch_size", "learning_rate", "precision", "seed"):
        value = getattr(usual, name)
        known.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    known.add_argument("--images", type=int, help="so many of the training images; or all")
    known.add_argument("--save", metavar="FILE", help="write the weights to it, as safetensors")
    return known.parse_args(arguments)


def run(options: argparse.Namespace) -> None:
    """Train as `options` say, in each process of the group; the first one writes the weights.

    The weights are those that one process learns, within rounding. Two things differ: BatchNorm
    takes mean and variance of a process's own share, and Dropout drops the same units in each.
    """
    first, processes = dist.get_rank() == 0, dist.get_world_size()
    own, rest = divmod(options.batch_size, processes)
    demand(
        rest == 0,
        f"A batch of {options.batch_size} images cannot be shared evenly by {processes} "
        f"processes: choose a batch size that {processes} divides, as {(own + 1) * processes}.",
    )
    chosen = vars(options) | {"batch_size": own}
    settings = Settings(**{name: chosen[name] for name in vars(Settings()) if name in chosen})
    network = load_network(options.network, weights=None, seed=options.seed, dataset="cifar10")
    train, validation = hold_out(load_cifar10("train"), 2_500, seed=options.seed)
    share = Share(train.data, train.indices[: options.images])
    wanted: list[Any] = [Together(), *([print] if first else [])]
    training = Training(network, share, validation, settings, "cpu", wanted)
    training.wrapped = DistributedDataParallel(network)
    training.run()
    if options.save and first:
        save_file({k: t.contiguous() for k, t in network.state_dict().items()}, options.save)


def main(arguments: Sequence[str]) -> None:
    """Train as the arguments say, as one of the processes that torchrun started."""
    options = parse(arguments)
    dist.init_process_group("gloo")
    run(options)
    # Networks that still know the group are cleared away before it goes: at the end of the process
    # it would be too late, and end it with "terminate called without an active exception".
    gc.collect()
    dist.barrier()  # none still waits for another
    dist.destroy_process_group()


# --- from a notebook -----------------------------------------------------------------------------


def launch(arguments: Sequence[str], processes: int = 2, program: Sequence[str] = PROGRAM) -> None:
    """Run `program` in several processes of this machine, and print what they print.

    arguments: as on the command line, ["lenet", "--epochs", "1"].
    Each process gets its part of the processor's cores. Raises `CourseError` if it fails.
    """
    demand(
        sys.platform != "win32",
        "PyTorch for Windows has no libuv, which torchrun needs to start several processes: this "
        "step runs on Linux, macOS or in WSL. The rest of the lesson does not need it.",
    )
    if program is PROGRAM:
        parse(arguments)  # raises here, at once, rather than in each process
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--local-addr=localhost"]  # else it asks the network for this machine's name
    command += [f"--nproc-per-node={processes}", *program, *arguments]
    threads = max(1, (os.cpu_count() or 1) // processes)
    environment = {"OMP_NUM_THREADS": str(threads), "PYTHONUNBUFFERED": "1"} | os.environ
    with tempfile.TemporaryFile("w+") as errors:
        streams: Any = {"stdout": subprocess.PIPE, "stderr": errors, "text": True}
        with subprocess.Popen(command, env=environment, **streams) as torchrun:
            try:
                for line in torchrun.stdout or ():
                    print(line, end="")
            finally:
                torchrun.terminate()  # nothing, if it has ended
        errors.seek(0)
        if torchrun.returncode:
            raise CourseError(_reason(errors.read().splitlines()))


def _reason(lines: list[str]) -> str:
    """What a user wants to know of all that torchrun and its processes have printed."""
    for line in lines:
        if line.startswith("CourseError: "):
            return line.partition(": ")[2]
    ends = [i for i, line in enumerate(lines) if " failed (exitcode: " in line]
    last = lines[: ends[-1] + 1 if ends else None][-20:]  # after it torchrun speaks of itself
    return "The processes could not finish their work. The last they said:\n" + "\n".join(last)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CourseError as error:
        sys.exit(f"CourseError: {error}")
