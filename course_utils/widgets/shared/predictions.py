"""The way of any network to its five best classes: preprocessing before it, a view after it."""

from dataclasses import replace
from typing import Any

import torch
from PIL import Image
from torch import nn

from ...errors import CourseError
from ...figures import percent
from ...images import IMAGENET, Preprocessing, run_steps, steps
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


def network_input(network: nn.Module, image: Image.Image) -> tuple[torch.Tensor, Image.Image]:
    """What a network gets for an image, `(1, C, H, W)`, and the part of the image that this is."""
    results: dict[str, Any] = dict(run_steps(image, steps(preprocessing_for(network))))
    x = results["batch"]
    return (x.mean(dim=1, keepdim=True) if input_channels(network) == 1 else x), results["crop"]


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
