"""The way of any network to its five best classes: preprocessing before it, a view after it."""

from dataclasses import replace
from typing import Any

import torch
from PIL import Image
from torch import nn

from ...errors import CourseError
from ...figures import percent
from ...images import DIGITS, IMAGENET, Preprocessing, run_steps, steps
from ...networks import info, input_channels, layers, top_classes

SIDES = (32, 28, 64, 96, 128, 224, 256)  # pixels, tried in this order after the usual one


def preprocessing_for(network: nn.Module) -> Preprocessing:
    """The network's own preprocessing; without `info`, one for a size of image that it takes.

    A network of one's own that takes one grey channel gets images as digits are prepared.
    """
    if hasattr(network, "info"):
        return info(network).preprocessing
    channels = input_channels(network)
    usual = DIGITS if channels == 1 else IMAGENET
    for side in (usual.crop, *SIDES):
        try:
            layers(network, (channels, side, side))
        except CourseError:
            continue
        return usual if side == usual.crop else replace(usual, crop=side, resize=side)
    return usual


def network_input(network: nn.Module, image: Image.Image) -> tuple[torch.Tensor, Image.Image]:
    """What a network gets for an image, `(1, C, H, W)`, and what it sees of it, in RGB.

    A network that takes grey sees it in grey.
    """
    preprocessing = preprocessing_for(network)
    results: dict[str, Any] = dict(run_steps(image, steps(preprocessing)))
    seen: Image.Image = results["crop"]
    grey = preprocessing.channels == 1
    return results["batch"], seen.convert("L").convert("RGB") if grey else seen


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
