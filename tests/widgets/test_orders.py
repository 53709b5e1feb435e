"""What preprocess() says of an order of steps is what really comes of it."""

import pytest
import torch
from PIL import Image
from torch import nn

from course_utils import load_network, open_image
from course_utils.images.preprocessing import CIFAR10, DIGITS, IMAGENET
from course_utils.widgets.preprocess.normalisation import NOTHING
from course_utils.widgets.preprocess.orders import RIGHT, Order, functions
from course_utils.widgets.preprocess.verdict import judge
from tests.helpers.orders import case, colour_lenet, happened, judged


def test_every_order_gets_the_verdict_that_it_deserves():
    """On one image here; tests/slow takes others."""
    judged("cifar10", "coffee", (60, 48), scales=False)


R = ("resize", "crop")
LATE = ("resize", "to tensor", "scale", "normalize", "crop", "batch")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("resize", "crop", "scale", "to tensor"), "scale before to tensor: scale divides numbers"),
        ((*R, "normalize"), "to tensor left out: normalize subtracts"),
        ((*R, "batch", "to tensor"), "batch before to tensor: batch adds a dimension"),
        (R, "to tensor left out: the network takes a float32 tensor"),
        (("crop", "resize", *RIGHT[2:]), "crop before resize: crop cut 32 × 32 out of 48 × 60"),
        (RIGHT[1:], "resize left out: crop cut 32 × 32 out of 48 × 60 pixels, 36 % of the image"),
        (("resize", *RIGHT[2:]), "crop left out: the network gets 32 × 40 pixels"),
        (RIGHT[2:], "resize and crop left out: the network gets 48 × 60 pixels"),
        ((*R, "to tensor", "normalize", "batch"), "scale left out: mean and std are numbers for 0"),
        ((*R, "to tensor", "normalize", "scale", "batch"), "normalized before scaling: the mean"),
        ((*R, "to tensor", "scale", "batch"), "normalize left out: no mean is subtracted"),
        ((*R, "to tensor", "batch"), "scale left out: 0 to 255 stays"),
        (RIGHT[:5], "without the N. Convolutions take a single image too, but then the fully "),
        ((*R, "to tensor", "batch", "scale", "normalize"), "batch before scale and normalize"),
        (
            ("to tensor", "scale", "normalize", *R, "batch"),
            "scale and normalize computed with 8,640",
        ),
        (("to tensor", *R, *RIGHT[3:]), "resize and crop after to tensor: torchvision's take"),
    ],
)
def test_mistakes_are_named(names, sentence):
    found = case(open_image("coffee").resize((60, 48)), colour_lenet(), *names)
    assert sentence in " ".join(judge(found)[1])


def test_scaled_twice_is_named():
    found = case(open_image("coffee"), colour_lenet(), *RIGHT, scales=True)
    assert judge(found)[0] == "wrong"
    assert judge(found)[1][0].startswith("scaled twice")


def test_a_border_that_comes_after_normalize_is_not_black():
    found = case(open_image("seven"), load_network("lenet"), *LATE, wanted=DIGITS)
    assert judge(found)[0] == "wrong"
    assert "puts a border of zeros around 28 × 28 pixels" in judge(found)[1][0]


def test_numbers_in_a_sentence_are_those_that_the_network_gets():
    found = case(open_image("coffee"), colour_lenet(), *R, "to tensor", "normalize", "batch")
    low, high = found.done.last.min().item(), found.done.last.max().item()
    words = judge(found)[1][-1].removeprefix("The network gets values ").split(" in place")[0]
    said = words.replace("−", "-").replace(",", "").split(" to ")
    assert [*map(float, said)] == pytest.approx([low, high], rel=5e-3)


def test_small_image_is_cropped_with_a_border():
    found = case(Image.new("RGB", (20, 16), "red"), colour_lenet(), *RIGHT[1:])
    assert "border of zeros" in judge(found)[1][0]
    assert "%" not in judge(found)[1][0]  # nothing of the image is lost


@pytest.mark.parametrize(
    ("size", "names", "sentence"),
    [
        ((40, 32), RIGHT[1:], "its shorter side 32 already"),
        ((32, 32), RIGHT[2:], "crop left out: what there was has 32 × 32 pixels already"),
        ((40, 32), ("crop", "resize", *RIGHT[2:]), "so resize has nothing to do"),
    ],
)
def test_step_that_changes_nothing_is_no_mistake(size, names, sentence):
    found = case(open_image("coffee").resize(size), colour_lenet(), *names)
    kind, sentences = judge(found)
    assert happened(found) == "exactly"
    assert kind == "same"
    assert any(sentence in text for text in sentences)


def test_network_that_takes_a_single_image_is_no_mistake():
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(0))
    found = case(open_image("coffee"), network, *RIGHT[:5])
    assert judge(found) == (
        "same",
        ["batch left out: this network takes a single image as well."],
    )
    assert found.answer.logits.shape == (1, 4)


def test_what_would_take_too_long_is_not_run_and_said():
    image = Image.new("RGB", (1600, 1200))
    network = load_network("vgg16", weights=None)
    found = case(image, network, *RIGHT[2:], wanted=IMAGENET)
    assert "multiply-adds: not run here" in found.answer.not_run
    assert judge(found)[0] == "wrong"


def test_normalisation_that_changes_nothing_counts_as_none():
    order = Order(RIGHT, CIFAR10, NOTHING)
    x = functions(order)["normalize"](torch.ones(3, 2, 2))
    assert torch.equal(x, torch.ones(3, 2, 2))
    assert not order.normalizes
