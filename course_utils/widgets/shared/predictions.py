"""The way of any network to its five best classes: preprocessing before it, a view after it."""

from dataclasses import replace
from typing import Any

import torch
from torch import nn

from ...errors import CourseError
from ...figures import percent
from ...images import IMAGENET, Preprocessing
from ...networks import info, input_channels, layers, top_classes

SIDES = (224, 32, 28, 64, 96, 128, 256)  # pixels, tried in this order


def preprocessing_for(network: nn.Module) -> Preprocessing:
    """The network's own preprocessing; without `info`, one for a size of image that it takes."""
    if hasattr(network, "info"):
        return info(network).preprocessing
    for side in SIDES:
        try:
            layers(network, (input_channels(network), side, side))
        except CourseError:
            continue
        return replace(IMAGENET, crop=side, resize=256 if side == 224 else side)
    return IMAGENET


def best_classes(network: nn.Module, logits: torch.Tensor) -> dict[str, Any]:
    """The five best classes and the number of all, for a view, from logits `(1, classes)`.

    None if `logits` has another shape. That they come from an untrained network is said once,
    above them, and not in each label.
    """
    if logits.ndim != 2:
        return {"classes": [], "outputs": 0}
    best = top_classes(network, logits)
    return {
        "classes": [
            {"label": label.removesuffix(" (untrained)"), "share": share, "text": percent(share)}
            for label, share in best
        ],
        "outputs": logits.shape[1],
    }
