"""The figures of `receptive_field()`: a feature map, a gradient over the image, two stacks."""

import math

import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from PIL import Image

from ...figures import CourseFigure, bare, percent, style, style_axes
from .stacks import Stack

Box = tuple[int, int, int, int]  # (top, left, bottom, right)


def half_of_it(gradient: torch.Tensor) -> int:
    """How many pixels hold half of the gradient, the strongest first; 0 if it is 0 everywhere."""
    total = gradient.sum(dtype=torch.float64)
    if total == 0:
        return 0
    ordered = gradient.flatten().double().sort(descending=True).values.cumsum(0)
    return int((ordered < total / 2).sum()) + 1


def top_of_scale(gradient: torch.Tensor) -> float:
    """Where the colour scale of a gradient ends: 1 % of the pixels above 0 have more.

    On a scale up to the largest value, all but a few pixels would be dark.
    """
    ordered = gradient[gradient > 0].sort().values
    return float(ordered[math.ceil(0.99 * len(ordered)) - 1]) if len(ordered) else 0.0


def draw_map(ax: Axes, values: np.ndarray, title: str, unit: tuple[int, int] | None) -> None:
    """A feature map `(H, W)`, with a frame round one unit, (row, column)."""
    bare(ax, title).imshow(values, **style.map_colours(values))
    if unit:
        draw_box(ax, (unit[0], unit[1], unit[0] + 1, unit[1] + 1), style.INK, offset=-0.5)


def draw_effect(
    ax: Axes, image: Image.Image, gradient: torch.Tensor, box: Box | None, title: str
) -> None:
    """The gradient `(H, W)` over the image; where it is 0 the image shows. With its scale."""
    extent = (0, image.width, image.height, 0)
    bare(ax, title).imshow(image, extent=extent)
    top = top_of_scale(gradient) or 1.0
    heat = colormaps[style.FEATURES](gradient.numpy() / top)
    heat[..., 3] = 0.8 * (gradient.numpy() > 0)
    ax.imshow(heat, extent=extent)
    if box:
        draw_box(ax, box, style.INK)
    scale = ScalarMappable(Normalize(0, top), style.FEATURES)
    label = "how strongly a pixel changes the value"
    style.color_bar(scale, ax, label, location="bottom", aspect=40, pad=0.02, extend="max")


def draw_box(ax: Axes, box: Box, color: str, offset: float = 0) -> None:
    """A frame round pixels [top, bottom) × [left, right), with a white line inside."""
    top, left, bottom, right = box
    for line, width in (("white", 5), (color, 3)):
        corner = (left + offset, top + offset)
        frame = Rectangle(corner, right - left, bottom - top, fill=False, color=line)
        frame.set(linewidth=width, clip_on=False)
        ax.add_patch(frame)


def stacks_figure(pair: tuple[Stack, Stack]) -> CourseFigure:
    """Small convolutions in a row beside one large: effective receptive fields and costs.

    pair: what `stacks` gives.
    """
    small, large = pair
    figure = CourseFigure(4.9, "; ".join(_stack_in_words(stack) for stack in pair), 10.5)
    *maps, chart = figure.subplots(1, 3, width_ratios=(1, 1, 1.2))
    scale = Normalize(0, float(max(small.effect.max(), large.effect.max())))
    for ax, stack in zip(maps, (small, large), strict=True):
        title = f"{stack.name}\n{_cost(stack)}".replace(" parameters, ", " parameters\n")
        shown = bare(ax, title).imshow(stack.effect.numpy(), cmap=style.FEATURES, norm=scale)
    label = "share of the effect, random weights"
    style.color_bar(shown, maps, label, location="bottom", aspect=50, pad=0.03, format="{x:.1%}")
    style_axes(chart, "", "column of pixels", "share of the effect")
    places = range(-(small.field // 2), small.field // 2 + 1)
    for stack, color in ((small, style.BLUE), (large, style.RED)):
        across = stack.effect.sum(dim=0)
        chart.plot(places, across.numpy(), color=color, linewidth=2.5, label=stack.name)
    chart.set_ylim(0)
    chart.yaxis.set_major_formatter(lambda value, _: percent(value))
    chart.legend(fontsize=style.TEXT, frameon=False, labelcolor=style.INK)
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
