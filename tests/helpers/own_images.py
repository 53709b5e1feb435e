"""Folders of images that play a student's own: digits of MNIST, or images of CIFAR-10."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from course_utils.datasets import ImageDataset, load_digits


def write_folder(
    folder: Path,
    data: ImageDataset | None = None,
    counts: Sequence[int] = (20,) * 10,
    names: Sequence[str] | None = None,
) -> Path:
    """Write the first images of each class of `data` (digits) into class folders, as PNG.

    counts: images of each class; no more classes than counts. names: of the class folders.
    """
    data = data or load_digits("test")
    for label, count in enumerate(counts):
        home = folder / (names or data.classes)[label]
        home.mkdir(parents=True)
        for i in (data.labels == label).nonzero()[:count, 0].tolist():
            image: Image.Image = data[i][0]
            image.save(home / f"{i:05}.png")
    return folder
