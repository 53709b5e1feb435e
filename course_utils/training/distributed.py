"""One training on several processes, each of which computes its share of every batch.

    torchrun --standalone --nproc-per-node=2 -m course_utils.training.distributed lenet --epochs 2

Divided are the images of a batch. Averaged are the gradients, by `DistributedDataParallel`:
all processes take the same step, and their networks stay the same. All else is `Training`.
A notebook calls `launch`, since a process cannot be started from a function in a cell.

On several machines, the same on each, with `--nnodes=2 --rdzv-backend=c10d
--rdzv-endpoint=HOST:29400` instead of `--standalone`, and all of them see the checkpoints' folder.
"""

import argparse
import gc
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NoReturn

import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch import nn
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from ..datasets import load_cifar10
from ..errors import CourseError
from ..networks import load_network
from .callbacks import Callback
from .checkpoints import Checkpoints
from .evaluation import Part, hold_out
from .history import Epoch, History
from .loop import Training
from .settings import Settings

PROGRAM = ("-m", "course_utils.training.distributed")


class Share:
    """The images that one of `processes` trains with: every batch is dealt out among them."""

    def __init__(self, data: object, rank: int, processes: int) -> None:
        self.data, self.rank, self.processes = data, rank, processes

    def __len__(self) -> int:
        return len(self.data) // self.processes

    @property
    def labels(self) -> torch.Tensor:
        """int64 `(N,)`: of all images, since checkpoints are known by them."""
        return self.data.labels

    def batches(self, batch_size: int, **settings: object) -> Iterable:
        """Batches of `batch_size` each; those of all processes together are one batch of `data`."""
        return self.data.batches(batch_size, share=(self.rank, self.processes), **settings)


class ReadOnly(Checkpoints):
    """Checkpoints that the first process writes, for the others: they only go on from them."""

    _written = math.inf  # never the time to write

    def write(self, training: Training) -> None:
        """Leave it to the first process."""


class SamePlace(Callback):
    """Makes sure that all processes go on from the same step."""

    def started(self, training: Training) -> None:
        """After the checkpoints were read. Raises `CourseError`, in all processes."""
        own = torch.tensor(training.step, device=training.device)
        steps = [torch.zeros_like(own) for _ in range(dist.get_world_size())]
        dist.all_gather(steps, own)
        if len({*map(int, steps)}) > 1:
            raise CourseError(
                f"The processes would go on from steps {', '.join(str(int(s)) for s in steps)}: "
                "all of them must see the same folder of checkpoints. Name one that is shared."
            )


class Together(Callback):
    """Puts the mean over all processes in the place of one's own training loss and accuracy."""

    def epoch_done(self, training: Training) -> None:
        """Before other callbacks read them. All processes have seen equally many images."""
        epoch = training.history[-1]
        own = [epoch.train_loss, epoch.train_accuracy]
        means = torch.tensor(own, device=training.device) / dist.get_world_size()
        dist.all_reduce(means)
        loss, accuracy = means.tolist()
        training.history[-1] = replace(epoch, train_loss=loss, train_accuracy=accuracy)


class Speed(Callback):
    """How many images a second all processes learn from together: the median of all steps."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def step_done(self, training: Training) -> None:
        """Note when."""
        self.times.append(time.perf_counter())

    def ended(self, training: Training) -> None:
        """Print it."""
        if len(self.times) > 1:
            images = training.batch_size * dist.get_world_size()
            each = median(b - a for a, b in pairwise(self.times))
            count = dist.get_world_size()
            together = f"{count} process{'es' * (count > 1)}"
            print(f"{images / each:,.0f} images a second on {together}")


def fit_together(
    network: nn.Module,
    train: object,
    validation: object,
    settings: Settings,
    callbacks: Iterable[Callback | Callable[[Epoch], object]] = (),
    checkpoints: str | Path | None = None,
    every: float = 60.0,
) -> History:
    """`fit` on all processes of the group, to be called by each of them with the same arguments.

    settings: as for one process; its batch_size is that of all together. The weights are then
    those of one process, within rounding: BatchNorm apart. Its mean and variance are those of a
    process's own share; on GPUs SyncBatchNorm takes them of the whole batch. Dropout drops the
    same units in each process.
    checkpoints, every: as for `fit`. Two processes go on to the same bits; more of them within
    rounding, as sums of three numbers depend on their order.
    Raises `CourseError` if the batch cannot be divided evenly.
    """
    rank, processes = dist.get_rank(), dist.get_world_size()
    own, rest = divmod(settings.batch_size, processes)
    if rest:
        raise CourseError(
            f"A batch of {settings.batch_size} images cannot be shared evenly by {processes} "
            f"processes: choose a batch size that {processes} divides, as {(own + 1) * processes}."
        )
    if checkpoints is not None:
        kind = ReadOnly if rank else Checkpoints
        callbacks = [kind(checkpoints, every=every), SamePlace(), *callbacks]
    callbacks = [Together(), *callbacks]
    device = own_device()
    if device.type == "cuda":
        network = nn.SyncBatchNorm.convert_sync_batchnorm(network)
    settings = replace(settings, batch_size=own)
    share = Share(train, rank, processes)
    training = Training(network, share, validation, settings, device, callbacks)
    training.precision = agreed(training.precision, device)
    training.wrapped = DistributedDataParallel(network)
    return training.run()


def own_device() -> torch.device:
    """A GPU for each process of this machine, if there are as many; or else the processor."""
    if torch.cuda.device_count() < int(os.environ.get("LOCAL_WORLD_SIZE", 1)):
        return torch.device("cpu")
    torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", 0)))
    return torch.device("cuda")


def agreed(precision: str, device: torch.device) -> str:
    """ "bfloat16" if all processes have it in hardware."""
    pays = torch.tensor(int(precision == "bfloat16"), device=device)
    dist.all_reduce(pays, dist.ReduceOp.MIN)
    return "bfloat16" if pays else "float32"


# --- the script that torchrun starts -------------------------------------------------------------


class Arguments(argparse.ArgumentParser):
    """Says what is wrong with them as a `CourseError`."""

    def error(self, message: str) -> NoReturn:
        """Called by argparse."""
        raise CourseError(f"{message}. {self.format_usage()}")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments of the script. Raises `CourseError` if they are not understood."""
    known = Arguments("course_utils.training.distributed", allow_abbrev=False)
    known.add_argument("network")
    known.add_argument("--epochs", type=int, default=5)
    known.add_argument("--batch-size", type=int, default=128, help="of all processes together")
    known.add_argument("--learning-rate", type=float, default=0.05)
    known.add_argument("--precision", default="auto", help="auto, float32 or bfloat16")
    known.add_argument("--seed", type=int, default=0)
    known.add_argument("--images", type=int, help="so many of the training images; or all")
    known.add_argument("--checkpoints", metavar="FOLDER", help="go on from there, and write there")
    known.add_argument("--every", type=float, default=60.0, help="seconds between checkpoints")
    known.add_argument("--save", metavar="FILE", help="write the weights there, as safetensors")
    return known.parse_args(arguments)


