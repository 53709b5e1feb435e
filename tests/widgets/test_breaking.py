"""What the "break it" switches change is what they say, and nothing else."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from course_utils import CourseError
from course_utils.datasets import load_digits
from course_utils.networks import LeNet
from course_utils.training import Part, Settings
from course_utils.widgets.train.breaking import BREAKS, ON_DIGITS, switches
from course_utils.widgets.train.changes import Altered, Plan, deep_and_thin, few
from tests.helpers.training import Images


@pytest.fixture
def whole() -> Plan:
    data = Images()
    train, validation = Part(data, torch.arange(30)), Part(data, torch.arange(30, 40))
    return Plan("LeNet", LeNet(3), train, validation, Settings(learning_rate=0.05))


def first(data) -> torch.Tensor:
    return next(iter(data.batches(10)))[0]


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("all_of_them", [BREAKS, ON_DIGITS], ids=["colour", "digits"])
def test_each_asks_and_explains(all_of_them, name):
    switch = all_of_them[name]
    assert len(switch.answers) == 3
    assert 0 <= switch.right < 3
    assert len(switch.explanation) > 100
    assert "%" not in switch.explanation, "the curves of this run show others"
    assert switch.question[-1] != "."
    assert bool(switch.note) == bool(switch.basis)


def test_digits_have_answers_of_their_own_where_they_turn_out_differently():
    assert switches(Part(load_digits("test"), torch.arange(3))) is ON_DIGITS
    assert switches(Images()) is BREAKS
    other = {name for name in BREAKS if BREAKS[name].right != ON_DIGITS[name].right}
    assert other == {"normalisation", "wrong mean"}


@pytest.mark.parametrize("name", BREAKS)
def test_each_changes_something_and_the_images_stay_as_many(name, whole):
    switch = BREAKS[name]
    start = switch.basis(whole) if switch.basis else whole
    before = {n: p.clone() for n, p in start.network.state_dict().items()}
    kept = replace(start)
    layers = [type(module) for module in start.network.modules()]
    broken = switch.change(start)
    after = broken.network.state_dict()
    assert (
        broken.train is not kept.train
        or broken.validation is not kept.validation
        or broken.settings != kept.settings
        or [type(module) for module in broken.network.modules()] != layers
        or any(not torch.equal(after[n], before[n]) for n in after)
    )
    assert len(broken.train) == len(kept.train)
    assert len(broken.validation) == len(kept.validation)


def test_normalisation(whole):
    stored = whole.train.data.images[:10].float()
    broken = BREAKS["normalisation"].change(whole)
    torch.testing.assert_close(first(broken.train), stored)
    torch.testing.assert_close(first(broken.validation), whole.train.data.images[30:].float())
    wrong = BREAKS["wrong mean"].change(whole)
    torch.testing.assert_close(first(wrong.validation), whole.train.data.images[30:] / 255)
    assert torch.equal(first(wrong.train), first(whole.train))


def test_network_switches_leave_the_rest_of_the_network(whole):
    kinds = [type(module) for module in whole.network.modules()]
    broken = BREAKS["sigmoid"].change(whole).network
    assert [type(module) for module in broken.modules()] == [
        nn.Sigmoid if kind is nn.ReLU else kind for kind in kinds
    ]
    thin = deep_and_thin()
    assert sum(isinstance(module, nn.BatchNorm2d) for module in thin.modules()) == 13
    broken = BREAKS["batch norm"].change(replace(whole, network=thin)).network
    assert not any(isinstance(module, nn.BatchNorm2d) for module in broken.modules())
    assert broken(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


def test_both_trainings_begin_with_the_same_weights(whole):
    one, two = deep_and_thin().state_dict(), deep_and_thin().state_dict()
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_shuffled_labels_are_the_same_in_each_pass_and_mostly_wrong(whole):
    train = BREAKS["labels"].change(whole).train
    labels = [torch.cat([y for _, y in train.batches(7)]) for _ in range(2)]
    assert torch.equal(*labels)
    right = torch.cat([y for _, y in whole.train.batches(7)])
    assert 0.05 < (labels[0] == right).float().mean() < 0.6


def test_few_takes_the_first_of_a_part(whole):
    assert torch.equal(few(whole.validation, 3).indices, torch.tensor([30, 31, 32]))
    assert len(few(Images(), 100)) == 40


def test_batches_that_cannot_be_altered_say_so(whole):
    class Others(Images):
        def batches(self, batch_size, **settings):
            return [(torch.zeros(1), torch.zeros(1))]

    with pytest.raises(CourseError, match="train on load_cifar10's images"):
        Altered(Others(), lambda batches: None).batches(8)
