"""Builds small archives in the layout of CIFAR-10's, good and bad ones."""

import gzip
import hashlib
import io
import pickle
import struct
import tarfile
from pathlib import Path

import numpy as np
from torchvision.datasets import CIFAR10 as TorchvisionCifar10

from course_utils.datasets import cifar10, stand_in
from course_utils.images import CIFAR10_CLASSES

NAMES = (*cifar10.BATCHES["train"], *cifar10.BATCHES["test"])
COUNT = 20  # images in a batch


def pixels(name: str, count: int = COUNT) -> np.ndarray:
    """The rows of 3072 bytes that a batch of that name holds."""
    seed = NAMES.index(name)
    return np.random.RandomState(seed).randint(0, 256, (count, 3072)).astype(np.uint8)


def labels(name: str, count: int = COUNT) -> list[int]:
    return [(i * 7 + NAMES.index(name)) % 10 for i in range(count)]


def batch(name: str = "data_batch_1", **changes: object) -> bytes:
    """A batch, pickled by Python 3."""
    content = {"batch_label": name, "labels": labels(name), "data": pixels(name)}
    return pickle.dumps(content | {"filenames": ["a.png"] * COUNT} | changes, protocol=2)


def python2_batch(name: str = "data_batch_1") -> bytes:
    """The same, as Python 2 pickled the official one: texts are bytes, and so are the pixels."""

    def text(value: bytes) -> bytes:
        return b"U" + bytes([len(value)]) + value

    data = pixels(name).tobytes()
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + text(b"b") + b"\x87R"
        b"(K\x01K" + bytes([COUNT]) + b"M\x00\x0c\x86"
        b"cnumpy\ndtype\n" + text(b"u1") + b"K\x00K\x01\x87R"
        b"(K\x03" + text(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        b"\x89T" + struct.pack("<i", len(data)) + data + b"tb"
    )
    numbers = b"](" + b"".join(b"K" + bytes([label]) for label in labels(name)) + b"e"
    return b"\x80\x02}(" + text(b"data") + array + text(b"labels") + numbers + b"u."


def files() -> dict[str, bytes]:
    """All files of a small data set."""
    meta = pickle.dumps({"label_names": list(CIFAR10_CLASSES)}, protocol=2)
    return {name: batch(name) for name in NAMES} | {"batches.meta": meta}


def tar(members: dict[str, bytes | tarfile.TarInfo]) -> bytes:
    """A .tar.gz; a member given as TarInfo has no content."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
            else:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return gzip.compress(raw.getvalue(), 1, mtime=0)


def archive(**changes: bytes | None) -> bytes:
    """The archive of the small data set; None leaves a file out."""
    content = {name: data for name, data in (files() | changes).items() if data is not None}
    shuffled = sorted(content, key=lambda name: hashlib.md5(name.encode()).digest())
    return tar({f"{cifar10.FOLDER}/{name}": content[name] for name in shuffled})


def whole_archive(arrays: Path) -> bytes:
    """All of CIFAR-10 in the layout of the official archive, from a folder of its arrays."""
    members = {}
    for split, names in cifar10.BATCHES.items():
        images = np.fromfile(arrays / f"{split}-images.bin", np.uint8).reshape(-1, 32, 32, 3)
        rows = images.transpose(0, 3, 1, 2).reshape(-1, 3072)
        numbers = np.fromfile(arrays / f"{split}-labels.bin", "<i8").tolist()
        for i, name in enumerate(names):
            part = slice(10_000 * i, 10_000 * (i + 1))
            content = {"labels": numbers[part], "data": rows[part]}
            members[f"{cifar10.FOLDER}/{name}"] = pickle.dumps(content, protocol=2)
    meta = pickle.dumps({"label_names": list(CIFAR10_CLASSES)}, protocol=2)
    return tar(members | {f"{cifar10.FOLDER}/batches.meta": meta})


def digests_of(contents: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.md5(content).hexdigest() for name, content in contents.items()}


def write_folder(folder: Path, contents: dict[str, bytes] | None = None) -> Path:
    """The unpacked files, in `folder`/cifar-10-batches-py."""
    place = folder / cifar10.FOLDER
    place.mkdir(parents=True)
    for name, content in (contents or files()).items():
        (place / name).write_bytes(content)
    return place


def declare_official(monkeypatch, content: bytes | None = None) -> None:
    """Let the small archive (or `content`) and its files be the official ones in this test."""
    content = archive() if content is None else content
    monkeypatch.setattr(cifar10, "SIZE", len(content))
    monkeypatch.setattr(cifar10, "MD5", hashlib.md5(content).hexdigest())
    monkeypatch.setattr(cifar10, "DIGESTS", digests_of({name: batch(name) for name in NAMES}))


def empty_data_folder(monkeypatch, tmp_path: Path) -> Path:
    """An empty data folder, an empty cache, no host of CIFAR-10, and a small stand-in."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("course_utils.storage.files.own_cache", lambda: tmp_path / "own")
    monkeypatch.setattr(stand_in, "PER_CLASS", {"train": 10, "test": 5})
    monkeypatch.setattr(cifar10, "NEEDED", 0)
    monkeypatch.setattr(cifar10, "URLS", ["http://127.0.0.1:1/file"])  # nobody listens
    for name in ("COURSE_CIFAR10", "COURSE_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "data"


def is_small_set(train: cifar10.ImageDataset) -> bool:
    """Whether this is the training split of the small data set, in torchvision's order."""
    rows = np.concatenate([pixels(name) for name in cifar10.BATCHES["train"]])
    answers = [label for name in cifar10.BATCHES["train"] for label in labels(name)]
    same = np.array_equal(train.images.reshape(-1, 3072).numpy(), rows)
    return same and train.labels.tolist() == answers


def torchvision_class() -> type:
    """torchvision's class, but for the checksums, which are those of this test."""
    digests = cifar10.DIGESTS

    class Theirs(TorchvisionCifar10):
        train_list = [[name, digests[name]] for name in cifar10.BATCHES["train"]]  # noqa: RUF012
        test_list = [[name, digests[name]] for name in cifar10.BATCHES["test"]]  # noqa: RUF012
        meta = TorchvisionCifar10.meta | {"md5": None}

    return Theirs
