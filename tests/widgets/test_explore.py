"""The widgets through their traits: what they send is what the course computes."""

import gc
import io
import subprocess
import sys
import weakref

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from course_utils import (
    CourseError,
    activations,
    classify,
    layers,
    load_network,
    networks,
    open_image,
)
from course_utils.datasets import load_digits
from course_utils.images.preprocessing import CIFAR10, DIGITS, run_steps, steps, to_input
from course_utils.networks import LeNet, hint, one_pass
from course_utils.widgets import explore
from course_utils.widgets.explore.seen import EXACT, SEEN, look, matching
from course_utils.widgets.shared.maps import coloured, levels, mosaic
from course_utils.widgets.shared.predictions import preprocessing_for
from course_utils.widgets.shared.recent import Recent
from tests.helpers.images import photograph


def sent(widget) -> np.ndarray:
    """The values of the layer as the page gets them, `(C, H, W)`."""
    kind = np.float32 if widget.view["exact"] else np.uint8
    return np.frombuffer(widget.maps, kind).reshape(widget.view["shape"])


@pytest.fixture
def lenet():
    return explore("lenet", "coffee")


@pytest.fixture
def colour():
    return explore("lenet-cifar10", "coffee")


# --- explore() -----------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["conv1", "pool2", "fc3"])
def test_maps_are_the_activations_of_the_layer(lenet, layer):
    lenet.layer = layer
    expected = activations(load_network("lenet"), "coffee")[layer][0].numpy()
    np.testing.assert_array_equal(sent(lenet).ravel(), expected.ravel())
    assert lenet.view["low"] == expected.min()
    assert lenet.view["high"] == expected.max()


def test_large_layers_are_sent_as_levels_of_the_colour_map():
    widget = explore("efficientnet_lite0", "cat")
    expected = activations(load_network("efficientnet_lite0"), "cat")["conv1"][0].numpy()
    assert expected.nbytes > EXACT
    assert not widget.view["exact"]
    np.testing.assert_array_equal(sent(widget), levels(expected))
    low, high = widget.view["low"], widget.view["high"]
    most = max(-low, high)  # the scale goes as far below zero as above
    shown = -most + sent(widget) * (2 * most / 255)
    assert np.abs(shown - expected).max() <= most / 255 * 1.001


def test_image_is_the_one_that_the_network_sees(lenet, colour):
    image = dict(run_steps(open_image("coffee"), steps(CIFAR10)))
    assert colour.pixels == np.asarray(image["crop"]).tobytes()
    assert colour.view["input"] == (3, 32, 32)
    image = dict(run_steps(open_image("coffee"), steps(DIGITS)))["crop"]
    assert lenet.pixels == np.asarray(image.convert("L").convert("RGB")).tobytes()
    assert lenet.view["input"] == (1, 32, 32)


def test_a_network_that_reads_digits_begins_with_one():
    for name in ("lenet", "lenet-digits", "lenet_1998", load_network("lenet")):
        widget = explore(name)
        assert (widget.image, widget.view["classes"][0]["label"]) == ("seven", "7")
    for name in ("lenet-cifar10", "alexnet", load_network("lenet", dataset="cifar10"), LeNet(3)):
        assert explore(name).image == "cat"


def test_a_grey_network_of_ones_own_gets_digits_as_they_are_in_batches():
    network, (x, _) = LeNet(), next(iter(load_digits("test").batches(1)))
    widget = explore(network, "seven", "conv1")
    np.testing.assert_allclose(sent(widget), activations(network, x)["conv1"][0], atol=1e-5)


def test_every_layer_of_the_network_of_1998_is_shown():
    widget, network = explore("lenet_1998"), load_network("lenet_1998")
    for layer, values in activations(network, "seven").items():
        widget.layer = layer
        shape = widget.view["shape"]
        np.testing.assert_array_equal(sent(widget), values[0].reshape(shape).numpy())
        assert widget.still().png()
    assert widget.view["units"] == tuple("0123456789")


@pytest.mark.parametrize("name", ["lenet", "lenet_1998", "efficientnet_lite0"])
def test_classes_are_those_of_classify(name):
    widget, expected = explore(name, "coffee"), classify(load_network(name), "coffee")
    for shown, (label, share) in zip(widget.view["classes"], expected, strict=True):
        assert shown["label"] == label.removesuffix(" (untrained)")
        assert shown["share"] == pytest.approx(share, rel=1e-4)


