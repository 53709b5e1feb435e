"""How good a head is on images that it has not learned from, if there are few of them."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt

import torch

from ..errors import demand
from .linear_probe import linear_probe

FOLDS = 5  # so many heads at most: each learns without a part, and is asked about it
Z = 1.96  # standard deviations: 95 % of a normal distribution


@dataclass(frozen=True)
class HeldOut:
    """accuracy: share (0..1) of right answers for images that the head had not learned from.

    low, high: its 95 % interval (0..1). groups: how many groups there are; each counts once.
    """

    accuracy: float
    low: float
    high: float
    groups: int


def held_out(X: torch.Tensor, y: torch.Tensor, groups: Sequence[Hashable]) -> HeldOut:
    """Train heads, each without some of the groups, and ask each about the groups it lacks.

    X: features, float `(N, D)`; y: labels, int64 `(N,)`. groups: for each image what it belongs
    to, such as a burst of the camera: its images are nearly the same one, so they never stand on
    both sides, and count once together.
    Raises `CourseError` if a class has only one group.
    """
    fold = folds(y, groups)
    right = torch.zeros(len(y), dtype=torch.bool)
    for each in range(int(fold.max()) + 1):
        out = fold == each
        head = linear_probe(X[~out], y[~out])
        with torch.no_grad():
            right[out] = head(X[out]).argmax(dim=1) == y[out]
    return _counted(right, y, groups)


def always(label: int, y: torch.Tensor, groups: Sequence[Hashable]) -> HeldOut:
    """The same for whoever always answers `label`: what a head has to beat."""
    return _counted(y == label, y, groups)


def folds(y: torch.Tensor, groups: Sequence[Hashable]) -> torch.Tensor:
    """The part in which each image is held out: int64 `(N,)`, 0 .. `FOLDS` − 1 at most.

    A group lies in one part, and the groups of a class in as many as there are.
    """
    seen: dict[int, dict[Hashable, int]] = {label: {} for label in y.tolist()}
    for label, group in zip(y.tolist(), groups, strict=True):
        seen[label].setdefault(group, len(seen[label]) % FOLDS)
    alone = [label for label, known in seen.items() if len(known) < 2]
    demand(
        not alone,
        f"The classes {alone} have one group of images only, so none can be held out: give a "
        "second one, made at another time.",
    )
    return torch.tensor([seen[k][g] for k, g in zip(y.tolist(), groups, strict=True)])


def _counted(right: torch.Tensor, y: torch.Tensor, groups: Sequence[Hashable]) -> HeldOut:
    """The mean over groups of the share that is right, and Wilson's interval for so many."""
    answers: dict[Hashable, list[bool]] = {}
    for key, good in zip(zip(y.tolist(), groups, strict=True), right.tolist(), strict=True):
        answers.setdefault(key, []).append(good)
    share = sum(sum(each) / len(each) for each in answers.values()) / len(answers)
    return HeldOut(share, *wilson(share, len(answers)), len(answers))


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval (low, high) of a share (0..1) found in `count` independent trials.

    Wilson: "Probable inference, the law of succession, and statistical inference" (1927). Unlike
    share ± error it stays within 0..1, and has a width if all were right.
    """
    z = Z * Z / count
    middle = (share + z / 2) / (1 + z)
    half = sqrt(share * (1 - share) * z + z * z / 4) / (1 + z)
    return max(0.0, middle - half), min(1.0, middle + half)
