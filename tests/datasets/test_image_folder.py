"""A folder of class folders is a data set as good as the others, and says what is wrong with it."""

import json
import os
import shutil
import unicodedata
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import CourseError, browse, image_folder, load_network
from course_utils.datasets import ImageDataset, load_digits
from course_utils.images import DIGITS, center_crop, open_image, resize
from course_utils.training import evaluate, fit, hold_out
from course_utils.transfer import features
from tests.helpers.folders import read_only
from tests.helpers.own_images import write_folder


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path_factory) -> Path:
    """A data folder of its own, which only has the digits."""
    there = load_digits().folder
    folder = tmp_path_factory.mktemp("data")
    (folder / "digits").symlink_to(there, target_is_directory=True)
    monkeypatch.setenv("COURSE_DATA", str(folder))
    return folder


def small(folder: Path, colours: dict[str, list[tuple[int, int]]]) -> Path:
    """Class folders of one-coloured PNGs of the given sizes."""
    for name, sizes in colours.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for i, size in enumerate(sizes):
            Image.new("RGB", size, (10 * i, 200, 30)).save(folder / name / f"{i}.png")
    return folder


@pytest.fixture
def two(tmp_path) -> Path:
    return small(tmp_path / "my_images", {"cat": [(40, 30)] * 3, "dog": [(30, 40)] * 2})


# --- as good as the others -----------------------------------------------------------------------


def test_two_hundred_digits_written_out_come_back_as_they_were(tmp_path):
    test = load_digits("test")
    own = image_folder(write_folder(tmp_path / "digits"), 28, DIGITS)
    indices = [int(path.stem) for path in own.files]
    assert len(own) == 200
    assert own.classes == test.classes
    assert own.images.dtype == torch.uint8
    assert own.labels.dtype == torch.int64
    assert torch.equal(own.images, test.images[indices])
    assert torch.equal(own.labels, test.labels[indices])
    X, _ = next(iter(own.batches(200)))
    X_test, _ = next(iter(test.batches(200, indices=torch.tensor(indices))))
    assert torch.equal(X, X_test)
    assert X.shape == (200, 1, 32, 32)
    assert "digits, 200 own images" in repr(own)


def test_a_network_reads_it_learns_from_it_and_is_looked_through_with(tmp_path):
    own = image_folder(write_folder(tmp_path / "digits"), 28, DIGITS)
    assert evaluate("lenet", own).accuracy > 0.95
    network = load_network("lenet", weights=None)
    history = fit(network, *hold_out(own, 50), epochs=2, batch_size=32)
    assert len(history) == 2
    widget = browse(own, network="lenet")
    widget.wait()
    assert "digits, 200 own images" in widget.view["title"]
    assert widget.view["splits"] == {"own": "all (200)"}
    assert widget.view["status"].endswith("of 200 images right")
    widget.close()


def test_images_of_cifar10_keep_their_colours_and_give_the_features_of_their_files(
    tmp_path, real_cifar10
):
    test = ImageDataset(real_cifar10, "test")
    own = image_folder(write_folder(tmp_path / "own", test, (4, 3)), 32)
    indices = [int(path.stem) for path in own.files]
    assert torch.equal(own.images, test.images[indices])
    whole = image_folder(tmp_path / "own")
    assert whole.images.shape == (7, 3, 256, 256)
    network = load_network("efficientnet_lite0")
    assert torch.equal(
        features(network, whole.images[:2]), features(network, list(whole.files[:2]))
    )


def test_the_middle_of_each_image_is_kept_upright(tmp_path):
    wide = Image.new("RGB", (90, 30), "white")
    wide.paste("red", (30, 0, 60, 30))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        wide.save(tmp_path / name / "1.png")
        wide.save(tmp_path / name / "2.jpg", exif=exif, quality=95)
    own = image_folder(tmp_path, 30)
    assert own.images.shape == (4, 3, 30, 30)
    assert (own.images[:, 0] > 200).all()
    assert (own.images[:, 1, 10:20, 10:20] < 60).all()


def test_a_large_jpeg_is_decoded_smaller_and_looks_the_same(tmp_path):
    smooth = Image.linear_gradient("L").resize((1600, 1200)).convert("RGB")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        smooth.save(tmp_path / name / "1.jpg", quality=95)
    assert open_image(tmp_path / "a" / "1.jpg", least=128).size == (200, 150)
    assert open_image(tmp_path / "a" / "1.jpg", least=1000).size == (1600, 1200)
    own = image_folder(tmp_path, 64)
    exact = center_crop(resize(open_image(tmp_path / "a" / "1.jpg"), 64), 64)
    difference = own.images[0].permute(1, 2, 0).int() - torch.tensor(np.array(exact)).int()
    assert difference.abs().max() <= 2


def test_class_names_are_in_any_letters_and_composed(tmp_path):
    names = ("강아지", unicodedata.normalize("NFD", "고양이"), "éléphant")
    own = image_folder(small(tmp_path / "홍길동", {name: [(20, 20)] for name in names}), 16)
    assert own.classes == ("éléphant", "강아지", "고양이")
    assert own.title.startswith("홍길동, 3 own images")
    assert [path.parent.name for path in own.files][2] == names[1]  # as the disk has it
    assert all(path.is_file() for path in own.files)


def test_a_page_of_photographs_is_sent_small(two):
    widget = browse(image_folder(two))
    assert (widget.view["side"], len(widget.pixels)) == ((96, 96), 5 * 96 * 96 * 3)
    assert len(widget.draws) == 8 * 96 * 96 * 3
    assert "page 1 of 1" in widget.still().alt
    widget.close()


