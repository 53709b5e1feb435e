"""What a network takes an image for."""

from typing import Any

import torch
from torch import nn

from ..errors import CourseError
from .layers import input_batch, predicting, run
from .registry import info
from .weights import as_network


def classify(network: nn.Module | str, image: Any, k: int = 5) -> list[tuple[str, float]]:
    """The `k` best classes of `network` for `image`: `[(label, probability), ...]`, best first.

    network: a network, or its name.
    image: anything `open_image` takes, or a tensor `(1, C, H, W)` ready for the network.
    The network's own preprocessing is used (`network.info.preprocessing`). An untrained network
    gives numbers too, but they are no prediction: its labels say "(untrained)".
    Raises `CourseError` for an image that is none or does not fit the network.
    """
    network = as_network(network)
    with predicting(network):
        logits = run(network, input_batch(network, image))
    return top_classes(network, logits, k)


def top_classes(network: nn.Module, logits: torch.Tensor, k: int = 5) -> list[tuple[str, float]]:
    """The same from logits `(1, classes)` that are there already."""
    if logits.ndim != 2 or len(logits) != 1:
        raise CourseError(
            f"The network's output has the shape {tuple(logits.shape)}; a list of classes needs "
            "(1, number of classes): one image, one logit for each class."
        )
    best = logits.softmax(dim=1)[0].topk(min(k, logits.shape[1]))
    return [
        (label(network, index), probability)
        for index, probability in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    ]


def label(network: nn.Module, index: int) -> str:
    """The name of output `index`, marked if the network is untrained."""
    known = info(network)
    name = known.classes[index] if index < len(known.classes) else f"class {index}"
    return name if known.trained else f"{name} (untrained)"
