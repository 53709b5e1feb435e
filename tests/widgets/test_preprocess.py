"""preprocess() through its traits; what it says of an order of steps: test_orders.py."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import CourseError, classify, load_network, open_image
from course_utils.images.preprocessing import CIFAR10, run_steps, steps, to_input
from course_utils.networks import LeNet
from course_utils.widgets import explore, preprocess
from course_utils.widgets.preprocess.normalisation import TITLES
from course_utils.widgets.preprocess.orders import RIGHT
from tests.helpers.images import photograph


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


def grey(pixels: bytes, start: int) -> bytes:
    """An image of 32 × 32 in RGB, at `start` of `pixels`, in grey."""
    image = Image.frombytes("RGB", (32, 32), pixels[start : start + 32 * 32 * 3])
    return image.convert("L").convert("RGB").tobytes()


def test_histogram_counts_what_numpy_counts():
    widget = preprocess("coffee", "lenet")
    red = np.asarray(open_image("coffee"))[..., 0]
    expected = np.histogram(red, 48, (0, 255))[0]
    assert widget.view["steps"][0]["histogram"][0] == expected.tolist()


@pytest.mark.parametrize("network", ["lenet", "lenet-cifar10"])
def test_images_of_all_steps_are_sent_one_after_the_other(network):
    widget = preprocess("coffee", network)
    sizes = [step["height"] * step["width"] * 3 for step in widget.view["steps"]]
    assert sum(sizes) == len(widget.pixels)
    crop = sum(sizes[:2])
    shown = widget.pixels[crop:][: 32 * 32 * 3] if network != "lenet" else grey(widget.pixels, crop)
    assert shown == explore(network, "coffee").pixels


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
    widget = preprocess("coffee", "lenet-cifar10", normalisation="copied")
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
    widget.upload("me.png", photograph())
    assert repr(widget) == (
        "preprocess: me.png for LeNet (untrained), normalisation own: (200, 300, 3) → (28, 42, 3) "
        "→ (32, 32, 3) → (1, 32, 32) → (1, 32, 32) → (1, 1, 32, 32)"
    )


def test_a_network_that_reads_digits_begins_with_one_and_shows_it_in_grey():
    widget = preprocess(network="lenet")
    assert repr(widget) == (
        "preprocess: seven for LeNet (trained on MNIST), normalisation own: (28, 28, 3) "
        "→ (28, 28, 3) → (32, 32, 3) → (1, 32, 32) → (1, 32, 32) → (1, 1, 32, 32)"
    )
    tensor = widget.view["steps"][3]
    assert "the three colours become one grey" in tensor["explanation"]
    assert [len(step["histogram"]) for step in widget.view["steps"]] == [3, 3, 3, 1, 1, 1, 1]
    pixels = np.frombuffer(widget.pixels[-32 * 32 * 3 :], np.uint8).reshape(-1, 3)
    assert (pixels == pixels[:, :1]).all()
    assert widget.view["classes"][0]["label"] == "7"
    for name in TITLES:
        widget.normalisation = name
        assert len(widget.view["classes"]) == 5
    assert widget.still().png()


def test_wrong_order_is_said_in_every_form():
    order = ordered("crop", "resize").split(", ")
    widget = preprocess("coffee", "lenet-cifar10", order=order, off=["scale"])
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
