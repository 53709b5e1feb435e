"""Receptive fields: what can reach a unit as a box, what really does as a heat map."""

import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_rgb
from matplotlib.patches import Rectangle
from PIL import Image
from torch import nn

from ..errors import CourseError, nearest
from ..images import center_crop, open_image, resize
from ..networks import Stack, field_in_words, info, layers, stacks, top_of_scale
from .style import (
    BLUE,
    CYCLE,
    FEATURES,
    INK,
    RED,
    SMALL,
    TEXT,
    CourseFigure,
    bare,
    headline,
    listed,
    percent,
    prefix,
    style_axes,
)

Box = tuple[int, int, int, int]  # (top, left, bottom, right)


def field_boxes(network: nn.Module, image: object, names: list[str]) -> CourseFigure:
    """What the unit in the middle of each of these layers can see of an image, as boxes.

    names: of layers with maps, at most six. Raises `CourseError` for one that there is not.
    """
    known = info(network)
    found = {layer.name: layer for layer in layers(network) if layer.reach}
    for name in names:
        if name not in found:
            raise CourseError(
                f"{known.title} has no layer {name!r} whose receptive field is known."
                f"{nearest(name, found)} There are {listed(found)}."
            )
    p = known.preprocessing
    seen = center_crop(resize(open_image(image), p.resize), p.crop)
    sizes = [f"{name} {field_in_words(found[name])}" for name in names]
    figure = Photograph(4.6, f"What one unit of {known.title} can see: {listed(sizes)}", 6.5)
    ax = bare(figure.subplots(), f"What the unit in the middle can see: {known.title}")
    ax.imshow(seen, extent=(0, seen.width, seen.height, 0))
    for name, color in zip(names, CYCLE, strict=False):
        rows, columns = found[name].reach.rows.spans, found[name].reach.columns.spans
        box = found[name].reach.box(len(rows) // 2, len(columns) // 2)
        draw_box(ax, box, color)
        ax.plot([], [], color=color, linewidth=3, label=f"{name}: {field_in_words(found[name])}")
    figure.legend(loc="outside right upper", fontsize=TEXT, frameon=False, labelcolor=INK)
    return figure


class Photograph(CourseFigure):
    """A figure whose thin lines keep their colours: counting pixels would lose them."""

    def _with_palette(self, image: Image.Image) -> Image.Image:
        fixed = [round(255 * part) for color in (*CYCLE, INK, "white") for part in to_rgb(color)]
        palette = Image.new("P", (1, 1))
        palette.putpalette(fixed + image.quantize(256 - len(fixed) // 3).getpalette("RGB"))
        return image.quantize(palette=palette, dither=Image.Dither.NONE)


def draw_map(ax: Axes, values: np.ndarray, title: str, unit: tuple[int, int] | None) -> None:
    """A feature map `(H, W)`, with a frame round one unit, (row, column)."""
    bare(ax, title).imshow(values, cmap=FEATURES)
    if unit:
        draw_box(ax, (unit[0], unit[1], unit[0] + 1, unit[1] + 1), INK, offset=-0.5)


def draw_effect(
    ax: Axes, image: Image.Image, gradient: torch.Tensor, box: Box | None, title: str
) -> None:
    """The gradient `(H, W)` over the image; where it is 0 the image shows. With its scale."""
    extent = (0, image.width, image.height, 0)
    bare(ax, title).imshow(image, extent=extent)
    top = top_of_scale(gradient) or 1.0
    heat = colormaps[FEATURES](gradient.numpy() / top)
    heat[..., 3] = 0.8 * (gradient.numpy() > 0)
    ax.imshow(heat, extent=extent)
    if box:
        draw_box(ax, box, INK)
    scale = ScalarMappable(Normalize(0, top), FEATURES)
    bar = ax.figure.colorbar(scale, ax=ax, location="bottom", aspect=40, pad=0.02, extend="max")
    bar.set_label("|d unit / d pixel|; the box: what can reach it", fontsize=SMALL, color=INK)
    bar.ax.tick_params(labelsize=SMALL, colors=INK)
    bar.outline.set_visible(False)


def draw_box(ax: Axes, box: Box, color: str, offset: float = 0) -> None:
    """A frame round pixels [top, bottom) × [left, right), with a white line inside."""
    top, left, bottom, right = box
    for line, width in (("white", 5), (color, 3)):
        corner = (left + offset, top + offset)
        frame = Rectangle(corner, right - left, bottom - top, fill=False, color=line)
        frame.set(linewidth=width, clip_on=False)
        ax.add_patch(frame)


def stacks_figure(pair: tuple[Stack, Stack] | None = None, title: str = "") -> CourseFigure:
    """Small convolutions in a row beside one large: effective fields, and what both cost.

    pair: what `stacks` gives; by default five of 3×3 and one of 11×11.
    """
    small, large = pair or stacks()
    alt = prefix(title) + "; ".join(_stack_in_words(stack) for stack in (small, large))
    figure = CourseFigure(4.6, alt, 10.5)
    headline(figure, title)
    *maps, chart = figure.subplots(1, 3, width_ratios=(1, 1, 1.2))
    strongest = float(max(small.effect.max(), large.effect.max()))
    for ax, stack in zip(maps, (small, large), strict=True):
        title = f"{stack.name}: {_cost(stack)}".replace(", ", "\n")
        shown = bare(ax, title).imshow(stack.effect.numpy(), cmap=FEATURES, vmin=0, vmax=strongest)
    bar = figure.colorbar(shown, ax=maps, location="bottom", aspect=50, pad=0.03, format="{x:.1%}")
    bar.set_label("share of the effect, random weights", fontsize=SMALL, color=INK)
    bar.ax.tick_params(labelsize=SMALL, colors=INK)
    style_axes(chart, "", "column of pixels", "share of the effect")
    places = range(-(small.field // 2), small.field // 2 + 1)
    for stack, color in ((small, BLUE), (large, RED)):
        across = stack.effect.sum(dim=0)
        chart.plot(places, across.numpy(), color=color, linewidth=2.5, label=stack.name)
    chart.set_ylim(0)
    chart.yaxis.set_major_formatter(lambda value, _: percent(value))
    chart.legend(fontsize=TEXT, frameon=False, labelcolor=INK)
    return figure


def _cost(stack: Stack) -> str:
    work = stack.multiply_adds / 1e6
    return f"{stack.parameters:,} parameters, {work:,.0f} million multiply-adds"


def _stack_in_words(stack: Stack) -> str:
    side, share = stack.middle
    return (
        f"{stack.name}: sees {stack.field} × {stack.field} pixels, {_cost(stack)}, "
        f"the middle {side} × {side} hold {percent(share)} of the effect"
    )
