"""What a network takes a picture for."""

import torch
from torch import nn

from .activations import input_batch, predicting, run
from .errors import CourseError
from .networks import info


def classify(network: nn.Module, picture: object, k: int = 5) -> list[tuple[str, float]]:
    """The `k` best classes of `network` for `picture`: `[(label, probability), ...]`, best first.

    picture: anything `open_image` takes, or a tensor `(1, C, H, W)` ready for the network.
    The network's own preprocessing is used (`network.info.preprocessing`). An untrained network
    gives numbers too, but they are no prediction: its labels say "(untrained)".
    Raises `CourseError` for a picture that is none or does not fit the network.
    """
    with predicting(network):
        scores = run(network, input_batch(network, picture))
    return top_classes(network, scores, k)


def top_classes(network: nn.Module, scores: torch.Tensor, k: int = 5) -> list[tuple[str, float]]:
    """The same from scores `(1, classes)` that are there already."""
    if scores.ndim != 2 or len(scores) != 1:
        raise CourseError(
            f"The network's output has the shape {tuple(scores.shape)}; a list of classes needs "
            "(1, number of classes): one picture, one score for each class."
        )
    best = scores.softmax(dim=1)[0].topk(min(k, scores.shape[1]))
    return [
        (label(network, index), probability)
        for index, probability in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    ]


def label(network: nn.Module, index: int) -> str:
    """The name of output `index`, marked if the network is untrained."""
    known = info(network)
    name = known.classes[index] if index < len(known.classes) else f"class {index}"
    return name if known.trained else f"{name} (untrained)"
