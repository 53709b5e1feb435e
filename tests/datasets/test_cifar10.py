"""CIFAR-10: where it comes from, what it holds, and the real thing against torchvision's class.

What goes wrong with archives: test_bad_archives.py; that it comes by itself:
test_fetching_cifar10.py.
"""

import hashlib
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10 as TorchvisionCifar10
from torchvision.transforms import ToTensor

from course_utils import CourseError
from course_utils.datasets import cifar10, find, load_cifar10, stand_in, verify
from course_utils.datasets.digits import read_digits
from course_utils.images import CIFAR10_CLASSES
from course_utils.storage import downloads, files
from tests.helpers import archives
from tests.helpers.folders import read_only
from tests.helpers.server import host

HOSTS = cifar10.URLS  # before a test names its own


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path) -> Path:
    return archives.empty_data_folder(monkeypatch, tmp_path)


@pytest.fixture
def official(monkeypatch) -> dict[str, bytes]:
    """The small data set counts as the official one; its files."""
    archives.declare_official(monkeypatch)
    return archives.files()


# --- what it holds -------------------------------------------------------------------------------


def test_images_labels_and_classes_have_the_shapes_that_are_promised():
    train = load_cifar10("train")
    assert (train.images.dtype, train.images.shape) == (torch.uint8, (100, 3, 32, 32))
    assert (train.labels.dtype, train.labels.shape) == (torch.int64, (100,))
    assert len(train) == 100
    assert len(load_cifar10("test")) == 50
    assert train.classes == stand_in.CLASSES


def test_indexing_gives_a_image_and_a_label_like_torchvision():
    train = load_cifar10("train")
    image, label = train[3]
    assert (image.mode, image.size, type(label)) == ("RGB", (32, 32), int)
    assert np.array_equal(np.array(image).transpose(2, 0, 1), train.images[3])
    assert len(list(train)) == 100  # and stops with IndexError behind the last


def test_a_transform_makes_it_ready_for_a_dataloader():
    loader = DataLoader(load_cifar10("train", transform=ToTensor()), batch_size=32)
    x, y = next(iter(loader))
    assert (x.shape, y.shape) == ((32, 3, 32, 32), (32,))


def test_without_a_transform_a_dataloader_fails_at_its_first_batch():
    with pytest.raises(TypeError, match=r"PIL\.Image"):
        next(iter(DataLoader(load_cifar10("train"), batch_size=32)))


def test_a_worker_gets_the_name_of_the_folder_and_not_the_pixels():
    train = load_cifar10("train")
    sent = pickle.dumps(train)
    assert len(sent) < 1000
    assert torch.equal(pickle.loads(sent).images, train.images)


def test_changing_images_changes_them_in_this_process_only():
    load_cifar10("train").images.fill_(0)
    verify(load_cifar10("train").folder)
    assert load_cifar10("train").images.any()


