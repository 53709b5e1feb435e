"""How long it takes until data and weights are open, ours against the usual way.

Each figure is the median of 5 fresh processes that take turns, everything imported beforehand and
the files read once already: what is left is the opening itself. Ours verifies the weights each
time. The weights are random, in a file of AlexNet's real size; without the real images the
stand-in takes their place.

    python benchmarks/opening.py
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.memory import MEASURE, environment, write_images, write_weights

GOAL = 50  # ms to open the training images
ROUNDS = 5

IMPORTS = """
from dataclasses import replace
from time import perf_counter
from torchvision import datasets, models
from course_utils import load_cifar10, load_network
from course_utils.networks import REGISTRY
variants = REGISTRY["alexnet"].variants
variants["imagenet"] = replace(variants["imagenet"], file=file)
class CIFAR10(datasets.CIFAR10):  # the same files without their checksums: it may be the stand-in
    train_list = [[name, None] for name, _ in datasets.CIFAR10.train_list]
    test_list = [["test_batch", None]]
    meta = {"filename": "batches.meta", "key": "label_names", "md5": None}
start = perf_counter()
"""
WAYS = {
    "images": ('load_cifar10("train")', 'CIFAR10(f"{folder}/usual", train=True)'),
    "AlexNet": (
        'load_network("alexnet", "imagenet")',
        'models.alexnet().load_state_dict(torch.load(f"{folder}/weights/{file}"))',
    ),
}


def milliseconds(way: str, file: str, folder: Path) -> float:
    """From a fresh process in which everything is imported."""
    program = f"{MEASURE}{IMPORTS}{way}\nprint(1000 * (perf_counter() - start))"
    command = [sys.executable, "-c", program, file, str(folder)]
    return float(subprocess.check_output(command, env=environment(folder), text=True))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, title = write_weights(folder), write_images(folder)
        for ours, usual in WAYS.values():
            milliseconds(ours, file, folder), milliseconds(usual, file, folder)  # converts, warms
        figures = {
            what: [[milliseconds(way, file, folder) for way in ways] for _ in range(ROUNDS)]
            for what, ways in WAYS.items()
        }
    print(f"Opening, ms, median of {ROUNDS} ({title})")
    for what, rounds in figures.items():
        ours, usual = (median(column) for column in zip(*rounds, strict=True))
        goal = f" (goal: under {GOAL} ms)" if what == "images" else ""
        print(f"  {what:9} ours {ours:>7.1f}  usual {usual:>7.0f}  {usual / ours:.0f} times{goal}")
        if goal and ours >= GOAL:
            sys.exit(f"The goal is missed: {ours:.1f} ms.")


if __name__ == "__main__":
    main()
