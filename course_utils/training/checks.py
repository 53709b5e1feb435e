"""What is checked once, before a training: the network, the images, their labels."""

from typing import Any

from torch import Tensor, device, nn

from ..datasets import LabelledImages
from ..errors import demand
from ..networks import as_network, device_of


def check_parts(network: nn.Module, train: LabelledImages, validation: LabelledImages) -> device:
    """Where the network is; `CourseError` for what is none to train, or no labelled images."""
    demand(
        not isinstance(network, str),
        "fit() trains a network that you hold: network = load_network('lenet', weights=None).",
    )
    as_network(network)
    for part, what in ((train, "train with"), (validation, "validate")):
        demand(
            hasattr(part, "batches") and hasattr(part, "__len__"),
            "fit() learns from labelled images with a method batches(), as load_digits() and "
            f"hold_out() give them, not from a {type(part).__name__}.",
        )
        demand(len(part) > 0, f"There is no image to {what}: give at least one.")
    return device_of(network)


def check_logits(
    logits: Any, images: int, train: LabelledImages, validation: LabelledImages
) -> None:
    """Raise `CourseError` unless there are logits for so many images, and a class for each label.

    logits: what the network gave.
    """
    given = f"tensor {tuple(logits.shape)}" if isinstance(logits, Tensor) else type(logits).__name__
    demand(
        isinstance(logits, Tensor) and logits.ndim == 2 and len(logits) == images,
        f"For {images} images the network gives a {given}. It has to be a tensor "
        "(images, classes): the logits alone.",
    )
    classes = logits.shape[1]
    ends = [end for part in (train, validation) for end in _ends(part)]
    demand(
        min(ends) >= 0 and max(ends) < classes,
        f"The labels go from {min(ends)} to {max(ends)}, and the network has {classes} classes: "
        f"labels are 0 to {classes - 1}.",
    )


def _ends(part: LabelledImages) -> tuple[int, int]:
    """The least and the largest label; of images that do not list theirs, those of a batch."""
    labels = getattr(part, "labels", None)
    if labels is None:
        labels = next(iter(part.batches(32, shuffle=False, augment=False)))[1]
    return int(labels.min()), int(labels.max())
