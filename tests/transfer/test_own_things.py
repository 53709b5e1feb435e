"""Networks, labels and data sets of a person's own: taken, or refused in a sentence."""

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Subset

from course_utils import (
    CourseError,
    activations,
    classify,
    explore,
    layers,
    load_digits,
    load_network,
    receptive_field,
    train,
)
from course_utils.networks import cost_of, effective_field, kept_memory
from course_utils.training import Part, evaluate, fit
from course_utils.transfer import class_activation_map, features, occlusion

DIGITS = load_digits("test")
FEW = Part(DIGITS, torch.arange(64))


@pytest.mark.parametrize(
    "use",
    [
        lambda network: classify(network, "seven"),
        lambda network: activations(network, "seven")["conv1"],
        lambda network: [layer.output_shape for layer in layers(network)],
        lambda network: cost_of(network).parameters,
        kept_memory,
        lambda network: effective_field(network, "seven", "conv2", 5, 5).values,
        lambda network: class_activation_map(network, "seven").values,
        lambda network: occlusion(network, "seven").values,
        lambda network: features(network, ["seven"]),
        lambda network: evaluate(network, FEW).probabilities,
    ],
    ids=[
        "classify",
        "activations",
        "layers",
        "cost",
        "memory",
        "field",
        "cam",
        "occlusion",
        "features",
        "evaluate",
    ],
)
def test_a_name_does_as_well_as_its_network(use):
    by_name, by_network = use("lenet"), use(load_network("lenet"))
    if isinstance(by_name, torch.Tensor):
        assert torch.equal(by_name, by_network)
    else:
        assert by_name == by_network
    with pytest.raises(CourseError, match=r"no network 'lenett'.* Did you mean 'lenet'"):
        use("lenett")
    with pytest.raises(CourseError, match=r"a name or an nn\.Module, not int"):
        use(3)


class Lazy(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.LazyConv2d(6, 5), nn.Flatten(), nn.LazyLinear(10))

    def forward(self, x):
        return self.body(x)


@pytest.mark.parametrize(
    "use",
    [
        lambda n: layers(n, (1, 32, 32)),
        lambda n: explore(n, "seven"),
        lambda n: fit(n, FEW, FEW, 1),
    ],
    ids=["layers", "explore", "fit"],
)
def test_layers_that_wait_for_an_input_are_told_to_get_one(use):
    network = Lazy()
    with pytest.raises(CourseError, match=r"wait for their first input \(nn.LazyConv2d\): run one"):
        use(network)
    network(torch.zeros(1, 1, 32, 32))
    use(network)


class KeepsMaps(nn.Module):
    """As one often writes it to look at the maps later; and a buffer that no file holds."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv2d(1, 2, 5), nn.Linear(2 * 28 * 28, 10)
        self.register_buffer("scale", torch.ones(1), persistent=False)

    def forward(self, x):
        self.maps = self.conv(x * self.scale)
        return self.head(self.maps.flatten(1))


def test_a_network_that_keeps_its_maps_can_be_trained():
    assert len(fit(KeepsMaps(), FEW, FEW, 2, batch_size=32)) == 2


@pytest.mark.parametrize(
    "use",
    [
        lambda n: [layer.name for layer in layers(n, (1, 32, 32))],
        lambda n: cost_of(n, (1, 32, 32)).parameters,
        lambda n: kept_memory(n, (1, 32, 32)),
        lambda n: repr(receptive_field(n, "seven")),
    ],
    ids=["layers", "cost", "memory", "receptive_field"],
)
def test_a_network_with_a_buffer_that_no_file_holds_is_counted(use):
    assert use(KeepsMaps())


def test_a_network_that_keeps_its_maps_is_trained_and_broken_live():
    network = KeepsMaps()
    network(torch.zeros(2, 1, 32, 32))
    widget = train(network, (FEW, FEW), epochs=1, batch_size=32)
    widget.broken, widget.answer = "labels", 0
    widget.one_step()
    widget.wait()
    assert widget.error == ""
    assert len(widget.runs) == 2
    widget.close()


class GivesTwo(KeepsMaps):
    def forward(self, x):
        return super().forward(x), x


def test_a_network_that_gives_more_than_logits_is_told_before_the_training():
    with pytest.raises(CourseError, match=r"gives a tuple\. It has to be a tensor"):
        fit(GivesTwo(), FEW, FEW, 1)


@pytest.mark.parametrize(
    "data", [Subset(DIGITS, range(64)), DataLoader(DIGITS), DIGITS.batches(32)], ids=type
)
def test_data_of_another_kind_is_told_before_the_training(data):
    with pytest.raises(CourseError, match=f"not from a {type(data).__name__}"):
        fit(load_network("lenet", weights=None), data, FEW, 1)


class CountedFromOne:
    """Labels 1 to 10, as people count."""

    labels = FEW.labels + 1

    def __len__(self) -> int:
        return len(FEW)

    def batches(self, *args, **options):
        for X, y in FEW.batches(*args, **options):
            yield X, y + 1


@pytest.mark.parametrize("where", ["train", "validation"])
def test_labels_that_the_network_has_no_class_for_are_told_before_the_training(where):
    parts = (CountedFromOne(), FEW) if where == "train" else (FEW, CountedFromOne())
    network = load_network("lenet", weights=None)
    before = [p.clone() for p in network.parameters()]
    with pytest.raises(CourseError, match="and the network has 10 classes: labels are 0 to 9"):
        fit(network, *parts, 1)
    assert all(map(torch.equal, before, network.parameters()))


def test_fit_wants_a_network_that_one_holds():
    with pytest.raises(CourseError, match="trains a network that you hold"):
        fit("lenet", FEW, FEW, 1)
