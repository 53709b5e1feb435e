"""Weights to be shipped come from the real images."""

import pytest

from course_utils import CourseError
from course_utils.training.recipes import RECIPES, main, recipe_name, train_shipped


@pytest.mark.parametrize("name", ["lenet-cifar10", "alexnet", "vgg", "equal"])
def test_the_stand_in_is_refused(name, monkeypatch, tmp_path):
    """For every name that people type, as in `make train-vgg`."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(CourseError, match="need the real images"):
        main([name])


def test_a_network_has_the_recipe_of_its_first_data_set_unless_another_is_named():
    assert recipe_name("lenet") == "lenet-digits"
    assert recipe_name("lenet", "cifar10") == recipe_name("lenet-cifar10") == "lenet-cifar10"
    assert recipe_name("vgg") == "vgg16-cifar10"
    with pytest.raises(CourseError, match="no weights of 'alexnet' for 'digits'"):
        recipe_name("alexnet", "digits")
    assert all(recipe_name(key) == key for key in RECIPES)


def test_an_unknown_recipe_gets_the_nearest_name():
    with pytest.raises(CourseError, match="Did you mean 'lenet'"):
        train_shipped("lenett")
