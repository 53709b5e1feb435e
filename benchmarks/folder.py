"""Seconds until a folder of images is open, for the first time and again, and torchvision's way.

200 PNGs of 32 × 32, and 24 JPEGs of 12 megapixels, as phones make them: each is made 224 pixels
wide. "usual" is torchvision's ImageFolder, which decodes every image anew in every epoch. Then
the features that EfficientNet-Lite0 makes of the 200.

    python benchmarks/folder.py
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image
from torchvision import datasets, transforms

from course_utils import image_folder, load_network
from course_utils.transfer import features

GOAL = 0.2  # s to open 200 images again
SIDE = 224


def write(folder: Path, count: int, size: tuple[int, int], ending: str) -> Path:
    """Images of smooth noise in two class folders."""
    random = np.random.default_rng(0)
    for i in range(count):
        home = folder / ("cat", "dog")[i % 2]
        home.mkdir(parents=True, exist_ok=True)
        pixels = random.integers(0, 256, (size[1] // 16, size[0] // 16, 3), np.uint8)
        Image.fromarray(pixels).resize(size).save(home / f"{i:04}{ending}")
    return folder


def usual(folder: Path) -> None:
    """One epoch of torchvision's way."""
    steps = [transforms.Resize(SIDE), transforms.CenterCrop(SIDE), transforms.ToTensor()]
    for _ in datasets.ImageFolder(str(folder), transforms.Compose(steps)):
        pass


def seconds(work: Callable[..., object], *given: object) -> float:
    start = perf_counter()
    work(*given)
    return perf_counter() - start


def main() -> None:
    network = load_network("efficientnet_lite0")
    with tempfile.TemporaryDirectory() as name:
        os.environ["COURSE_DATA"] = f"{name}/data"
        small = write(Path(name, "small"), 200, (32, 32), ".png")
        large = write(Path(name, "large"), 24, (4032, 3024), ".jpg")
        print("Opening a folder, s")
        for what, folder in {"200 of 32 × 32": small, "24 of 12 megapixels": large}.items():
            first, again = (seconds(image_folder, folder, SIDE) for _ in range(2))
            each = seconds(usual, folder)
            goal = f" (goal: under {GOAL} s)" if folder == small else ""
            print(f"  {what:20} first {first:6.2f}  again {again:6.3f}{goal}  usual {each:6.2f}")
            if goal and again >= GOAL:
                sys.exit(f"The goal is missed: {again:.3f} s.")
        images = image_folder(small, SIDE).images
        print(f"Features of 200 images: {seconds(features, network, images):.1f} s")


if __name__ == "__main__":
    main()