def test_networks_layers_and_images_can_be_chosen(lenet):
    names = [network["name"] for network in lenet.networks]
    assert [name for name in names if "-" not in name] == networks()
    assert [layer["name"] for layer in lenet.layers][:3] == ["conv1", "relu1", "pool1"]
    assert lenet.layers[0]["shape"] == "6 × 28 × 28"
    assert {"cat", "house"} < set(lenet.images)


def test_each_form_of_a_network_can_be_chosen(lenet):
    """Without ImageNet's weights "alexnet" is the small form; the other has a name of its own."""
    titles = {network["name"]: network["title"] for network in lenet.networks}
    assert titles["alexnet"] == load_network("alexnet").info.title
    for name, dataset in (("alexnet-imagenet", "imagenet"), ("alexnet-cifar10", "cifar10")):
        lenet.network = name
        known = load_network("alexnet", dataset=dataset).info
        assert (lenet.view["title"], lenet.view["status"]) == (known.title, known.status)
        assert titles[lenet.network] == known.title
    lenet.network = "lenet-digits"
    assert lenet.network == "lenet"
    lenet.network = "lenet-cifar10"
    assert (lenet.network, lenet.view["title"]) == ("lenet-cifar10", "LeNet for colour images")
    with pytest.raises(CourseError, match="no network 'lenet-imagenet'"):
        lenet.network = "lenet-imagenet"


def test_a_network_that_is_given_leaves_its_other_form_in_the_list():
    widget = explore(load_network("alexnet", dataset="imagenet"), other="alexnet-cifar10")
    names = [network["name"] for network in widget.networks]
    assert len(names) == len(set(names))
    assert widget.view["title"] == "AlexNet"
    assert widget.view["other"]["title"] == "AlexNet for 32 × 32"


def test_untrained_is_said_wherever_its_output_shows():
    widget = explore(load_network("alexnet", weights=None))
    assert widget.view["status"] == "untrained"
    assert not widget.view["trained"]
    for text in (repr(widget), widget.view["description"], widget.still().alt):
        assert "(untrained)" in text
    assert "trained on ImageNet" in repr(explore("efficientnet_lite0"))


def test_new_network_keeps_the_layer_if_it_has_it_and_shows_its_first_if_not():
    widget = explore("alexnet", layer="conv2")
    widget.network = "lenet"
    assert widget.layer == "conv2"
    widget.network = "alexnet"
    widget.layer = "conv5"
    widget.network = "lenet"
    assert widget.layer == "conv1"


def test_text_says_what_is_seen_and_is_stable(lenet):
    status = load_network("lenet").info.status
    lenet.layer = "pool2"
    expected = f"explore: 16 feature maps of layer pool2 of LeNet ({status}) for coffee, 16 × 5 × 5"
    assert repr(lenet) == expected
    assert repr(explore("lenet", "coffee", "pool2")) == expected


def test_alternative_text_names_the_brightest_channel(lenet):
    maps = activations(load_network("lenet"), "coffee")["conv1"][0]
    brightest = int(maps.mean((1, 2)).argmax())
    assert lenet.view["description"].endswith(f"brightest: channel {brightest}")
    lenet.layer = "fc1"
    assert "120 units of layer fc1" in lenet.view["description"]


def test_last_layer_names_its_units(lenet):
    lenet.layer = "fc3"
    assert lenet.view["units"][3] == "3"
    lenet.layer = "fc2"
    assert not lenet.view["units"]
    lenet.network, lenet.layer = "lenet-cifar10", "fc3"
    assert lenet.view["units"][3] == "cat"


def test_levels_go_from_dark_to_bright_on_either_scale():
    maps = np.array([[[0.0, 1.0]], [[2.0, 4.0]]], np.float32)
    assert levels(maps).ravel().tolist() == [0, 64, 128, 255]
    assert levels(maps, own_scale=True).ravel().tolist() == [0, 255, 0, 255]
    assert levels(np.ones((2, 1, 1))).ravel().tolist() == [0, 0]


def test_zero_is_white_where_there_are_values_below_it():
    maps = np.array([[[-1.0, 0.0]], [[0.5, 0.5]]], np.float32)
    assert levels(maps).ravel().tolist() == [0, 128, 191, 191]
    assert levels(maps, own_scale=True).ravel().tolist() == [0, 128, 255, 255]
    below, zero, *_ = coloured(maps).reshape(-1, 3).tolist()
    assert min(zero) > 240
    assert below[2] > below[0], "blue"