def test_a_batch_of_large_images_is_not_a_thousand(two, monkeypatch):
    sizes = []
    network = load_network("lenet", weights=None, dataset="cifar10")

    class Counting(torch.nn.Module):
        def forward(self, x):
            sizes.append(len(x))
            return network(x[:, :, :32, :32])

    own = image_folder(two, 512)
    evaluate(Counting(), own)
    assert sizes == [3, 2]


# --- what is left out, and what is said ----------------------------------------------------------


def test_a_broken_file_is_named_and_left_out_each_time(two, capsys):
    (two / "cat" / "9.jpg").write_bytes(b"\xff\xd8\xff\xe0 no image")
    for _ in range(2):
        own = image_folder(two, 16)
        err = capsys.readouterr().err
        assert len(own) == len(own.files) == 5
        assert err.count("\n") == 1
        assert err.startswith("Left out: 'cat/9.jpg' cannot be read: it is damaged")


def test_hidden_files_and_what_is_no_image_are_passed_over(two, capsys):
    for name in (".DS_Store", "cat/._0.png", "cat/notes.txt", "cat/Thumbs.db", "dog/.hidden.png"):
        (two / name).write_bytes(b"no image")
    (two / ".ipynb_checkpoints").mkdir()
    (two / "empty").mkdir()
    (two / "cat" / "folder.png").mkdir()
    own = image_folder(two, 16)
    assert (len(own), own.classes, capsys.readouterr().err) == (5, ("cat", "dog"), "")


def test_very_unequal_classes_are_said(tmp_path, capsys):
    image_folder(small(tmp_path, {"cat": [(9, 9)] * 9, "dog": [(9, 9)]}), 8)
    assert capsys.readouterr().err == (
        "Unequal classes: 9 images of 'cat', 1 of 'dog'. To answer 'cat' always would be right "
        "for 90%.\n"
    )


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda f: f / "my_imges", r"no folder 'my_imges' in .* Did you mean 'my_images'.* Make"),
        (lambda f: f / "a" / "b", r"no folder 'b' in .*a'\. Make it, and in it a folder"),
        (lambda f: f / "file.zip", r"is a file\. Unpack it"),
        (lambda f: f / "none", r"none' has no images\. Make a folder for each class"),
        (lambda f: f / "my_images" / "cat", r"has 3 images, but no class folders\. Make"),
        (lambda f: f / "one", r"one' has images of one class only, 'cat'\. Make"),
        (lambda f: f / "deep", r"one folder deeper: image_folder\('.*deep/train'\)"),
        (lambda f: f / "broken", r"No image of the class 'dog' can be opened: 'dog/1\.jpg' is emp"),
    ],
)
def test_what_is_no_folder_of_classes_is_refused_in_a_sentence(two, make, match):
    home = two.parent
    (home / "file.zip").write_bytes(b"PK")
    (home / "none").mkdir()
    small(home / "one", {"cat": [(9, 9)]})
    small(home / "deep" / "train", {"cat": [(9, 9)], "dog": [(9, 9)]})
    small(home / "broken", {"cat": [(9, 9)], "dog": []})
    (home / "broken" / "dog" / "1.jpg").write_bytes(b"")
    with pytest.raises(CourseError, match=match):
        image_folder(make(home))


@pytest.mark.parametrize("size", [0, 7, 5000, 22.5, "32"])
def test_a_size_is_a_number_of_pixels(two, size):
    with pytest.raises(CourseError, match=r"size is .*: give a number of pixels, 8 to 1024\."):
        image_folder(two, size)


# --- decoded once, and following the files -------------------------------------------------------


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """The names of the files that are decoded."""
    names = []

    def watched(path, least):
        names.append(path.name)
        return open_image(path, least)

    module = import_module("course_utils.datasets.image_folder")  # not the function of that name
    monkeypatch.setattr(module, "open_image", watched)
    return names


def test_only_what_is_new_or_changed_is_decoded(two, data, opened):
    first = image_folder(two, 16)
    assert len(opened) == 5
    image_folder(two, 16)
    assert len(opened) == 5
    Image.new("RGB", (20, 20), "blue").save(two / "cat" / "new.png")
    (two / "dog" / "0.png").unlink()
    again = image_folder(two, 16)
    assert opened[5:] == ["new.png"]
    assert len(again) == 5
    assert again.images[3].flatten(1)[:, 0].tolist() == [0, 0, 255]
    assert torch.equal(again.images[:3], first.images[:3])  # and the first is still there
    assert len([*(data / "folders").glob("*/*/stamp.json")]) == 1
    image_folder(two, 24)
    assert len(opened) == 11  # another size is other pixels


def test_a_file_that_was_replaced_is_decoded_anew_though_its_name_and_size_are_the_same(
    two, opened
):
    image_folder(two, 16)
    shutil.copy(two / "cat" / "1.png", two / "cat" / "0.png")
    os.utime(two / "cat" / "0.png", ns=(1, 1))
    own = image_folder(two, 16)
    assert opened[5:] == ["0.png"]
    assert torch.equal(own.images[0], own.images[1])


def test_a_folder_that_cannot_be_written_to_works(monkeypatch):
    with TemporaryDirectory() as own, read_only() as (folder, close):
        Path(own).chmod(0o777)
        monkeypatch.setenv("COURSE_DATA", own)
        small(folder, {"cat": [(9, 9)], "dog": [(9, 9)]})
        close()
        assert len(image_folder(folder, 8)) == 2
        assert sorted(path.name for path in folder.iterdir()) == ["cat", "dog"]


def test_the_stamp_is_plain_ascii(two):
    stamp = image_folder(two, 16).folder / "stamp.json"
    assert stamp.read_bytes().isascii()
    assert json.loads(stamp.read_text())["classes"]
