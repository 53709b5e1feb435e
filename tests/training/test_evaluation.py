"""Mistakes are counted right, looking changes nothing, and parts of a data set share no image."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils import CourseError
from course_utils.networks import LeNet
from course_utils.training import Evaluation, evaluate, hold_out
from tests.helpers.training import Blobs, linear, network, noise


def test_evaluate_gives_probabilities_in_order_and_keeps_the_mode():
    network, data = linear(), Blobs(0)
    network.train()
    found = evaluate(network, data, batch_size=100)
    assert network.training
    assert torch.allclose(found.probabilities, network(data.X).softmax(dim=1), atol=1e-6)
    assert torch.equal(found.labels, data.y)


def test_with_flip_it_averages_over_each_image_and_its_mirror_image():
    learner, (_, data) = network().eval(), noise()
    found = evaluate(learner, data, flip=True)
    (X, y), *_ = data.batches(30)
    with torch.no_grad():
        expected = (learner(X).softmax(1) + learner(X.flip(3)).softmax(1)) / 2
    assert torch.allclose(found.probabilities, expected, atol=1e-6)
    assert found.loss == pytest.approx(F.nll_loss(expected.log(), y).item(), abs=1e-5)
    assert not torch.allclose(found.probabilities, evaluate(learner, data).probabilities)


def test_evaluating_leaves_each_module_in_its_own_mode_also_after_an_error():
    network = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(192), nn.Linear(192, 2)).train()
    network[1].eval()
    evaluate(network, Blobs(0))
    with pytest.raises(RuntimeError):
        evaluate(nn.Sequential(network, nn.Linear(7, 2)), Blobs(0))
    assert [module.training for module in network] == [True, False, True]


def test_confusion_and_worst_mistakes_by_hand():
    probabilities = torch.tensor([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]])
    found = Evaluation(probabilities, torch.tensor([0, 0, 1, 0]), loss=0.0)
    assert found.accuracy == 0.25
    assert found.confusion().tolist() == [[1, 2], [1, 0]]
    assert found.worst(2).tolist() == [1, 2]
    assert len(found.worst(10)) == 3


def test_dropout_is_off_while_evaluating():
    network = nn.Sequential(LeNet(3), nn.Dropout(0.9)).train()

    class Images(Blobs):
        def __init__(self):
            super().__init__(0, 16)
            self.X = torch.zeros(16, 3, 32, 32)

    assert torch.equal(
        evaluate(network, Images()).probabilities, evaluate(network, Images()).probabilities
    )


def test_hold_out_shares_no_image_and_loses_none():
    data = Blobs(0)
    train, validation = hold_out(data, 56, seed=1)
    assert (len(train), len(validation)) == (200, 56)
    assert sorted([*train.indices.tolist(), *validation.indices.tolist()]) == list(range(256))
    assert torch.equal(hold_out(data, 56, seed=1)[1].indices, validation.indices)
    assert not torch.equal(hold_out(data, 56, seed=2)[1].indices, validation.indices)
    (X, y), *rest = validation.batches(100)
    assert not rest
    assert torch.equal(X, data.X[validation.indices])
    assert torch.equal(y, data.y[validation.indices])


@pytest.mark.parametrize("count", [0, 256, -3])
def test_hold_out_leaves_something_on_both_sides(count):
    with pytest.raises(CourseError, match="between 1 and 255"):
        hold_out(Blobs(0), count)
