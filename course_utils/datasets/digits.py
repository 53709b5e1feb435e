"""MNIST, handwritten digits: shipped with the course, converted once and opened memory-mapped.

Source: Y. LeCun, C. Cortes: "The MNIST database of handwritten digits"; described in LeCun and
others: "Gradient-based learning applied to document recognition" (1998).
"""

import gzip
import hashlib
import json
import zlib
from pathlib import Path

import numpy as np

from ..errors import CourseError, demand
from ..images import DIGITS_CLASSES
from ..storage import cannot_write, locked, writable_folder, write_whole
from .image_dataset import OWN, SPLITS, ImageDataset, Transform, check_known
from .mapped import Array, kept

SHIPPED_DIGITS = Path(__file__).parents[2] / "data" / "digits"
AGAIN = "Get a fresh copy of the course."
LICENCE = "CC BY-SA 3.0"
ABOUT = {"source": "made", "classes": DIGITS_CLASSES, "kind": "digits"}
OWN_DIGITS = "own-digits"  # the folder of those that somebody drew
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

    split: "train" or "test"; "own" for the digits that you drew and kept in `draw()`.
    transform: applied to each image that indexing gives, as in torchvision.
    Raises `CourseError` if the shipped files are damaged, nothing can be written to the data
    folder, or no digit was kept.
    """
    check_known("load_digits", "split", split, [*SPLITS, OWN])
    if split == OWN:
        return ImageDataset(_own_folder(), OWN, transform)
    stamp = ABOUT | {"source": "official", "name": "MNIST", "licence": LICENCE}
    return ImageDataset(kept("digits", stamp, read_digits, NEEDED), split, transform)


def keep_digit(digit: Array, label: int) -> int:
    """Add a digit, uint8 `(28, 28)`, to those of `load_digits("own")`; how many these are now.

    label: what it is, 0..9. Raises `CourseError` for another label, or if it cannot be written.
    """
    demand(label in range(10), f"A digit is one of 0 to 9, not {label!r}.")
    folder = writable_folder() / OWN_DIGITS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            _append(folder / f"{OWN}-images.bin", digit.astype(np.uint8).tobytes())
            count = _append(folder / f"{OWN}-labels.bin", np.int64(label).tobytes()) // 8
            (folder / "stamp.json").write_text(json.dumps({**ABOUT, "name": "Digits"}))
    except OSError as error:
        raise cannot_write(error, folder) from None
    return count


def _append(path: Path, content: bytes) -> int:
    """Add to a file, which whoever has it open keeps as it was; its new length."""
    whole = (path.read_bytes() if path.exists() else b"") + content
    write_whole(path, whole)
    return len(whole)


def _own_folder() -> Path:
    folder = writable_folder() / OWN_DIGITS
    demand(
        (folder / "stamp.json").is_file(),
        "You have kept no digit yet: draw one in draw() and press Keep.",
    )
    return folder


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
