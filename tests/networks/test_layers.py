"""What each layer said: right values, right names, and the network left as it was."""

import threading

import pytest
import torch
from torch import nn

from course_utils import CourseError, activations, layers, load_network
from course_utils.networks import LeNet, forward_hooks, input_channels


@pytest.fixture(scope="module")
def alexnet():
    return load_network("alexnet", weights=None)


def test_activations_are_what_the_modules_compute_one_after_the_other(alexnet):
    x = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    kept = activations(alexnet, x)
    with torch.no_grad():
        by_hand = x
        for module, value in zip(alexnet.features, kept.values(), strict=False):
            by_hand = module(by_hand)
            assert torch.equal(by_hand, value)
        assert torch.equal(alexnet(x), kept["fc3"])


def test_names_are_kind_and_running_number():
    network = load_network("lenet", weights=None)
    names = " ".join(activations(network, "cat"))
    assert names == "conv1 relu1 pool1 conv2 relu2 pool2 flatten1 fc1 relu3 fc2 relu4 fc3"


def test_an_in_place_relu_does_not_change_what_is_kept_of_the_convolution():
    network = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(inplace=True))
    x = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    kept = activations(network, x)
    assert kept["conv1"].min() < 0
    assert torch.equal(kept["conv1"].relu(), kept["relu1"])


def test_a_forward_that_writes_over_an_output_does_not_change_what_is_kept():
    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 3, padding=1)

        def forward(self, x):
            y = self.conv(x)
            y += x
            return y

    network, x = Residual(), torch.ones(1, 3, 8, 8)
    assert torch.equal(activations(network, x)["conv1"], network.conv(x))


def test_a_module_used_twice_is_two_layers():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 3, padding=1)

        def forward(self, x):
            return self.conv(self.conv(x))

    assert list(activations(Twice(), torch.zeros(1, 3, 8, 8))) == ["conv1", "conv2"]


def test_network_is_left_as_it_was_found_even_after_an_error(alexnet):
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Dropout(), nn.BatchNorm2d(4))
    network[1].eval()
    with pytest.raises(CourseError):
        activations(network, torch.zeros(1, 5, 8, 8))
    activations(network, torch.zeros(1, 3, 8, 8))
    assert [m.training for m in network.modules()] == [True, True, False, True]
    assert not any(m._forward_hooks for m in network.modules())
    assert network[2].num_batches_tracked == 0


def test_what_does_not_fit_is_said_with_its_shape(alexnet):
    with pytest.raises(CourseError, match=r"\(1, 3, 20, 20\)"):
        activations(alexnet, torch.zeros(1, 3, 20, 20))
    with pytest.raises(CourseError, match="uint8"):
        activations(alexnet, torch.zeros(1, 3, 224, 224, dtype=torch.uint8))


@pytest.mark.parametrize(
    "name", ["lenet", "lenet_1998", "alexnet", "vgg11_bn", "efficientnet_lite0"]
)
def test_layers_agree_with_a_real_forward_pass(name):
    network = load_network(name, weights=None)
    side = network.info.preprocessing.crop
    kept = activations(network, torch.zeros(1, input_channels(network), side, side))
    found = layers(network)
    assert [layer.name for layer in found] == list(kept)
    for layer in found:
        assert layer.output_shape == tuple(kept[layer.name].shape[1:])
        assert dict(network.named_modules())[layer.path] is layer.module
    assert sum(layer.parameters for layer in found) == sum(p.numel() for p in network.parameters())


def test_lenets_layers_by_hand():
    found = {layer.name: layer for layer in layers(LeNet(), (1, 32, 32))}
    assert found["conv1"].output_shape == (6, 28, 28)
    assert found["conv1"].parameters == 6 * (5 * 5 + 1) == 156
    assert found["conv1"].multiply_adds == 6 * 28 * 28 * 25
    assert found["conv2"].parameters == 16 * (6 * 25 + 1)
    assert found["fc1"].multiply_adds == 400 * 120
    fields = [found[name].receptive_field for name in ("conv1", "pool1", "conv2", "pool2")]
    assert fields == [5, 6, 14, 16]
    assert found["fc1"].receptive_field is None


def test_receptive_field_is_what_the_gradient_reaches():
    network = load_network("vgg11", weights=None).features
    field = {layer.name: layer.receptive_field for layer in layers(network, (3, 96, 96))}["conv4"]
    x = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(0)).requires_grad_()
    y = nn.Sequential(*list(network)[:9])(x)  # up to conv4
    y[0, :, 12, 12].sum().backward()
    reached = x.grad.abs().sum(dim=(0, 1)) > 0
    assert reached.any(dim=1).sum() == reached.any(dim=0).sum() == field


def test_layers_of_ones_own_network_need_no_registration():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh(), nn.Flatten(), nn.Linear(2 * 6 * 6, 5))
    names = [layer.name for layer in layers(network, (1, 8, 8))]
    assert names == ["conv1", "tanh1", "flatten1", "fc1"]
    with pytest.raises(CourseError, match=r"\(1, 1, 9, 9\)"):
        layers(network, (1, 9, 9))


def test_a_pass_in_another_thread_is_none_of_ours():
    """As a widget's thread sends images through the network that a cell looks into."""
    network = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2))
    x, seen = torch.ones(1, 4), list[str]()
    with forward_hooks(network, lambda name, *_: seen.append(name)):
        other = threading.Thread(target=network, args=(x,))
        other.start()
        other.join()
        network(x)
    assert seen == ["fc1", "relu1", "fc2"]
