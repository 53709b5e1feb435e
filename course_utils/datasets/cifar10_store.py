"""Where CIFAR-10 comes from: look for it, fetch it, verify it, convert it once.

What is converted lies in the data folder as `cifar10/official`, `cifar10/standin-1` or
`cifar10/copy-…`: for each split the images, bytes `(N, 32, 32, 3)`, and the labels, and a
stamp.json that says what it is and holds the checksums. Such a folder is written under another
name and renamed when it is complete, so a process that is killed leaves nothing wrong behind.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from ..errors import CourseError
from ..images import CIFAR10_CLASSES
from ..storage import (
    cannot_write,
    download,
    file_digest,
    folders,
    locked,
    need_room,
    part_of,
    writable_folder,
)
from . import cifar10_archive as published
from . import stand_in as standin

SPLITS = ("train", "test")
NEEDED = 60_000 * (3072 + 8)  # bytes of the converted arrays
Batch = tuple[np.ndarray, np.ndarray]  # images uint8 (n, 32, 32, 3), labels int64 (n,)
Reader = Callable[[str], Iterable[Batch]]  # the batches of a split


def arrays(source: str) -> Path:
    """The folder of converted arrays for a source of `load_cifar10`, made first if need be."""
    named, _, sha256 = os.environ.get("COURSE_CIFAR10", "").strip().partition("#sha256=")
    if source == "auto" and sha256:
        return _copy(named, sha256.lower())
    if source == "standin":
        return _standin()
    return _official("" if sha256 else named, fetch=source == "official") or _standin()


def find(key: str) -> Path | None:
    """The complete arrays `key` ("official") in the first data folder that has them."""
    return next((path for f in folders() if _complete(path := f / "cifar10" / key)), None)


def _complete(folder: Path) -> bool:
    """Whether every file is there in its full length: what a copy cut short would lack."""
    try:
        sizes = json.loads((folder / "stamp.json").read_text())["sizes"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


# --- the sources ---------------------------------------------------------------------------------


def _standin() -> Path:
    def read(split: str) -> Iterator[Batch]:
        yield standin.make(split)

    stamp = {"source": "standin", "name": standin.NAME, "classes": standin.CLASSES}
    key = f"standin-{standin.VERSION}"
    return find(key) or convert(key, stamp, lambda part: read)


def _official(named: str, fetch: bool) -> Path | None:
    """The official data; None if they are not on this machine and `fetch` is False.

    named: a further place to look for them, from COURSE_CIFAR10.
    Raises `CourseError` if there is only a broken copy.
    """
    converted = find("official")
    if converted:
        return converted
    broken = None
    for place in _places(named):
        try:
            return _convert_official(place)
        except CourseError as error:
            broken = broken or error
    if fetch:
        return _convert_official(_download(published.URLS))
    if broken:
        raise broken
    return None


def _places(named: str) -> Iterator[Path]:
    """Folders and archives in which the official data may be, the likeliest first."""
    for folder in folders():
        for place in (folder / published.FOLDER, folder / published.ARCHIVE):
            if place.exists():
                yield place
    if named:
        yield _download([named]) if "://" in named else _at(named)


def _at(named: str) -> Path:
    """The folder or file that COURSE_CIFAR10 names. Raises `CourseError` if it is not there."""
    path = Path(named).expanduser()
    if not path.exists():
        raise CourseError(
            f"COURSE_CIFAR10 names {path}, which is not there. Correct the name, or unset it."
        )
    return path


def _download(urls: list[str]) -> Path:
    dest = writable_folder() / published.ARCHIVE
    return download(urls, None, published.SIZE, dest, md5=published.MD5)


def _convert_official(place: Path) -> Path:
    def open_it(part: Path) -> Reader:
        if place.is_dir():
            return _reader(place, published.DIGESTS)
        published.check_official(place)
        # Unpacked it stays, so that torchvision's own class finds it in the data folder.
        folder = writable_folder() / published.FOLDER
        published.unpack(place, folder)
        return _reader(folder, published.DIGESTS)

    stamp = {"source": "official", "name": "CIFAR-10", "classes": CIFAR10_CLASSES}
    return convert("official", stamp, open_it)


def _copy(named: str, sha256: str) -> Path:
    """Another copy of the data, which its own checksum vouches for."""
    key = f"copy-{sha256[:16]}"
    if find(key):
        return find(key)
    if "://" in named:
        place = download(named, sha256, None, writable_folder() / "cifar10" / f"{key}.tar.gz")
    else:
        place = _at(named)

    def open_it(part: Path) -> Reader:
        published.check_copy(place, sha256)
        if place.is_dir():
            return _reader(place, None)
        published.unpack(place, part / published.FOLDER)
        return _reader(part / published.FOLDER, None)

    name = f"copy of CIFAR-10 ({Path(named).name}, sha256 {sha256[:8]}…)"
    return convert(key, {"source": "copy", "name": name, "classes": CIFAR10_CLASSES}, open_it)


def _reader(folder: Path, digests: dict[str, str] | None) -> Reader:
    def read(split: str) -> Iterator[Batch]:
        for name in published.BATCHES[split]:
            yield published.read_batch(published.read_verified(folder, name, digests), name)

    return read


# --- converting ----------------------------------------------------------------------------------


def convert(key: str, stamp: dict, open_it: Callable[[Path], Reader]) -> Path:
    """Write the arrays and their stamp; one process does, the others wait and find them.

    open_it: given a folder for what is needed meanwhile, returns the reader of the batches.
    """
    folder = writable_folder() / "cifar10" / key
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            if not _complete(folder):
                _make(folder, stamp, open_it)
    except OSError as error:
        raise cannot_write(error, folder) from None
    return folder


def _make(folder: Path, stamp: dict, open_it: Callable[[Path], Reader]) -> None:
    part = part_of(folder)
    shutil.rmtree(part, ignore_errors=True)  # what a killed process left
    try:
        part.mkdir()
        need_room(part, NEEDED)
        read = open_it(part)
        stamp = stamp | {"counts": {}, "sizes": {}, "sha256": {}}
        for split in SPLITS:
            _write(part, split, read(split), stamp)
        shutil.rmtree(part / published.FOLDER, ignore_errors=True)
        (part / "stamp.json").write_text(json.dumps(stamp, indent=1))
        published.publish_folder(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(part: Path, split: str, batches: Iterable[Batch], stamp: dict) -> None:
    """Append batch after batch to the two files of a split, and enter them in the stamp."""
    names = (f"{split}-images.bin", f"{split}-labels.bin")
    digests = (hashlib.sha256(), hashlib.sha256())
    count = 0
    with (part / names[0]).open("wb") as images, (part / names[1]).open("wb") as labels:
        for batch in batches:
            for file, digest, array in zip((images, labels), digests, batch, strict=True):
                array = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
                file.write(array)
                digest.update(array)
            count += len(batch[1])
    stamp["counts"][split] = count
    for name, digest in zip(names, digests, strict=True):
        stamp["sizes"][name] = (part / name).stat().st_size
        stamp["sha256"][name] = digest.hexdigest()


def verify(folder: Path) -> None:
    """Read all the arrays and compare their checksums. Raises `CourseError` if one differs."""
    for name, sha256 in json.loads((folder / "stamp.json").read_text())["sha256"].items():
        if file_digest(folder / name) != sha256:
            raise CourseError(
                f"{folder / name} has changed on the disk. Delete the folder {folder}: it is made "
                "again when it is next needed."
            )
