"""A linear probe: a new head on features that stay as they are.

Alain, Bengio: "Understanding intermediate layers using linear classifier probes" (2016). What one
layer can tell from the features says how much the backbone has made of the images.
"""

import torch
from torch import nn
from torch.nn import functional as F

from ..errors import CourseError

STEPS = 200  # of L-BFGS: with so few weights it has arrived long before


def first_of_each(labels: torch.Tensor, count: int) -> torch.Tensor:
    """Indices of the first `count` images of each class, class by class: int64.

    labels: int64 `(N,)`. Raises `CourseError` if a class has fewer images.
    """
    found = [(labels == label).nonzero()[:count, 0] for label in labels.unique()]
    fewest = min(map(len, found), default=0)
    if count < 1 or fewest < count:
        raise CourseError(
            f"{count} images of each class cannot be taken: give a number between 1 and "
            f"{fewest if count >= 1 else int(labels.unique(return_counts=True)[1].min())}."
        )
    return torch.cat(found)


def linear_probe(X: torch.Tensor, y: torch.Tensor, weight_decay: float = 0.001) -> nn.Linear:
    """Train a head on features: `nn.Linear(D, classes)`, whose logits for X are `head(X)`.

    X: features, float `(N, D)`; y: labels, int64 `(N,)`, 0 .. classes − 1. weight_decay: how much
    large weights are held down; with few images that keeps it from learning them by heart.
    There is one best head, and it is found whatever one starts from: nothing here is random.
    Raises `CourseError` for data that teach nothing.
    """
    _check(X, y, weight_decay)
    X, y = X.detach().double(), y.long()
    mean, scale = X.mean(dim=0), X.std(dim=0).mean().clamp(min=1e-12)
    head = nn.utils.skip_init(nn.Linear, X.shape[1], int(y.max()) + 1, dtype=torch.float64)
    with torch.no_grad():
        head.weight.zero_()
        head.bias.zero_()
    _minimise(head, (X - mean) / scale, y, weight_decay)
    with torch.no_grad():  # so that the head takes features as they come
        head.weight /= scale
        head.bias -= head.weight @ mean
    return head.float()


def _check(X: torch.Tensor, y: torch.Tensor, weight_decay: float) -> None:
    if X.ndim != 2 or y.ndim != 1 or len(X) != len(y):
        raise CourseError(
            f"A probe learns from features (N, D) and labels (N,); these have {tuple(X.shape)} and "
            f"{tuple(y.shape)}. There is one label for each image."
        )
    if y.is_floating_point() or len(y) == 0 or int(y.min()) < 0:
        raise CourseError("Labels are whole numbers, 0 for the first class: y.long().")
    if len(y.unique()) < 2:
        raise CourseError(
            "All images have the same label: there is nothing to tell apart. Give images of at "
            "least two classes."
        )
    if not X.isfinite().all():
        raise CourseError("The features hold values that are not numbers (nan or inf).")
    if weight_decay <= 0:
        raise CourseError("weight_decay must be above 0: without it the weights grow for ever.")


def _minimise(head: nn.Linear, X: torch.Tensor, y: torch.Tensor, weight_decay: float) -> None:
    """Cross-entropy + weight_decay · |weights|², with all images in every step."""
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        with torch.enable_grad():
            value = F.cross_entropy(head(X), y) + weight_decay * head.weight.square().sum()
        value.backward()
        return value

    optimizer.step(loss)


def accuracy(head: nn.Module, X: torch.Tensor, y: torch.Tensor) -> float:
    """Share (0..1) of the features X `(N, D)` that `head` gives the label y `(N,)`."""
    if len(X) != len(y) or len(y) == 0:
        raise CourseError(
            f"There must be one label for each image; there are {len(y)} labels and {len(X)} "
            "images."
        )
    with torch.no_grad():
        return (head(X).argmax(dim=1) == y).float().mean().item()
