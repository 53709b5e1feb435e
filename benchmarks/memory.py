"""What each further kernel of a machine costs in memory, ours against the usual way.

Each way opens CIFAR-10 (training and test) and an AlexNet with weights, looks at every number,
and stays. A second process does the same: what it alone needs, beyond importing torch, is the
figure (Private_Clean + Private_Dirty in /proc/PID/smaps_rollup, so Linux only). The weights are
random, in a file of AlexNet's real size; without the real images the stand-in takes their place.

    python benchmarks/memory.py
"""

import hashlib
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

from course_utils import load_cifar10, load_network

GOAL = 15  # MB of a further process

MEASURE = """
import sys, torch
def private():
    lines = [line.split() for line in open("/proc/self/smaps_rollup")]
    return sum(int(line[1]) for line in lines if line[0].startswith("Private_")) / 1000
torch.set_num_threads(1)
file, folder = sys.argv[1:]
before = private()
"""

OURS = """
from dataclasses import replace
from course_utils import load_cifar10, load_network
from course_utils.networks import REGISTRY
variants = REGISTRY["alexnet"].variants
variants["imagenet"] = replace(variants["imagenet"], file=file)
data = [load_cifar10("train"), load_cifar10("test")]
network = load_network("alexnet", "imagenet")
touched = [split.images.sum(dtype=torch.int64) for split in data]
"""

USUAL = """
from torchvision import datasets, models
class CIFAR10(datasets.CIFAR10):  # the same files without their checksums: it may be the stand-in
    train_list = [[name, None] for name, _ in datasets.CIFAR10.train_list]
    test_list = [["test_batch", None]]
    meta = {"filename": "batches.meta", "key": "label_names", "md5": None}
data = [CIFAR10(f"{folder}/usual", train=True), CIFAR10(f"{folder}/usual", train=False)]
network = models.alexnet()
network.load_state_dict(torch.load(f"{folder}/weights/{file}"))
touched = [split.data.sum() for split in data]
"""

REPORT = """
touched += [parameter.sum() for parameter in network.parameters()]
print(private() - before, flush=True)
sys.stdin.read()
"""


def further_process(way: str, file: str, folder: Path) -> float:
    """MB of a second process that does the same as a first one that still runs."""
    command = [sys.executable, "-c", MEASURE + way + REPORT, file, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes, figures = [], []
    for _ in range(2):
        processes.append(subprocess.Popen(command, env=environment(folder), **pipes))
        figures.append(float(processes[-1].stdout.readline()))
    for process in processes:
        process.communicate()
    return figures[1]


def environment(folder: Path) -> dict[str, str]:
    """Of a process whose data and weights lie in `folder`."""
    return os.environ | {"COURSE_DATA": str(folder)}


def write_weights(folder: Path) -> str:
    """A file as torchvision's, of random numbers; its name ends in digits of its sha256."""
    path = folder / "weights" / "new.pth"
    path.parent.mkdir()
    torch.save(load_network("alexnet", weights=None).state_dict(), path)
    name = f"alexnet-random-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}.pth"
    path.rename(path.with_name(name))
    return name


def write_images(folder: Path) -> str:
    """The images as torchvision wants them, and beside them the arrays that are here already."""
    batches = folder / "usual" / "cifar-10-batches-py"
    batches.mkdir(parents=True)
    train, test = load_cifar10("train"), load_cifar10("test")
    (batches / "batches.meta").write_bytes(pickle.dumps({"label_names": train.classes}))
    names = [f"data_batch_{i}" for i in range(1, 6)]
    splits = zip(names, train.images.chunk(5), train.labels.chunk(5), strict=True)
    for name, images, labels in [*splits, ("test_batch", test.images, test.labels)]:
        content = {"data": images.flatten(1).numpy(), "labels": labels.tolist()}
        (batches / name).write_bytes(pickle.dumps(content))
    (folder / "cifar10").symlink_to(train.folder.parent)
    return train.title


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, title = write_weights(folder), write_images(folder)
        ours, usual = (further_process(way, file, folder) for way in (OURS, USUAL))
    print(f"Memory of a further process, MB beyond importing torch (AlexNet; {title})")
    print(f"  torchvision.datasets.CIFAR10, torch.load, load_state_dict  {usual:>6.0f}")
    print(f"  load_cifar10, load_network                                 {ours:>6.1f}")
    print(f"  {usual / ours:.0f} times less (goal: under {GOAL} MB)")
    if ours >= GOAL:
        sys.exit(f"The goal is missed: {ours:.1f} MB.")


if __name__ == "__main__":
    main()
