"""How fast training images arrive: `.batches()` against a `DataLoader`, in one run.

Both crop (padding 4), flip and normalise the training images in random order, in batches of 32.
The DataLoader has two worker processes; `.batches()` runs on one thread. The plain copy turns the
same bytes into the same floats and does nothing else: what the memory of this machine allows.
Each figure is the best of three rounds that take turns: other work on the machine only ever makes
things slower.

    python benchmarks/loader.py
"""

import time
from collections.abc import Iterable, Iterator

import torch
from torch.utils.data import DataLoader
from torchvision import transforms

from course_utils import load_cifar10
from course_utils.datasets import ImageDataset, one_thread
from course_utils.images import CIFAR10_MEAN, CIFAR10_STD

GOAL = 20  # times the DataLoader's images a second
BATCH = 32
ROUNDS = 3


def usual(data: ImageDataset) -> DataLoader:
    """What most tutorials write."""
    image_by_image = transforms.Compose(
        [
            transforms.RandomCrop(32, padding=4),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize(CIFAR10_MEAN, CIFAR10_STD),
        ]
    )
    data = ImageDataset(data.folder, data.split, image_by_image)
    return DataLoader(data, batch_size=BATCH, shuffle=True, num_workers=2)


def plain_copy(data: ImageDataset) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """The same images in their stored order, bytes to floats."""
    for images, labels in zip(data.images.split(256), data.labels.split(256), strict=True):
        with one_thread():
            copied = images.float()
        yield copied, labels


def speed(batches: Iterable, most: int) -> float:
    """Images a second over the first `most` images; starting the workers is not counted."""
    batches = iter(batches)
    next(batches)
    start, count = time.perf_counter(), 0
    for x, _ in batches:
        count += len(x)
        if count >= most:
            break
    return count / (time.perf_counter() - start)


def measure(data: ImageDataset) -> dict[str, float]:
    """Images a second of each way."""
    ways = {
        "usual": lambda: speed(usual(data), 10_000),
        "fast": lambda: speed(data.batches(BATCH, shuffle=True, augment=True), 49_000),
        "copy": lambda: speed(plain_copy(data), 49_000),
    }
    rounds = [{name: way() for name, way in ways.items()} for _ in range(ROUNDS)]
    return {name: max(one[name] for one in rounds) for name in ways}


def main() -> None:
    data = load_cifar10("train")
    best = measure(data)
    print(f"Loader, images a second ({data})")
    print(f"  DataLoader(batch_size={BATCH}, num_workers=2)  {best['usual']:>9,.0f}")
    print(f"  .batches({BATCH}, augment=True)                {best['fast']:>9,.0f}")
    print(f"  plain copy of the same memory              {best['copy']:>9,.0f}")
    print(
        f"  {best['fast'] / best['usual']:.1f} times the DataLoader (goal: {GOAL}), "
        f"{best['fast'] / best['copy']:.0%} of the plain copy"
    )


if __name__ == "__main__":
    main()
