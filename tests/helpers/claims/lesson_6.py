"""Claims of lesson 6: the images, without any network."""

import torch
from torch.nn import functional as F

from course_utils import load_cifar10
from tests.helpers.claims import claim


def some(split: str, count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Images at random, float `(N, 3, 32, 32)` of 0..255, and their labels."""
    data = load_cifar10(split)
    chosen = torch.randperm(len(data), generator=torch.Generator().manual_seed(seed))[:count]
    return data.images[chosen].float(), data.labels[chosen]


def nearest(images: torch.Tensor, memory: torch.Tensor, names: torch.Tensor) -> torch.Tensor:
    """For each image the label of the nearest one in the memory."""
    return names[torch.cdist(images.flatten(1), memory.flatten(1)).argmin(1)]


def share(answers: torch.Tensor, labels: torch.Tensor) -> float:
    return (answers == labels).float().mean().item()


@claim(
    "neighbours are more alike than the colours of a pixel are",
    control="neighbours in a plane differ by",
    spread="15 against 31, ± 1",
)
def neighbours(seed):
    images, _ = some("train", 1000, seed)
    planes = images.flatten(2)
    assert 1.5 * planes.diff().abs().mean() < (planes[:, 0] - planes[:, 2]).abs().mean()


@claim(
    "Still it is far more than guessing",
    control="distances.argmin(1) == test.labels",
    spread="28 %, ± 1 of 2,000 images",
)
def averages(seed):
    images, labels = some("train", 20_000, seed)
    memory = torch.stack([images[labels == k].mean(0) for k in range(10)])
    asked, right = some("test", 2000, seed)
    assert 0.2 < share(nearest(asked, memory, torch.arange(10)), right) < 0.4


@claim(
    "what counts is whether *it* has memorised an image",
    control="memorised:",
    spread="29 and 28 %, ± 2 of 1,000 images",
)
def memorised(seed):
    images, labels = some("train", 6000, seed)
    memory, names = images[:5000], labels[:5000]
    asked, right = some("test", 1000, seed)
    assert share(nearest(memory[:500], memory, names), names[:500]) > 0.99
    others = share(nearest(images[5000:], memory, names), labels[5000:])
    assert abs(others - share(nearest(asked, memory, names), right)) < 0.08


@claim(
    "Within one image the values differ less than in the whole set",
    control="within + between",
    spread="0.20 against 0.25, ± 0.01",
)
def spread_within(seed):
    images, _ = some("train", 3000, seed)
    own, means = images.var((2, 3), correction=0).mean(0), images.mean((2, 3))
    whole = images.var((0, 2, 3), correction=0)
    assert (own < whole).all()
    assert torch.allclose(own + means.var(0, correction=0), whole, rtol=1e-3)


@claim(
    "as numbers it is another one, and often the nearest is now one of the other images",
    control="moved:",
    spread="45 %, ± 3 of 1,000 images",
)
def moved(seed):
    memory, names = some("train", 10_000, seed)
    shifted = F.pad(memory[:500], (4, 4, 4, 4), mode="replicate")[:, :, 6:38, 7:39]
    assert share(nearest(shifted, memory, names), names[:500]) < 0.6
