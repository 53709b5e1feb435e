"""The loop learns, repeats itself from a seed, and counts its mistakes right."""

import pytest
import torch
from torch import nn

from course_utils import CourseError
from course_utils.networks import LeNet
from course_utils.training import Evaluation, evaluate, fit, hold_out


class Blobs:
    """Two classes that a linear network can tell apart: bright or dark pictures."""

    def __init__(self, seed: int, size: int = 256):
        generator = torch.Generator().manual_seed(seed)
        self.y = torch.randint(0, 2, (size,), generator=generator)
        noise = torch.randn(size, 3, 8, 8, generator=generator)
        self.X = noise + (self.y.view(-1, 1, 1, 1) * 2.0 - 1)

    def __len__(self):
        return len(self.y)

    def batches(self, batch_size, shuffle=False, augment=False, generator=None, indices=None):
        order = torch.arange(len(self.y)) if indices is None else indices
        if shuffle:
            order = order[torch.randperm(len(order), generator=generator)]
        return [(self.X[i], self.y[i]) for i in order.split(batch_size)]


def linear(seed: int = 0) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 8, 2))


def test_it_learns():
    network = linear()
    history = fit(network, Blobs(0), Blobs(1), epochs=3, batch_size=32)
    assert [epoch.number for epoch in history] == [1, 2, 3]
    assert history[-1].validation_accuracy > 0.95
    assert history[-1].train_loss < history[0].train_loss


def test_same_seed_same_weights_and_no_global_random_state_is_touched():
    before = torch.random.get_rng_state()
    one, two, other = linear(), linear(), linear()
    fit(one, Blobs(0), Blobs(1), epochs=2, seed=3)
    fit(two, Blobs(0), Blobs(1), epochs=2, seed=3)
    fit(other, Blobs(0), Blobs(1), epochs=2, seed=4)
    assert torch.equal(one[1].weight, two[1].weight)
    assert not torch.equal(one[1].weight, other[1].weight)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_callbacks_get_every_epoch():
    seen = []
    history = fit(linear(), Blobs(0), Blobs(1), epochs=2, callbacks=[seen.append])
    assert seen == history
    assert str(seen[0]).startswith("epoch 1: training loss ")


def test_an_interrupt_keeps_what_was_learned(capsys):
    def interrupt(epoch):
        if epoch.number == 2:
            raise KeyboardInterrupt

    history = fit(linear(), Blobs(0), Blobs(1), epochs=5, callbacks=[interrupt])
    assert len(history) == 2
    assert "Stopped after 2 of 5 epochs" in capsys.readouterr().out


def test_a_loss_that_is_no_number_is_explained():
    with pytest.raises(CourseError, match="smaller learning_rate"):
        fit(linear(), Blobs(0), Blobs(1), epochs=3, batch_size=16, learning_rate=1e30)


def test_evaluate_gives_probabilities_in_order_and_keeps_the_mode():
    network, data = linear(), Blobs(0)
    network.train()
    found = evaluate(network, data, batch_size=100)
    assert network.training
    assert torch.allclose(found.probabilities, network(data.X).softmax(dim=1), atol=1e-6)
    assert torch.equal(found.labels, data.y)


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

    class Pictures(Blobs):
        def __init__(self):
            super().__init__(0, 16)
            self.X = torch.zeros(16, 3, 32, 32)

    assert torch.equal(
        evaluate(network, Pictures()).probabilities, evaluate(network, Pictures()).probabilities
    )


def test_hold_out_shares_no_picture_and_loses_none():
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
