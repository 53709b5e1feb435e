"""Any image of a digit becomes one as MNIST has them: grey on black, small, in the middle."""

from math import ceil
from typing import Any

import numpy as np
from PIL import Image

from ..errors import demand
from .opening import open_image

SIDE, LARGE = 28, 20  # pixels: of the image, and of the longer side of the digit
WORKED_ON = 400  # pixels: larger images are scaled down first
LEAST = 40  # of 255: what a stroke must differ from the paper
FAINT = 0.4  # share of the strongest stroke; what is fainter is paper, or a shadow on it


def as_digit(source: Any) -> Image.Image:
    """The digit in an image, grey `(28, 28)`, white on black, as MNIST has them.

    source: anything `open_image` takes, with one digit on an even background, as a pen on paper or
        chalk on a board; the border shows the background.
    Raises `CourseError` if nothing stands out from it.
    """
    return centred(strokes(open_image(source)))


def centred(ink: np.ndarray) -> Image.Image:
    """The digit that is drawn in `ink` `(H, W)`, 0 where nothing is, made as those of MNIST were.

    Grey, 28 × 28: scaled until its longer side has 20 pixels, then moved by whole pixels until its
    centre of mass is in the middle (LeCun and others (1998), section III.A); in theirs it is in
    the pixel just below and right of that. Without ink: black.
    """
    digit = Image.new("L", (SIDE, SIDE))
    if not ink.any():
        return digit
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    scale = LARGE / max(cut.shape)
    height, width = (max(1, round(scale * side)) for side in cut.shape)
    small = np.asarray(Image.fromarray(cut).resize((width, height), Image.Resampling.BOX))
    small = (small / small.max() * 255).astype(np.uint8)  # thin strokes have become faint
    down, right = (
        ceil(SIDE / 2 - (np.arange(len(sums)) + 0.5) @ sums / sums.sum())
        for sums in (small.sum(axis=1, dtype=float), small.sum(axis=0, dtype=float))
    )
    digit.paste(Image.fromarray(small), (right, down))
    return digit


def strokes(image: Image.Image) -> np.ndarray:
    """How far each pixel differs from the background, float32 `(H, W)`, 0 where it is that."""
    grey = image.convert("L")
    grey.thumbnail((WORKED_ON, WORKED_ON), Image.Resampling.BOX)
    values = np.asarray(grey, np.float32)
    border = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    differs = values - np.median(border)
    ink = differs.clip(0) if differs.max() > -differs.min() else (-differs).clip(0)
    strongest = float(np.quantile(ink, 0.995))  # not a single pixel that shines
    demand(
        strongest > LEAST,
        "There is no digit to be seen: nothing in the image stands out from its border. Write it "
        "large, with a thick pen on white paper, and let a margin of paper be around it.",
    )
    ink = ink.clip(0, strongest)
    return np.where(ink < FAINT * strongest, 0, ink).astype(np.float32)
