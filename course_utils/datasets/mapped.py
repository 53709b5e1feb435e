"""Data sets as plain arrays of bytes in the data folder, made once and opened memory-mapped.

A folder holds for each split the images, bytes `(N, H, W, C)`, the labels, int64 `(N,)`, and a
stamp.json that says what it is and holds sizes and checksums. Opening it takes milliseconds and no
memory of one's own: all processes of a machine look at the same pages. It is written under another
name and renamed when it is complete, so a process that is killed leaves nothing wrong behind.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import demand
from ..storage import (
    cannot_write,
    file_digest,
    folders,
    locked,
    need_room,
    part_of,
    writable_folder,
)
from .image_dataset import SPLITS

Array = np.ndarray[Any, Any]
Stamp = Mapping[str, Any] | Callable[[Mapping[str, str]], Mapping[str, Any]]
Reader = Callable[[str], Iterable[tuple[Array, Array]]]  # split -> parts of it: images, labels


def find(key: str) -> Path | None:
    """The complete folder `key`, as "cifar10/official", in the first data folder that has it."""
    return next((path for folder in folders() if complete(path := folder / key)), None)


def kept(key: str, stamp: Stamp, read: Callable[[str], tuple[Array, Array]], size: int) -> Path:
    """The folder `key`; if there is none, it is made of the images and labels that `read` gives.

    stamp, size, and what is raised: as for `make`.
    """
    return find(key) or make(key, stamp, lambda work: lambda split: [read(split)], size)


def make(
    key: str,
    stamp: Stamp,
    opened: Callable[[Path], Reader],
    size: int,
    splits: Iterable[str] = tuple(SPLITS),
) -> Path:
    """Write the folder `key` in the data folder; one process does, the others wait and find it.

    stamp: what stamp.json says besides; or a function that gets the sha256 of each file of the
    arrays and returns it. opened: gets a folder for files that are needed meanwhile and returns
    the reader of the splits. size: bytes of the arrays. splits: their names.
    Raises `CourseError` if the disk is full or cannot be written.
    """
    folder = writable_folder() / key
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            if not complete(folder):
                _make(folder, stamp, opened, size, splits)
    except OSError as error:
        raise cannot_write(error, folder) from None
    return folder


def verify(folder: Path) -> None:
    """Read all the arrays and compare their checksums. Raises `CourseError` if one differs."""
    for name, sha256 in json.loads((folder / "stamp.json").read_text())["sha256"].items():
        demand(
            file_digest(folder / name) == sha256,
            f"{folder / name} has changed on the disk. Delete the folder {folder}: it is made "
            "again when it is next needed.",
        )


def publish_folder(part: Path, folder: Path) -> None:
    """Give the complete folder `part` its name; its bytes are safe on the disk before that."""
    for path in part.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    shutil.rmtree(folder, ignore_errors=True)  # an incomplete one
    part.rename(folder)


def complete(folder: Path) -> bool:
    """Whether every file has its full length: a copy that was cut short is not complete."""
    try:
        sizes = json.loads((folder / "stamp.json").read_text())["sizes"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _make(
    folder: Path,
    stamp: Stamp,
    opened: Callable[[Path], Reader],
    size: int,
    splits: Iterable[str],
) -> None:
    part = part_of(folder)
    work = part.with_suffix(".work")
    shutil.rmtree(part, ignore_errors=True)  # what a killed process left
    try:
        work.mkdir(parents=True, exist_ok=True)
        part.mkdir()
        need_room(part, size)
        read = opened(work)
        for split in splits:
            _write(part, split, read(split))
        files = sorted(part.iterdir())
        sizes = {path.name: path.stat().st_size for path in files}
        digests = {path.name: file_digest(path) for path in files}
        said = stamp(digests) if callable(stamp) else stamp
        text = json.dumps({**said, "sizes": sizes, "sha256": digests}, indent=1)
        (part / "stamp.json").write_text(text)
        publish_folder(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(work, ignore_errors=True)


def _write(part: Path, split: str, batches: Iterable[tuple[Array, Array]]) -> None:
    """Append batch after batch to the two files of a split."""
    with (
        (part / f"{split}-images.bin").open("wb") as images,
        (part / f"{split}-labels.bin").open("wb") as labels,
    ):
        for pixels, numbers in batches:
            images.write(pixels.tobytes())
            labels.write(numbers.astype("<i8").tobytes())
