"""Folders of images that play a student's own: digits of MNIST, or images of CIFAR-10."""

from collections.abc import Sequence
from pathlib import Path

import torch

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
    chosen = [(data.labels == k).nonzero()[:count, 0] for k, count in enumerate(counts)]
    return write_images(folder, data, torch.cat(chosen), names)


def write_images(
    folder: Path, data: ImageDataset, indices: torch.Tensor, names: Sequence[str] | None = None
) -> Path:
    """Write these images, as PNG called by their indices, into a folder for each class."""
    for i in indices.tolist():
        image, label = data[i]
        home = folder / (names or data.classes)[label]
        home.mkdir(parents=True, exist_ok=True)
        image.save(home / f"{i:05}.png")
    return folder