def test_mosaic_has_maps_side_by_side_and_nothing_between_them():
    image = mosaic(np.zeros((3, 4, 4), np.float32), across=2)
    assert image.shape == (9, 9, 4)
    alpha = image[..., 3]
    assert (alpha[:4, :4] == 255).all()
    assert (alpha[4] == 0).all()
    assert (alpha[5:, 5:] == 0).all()  # there is no fourth map


# --- A network of one's own ----------------------------------------------------------------------


class Branches(nn.Module):
    """Its last layer is not its output."""

    def __init__(self):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(3, 4, 3), nn.Linear(4, 7)

    def forward(self, x):
        return -self.fc(self.conv(x).mean((2, 3)))


def test_any_module_can_be_explored():
    network = Branches().eval()
    widget = explore(network, "cat")
    assert widget.networks[0]["title"] == "Branches"
    x = to_input(open_image("cat"))
    with torch.no_grad():
        best = int(network(x).argmax())
    assert widget.view["classes"][0]["label"] == f"class {best}"
    widget.network = "lenet"
    widget.network = "Branches"
    assert widget.view["title"] == "Branches"


def test_size_and_channels_are_found_for_a_network_that_does_not_say_them():
    widget = explore(LeNet(), "cat")  # takes 1 × 32 × 32
    assert widget.view["input"] == (1, 32, 32)


def test_a_loaded_network_stands_under_its_own_name():
    network = load_network("lenet")
    widget = explore(network, "cat")
    assert widget.network == "lenet"
    assert [network["name"] for network in widget.networks].count("lenet") == 1
    with torch.no_grad():
        network.features[0].bias.add_(1)
    widget.image = "coffee"
    widget.image = "cat"  # trained since it was shown: computed anew
    expected = activations(network, "cat")["conv1"]
    np.testing.assert_array_equal(sent(widget), expected[0].numpy())


def test_output_that_is_no_list_of_classes_is_no_error():
    widget = explore(nn.Sequential(nn.Conv2d(3, 5, 3)), "cat")
    assert widget.view["classes"] == []
    assert widget.still()


# --- The diagram, and two sides ------------------------------------------------------------------


def test_diagram_has_what_layers_counts(lenet):
    counted = layers(load_network("lenet"))
    assert [box["name"] for box in lenet.layers] == [layer.name for layer in counted]
    for box, layer in zip(lenet.layers, counted, strict=True):
        assert tuple(box["size"]) == layer.output_shape
        assert box["parameters"] == layer.parameters
        assert box["multiply_adds"] == layer.multiply_adds


class Odd(nn.Module):
    """Looks at its values, branches, and has layers of shapes that are no maps."""

    def __init__(self):
        super().__init__()
        self.conv, self.turn = nn.Conv2d(3, 4, 3), nn.Flatten(2)
        self.left, self.right = nn.ReLU(), nn.Tanh()

    def forward(self, x):
        x = self.conv(x)
        branch = self.left if float(x.mean()) > 0 else self.right
        return self.turn(branch(x) + self.right(x)), x


def test_network_that_looks_at_its_values_and_branches_is_drawn_with_its_costs():
    widget = explore(Odd(), "cat")
    assert {"conv1", "flatten1"} < {box["name"] for box in widget.layers}
    assert {box["parameters"] for box in widget.layers} == {0, 112}
    for box in widget.layers:
        widget.layer = box["name"]
    assert widget.view["classes"] == []
    assert widget.still()


def test_network_whose_layers_give_no_tensors_is_an_error():
    class Pair(nn.Module):
        def forward(self, x):
            return x, x

    with pytest.raises(CourseError, match="nothing to show"):
        explore(Pair(), "cat")


def test_untrained_network_says_how_to_get_weights(lenet):
    assert lenet.view["hint"] == ""
    network = load_network("alexnet", weights=None)
    assert explore(network).view["hint"] == hint(network) != ""


def beside(widget) -> np.ndarray:
    """The values of the second side as the page gets them."""
    view = widget.view["other"]
    kind = np.float32 if view["exact"] else np.uint8
    return np.frombuffer(widget.other_maps, kind).reshape(view["shape"])


