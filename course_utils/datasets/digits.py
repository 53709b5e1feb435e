"""MNIST, handwritten digits: shipped with the course, converted once and opened memory-mapped.

Source: Y. LeCun, C. Cortes: "The MNIST database of handwritten digits"; described in LeCun and
others: "Gradient-based learning applied to document recognition" (1998).
"""

import gzip
import hashlib
import zlib
from pathlib import Path

import numpy as np

from ..errors import CourseError, demand
from ..images import DIGITS_CLASSES
from .image_dataset import SPLITS, ImageDataset, Transform, check_known
from .mapped import Array, kept

SHIPPED_DIGITS = Path(__file__).parents[2] / "data" / "digits"
AGAIN = "Get a fresh copy of the course."
LICENCE = "CC BY-SA 3.0"
NEEDED = 70_000 * (28 * 28 + 8)  # bytes of the converted arrays
FILES = {  # for each split its images and labels
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
DIGESTS = {  # md5 of each file, uncompressed
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


def load_digits(split: str = "train", transform: Transform = None) -> ImageDataset:
    """The 60,000 training or the 10,000 test digits of MNIST: white on black, 28 × 28, one channel.

    split: "train" or "test". transform: applied to each image that indexing gives, as in
    torchvision. Raises `CourseError` if the shipped files are damaged, or nothing can be written
    to the data folder.
    """
    check_known("load_digits", "split", split, SPLITS)
    stamp = {"source": "official", "name": "MNIST", "classes": DIGITS_CLASSES}
    about = {"kind": "digits", "licence": LICENCE}
    return ImageDataset(kept("digits", stamp | about, read_digits, NEEDED), split, transform)


def read_digits(split: str) -> tuple[Array, Array]:
    """Images uint8 `(N, 28, 28, 1)` and labels uint8 `(N,)`, from the files that are shipped.

    Raises `CourseError` if a file is missing or damaged.
    """
    images, labels = (np.frombuffer(_content(name), np.uint8) for name in FILES[split])
    # Before the values come headers: four numbers of 4 bytes for images, two for labels.
    return images[16:].reshape(-1, 28, 28, 1), labels[8:]


def _content(name: str) -> bytes:
    """A file of `SHIPPED_DIGITS`, uncompressed and verified."""
    path = SHIPPED_DIGITS / f"{name}.gz"
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise CourseError(f"{path} cannot be read ({error}). {AGAIN}") from None
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    demand(md5 == DIGESTS[name], f"{path} is not the file of MNIST: its md5 is wrong. {AGAIN}")
    return content
