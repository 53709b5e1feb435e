"""Ways to normalise: mean and std, and what a network predicts with each of them."""

from typing import Any

import torch
from torch import nn

from ...images import (
    CIFAR10_COPIED_STD,
    CIFAR10_MEAN,
    CIFAR10_STD,
    IMAGENET_MEAN,
    IMAGENET_STD,
    Preprocessing,
    normalize,
)
from ...networks import predicting, run
from ..shared.predictions import best_classes

Normalisation = tuple[tuple[float, ...], tuple[float, ...]]  # mean, std, a number for each channel

NOTHING: Normalisation = (0.0,), (1.0,)  # changes nothing, in any channel
TITLES = {
    "own": "the network's own",
    "imagenet": "ImageNet's",
    "cifar10": "CIFAR-10's",
    "copied": "CIFAR-10's, with the std that many copy",
    "none": "none",
}


def normalisations(preprocessing: Preprocessing) -> dict[str, Normalisation]:
    """The ways to normalise that one can choose from: mean and std.

    For a network that takes grey, those of colours are averaged over the three channels.
    """
    ways: dict[str, Normalisation] = {
        "own": (preprocessing.mean, preprocessing.std),
        "imagenet": (IMAGENET_MEAN, IMAGENET_STD),
        "cifar10": (CIFAR10_MEAN, CIFAR10_STD),
        "copied": (CIFAR10_MEAN, CIFAR10_COPIED_STD),
        "none": NOTHING,
    }
    if preprocessing.channels == 1:
        return {name: _in_grey(way) for name, way in ways.items()}
    return ways


def _in_grey(way: Normalisation) -> Normalisation:
    """One mean and one std for all channels."""
    mean, std = ((round(sum(values) / len(values), 4),) for values in way)
    return mean, std


def predictions(
    network: nn.Module, x: torch.Tensor, ways: list[Normalisation]
) -> list[dict[str, Any]]:
    """The five best classes for `x` `(C, H, W)`, values 0..1, normalised in each of the ways."""
    batch = torch.stack([normalize(x, *way) for way in ways])
    with predicting(network):
        logits = run(network, batch)
    return [best_classes(network, logits[i : i + 1]) for i in range(len(ways))]


def words(mean: tuple[float, ...], std: tuple[float, ...]) -> str:
    """The numbers of a normalisation, one for a channel unless all are the same."""
    texts = [", ".join(f"{v:g}" for v in dict.fromkeys(values)) for values in (mean, std)]
    return "mean {}; std {}".format(*texts)


def numbers(way: Normalisation) -> str:
    """The numbers of a way to normalise, or that there are none."""
    return "left out: values stay as they are" if way == NOTHING else words(*way)


def row(name: str, way: Normalisation, best: dict[str, Any]) -> dict[str, str]:
    """A way for the page's table, with the best class; "–" if the output is no list of classes."""
    first = best["classes"][0] if best["classes"] else {"label": "–", "text": ""}
    shown = {"name": name, "title": TITLES[name], "numbers": numbers(way)}
    return shown | {"label": first["label"], "text": first["text"]}
