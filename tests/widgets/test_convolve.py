"""convolve() through its traits: what it sends is what PyTorch computes with."""

import json

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils import CourseError, activations, convolve, load_network, open_image
from course_utils.images.preprocessing import normalize, to_tensor
from course_utils.widgets.convolve.convolution import kernel_weights
from course_utils.widgets.convolve.still import shown, written

TYPED = json.dumps({"weights": [[[[0, 0, 0], [0, 2, 0], [0, 0, 0]]]], "bias": [5]})


def input_of(widget) -> torch.Tensor:
    """What the page gets to multiply the kernel with, `(1, channels, H, W)`."""
    values = torch.frombuffer(bytearray(widget.values), dtype=torch.float32)
    return values.reshape(1, *widget.view["shape"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0, "0"), (-0.0, "0"), (1 / 9, "0.111"), (-0.0004, "0"), (113.4444, "113.4")),
        *((-1020.0, "−1020"), (0.0625, "0.063"), (12.345678, "12.35"), (1e6, "1000000")),
        (float("-inf"), "−∞"),
    ],
)
def test_numbers_are_short_and_rounded_half_up(value, text):
    assert shown(value) == text


@pytest.mark.parametrize(
    ("weight", "text"),
    [(-1.0, "−1"), (-0.0, "0"), (1 / 9, "1/9"), (-1 / 27, "−1/27"), (3**0.5, "1.73")],
)
def test_weights_are_fractions_where_decimals_would_say_less(weight, text):
    assert written(weight) == text


def test_grey_and_colour_are_brightnesses():
    widget = convolve("cat", longest=48)
    small = open_image("cat").resize((48, 32))
    assert np.array_equal(input_of(widget)[0, 0], np.array(small.convert("L")))
    widget.channels = 3
    assert np.array_equal(input_of(widget)[0].permute(1, 2, 0), np.array(small))
    assert widget.pixels == small.tobytes()


def test_outputs_are_those_of_conv2d():
    widget = convolve("cat", "edges", channels=3, stride=3, padding=2, dilation=2)
    weights = kernel_weights("edges", 3, 3)
    expected = F.conv2d(input_of(widget).double(), weights, None, 3, 2, 2)[0]
    assert torch.equal(widget.outputs(), expected)
    assert torch.equal(widget.weights, weights)
    assert repr(widget) == (
        "convolve: edges 3 × 3 on cat, stride 3, padding 2, dilation 2: 3 × 43 × 64 → 4 × 15 × 22"
    )


def test_pooling_is_that_of_pytorch():
    widget = convolve("coffee", "max pooling", size=3, stride=2, padding=1)
    x = input_of(widget).double()
    assert torch.equal(widget.outputs(), F.max_pool2d(x, 3, 2, 1)[0])
    widget.kernel = "average pooling"
    assert torch.equal(widget.outputs(), F.avg_pool2d(x, 3, 2, 1)[0])
    assert len(widget.weights) == 0


@pytest.mark.parametrize(
    ("name", "dataset", "channels"), [("lenet", "digits", 1), ("lenet-cifar10", "cifar10", 3)]
)
def test_first_layer_gets_what_the_network_gets(name, dataset, channels):
    """The network's own kernels, bias and normalisation: its first map, but for the crop."""
    widget = convolve("cat", "first layer", network=name, longest=32)
    network = load_network("lenet", dataset=dataset)
    layer, preprocessing = network.features[0], network.info.preprocessing
    small = to_tensor(open_image("cat").resize((32, 21)), channels)
    x = normalize(small, preprocessing.mean, preprocessing.std)[None]
    with torch.no_grad():
        expected = layer(x)[0]
    assert torch.allclose(widget.outputs().float(), expected, atol=1e-5)
    assert (widget.size, widget.channels, widget.view["trained"]) == (5, channels, True)


def test_a_digit_under_the_kernels_of_the_network_that_reads_it():
    widget = convolve("seven", "first layer", longest=28)
    expected = activations(load_network("lenet"), "seven")["conv1"][0, :, 2:-2, 2:-2]
    assert torch.allclose(widget.outputs().float(), expected, atol=1e-5)
    assert widget.still().png()


def test_a_network_of_ones_own_and_one_that_does_not_fit():
    torch_net = nn.Sequential(nn.Conv2d(1, 2, (3, 5), bias=False))
    widget = convolve("camera", "first layer", network=torch_net)
    assert widget.outputs().shape == (2, 62, 60)
    with pytest.raises(CourseError, match="no convolution of an image"):
        convolve("camera", "first layer", network=nn.Linear(3, 3))


