"""A stand-in for CIFAR-10: handwritten digits in colour on pieces of photographs.

It is made from the digits and the ten photographs of the course, for machines without the real data
and without a network. Same shapes, same layout, ten classes, "0" to "9". Training images show
training digits of MNIST, test images its test digits. Networks really learn on it; what they learn
is how to read digits.

The same bytes come out on every machine: Pillow and NumPy compute in integers here, and the
random numbers are those of NumPy's RandomState, whose stream is frozen.
"""

import numpy as np
from PIL import Image

from ..images import DIGITS_CLASSES
from .digits import read_digits
from .mapped import Array
from .pieces import PHOTOGRAPHS, squares

CLASSES = DIGITS_CLASSES
NAME = "stand-in for CIFAR-10: coloured digits on pieces of photographs"
LICENCE = "digits CC BY-SA 3.0; photographs: see data/photographs/README.md"
PER_CLASS = {"train": 5000, "test": 1000}  # images, as in CIFAR-10
VERSION = 3  # in the name of the folder that keeps it: another recipe is another folder
SIDES = (22, 25, 28, 32, 36)  # of a digit's image, which is 28 pixels wide in MNIST
BLOCKS = 100  # of images that are made at once
COLOURS = 8  # of so many the one is taken that differs most from the background


def make(split: str) -> tuple[Array, Array]:
    """Images uint8 `(N, 32, 32, 3)` and labels int64 `(N,)` of a split, in random order.

    No pixel of a photograph is in both splits, and no digit. Of some classes MNIST has fewer test
    digits than CIFAR-10 has test images: there some digits come twice, in other colours.
    """
    random = np.random.RandomState({"train": 10, "test": 11}[split])
    count = 10 * PER_CLASS[split]
    images = np.empty((count, 32, 32, 3), np.uint8)
    for where, name in zip(np.split(random.permutation(count), 10), PHOTOGRAPHS, strict=True):
        images[where] = squares(name, split, len(where), random)
    digits, labels = _digits(split, random)
    for i, where in enumerate(np.array_split(random.permutation(count), min(BLOCKS, count))):
        shapes = _placed(digits[where], SIDES[i % len(SIDES)], random)
        images[where] = _painted(images[where], shapes, random)
    return images, labels


def _digits(split: str, random: np.random.RandomState) -> tuple[Array, Array]:
    """Digits `(N, 28, 28)` and labels int64 `(N,)`: as many of each class, in random order."""
    images, labels = read_digits(split)
    found = [np.resize(np.flatnonzero(labels == label), PER_CLASS[split]) for label in range(10)]
    chosen = random.permutation(np.concatenate(found))
    return images[chosen, :, :, 0], labels[chosen].astype(np.int64)


def _placed(digits: Array, side: int, random: np.random.RandomState) -> Array:
    """Digits `(n, 28, 28)`, scaled to `side`, each somewhere in 32 × 32: `(n, 32, 32)`.

    They are scaled in one piece, one below the other: the black around them keeps them apart.
    """
    count = len(digits)
    column = Image.fromarray(digits.reshape(-1, 28))
    column = column.resize((side, side * count), Image.Resampling.BILINEAR)
    scaled = np.asarray(column).reshape(count, side, side)
    border = max(0, 32 - side)
    scaled = np.pad(scaled, ((0, 0), (border, border), (border, border)))
    windows = np.lib.stride_tricks.sliding_window_view(scaled, (32, 32), axis=(1, 2))
    y, x = random.randint(0, windows.shape[1], (2, count))
    placed: Array = windows[np.arange(count), y, x]
    return placed


def _painted(images: Array, shapes: Array, random: np.random.RandomState) -> Array:
    """Images `(n, 32, 32, 3)`, paler, with the shapes `(n, 32, 32)` in a colour that is seen."""
    mean = images[:, ::4, ::4].mean(axis=(1, 2)).astype(np.int16)  # of every fourth pixel
    colours = random.randint(0, 256, (len(images), COLOURS, 3)).astype(np.int16)
    best = np.abs(colours - mean[:, None]).sum(axis=2).argmax(axis=1)
    # Rows of 32 × 3 numbers, and products of at most 255 × 128, which 16 bits hold: that is fast.
    colour, mean = (
        np.tile(each, 32)[:, None] for each in (colours[np.arange(len(best)), best], mean)
    )
    values = mean + ((images.reshape(-1, 32, 96) - mean) * 5 >> 3)
    shares = np.repeat((shapes.astype(np.int16) + 1) >> 1, 3, axis=2)  # 0..128
    painted: Array = values + ((colour - values) * shares >> 7)
    return painted.astype(np.uint8).reshape(images.shape)
