"""Feature maps as pixels: values to levels of the colour scale, images side by side."""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
import traitlets as t
from matplotlib import colormaps

from ...errors import CourseError
from ...figures import style


@cache
def colours(name: str = style.FEATURES) -> bytes:
    """A colour map, by default that of all feature maps: 256 × (R, G, B). SIGNED has zero white."""
    return np.rint(colormaps[name](range(256))[:, :3] * 255).astype(np.uint8).tobytes()


class MapColours(t.HasTraits):
    """What a page paints maps with: `colours`, and `diverging` if there are values below zero."""

    diverging = t.Bytes(colours(style.SIGNED)).tag(sync=True)
    colours = t.Bytes(colours()).tag(sync=True)


def as_maps(values: torch.Tensor) -> np.ndarray:
    """What a layer gave for one image as `(C, H, W)`; units of a flat layer as `(C, 1, 1)`."""
    if values.ndim > 3:
        raise CourseError(
            f"This layer's output has the shape {tuple(values.shape)}, which is no list of maps. "
            "Choose a layer with an output of the shape (C, H, W) or (units,)."
        )
    shape = (-1, 1, 1) if values.ndim < 2 else (-1, *values.shape[-2:])
    return values.float().reshape(shape).numpy()


def levels(maps: np.ndarray, own_scale: bool = False) -> np.ndarray:
    """Values `(C, H, W)` -> 0..255, the index into the colour map; the page does the same sum.

    own_scale: each map from its own lowest value to its highest, instead of the layer's. If a
    value is below zero the scale goes as far below zero as above, so that zero is in its middle.
    """
    axes = (1, 2) if own_scale else None
    low, high = (f(maps, axis=axes, keepdims=True).astype(np.float64) for f in (np.min, np.max))
    if maps.min() < 0:
        high = np.maximum(-low, high)
        low = -high
    width = np.where(high > low, high - low, np.inf)
    return np.floor((maps.astype(np.float64) - low) * (255 / width) + 0.5).astype(np.uint8)


def palette(maps: np.ndarray) -> bytes:
    """The colour map for values: with zero in white if there are values below it."""
    return colours(style.SIGNED if maps.min() < 0 else style.FEATURES)


def mosaic(maps: np.ndarray, across: int, own_scale: bool = False) -> np.ndarray:
    """Maps `(C, H, W)` side by side in colour, RGBA uint8, transparent between them."""
    return tiled(coloured(maps, own_scale), across)


def coloured(maps: np.ndarray, own_scale: bool = False) -> np.ndarray:
    """Values `(C, H, W)` in the colours of their scale: RGB uint8 `(C, H, W, 3)`."""
    return np.frombuffer(palette(maps), np.uint8).reshape(256, 3)[levels(maps, own_scale)]


def tiled(images: np.ndarray, across: int) -> np.ndarray:
    """Images `(N, H, W, 3)` uint8 side by side, RGBA uint8, transparent between them."""
    count, rows, columns, _ = images.shape
    space = gap(columns)
    lines = math.ceil(count / across)
    height, width = lines * (rows + space) - space, across * (columns + space) - space
    canvas = np.zeros((height, width, 4), np.uint8)
    for i, image in enumerate(images):
        top, left = i // across * (rows + space), i % across * (columns + space)
        canvas[top : top + rows, left : left + columns, :3] = image
        canvas[top : top + rows, left : left + columns, 3] = 255
    return canvas


def times(shape: Sequence[int]) -> str:
    """(64, 55, 55) -> "64 × 55 × 55"."""
    return " × ".join(map(str, shape))


def across(count: int, shape: tuple[int, ...] = ()) -> int:
    """How many maps stand side by side: a mosaic about as wide as a screen, its rows full if
    that is possible. A few units, of the shape `(1, 1)`, stand in one row."""
    if shape == (1, 1) and count <= 32:
        return count
    wanted = math.sqrt(1.5 * count)
    full = [n for n in range(1, count + 1) if count % n == 0 and 0.75 < n / wanted < 1.4]
    return min(full, key=lambda n: abs(n - wanted)) if full else math.ceil(wanted)


def gap(columns: int) -> int:
    """Pixels between maps of so many columns; none between units."""
    return 0 if columns == 1 else max(1, round(columns / 20))
