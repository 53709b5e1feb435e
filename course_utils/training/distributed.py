"""One training on several processes, each of which computes its share of every batch.

    torchrun --standalone --nproc-per-node=2 -m course_utils.training.distributed lenet --epochs 2

The images of a batch are divided; the gradients are averaged, by `DistributedDataParallel`. So all
processes take the same step, and their networks stay the same. All else is `Training`.
A notebook calls `launch`, since a process cannot be started from a function in a cell.
"""

import argparse
import gc
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any, NoReturn

import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch import nn
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from ..datasets import Batch, load_cifar10
from ..errors import CourseError, demand
from ..networks import load_network
from .callbacks import Callback
from .checkpoints import Checkpoints
from .evaluation import Part, hold_out
from .loop import Callbacks, Training
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


class ReadOnly(Checkpoints):
    """Checkpoints that the first process writes, for the others: they only resume from them."""

    _written = math.inf  # never the time to write

    def write(self, training: Training) -> None:
        """Leave it to the first process."""


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
        if len(self.times) > 1:
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
    known.add_argument("--checkpoints", metavar="FOLDER", help="resume from it, and write to it")
    known.add_argument("--every", type=float, default=60.0, help="seconds between checkpoints")
    known.add_argument("--save", metavar="FILE", help="write the weights to it, as safetensors")
    return known.parse_args(arguments)


def join() -> None:
    """Make this process, which torchrun has started, one of the group.

    The processes find one another through a store that torchrun keeps, also over a restart. So
    each start has names of its own in it: otherwise they may find the addresses of processes that
    were lost (issue 135712 of PyTorch).
    """
    store, rank, processes = next(rendezvous("env://"))
    start = f"start {os.environ.get('TORCHELASTIC_RESTART_COUNT', 0)}"
    store = dist.PrefixStore(start, store)
    backend = "nccl" if own_device().type == "cuda" else "gloo"
    dist.init_process_group(backend, store=store, rank=rank, world_size=processes)


def own_device() -> torch.device:
    """A GPU for each process, if there are as many; or else the processor."""
    if torch.cuda.device_count() < int(os.environ["LOCAL_WORLD_SIZE"]):
        return torch.device("cpu")
    torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    return torch.device("cuda")


def run(options: argparse.Namespace, callbacks: Callbacks = ()) -> None:
    """Train as `options` say, in each process of the group; the first one writes the weights.

    The weights are those that one process learns, within rounding. Two things differ: BatchNorm
    takes mean and variance of a process's own share (on GPUs, as SyncBatchNorm, of the whole
    batch), and Dropout drops the same units in each process. Two processes resume to the same
    bits; more of them within rounding, as sums of three numbers depend on their order.
    """
    first, processes, device = dist.get_rank() == 0, dist.get_world_size(), own_device()
    own, rest = divmod(options.batch_size, processes)
    demand(
        rest == 0,
        f"A batch of {options.batch_size} images cannot be shared evenly by {processes} "
        f"processes: choose a batch size that {processes} divides, as {(own + 1) * processes}.",
    )
    chosen = vars(options) | {"batch_size": own}
    settings = Settings(**{name: chosen[name] for name in vars(Settings()) if name in chosen})
    network = load_network(options.network, weights=None, seed=options.seed, dataset="cifar10")
    if device.type == "cuda":
        network = nn.SyncBatchNorm.convert_sync_batchnorm(network)
    train, validation = hold_out(load_cifar10("train"), 2_500, seed=options.seed)
    share = Share(train.data, train.indices[: options.images])
    wanted: list[Any] = [Together(), *callbacks]  # means first: checkpoints keep them
    if options.checkpoints:
        kind = Checkpoints if first else ReadOnly
        wanted.insert(1, kind(options.checkpoints, every=options.every))
    training = Training(network, share, validation, settings, device, wanted)
    training.wrapped = DistributedDataParallel(network)
    training.run()
    if options.save and first:
        save_file({k: t.contiguous() for k, t in network.state_dict().items()}, options.save)


def main(arguments: Sequence[str]) -> None:
    """Train as the arguments say, as one of the processes that torchrun started."""
    options = parse(arguments)
    join()
    quiet = dist.get_rank() > 0
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere if quiet else sys.stdout):
        run(options, [print])
    leave()


def leave() -> None:
    """Leave the group when all processes are done, so that none still waits for another.

    Networks that still know the group are cleared away first; at the end of the process that would
    be too late, and end it with "terminate called without an active exception".
    """
    gc.collect()
    dist.barrier()
    dist.destroy_process_group()


# --- from a notebook -----------------------------------------------------------------------------


def launch(
    arguments: Sequence[str],
    processes: int = 2,
    restarts: int = 0,
    program: Sequence[str] = PROGRAM,
) -> None:
    """Run `program` in several processes of this machine, and print what the first one prints.

    arguments: as on the command line, ["lenet", "--epochs", "1"]. restarts: how often to start
    all processes again after one of them was lost; with checkpoints they go on where they were.
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
    command += [f"--nproc-per-node={processes}", f"--max-restarts={restarts}", *program, *arguments]
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
