"""Where files are kept, and a download that goes well; what goes wrong: test_download_faults.py."""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from course_utils import CourseError
from course_utils.storage import (
    can_write,
    data_folder,
    download,
    file_digest,
    files,
    folders,
    megabytes,
    offline,
    part_of,
    publish,
    writable_folder,
)
from tests.helpers.server import CONTENT, host

SHA256 = hashlib.sha256(CONTENT).hexdigest()
MD5 = hashlib.md5(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def own(monkeypatch, tmp_path) -> Path:
    """The user's own cache, empty."""
    monkeypatch.setattr(files, "own_cache", lambda: tmp_path / "own")
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.delenv("COURSE_OFFLINE", raising=False)
    return tmp_path / "own"


@pytest.fixture
def read_only():
    """A folder with weights/file in it that nobody can write to; root has to become somebody."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "weights").mkdir()
        (folder / "weights" / "file").write_text("shared")
        folder.chmod(0o555)
        root = os.name == "posix" and os.geteuid() == 0
        if root:
            os.seteuid(65534)
        yield folder
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


# --- folders -------------------------------------------------------------------------------------


def test_without_course_data_everything_is_in_a_per_user_cache(own):
    assert data_folder() == writable_folder() == own
    assert folders() == [own]


def test_the_cache_is_named_after_the_course():
    program = "from course_utils.storage import data_folder; print(data_folder())"
    environment = {k: v for k, v in os.environ.items() if k != "COURSE_DATA"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True)
    assert b"cnn-course" in done.stdout


def test_course_data_names_the_folder_and_it_is_made(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "a" / "b"))
    assert data_folder() == writable_folder() == tmp_path / "a" / "b"
    assert data_folder().is_dir()


def test_course_data_may_start_at_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("COURSE_DATA", "~/course")
    assert data_folder() == tmp_path / "course"


def test_a_writable_course_data_is_the_only_place(monkeypatch, tmp_path, own):
    """What else is on this machine changes nothing: lessons give the same text everywhere."""
    own.mkdir()
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    assert folders() == [tmp_path / "data"]


def test_a_read_only_shared_folder_works_and_what_is_missing_goes_to_the_own_cache(
    monkeypatch, read_only
):
    monkeypatch.setenv("COURSE_DATA", str(read_only))
    with tempfile.TemporaryDirectory() as name:
        own = Path(name) / "own"
        monkeypatch.setattr(files, "own_cache", lambda: own)
        assert folders() == [read_only, own]
        assert writable_folder() == own


def test_no_folder_to_write_to_is_said(monkeypatch, read_only):
    monkeypatch.setattr(files, "own_cache", lambda: read_only / "own")
    assert not can_write(read_only)
    with pytest.raises(CourseError, match=r"cannot be written to\. Set COURSE_DATA"):
        writable_folder()


def test_course_data_that_cannot_be_a_folder_is_said(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file"))
    with pytest.raises(CourseError, match=r"COURSE_DATA names the folder .*file, which cannot"):
        data_folder()


@pytest.mark.parametrize(("value", "means"), [("1", True), ("0", False), ("", False)])
def test_course_offline(monkeypatch, value, means):
    monkeypatch.setenv("COURSE_OFFLINE", value)
    assert offline() is means


# --- files ---------------------------------------------------------------------------------------


def test_publish_replaces_a_file_and_who_has_the_old_one_open_keeps_it(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    part_of(path).write_text("new")
    with path.open() as reader:
        assert publish(path) == path
        assert reader.read() == "old"
    assert path.read_text() == "new"
    assert not part_of(path).exists()


def test_file_digest(tmp_path):
    (tmp_path / "file").write_bytes(CONTENT)
    assert file_digest(tmp_path / "file") == SHA256
    assert file_digest(tmp_path / "file", "md5") == MD5


def test_megabytes():
    sizes = [68_000_000_000, 2_435_000_000, 170_498_071, 1_000_000, 999, 0]
    said = ["68 GB", "2435 MB", "170 MB", "1 MB", "1 kB", "0 kB"]
    assert [megabytes(size) for size in sizes] == said


# --- a download that goes well -------------------------------------------------------------------


def test_download_gives_the_file_and_asks_once(tmp_path):
    dest = tmp_path / "a" / "file"
    with host() as server:
        for _ in range(2):
            assert download(server.url("good"), SHA256, len(CONTENT), dest) == dest
        assert server.requests == {"good": 1}
    assert dest.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("sha256", "md5"),
    [(SHA256[:8], None), (SHA256.upper(), None), (None, MD5), (SHA256, MD5)],
    ids=["first digits", "capitals", "md5", "both"],
)
def test_any_checksum_will_do(sha256, md5, tmp_path):
    with host() as server:
        download(server.url("good"), sha256, None, str(tmp_path / "file"), md5=md5)


@pytest.mark.parametrize("sha256", [None, "", SHA256[:7]])
def test_no_download_without_a_checksum(sha256, tmp_path):
    with pytest.raises(ValueError, match="checksum"):
        download("https://mirror.example/file", sha256, None, tmp_path / "file")


def test_both_checksums_count(tmp_path):
    with host() as server, pytest.raises(CourseError, match="md5"):
        download(server.url("good"), SHA256, None, tmp_path / "file", md5="0" * 32)


def test_the_bar_shows_size_speed_and_the_file(tmp_path, capsys):
    with host() as server:
        download(server.url("good"), SHA256, None, tmp_path / "file")
    shown = capsys.readouterr().err
    assert "file" in shown
    assert "200k/200k" in shown
    assert "B/s" in shown


def test_offline_a_file_that_is_here_is_used(monkeypatch, tmp_path):
    (tmp_path / "file").write_bytes(CONTENT)
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert download("https://mirror.example/x", SHA256, None, tmp_path / "file").exists()


def test_importing_the_package_brings_no_network_library():
    program = (
        "import sys, course_utils.networks; print({'httpx', 'torchvision'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "set()\n"
