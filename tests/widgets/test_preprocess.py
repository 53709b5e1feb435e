"""preprocess() through its traits, and every order of its steps against what really happens."""

import io
from itertools import permutations

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from course_utils import CourseError, classify, load_network, open_image
from course_utils.images.preprocessing import CIFAR10, IMAGENET, run_steps, steps, to_input
from course_utils.networks import LeNet
from course_utils.widgets import explore, preprocess
from course_utils.widgets.preprocess.orders import (
    NOTHING,
    RIGHT,
    Case,
    Order,
    ask,
    do,
    functions,
    judge,
)
from course_utils.widgets.preprocess.widget import TITLES

OWN = CIFAR10.mean, CIFAR10.std


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def ordered(*names: str) -> str:
    """These steps first, the others after them in their usual order."""
    return ", ".join([*names, *(name for name in RIGHT if name not in names)])


# --- What the page gets --------------------------------------------------------------------------


def test_steps_say_shape_type_and_range():
    widget = preprocess("coffee")
    image, wanted = open_image("coffee"), load_network("efficientnet_lite0").info.preprocessing
    assert [step["name"] for step in widget.view["steps"]] == ["image", *RIGHT]
    results = {**dict(run_steps(image, steps(wanted))), "scale": None}
    results["to tensor"], results["scale"] = results["to tensor"] * 255, results["to tensor"]
    for step in widget.view["steps"]:
        result = results[step["name"]]
        tensor = isinstance(result, torch.Tensor)
        values = result.numpy() if tensor else np.asarray(result)
        assert step["shape"] == str(values.shape)
        assert step["type"] == ("tensor, float32" if tensor else "PIL image, uint8")
        for key in ("min", "max", "mean"):
            assert number(step[key]) == pytest.approx(getattr(values, key)(), rel=5e-3, abs=1e-6)


def test_histograms_count_every_value():
    for step in preprocess("coffee").view["steps"]:
        size = np.prod([int(n) for n in step["shape"].strip("()").split(",")])
        assert sum(map(sum, step["histogram"])) == size


def test_histogram_counts_what_numpy_counts():
    widget = preprocess("coffee", "lenet")
    red = np.asarray(open_image("coffee"))[..., 0]
    expected = np.histogram(red, 48, (0, 255))[0]
    assert widget.view["steps"][0]["histogram"][0] == expected.tolist()


def test_images_of_all_steps_are_sent_one_after_the_other():
    widget = preprocess("coffee", "lenet")
    sizes = [step["height"] * step["width"] * 3 for step in widget.view["steps"]]
    assert sum(sizes) == len(widget.pixels)
    crop = sum(sizes[:2])
    assert widget.pixels[crop : crop + 32 * 32 * 3] == explore("lenet", "coffee").pixels


def test_classes_in_the_right_order_are_those_of_classify():
    widget, expected = preprocess("coffee"), classify(load_network("efficientnet_lite0"), "coffee")
    for shown, (label, share) in zip(widget.view["classes"], expected, strict=True):
        assert shown["label"] == label
        assert shown["share"] == pytest.approx(share, rel=1e-4)


def test_normalisation_changes_values_and_classes():
    widget = preprocess("coffee")
    own = widget.view
    assert [way["name"] for way in own["ways"]] == [*TITLES]
    widget.normalisation = "none"
    assert widget.view["classes"] != own["classes"]
    before, after = widget.view["steps"][4:6]
    assert (before["min"], before["max"]) == (after["min"], after["max"])
    assert "left out" in after["explanation"]
    widget.normalisation = "imagenet"
    assert "0.485" in widget.view["steps"][5]["explanation"]
    for name, way in zip(TITLES, widget.view["ways"], strict=True):
        widget.normalisation = name
        assert widget.view["classes"][0]["label"] == way["label"]


def test_std_that_many_copy_makes_values_too_large():
    widget = preprocess("coffee", "lenet", normalisation="copied")
    assert widget.view["verdict"] == "wrong"
    assert "std 0.2023, 0.1994, 0.201 in place of" in repr(widget)
    own = to_input(open_image("coffee"), CIFAR10)
    std = torch.tensor([0.2023, 0.1994, 0.2010]).view(3, 1, 1)
    largest = (own * torch.tensor(CIFAR10.std).view(3, 1, 1) / std).max().item()
    assert number(widget.view["steps"][-1]["max"]) == pytest.approx(largest, rel=5e-3)


def test_untrained_network_is_not_compared_with_itself():
    widget = preprocess("coffee", "vgg11")
    assert widget.view["ways"] == []
    assert not widget.view["trained"]


def test_preprocess_takes_uploads_and_networks_of_ones_own():
    widget = preprocess("coffee", LeNet())
    file = io.BytesIO()
    open_image("astronaut").resize((300, 200)).save(file, "png")
    widget.upload("me.png", file.getvalue())
    assert repr(widget) == (
        "preprocess: me.png for LeNet (untrained), normalisation own: (200, 300, 3) → (32, 48, 3) "
        "→ (32, 32, 3) → (3, 32, 32) → (3, 32, 32) → (1, 3, 32, 32)"
    )


def test_wrong_order_is_said_in_every_form():
    order = ordered("crop", "resize").split(", ")
    widget = preprocess("coffee", "lenet", order=order, off=["scale"])
    assert widget.view["heading"] == "No error, but wrong"
    for text in (repr(widget), widget.still().alt):
        assert "crop before resize" in text
        assert "scale left out" in text
    assert [step["state"] for step in widget.view["steps"]].count("off") == 1