def test_second_image_stands_beside_the_first(lenet):
    lenet.other = "cat"
    for layer in ("conv1", "pool2"):
        lenet.layer = layer
        for image, shown in (("coffee", sent(lenet)), ("cat", beside(lenet))):
            expected = activations(load_network("lenet"), image)[layer][0]
            np.testing.assert_array_equal(shown, expected)
    assert lenet.other_pixels == explore("lenet", "cat").pixels
    assert " beside " in repr(lenet)
    assert "for cat" in lenet.still().alt
    lenet.other = ""
    assert "other" not in lenet.view


def test_same_network_untrained_stands_beside_the_trained_one(lenet):
    assert "untrained" in [choice["name"] for choice in lenet.others]
    lenet.other = "untrained"
    expected = activations(load_network("lenet", weights=None), "coffee")["conv1"][0]
    np.testing.assert_array_equal(beside(lenet), expected)
    assert lenet.view["other"]["status"] == "untrained"
    network = load_network("alexnet", weights=None)
    assert explore(network, other="untrained").other == ""  # it is untrained itself


def test_second_network_shows_the_layer_that_stands_for_the_first(lenet):
    lenet.other = "alexnet"
    lenet.layer = "fc3"
    assert lenet.view["other"]["layer"] == "fc3"
    assert lenet.view["other"]["match"]["conv2"] == "conv2"
    np.testing.assert_array_equal(
        beside(lenet).ravel(), activations(load_network("alexnet"), "coffee")["fc3"][0]
    )


def test_layers_match_by_name_then_by_kind_and_depth():
    assert matching("conv2", ["conv1", "conv2"], ["conv1", "conv2", "conv3"]) == "conv2"
    assert matching("conv3", ["conv1", "conv2", "conv3"], ["conv1", "conv2", "fc1"]) == "conv2"
    assert matching("pool1", ["conv1", "pool1"], ["conv1", "conv2"]) == "conv2"


def test_networks_of_ones_own_keep_apart_when_they_bear_one_name():
    first, second = LeNet(in_channels=3), LeNet(in_channels=3)
    widget = explore(first, "cat", other=second)
    np.testing.assert_array_equal(beside(widget), activations(second, batch())["conv1"][0])
    assert not np.array_equal(sent(widget), beside(widget))
    assert explore("lenet", "cat", other=Image.new("RGB", (50, 50))).other == "your image"


def batch() -> torch.Tensor:
    """What a LeNet of one's own gets for the cat."""
    return dict(run_steps(open_image("cat"), steps(preprocessing_for(LeNet(in_channels=3)))))[
        "batch"
    ]


@pytest.mark.parametrize("name", ["lennet", "cot"])
def test_unknown_name_beside_is_an_error(lenet, name):
    with pytest.raises(CourseError, match="Did you mean"):
        lenet.other = name
    assert lenet.other == ""
    with pytest.raises(CourseError, match="Did you mean"):
        explore("lenet", other=name)


def test_channel_is_shown_large_in_the_still_and_kept_by_a_scene():
    widget = explore("lenet", "coffee", channel=4)
    assert widget.state()["channel"] == 4
    assert "channel 4" in [ax.get_title() for ax in widget.still().axes]
    widget.channel = 99  # there is none: nothing large, no error
    assert widget.still()


# --- Images of one's own -----------------------------------------------------------------------


def test_upload_becomes_one_more_image(lenet):
    lenet.upload("me.png", photograph())
    assert lenet.image == "me.png"
    assert lenet.images[-1] == "me.png"
    lenet.image = "cat"
    lenet.image = "me.png"
    assert "for me.png" in repr(lenet)


def test_upload_does_not_take_the_name_of_a_sample(lenet):
    lenet.upload("cat", photograph())
    assert lenet.image == "cat (yours)"


def test_the_same_name_again_replaces_the_image(lenet):
    lenet.upload("me.png", photograph("astronaut"))
    first = lenet.pixels
    lenet.upload("me.png", photograph("rocket"))
    assert lenet.pixels != first
    assert lenet.images.count("me.png") == 1


def test_only_the_last_uploads_are_kept(lenet):
    for i in range(10):
        lenet.upload(f"{i}.png", photograph(size=(40, 40)))
    own = [name for name in lenet.images if name.endswith(".png")]
    assert own == [f"{i}.png" for i in range(2, 10)]


def test_image_can_be_given_as_anything_that_open_image_takes(tmp_path):
    (tmp_path / "dog.png").write_bytes(photograph())
    assert explore("lenet", tmp_path / "dog.png").image == "dog.png"
    assert explore("lenet", Image.new("RGB", (50, 50))).image == "your image"


