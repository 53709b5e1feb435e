"""What really reaches a unit, and five small convolutions against a large one."""

import copy

import pytest
import torch
from torch import nn

from course_utils import CourseError, activations, load_network
from course_utils.networks import effective_field, input_channels, layers, table_row
from course_utils.widgets.receptive_field.drawing import half_of_it, top_of_scale
from course_utils.widgets.receptive_field.stacks import stacks


@pytest.fixture(scope="module", params=["digits", "cifar10"])
def lenet(request):
    return load_network("lenet", dataset=request.param)


@pytest.fixture(scope="module")
def x(lenet):
    shape = (1, input_channels(lenet), 32, 32)
    return torch.rand(shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(("layer", "unit"), [("conv2", (3, 7, 4)), ("relu2", (3, 7, 4))])
def test_gradient_is_the_slope_of_the_unit(lenet, x, layer, unit):
    channel, row, column = unit
    network, x = copy.deepcopy(lenet).double(), x.double()
    effect = effective_field(network, x, layer, row, column, channel)
    kept = activations(network, x)[layer][0]
    assert torch.equal(effect.values, kept[channel])
    y, x_, step = 13, 20, 1e-6
    slopes = []
    for colour in range(x.shape[1]):
        other = x.clone()
        other[0, colour, y, x_] += step
        moved = activations(network, other)[layer][0, channel, row, column]
        slopes.append(float(moved - kept[channel, row, column]) / step)
    assert effect.gradient[y, x_] == pytest.approx(sum(map(abs, slopes)), rel=1e-4, abs=1e-9)


def test_without_a_channel_it_is_the_mean_of_all(lenet, x):
    effect = effective_field(lenet, x, "conv2", 2, 3)
    torch.testing.assert_close(effect.values, activations(lenet, x)["conv2"][0].mean(dim=0))
    x = x.clone().requires_grad_()
    lenet.features[:4](x)[0, :, 2, 3].mean().backward()
    torch.testing.assert_close(effect.gradient, x.grad[0].abs().sum(dim=0))


def test_units_without_maps_go_by_number(lenet, x):
    largest = effective_field(lenet, x, "fc3")
    effect = effective_field(lenet, x, "fc3", channel=(largest.channel + 1) % 10)
    torch.testing.assert_close(effect.values[0], activations(lenet, x)["fc3"][0])
    assert largest.channel == int(lenet(x).argmax())
    one = effective_field(lenet, x, "fc3", channel=largest.channel).gradient
    assert torch.equal(largest.gradient, one)
    assert not torch.equal(effect.gradient, one)


def test_the_network_is_left_as_it_was(x):
    network = nn.Sequential(nn.Conv2d(x.shape[1], 2, 3), nn.Dropout(), nn.ReLU())
    effective_field(network, x, "conv1", 1, 1)
    assert all(module.training for module in network.modules())
    assert not any(module._forward_hooks for module in network.modules())
    assert all(weights.grad is None for weights in network.parameters())


def test_what_is_not_there_is_said(lenet, x):
    with pytest.raises(CourseError, match="Did you mean 'conv2'"):
        effective_field(lenet, x, "conv22")
    with pytest.raises(CourseError, match="no row 10: it has 10, counted from 0"):
        effective_field(lenet, x, "conv2", 10, 0)
    with pytest.raises(CourseError, match="no channel 16"):
        effective_field(lenet, x, "conv2", 0, 0, 16)
    with pytest.raises(CourseError, match=r"\(1, 5, 32, 32\)"):
        effective_field(lenet, torch.zeros(1, 5, 32, 32), "conv2")


def test_half_of_the_gradient():
    assert half_of_it(torch.tensor([[1.0, 1.0], [1.0, 1.0]])) == 2
    assert half_of_it(torch.tensor([[0.0, 5.0], [1.0, 1.0]])) == 1
    assert half_of_it(torch.zeros(2, 2)) == 0


def test_colour_scale_leaves_out_the_strongest_hundredth():
    gradient = torch.cat([torch.arange(1.0, 101.0), torch.zeros(500)]).reshape(20, 30)
    gradient[0, 0] = 1e6
    assert top_of_scale(gradient) == 100
    assert top_of_scale(torch.zeros(3, 3)) == 0


def test_table_of_a_network():
    rows = {one.name: table_row(one) for one in layers(load_network("alexnet", weights=None))}
    assert rows["conv1"] == {
        "layer": "conv1",
        "kernel": 11,
        "stride": 4,
        "padding": 2,
        "dilation": 1,
        "output": "64×55×55",
        "jump": 4,
        "receptive field": "11×11",
    }
    assert rows["relu1"]["kernel"] is None
    assert rows["pool3"]["receptive field"] == "195×195"
    assert rows["fc1"]["receptive field"] == "whole image"
    network = nn.Sequential(nn.Conv2d(1, 1, (1, 7), dilation=(1, 2)), nn.Upsample(scale_factor=2))
    first, second = map(table_row, layers(network, (1, 20, 20)))
    assert (first["kernel"], first["receptive field"]) == ("1×7", "1×13")
    assert second["receptive field"] == "not known"


def test_five_small_ones_see_as_much_as_a_large_one_and_cost_less():
    small, large = stacks(5, channels=64, side=56)
    assert (small.field, large.field) == (11, 11)
    assert small.parameters == 5 * (9 * 64 * 64 + 64)
    assert large.parameters == 121 * 64 * 64 + 64
    assert small.multiply_adds == 5 * 9 * 64 * 64 * 56 * 56
    assert large.multiply_adds == 121 * 64 * 64 * 56 * 56


def test_effect_of_a_stack_is_a_bell_and_that_of_one_kernel_flat():
    small, large = stacks(5)
    across = small.effect.sum(dim=0)
    assert (across[:5].diff() > 0).all()
    assert (across[6:].diff() < 0).all()
    assert small.effect[5, 5] > 20 * small.effect[0, 0]
    assert large.effect.max() < 1.2 * large.effect.min()
    assert small.middle[0] == 5
    assert small.middle[1] > 2 * 25 / 121
    assert large.middle[1] == pytest.approx(25 / 121, rel=0.03)


def test_stacks_draw_their_own_random_numbers():
    state = torch.get_rng_state()
    first = stacks.__wrapped__(2)[0]
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(first.effect, stacks(2)[0].effect)
