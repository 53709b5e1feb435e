"""An image comes in and becomes a tensor: samples, any file of your own, named steps.

In: a name, a path, bytes, an array, an upload. Out: an RGB image, then float32 `(3, H, W)`, or
grey, `(1, H, W)`, for networks that read digits.
Lessons 1 and 5.
"""

from .digits import as_digit, centred
from .opening import open_image
from .photographs import photograph, sample_images
from .preprocessing import (
    CIFAR10,
    CIFAR10_CLASSES,
    CIFAR10_COPIED_STD,
    CIFAR10_MEAN,
    CIFAR10_STD,
    DIGITS,
    DIGITS_CLASSES,
    IMAGENET,
    IMAGENET_MEAN,
    IMAGENET_STD,
    Preprocessing,
    center_crop,
    channels_first,
    normalize,
    resize,
    run_steps,
    size_of,
    steps,
    to_image,
    to_input,
    to_tensor,
)

__all__ = [
    "CIFAR10",
    "CIFAR10_CLASSES",
    "CIFAR10_COPIED_STD",
    "CIFAR10_MEAN",
    "CIFAR10_STD",
    "DIGITS",
    "DIGITS_CLASSES",
    "IMAGENET",
    "IMAGENET_MEAN",
    "IMAGENET_STD",
    "Preprocessing",
    "as_digit",
    "center_crop",
    "centred",
    "channels_first",
    "normalize",
    "open_image",
    "photograph",
    "resize",
    "run_steps",
    "sample_images",
    "size_of",
    "steps",
    "to_image",
    "to_input",
    "to_tensor",
]