# --- Errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trait", "value", "hint"),
    [("network", "lennet", "'lenet'"), ("layer", "conv3", "'conv"), ("image", "cot", "'cat'")],
)
def test_unknown_name_is_an_error_that_shows_and_changes_nothing(lenet, trait, value, hint):
    before = (lenet.network, lenet.image, lenet.layer, lenet.maps)
    with pytest.raises(CourseError, match=f"Did you mean {hint}"):
        setattr(lenet, trait, value)
    assert value in lenet.error
    assert (lenet.network, lenet.image, lenet.layer, lenet.maps) == before
    lenet.layer = "conv2"
    assert lenet.error == ""
    assert lenet.view["layer"] == "conv2"


@pytest.mark.parametrize("data", [b"", b"GIF89a", photograph()[:200], b"<html>"])
def test_broken_upload_is_an_error_and_the_widget_works_on(lenet, data):
    with pytest.raises(CourseError, match=r"me\.png"):
        lenet.upload("me.png", data)
    assert "me.png" in lenet.error
    assert lenet.image == "coffee"
    lenet.upload("me.png", photograph())
    assert lenet.error == ""
    assert lenet.image == "me.png"


def test_error_in_a_change_from_the_page_shows_in_the_widget(lenet):
    lenet.set_state({"layer": "conv9", "seq": 5})
    assert "no layer 'conv9'" in lenet.error
    assert lenet.layer == "conv1"
    assert lenet.view["seq"] == 5  # answered: the page need not wait


def test_bug_in_a_change_from_the_page_shows_in_the_widget(lenet, monkeypatch):
    monkeypatch.setattr(type(lenet), "_look", lambda self, *names: 1 / 0)
    lenet.set_state({"layer": "conv2", "seq": 1})
    assert (
        lenet.error == "Something went wrong that should not: ZeroDivisionError: division by zero"
    )
    monkeypatch.undo()
    lenet.set_state({"layer": "conv2", "seq": 2})
    assert lenet.error == ""
    assert lenet.view["layer"] == "conv2"


def test_broken_upload_from_the_page_shows_in_the_widget(lenet):
    lenet.receive({"upload": "me.png", "seq": 3}, [b"nothing"])
    assert "me.png" in lenet.error
    assert lenet.view["seq"] == 3
    messages = []
    lenet.send_state = lambda key=None: messages.append(set(key))
    lenet.receive({"upload": "me.png", "seq": 4}, [memoryview(photograph())])
    assert len(messages) == 1
    assert lenet.error == ""
    assert (lenet.image, lenet.view["seq"]) == ("me.png", 4)


@pytest.mark.parametrize(
    ("network", "image"), [("lennet", "cat"), ("lenet", "cot"), (3, "cat"), ("lenet", 3.5)]
)
def test_bad_arguments_are_an_error(network, image):
    with pytest.raises(CourseError):
        explore(network, image)


# --- Traffic -------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"layer": "conv2"}, {"image": "cat"}, {"network": "lenet"}])
def test_answer_to_a_change_is_one_message(lenet, monkeypatch, change):
    messages = []
    monkeypatch.setattr(lenet, "send_state", lambda key=None: messages.append(set(key)))
    lenet.set_state({**change, "seq": 1})
    assert [keys for keys in messages if keys] == [messages[0]]
    assert "view" in messages[0]
    assert lenet.view["seq"] == 1


def test_choice_that_comes_back_to_what_is_shown_is_answered(lenet):
    lenet.set_state({"layer": "conv1", "seq": 7})
    assert lenet.view["seq"] == 7


def test_layers_of_a_image_already_seen_run_no_network(lenet, monkeypatch):
    for image in ("coffee", "cat"):
        lenet.image, lenet.layer = image, "pool1"
        lenet.layer = "conv1"  # a second layer: now all are kept
    monkeypatch.setattr(nn.Module, "__call__", None)
    lenet.layer = "conv2"
    lenet.image = "coffee"
    assert "conv2" in repr(lenet)


