"""What a network predicts for images of a subset, and which classes it confuses."""

import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import nn

from ...datasets import Batches
from ...errors import CourseError
from ...figures import percent
from ...images import Preprocessing
from ...networks import NetworkInfo, device_of, info, predicting, run
from ...training import Evaluation
from .subsets import Subset

SAMPLE = 2_000  # images of a subset for which predictions are made
BATCH = 100
BEST = 5  # classes that are shown of a prediction
PAIRS = 8


@dataclass(frozen=True)
class Pair:
    """Two classes that are confused: `count` of the `of` images of `label` were called `said`."""

    label: str
    said: str
    count: int
    of: int

    @property
    def name(self) -> str:
        """ "cat → dog" """
        return f"{self.label} → {self.said}"


class Predictions:
    """Predictions of a network for images of a subset: some at each step; for any when asked.

    network: a copy predicts, so that the network can go on learning meanwhile. With `result`
    instead, all predictions are known.
    done: whether all predictions are made. failed: they could not be made. note: a warning.
    Raises `CourseError` for a network that has other classes.
    """

    def __init__(
        self,
        title: str,
        subset: Subset,
        network: nn.Module | None = None,
        result: Evaluation | None = None,
    ) -> None:
        self.title, self.subset, self.note, self.failed = title, subset, "", False
        self.indices = subset.indices if network is None else subset.sample(SAMPLE)
        self._probabilities = [] if result is None else [result.probabilities]
        self._network = copy.deepcopy(network)
        if network is not None:
            known = info(network)
            self._preprocessing = _preprocessing(known, subset)
            self.note = _note(known, subset)
            _check(title, self._predict(subset, self.indices[:1]), subset)
        self.count = sum(map(len, self._probabilities))

    @property
    def done(self) -> bool:
        return self.failed or self.count == len(self.indices)

    @property
    def known(self) -> bool:
        """Whether all predictions were made."""
        return self.done and not self.failed

    def step(self) -> None:
        """Predict for some more images."""
        fresh = self._predict(self.subset, self.indices[self.count : self.count + BATCH])
        self._probabilities.append(fresh)
        self.count += len(fresh)

    def _predict(self, subset: Subset, indices: torch.Tensor) -> torch.Tensor:
        """Probabilities `(len(indices), classes)` of images of the subset's data."""
        data, preprocessing = subset.data, self._preprocessing
        batches = Batches(
            data.images, data.labels, BATCH, indices=indices, preprocessing=preprocessing
        )
        x, _ = next(iter(batches))
        network = self._network
        if network is None:
            raise TypeError("a result predicts nothing")
        with predicting(network):
            logits = run(network, x.to(device_of(network)))
        return logits.float().cpu().softmax(dim=-1)

    @cached_property
    def result(self) -> Evaluation:
        """All of it, once it is known."""
        labels = self.subset.data.labels[self.indices]
        return Evaluation(torch.cat(self._probabilities), labels, 0.0)

    @property
    def status(self) -> str:
        """How far it is, or how good; "" if it failed."""
        if self.failed:
            return ""
        images = f"{len(self.indices):,} {self.subset.words}"
        if not self.done:
            return f"{self.count:,} of {images}"
        return f"{100 * self.result.accuracy:.1f} % of {images} right"

    @property
    def line(self) -> str:
        """The status of the network with its title."""
        return f"{self.title}: {self.status}" if self.status else f"{self.title} could not be asked"

    @cached_property
    def pairs(self) -> list[Pair]:
        """The pairs of classes that are confused most often, once all is known."""
        counts, classes = self.result.confusion(), self.subset.data.classes
        of = counts.sum(dim=1)
        counts.fill_diagonal_(0)
        found = []
        for place in counts.flatten().argsort(descending=True, stable=True)[:PAIRS].tolist():
            label, said = divmod(place, len(classes))
            if count := int(counts[label, said]):
                found.append(Pair(classes[label], classes[said], count, int(of[label])))
        return found

    def confused(self, label: int, said: int) -> torch.Tensor:
        """Images of class `label` that were taken for `said`, the surest first: indices."""
        result = self.result
        which = ((result.labels == label) & (result.predictions == said)).nonzero().flatten()
        surest = result.probabilities[which, said].argsort(descending=True, stable=True)
        return self.indices[which[surest]]

    def best(self, subset: Subset, index: int) -> dict[str, Any] | None:
        """The best classes for one image, for a view; none of an image that the result lacks."""
        if self.failed:
            return None
        probabilities = self._of(subset, index)
        if probabilities is None:
            return {"classes": [], "outputs": 0}
        shares, best = probabilities.topk(min(BEST, len(probabilities)))
        return {
            "classes": [
                {"label": subset.data.classes[k], "share": share, "text": percent(share)}
                for share, k in zip(shares.tolist(), best.tolist(), strict=True)
            ],
            "outputs": len(probabilities),
        }

    def _of(self, subset: Subset, index: int) -> torch.Tensor | None:
        if self._network is not None:
            return self._predict(subset, torch.tensor([index]))[0]
        where = (self.indices == index).nonzero().flatten()
        known = subset.data is self.subset.data and len(where)
        return self._probabilities[0][where[0]] if known else None


def _preprocessing(known: NetworkInfo, subset: Subset) -> Preprocessing:
    """The network's own if it is for images of this size, else that of the data set."""
    same = known.preprocessing.resize == subset.data.images.shape[-1]
    return known.preprocessing if same else subset.data.preprocessing


def _note(known: NetworkInfo, subset: Subset) -> str:
    """A warning if a network comes trained on classes that are not these."""
    if not known.trained or known.classes == tuple(subset.data.classes):
        return ""
    return (
        f"{known.title} comes {known.status}, and these images have other classes: unless it has "
        "learned them since, its answers here mean nothing."
    )


def _check(title: str, probabilities: torch.Tensor, subset: Subset) -> None:
    classes = len(subset.data.classes)
    if probabilities.shape != (1, classes):
        raise CourseError(
            f"{title} answers with the shape {tuple(probabilities.shape[1:])}, but these images "
            f"have {classes} classes. Give a network that was trained on them, such as the one "
            "that fit() or train() made."
        )
