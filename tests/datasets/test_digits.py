"""MNIST: the shipped files, converted and opened, against torchvision's class."""

import gzip
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision.datasets import MNIST

from course_utils import CourseError, load_digits
from course_utils.datasets import digits, find, verify
from course_utils.storage import files
from tests.helpers.folders import read_only

SHIPPED = digits.SHIPPED_DIGITS


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A data folder with the digits in it: they are converted once for this file."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def data(monkeypatch, made) -> Path:
    monkeypatch.setenv("COURSE_DATA", str(made))
    return made


@pytest.fixture
def empty(monkeypatch, tmp_path) -> Path:
    """An empty data folder, and an empty cache."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(files, "own_cache", lambda: tmp_path / "own")
    return tmp_path / "data"


@pytest.fixture(scope="module")
def raw(tmp_path_factory) -> Path:
    """The shipped files where torchvision looks for them, uncompressed."""
    root = tmp_path_factory.mktemp("torchvision")
    folder = root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for path in SHIPPED.glob("*.gz"):
        (folder / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    return root


# --- what it holds -------------------------------------------------------------------------------


@pytest.mark.parametrize("split", ["train", "test"])
def test_all_digits_are_those_that_torchvision_reads(raw, split):
    ours, theirs = load_digits(split), MNIST(raw, train=split == "train")
    assert torch.equal(ours.images[:, 0], theirs.data)
    assert torch.equal(ours.labels, theirs.targets)
    image, label = theirs[7]
    assert (image.mode, image.size, image.tobytes(), label) == (
        *("L", (28, 28), ours[7][0].tobytes()),
        ours[7][1],
    )
    assert ours[7][0].mode == "L"


def test_images_labels_and_what_is_said_of_them():
    train, test = load_digits(), load_digits("test")
    assert (train.images.dtype, train.images.shape) == (torch.uint8, (60_000, 1, 28, 28))
    assert (train.labels.dtype, train.labels.shape) == (torch.int64, (60_000,))
    assert len(test) == 10_000
    assert train.classes == tuple("0123456789")
    assert (repr(train), test.title) == (
        "MNIST, 60,000 training images",
        "MNIST, 10,000 test images",
    )
    assert (train.source, train.licence) == ("official", "CC BY-SA 3.0")
    verify(train.folder)


def test_mean_and_std_of_the_training_digits_are_those_of_the_preprocessing():
    train = load_digits()
    pixels = train.images.double() / 255
    assert train.preprocessing.mean == pytest.approx([pixels.mean().item()], abs=5e-5)
    assert train.preprocessing.std == pytest.approx([pixels.std().item()], abs=5e-5)


def test_a_transform_changes_what_indexing_gives():
    train = load_digits(transform=lambda image: np.array(image).shape)
    assert train[0] == ((28, 28), 5)


def test_batches_are_ready_for_lenet():
    x, y = next(iter(load_digits().batches(64, shuffle=True, augment=True)))
    assert (x.shape, x.dtype, y.dtype) == ((64, 1, 32, 32), torch.float32, torch.int64)
    x, y = next(iter(load_digits("test").batches(64, augment=False)))
    assert y[:5].tolist() == [7, 2, 1, 0, 4]
    black = -0.1307 / 0.3081
    assert x[:, :, :2].unique().tolist() == pytest.approx([black])
    assert torch.allclose(x.min(), torch.tensor(black))


def test_an_unknown_split_offers_the_nearest():
    with pytest.raises(CourseError, match=r"load_digits has no split 'tset'\. Did you mean 'test'"):
        load_digits("tset")


# --- shared, damaged, interrupted ----------------------------------------------------------------


def test_the_files_are_read_once_and_a_worker_gets_the_name_of_the_folder(monkeypatch):
    train = load_digits()
    monkeypatch.setattr(digits, "SHIPPED_DIGITS", Path("nowhere"))
    sent = pickle.dumps(load_digits())
    assert len(sent) < 1000
    assert torch.equal(pickle.loads(sent).images[:9], train.images[:9])


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_opening_costs_little_memory_of_ones_own():
    """47 MB of pixels are looked at; under 10 MB belong to the process."""
    load_digits()
    program = """
import course_utils.datasets, re
def own():
    lines = open("/proc/self/smaps_rollup").read()
    return sum(int(n) for n in re.findall(r"Private_Dirty: +(\\d+) kB", lines)) / 1000
before = own()
course_utils.datasets.load_digits("train").images.sum()
print(own() - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert float(done.stdout) < 10, done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"no gzip", "cannot be read"),
        (gzip.compress(b"other bytes"), "md5 is wrong"),
        ((SHIPPED / "t10k-labels-idx1-ubyte.gz").read_bytes()[:-100], "cannot be read"),
    ],
    ids=["missing", "no gzip", "other", "cut"],  # bytes would name the second they are made in
)
def test_damaged_files_are_named(empty, monkeypatch, tmp_path, content, said):
    folder = tmp_path / "digits"
    folder.mkdir()
    for path in SHIPPED.glob("*.gz"):
        (folder / path.name).symlink_to(path)
    broken = folder / "t10k-labels-idx1-ubyte.gz"
    broken.unlink()
    if content is not None:
        broken.write_bytes(content)
    monkeypatch.setattr(digits, "SHIPPED_DIGITS", folder)
    with pytest.raises(CourseError, match=rf"t10k-labels.*{said}.*Get a fresh copy"):
        load_digits()
    assert find("digits") is None


def test_a_full_disk_is_named(empty, monkeypatch):
    monkeypatch.setattr(digits, "NEEDED", 10**18)
    with pytest.raises(CourseError, match="disk is too full"):
        load_digits()
    assert find("digits") is None


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
@pytest.mark.parametrize("converted", [True, False])
def test_a_read_only_shared_folder_works(monkeypatch, converted):
    """Its arrays are used; if there are none, they go to the own cache."""
    with read_only() as (folder, close):
        monkeypatch.setenv("COURSE_DATA", str(folder))
        if converted:
            load_digits()
        close()
        with tempfile.TemporaryDirectory() as own:
            monkeypatch.setattr(files, "own_cache", lambda: Path(own) / "cache")
            assert load_digits("test").folder.is_relative_to(folder if converted else own)


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_no_folder_that_can_be_written_to_is_said(monkeypatch):
    with read_only() as (folder, close):
        monkeypatch.setenv("COURSE_DATA", str(folder))
        monkeypatch.setattr(files, "own_cache", lambda: folder / "cache")
        close()
        with pytest.raises(CourseError, match="cannot be written to"):
            load_digits()
