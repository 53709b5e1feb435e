"""CIFAR-10 under stress: thirty processes at once, kills at random moments, all 60,000 images."""

import hashlib
import io
import multiprocessing
import os
import random
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest

from course_utils.datasets import cifar10, find, load_cifar10, verify
from tests.helpers import ROOT, archives
from tests.helpers.server import host

fork = multiprocessing.get_context("fork") if hasattr(os, "fork") else None
needs_fork = pytest.mark.skipif(fork is None, reason="this system has no fork")


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path) -> Path:
    return archives.empty_data_folder(monkeypatch, tmp_path)


@pytest.fixture
def official(monkeypatch) -> dict[str, bytes]:
    """The small data set counts as the official one; its files."""
    archives.declare_official(monkeypatch)
    return archives.files()


@needs_fork
def test_thirty_processes_at_once_make_one_conversion(data, official, monkeypatch, tmp_path):
    archives.write_folder(data)
    log = tmp_path / "log"
    read_batch = cifar10.read_batch

    def logged(content, name):
        with log.open("a") as file:
            file.write(f"{name}\n")
        return read_batch(content, name)

    monkeypatch.setattr(cifar10, "read_batch", logged)
    with fork.Pool(30) as pool:
        assert pool.map(_right, range(30), chunksize=1) == [True] * 30
    assert sorted(log.read_text().split()) == sorted(archives.NAMES)


def _right(_) -> bool:
    return archives.is_small_set(load_cifar10("train"))


@needs_fork
def test_killed_at_any_moment_the_next_start_finishes(official, monkeypatch, tmp_path):
    """Fifty random moments between the first byte and the end of a conversion."""
    monkeypatch.setattr(os, "fsync", lambda _: time.sleep(0.005))
    moments = random.Random(0)
    complete = 0
    for attempt in range(50):
        folder = tmp_path / str(attempt)
        monkeypatch.setenv("COURSE_DATA", str(folder))
        folder.mkdir()
        (folder / cifar10.ARCHIVE).write_bytes(archives.archive())
        child = fork.Process(target=load_cifar10)
        child.start()
        time.sleep(moments.uniform(0, 0.15))
        child.kill()
        child.join()
        complete += find("cifar10/official") is not None
        assert find("cifar10/official") is None or archives.is_small_set(load_cifar10("train"))
        assert archives.is_small_set(load_cifar10("train"))
    assert complete < 50  # some were really killed on the way


# --- the real thing ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(real_cifar10) -> bytes:
    """An archive with the official pixels and labels, whose files are not the official ones."""
    return archives.whole_archive(real_cifar10)


@pytest.mark.timeout(600)
def test_the_real_thing(real, data, monkeypatch):
    """Served, cut off in the middle, resumed, verified, converted; read as torchvision reads it."""
    monkeypatch.setattr(cifar10, "SIZE", len(real))
    monkeypatch.setattr(cifar10, "MD5", hashlib.md5(real).hexdigest())
    monkeypatch.setattr(cifar10, "DIGESTS", digests_in(real))
    with host(real) as server:
        monkeypatch.setattr(cifar10, "URLS", [server.url("cut_once")])
        train = load_cifar10("train")
        ranges = [asked for _, asked in server.log]
    assert ranges == [None, f"bytes={len(real) // 2}-"]
    for split in ("train", "test"):
        ours = load_cifar10(split)
        theirs = archives.torchvision_class()(data, train=split == "train")
        assert np.array_equal(theirs.data, ours.images.permute(0, 2, 3, 1))
        assert theirs.targets == ours.labels.tolist()
        assert tuple(theirs.classes) == ours.classes
        image, label = theirs[7]
        assert (image.tobytes(), label) == (ours[7][0].tobytes(), ours[7][1])
    assert train.title == "CIFAR-10, 50,000 training images"
    verify(train.folder)


def digests_in(archive: bytes) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        contents = {Path(m.name).name: tar.extractfile(m).read() for m in tar}
    return {
        name: digest
        for name, digest in archives.digests_of(contents).items()
        if name in cifar10.DIGESTS
    }


# --- a lesson ------------------------------------------------------------------------------------


@pytest.mark.timeout(900)
def test_lesson_6_in_a_fresh_clone_fetches_resumes_and_shows_the_real_images(real, tmp_path):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, clone], check=True)
    own = {"COURSE_DATA": str(tmp_path / "data"), "COURSE_OFFLINE": "", "PYTHONPATH": str(clone)}
    command = [sys.executable, "-m", "nbconvert", "--to=notebook", "--execute", "06_cifar10.ipynb"]
    with host(real) as server:
        own["COURSE_CIFAR10"] = (
            f"{server.url('cut_once')}#sha256={hashlib.sha256(real).hexdigest()}"
        )
        subprocess.run(
            [*command, "--output=run"], cwd=clone / "notebooks", env=os.environ | own, check=True
        )
        assert [asked for _, asked in server.log] == [None, f"bytes={len(real) // 2}-"]
    outputs = [
        output
        for cell in nbformat.read(clone / "notebooks/run.ipynb", as_version=4).cells
        for output in cell.get("outputs", [])
    ]
    printed = "".join(o.text for o in outputs if o.get("name") == "stdout")
    assert "CIFAR-10, 50,000 training images\nCIFAR-10, 10,000 test images" in printed
    shown = " ".join(o.data.get("text/plain", "") for o in outputs if "data" in o)
    assert "airplane" in shown
    assert "image/png" in {kind for o in outputs for kind in o.get("data", {})}
