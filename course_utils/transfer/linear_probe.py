"""A linear probe: a new head on features of a frozen backbone.

Alain, Bengio: "Understanding intermediate layers using linear classifier probes" (2016). The
accuracy of one linear layer says how well the features separate the classes.
"""

import torch
from torch import nn
from torch.nn import functional as F

from ..errors import CourseError, demand

STEPS, LEARNING_RATE = 200, 0.01  # of Adam, with all images in every step


def first_of_each(labels: torch.Tensor, count: int) -> torch.Tensor:
    """Indices of the first `count` images of each class, class by class: int64.

    labels: int64 `(N,)`. Raises `CourseError` if a class has fewer images.
    """
    fewest = min(labels.bincount()[labels].tolist(), default=0)
    if not 1 <= count <= fewest:
        raise CourseError(
            f"{count} images of each class cannot be taken: give a number between 1 and {fewest}."
        )
    classes = sorted(set(labels.tolist()))
    return torch.cat([(labels == label).nonzero()[:count, 0] for label in classes])


def linear_probe(X: torch.Tensor, y: torch.Tensor, weight_decay: float = 0.001) -> nn.Linear:
    """Train a head on features: `nn.Linear(D, classes)`, whose logits for X are `head(X)`.

    X: features, float `(N, D)`; y: labels, int64 `(N,)`, 0 .. classes − 1. weight_decay: how much
    large weights are penalised, which reduces overfitting with few images.
    The lines of lesson 8. They start from weights of zero: nothing here is random.
    Raises `CourseError` for data without two classes, or of the wrong shape.
    """
    _check(X, y)
    X, y = X.detach().float(), y.long()
    mean, scale = X.mean(dim=0), X.std().clamp(min=1e-12)
    Z = (X - mean) / scale  # so that one learning rate fits the features of every network
    head = _zeros(X.shape[1], int(y.max()) + 1)
    optimizer = torch.optim.Adam(head.parameters(), lr=LEARNING_RATE)
    for _ in range(STEPS):
        with torch.enable_grad():
            loss = F.cross_entropy(head(Z), y) + weight_decay * head.weight.square().sum()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    with torch.no_grad():  # so that the head takes features without mean and scale
        head.weight.div_(scale)
        head.bias.sub_(head.weight @ mean)
    return head


def _zeros(features: int, classes: int) -> nn.Linear:
    """A head whose weights and biases are 0; no random number is drawn for it."""
    head = nn.Linear(features, classes, device="meta").to_empty(device="cpu")
    for parameter in head.parameters():
        nn.init.zeros_(parameter)
    return head


def _check(X: torch.Tensor, y: torch.Tensor) -> None:
    demand(
        X.ndim == 2 and y.ndim == 1 and len(X) == len(y) > 0,
        f"A probe learns from features (N, D) and labels (N,); these have {tuple(X.shape)} and "
        f"{tuple(y.shape)}. There is one label for each image.",
    )
    demand(
        bool((y != y[0]).any()),
        "All images have the same label: there is nothing to tell apart. Give images of at "
        "least two classes.",
    )


def accuracy(head: nn.Module, X: torch.Tensor, y: torch.Tensor) -> float:
    """Share (0..1) of the features X `(N, D)` that `head` gives the label y `(N,)`."""
    with torch.no_grad():
        right: torch.Tensor = head(X).argmax(dim=1) == y
    return right.float().mean().item()
