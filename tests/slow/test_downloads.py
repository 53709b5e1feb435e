"""Thirty processes at once make one download, and a kill at any moment leaves nothing wrong."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course_utils.storage import download
from tests.helpers import ROOT
from tests.helpers.server import CONTENT, SHA256, SIZE, host, nothing_wrong_kept


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    """Each test has its own empty folder, and a network."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("COURSE_OFFLINE", raising=False)


KILLS = int(os.environ.get("COURSE_KILLS", "12"))  # random moments to try

# The package's own __init__ would import torch, which takes longer than all the rest.
PROGRAM = f"""
import os, signal, sys, types
package = sys.modules["course_utils"] = types.ModuleType("course_utils")
package.__path__ = [{str(ROOT / "course_utils")!r}]
import httpx, filelock
from course_utils.storage import downloads
url, dest, last_words = sys.argv[1:]
exec(last_words)
print("go", flush=True)
downloads.download(url, "{SHA256}", {SIZE}, dest)
"""
DIE = "os.kill(os.getpid(), signal.SIGKILL)"


def start(url: str, dest: Path, last_words: str = "") -> subprocess.Popen:
    command = [sys.executable, "-c", PROGRAM, url, str(dest), last_words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def test_thirty_processes_that_start_at_once_make_one_download(tmp_path):
    dest = tmp_path / "file"
    with host() as server:
        processes = [start(server.url("slow"), dest) for _ in range(30)]
        assert [process.wait(120) for process in processes] == [0] * 30
        assert server.requests == {"slow": 1}
    assert dest.read_bytes() == CONTENT


def test_killed_at_random_moments_the_next_start_finishes(tmp_path):
    moments = random.Random(1)
    with host() as server:
        for number in range(KILLS):
            dest = tmp_path / f"file{number}"
            process = start(server.url("slow"), dest)
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.4))
            process.kill()
            process.wait()
            assert nothing_wrong_kept(dest) or dest.read_bytes() == CONTENT
            assert download(server.url("good"), SHA256, SIZE, dest).read_bytes() == CONTENT


@pytest.mark.parametrize(
    "last_words",
    [
        f"downloads.part_of = lambda path: {DIE}",
        f"downloads._append = lambda *_: {DIE}",
        f"downloads.Wanted.problem = lambda *_: {DIE}",
        f"os.fsync = lambda _: {DIE}",
        f"os.replace = lambda *_: {DIE}",
        f"real = os.replace; os.replace = lambda *names: (real(*names), {DIE})",
    ],
    ids=["at the start", "connected", "checking", "saving", "before it is named", "named"],
)
def test_killed_at_each_step_the_next_start_finishes(last_words, tmp_path):
    dest = tmp_path / "file"
    with host() as server:
        process = start(server.url("good"), dest, last_words)
        assert process.wait(60) == -signal.SIGKILL
        assert nothing_wrong_kept(dest) or dest.read_bytes() == CONTENT
        assert download(server.url("good"), SHA256, SIZE, dest).read_bytes() == CONTENT