def test_a_new_image_keeps_the_layer_that_is_shown_until_another_is_asked_for(monkeypatch):
    widget, passes = explore("lenet", layer="conv1"), []
    SEEN.clear()

    def counted(network, x, **options):
        passes.append(options.get("only"))
        return one_pass(network, x, **options)

    monkeypatch.setitem(look.__globals__, "one_pass", counted)
    widget.image = "coffee"
    assert passes == ["conv1"]
    expected = activations(load_network("lenet"), "coffee")
    for layer in ("fc3", "conv1", "pool2"):
        widget.layer = layer
        assert np.allclose(sent(widget).ravel(), expected[layer].ravel())
    assert passes == ["conv1", None]


def test_what_was_seen_keeps_no_network():
    """Two VGGs do not fit into memory."""
    network = LeNet()
    gone = weakref.ref(network)
    seen = [look(network, open_image("coffee"), ("mine", "coffee"), layer) for layer in ("", "fc1")]
    del network
    gc.collect()
    assert gone() is None
    assert [*seen[1].kept] == ["fc1"]


def test_layer_that_the_page_has_is_not_sent_again(lenet):
    before = lenet.maps
    lenet.set_state({"layer": "conv2", "known": True, "seq": 1})
    assert lenet.view["layer"] == "conv2"
    assert not lenet.view["sent"]
    assert lenet.maps is before
    lenet.layer = "pool2"  # from a cell: the page did not say that it has it
    assert lenet.view["sent"]
    np.testing.assert_array_equal(
        sent(lenet), activations(load_network("lenet"), "coffee")["pool2"][0]
    )


def test_page_gets_a_layer_that_it_asks_for(lenet, monkeypatch):
    answers = []
    monkeypatch.setattr(
        lenet, "send", lambda content, buffers=None: answers.append((content, buffers))
    )
    lenet.receive({"want": "pool2", "key": lenet.view["key"]}, [])
    facts, (values,) = answers[0][0]["card"], answers[0][1]
    lenet.layer = "pool2"
    assert values == lenet.maps
    assert {name: lenet.view[name] for name in facts} == facts
    lenet.receive({"want": "pool2", "key": "of an image before"}, [])
    assert answers[1][0] == {}


def test_recent_keeps_what_was_used_last_within_its_limit():
    recent, made = Recent(10, len), []

    def get(key, size):
        return recent.get(key, lambda: made.append(key) or "x" * size)

    for key in ("a", "b", "a", "c", "b"):
        get(key, 4)
    assert made == ["a", "b", "c", "b"]  # c pushed b out, which was used before a
    assert len(get("large", 99)) == 99
    get("a", 4)
    assert made[-2:] == ["large", "a"]


def test_of_values_alike_room_is_made_before_the_next_one():
    """Else twice as much is in memory for a moment, and stays: 90 MB in a kernel of lesson 1."""
    kept = Recent(10, len, alike=True)
    for number in range(3):
        assert kept.get(number, lambda: "too early" if kept._values else "x" * 6) == "xxxxxx"


# --- The still form ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda: explore("alexnet", "cat", "conv2"),
        lambda: explore("efficientnet_lite0", "coffee", "fc1"),
    ],
)
def test_still_image_is_small_and_described(make):
    widget = make()
    data, metadata = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == repr(widget)
    assert len(data["image/png"]) < 250_000
    image = Image.open(io.BytesIO(data["image/png"]))
    assert image.width >= 1000
    assert metadata["image/png"]["alt"] == widget.still().alt


@pytest.mark.parametrize(
    ("layer", "ends"),
    [
        ("relu1", ((68, 1, 84), (253, 231, 37))),  # viridis
        ("conv1", ((5, 48, 97), (103, 0, 31))),  # blue below zero, red above
    ],
)
def test_still_image_has_the_true_ends_of_the_colour_map(layer, ends):
    data, _ = explore("lenet", "coffee", layer)._repr_mimebundle_()
    image = Image.open(io.BytesIO(data["image/png"])).convert("RGB")
    found = {color for _, color in image.getcolors(1 << 20)}
    for r, g, b in ends:
        assert any(abs(r - x) + abs(g - y) + abs(b - z) < 9 for x, y, z in found)


def test_still_image_follows_the_scale(lenet):
    lenet.layer = "conv1"
    shared = lenet.still().png()
    lenet.own_scale = True
    assert lenet.still().png() != shared


def test_a_kernel_that_explores_is_spared_what_it_does_not_need():
    """100 MB of torchvision and sympy, and two seconds: thirty kernels on one machine feel it."""
    code = "import sys; from course_utils import explore; explore('efficientnet_lite0', 'coffee')"
    code += "; assert not {'sympy', 'torchvision'} & {*sys.modules}"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
