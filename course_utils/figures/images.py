"""Photographs, feature maps and kernels."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from PIL import Image

from ..errors import CourseError
from ..images import open_image
from .style import (
    FEATURES,
    INK,
    PALE,
    SIGNED,
    SMALL,
    WIDTH,
    CourseFigure,
    Numbers,
    array,
    bare,
    color_bar,
    counted,
    headline,
    prefix,
    same_length,
    shape_of,
    value_range,
    wrapped,
)

LONGEST = 1000  # pixels: no figure is wider, so larger images are scaled down first
TALLEST = 5.0  # inches: what a laptop shows without scrolling


def image_grid(
    images: Any,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    caption: str = "",
) -> CourseFigure:
    """Images side by side.

    images: one or a list of: PIL image, name of a sample, array `(H, W)` or `(H, W, 3)`,
        tensor `(H, W)`, `(1, H, W)` or `(3, H, W)`; floats in 0..1 or uint8 in 0..255.
    titles: one for each image. caption: the title of the whole.
    Raises `CourseError` for a shape or a range of values that no image has.
    """
    shown = [pixels(image) for image in _as_list(images)]
    if not shown:
        raise CourseError("There is no image to show: the list is empty.")
    titles = [""] * len(shown) if titles is None else list(titles)
    same_length(shown, titles, "Images and titles differ in number")
    columns = min(columns or 4, len(shown))
    rows = math.ceil(len(shown) / columns)
    tallest = max(image.shape[0] / image.shape[1] for image in shown)
    largest = max(2.0, max(image.shape[1] for image in shown) / 10)  # 32 pixels: 3.2 inches
    cell = min(WIDTH / columns, TALLEST / rows / tallest, largest)  # width of one, in inches
    drawn = [wrapped(title, cell) for title in titles]
    lines = max(title.count("\n") + bool(title) for title in drawn)
    height = rows * (cell * tallest + 0.25 * lines + 0.1) + 0.4 * bool(caption)
    width = max(cell * columns, min(0.13 * len(caption), WIDTH))
    figure = CourseFigure(height, _image_text(shown, titles), width, caption)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax, image, title in zip(axes, shown, drawn, strict=False):
        bare(ax, title).imshow(image, cmap="gray", vmin=0, vmax=1)
    for ax in axes[len(shown) :]:
        ax.set_axis_off()
    return figure


def feature_maps(
    tensor: torch.Tensor, title: str = "", channels: int = 64, columns: int | None = None
) -> CourseFigure:
    """The feature maps of one layer for one image, as a mosaic with one colour scale.

    Maps with values below zero have the colours of kernels: blue below zero, white at zero, red
    above. Others go from dark, the lowest value, to bright.
    tensor: `(1, C, H, W)`, `(C, H, W)` or one map `(H, W)`. channels: how many maps at most.
    Raises `CourseError` for a batch of several images or a layer without maps.
    """
    maps = _maps(tensor)
    shown = maps[:channels]
    low, high = _scale(shown)
    signed = shown.min() < 0
    if signed:
        high = max(-low, high)
        low = -high
    part = f"the first {len(shown)} of {len(maps)}" if len(shown) < len(maps) else ""
    alt = f"{prefix(title)}{counted(len(maps), 'feature map')} {shape_of(tensor)}"
    alt = f"{alt}, {value_range(maps)}{part and f', {part} shown'}"
    colours = SIGNED if signed else FEATURES
    figure, ax = _mosaic_figure(_mosaic(shown, columns), alt, colours, Normalize(low, high))
    below, above = low > shown.min(), high < shown.max()
    clipped = "both" if below and above else "min" if below else "max" if above else "neither"
    # a pointed end of the scale stands for the few values beyond it
    label = "value (one scale for all maps)"
    color_bar(ax.images[0], ax, label, pad=0.02, aspect=25, extend=clipped)
    heading = title or counted(len(maps), "feature map")
    headline(figure, f"{heading} · {part}" if part else heading)
    return figure


def _scale(maps: np.ndarray) -> tuple[float, float]:
    """Lowest and highest value, without the outermost 1 % if that would take a quarter."""
    low, high = float(maps.min()), float(maps.max())
    inner_low, inner_high = np.quantile(maps, [0.005, 0.995])
    return (inner_low, inner_high) if inner_high - inner_low < 0.75 * (high - low) else (low, high)


def kernels(weight: torch.Tensor, title: str = "", columns: int | None = None) -> CourseFigure:
    """The kernels of a first layer, all on one scale.

    weight: `(out, 3, k, k)`, each kernel a colour image in which mid-grey is zero; or
    `(out, 1, k, k)`: blue is below zero, white is zero, red above. At most 64 are shown.
    """
    values = array(weight, "The kernels")
    if values.ndim != 4 or values.shape[1] not in (1, 3):
        raise CourseError(
            "Kernels that can be shown have the shape (out, 3, height, width), or 1 in place of "
            f"3; this has {shape_of(weight)}. Give the weight of a first convolution: layer.weight."
        )
    limit = float(np.abs(values).max()) or 1.0
    alt = f"{prefix(title)}{counted(len(values), 'kernel')} {shape_of(weight)}"
    alt = f"{alt}, {value_range(values)}"
    enlarged = values[:64].repeat(8, 2).repeat(8, 3)  # so that the gaps can be narrow
    if values.shape[1] == 3:
        coloured = (enlarged.transpose(0, 2, 3, 1) / limit + 1) / 2
        figure, ax = _mosaic_figure(_mosaic(coloured, columns), alt)
        ax.set_anchor("W")
        ax.set_title("mid-grey: a weight of zero", fontsize=SMALL, color=INK, loc="left")
    else:
        norm = Normalize(-limit, limit)
        figure, ax = _mosaic_figure(_mosaic(enlarged[:, 0], columns), alt, SIGNED, norm)
        color_bar(ax.images[0], ax, "weight", pad=0.02, aspect=25)
    headline(figure, title)
    return figure


def _as_list(images: Any) -> list:
    """One image or many -> a list of images."""
    if isinstance(images, str | Image.Image):
        return [images]
    if isinstance(images, torch.Tensor | np.ndarray) and images.ndim < 4:
        return [images]
    return list(images)


def pixels(image: Any) -> np.ndarray:
    """Anything that `images` takes -> floats 0..1, `(H, W)` or `(H, W, 3)`."""
    if isinstance(image, str):
        image = open_image(image)
    if isinstance(image, Image.Image):
        image = image.convert("L" if image.mode in ("1", "L") else "RGB")
        image.thumbnail((LONGEST, LONGEST))  # convert() has made a copy
        return np.asarray(image) / 255
    scale = 255 if getattr(image, "dtype", None) in (torch.uint8, np.uint8) else 1
    values = array(image, "An image") / scale
    if values.ndim == 3 and len(values) in (1, 3) and values.shape[2] != 3:
        values = values.transpose(1, 2, 0)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.ndim != 2 and values.shape[2:] != (3,):
        raise CourseError(
            f"An image has the shape (H, W), (1, H, W) or (3, H, W); this has {shape_of(image)}."
        )
    if values.min() < -0.01 or values.max() > 1.01:
        raise CourseError(
            f"An image's values go from 0 to 1; this has {value_range(values)}. A normalised "
            "tensor becomes an image again with to_image from course_utils.images."
        )
    return values.clip(0, 1)


def _maps(tensor: Numbers) -> np.ndarray:
    """`(1, C, H, W)`, `(C, H, W)` or `(H, W)` -> `(C, H, W)`."""
    values = array(tensor, "The feature maps")
    if values.ndim == 4 and len(values) == 1:
        values = values[0]
    if values.ndim == 4:
        raise CourseError(
            f"This is a batch of {len(values)} images, {shape_of(tensor)}. Choose one of them: "
            "maps[0]."
        )
    if values.ndim == 2 and len(values) > 1:
        values = values[None]
    if values.ndim != 3:
        raise CourseError(
            f"Feature maps have the shape (1, C, H, W) or (C, H, W); this has {shape_of(tensor)}. "
            "A fully connected layer gives single numbers: show them with histogram or bars."
        )
    return values


def _columns(count: int) -> int:
    """Columns for a mosaic that is wider than high, the last row full if that is possible."""
    wanted = math.sqrt(1.5 * count)
    full = [c for c in range(1, count + 1) if count % c == 0 and 0.75 < c / wanted < 1.4]
    return min(full, key=lambda c: abs(c - wanted)) if full else math.ceil(wanted)


def _mosaic(maps: np.ndarray, columns: int | None = None) -> np.ndarray:
    """Maps `(N, H, W[, 3])` -> one array with a white gap between them."""
    n, h, w = maps.shape[:3]
    columns = min(columns or _columns(n), n)
    gap = max(1, round(w / 15))
    rows = math.ceil(n / columns)
    empty = 1.0 if maps.ndim == 4 else np.nan
    mosaic = np.full((rows * (h + gap) - gap, columns * (w + gap) - gap, *maps.shape[3:]), empty)
    for i in range(n):
        y, x = i // columns * (h + gap), i % columns * (w + gap)
        mosaic[y : y + h, x : x + w] = maps[i]
    return mosaic


def _mosaic_figure(
    mosaic: np.ndarray, alt: str, cmap: str | None = None, norm: Normalize | None = None
) -> tuple[CourseFigure, Axes]:
    """A figure in the shape of the mosaic, with room for a title and a colour bar."""
    shape = mosaic.shape[1] / mosaic.shape[0]
    height = min((WIDTH - 1.2) / shape, TALLEST)
    figure = CourseFigure(height + 0.6, alt, max(height * shape + 1.2, 5.0))
    ax = bare(figure.subplots())
    gaps = PALE if cmap == SIGNED else "white"  # zero is white in kernels
    # 65 colours look like 256, and the file is half as large; an odd number has a middle: zero
    colours = cmap and colormaps[cmap].resampled(65).with_extremes(bad=gaps)
    ax.imshow(mosaic, cmap=colours, norm=norm, interpolation_stage="data" if cmap else "rgba")
    return figure, ax


def _image_text(shown: list[np.ndarray], titles: list[str]) -> str:
    sizes = [
        f"{title + ' ' if title else ''}({image.shape[0]} × {image.shape[1]})"
        for image, title in zip(shown, titles, strict=True)
    ]
    return " ".join(f"{counted(len(shown), 'image')}: {', '.join(sizes)}".split())
