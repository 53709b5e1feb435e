"""Where a network looks: known by construction, and by the formula of Zhou and others."""

import pytest
import torch
from torch import nn

from course_utils import CourseError, activations, figures, load_network
from course_utils.figures.saliency import share
from course_utils.images import CIFAR10, DIGITS, open_image, to_image, to_input
from course_utils.networks import NetworkInfo, input_batch
from course_utils.transfer import class_activation_map, cover, occlusion


class Corners(nn.Module):
    """Class 0: how red is the image, class 1: how blue. In a mean over all places."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 2, kernel_size=4, stride=4, bias=False)
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.head = nn.Linear(2, 2)
        with torch.no_grad():
            self.conv.weight.zero_()
            self.conv.weight[0, 0] = self.conv.weight[1, 2] = 1.0
            self.head.weight.copy_(torch.tensor([[1.0, -1.0], [-1.0, 1.0]]))
            self.head.bias.zero_()
        self.info = NetworkInfo(preprocessing=CIFAR10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.flatten(self.pool(self.relu(self.conv(x)))))


@pytest.fixture
def image():
    """Grey, with a red square at the upper left and a blue one at the lower right."""
    x = torch.zeros(1, 3, 32, 32)
    x[0, 0, 4:12, 4:12] = 2.0
    x[0, 2, 20:28, 16:24] = 2.0
    return x


@pytest.mark.parametrize("method", [class_activation_map, occlusion])
@pytest.mark.parametrize(
    ("label", "rows", "columns"), [(0, (4, 12), (4, 12)), (1, (20, 28), (16, 24))]
)
def test_the_support_is_where_it_was_put(method, image, label, rows, columns):
    found = method(Corners(), image, label)
    row, column = found.strongest
    assert rows[0] - 2 <= row < rows[1] + 2
    assert columns[0] - 2 <= column < columns[1] + 2
    assert found.pixels.shape == (32, 32)
    assert found.index == label


def test_covering_what_speaks_for_the_other_class_helps(image):
    found = occlusion(Corners(), image, 0)
    assert found.values[24, 20] < 0 < found.values[8, 8]
    assert share(found).min() == 0
    assert share(found).max() == 1


def test_with_a_mean_and_one_layer_after_it_is_the_map_of_zhou():
    network = load_network("vgg16")
    found = class_activation_map(network, "cat", "cat")
    maps = activations(network, "cat")["relu13"]
    weights = network.classifier.weight[found.index]
    expected = torch.einsum("k,khw->hw", weights, maps[0]).detach()
    places = expected.numel()
    torch.testing.assert_close(found.values, expected.relu() / places, atol=1e-5, rtol=1e-3)
    logit = network.classifier(maps.mean(dim=(2, 3)))[0, found.index]
    torch.testing.assert_close(expected.mean() + network.classifier.bias[found.index], logit)


def test_without_a_label_it_is_the_best_class():
    network = load_network("alexnet")
    found = class_activation_map(network, "cat")
    best = network(found_input(network)).argmax().item()
    assert found.index == best
    assert found.label == network.info.classes[best]
    assert class_activation_map(network, "cat", found.label).index == best
    assert found.image.min() >= 0
    assert found.image.max() <= 1


def found_input(network):
    return input_batch(network, "cat")


def test_an_untrained_network_is_called_untrained():
    network = load_network("lenet", weights=None)
    assert "(untrained)" in class_activation_map(network, "cat").label


def test_every_pixel_is_covered_as_often_as_the_corners_say(image):
    found = occlusion(Corners(), image, 0, side=10)
    assert found.values.isfinite().all()
    whole = occlusion(Corners(), image, 0, side=32)
    assert whole.values.unique().numel() == 1


def test_occlusion_is_the_fall_of_the_probability(image):
    network = Corners()
    found = occlusion(network, image, 0, side=32)
    with torch.no_grad():
        before = network(image).softmax(dim=1)[0, 0]
        after = network(cover(network, image, 16, 16, 32)).softmax(dim=1)[0, 0]
    torch.testing.assert_close(found.values[0, 0], before - after)
    assert found.probability == pytest.approx(before.item())


@pytest.mark.parametrize("name", ["lenet", "lenet_1998"])
def test_a_digit_is_shown_as_the_network_saw_it(name):
    network, seen = load_network(name), to_image(to_input(open_image("seven"), DIGITS), DIGITS)
    for find in (class_activation_map, occlusion):
        found = find(network, "seven")
        assert found.label == "7"
        assert torch.equal(found.image, seen[0].expand(3, -1, -1))
    square = cover(network, "seven", 16, 16, 8)[0, :, 12:20, 12:20]
    torch.testing.assert_close(to_image(square, DIGITS), torch.full_like(square, 0.5))


def test_a_square_stays_within_the_image():
    network = load_network("lenet")
    x = found_input(network)
    covered = cover(network, "cat", 0, 31, 10)
    changed = (covered != x).any(dim=1)[0]
    assert changed[:10, 22:].float().mean() > 0.9
    assert changed.sum() <= 100


def test_the_network_is_left_as_it_was(image):
    network = Corners().train()
    class_activation_map(network, image)
    occlusion(network, image)
    assert all(module.training for module in network.modules())
    assert not any(module._forward_hooks for module in network.modules())
    assert all(weights.grad is None for weights in network.parameters())


def test_a_frozen_network_can_be_asked_too(image):
    network = Corners().requires_grad_(False)
    assert class_activation_map(network, image, 0).values.max() > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n: class_activation_map(n, "cat", "catt"), "Did you mean 'cat'"),
        (lambda n: class_activation_map(n, "cat", 10), "There is no class number 10"),
        (lambda n: occlusion(n, "cat", -1), "There is no class number -1"),
        (lambda n: occlusion(n, "cat", side=33), "at most 32"),
        (lambda n: cover(n, "cat", 3, 3, 0), "at most 32"),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, message):
    with pytest.raises(CourseError, match=message):
        call(load_network("lenet", dataset="cifar10"))


@pytest.mark.parametrize(
    "network",
    [
        nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, 10)),
        nn.Sequential(nn.Conv2d(3, 10, 32), nn.Flatten()),
    ],
)
def test_a_network_without_places_cannot_be_asked_where(network):
    with pytest.raises(CourseError, match="map of several places"):
        class_activation_map(network, torch.zeros(1, 3, 32, 32))


def test_a_class_of_an_own_network_goes_by_number(image):
    with pytest.raises(CourseError, match="Give the number"):
        class_activation_map(Corners(), image, "red")


def test_the_figure_says_where(image):
    found = {
        "red": class_activation_map(Corners(), image, 0),
        "blue": occlusion(Corners(), image, 1),
    }
    figure = figures.saliency(found, "Two squares")
    assert repr(figure).startswith("Two squares: red, class 0 (untrained) ")
    assert "most support 20 % from the left, 20 % from the top" in repr(figure)
    assert repr(figure).count("from the top") == 2
    assert figure.png() == figures.saliency(found, "Two squares").png()
