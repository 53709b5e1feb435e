"""Labelled images: CIFAR-10, its stand-in, and batches of them.

Out: images uint8 `(N, C, H, W)`, labels int64 `(N,)`, class names. Lessons 6 to 8.
"""

from .batches import PADDING, Batches, augment, cutout, draw, middle, one_thread, scale_and_shift
from .cifar10 import SPLITS, Cifar10, arrays, load_cifar10
from .labelled import Batch, LabelledImages
from .mapped import find, verify

__all__ = [
    "PADDING",
    "SPLITS",
    "Batch",
    "Batches",
    "Cifar10",
    "LabelledImages",
    "arrays",
    "augment",
    "cutout",
    "draw",
    "find",
    "load_cifar10",
    "middle",
    "one_thread",
    "scale_and_shift",
    "verify",
]
