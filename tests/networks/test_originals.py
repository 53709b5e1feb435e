"""LeNet-5 and AlexNet as published: every number that their papers give, counted."""

import torch
from torch.nn import functional as F

from course_utils import layers
from course_utils.networks import JOINED, AlexNet2012, Distance, LeNet5, ScaledTanh, drawings
from course_utils.networks.originals import DIGITS, SparseConv2d, Subsampling


def count(module: torch.nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def test_lenet5_has_the_parameters_of_the_paper_part_by_part():
    network = LeNet5()
    parts = {name: count(part) for name, part in network.named_children()}
    assert parts == dict(c1=156, s2=12, c3=1516, s4=32, c5=48120, f6=10164, output=0)
    assert count(network) == 60_000


def test_c3_is_joined_as_in_table_1():
    assert [len(maps) for maps in JOINED] == [3] * 6 + [4] * 9 + [6]
    assert all(len(set(maps)) == len(maps) for maps in JOINED)
    uses = [sum(into in maps for maps in JOINED) for into in range(6)]
    assert uses == [10] * 6


def test_a_sparse_convolution_is_a_sum_over_the_maps_it_is_joined_with():
    conv, x = SparseConv2d(JOINED, 5), torch.randn(2, 6, 14, 14)
    kernels = iter(conv.weight)
    for out, (maps, y) in enumerate(zip(JOINED, conv(x).unbind(1), strict=True)):
        sums = [F.conv2d(x[:, into : into + 1], next(kernels)[None, None]) for into in maps]
        torch.testing.assert_close(y, sum(sums)[:, 0] + conv.bias[out])


def test_maps_that_are_not_joined_change_nothing():
    conv, x = SparseConv2d(JOINED, 5), torch.randn(1, 6, 14, 14)
    changed = x.clone()
    changed[:, 3:] += 1
    same = [torch.equal(a, b) for a, b in zip(conv(x)[0], conv(changed)[0], strict=True)]
    assert same == [max(maps) < 3 for maps in JOINED]


def test_subsampling_begins_as_the_mean():
    x = torch.randn(2, 6, 28, 28)
    torch.testing.assert_close(Subsampling(6)(x), F.avg_pool2d(x, 2))


def test_scaled_tanh_passes_through_one():
    y = ScaledTanh()(torch.tensor([-1.0, 0.0, 1.0, 100.0]))
    torch.testing.assert_close(y, torch.tensor([-1.0, 0.0, 1.0, 1.7159]), atol=1e-4, rtol=0)


def test_each_drawing_is_nearest_to_itself():
    distances = Distance()(drawings())
    assert distances.argmin(dim=1).tolist() == [*range(10)]
    assert (distances.diagonal() == 0).all()
    assert all(len(line) == 79 for line in DIGITS.split("\n") if line)


def test_as_logits_the_distances_are_negative_and_the_largest_is_the_answer():
    distances, logits = Distance()(drawings()), Distance(logits=True)(drawings())
    assert torch.equal(logits, -distances)
    network = LeNet5()
    as_logits = LeNet5(logits=True)
    as_logits.load_state_dict(network.state_dict())
    x = torch.rand(2, 1, 32, 32)
    assert torch.equal(as_logits(x), -network(x))


def test_every_layer_of_lenet5_is_counted_like_those_of_today():
    found = {x.name: x for x in layers(LeNet5(), (1, 32, 32))}
    assert sum(x.parameters for x in found.values()) == 60_000
    assert found["conv2"].multiply_adds == 60 * 25 * 10 * 10
    assert [found[name].receptive_field for name in ("conv1", "pool1", "conv2", "pool2")] == [
        *(5, 6, 14, 16)
    ]
    assert found["conv3"].receptive_field == 32  # C5 sees the whole image


def test_lenet5_has_as_many_connections_as_the_paper_says():
    """One for each input of each sum, and one for its bias (section II.B)."""
    counted = {}
    for x in layers(LeNet5(), (1, 32, 32)):
        places = torch.Size(x.output_shape[1:]).numel()
        inputs = x.output_shape[0] * 5 if x.kind == "pool" else x.parameters
        counted[x.name] = inputs * places
    counted["distance1"] = 84 * 10
    assert counted["conv1"] == 122_304
    assert counted["pool1"] == 5_880
    assert counted["conv2"] == 151_600
    assert sum(counted.values()) == 340_908


def test_the_units_of_every_layer_up_to_f6_are_squashed():
    """Those of the convolutions too, not only what comes after the pooling (section II.B)."""
    kinds = [x.kind for x in layers(LeNet5(), (1, 32, 32))]
    assert kinds.count("tanh") == 6
    assert kinds[:4] == ["conv", "tanh", "pool", "tanh"]


def test_lenet5_learns():
    """One step down the gradient makes the right distance smaller."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network, x = LeNet5(), torch.rand(4, 1, 32, 32)
    y = torch.tensor([3, 1, 4, 1])
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-4)
    before = network(x).gather(1, y[:, None]).mean()
    before.backward()
    optimizer.step()
    assert all(p.grad.abs().sum() > 0 for p in network.parameters())
    assert network(x).gather(1, y[:, None]).mean() < before


def test_alexnet_has_the_parameters_and_the_maps_of_the_paper():
    network = AlexNet2012()
    assert count(network) == 60_965_224
    found = {x.name: x.output_shape for x in layers(network, (3, 227, 227))}
    convolutions = [found[f"conv{i}"] for i in range(1, 6)]
    assert convolutions == [
        (96, 55, 55),
        (256, 27, 27),
        (384, 13, 13),
        (384, 13, 13),
        (256, 13, 13),
    ]


def test_three_counts_of_the_neurons_of_alexnet():
    """By the paper's own list (section 3.5), which has 253,440 for conv1, not 96 × 55 × 55."""
    found = layers(AlexNet2012(), (3, 227, 227))
    neurons = {x.name: torch.Size(x.output_shape).numel() for x in found}
    counted = {n: v for n, v in neurons.items() if n.startswith(("conv", "fc"))}
    assert sum(counted.values()) == 659_272
    assert sum(counted.values()) - counted["conv1"] + 253_440 == 622_312


def test_response_normalisation_is_the_formula_of_the_paper():
    network, a = AlexNet2012(), torch.rand(1, 96, 3, 3) * 10
    squares = F.pad(a.square(), (0, 0, 0, 0, 2, 2))
    window = sum(squares[:, i : i + 96] for i in range(5))
    torch.testing.assert_close(network.features[2](a), a / (2 + 1e-4 * window) ** 0.75)