def join() -> None:
    """Make this process, which torchrun has started, one of the group.

    The processes find one another through a store that torchrun keeps, also over a restart. So
    each start has names of its own in it: else they may find the addresses of those who were lost
    (issue 135712 of PyTorch).
    """
    store, rank, processes = next(rendezvous("env://"))
    store = dist.PrefixStore(f"start {os.environ.get('TORCHELASTIC_RESTART_COUNT', 0)}", store)
    backend = "nccl" if own_device().type == "cuda" else "gloo"
    dist.init_process_group(backend, store=store, rank=rank, world_size=processes)


def leave() -> None:
    """Leave the group, when all of it is done: none is still waited for by another.

    Networks that still know the group are cleared away first; at the end of the process that would
    be too late, and end it with "terminate called without an active exception".
    """
    gc.collect()
    dist.barrier()
    dist.destroy_process_group()


def main(arguments: Sequence[str]) -> None:
    """Train as the arguments say, as one of the processes that torchrun started."""
    options = parse(arguments)
    join()
    first = dist.get_rank() == 0
    with open(os.devnull, "w") as nowhere, redirect_stdout(sys.stdout if first else nowhere):
        run(options, [print, Speed()])
    leave()


def run(
    options: argparse.Namespace, callbacks: Iterable[Callback | Callable[[Epoch], object]] = ()
) -> None:
    """Train as `options` say; the first process writes the weights."""
    settings = Settings(
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        precision=options.precision,
        seed=options.seed,
    )
    network = load_network(options.network, weights=None, seed=options.seed, dataset="cifar10")
    train, validation = hold_out(load_cifar10("train"), 2_500, seed=options.seed)
    if options.images:
        train = Part(train.data, train.indices[: options.images])
    fit_together(
        network, train, validation, settings, callbacks, options.checkpoints, options.every
    )
    if options.save and dist.get_rank() == 0:
        save_file({k: t.contiguous() for k, t in network.state_dict().items()}, options.save)


# --- from a notebook -----------------------------------------------------------------------------


def launch(
    arguments: Sequence[str],
    processes: int = 2,
    restarts: int = 0,
    program: Sequence[str] = PROGRAM,
) -> None:
    """Start `program` on several processes of this machine, and print what the first one prints.

    arguments: as on the command line, ["lenet", "--epochs", "1"]. restarts: how often to start
    all processes again after one of them was lost; with checkpoints they go on where they were.
    Each process gets its part of the processor's cores. Raises `CourseError` if it fails.
    """
    if program is PROGRAM:
        parse(arguments)  # wrong ones are told at once, not by each process
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--local-addr=localhost"]  # else it asks the network for this machine's name
    command += [f"--nproc-per-node={processes}", f"--max-restarts={restarts}", *program, *arguments]
    threads = max(1, (os.cpu_count() or 1) // processes)
    surroundings = {"OMP_NUM_THREADS": str(threads), "PYTHONUNBUFFERED": "1"} | os.environ
    with tempfile.TemporaryFile("w+") as errors:
        torchrun = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=surroundings
        )
        try:
            for line in torchrun.stdout:
                print(line, end="")
        finally:
            torchrun.terminate()  # nothing, if it has ended
            status = torchrun.wait()
        errors.seek(0)
        if status:
            raise CourseError(_reason(errors.read().splitlines()))


def _reason(lines: list[str]) -> str:
    """What a user wants to know of all that torchrun and its processes have said."""
    for line in lines:
        if line.startswith(f"{CourseError.__name__}: "):
            return line.partition(": ")[2]
    ends = [i for i, line in enumerate(lines) if " failed (exitcode: " in line]
    last = lines[: ends[-1] + 1 if ends else None][-20:]  # after it torchrun speaks of itself
    return "The processes could not finish their work. The last they said:\n" + "\n".join(last)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CourseError as error:
        sys.exit(f"{CourseError.__name__}: {error}")
