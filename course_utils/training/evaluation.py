"""Labelled images in parts, and what a network says of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from ..datasets import Batch, LabelledImages
from ..errors import demand
from ..networks import as_network, device_of, predicting

PIXELS = 1000 * 32 * 32  # of the images of a batch


@dataclass(frozen=True)
class Evaluation:
    """What a network says of images whose labels are known.

    probabilities: float32 `(N, classes)`; labels: int64 `(N,)`; loss: mean cross-entropy.
    """

    probabilities: torch.Tensor
    labels: torch.Tensor
    loss: float

    @property
    def predictions(self) -> torch.Tensor:
        """int64 `(N,)`: the most probable class of each image."""
        return self.probabilities.argmax(dim=1)

    @property
    def accuracy(self) -> float:
        """Share of right answers, 0..1."""
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
    """Some of the images of a data set. `indices`: int64 `(N,)`, which of them."""

    def __init__(self, data: LabelledImages, indices: torch.Tensor) -> None:
        self.data, self.indices = data, indices

    def __len__(self) -> int:
        return len(self.indices)

    def __repr__(self) -> str:
        return f"{len(self):,} images of: {self.data}"

    @property
    def labels(self) -> torch.Tensor:
        """int64 `(N,)`."""
        return self.data.labels[self.indices]

    @property
    def classes(self) -> Sequence[str]:
        """The name of each label."""
        return self.data.classes

    def batches(self, batch_size: int, **settings: Any) -> Iterable[Batch]:
        """As those of the whole data set, of these images only."""
        return self.data.batches(batch_size, indices=self.indices, **settings)


def hold_out(data: LabelledImages, count: int, seed: int = 0) -> tuple[Part, Part]:
    """Split training images at random: (all but `count` to train with, `count` to validate)."""
    demand(
        0 < count < len(data),
        f"{count} of {len(data)} images cannot be held out: give a number between 1 and "
        f"{len(data) - 1}.",
    )
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(seed))
    return Part(data, order[count:]), Part(data, order[:count])


def evaluate(
    network: nn.Module | str,
    data: LabelledImages,
    batch_size: int | None = None,
    flip: bool = False,
) -> Evaluation:
    """What `network` says of every image of `data`, in order, in eval mode.

    network: a network, or its name. batch_size: None for as many images as have about 1000 × 32 ×
        32 pixels, so that large ones do not fill the memory.
    flip: let it look at each image and at its mirror image, and average the probabilities. For
        photographs; a digit that is mirrored is none.
    """
    network = as_network(network)
    if batch_size is None:
        X, _ = next(iter(data.batches(1, shuffle=False, augment=False)))
        batch_size = max(1, PIXELS // X.shape[-2:].numel())
    outputs, answers, device = [], [], device_of(network)
    with predicting(network):
        for X, y in data.batches(batch_size, shuffle=False, augment=False):
            X = X.to(device)
            Y_hat = network(X).float()
            if flip:
                both = torch.stack([Y_hat, network(X.flip(3)).float()])
                Y_hat = both.softmax(dim=2).mean(dim=0).log()  # softmax of it: the mean again
            outputs.append(Y_hat.cpu())
            answers.append(y)
    logits, labels = torch.cat(outputs), torch.cat(answers)
    return Evaluation(logits.softmax(dim=1), labels, F.cross_entropy(logits, labels).item())
