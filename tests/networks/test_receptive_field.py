"""The box of a unit: whole numbers against the gradient of real networks, pixel by pixel."""

import copy

import pytest
import torch
from torch import nn

from course_utils import layers, load_network
from course_utils.networks import CONFIGURATIONS, effective_field, info, vgg_features


def positive(network: nn.Module) -> nn.Module:
    """A copy in which whatever can reach a unit does: no weight is 0, no maximum hides the rest."""
    network = copy.deepcopy(network).double()
    for path, module in list(network.named_modules()):
        if isinstance(module, nn.MaxPool2d):
            pool = nn.AvgPool2d(module.kernel_size, module.stride, module.padding)
            network.set_submodule(path, pool)
    with torch.no_grad():
        for weights in network.parameters():
            weights.fill_(0.5 / max(1, weights[0].numel()))
    return network


def reached(network: nn.Module, side: int, layer: str, row: int, column: int) -> tuple:
    """(top, left, bottom, right) of the pixels with a gradient."""
    channels = next(m.in_channels for m in network.modules() if isinstance(m, nn.Conv2d))
    x = torch.full((1, channels, side, side), 1e-3, dtype=torch.float64)
    gradient = effective_field(network, x, layer, row, column).gradient
    rows, columns = (gradient.sum(dim=d).nonzero().flatten().tolist() for d in (1, 0))
    return rows[0], columns[0], rows[-1] + 1, columns[-1] + 1


def thin_vgg16() -> nn.Module:
    """All its layers, with two channels each: what can reach a unit does not depend on width."""
    return vgg_features(tuple((2,) * len(block) for block in CONFIGURATIONS["vgg16"]))


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("lenet", ("conv1", "pool1", "conv2", "pool2", "fc2")),
        ("alexnet", ("conv1", "pool2", "conv5", "avgpool1", "fc1")),
        ("vgg16", ("conv2", "conv7", "pool4", "conv13", "pool5")),
        ("efficientnet_lite0", ("conv2", "conv17", "conv49", "fc1")),
    ],
)
def test_box_is_what_the_gradient_of_positive_weights_reaches(name, names):
    network = thin_vgg16() if name == "vgg16" else load_network(name, weights=None)
    side = info(network).preprocessing.crop
    found = {layer.name: layer for layer in layers(network)}
    network = positive(network)
    for layer in names:
        field = found[layer].field
        rows, columns = len(field.rows.spans), len(field.columns.spans)
        for row, column in {(0, 0), (rows // 2, columns // 3), (rows - 1, columns - 2)}:
            box = field.box(row, column % columns)
            assert box == reached(network, side, layer, row, column % columns), layer


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize(
    "module",
    [
        nn.Conv2d(1, 1, 3, dilation=2, padding=2),
        nn.Conv2d(1, 1, (1, 5), stride=(2, 3), padding=(0, 1)),
        nn.Conv2d(1, 1, 4, padding="same", dilation=3),
        nn.Conv2d(1, 1, 3, padding="valid"),
        nn.Conv2d(1, 1, 3, stride=4),
        nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True),
        nn.AdaptiveAvgPool2d((5, 3)),
        nn.AdaptiveAvgPool2d(1),
        nn.ZeroPad2d((1, 2, 3, 4)),
        nn.GroupNorm(1, 1),
        nn.BatchNorm2d(1),
        nn.GELU(),
    ],
    ids=repr,
)
def test_every_unit_of_every_kind_of_layer(module):
    """Between two convolutions, so that errors in the distance of units would show."""
    network = nn.Sequential(nn.Conv2d(1, 1, 3, stride=2, padding=1), module)
    last = layers(network, (1, 15, 15))[-1]
    network = positive(network)
    x = torch.rand(1, 1, 15, 15, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    for row in range(last.output_shape[1]):
        for column in range(last.output_shape[2]):
            gradient = effective_field(network, x, last.name, row, column).gradient
            top, left, bottom, right = last.field.box(row, column)
            outside = gradient.clone()
            outside[top:bottom, left:right] = 0
            assert (outside == 0).all()
            if top < bottom and left < right:
                box = gradient[top:bottom, left:right]
                assert all(edge.any() for edge in (box[0], box[-1], box[:, 0], box[:, -1]))


def test_size_jump_and_start_by_hand():
    alexnet = {la.name: la.field.rows for la in layers(load_network("alexnet", weights=None))}
    numbers = {n: (alexnet[n].size, alexnet[n].jump, alexnet[n].start) for n in alexnet}
    assert numbers["conv1"] == (11, 4, -2)
    assert numbers["pool1"] == (11 + 2 * 4, 8, -2)
    assert numbers["conv2"] == (19 + 4 * 8, 8, -2 - 2 * 8)
    assert numbers["pool2"] == (51 + 2 * 8, 16, -18)
    assert numbers["fc1"] == (None, None, None)
    assert alexnet["conv1"].spans[:3] == ((0, 9), (2, 13), (6, 17))  # the first one is clipped


def test_pixels_that_pooling_leaves_out_reach_nothing():
    network = nn.Sequential(nn.AvgPool2d(4), nn.Conv2d(1, 1, 3, padding=1))
    field = layers(network, (1, 11, 11))[-1].field  # the last 3 of 11 pixels are in no window
    assert field.rows.spans == ((0, 8), (0, 8))
    assert field.rows.size == 12


def test_unit_that_sees_nothing_but_padding_has_an_empty_box():
    network = nn.Sequential(nn.Conv2d(1, 1, 2, padding=3))
    field = layers(network, (1, 4, 4))[0].field
    assert field.box(0, 0) == (0, 0, 0, 0)
    assert field.box(2, 3) == (0, 0, 1, 2)


class Functional(nn.Module):
    """As many write it: pooling and flattening are no modules."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 3)
        self.fc = nn.Linear(4 * 2 * 2, 3)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.conv1(x), 2)
        return self.fc(nn.functional.max_pool2d(self.conv2(x), 2).flatten(1))


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 4, 3, stride=2, padding=1), nn.Conv2d(3, 4, 1, stride=2)

    def forward(self, x):
        return self.a(x) + self.b(x)


def test_what_the_layers_do_not_show_is_not_guessed():
    known = [la.field is not None for la in layers(Functional(), (1, 14, 14))]
    assert known == [True, False, False]
    known = [la.field is not None for la in layers(Branches(), (3, 8, 8))]
    assert known == [True, False]
    upwards = nn.Sequential(nn.Conv2d(1, 1, 3), nn.Upsample(scale_factor=2), nn.Conv2d(1, 1, 3))
    known = [la.field is not None for la in layers(upwards, (1, 8, 8))]
    assert known == [True, False, False]
    flat = nn.Sequential(nn.Linear(8, 4), nn.ReLU())
    assert [la.receptive_field for la in layers(flat, (8,))] == [None, None]


def test_flattened_maps_keep_their_places_and_a_mean_takes_all():
    lenet = {la.name: la for la in layers(load_network("lenet", weights=None))}
    assert lenet["flatten1"].field.rows == lenet["pool2"].field.rows
    assert lenet["fc1"].field.box(0, 0) == (0, 0, 32, 32)

    class Mean(nn.Sequential):
        def forward(self, x):
            return self[1](self[0](x).mean(dim=(2, 3)))

    found = layers(Mean(nn.Conv2d(1, 4, 3), nn.Dropout()), (1, 8, 8))
    assert found[-1].field.box(0, 0) == (0, 0, 8, 8)
