"""Broken and hostile archives of CIFAR-10: one line each with what must happen.

Each comes with the right checksum, as if the teacher had been deceived: nothing in it runs, nothing
lands outside the data folder, whatever it holds.
"""

import hashlib
import io
import os
import pickle
import re
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from course_utils import CourseError, load_cifar10
from course_utils.datasets import cifar10
from tests.helpers.archives import COUNT, archive, files, labels, tar
from tests.helpers.server import PAGE
from tests.helpers.weights import Trap

WORKS = None
UNREADABLE = r"no archive that can be read .*Copy or download it again"
IN = f"{cifar10.FOLDER}/"


def special(name: str, kind: bytes, target: str = "", size: int = 0) -> tarfile.TarInfo:
    """A member that is no file: a link to `target`, a device, a pipe."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, target, size
    return info


def with_members(first: dict, without: str = "") -> bytes:
    """A good archive with some members before all others."""
    return tar(first | {IN + name: data for name, data in files().items() if name != without})


def instead(name: str, kind: bytes, target: str = "") -> bytes:
    return with_members({IN + name: special(IN + name, kind, target)}, without=name)


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as members:
        for name, data in files().items():
            members.writestr(IN + name, data)
    return file.getvalue()


@dataclass
class Case:
    what: str
    content: Callable[[], bytes]
    message: str | None


CASES = [
    Case("all is well", archive, WORKS),
    # broken
    Case("empty", bytes, UNREADABLE),
    Case("cut off", lambda: archive()[:-2000], UNREADABLE),
    Case("a flipped bit", lambda: flipped(archive(), 5000), "no batch|no archive"),
    Case("a web page", lambda: PAGE, UNREADABLE),
    Case("a zip archive", zipped, UNREADABLE),
    Case("an archive of something else", lambda: tar({"hello": b"world"}), "no CIFAR-10"),
    Case("a batch is missing", lambda: archive(data_batch_4=None), "data_batch_4 is missing"),
    # leads out of its folder
    Case("a name with ..", lambda: with_members({"../../trap": b"x"}), UNREADABLE),
    Case("an absolute name", lambda: with_members({f"{os.getcwd()}/trap": b"x"}), WORKS),
    Case(
        "a link to a file", lambda: instead("data_batch_1", tarfile.SYMTYPE, __file__), UNREADABLE
    ),
    Case("a hard link", lambda: instead("data_batch_1", tarfile.LNKTYPE, __file__), UNREADABLE),
    Case("a pipe", lambda: instead("data_batch_1", tarfile.FIFOTYPE), UNREADABLE),
    # runs code; more bad batches are in test_batches.py
    Case("a pickle with code", lambda: archive(data_batch_2=pickle.dumps(Trap(), 2)), "to call"),
]


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.fixture
def named(monkeypatch, tmp_path) -> Callable[[bytes], Path]:
    """Puts an archive on a memory stick, and COURSE_CIFAR10 names it with its checksum."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))

    def put(content: bytes) -> Path:
        path = tmp_path / "stick.tar.gz"
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        monkeypatch.setenv("COURSE_CIFAR10", f"{path}#sha256={digest}")
        return path

    return put


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_fault(case, named, tmp_path):
    path = named(case.content())
    if case.message is WORKS:
        data = load_cifar10("train")
        assert data.labels[:COUNT].tolist() == labels("data_batch_1")
        assert data.source == "copy"
    else:
        with pytest.raises(CourseError, match=case.message) as error:
            load_cifar10("train")
        assert path.name in str(error.value) or "batch" in str(error.value)
        kept = {p.name for p in (tmp_path / "data").rglob("*") if p.is_file()}
        assert all(name.endswith(".lock") for name in kept)
    assert not list(Path().iterdir()), "something ran, or landed outside"
    assert {p.name for p in tmp_path.iterdir()} == {"work", "data", "stick.tar.gz"}


def test_a_folder_without_cifar10_is_not_to_be_deleted(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course"))
    monkeypatch.setenv("COURSE_CIFAR10", str(tmp_path))
    with pytest.raises(CourseError, match=f"{tmp_path}, in which there is no CIFAR-10") as error:
        load_cifar10()
    assert "elete" not in str(error.value)


def test_torchvisions_root_is_taken_and_a_copy_is_told_to_name_its_sha256_first(
    monkeypatch, tmp_path
):
    """`root` of torchvision's own class holds the folder of batches."""
    batches = tmp_path / cifar10.FOLDER
    batches.mkdir()
    for name, content in files().items():
        (batches / name).write_bytes(content)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course"))
    monkeypatch.setenv("COURSE_CIFAR10", str(tmp_path))
    with pytest.raises(CourseError, match=f"{batches / 'data_batch_1'} is not the") as error:
        load_cifar10()
    assert re.search("another copy .* sha256 .* If not, move it away", str(error.value))
