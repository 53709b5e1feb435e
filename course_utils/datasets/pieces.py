"""Pieces of ten photographs: a small data set that is always there. From which one is a piece?

The same bytes come out on every machine: Pillow and NumPy compute in integers here, and the
random numbers are those of NumPy's RandomState, whose stream is frozen.
"""

import numpy as np
from PIL import Image

from ..images import photograph
from .image_dataset import SPLITS, ImageDataset, Transform, check_known
from .mapped import Array, kept

PHOTOGRAPHS = (
    *("astronaut", "brick", "camera", "cat", "coffee"),
    *("coins", "grass", "gravel", "palace", "rocket"),
)
LICENCE = "public domain, CC0, CC BY, or no known restrictions: see data/photographs/README.md"
PER_CLASS = {"train": 500, "test": 100}  # images
NEEDED = 6_000 * (32 * 32 * 3 + 8)  # bytes of the arrays
SIDES = (32, 40, 48, 56, 64, 72)  # of the square that becomes a 32 × 32 image, in pixels
TEST_ROWS = (0.40, 0.65)  # test images are cut between these heights, training ones outside


def load_pieces(split: str = "train", transform: Transform = None) -> ImageDataset:
    """5,000 training or 1,000 test images of 32 × 32; the class is the name of the photograph.

    Each image is a square of one photograph, shrunk, sometimes mirrored, its contrast and
    brightness changed. No pixel of a photograph is in both splits.
    Raises `CourseError` if nothing can be written to the data folder.
    """
    check_known("load_pieces", "split", split, SPLITS)
    stamp = {"source": "made", "name": "pieces of ten photographs", "classes": PHOTOGRAPHS}
    folder = kept("pieces-1", stamp | {"licence": LICENCE}, make, NEEDED)
    return ImageDataset(folder, split, transform)


def make(split: str) -> tuple[Array, Array]:
    """Images uint8 `(N, 32, 32, 3)` and labels int64 `(N,)` of a split, in random order."""
    random = np.random.RandomState({"train": 10, "test": 11}[split])
    count = PER_CLASS[split]
    images = [relit(squares(name, split, count, random), random) for name in PHOTOGRAPHS]
    order = random.permutation(10 * count)
    return np.concatenate(images)[order], np.repeat(np.arange(10), count)[order]


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


def relit(images: Array, random: np.random.RandomState) -> Array:
    """Mirror half of `(n, 32, 32, 3)`, and change contrast and brightness of each, in place."""
    mirrored = random.randint(0, 2, len(images)) == 1
    images[mirrored] = images[mirrored][:, :, ::-1]
    contrast = random.randint(100, 320, (len(images), 1))  # in 256ths
    brightness = random.randint(-40, 41, (len(images), 1))
    tables = (np.arange(256) - 128) * contrast // 256 + (128 + brightness)
    for image, table in zip(images, tables.clip(0, 255).astype(np.uint8), strict=True):
        table.take(image, out=image, mode="clip")  # old value -> new value, of every byte
    return images
