"""Muon moves kernels equally far in all directions, and everything else as SGD does."""

import copy

import pytest
import torch
from torch import nn

from course_utils.training.optimizers import MUON_MOMENTUM, Muon, make_optimizer, orthogonal


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3),
        nn.BatchNorm2d(8),
        nn.Conv2d(8, 4, 3),
        nn.BatchNorm2d(4),
        nn.Flatten(),
        nn.Linear(64, 2),
    ).to(memory_format=torch.channels_last)


def learn(learner: nn.Module, optimizer: torch.optim.Optimizer, steps: int) -> None:
    generator = torch.Generator().manual_seed(1)
    for _ in range(steps):
        X = torch.randn(16, 3, 8, 8, generator=generator)
        optimizer.zero_grad()
        learner(X).square().mean().backward()
        optimizer.step()


@pytest.mark.parametrize("shape", [(6, 30), (30, 6), (5, 5), (1, 4)])
def test_orthogonal_keeps_the_singular_vectors_and_evens_the_values(shape):
    X = torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = orthogonal(X)
    U, values, Vh = torch.linalg.svd(X, full_matrices=False)
    in_their_directions = U.T @ found @ Vh.T
    assert found.shape == shape
    assert torch.allclose(in_their_directions, in_their_directions.diagonal().diag(), atol=1e-9)
    evened = in_their_directions.diagonal()
    assert evened.min() > 0.2
    assert evened.max() < 1.3
    assert values.max() / values.min() > evened.max() / evened.min() or min(shape) == 1


def test_orthogonal_of_nothing_is_nothing():
    assert torch.equal(orthogonal(torch.zeros(3, 4)), torch.zeros(3, 4))


def test_a_step_turns_the_kernels_by_its_rate_and_keeps_their_length():
    learner = network()
    before = learner[0].weight.detach().clone()
    optimizer = make_optimizer("muon", learner, 0.1, 5e-4)
    learn(learner, optimizer, steps=1)
    weight = learner[0].weight.detach()
    assert weight.norm().item() == pytest.approx(before.norm().item(), rel=1e-5)
    share = ((weight - before).norm() / before.norm()).item()
    assert share == pytest.approx(0.1, abs=0.02)


def test_two_steps_by_hand():
    """Of the first kernels: gradient, momentum, what comes next, orthogonal, turn, length."""
    learner, other = network(), network()
    optimizer = make_optimizer("muon", learner, 0.1, 5e-4)
    learn(learner, optimizer, steps=2)
    momentum, W = 0, other[0].weight.detach().clone()
    generator = torch.Generator().manual_seed(1)
    twin = make_optimizer("muon", other, 0.1, 5e-4)
    for _ in range(2):
        X = torch.randn(16, 3, 8, 8, generator=generator)
        twin.zero_grad()
        other(X).square().mean().backward()
        G = other[0].weight.grad.clone()
        twin.step()
        momentum = MUON_MOMENTUM * momentum + G
        ahead = (G + MUON_MOMENTUM * momentum).permute(0, 2, 3, 1).reshape(8, 27)
        O = orthogonal(ahead).view(8, 3, 3, 3).permute(0, 3, 1, 2)  # noqa: E741
        turned = W - 0.1 * W.norm() / O.norm() * O
        W = turned * W.norm() / turned.norm()
    assert torch.allclose(learner[0].weight, W, atol=1e-6)


def test_all_other_weights_move_as_with_sgd():
    with_muon = network()
    with_sgd = copy.deepcopy(with_muon)
    others = [n for n, p in with_muon.named_parameters() if p.ndim != 4]
    for learner in (with_muon, with_sgd):
        for index in (0, 2):
            learner[index].weight.requires_grad_(False)  # else the others' gradients differ
    for learner, name in ((with_muon, "muon"), (with_sgd, "sgd")):
        learn(learner, make_optimizer(name, learner, 0.1, 5e-4), steps=3)
    start = network().state_dict()
    for name in others:
        one, two = (dict(learner.named_parameters())[name] for learner in (with_muon, with_sgd))
        assert torch.equal(one, two), name
        assert name.endswith("bias") or not torch.equal(one, start[name]), name


def test_frozen_kernels_stay():
    learner = network()
    learner[0].weight.requires_grad_(False)
    before = learner[0].weight.clone()
    optimizer = make_optimizer("muon", learner, 0.1, 5e-4)
    assert isinstance(optimizer, Muon)
    assert [w.shape[0] for w in optimizer.kernels] == [4]
    learn(learner, optimizer, steps=1)
    assert torch.equal(learner[0].weight, before)