def test_right_order_again_says_nothing():
    widget = preprocess("coffee", "lenet")
    right = repr(widget)
    widget.order = ordered("batch")
    assert widget.view["verdict"] == "stops"
    assert [step["state"] for step in widget.view["steps"][1:3]] == ["failed", "unreached"]
    assert widget.view["classes"] == []
    assert "batch stopped" in widget.view["answer"]
    widget.order = ordered()
    assert repr(widget) == right


@pytest.mark.parametrize(
    ("trait", "value", "hint"),
    [
        ("normalisation", "imagenett", "Did you mean 'imagenet'"),
        ("to_tensor", "scale", "Did you mean 'scales'"),
        ("off", "batsh", "Did you mean 'batch'"),
        ("order", "crop, resise", "Did you mean 'resize'"),
        ("order", "crop, resize", "has to be in it once"),
        ("order", f"{ordered()}, crop", "has to be in it once"),
    ],
)
def test_choice_that_there_is_not_is_an_error_and_changes_nothing(trait, value, hint):
    widget = preprocess("coffee", "lenet")
    before = (repr(widget), getattr(widget, trait))
    with pytest.raises(CourseError, match=hint):
        setattr(widget, trait, value)
    assert hint in widget.error
    assert (repr(widget), getattr(widget, trait)) == before


@pytest.mark.parametrize(("network", "image"), [("lennet", "cat"), ("lenet", "cot"), (3, "cat")])
def test_bad_arguments_are_an_error(network, image):
    with pytest.raises(CourseError):
        preprocess(image, network)


@pytest.mark.parametrize("off", [[], ["to tensor"]])
def test_still_image_is_small_and_described(off):
    widget = preprocess(off=off)
    data, metadata = widget._repr_mimebundle_()
    assert data["text/plain"] == repr(widget)
    assert len(data["image/png"]) < 250_000
    assert Image.open(io.BytesIO(data["image/png"])).width >= 1000
    assert metadata["image/png"]["alt"] == widget.still().alt


# --- Every order against what happens ------------------------------------------------------------


def case(image, network, *names, wanted=CIFAR10, used=OWN, scales=False) -> Case:
    order = Order(names, wanted, used, scales)
    done = do(image, order)
    return Case(order, done, ask(network, done, wanted), to_input(image, wanted))


def happened(found: Case) -> str:
    """What an order really comes to, without looking at the order."""
    if found.done.failed or found.answer.error:
        return "stops"
    got, should = found.done.last, found.should
    if got.shape[-2:] != should.shape[-2:]:
        return "wrong"
    apart = (got.reshape(should.shape) - should).abs().max().item()
    if apart == 0 and found.done.last.shape == should.shape:
        return "exactly"
    return "nearly" if apart < 0.03 else "wrong"  # Pillow rounds to whole numbers


@pytest.mark.parametrize("scales", [False, True])
def test_every_order_gets_the_verdict_that_it_deserves(scales):
    image, network = open_image("coffee").resize((60, 48)), load_network("lenet")
    allowed = {"right": {"exactly"}, "same": {"exactly", "nearly"}}
    seen = set()
    for count in range(len(RIGHT) + 1):
        for names in permutations(RIGHT, count):
            found = case(image, network, *names, scales=scales)
            kind, sentences = judge(found)
            assert happened(found) in allowed.get(kind, {kind}), (names, sentences)
            assert bool(sentences) == (kind != "right"), names
            assert all(text.endswith(".") for text in sentences), sentences
            seen.add(kind)
    assert seen == {"right", "same", "wrong", "stops"}


R = ("resize", "crop")


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
    found = case(open_image("coffee").resize((60, 48)), load_network("lenet"), *names)
    assert sentence in " ".join(judge(found)[1])


def test_scaled_twice_is_named():
    found = case(open_image("coffee"), load_network("lenet"), *RIGHT, scales=True)
    assert judge(found)[0] == "wrong"
    assert judge(found)[1][0].startswith("scaled twice")


def test_numbers_in_a_sentence_are_those_that_the_network_gets():
    found = case(open_image("coffee"), load_network("lenet"), *R, "to tensor", "normalize", "batch")
    low, high = found.done.last.min().item(), found.done.last.max().item()
    words = judge(found)[1][-1].removeprefix("The network gets values ").split(" in place")[0]
    assert [number(text) for text in words.split(" to ")] == pytest.approx([low, high], rel=5e-3)


def test_small_image_is_cropped_with_a_border():
    found = case(Image.new("RGB", (20, 16), "red"), load_network("lenet"), *RIGHT[1:])
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
    found = case(open_image("coffee").resize(size), load_network("lenet"), *names)
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
    found = case(image, network, *RIGHT[2:], wanted=IMAGENET, used=(IMAGENET.mean, IMAGENET.std))
    assert "multiply-adds: not run here" in found.answer.not_run
    assert judge(found)[0] == "wrong"


def test_normalisation_that_changes_nothing_counts_as_none():
    order = Order(RIGHT, CIFAR10, NOTHING)
    x = functions(order)["normalize"](torch.ones(3, 2, 2))
    assert torch.equal(x, torch.ones(3, 2, 2))
    assert not order.normalizes
