"""Labelled images: digits (MNIST), CIFAR-10, its stand-in, a folder of your own; their batches.

Out: images uint8 `(N, C, H, W)`, labels int64 `(N,)`, class names. Lessons 2 and 6 to 8.
"""

from collections.abc import Callable

from .augmentation import Augmentation
from .batches import Batches, cutout, middle, one_thread, scale_and_shift
from .cifar10 import arrays, load_cifar10
from .digits import keep_digit, load_digits
from .image_dataset import SPLITS, ImageDataset
from .image_folder import class_files, image_folder
from .labelled import Batch, LabelledImages
from .mapped import find, verify

LOADERS: dict[str, Callable[[str], ImageDataset]] = {  # by the names that networks give them
    "digits": load_digits,
    "cifar10": load_cifar10,
}

__all__ = [
    "LOADERS",
    "SPLITS",
    "Augmentation",
    "Batch",
    "Batches",
    "ImageDataset",
    "LabelledImages",
    "arrays",
    "class_files",
    "cutout",
    "find",
    "image_folder",
    "keep_digit",
    "load_cifar10",
    "load_digits",
    "middle",
    "one_thread",
    "scale_and_shift",
    "verify",
]
