"""The loop: a network learns from labelled pictures.

`train`, `validation` and `test` are anything with `.batches(batch_size, …)` that yields
`(X, y)`: X float32 `(N, C, H, W)`, y int64 `(N,)`. `load_cifar10` gives that.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from .activations import predicting
from .errors import CourseError


@dataclass(frozen=True)
class Epoch:
    """What one pass over the training pictures gave. Accuracies are in 0..1."""

    number: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"epoch {self.number}: training loss {self.train_loss:.3f}, "
            f"accuracy {self.train_accuracy:.1%}; "
            f"validation loss {self.validation_loss:.3f}, accuracy {self.validation_accuracy:.1%}"
        )


@dataclass(frozen=True)
class Evaluation:
    """What a network says of pictures whose labels are known.

    probabilities: float32 `(N, classes)`; labels: int64 `(N,)`; loss: mean cross-entropy.
    """

    probabilities: torch.Tensor
    labels: torch.Tensor
    loss: float

    @property
    def predictions(self) -> torch.Tensor:
        return self.probabilities.argmax(dim=1)

    @property
    def accuracy(self) -> float:
        return (self.predictions == self.labels).float().mean().item()

    def confusion(self) -> torch.Tensor:
        """Counts `(classes, classes)`: row = true class, column = predicted class."""
        classes = self.probabilities.shape[1]
        pairs = self.labels * classes + self.predictions
        return torch.bincount(pairs, minlength=classes**2).view(classes, classes)

    def worst(self, k: int = 10) -> torch.Tensor:
        """Indices of the `k` wrong answers that the network was surest of, surest first."""
        confidence = self.probabilities.max(dim=1).values
        wrong = self.predictions != self.labels
        return (confidence * wrong).topk(min(k, int(wrong.sum()))).indices


class Part:
    """Some of the pictures of a data set. `indices`: int64 `(N,)`, which of them."""

    def __init__(self, data: object, indices: torch.Tensor) -> None:
        self.data, self.indices = data, indices

    def __len__(self) -> int:
        return len(self.indices)

    def __repr__(self) -> str:
        return f"{len(self):,} pictures of: {self.data}"

    def batches(self, batch_size: int, **settings: object) -> Iterable:
        return self.data.batches(batch_size, indices=self.indices, **settings)


def hold_out(data: object, count: int, seed: int = 0) -> tuple[Part, Part]:
    """Split training pictures at random: (all but `count` to train with, `count` to validate)."""
    if not 0 < count < len(data):
        raise CourseError(
            f"{count} of {len(data)} pictures cannot be held out: give a number between 1 and "
            f"{len(data) - 1}."
        )
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(seed))
    return Part(data, order[count:]), Part(data, order[:count])


def fit(
    network: nn.Module,
    train: object,
    validation: object,
    epochs: int = 5,
    *,
    batch_size: int = 128,
    learning_rate: float = 0.05,
    weight_decay: float = 5e-4,
    augment: bool = True,
    seed: int = 0,
    callbacks: Iterable[Callable[[Epoch], None]] = (),
) -> list[Epoch]:
    """Train `network` in place and return one `Epoch` for each pass over `train`.

    SGD with Nesterov momentum 0.9. The learning rate climbs to its peak `learning_rate` and
    falls to nothing again (one cycle: Smith and Topin, "Super-convergence", 2017).
    seed: order and augmentation of the pictures; the same seed gives the same training.
    callbacks: each is called with every finished `Epoch`.
    An interrupt ends the training early; the network keeps what it has learned until then.
    Raises `CourseError` if the loss stops being a number.
    """
    generator = torch.Generator().manual_seed(seed)
    batches = train.batches(batch_size, shuffle=True, augment=augment, generator=generator)
    total = epochs * len(batches)
    optimizer = torch.optim.SGD(
        network.parameters(), learning_rate, momentum=0.9, nesterov=True, weight_decay=weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=total)
    history: list[Epoch] = []
    try:
        for number in range(1, epochs + 1):
            start = time.perf_counter()
            loss, accuracy = train_epoch(network, batches, optimizer, schedule)
            checked = evaluate(network, validation)
            seconds = time.perf_counter() - start
            history.append(Epoch(number, loss, accuracy, checked.loss, checked.accuracy, seconds))
            for callback in callbacks:
                callback(history[-1])
    except KeyboardInterrupt:
        print(f"Stopped after {len(history)} of {epochs} epochs.")
    return history


def train_epoch(
    network: nn.Module,
    batches: Iterable[tuple[torch.Tensor, torch.Tensor]],
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> tuple[float, float]:
    """One pass over `batches`: the five lines that every training loop has, and the schedule.

    Returns the mean loss and the accuracy (0..1) of the pass, both while it learned. Raises
    `CourseError` if the loss stops being a number.
    """
    network.train()
    seen, loss_sum, right = 0, 0.0, 0
    for X, y in batches:
        Y_hat = network(X)
        loss = F.cross_entropy(Y_hat, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        seen += len(y)
        loss_sum += loss.item() * len(y)
        right += (Y_hat.argmax(dim=1) == y).sum().item()
        if not torch.isfinite(loss):
            raise CourseError(
                f"After {seen} pictures the loss is {loss.item()}: the steps were too large. "
                "Load the network again and train it with a smaller learning_rate."
            )
    return loss_sum / seen, right / seen


def evaluate(network: nn.Module, data: object, batch_size: int = 1000) -> Evaluation:
    """What `network` says of every picture of `data`, in order, in eval mode."""
    scores, labels = [], []
    with predicting(network):
        for X, y in data.batches(batch_size, shuffle=False, augment=False):
            scores.append(network(X))
            labels.append(y)
    scores, labels = torch.cat(scores).float(), torch.cat(labels)
    return Evaluation(scores.softmax(dim=1), labels, F.cross_entropy(scores, labels).item())
