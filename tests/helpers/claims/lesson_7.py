"""Claims of lesson 7: what a step does, and which settings of it make a difference."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import SGD, Adam

from course_utils import load_digits, load_network
from course_utils.training import Part, evaluate, five_lines, hold_out
from tests.helpers.claims import claim

Schedule = Callable[[float], float]


def constant(progress: float) -> float:
    return 1


def falling(progress: float) -> float:
    return 1 - progress


@cache
def parts() -> tuple[Part, Part]:
    """6,000 digits to train with, 2,000 to validate, as in the lesson."""
    digits = load_digits("train")
    rest, validation = hold_out(digits, 2_000)
    return Part(digits, rest.indices[:6_000]), validation


def learn(
    kind: type, seed: int, schedule: Schedule = constant, **settings: Any
) -> tuple[nn.Module, float]:
    """The lesson's `learn`, with first weights and an order of the batches that the seed gives."""
    few, validation = parts()
    network = load_network("lenet", weights=None, dataset="digits", seed=seed)
    optimizer = kind(network.parameters(), **settings)
    peak = optimizer.param_groups[0]["lr"]
    order = torch.Generator().manual_seed(seed)
    batches = [*few.batches(32, shuffle=True, generator=order)] * 2
    for i, (X, y) in enumerate(batches):
        optimizer.param_groups[0]["lr"] = peak * schedule(i / len(batches))
        five_lines(network, optimizer, F.cross_entropy, X, y)
    return network, evaluate(network, validation).accuracy


def batch(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    order = torch.Generator().manual_seed(seed)
    return next(iter(parts()[0].batches(64, shuffle=True, generator=order)))


def untrained(seed: int) -> nn.Module:
    return load_network("lenet", weights=None, dataset="digits", seed=seed)


@claim(
    "each class gets about one tenth, and $-\\ln 0.1 = \\ln 10$",
    control="p.min()",
    spread="2.30 ± 0.02",
)
def untrained_loss(seed):
    X, y = batch(seed)
    assert abs(F.cross_entropy(untrained(seed)(X), y).item() - 2.303) < 0.1


@claim(
    "A small step keeps the promise, a long one does not",
    control="promised",
    spread="at 0.05 within a tenth, at 50 more than 100 times the loss",
)
def promise(seed):
    (X, y), network = batch(seed), untrained(seed)
    before = F.cross_entropy(network(X), y)
    before.backward()
    squares = sum((w.grad**2).sum() for w in network.parameters()).item()

    def change(rate: float) -> float:
        moved = untrained(seed)
        for w, old in zip(moved.parameters(), network.parameters(), strict=True):
            w.data -= rate * old.grad
        return (F.cross_entropy(moved(X), y) - before).item()

    assert abs(change(0.05) / (-0.05 * squares) - 1) < 0.15
    assert change(50) > 10


@claim("all of the gradient goes to the largest input", control="F.max_pool1d")
def max_pooling(seed):
    x = torch.rand(1, 1, 8, 8, requires_grad=True)
    F.max_pool2d(x, 2).sum().backward()
    assert (F.max_pool2d(x.grad, 2) == 1).all()
    assert x.grad.sum() == 16


@claim(
    "momentum 0.9 acts much like ten times the learning rate",
    control="ten_times = learn(SGD, lr=0.03)",
    spread="momentum 85 to 90 %, ten times the rate 84 to 87 %, of three seeds",
)
def momentum(seed):
    with_momentum = learn(SGD, seed, lr=0.003, momentum=0.9)[1]
    assert with_momentum > learn(SGD, seed, lr=0.003)[1] + 0.3
    assert abs(with_momentum - learn(SGD, seed, lr=0.03)[1]) < 0.1


@claim(
    "The weights stay shorter.",
    control='print("shorter:"',
    spread="10.8, 9.3 and 4.6, ± 0.1; accuracies 92 to 96, and 88 to 91 % with most decay",
)
def weight_decay(seed):
    lengths, accuracies = [], []
    for decay in (0, 0.005, 0.05):
        network, accuracy = learn(SGD, seed, lr=0.01, momentum=0.9, weight_decay=decay)
        accuracies.append(accuracy)
        lengths.append(sum((w**2).sum() for w in network.parameters()).sqrt().item())
    assert all(longer > 1.1 * shorter for longer, shorter in pairwise(lengths))
    assert accuracies[2] < accuracies[0]


@claim(
    "Half the rate all the time is not the same as a rate that falls.",
    control="fallen > max(steady, mean_rate)",
    spread="0.03: 93 to 96 %; falling from it: 95.9 to 96.4 %, of six seeds",
)
def schedule(seed):
    steady = learn(SGD, seed, lr=0.03, momentum=0.9)[1]
    mean_rate = learn(SGD, seed, lr=0.015, momentum=0.9)[1]
    assert learn(SGD, seed, falling, lr=0.03, momentum=0.9)[1] > max(steady, mean_rate)


@claim(
    "the best of each are hardly further apart",
    control="apart < 0.04",
    spread="SGD 94 to 96, momentum 95.9 to 96.4, Adam 95.6 to 95.9 %",
)
def optimizers(seed):
    best = [
        max(learn(SGD, seed, falling, lr=rate)[1] for rate in (0.1, 0.3)),
        learn(SGD, seed, falling, lr=0.03, momentum=0.9)[1],
        learn(Adam, seed, falling, lr=0.003)[1],
    ]
    assert max(best) - min(best) < 0.04


@claim("only the biases of the last layer get any", control='print("not 0 any more:"')
def zero(seed):
    (X, y), network = batch(seed), untrained(seed)
    for parameter in network.parameters():
        nn.init.zeros_(parameter)
    F.cross_entropy(network(X), y).backward()
    moving = [name for name, p in network.named_parameters() if p.grad.any()]
    assert moving == [[*dict(network.named_parameters())][-1]]


@claim("kernels that are equal get equal gradients", control='print("all six kernels get one')
def equal_kernels(seed):
    (X, y), network = batch(seed), untrained(seed)
    for parameter in network.parameters():
        nn.init.constant_(parameter, 0.05)
    F.cross_entropy(network(X), y).backward()
    gradient = network.features[0].weight.grad
    assert gradient.any()
    assert torch.allclose(gradient, gradient[:1].expand_as(gradient))


@claim(
    "The loss is the mean over the images of a batch, and so is its gradient.",
    control='print("the mean is that of all:"',
)
def halves(seed):
    (X, y), network = batch(seed), untrained(seed)

    def gradient(X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        network.zero_grad()
        F.cross_entropy(network(X), y).backward()
        return network.features[0].weight.grad.clone()

    mean = (gradient(X[:32], y[:32]) + gradient(X[32:], y[32:])) / 2
    assert torch.allclose(gradient(X, y), mean, atol=1e-5)
