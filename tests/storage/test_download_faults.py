"""Bad and interrupted downloads: one line each, with what must happen.

After each: no half-written file under the final name; nothing kept that is known to be wrong; the
message names the file and what to do. Processes that are killed: tests/slow/test_downloads.py.
"""

import errno
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

import httpx
import pytest

from course_utils import CourseError
from course_utils.storage import download, downloads, files, locked, part_of
from tests.helpers.server import CONTENT, SHA256, SIZE, host, nothing_wrong_kept

WORKS = None
HALF = CONTENT[: SIZE // 2]


@dataclass
class Case:
    """faults: one a mirror. message: what the error must say; WORKS: the file must arrive.

    part: what an earlier try left. size: whether the file's size is known beforehand.
    requests: how many the host must get, if that matters.
    """

    what: str
    faults: str
    message: str | None
    part: bytes = b""
    size: bool = True
    requests: int | None = None


CASES = [
    Case("all is well", "good", WORKS, requests=1),
    Case("all is well, size unknown", "good", WORKS, size=False),
    Case("no length, size unknown", "no_length", WORKS, size=False),
    # interrupted
    Case("cut off once", "cut_once", WORKS, requests=2),
    Case("cut off once, size unknown", "cut_once", WORKS, size=False, requests=2),
    Case("cut off at every quarter", "cut_often", WORKS, requests=4),
    Case("cut off before the first byte, always", "cut_at_once", "broke, in 5 tries", requests=5),
    Case("cut off, and the server knows no Range", "no_range", WORKS, requests=2),
    Case("cut off without a length", "no_length_cut", "wrong bytes|broke", size=False),
    Case("cut off, second mirror goes on", "cut_at_once no_range good", WORKS),
    Case("cut off, second mirror has the rest", "stall good", WORKS),
    Case("stalls in the middle", "stall", "does not answer"),
    Case("takes the request and is silent", "mute", "does not answer"),
    Case("nobody listens", "http://127.0.0.1:1/file", "no connection"),
    Case("garbled chunks", "broken_chunk", "connection broke"),
    Case("not even HTTP", "no_http", "connection broke"),
    Case("busy twice, then well", "busy", WORKS, requests=3),
    Case("error 500", "error_500", "HTTP 500, in 5 tries", requests=5),
    Case("too many requests", "error_429 good", WORKS, requests=6),
    # refused
    Case("not found: no second try", "error_404", "HTTP 404", requests=1),
    Case("forbidden: no second try", "error_403", "HTTP 403", requests=1),
    Case("moved", "moved", WORKS),
    Case("a sign-in page", "portal", "web page instead of the file.*sign in", requests=1),
    Case("a sign-in page that says it is none", "disguised_portal", "web page|instead", requests=1),
    Case("the same, size unknown", "disguised_portal", "web page", size=False, requests=1),
    Case("redirect to a sign-in page", "to_sign_in", "web page"),
    Case("a sign-in page, second mirror is well", "portal good", WORKS),
    # wrong bytes
    Case("wrong bytes", "wrong", "wrong bytes", requests=1),
    Case("one flipped bit", "flipped_bit", "wrong bytes"),
    Case("wrong bytes, second mirror is well", "wrong good", WORKS),
    Case("empty", "empty", "0 bytes instead of"),
    Case("empty, size unknown", "empty", "wrong bytes", size=False),
    Case("too long", "too_long", "bytes instead of"),
    Case("endless", "endless", "bytes instead of"),
    Case("compressed on the way", "zipped", "bytes instead of"),
    Case("the second half is of another version", "other_bytes_at_the_end", WORKS),
    # what an earlier try left
    Case("half is here", "good", WORKS, part=HALF, requests=1),
    Case("all is here, only not checked", "good", WORKS, part=CONTENT, requests=0),
    Case("all is here, size unknown", "good", WORKS, part=CONTENT, size=False, requests=1),
    Case("what is here is wrong", "good", WORKS, part=bytes(1000), requests=2),
    Case("what is here is too long", "good", WORKS, part=CONTENT + b"x", requests=1),
    Case("what is here is too long, size unknown", "good", WORKS, part=CONTENT * 2, size=False),
    Case("half is here, but the server knows no Range", "busy no_range", WORKS, part=HALF),
]

WAIT_FOR_SILENCE = {"stall", "mute"}


@pytest.fixture(autouse=True)
def hurry(monkeypatch, tmp_path):
    """The waits are counted, not slept through; each test has its own empty folder."""
    monkeypatch.setattr(downloads, "WAITS", (0.001,) * 4)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("COURSE_OFFLINE", raising=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_fault(case, tmp_path, monkeypatch):
    dest = tmp_path / "weights" / "file.bin"
    faults = case.faults.split()
    if WAIT_FOR_SILENCE & set(faults):
        monkeypatch.setattr(downloads, "SILENCE", 0.3)
        monkeypatch.setattr(downloads, "WAITS", ())
    if case.part:
        dest.parent.mkdir()
        part_of(dest).write_bytes(case.part)
    with host() as server:
        urls = [server.url(name) for name in faults]
        if case.message is WORKS:
            assert download(urls, SHA256, SIZE if case.size else None, dest) == dest
            assert dest.read_bytes() == CONTENT
            assert not part_of(dest).exists()
        else:
            with pytest.raises(CourseError, match=case.message) as error:
                download(urls, SHA256, SIZE if case.size else None, dest)
            assert "file.bin" in str(error.value)
            assert "try again" in str(error.value)
            assert nothing_wrong_kept(dest)
        if case.requests is not None:
            assert sum(server.requests.values()) == case.requests


def test_a_resumed_download_asks_for_the_rest_only(tmp_path):
    with host() as server:
        download(server.url("cut_once"), SHA256, SIZE, tmp_path / "file")
        assert server.log == [("cut_once", None), ("cut_once", f"bytes={SIZE // 2}-")]


def test_the_disk_is_too_full_before_the_download(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with host() as server, pytest.raises(CourseError, match=r"too full for file\.bin: 1 kB"):
        download(server.url("good"), SHA256, SIZE, tmp_path / "file.bin")
    assert nothing_wrong_kept(tmp_path / "file.bin")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_the_disk_fails_in_the_middle_and_the_next_try_goes_on(number, tmp_path, monkeypatch):
    dest = tmp_path / "file.bin"

    real = httpx.Response.iter_raw

    def fail(response):
        yield next(real(response))
        raise OSError(number, os.strerror(number))

    with host() as server:
        with monkeypatch.context() as patch:
            patch.setattr(httpx.Response, "iter_raw", fail)
            message = "Cannot write" if number == errno.EIO else "too full"
            with pytest.raises(CourseError, match=rf"{message}.*file\.bin.*COURSE_DATA"):
                download(server.url("good"), SHA256, SIZE, dest)
        assert nothing_wrong_kept(dest)
        assert part_of(dest).stat().st_size > 0
        download(server.url("good"), SHA256, SIZE, dest)
        assert server.log[-1][1] is not None  # a Range: it went on
    assert dest.read_bytes() == CONTENT


def test_a_folder_that_cannot_be_written_to(tmp_path):
    (tmp_path / "weights").write_text("a file where a folder should be")
    with host() as server, pytest.raises(CourseError, match=r"Cannot write file\.bin.*COURSE_DATA"):
        download(server.url("good"), SHA256, SIZE, tmp_path / "weights" / "file.bin")
    with host() as server, pytest.raises(CourseError, match=r"Cannot write file\.bin.*COURSE_DATA"):
        download(server.url("good"), SHA256, SIZE, "/proc/file.bin")


def test_offline_nothing_is_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    with host() as server:
        with pytest.raises(CourseError, match=r"file\.bin \(200 kB\).*COURSE_OFFLINE"):
            download(server.url("good"), SHA256, SIZE, tmp_path / "file.bin")
        assert not server.requests


def test_a_wrong_file_under_the_right_name_is_replaced(tmp_path):
    (tmp_path / "file").write_bytes(bytes(SIZE))
    with host() as server:
        download(server.url("good"), SHA256, SIZE, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_wrong_file_is_kept_while_there_is_no_better_one(tmp_path):
    (tmp_path / "file").write_bytes(b"my own")
    with host() as server, pytest.raises(CourseError):
        download(server.url("wrong"), SHA256, SIZE, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"my own"


# --- locks ------------------------------------------------------------------------------------


def test_a_lock_file_that_nobody_holds_stops_nobody(tmp_path):
    (tmp_path / ".file.lock").write_text("12345")
    with host() as server:
        download(server.url("good"), SHA256, SIZE, tmp_path / "file")


def test_a_lock_whose_holder_does_not_get_on_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "PATIENCE", 0.1)
    file = str(tmp_path / ".file.lock")
    program = f"import fcntl, time; file = open({file!r}, 'w'); fcntl.flock(file, fcntl.LOCK_EX); "
    program += "print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    try:
        holder.stdout.readline()
        with host() as server, pytest.raises(CourseError, match=r"busy with file .* kernels"):
            download(server.url("good"), SHA256, SIZE, tmp_path / "file")
        assert not server.requests
    finally:
        holder.kill()
        holder.wait()


def test_a_lock_can_be_taken_again_by_who_holds_it(tmp_path):
    with host() as server, locked(tmp_path / "file"):
        download(server.url("good"), SHA256, SIZE, tmp_path / "file")
