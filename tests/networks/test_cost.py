"""What a network costs: counted, not estimated; and timed without touching it."""

import json

import pytest
import torch
from torch import nn

from course_utils import CourseError, figures, layers, load_network
from course_utils.networks import (
    PUBLISHED,
    REGISTRY,
    SHIPPED,
    blueprint,
    cost_of,
    costs,
    kept_memory,
    measure_all,
    milliseconds,
    published,
)
from course_utils.networks.cost import FORMS, peak_memory, reported_accuracy
from course_utils.networks.published import plan_of


@pytest.fixture(scope="module")
def found():
    return {(one.title, one.dataset): one for one in costs()}


def test_every_form_of_every_network_is_there():
    known = {(name, dataset) for name, one in REGISTRY.items() for dataset in one.variants}
    assert set(FORMS) == known
    assert len(FORMS) == len(known)


def test_counts_are_those_that_torchvision_publishes(found):
    from torchvision import models

    for name, title in (
        ("AlexNet", "AlexNet"),
        ("VGG11", "VGG11"),
        ("VGG11_BN", "VGG11-BN"),
        ("VGG16", "VGG16"),
        ("VGG19", "VGG19"),
    ):
        meta = models.get_weight(f"{name}_Weights.IMAGENET1K_V1").meta
        cost = found[title, "imagenet"]
        assert cost.parameters == meta["num_params"]
        assert cost.multiply_adds / 1e9 == pytest.approx(meta["_ops"], abs=0.001)
        assert cost.accuracy == meta["_metrics"]["ImageNet-1K"]["acc@1"]
        assert "torchvision" in cost.source


def test_networks_of_today_are_as_torchvision_describes_them():
    from torchvision.models import get_weight

    for one, cost in zip(PUBLISHED, published(), strict=True):
        meta = get_weight(one.weights).meta
        assert cost.title == one.title
        assert (cost.dataset, cost.accuracy) == (
            "imagenet",
            meta["_metrics"]["ImageNet-1K"]["acc@1"],
        )
        assert cost.parameters == meta["num_params"]
        assert cost.multiply_adds == round(meta["_ops"] * 1e9)
        assert cost.weights == pytest.approx(meta["_file_size"] * 2**20, rel=0.01)
        assert cost.kept > cost.peak > 4 * 3 * 224 * 224


def test_the_parameters_that_torchvision_publishes_are_those_of_the_network():
    plans = {one.title: plan_of(one) for one in PUBLISHED}
    for cost in published():
        counted = sum(parameter.numel() for parameter in plans[cost.title].parameters())
        assert counted == cost.parameters


def test_accuracies_are_those_of_the_documentation_and_of_the_cards(found):
    reached = {title: round(one.accuracy or 0, 3) for (title, _), one in found.items()}

    def on_card(name):
        path = SHIPPED / f"{name}.json"
        return round(100 * json.loads(path.read_text())["test_accuracy"], 3) if path.exists() else 0

    assert reached == {
        "AlexNet": 56.522,
        "VGG11": 69.02,
        "VGG11-BN": 70.37,
        "VGG16": 71.592,
        "VGG19": 72.376,
        "EfficientNet-Lite0": 75.1,
        "LeNet": on_card("lenet-digits"),
        "LeNet-5 of 1998": on_card("lenet_1998-digits"),
        "LeNet for colour images": on_card("lenet-cifar10"),
        "AlexNet for 32 × 32": on_card("alexnet-cifar10"),
        "VGG16-BN for 32 × 32": on_card("vgg16-cifar10"),
    }
    assert reported_accuracy("network", None) == (None, "")


def test_memory_of_the_weights_is_what_the_loaded_network_has(found):
    network = load_network("alexnet", weights=None, dataset="cifar10")
    in_memory = sum(tensor.nbytes for tensor in network.state_dict().values())
    assert found["AlexNet for 32 × 32", "cifar10"].weights == in_memory


def test_a_blueprint_costs_the_same_as_the_network_and_has_no_memory():
    plan, network = blueprint("lenet", "cifar10"), load_network("lenet", dataset="cifar10")
    assert cost_of(plan) == cost_of(network)
    assert {parameter.device.type for parameter in plan.parameters()} == {"meta"}


def test_peak_of_layers_in_a_row_is_the_largest_input_and_output_and_the_image(found):
    """The image is held by whoever called."""
    for name in ("vgg16", "vgg11"):
        plan = blueprint(name, "imagenet")
        sizes = [
            torch.Size(one.input_shape).numel() + torch.Size(one.output_shape).numel()
            for one in layers(plan)
            if one.kind == "relu"
        ]
        assert peak_memory(plan) == 4 * (max(sizes) + 3 * 224 * 224)


