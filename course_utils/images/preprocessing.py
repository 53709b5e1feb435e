"""Image -> tensor, as a short list of named steps that one can look at.

The steps are those of torchvision's `ImageClassification` preset (a test compares them pixel by
pixel); written out here so that each can be shown, switched off and measured.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

# What comes in comes out: a PIL image, or a tensor.
AnImage = TypeVar("AnImage", Image.Image, torch.Tensor)

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CIFAR10_CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
CIFAR10_MEAN, CIFAR10_STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
# What many copy: the std within one image, averaged over all images, and so too small.
CIFAR10_COPIED_STD = (0.2023, 0.1994, 0.2010)
DIGITS_CLASSES = tuple("0123456789")


@dataclass(frozen=True)
class Preprocessing:
    """What a network expects of an image: the numbers behind the steps.

    resize: length of the shorter side after resizing, in pixels.
    crop: side of the square that is cut from the middle, in pixels.
    mean, std: per channel (R, G, B), for values in 0..1; one number each for a network that takes
        grey images.
    """

    resize: int = 256
    crop: int = 224
    mean: tuple[float, ...] = IMAGENET_MEAN
    std: tuple[float, ...] = IMAGENET_STD

    @property
    def channels(self) -> int:
        """3 for a network that takes colours, 1 for one that takes grey."""
        return len(self.mean)


IMAGENET = Preprocessing()
CIFAR10 = Preprocessing(resize=32, crop=32, mean=CIFAR10_MEAN, std=CIFAR10_STD)
# MNIST: 28 × 28, white on black; the crop adds two black pixels on each side
DIGITS = Preprocessing(resize=28, crop=32, mean=(0.1307,), std=(0.3081,))


@dataclass(frozen=True)
class Step:
    """One step: a name, what it does in one sentence, and the function that does it."""

    name: str
    explanation: str
    apply: Callable[[Any], Any]

    def __repr__(self) -> str:
        return f"{self.name}: {self.explanation}"


def size_of(image: Image.Image | torch.Tensor) -> tuple[int, int]:
    """Height and width of an image, or of a tensor `(..., C, H, W)`, in pixels."""
    if isinstance(image, torch.Tensor):
        return image.shape[-2], image.shape[-1]
    return image.height, image.width


def resize(image: AnImage, size: int) -> AnImage:
    """Scale an image, bilinear, so that its shorter side is `size` pixels; its proportions stay.

    A float tensor `(..., C, H, W)` can be scaled too: nearly the same, but not rounded to 0..255.
    """
    height, width = size_of(image)
    short, long = min(width, height), max(width, height)
    other = int(size * long / short)
    height, width = (other, size) if width <= height else (size, other)
    if isinstance(image, torch.Tensor):
        one = image.reshape(1, -1, *image.shape[-2:])
        one = F.interpolate(one, (height, width), mode="bilinear", antialias=True)
        return one.reshape(*image.shape[:-2], height, width)
    return image.resize((width, height), Image.Resampling.BILINEAR)


def center_crop(image: AnImage, size: int) -> AnImage:
    """Cut the `size` × `size` square out of the middle; what is missing becomes 0, black.

    Takes a tensor `(..., C, H, W)` as well.
    """
    height, width = size_of(image)
    left, top = round((width - size) / 2), round((height - size) / 2)
    if isinstance(image, torch.Tensor):
        # F.pad with negative numbers cuts
        return F.pad(image, (-left, left + size - width, -top, top + size - height))
    return image.crop((left, top, left + size, top + size))


def channels_first(image: Image.Image, channels: int = 3) -> torch.Tensor:
    """RGB image -> float32 `(3, H, W)`, values 0..255 as they are.

    channels: 1 makes one grey channel of the three, `(1, H, W)`: 0.299 R + 0.587 G + 0.114 B.
    """
    if channels == 1:
        return torch.from_numpy(np.array(image.convert("L")))[None].float()
    pixels = torch.from_numpy(np.array(image.convert("RGB")))
    return pixels.permute(2, 0, 1).contiguous().float()


def to_tensor(image: Image.Image, channels: int = 3) -> torch.Tensor:
    """RGB image -> float32 `(channels, H, W)`, values 0..255 scaled to 0..1."""
    return channels_first(image, channels) / 255


def normalize(x: torch.Tensor, mean: Sequence[float], std: Sequence[float]) -> torch.Tensor:
    """(x − mean) / std for each channel of `(..., C, H, W)`."""
    m, s = (torch.tensor(values, dtype=x.dtype).view(-1, 1, 1) for values in (mean, std))
    return (x - m) / s


def steps(preprocessing: Preprocessing = IMAGENET) -> list[Step]:
    """The steps from an image to what a network takes, in order."""
    p = preprocessing
    grey = "the three colours become one grey, " * (p.channels == 1)
    return [
        Step(
            "resize",
            f"scale the shorter side to {p.resize} pixels",
            lambda image: resize(image, p.resize),
        ),
        Step(
            "crop",
            f"cut {p.crop} × {p.crop} pixels out of the middle",
            lambda image: center_crop(image, p.crop),
        ),
        Step(
            "to tensor",
            f"0..255 becomes 0..1, {grey}(H, W, 3) becomes ({p.channels}, H, W)",
            lambda image: to_tensor(image, p.channels),
        ),
        Step(
            "normalize",
            "subtract each channel's mean, divide by its standard deviation",
            lambda x: normalize(x, p.mean, p.std),
        ),
        Step("batch", "one image becomes a batch of one", lambda x: x.unsqueeze(0)),
    ]


def run_steps(image: Image.Image, chosen: list[Step]) -> list[tuple[str, Any]]:
    """Apply the steps one after the other and keep what each gave: `[(name, result), ...]`.

    The first entry is ("image", image) itself.
    """
    results: list[tuple[str, Any]] = [("image", image)]
    for step in chosen:
        results.append((step.name, step.apply(results[-1][1])))
    return results


def to_input(image: Image.Image, preprocessing: Preprocessing = IMAGENET) -> torch.Tensor:
    """RGB image -> normalised float32 batch of one, `(1, channels, crop, crop)`."""
    x: torch.Tensor = run_steps(image, steps(preprocessing))[-1][1]
    return x


def to_image(x: torch.Tensor, preprocessing: Preprocessing = IMAGENET) -> torch.Tensor:
    """Undo the normalisation: `(..., channels, H, W)` back to values in 0..1, for showing."""
    std = torch.tensor(preprocessing.std).view(-1, 1, 1)
    mean = torch.tensor(preprocessing.mean).view(-1, 1, 1)
    return (x * std + mean).clamp(0, 1)
