"""kernels() through its traits: what it sends are the weights of the first convolution."""

import numpy as np
import pytest
import torch
from torch import nn

from course_utils import CourseError, kernels, load_network
from course_utils.networks import LeNet
from course_utils.widgets.kernels.widget import first_convolution, painted, random_start


def sent(widget) -> np.ndarray:
    """The weights as the page gets them, `(sides, kernels, C, h, w)`."""
    shape = (len(widget.view["sides"]), *widget.view["shape"])
    return np.frombuffer(widget.weights, np.float32).reshape(shape)


def first_weight(name: str, dataset: str, weights: str | None = "auto") -> np.ndarray:
    network = load_network(name, weights=weights, dataset=dataset)
    return first_convolution(network).weight.detach().numpy()


both_forms = pytest.mark.parametrize(
    ("name", "dataset", "status"),
    [
        ("lenet", "digits", "trained on MNIST"),
        ("lenet_1998", "digits", "trained on MNIST"),
        ("lenet-cifar10", "cifar10", "trained on CIFAR-10"),
    ],
)


@both_forms
def test_trained_kernels_stand_beside_untrained_ones_on_one_scale(name, dataset, status):
    widget, registered = kernels(name), name.partition("-")[0]
    trained, untrained = sent(widget)
    np.testing.assert_array_equal(trained, first_weight(registered, dataset))
    np.testing.assert_array_equal(untrained, first_weight(registered, dataset, None))
    assert widget.view["limit"] == np.abs(sent(widget)).max()
    assert [side["name"] for side in widget.view["sides"]] == [status, "untrained"]
    assert widget.view["hint"] == ""


def test_kernels_of_one_channel_are_blue_white_and_red():
    widget = kernels("lenet")
    assert not widget.view["colour"]
    assert widget.view["across"] == 3
    assert "white is 0" in widget._scale_text()
    assert kernels("lenet-cifar10").view["colour"]


def test_untrained_network_says_so_and_how_to_get_weights():
    widget = kernels("vgg11")
    assert len(sent(widget)) == 1
    assert widget.view["size"] == (64, 3, 3, 3)
    assert widget.view["sides"][0]["name"] == "untrained"
    assert "load_network('vgg11'" in widget.view["hint"]
    assert "untrained" in repr(widget)


def test_network_can_be_chosen_and_a_wrong_name_changes_nothing():
    widget = kernels("lenet")
    widget.network = "efficientnet_lite0"
    assert widget.view["size"] == (32, 3, 3, 3)
    before = widget.weights
    with pytest.raises(CourseError, match="Did you mean 'lenet'"):
        widget.network = "lennet"
    assert "lennet" in widget.error
    assert (widget.network, widget.weights) == ("efficientnet_lite0", before)


def test_any_network_with_a_convolution_stands_beside_a_random_start():
    network = nn.Sequential(nn.ReLU(), nn.Sequential(nn.Conv2d(3, 4, 5)))
    state = torch.random.get_rng_state()
    given, start = sent(kernels(network))
    assert torch.equal(torch.random.get_rng_state(), state)
    np.testing.assert_array_equal(given, network[1][0].weight.detach().numpy())
    np.testing.assert_array_equal(start, random_start(network[1][0]).detach().numpy())
    assert not np.array_equal(given, start)
    with torch.no_grad():
        network[1][0].weight.fill_(2.0)
    assert (sent(kernels(network))[0] == 2).all()


@pytest.mark.parametrize(
    ("channels", "colour", "across"), [(1, False, 3), (3, True, 3), (5, False, 5), (40, False, 16)]
)
def test_kernels_of_any_number_of_channels_are_shown(channels, colour, across):
    widget = kernels(nn.Sequential(nn.Conv2d(channels, 6, 3)))
    assert widget.view["colour"] == colour
    assert widget.view["across"] == across
    assert sent(widget).shape == (2, 6, min(channels, 16), 3, 3)
    assert widget.view["size"][1] == channels
    assert widget.still()


@pytest.mark.parametrize("network", [nn.Sequential(nn.Linear(3, 2)), 3, "lennet"])
def test_what_has_no_kernels_is_an_error(network):
    with pytest.raises(CourseError):
        kernels(network)


def test_mid_grey_is_zero_and_the_ends_are_the_largest_weight():
    weights = np.zeros((2, 3, 1, 1), np.float32)
    weights[0, :, 0, 0] = [2, -2, 1]
    image = painted(weights, 2.0, across=2)
    assert image[0, 0].tolist() == [255, 0, 191, 255]
    assert image[0, -1].tolist() == [128, 128, 128, 255]
    weights[1] = 0.5
    assert painted(weights, 2.0, 2, own_scale=True)[0, -1].tolist() == [255, 255, 255, 255]


def test_signed_kernels_are_white_at_zero_blue_below_and_red_above():
    weights = np.array([-1, 0, 1], np.float32).reshape(3, 1, 1, 1)
    blue, white, red = painted(weights, 1.0, across=3)[0, :, :3].astype(int)
    assert blue[2] > blue[0]
    assert white.min() > 240
    assert red[0] > red[2]


def test_text_says_what_is_seen():
    widget = kernels("lenet")
    strongest = int(np.square(first_weight("lenet", "digits")).sum((1, 2, 3)).argmax())
    text = widget.view["sides"][0]["description"]
    assert "6 kernels 1 × 5 × 5 of the first convolution of LeNet, trained on MNIST" in text
    assert text.endswith(f"strongest: kernel {strongest}")
    assert widget.still().alt.startswith(text)
    said = "kernels: 6 kernels 1 × 5 × 5 of LeNet (trained on MNIST beside untrained)"
    assert repr(widget) == said


def test_first_convolution_is_that_of_the_first_layer():
    network = LeNet()
    assert first_convolution(network) is network.features[0]
