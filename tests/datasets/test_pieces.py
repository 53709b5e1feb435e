"""Pieces of photographs: the same on every machine, and no pixel in both splits."""

import hashlib

import numpy as np
import pytest
from PIL import Image

from course_utils.datasets import load_pieces, pieces
from course_utils.images import photograph


def test_what_it_holds(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    train, test = load_pieces(), load_pieces("test")
    assert (train.images.shape, test.images.shape) == ((5000, 3, 32, 32), (1000, 3, 32, 32))
    assert train.labels.bincount().tolist() == [500] * 10
    assert test.labels.bincount().tolist() == [100] * 10
    assert repr(train) == "pieces of ten photographs, 5,000 training images"
    assert (train.classes[4], train.source) == ("coffee", "made")


@pytest.mark.parametrize(
    ("split", "digest"), [("train", "79751325fb485553"), ("test", "2edc3b60db7f5caa")]
)
def test_the_bytes_are_the_same_everywhere(split, digest):
    images, _ = pieces.make(split)
    assert hashlib.sha256(images).hexdigest().startswith(digest)


@pytest.mark.parametrize("name", pieces.PHOTOGRAPHS)
def test_no_pixel_of_a_photograph_is_in_both_splits(name):
    """Put together, the parts of the two splits are the photograph: so they do not overlap."""
    above, below = (np.array(band) for band in pieces.bands(name, "train"))
    (middle,) = (np.array(band) for band in pieces.bands(name, "test"))
    whole = np.concatenate([above, middle, below])
    assert np.array_equal(whole, np.array(Image.open(photograph(name)).convert("RGB")))
