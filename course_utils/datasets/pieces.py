"""Squares cut out of ten photographs, training and test images from different parts of them.

They are the backgrounds of the stand-in for CIFAR-10. The same bytes come out on every machine:
Pillow and NumPy compute in integers here, and the random numbers are those of NumPy's RandomState,
whose stream is frozen.
"""

import numpy as np
from PIL import Image

from ..images import photograph
from .mapped import Array

PHOTOGRAPHS = (
    *("astronaut", "brick", "camera", "cat", "coffee"),
    *("coins", "grass", "gravel", "palace", "rocket"),
)
SIDES = (32, 40, 48, 56, 64, 72)  # of the square that becomes a 32 × 32 image, in pixels
TEST_ROWS = (0.40, 0.65)  # test images are cut between these heights, training ones outside


def squares(name: str, split: str, number: int, random: np.random.RandomState) -> Array:
    """`number` squares of a photograph, as many of each size in SIDES: uint8 `(n, 32, 32, 3)`."""
    parts = bands(name, split)
    sources = [(band, side) for side in SIDES for band in parts]
    found = []
    for i, (band, side) in enumerate(sources):
        count = number * (i + 1) // len(sources) - number * i // len(sources)
        size = (band.width * 32 // side, band.height * 32 // side)
        small = np.asarray(band.resize(size, Image.Resampling.BOX))
        windows = np.lib.stride_tricks.sliding_window_view(small, (32, 32), axis=(0, 1))
        y = random.randint(0, windows.shape[0], count)
        x = random.randint(0, windows.shape[1], count)
        found.append(windows[y, x].transpose(0, 2, 3, 1))
    return np.concatenate(found)


def bands(name: str, split: str) -> list[Image.Image]:
    """The parts of a photograph that a split may use: bands of it, as wide as it is."""
    whole = Image.open(photograph(name)).convert("RGB")
    width, height = whole.size
    top, bottom = (int(height * part) for part in TEST_ROWS)
    rows = [(top, bottom)] if split == "test" else [(0, top), (bottom, height)]
    return [whole.crop((0, first, width, last)) for first, last in rows]
