"""Networks of different years on the same data: how each learned, and what it costs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter
from matplotlib.transforms import offset_copy

from .style import (
    CYCLE,
    INK,
    MARKERS,
    SMALL,
    TEXT,
    CourseFigure,
    array,
    percent,
    style_axes,
)

SMALLEST, LARGEST = 60, 900  # areas of the dots, in square points
LINE = 0.1  # of the range of accuracies: the height of a line of text, and some space


@dataclass(frozen=True)
class Result:
    """What a network reached, and what it costs.

    curve: accuracy on the validation images after each epoch, 0..1. accuracy: on the test images
        at the end, 0..1. multiply_adds: for one image. parameters: how many it has.
    """

    curve: Sequence[float]
    accuracy: float
    multiply_adds: int
    parameters: int


def accuracy_vs_cost(results: Mapping[str, Result], title: str = "") -> CourseFigure:
    """Left the learning curves, right the accuracy at the end against the cost of an image.

    results: by the networks' names, the oldest first. A dot's area grows with the number of
    parameters.
    """
    alt = "; ".join(_text(name, result) for name, result in results.items())
    figure = CourseFigure(4.6, alt, title=title)
    left, right = figure.subplots(1, 2)
    most = max(result.parameters for result in results.values())
    labels = _apart([result.accuracy for result in results.values()])
    for i, (name, result) in enumerate(results.items()):
        color, marker = CYCLE[i % 6], MARKERS[i % 6]
        heights = array(list(result.curve), f"The curve of {name}")
        left.plot(range(1, len(heights) + 1), heights, color=color, linewidth=2)
        left.plot(len(heights), heights[-1], marker, color=color, markersize=8, label=name)
        area = SMALLEST + (LARGEST - SMALLEST) * result.parameters / most
        right.scatter(result.multiply_adds, result.accuracy, area, color=color, marker=marker)
        place = (result.multiply_adds, labels[i])
        _label(right, f"{name} {result.accuracy:.1%}", place, area**0.5 / 2, first=i == 0)
    style_axes(left, xlabel="epochs", ylabel="accuracy, validation images")
    style_axes(right, xlabel="multiply-adds for an image", ylabel="accuracy, test images")
    left.legend(fontsize=TEXT, frameon=False, loc="lower right")
    right.set_xscale("log")
    right.margins(x=0.15, y=0.2)
    for ax in (left, right):
        ax.yaxis.set_major_locator(MaxNLocator(6, steps=(1, 2, 5, 10)))
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    words: dict[str, Any] = {"ha": "right", "va": "bottom", "fontsize": SMALL, "color": INK}
    right.text(1, 0.02, "larger: more parameters", transform=right.transAxes, **words)
    return figure


def _label(ax: Axes, text: str, place: tuple[float, float], radius: float, first: bool) -> None:
    """Beside the mark, where there is room: the first stands at the left edge."""
    ax.update_datalim([place])  # the axes reach as far as the labels
    sign, side = (1, "left") if first else (-1, "right")
    figure = ax.get_figure(root=True)
    beside = offset_copy(ax.transData, figure, x=sign * (radius + 5), units="points")
    words: dict[str, Any] = {"ha": side, "va": "center", "fontsize": TEXT, "color": INK}
    ax.text(*place, text, transform=beside, **words)


def _apart(heights: list[float]) -> list[float]:
    """The same, those that are too close to another one moved up, for a line of text at each."""
    line = LINE * max(max(heights) - min(heights), 0.05)
    places, lowest = heights.copy(), -math.inf
    for i in sorted(range(len(heights)), key=heights.__getitem__):
        places[i] = max(heights[i], lowest)
        lowest = places[i] + line
    return places


def _text(name: str, result: Result) -> str:
    return (
        f"{name} {percent(result.accuracy)} right, {result.parameters:,} parameters, "
        f"{result.multiply_adds:,} multiply-adds, {len(result.curve)} epochs"
    )
