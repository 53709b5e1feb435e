"""How much faster two processes train than one, each on one core of this machine.

Both train with the same batches of 128 images, by `course_utils.training.distributed`: two
processes compute 64 each and exchange their gradients. A figure is the best of three runs that take
turns (other work on the machine only ever makes things slower), a run's the median of its steps.
On an idle machine, what is missing to 2 is the exchange, and the memory and caches that both cores
share. Two machines have their own, but exchange over a network: lesson 7 works that out.

Measured on an x86 machine with two cores, three runs: AlexNet 1.8 to 1.9 times, LeNet 1.3 to 1.4:
beside a step of 17 ms the exchange counts.

    python benchmarks/distributed.py
"""

import io
import os
import re
from contextlib import redirect_stdout

from course_utils import load_network
from course_utils.training import launch

GOAL = 1.5  # times the speed of one process
ROUNDS = 3
SETTINGS = ["--epochs=1", "--precision=float32", "--learning-rate=0.003"]  # learns anything
IMAGES = {"lenet": 12_800, "alexnet": 1_280}  # of a run: a hundred steps, and ten


def speed(name: str, processes: int) -> float:
    """Images a second that `processes` learn from together, as they say themselves."""
    arguments = [name, f"--images={IMAGES[name]}", *SETTINGS]
    with redirect_stdout(io.StringIO()) as said:
        launch(arguments, processes)
    return float(re.search(r"([\d,]+) images a second", said.getvalue())[1].replace(",", ""))


def main() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"  # of each process: one would otherwise use all cores
    print(f"Training on one core and on two of {os.cpu_count()}, images a second")
    for name in IMAGES:
        rounds = [[speed(name, processes) for processes in (1, 2)] for _ in range(ROUNDS)]
        one, two = (max(column) for column in zip(*rounds, strict=True))
        network = load_network(name, weights=None, dataset="cifar10")
        exchanged = sum(p.numel() for p in network.parameters()) * 4 / 1e6
        print(
            f"  {network.info.title:22}1 process {one:>7,.0f}   2 processes {two:>7,.0f}   "
            f"{two / one:.2f} times (goal: {GOAL}); {exchanged:.1f} MB of gradients a step"
        )


if __name__ == "__main__":
    main()
