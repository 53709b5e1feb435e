"""Which images and which form of a network a widget means."""

import pytest
import torch
from torch import nn

from course_utils import CourseError
from course_utils.datasets import load_digits
from course_utils.networks import LeNet, info, input_channels, load_network
from course_utils.training import Part
from course_utils.widgets.shared.small_images import dataset_for, load_small, preprocessing_of
from tests.helpers.training import Images


@pytest.mark.parametrize(
    ("networks", "dataset"),
    [
        (["lenet"], "digits"),
        (["lenet", "lenet_1998"], "digits"),
        (["lenet-digits"], "digits"),
        (["lenet-cifar10"], "cifar10"),
        (["lenet", "lenet-cifar10"], "cifar10"),
        (["lenet", "alexnet"], "cifar10"),
        (["vgg11"], "cifar10"),  # it has no such form: load_small says so
        ([LeNet()], "digits"),
        ([LeNet(3)], "cifar10"),
        ([nn.Linear(3072, 10)], "cifar10"),
        ([load_network("lenet")], "digits"),
        ([], "cifar10"),
    ],
)
def test_networks_say_which_images_are_meant(networks, dataset):
    assert dataset_for(networks) == dataset


def test_images_say_it_before_networks_do():
    digits = Part(load_digits("test"), torch.arange(3))
    assert dataset_for(["lenet-cifar10"], digits) == "digits"
    assert dataset_for(["lenet"], Images()) == "cifar10"
    assert preprocessing_of(digits).channels == 1


@pytest.mark.parametrize(
    ("name", "dataset", "channels"),
    [("lenet", "digits", 1), ("lenet", "cifar10", 3), ("lenet-cifar10", "digits", 3)],
)
def test_a_network_comes_in_the_form_that_is_meant(name, dataset, channels):
    for weights in (None, "trained"):
        network = load_small(name, weights, dataset)
        assert input_channels(network) == channels
        assert info(network).trained == bool(weights)


def test_what_cannot_be_gets_a_sentence():
    with pytest.raises(CourseError, match="VGG11 has no form for 'cifar10'"):
        load_small("vgg11", None, "cifar10")
    with pytest.raises(CourseError, match="Did you mean 'lenet'"):
        dataset_for(["lenett"])
