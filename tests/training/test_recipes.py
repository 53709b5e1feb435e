"""Weights to be shipped come from the real images, and their card says from which."""

from types import SimpleNamespace

import pytest

from course_utils import CourseError
from course_utils.training.recipes import _describe, train_shipped


def test_the_stand_in_is_refused(tmp_path):
    with pytest.raises(CourseError, match="need the real images"):
        train_shipped("lenet", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["lenet", "alexnet", "vgg"])
def test_the_make_targets_have_their_recipes(name, tmp_path):
    """The names that people type, `make train-vgg`; all of them end at the stand-in, here."""
    with pytest.raises(CourseError, match="need the real images"):
        train_shipped(name, tmp_path)


def test_an_unknown_recipe_gets_the_nearest_name():
    with pytest.raises(CourseError, match="Did you mean 'lenet'"):
        train_shipped("lenett")


@pytest.mark.parametrize(
    ("source", "title", "said"),
    [
        ("official", "CIFAR-10, 50,000 training images", "CIFAR-10"),
        ("copy", "copy (a.tar.gz, sha256 83a1f35b…)", "CIFAR-10, JPEG copy (copy (a.tar.gz, "),
        ("copy", "copy (b.tar.gz, sha256 00000000…)", "a copy (copy (b.tar.gz, "),
    ],
)
def test_the_card_says_which_data(source, title, said):
    assert _describe(SimpleNamespace(source=source, title=title)).startswith(said)
