"""Claims of lesson 1."""

import torch
from torch import nn
from torch.nn import functional as F

from course_utils import activations, load_network, open_image
from course_utils.images import to_image, to_input

from . import claim


def random(seed: int, *shape: int) -> torch.Tensor:
    """Whole numbers 0..255: their sums are exact."""
    return torch.randint(256, shape, generator=torch.Generator().manual_seed(seed)).float()


@claim(
    "The same numbers meet the same weights, so the sum is the same, bit for bit.",
    control="torch.equal((own * moved)[:, 1:], (own * whole)[:, :-1])",
)
def equivariance(seed: int) -> None:
    image, kernel = random(seed, 1, 1, 40, 40), random(seed + 1, 1, 1, 3, 3)
    before, after = (F.conv2d(x, kernel) for x in (image, torch.roll(image, 1, dims=3)))
    assert torch.equal(after[..., 1:], before[..., :-1])
    assert not torch.equal(after, before)
    own = random(seed + 2, 40)
    assert not torch.equal((own * torch.roll(image, 1, 3))[..., 1:], (own * image)[..., :-1])


@claim(
    "Each pooling goes in steps of 2, two of them in steps of 4",
    control="torch.roll(seven, n, dims=3)",
    spread="the weights are random: the same for each",
)
def pooling_fits_again_after_four(seed: int) -> None:
    lenet = load_network("lenet", weights=None, seed=seed)
    seven = to_input(open_image("seven"), lenet.info.preprocessing)
    old = activations(lenet, seven)["pool2"]
    changes = []
    for n in (1, 2, 3, 4):
        new = activations(lenet, torch.roll(seven, n, dims=3))["pool2"]
        change = (new[..., 1:] - old[..., :-1]).abs().sum() / old.abs().sum()
        changes.append(change.item())
    assert min(changes[:3]) > 0.02
    assert changes[3] < 1e-4


@claim(
    "The sum is no measure of similarity: an edge of the same form with a third of the contrast "
    "gives a third of the sum.",
    control="slide(x / 3, kernel)",
)
def a_sum_grows_with_the_contrast(seed: int) -> None:
    image, kernel = random(seed, 1, 1, 9, 9), random(seed + 1, 1, 1, 3, 3)
    torch.testing.assert_close(F.conv2d(image / 3, kernel), F.conv2d(image, kernel) / 3)


@claim(
    "All pixels are 0 or more, so their lists point in similar directions whatever they show",
    control='"pixels minus mean"',
)
def pixels_of_all_photographs_are_alike(seed: int) -> None:
    names = ("cat", "coffee", "rocket", "camera", "palace", "astronaut")
    seen = [to_image(to_input(open_image(name))).flatten() for name in names]
    pairs = [(a, b) for i, a in enumerate(seen) for b in seen[:i]]
    assert min(cosine(a, b) for a, b in pairs) > 0.5
    assert min(cosine(a - a.mean(), b - b.mean()) for a, b in pairs) < 0
    assert all(cosine(a - a.mean(), b - b.mean()) < cosine(a, b) for a, b in pairs)


@claim(
    "The same network without training finds everything alike, so what tells them apart was "
    "learned.",
    control='"features, untrained"',
    spread="untrained 0.8 or more for every pair, with each seed; trained below 0.2",
)
def features_that_tell_apart_are_learned(seed: int) -> None:
    trained = load_network("efficientnet_lite0")
    untrained = load_network("efficientnet_lite0", weights=None, seed=seed)
    for other in ("coffee", "rocket"):
        assert cosine(features(trained, "cat"), features(trained, other)) < 0.2
        assert cosine(features(untrained, "cat"), features(untrained, other)) > 0.8


def features(network: nn.Module, image: str) -> torch.Tensor:
    return activations(network, image)["avgpool1"].flatten()


def cosine(a: torch.Tensor, b: torch.Tensor) -> float:
    return F.cosine_similarity(a, b, dim=0).item()
