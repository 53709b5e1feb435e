"""What the page shows of each step: a small image, its values, what the step does."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image

from ...figures import short
from ...images import steps
from .normalisation import numbers
from .orders import Done, Order

THUMBNAIL = 320  # longest side of an image in the page, in pixels
BINS = 48


def cards(names: Sequence[str], order: Order, done: Done) -> list[dict[str, Any]]:
    """What the page says of the image and of each step, in the order in which they stand."""
    found = []
    for name in ("image", *names):
        card: dict[str, Any] = {"name": name, "explanation": _explanation(name, order)}
        card["image"] = None
        if name in done.results:
            card["state"] = "done"
            card["image"], values = describe(done.results[name])
            card |= values
        elif name == done.failed:
            card |= {"state": "failed", "note": done.error}
        elif name in order.steps:
            card |= {"state": "unreached", "note": "not reached"}
        else:
            card |= {"state": "off", "note": "left out"}
        found.append(card)
    return found


def _explanation(name: str, order: Order) -> str:
    """What a step does, with its numbers."""
    channels = order.wanted.channels
    grey = "the three colours become one grey, " * (channels == 1)
    own = {step.name: step.explanation for step in steps(order.wanted)} | {
        "image": "as it was opened",
        "to tensor": f"{grey}(H, W, 3) → ({channels}, H, W), uint8 → float32",
        "scale": "divide by 255: 0..255 becomes 0..1",
        "normalize": numbers(order.used),
    }
    if name == "to tensor" and order.scales:
        return f"{own[name]}, 0..255 becomes 0..1"
    return own[name]


def describe(result: Image.Image | torch.Tensor) -> tuple[Image.Image, dict[str, Any]]:
    """The result of a step as a small image, and what there is to say about its values.

    "black" and "white": the values at the ends of image and histogram. "zero": where zero is
    between them, 0..1, None if it is at an end or outside.
    """
    tensor = isinstance(result, torch.Tensor)
    values = result.numpy() if isinstance(result, torch.Tensor) else np.asarray(result)
    low, high = _ends(values)
    image = thumbnail(result, low, high)
    return image, {
        "height": image.height,
        "width": image.width,
        "shape": f"({', '.join(map(str, values.shape))})",
        "type": "tensor, float32" if tensor else "PIL image, uint8",
        "min": short(float(values.min()), 3),
        "max": short(float(values.max()), 3),
        "mean": short(float(values.mean()), 3),
        "black": short(low, 3),
        "white": short(high, 3),
        "histogram": _histogram(result, low, high),
        "zero": -low / (high - low) if low < 0 < high else None,
    }


def _histogram(result: Image.Image | torch.Tensor, low: float, high: float) -> list[list[int]]:
    """How many values of each channel fall into each of BINS equal parts of low..high."""
    if isinstance(result, torch.Tensor):
        channels = result.reshape(result.shape[-3], -1)
        return [torch.histc(c, BINS, low, high).int().tolist() for c in channels]
    counts = np.reshape(result.histogram(), (3, 256))
    return [np.histogram(range(256), BINS, (low, high), weights=c)[0].tolist() for c in counts]


def _ends(values: np.ndarray) -> tuple[float, float]:
    """What is drawn black and what white: 0..255, 0..1, or else the lowest and highest value."""
    low, high = float(values.min()), float(values.max())
    if values.dtype == np.uint8 or (low >= 0 and 50 < high <= 255):
        return 0.0, 255.0
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    return low, max(high, low + 1e-6)  # an image of one colour


def thumbnail(result: Image.Image | torch.Tensor, low: float, high: float) -> Image.Image:
    """The result of a step as a small image: `low` is black, `high` is white."""
    if isinstance(result, torch.Tensor):
        x = (result.reshape(result.shape[-3:]) - low) / (high - low)
        pixels = (x * 255).round().byte().expand(3, -1, -1).permute(1, 2, 0)
        result = Image.fromarray(pixels.contiguous().numpy())
    image = result.copy()
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    return image
