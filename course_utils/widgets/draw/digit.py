"""From the strokes of a pen to an image, and the digits of MNIST that are most like one."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from PIL import Image, ImageDraw

from ...datasets import load_digits

Point = Sequence[float]  # x and y, each a share (0..1) of the pad
Strokes = Sequence[Sequence[Point]]

PAD = 224  # pixels of the pad's side, where lines are drawn before they are made smaller
SIDE = 28  # of a digit of MNIST
PART = 10_000  # digits compared at once


def drawn(strokes: Strokes, line: float) -> Image.Image:
    """White lines on black, mode "L", `PAD` × `PAD`. line: their width, as a share of the pad."""
    image = Image.new("L", (PAD, PAD))
    pen, width = ImageDraw.Draw(image), line * PAD
    for stroke in strokes:
        points = [(x * PAD, y * PAD) for x, y in stroke]
        pen.line(points, 255, round(width), joint="curve")
        for x, y in (points[0], points[-1]):
            pen.circle((x, y), width / 2, 255)
    return image


def whole(image: Image.Image) -> Image.Image:
    """The pad made smaller, 28 × 28, with the digit where it was drawn."""
    return image.resize((SIDE, SIDE), Image.Resampling.BOX)


@cache
def _lengths() -> torch.Tensor:
    """The sum of squares of each training digit, values 0..1."""
    images = load_digits("train").images.flatten(1)
    return torch.cat([(part.float() / 255).square().sum(1) for part in images.split(PART)])


def nearest(digit: Image.Image, count: int = 8) -> tuple[torch.Tensor, list[int]]:
    """The `count` of MNIST's 60,000 training digits with the smallest distance, pixel by pixel.

    Their pixels, uint8 `(count, 28, 28)`, and their labels; the nearest first.
    """
    data = load_digits("train")
    wanted = torch.from_numpy(np.array(digit)).flatten().float() / 255
    products = [part.float() @ (wanted / 255) for part in data.images.flatten(1).split(PART)]
    distances = _lengths() - 2 * torch.cat(products)  # the square of `wanted` is the same for all
    best = distances.topk(count, largest=False).indices
    return data.images[best, 0], data.labels[best].tolist()
