"""A stand-in for CIFAR-10, made from ten photographs when there is no data and no network.

Same shapes, same layout, ten classes; but a class is one photograph, and an image of it a small
part of that photograph. Networks really learn on it; what they learn is no use elsewhere.

The same bytes come out on every machine: Pillow and NumPy compute in integers here, and the
random numbers are those of NumPy's RandomState, whose stream is frozen.
"""

import numpy as np
from PIL import Image

from ..images import photograph

NAME = "stand-in for CIFAR-10 made from ten sample photographs"
PER_CLASS = {"train": 5000, "test": 1000}  # images, as in CIFAR-10
VERSION = 2  # in the name of the folder that keeps it: another recipe is another folder
CLASSES = (  # each the name of a photograph
    *("astronaut", "brick", "camera", "cat", "coffee"),
    *("coins", "grass", "gravel", "palace", "rocket"),
)
SIDES = (32, 40, 48, 56, 64, 72)  # of the square that becomes a 32 × 32 image, in pixels
TEST_ROWS = (0.40, 0.65)  # test images are cut between these heights, training ones outside


def make(split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 `(N, 32, 32, 3)` and labels int64 `(N,)` of a split, in random order.

    Each image is a square of one photograph, shrunk, sometimes mirrored, its contrast and
    brightness changed. No pixel of a photograph is in both splits.
    """
    per_class = PER_CLASS[split]
    random = np.random.RandomState({"train": 10, "test": 11}[split])
    order = random.permutation(10 * per_class)
    images = np.empty((10 * per_class, 32, 32, 3), np.uint8)
    labels = np.repeat(np.arange(10), per_class)
    for label, name in enumerate(CLASSES):
        where = order[label * per_class : (label + 1) * per_class]
        images[where] = _relight(_squares(_bands(name, split), per_class, random), random)
        labels[where] = label
    return images, labels


def _bands(name: str, split: str) -> list[Image.Image]:
    """The parts of a photograph that a split may use: bands of it, as wide as it is."""
    photograph = _photograph(name)
    width, height = photograph.size
    top, bottom = (int(height * part) for part in TEST_ROWS)
    rows = [(top, bottom)] if split == "test" else [(0, top), (bottom, height)]
    return [photograph.crop((0, first, width, last)) for first, last in rows]


def _photograph(name: str) -> Image.Image:
    return Image.open(photograph(name)).convert("RGB")


def _squares(bands: list[Image.Image], number: int, random: np.random.RandomState) -> np.ndarray:
    """`number` squares of every size in SIDES from the bands, each as 32 × 32: `(n, 32, 32, 3)`."""
    sources = [(band, side) for side in SIDES for band in bands]
    found = []
    for count, (band, side) in zip(_shares(number, len(sources)), sources, strict=True):
        size = (band.width * 32 // side, band.height * 32 // side)
        small = np.asarray(band.resize(size, Image.Resampling.BOX))
        windows = np.lib.stride_tricks.sliding_window_view(small, (32, 32), axis=(0, 1))
        y = random.randint(0, windows.shape[0], count)
        x = random.randint(0, windows.shape[1], count)
        found.append(windows[y, x].transpose(0, 2, 3, 1))
    return np.concatenate(found)


def _shares(number: int, parts: int) -> list[int]:
    """`number` divided among `parts`, as evenly as whole numbers allow."""
    return [(number * (i + 1)) // parts - (number * i) // parts for i in range(parts)]


def _relight(images: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """Mirror half of `(n, 32, 32, 3)`, and change contrast and brightness of each, in place."""
    mirrored = random.randint(0, 2, len(images)) == 1
    images[mirrored] = images[mirrored][:, :, ::-1]
    contrast = random.randint(100, 320, (len(images), 1))  # in 256ths
    brightness = random.randint(-40, 41, (len(images), 1))
    tables = (np.arange(256) - 128) * contrast // 256 + (128 + brightness)
    for image, table in zip(images, tables.clip(0, 255).astype(np.uint8), strict=True):
        table.take(image, out=image, mode="clip")  # old value -> new value, of every byte
    return images