def test_unknown_names_offer_the_nearest():
    with pytest.raises(CourseError, match="Did you mean 'train'"):
        load_cifar10("trian")
    with pytest.raises(CourseError, match="Did you mean 'stand-in'"):
        load_cifar10(source="standin")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_opening_costs_little_memory_of_ones_own(monkeypatch):
    """150 MB of pixels are looked at; under 10 MB belong to the process."""
    monkeypatch.setattr(stand_in, "PER_CLASS", {"train": 5000, "test": 1})
    load_cifar10("train")
    program = """
import course_utils.datasets.cifar10, re
def own():
    lines = open("/proc/self/smaps_rollup").read()
    return sum(int(n) for n in re.findall(r"Private_Dirty: +(\\d+) kB", lines)) / 1000
before = own()
train = course_utils.datasets.cifar10.load_cifar10("train")
train.images.sum()
print(own() - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert float(done.stdout) < 10, done.stderr


# --- the stand-in --------------------------------------------------------------------------------


def test_the_stand_in_says_what_it_is():
    train = load_cifar10("train")
    said = "stand-in for CIFAR-10: coloured digits on pieces of photographs, 100 training images"
    assert (train.source, train.title, repr(train)) == ("stand-in", said, said)
    assert train.classes == tuple("0123456789")
    assert "CC BY-SA 3.0" in train.licence


def test_the_stand_in_has_as_many_images_as_cifar10_and_the_same_bytes_everywhere(monkeypatch):
    """Its digest, so that a lesson shows the same on every machine."""
    monkeypatch.setattr(stand_in, "PER_CLASS", {"train": 5000, "test": 1000})
    images, labels = stand_in.make("train")
    assert images.shape == (50_000, 32, 32, 3)
    assert np.bincount(labels).tolist() == [5000] * 10
    assert hashlib.sha256(images).hexdigest().startswith("abdb32035aec6369")
    images, labels = stand_in.make("test")
    assert images.shape == (10_000, 32, 32, 3)
    assert np.bincount(labels).tolist() == [1000] * 10
    assert hashlib.sha256(images).hexdigest().startswith("25338a93de611629")


def test_digits_of_the_stand_in_are_those_of_the_same_split(monkeypatch):
    """Where a digit is painted, an image differs from the photographs in a single colour."""
    monkeypatch.setattr(stand_in, "PER_CLASS", {"train": 30, "test": 20})
    monkeypatch.setattr(stand_in, "SIDES", (28,))
    for split in ("train", "test"):
        images, labels = stand_in.make(split)
        digits, known = read_digits(split)
        found = [
            is_painted(image, digits[known == label, 4:24, 4:24, 0][:30] > 250)
            for image, label in zip(images[:50], labels[:50], strict=True)
        ]
        assert sum(found) >= 45  # a few digits are grey, without ten white pixels


def is_painted(image: np.ndarray, shapes: np.ndarray) -> bool:
    """Whether one of the `(n, 20, 20)` is somewhere in `(32, 32, 3)`, all of it in one colour.

    Where the digit is not quite white, the background shines through, by at most 5 of 255.
    """
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(int), (20, 20), axis=(0, 1))
    windows = windows.reshape(-1, 3, 400)
    for shape in shapes.reshape(-1, 400):
        inside = windows[:, :, shape]
        if shape.sum() > 9 and (np.ptp(inside, axis=2) <= 5).all(axis=1).any():
            return True
    return False


# --- where it comes from -------------------------------------------------------------------------


def test_official_files_in_the_data_folder_are_found(data, official):
    archives.write_folder(data)
    train = load_cifar10("train")
    assert archives.is_small_set(train)
    assert train.source == "official"
    assert train.title == "CIFAR-10, 100 training images"
    assert train.classes[3] == "cat"


def test_the_official_archive_in_the_data_folder_is_found(data, official):
    data.mkdir()
    (data / cifar10.ARCHIVE).write_bytes(archives.archive())
    assert archives.is_small_set(load_cifar10("train"))
    assert load_cifar10("test").title == "CIFAR-10, 20 test images"


def test_it_is_converted_once_and_no_pickle_is_opened_after_that(data, official, monkeypatch):
    archives.write_folder(data)
    load_cifar10("train")
    monkeypatch.setattr(cifar10, "read_batch", None)
    assert archives.is_small_set(load_cifar10("train"))


def test_torchvision_finds_the_official_files_in_place(data, official):
    data.mkdir()
    (data / cifar10.ARCHIVE).write_bytes(archives.archive())
    train = load_cifar10("train")
    theirs = archives.torchvision_class()(data, train=True)
    assert np.array_equal(theirs.data, train.images.permute(0, 2, 3, 1))
    assert theirs.targets == train.labels.tolist()
    assert tuple(theirs.classes) == train.classes


def test_the_digests_are_those_of_torchvision():
    theirs = TorchvisionCifar10
    assert dict([*theirs.train_list, *theirs.test_list]) == cifar10.DIGESTS
    assert (theirs.filename, theirs.tgz_md5) == (cifar10.ARCHIVE, cifar10.MD5)
    assert (theirs.base_folder, theirs.url) == (cifar10.FOLDER, HOSTS[-1])


def test_official_downloads_what_is_not_there(official, monkeypatch):
    with host(archives.archive()) as server:
        monkeypatch.setattr(cifar10, "URLS", [server.url("cut_once")])
        assert archives.is_small_set(load_cifar10("train", source="official"))
        load_cifar10("test", source="official")
        assert server.requests == {"cut_once": 2}
    assert archives.is_small_set(load_cifar10("train"))


def test_official_replaces_a_broken_copy(data, official, monkeypatch):
    archives.write_folder(data, official | {"data_batch_3": b"broken"})
    with pytest.raises(CourseError, match=r"data_batch_3 is not the official file"):
        load_cifar10("train")
    with host(archives.archive()) as server:
        monkeypatch.setattr(cifar10, "URLS", [server.url("good")])
        assert archives.is_small_set(load_cifar10("train", source="official"))
    archives.torchvision_class()(data, train=True)


def test_official_offline_says_how_to_get_it(official, monkeypatch):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    with pytest.raises(CourseError, match=r"cifar-10-python.*Unset COURSE_OFFLINE"):
        load_cifar10("train", source="official")
    assert load_cifar10("train").source == "stand-in"


# --- COURSE_CIFAR10 ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["archive", "folder", "address"])
def test_the_official_data_can_be_taken_from_any_place(kind, official, monkeypatch, tmp_path):
    with named_place(kind, tmp_path) as place:
        monkeypatch.setenv("COURSE_CIFAR10", place)
        assert archives.is_small_set(load_cifar10("train"))
    assert load_cifar10("train").source == "official"  # the stick is gone, the data are here


@pytest.mark.parametrize("kind", ["archive", "folder", "address"])
def test_another_copy_is_taken_with_its_own_checksum(kind, monkeypatch, tmp_path, data):
    with named_place(kind, tmp_path) as place:
        monkeypatch.setenv("COURSE_CIFAR10", f"{place}#sha256={checksum(kind)}")
        train = load_cifar10("train")
    assert archives.is_small_set(train)
    assert (train.source, train.classes) == ("copy", CIFAR10_CLASSES)
    assert train.title.startswith("copy of CIFAR-10 (")
    assert train.title.endswith("), 100 training images")
    assert not (data / cifar10.FOLDER).exists()  # which would be torchvision's
    assert archives.is_small_set(load_cifar10("train"))


@pytest.mark.parametrize("kind", ["archive", "folder", "address"])
def test_another_copy_is_refused_without_its_checksum(kind, monkeypatch, tmp_path):
    monkeypatch.setattr(downloads, "WAITS", (0.001,))
    with named_place(kind, tmp_path) as place:
        for checksum in ("", "#sha256=" + "0" * 64):
            monkeypatch.setenv("COURSE_CIFAR10", place + checksum)
            with pytest.raises(CourseError, match=r"size or md5|its md5|sha256|offers|wrong bytes"):
                load_cifar10("train")
    assert find("cifar10/official") is None


def test_a_place_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("COURSE_CIFAR10", "/media/stick/cifar.tar.gz")
    with pytest.raises(CourseError, match=r"COURSE_CIFAR10 names .*cifar.tar.gz, which is not"):
        load_cifar10("train")


@contextmanager
def named_place(kind: str, folder: Path) -> Iterator[str]:
    """The small data set in an archive, a folder, or on a host, for COURSE_CIFAR10."""
    if kind == "address":
        with host(archives.archive()) as server:
            yield server.url("good")
    elif kind == "folder":
        yield str(archives.write_folder(folder / "stick"))
    else:
        (folder / "stick.tar.gz").write_bytes(archives.archive())
        yield str(folder / "stick.tar.gz")


def checksum(kind: str) -> str:
    files = archives.files()
    batches = b"".join(files[name] for name in archives.NAMES)
    return hashlib.sha256(batches if kind == "folder" else archives.archive()).hexdigest()


# --- shared, damaged, interrupted ----------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
@pytest.mark.parametrize("converted", [True, False])
def test_a_read_only_shared_folder_works(converted, official, monkeypatch):
    """Its arrays are used; if there are only the official files, they go to the own cache."""
    with read_only() as (folder, close):
        monkeypatch.setenv("COURSE_DATA", str(folder))
        archives.write_folder(folder)
        if converted:
            load_cifar10("train")
        close()
        with tempfile.TemporaryDirectory() as own:
            monkeypatch.setattr(files, "own_cache", lambda: Path(own) / "cache")
            train = load_cifar10("train")
            assert archives.is_small_set(train)
            assert train.folder.is_relative_to(folder if converted else own)


def test_a_file_cut_short_is_made_again(data, official):
    archives.write_folder(data)
    path = load_cifar10("train").folder / "train-images.bin"
    os.truncate(path, 1000)
    assert archives.is_small_set(load_cifar10("train"))


def test_verify_finds_a_flipped_bit(data, official):
    archives.write_folder(data)
    train = load_cifar10("train")
    verify(train.folder)
    path = train.folder / "train-images.bin"
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    with pytest.raises(CourseError, match=r"train-images.bin has changed.*Delete the folder"):
        verify(train.folder)


def test_a_full_disk_is_named(monkeypatch, data):
    monkeypatch.setattr(cifar10, "NEEDED", 10**18)
    with pytest.raises(CourseError, match="disk is too full"):
        load_cifar10("train")
    assert [path for path in (data / "cifar10").iterdir() if path.suffix != ".lock"] == []
