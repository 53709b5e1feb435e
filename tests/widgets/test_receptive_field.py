"""receptive_field() through its traits, and its figures: they show what PyTorch computes."""

import numpy as np
import pytest
import torch
from torch import nn

from course_utils import CourseError, layers, load_network
from course_utils.networks import effective_field
from course_utils.widgets.receptive_field.drawing import stacks_figure
from course_utils.widgets.receptive_field.stacks import stacks
from course_utils.widgets.receptive_field.widget import in_rows, receptive_field


@pytest.fixture
def lenet():
    return receptive_field("lenet", "coffee")


both_forms = pytest.mark.parametrize(
    ("name", "dataset"), [("lenet", "digits"), ("lenet-cifar10", "cifar10")]
)


def heat(widget) -> np.ndarray:
    return np.frombuffer(widget.heat, np.float32).reshape(widget.view["input"][1:])


def test_it_begins_in_the_middle_of_a_layer_that_sees_less_than_half(lenet):
    assert (lenet.layer, lenet.row, lenet.column, lenet.channel) == ("conv2", 5, 5, -1)
    assert repr(lenet) == (
        "receptive_field: conv2 of LeNet (trained on MNIST) for coffee, "
        "row 5, column 5, mean of all channels: 14 × 14 pixels can reach it"
    )


def test_a_network_that_reads_digits_begins_with_one():
    assert receptive_field("lenet").image == receptive_field("lenet_1998").image == "seven"
    assert receptive_field("lenet-cifar10").image == "cat"


@both_forms
def test_heat_and_map_are_those_of_the_unit(name, dataset):
    widget = receptive_field(name, "coffee")
    widget.row, widget.column, widget.channel = 0, 9, 3
    network = load_network("lenet", dataset=dataset)
    expected = effective_field(network, "coffee", "conv2", 0, 9, 3)
    np.testing.assert_array_equal(heat(widget), expected.gradient.numpy())
    shown = np.frombuffer(widget.map, np.float32).reshape(widget.view["map"])
    np.testing.assert_array_equal(shown, expected.values.numpy())


def test_page_gets_the_reach_of_every_unit_once_for_each_network(lenet):
    field = layers(load_network("lenet"))[3].field
    sent = lenet.layers[3]
    assert sent["name"] == "conv2"
    assert sent["rows"] == {"size": 14, "jump": 2, "start": 0, "spans": field.rows.spans}
    assert sent["row"] == ["conv2", 5, 1, 0, 1, "16×10×10", 2, "14×14"]
    assert [layer["name"] for layer in lenet.layers][-5:] == ["fc1", "relu3", "fc2", "relu4", "fc3"]
    assert "flatten1" not in [layer["name"] for layer in lenet.layers]
    messages = []
    lenet.observe(messages.append, "layers")
    lenet.row = 2
    assert messages == []
    lenet.network = "alexnet"
    assert len(messages) == 1


def test_layer_without_maps_begins_with_its_largest_unit(lenet):
    lenet.layer = "fc3"
    logits = np.frombuffer(lenet.map, np.float32)
    assert lenet.channel == logits.argmax()
    assert lenet.view["unit"].startswith(f"unit {lenet.channel} (")
    assert "the whole image can reach it" in repr(lenet)
    lenet.channel = 2
    assert lenet.view["unit"] == "unit 2 (2)"
    lenet.network = "lenet-cifar10"
    assert lenet.view["unit"] == "unit 2 (bird)"


def test_unit_outside_becomes_the_nearest(lenet):
    lenet.row, lenet.column = 99, -1
    assert (lenet.row, lenet.column) == (9, 5)
    lenet.layer = "pool2"
    assert (lenet.row, lenet.column) == (4, 4)
    lenet.layer = "conv1"
    lenet.row = lenet.column = 27
    lenet.network = "efficientnet_lite0"  # it has this layer, and a unit there
    assert (lenet.layer, lenet.row, lenet.column) == ("conv1", 27, 27)
    lenet.layer = "avgpool1"
    assert (lenet.row, lenet.column) == (0, 0)


def test_what_is_clipped_is_said():
    alexnet = load_network("alexnet", weights=None)
    widget = receptive_field(alexnet, "cat", "conv3", row=0, column=0)
    assert "99 × 99 pixels can reach it, 65 × 65 of them inside the image" in repr(widget)
    assert "of 4,225 pixels" in widget.view["effect"]


def test_wrong_names_are_said_and_change_nothing(lenet):
    with pytest.raises(CourseError, match="Did you mean 'conv1'"):
        lenet.layer = "conv11"
    assert lenet.layer == "conv2"
    assert "conv11" in lenet.error
    lenet.layer = "conv1"
    assert lenet.error == ""
    with pytest.raises(CourseError, match="no network"):
        receptive_field("lanet")
    with pytest.raises(CourseError, match="no layer to look at"):
        receptive_field(nn.Sequential(nn.Flatten(2)))


class OwnNetwork(nn.Module):
    """Its pooling is no module, so arithmetic cannot follow."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 3)
        self.fc = nn.Linear(4 * 13 * 13, 5)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.conv1(x), 2)
        return self.fc(self.conv2(x).flatten(1))


def test_ones_own_network_with_a_step_that_is_no_layer():
    widget = receptive_field(OwnNetwork(), "cat", "conv2")
    assert "not known" in repr(widget)
    assert "rows" not in widget.layers[1]
    assert heat(widget).any()
    assert widget.still().alt.startswith("conv2 of OwnNetwork (untrained)")


class Shuffled(nn.Module):
    """Layers whose shapes fit one another, though a step between them moves pixels."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x):
        return self.conv2(self.conv1(x).flip(-1))


def test_arithmetic_that_the_gradient_contradicts_is_not_trusted():
    widget = receptive_field(Shuffled(), "cat", "conv2", row=3, column=3)
    assert "outside the box" in widget.view["effect"]


def test_unit_that_is_switched_off_is_said():
    network = nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU())
    with torch.no_grad():
        network[0].bias.fill_(-1e6)
    assert "No pixel changes" in receptive_field(network, "cat", "relu1").view["effect"]


def test_comparison_counts_what_pytorch_counts(lenet):
    lenet.show = "stacks"
    small, large = lenet.stacks
    assert (small["parameters"], large["parameters"]) == (184640, 495680)
    assert small["effect"] == stacks(5)[0].effect.flatten().tolist()
    assert repr(lenet) == "receptive_field: 5 of 3×3 and 1 of 11×11 see 11 × 11"
    lenet.depth = 3
    assert lenet.stacks[1]["name"] == "1 of 7×7"


def test_still_forms_show_and_describe_the_choice(lenet):
    still = lenet.still()
    assert still.png().startswith(b"\x89PNG")
    assert still.alt.startswith("conv2 of LeNet (trained on MNIST) for coffee, row 5, column 5")
    assert lenet.view["effect"] in still.alt
    lenet.layer = "fc1"
    assert "the whole image" in lenet.still().alt
    lenet.show = "stacks"
    assert lenet.still().alt.startswith("5 of 3×3: sees 11 × 11 pixels, 184,640 parameters")


def test_units_in_rows():
    assert in_rows(np.arange(10.0)[None]).shape == (1, 10)
    rows = in_rows(np.arange(84.0)[None])
    assert rows.shape == (9, 10)
    assert rows[8, 3] == 83
    assert np.isnan(rows[8, 4:]).all()


def test_the_figure_of_two_stacks_says_what_it_shows():
    assert "1 of 7×7: sees 7 × 7 pixels, 200,768 parameters" in stacks_figure(stacks(3)).alt
