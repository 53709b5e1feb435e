"""draw() through its traits: strokes become a digit as MNIST has them, and a network reads it."""

import numpy as np
import pytest
import torch
from torch import nn

from course_utils import CourseError, draw, load_digits, load_network
from course_utils.images import DIGITS, centred, to_input
from course_utils.networks import activations
from course_utils.training import evaluate
from course_utils.widgets.draw.digit import drawn, nearest, whole
from course_utils.widgets.draw.examples import EXAMPLES, SEVEN


def best(widget) -> int:
    return int(np.argmax(widget.view["shares"]))


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A data folder of this test, so that no digit is kept elsewhere."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))


# --- The digit as the network gets it ---


@pytest.mark.parametrize("strokes", [*EXAMPLES.values()], ids=[*EXAMPLES])
def test_a_digit_is_scaled_and_centred_as_those_of_mnist(strokes):
    """Within 20 × 20 pixels, its centre of mass in the pixel below and right of the middle."""
    pixels = np.asarray(centred(np.asarray(drawn(strokes, 0.09))), float)
    rows, columns = np.nonzero(pixels)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    middle = [(pixels.sum(axis) @ (np.arange(28) + 0.5)) / pixels.sum() for axis in (0, 1)]
    assert middle == pytest.approx([14.5, 14.5], abs=0.5)


def test_that_is_how_mnist_is():
    """What the test above asks of strokes holds of the data set itself."""
    images = load_digits("test").images[:1000, 0].double()
    places = torch.arange(28) + 0.5
    total = images.sum((1, 2))
    down = (images.sum(2) @ places.double()) / total
    assert ((down - 14.5).abs() <= 0.5).double().mean() > 0.99


def test_not_centred_it_stays_where_it_was_drawn():
    corner = [[[0.1, 0.1], [0.2, 0.2]]]
    pixels = np.asarray(whole(drawn(corner, 0.05)))
    assert pixels[:8, :8].sum() == pixels.sum() > 0


def test_nothing_drawn_is_black():
    assert not np.asarray(centred(np.asarray(drawn([], 0.09)))).any()


# --- What is read ---


@pytest.mark.parametrize(
    ("example", "digit"),
    [
        ("a seven", 7),
        ("a three", 3),
        ("a seven with a bar", 7),
        ("a seven, tiny and in a corner", 7),
    ],
)
def test_lenet_reads_prepared_strokes(example, digit):
    assert best(draw(example=example)) == digit


def test_centring_is_half_of_the_success():
    """The same tiny seven in a corner: read when it is centred, not when it is left there."""
    widget = draw(example="a seven, tiny and in a corner")
    assert best(widget) == 7
    widget.centred = False
    assert best(widget) != 7


def test_the_maps_are_those_of_every_layer():
    widget = draw()
    network = load_network("lenet")
    found = activations(network, to_input(widget.digit, DIGITS))
    levels, start = np.frombuffer(widget.maps, np.uint8).astype(float), 0
    names = [layer["name"] for layer in widget.view["layers"]]
    assert names == ["conv1", "pool1", "conv2", "pool2", "fc1", "fc2", "fc3"]
    for layer in widget.view["layers"]:
        maps = found[layer["name"]][0].flatten().double().numpy()
        sent = levels[start : start + len(maps)]
        start += len(maps)
        limit = np.abs(maps).max()
        assert np.abs((sent - 127.5) / 127.5 * limit - maps).max() <= limit / 254
    assert start == len(levels)


def test_the_nearest_are_those_of_all_training_digits():
    digit = draw().digit
    images, labels = nearest(digit, 5)
    data = load_digits("train")
    wanted = torch.from_numpy(np.array(digit)).float()
    distances = torch.cat(
        [(p.float() - wanted).square().sum((1, 2)) for p in data.images[:, 0].split(6000)]
    )
    first = distances.topk(5, largest=False).indices
    assert torch.equal(images, data.images[first, 0])
    assert labels == data.labels[first].tolist()


def test_they_are_looked_for_when_the_pen_is_up():
    widget = draw()
    assert widget.view["labels"] == []
    widget.nearest = True
    assert widget.view["labels"][:3] == [7, 7, 7]
    widget.drawing = True
    assert widget.view["labels"] == []


# --- Networks ---


def test_it_offers_networks_that_read_digits_and_ones_own():
    class Mine(nn.Sequential):
        pass

    mine = Mine(nn.Flatten(), nn.Linear(1024, 10))
    names = [each["name"] for each in draw(mine).networks]
    assert names == ["Mine", "lenet", "lenet_1998"]


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (nn.Sequential(nn.Flatten(), nn.Linear(1024, 3)), r"gives a tensor \(1, 3\)"),
        (nn.Conv2d(3, 6, 5), "1 channel|channels"),
        ("lenett", "no network 'lenett'"),
    ],
)
def test_a_network_that_reads_no_digits_is_refused(network, said):
    with pytest.raises(CourseError, match=said):
        draw(network)


# --- What comes from the page ---


@pytest.mark.parametrize("strokes", [[[1, 2]], [[]], "seven", [[[0.5, 9]]], [[["a", "b"]]]])
def test_strokes_that_are_none_leave_the_widget_as_it_was(strokes):
    widget = draw()
    with pytest.raises((CourseError, Exception)):
        widget.strokes = strokes
    assert widget.strokes == SEVEN
    assert best(widget) == 7


def test_an_example_that_there_is_not():
    with pytest.raises(CourseError, match=r"no example 'a sevn'.* Did you mean 'a seven'"):
        draw(example="a sevn")


def test_kept_digits_are_a_data_set(own_folder):
    with pytest.raises(CourseError, match="kept no digit yet"):
        load_digits("own")
    widget = draw()
    widget.receive({"keep": 7}, [])
    widget.example = "a three"
    widget.receive({"keep": 3}, [])
    assert widget.kept == "Kept as 3. load_digits('own') has 2 of yours."
    own = load_digits("own")
    assert str(own) == "Digits, 2 own images"
    assert own.labels.tolist() == [7, 3]
    assert torch.equal(own.images[1, 0], torch.from_numpy(np.array(widget.digit)))
    assert evaluate(load_network("lenet"), own).accuracy == 1


def test_an_empty_pad_or_another_name_is_not_kept(own_folder):
    widget = draw(example="")
    widget.receive({"keep": 7}, [])
    assert "Nothing is drawn yet" in widget.error
    widget.example = "a seven"
    widget.receive({"keep": 10}, [])
    assert "one of 0 to 9" in widget.error


def test_what_it_says_of_itself():
    assert repr(draw()) == "draw: a seven, centred and scaled: LeNet reads 7 (100%)"
    assert repr(draw(example="")) == "draw: nothing is drawn yet"
    assert draw().still().alt == "a seven, centred and scaled: LeNet reads 7 (100%)"