def test_what_was_typed_stays_until_another_kernel_is_chosen():
    widget = convolve("cat", "blur")
    widget.typed = TYPED
    widget.image, widget.stride = "coffee", 2
    assert widget.typed == TYPED
    assert "blur (changed)" in repr(widget)
    assert torch.equal(widget.outputs()[0], 2 * input_of(widget)[0, 0, 1:-1:2, 1:-1:2] + 5)
    widget.size = 5
    assert torch.equal(widget.weights, kernel_weights("blur", 5))
    assert (widget.bias.tolist(), widget.typed) == ([0.0], "")


def test_what_is_typed_over_has_another_name():
    widget = convolve("cat", "vertical edges")
    assert "vertical edges, row" in widget.still().alt
    widget.typed = TYPED
    assert "vertical edges, changed, row" in widget.still().alt


def test_weights_of_ones_own_are_cut_and_filled():
    widget = convolve("cat", [[1, 2], [3, 4]])
    assert (widget.kernel, widget.size) == ("own", 2)
    widget.size = 3
    assert widget.weights.tolist() == [[[[1, 2, 0], [3, 4, 0], [0, 0, 0]]]]
    widget.channels = 3
    assert widget.outputs().shape[0] == 1
    widget.size = 1
    assert widget.weights.flatten().tolist() == [4, 4, 4]


def test_a_scene_brings_its_typed_weights_back():
    widget = convolve("cat", "edges")
    widget.set_state({"kernel": "blur", "typed": TYPED, "row": 3, "column": 4})
    assert (widget.kernel, widget.typed, widget.error) == ("blur", TYPED, "")
    assert widget.place() == (0, 3, 4)
    widget.set_state({"kernel": "edges", "typed": TYPED})  # one map for four kernels: not its own
    assert (widget.kernel, widget.typed) == ("edges", "")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"size": 7, "dilation": 4, "longest": 24}, "reaches over 25 pixels"),
        ({"stride": 0}, "stride is 0"),
        ({"kernel": "max pooling", "size": 2, "padding": 2}, "at most 1"),
        ({"kernel": "average pooling", "dilation": 2}, "knows no dilation"),
        ({"kernel": "sharpe"}, "Did you mean 'sharpen'"),
        ({"channels": 2}, "1 channel"),
        ({"longest": 1000}, "8 to 128"),
        ({"stride": 1.5}, "whole number"),
        ({"image": "dgo"}, "no sample image"),
        ({"network": "lenett", "kernel": "first layer"}, "Did you mean 'lenet'"),
        ({"kernel": [1, 2, 3]}, "has the shape"),
        ({"kernel": [["a"]]}, "table of numbers"),
    ],
)
def test_what_cannot_be_is_a_sentence(settings, words):
    with pytest.raises(CourseError, match=words):
        convolve(**settings)


def test_after_a_mistake_it_is_as_before():
    widget = convolve("house", "laplace", size=3)
    for name, value in (("dilation", 5), ("size", 4), ("stride", 0), ("typed", "[1")):
        before = getattr(widget, name)
        with pytest.raises(CourseError):
            setattr(widget, name, value)
        assert getattr(widget, name) == before
    widget.set_state({"stride": 0})
    assert widget.error.startswith("The stride is 0")
    widget.stride = 2
    assert (widget.error, widget.outputs().shape) == ("", (1, 18, 31))


def test_a_kernel_that_is_new_comes_in_its_nearest_size():
    widget = convolve("cat", "blur", size=4)
    widget.kernel = "laplace"
    assert widget.size in (3, 5)
    widget.kernel = "how red"
    assert (widget.size, widget.channels) == (1, 3)


@pytest.mark.parametrize("kernel", ["edges", "max pooling", "gaussian"])
def test_still_says_the_sum_that_is_shown(kernel):
    widget = convolve("cat", kernel, padding=1, channels=3)
    widget.row, widget.column = 500, 2  # further than there is: the nearest
    channel, row, column = widget.place()
    assert (channel, row, column) == (0, 42, 2)
    value = shown(float(widget.outputs()[0, 42, 2]))
    still = widget.still()
    assert still.alt.endswith(f"row 42, column 2: {value}")
    bundle, metadata = widget._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == still.alt