class Skip(nn.Module):
    """Its input is wanted again at the end, so it cannot go while the layers work."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = (nn.Conv2d(3, 3, 3, padding=1) for _ in range(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.first(x)
        h = h * 1.0
        return h + self.second(h)


def test_peak_counts_what_a_skip_holds():
    one_map = 4 * 3 * 10 * 10
    assert peak_memory(Skip(), (3, 10, 10)) == 4 * one_map  # image, h, what second gives, sum


def test_an_in_place_layer_needs_no_second_map():
    one_map = 4 * 8 * 16 * 16
    for inplace, maps in ((True, 2), (False, 3)):
        network = nn.Sequential(nn.Conv2d(8, 8, 1), nn.ReLU(inplace=inplace))
        assert peak_memory(network, (8, 16, 16)) == maps * one_map


def test_counts_of_a_network_of_ones_own():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(32, 5))
    cost = cost_of(network, (1, 6, 6))
    assert cost.kept == 4 * (36 + 32)  # the image and ReLU's output, which is the head's input
    assert cost.multiply_adds == 9 * 32 + 32 * 5
    assert cost.parameters == 2 * 9 + 2 + 32 * 5 + 5
    assert (cost.accuracy, cost.title) == (None, "Sequential")


def saved_for_backward(network, images, shape):
    """Bytes that autograd really saves, without the weights."""
    saved = {}

    def keep(tensor):
        saved[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        network.train()(torch.rand(images, *shape))
    for tensor in network.state_dict().values():
        saved.pop(tensor.untyped_storage().data_ptr(), None)
    return sum(tensor.untyped_storage().nbytes() for tensor in saved.values())


@pytest.mark.parametrize("name", ["lenet", "alexnet", "vgg16"])
def test_what_training_keeps_is_what_autograd_saves(name):
    network = load_network(name, weights=None, dataset="cifar10")
    shape = (3, 32, 32)
    images = saved_for_backward(network, 3, shape) - saved_for_backward(network, 2, shape)
    assert kept_memory(network, shape) == images


def test_what_training_keeps_is_counted_without_a_change():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU()).eval()
    before = network[1].running_mean.clone()
    kept = kept_memory(network, (1, 6, 6))
    assert kept == 4 * (36 + 2 * 32)  # the image, and what BatchNorm gets and ReLU gives
    assert not network[1].training
    assert torch.equal(network[1].running_mean, before)
    network.requires_grad_(False)
    assert kept_memory(network, (1, 6, 6)) == 0


def test_timing_leaves_the_network_and_the_random_state_as_they_were():
    network = nn.Sequential(nn.Dropout(), nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).train()
    before, state = network[2].running_mean.clone(), torch.get_rng_state()
    assert milliseconds(network, 2, 2, (3, 8, 8)) > 0
    assert all(module.training for module in network.modules())
    assert torch.equal(network[2].running_mean, before)
    assert torch.equal(torch.get_rng_state(), state)


def test_it_runs_one_time_more_than_it_counts():
    seen = []

    class Counting(nn.Module):
        def forward(self, x):
            seen.append(tuple(x.shape))
            return x

    milliseconds(Counting(), images=5, runs=3, input_shape=(3, 4, 4))
    assert seen == [(5, 3, 4, 4)] * 4


def test_all_are_measured_by_their_titles():
    some = (("lenet_1998", "digits"), ("lenet", "digits"), ("alexnet", "cifar10"))
    titles = ["LeNet-5 of 1998", "LeNet", "AlexNet for 32 × 32"]
    assert list(measure_all(some, runs=1)) == titles


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: blueprint("lenett", "cifar10"), "Did you mean 'lenet'"),
        (lambda: blueprint("lenet", "imagenet"), "no form for 'imagenet'. There are 'digits'"),
        (lambda: milliseconds(blueprint("lenet", "cifar10")), "counted but not timed"),
        (lambda: milliseconds(load_network("lenet"), input_shape=(1, 9, 9)), r"\(1, 1, 9, 9\)"),
        (lambda: cost_of(load_network("lenet"), (1, 9, 9)), r"\(1, 1, 9, 9\)"),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, message):
    with pytest.raises(CourseError, match=message):
        call()


# --- the image of it ---------------------------------------------------------------------------


def boxes(figure):
    """The labels of a figure, with what they cover on the page."""
    figure.draw_without_rendering()
    texts = [text for text in figure.axes[0].texts if text.get_text()]
    return {text.get_text(): text.get_window_extent() for text in texts}


@pytest.fixture(params=["multiply-adds", "milliseconds", "all in one place"])
def points(request, found):
    """By work; by times as they were measured once; and a heap."""
    times = (67, 580, 599, 1074, 1480, 62, 0.4, 20, 52, 0.3, 0.6)
    groups = {"imagenet": {}, "cifar10": {}, "digits": {}}
    for (title, dataset), time in zip(found, times, strict=True):
        one = found[title, dataset]
        x = {"multiply-adds": one.multiply_adds / 1e9, "milliseconds": time}.get(request.param, 1)
        accuracy = one.accuracy or 99
        y = accuracy if request.param != "all in one place" else 70 + accuracy / 100
        groups[dataset][title] = (x, y, one.parameters)
    return groups


def test_no_label_covers_another_or_leaves_the_figure(points):
    figure = figures.bubbles(points, "work", "accuracy, %", "parameters", "All")
    placed = boxes(figure)
    assert set(placed) == {name for group in points.values() for name in group}
    names = [*placed]
    for i, name in enumerate(names):
        assert not any(placed[name].overlaps(placed[other]) for other in names[i + 1 :]), name
        inside = figure.axes[0].get_window_extent()
        assert inside.x0 <= placed[name].x0
        assert placed[name].x1 <= inside.x1


def test_a_key_has_three_sizes_and_a_line_joins_what_is_not_beaten():
    points = {"a": (15.5, 71.6, 138.0), "b": (19.6, 72.4, 144.0), "c": (0.4, 75.1, 4.7)}
    figure = figures.bubbles({"g": points}, "x", "y", "million", front=["c", "a"])
    texts = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert texts == ["g", "not beaten", "100 million", "20 million", "5 million"]
    assert "a line joins c, a" in repr(figure)


def test_the_area_is_the_third_number():
    one = {"a": (1, 1, 4.0), "b": (10, 2, 1.0), "c": (100, 3, 2.0)}
    figure = figures.bubbles({"g": one}, "x", "y", "n")
    areas = figure.axes[0].collections[0].get_sizes()
    assert areas[0] / areas[1] == pytest.approx(4)
    assert areas[2] / areas[1] == pytest.approx(2)
    assert repr(figure) == "y against x, area n. g: a (1, 1, 4), b (10, 2, 1), c (100, 3, 2)"
