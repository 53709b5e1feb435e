"""Points with an area: for accuracy, cost and size of each network in one figure."""

import math
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from .style import (
    CYCLE,
    GREY,
    INK,
    MARKERS,
    SMALL,
    TEXT,
    CourseFigure,
    array,
    listed,
    short,
    style_axes,
)

LARGEST = 15.0  # radius of the largest bubble, in points

# Where a label may stand beside its bubble, (x, y) in units of its own size.
BESIDE = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
DISTANCES = (4, 11, 21, 33, 47)  # points from the edge of the bubble to the label

Groups = Mapping[str, Mapping[str, tuple[float, float, float]]]


def bubbles(
    groups: Groups,
    xlabel: str,
    ylabel: str,
    size: str,
    title: str = "",
    front: Sequence[str] = (),
) -> CourseFigure:
    """Groups of labelled points on a logarithmic x-axis; the area of each bubble is a third number.

    groups: `{"ImageNet": {"VGG16": (x, y, size), …}, …}`, each with its own colour and marker.
    size: what the area means, in words; a key has three sizes. front: names of points that a line
        joins. Labels stand where they cover no point and no label.
    """
    points = {name: one for group in groups.values() for name, one in group.items()}
    largest = array(list(points.values()), "The points")[:, 2].max()
    area = (2 * LARGEST) ** 2 / largest  # of a bubble of size 1, in square points
    figure = CourseFigure(6.8, _in_words(groups, xlabel, ylabel, size, front), title=title)
    ax = style_axes(figure.subplots(), xlabel=xlabel, ylabel=ylabel)
    _logarithmic(ax)
    for number, (name, group) in enumerate(groups.items()):
        color, marker = CYCLE[number % len(CYCLE)], MARKERS[number % len(MARKERS)]
        x, y, sizes = np.array(list(group.values())).T
        ax.scatter(x, y, s=area * sizes, facecolor=(color, 0.2), edgecolor=color, linewidths=1)
        ax.scatter(x, y, s=16, color=color, marker=marker, label=name, zorder=3)
    if front:
        x, y = zip(*sorted(points[name][:2] for name in front), strict=True)
        ax.plot(x, y, color=GREY, linewidth=1.5, linestyle="--", label="not beaten", zorder=1)
    ax.margins(x=0.13, y=0.16)
    ax.grid(axis="y", color="#EEEEEE")
    ax.set_axisbelow(True)
    key = _legend(ax, area, largest, size)
    figure.draw_without_rendering()  # so that places on the page are known
    radii = {name: (area * one[2]) ** 0.5 / 2 for name, one in points.items()}
    _label(figure, ax, points, radii, key.get_window_extent())
    return figure


def _logarithmic(ax: Axes) -> None:
    """The x-axis in powers, its numbers as people write them: 20, 50, 100, 200."""
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(lambda value, _: _short(value))
    ax.xaxis.set_minor_formatter(lambda v, _: _short(v) if f"{v:e}"[0] in "25" else "")
    ax.tick_params(axis="x", which="minor", labelsize=SMALL, colors=INK)


def _legend(ax: Axes, area: float, largest: float, size: str) -> Legend:
    """The groups, and bubbles of three sizes. area: of a bubble of size 1, in square points."""
    handles, labels = ax.get_legend_handles_labels()
    digit = 10.0 ** math.floor(math.log10(largest))
    top = max(n * digit for n in (1, 2, 5) if n * digit <= largest)
    for number in (top, top / 5, top / 20):
        handles.append(
            ax.scatter([], [], s=area * number, facecolor=(GREY, 0.2), edgecolor=GREY, linewidths=1)
        )
        labels.append(f"{_short(number)} {size}")
    return ax.legend(handles, labels, fontsize=SMALL, frameon=False, loc="best", labelspacing=0.9)


def _label(
    figure: CourseFigure,
    ax: Axes,
    points: Mapping[str, tuple],
    radii: Mapping[str, float],
    key: Bbox,
) -> None:
    """Write the name beside each bubble, at the first place that is free.

    radii: in points. key: where it is, in pixels.
    """
    dots = {}
    for name, one in points.items():
        at, radius = ax.transData.transform(one[:2]), max(7.0, radii[name] * figure.dpi / 72)
        dots[name] = Bbox.from_extents(*(at - radius), *(at + radius))
    taken = [key]
    for name, one in points.items():
        blocked = taken + [box for other, box in dots.items() if other != name]
        text = ax.annotate(name, one[:2], (0, 0), textcoords="offset points", color=INK)
        text.set(in_layout=False, fontsize=TEXT)
        taken.append(_place(figure, ax, text, blocked, radii[name]))


def _place(
    figure: CourseFigure, ax: Axes, text: Annotation, blocked: list[Bbox], radius: float
) -> Bbox:
    """Move a label to the first place that is free and within the axes; return what it covers.

    One that stands further away gets a line to its point.
    """
    inside = ax.get_window_extent()
    for distance, (x, y) in product(DISTANCES, BESIDE):
        away = distance + max(5.0, radius)
        text.set_position((away * x, away * y))
        text.set_horizontalalignment(("right", "center", "left")[x + 1])
        text.set_verticalalignment(("top", "center", "bottom")[y + 1])
        box = text.get_window_extent(figure.agg.get_renderer()).padded(2)
        within = inside.x0 <= box.x0 and box.x1 <= inside.x1 and inside.y0 <= box.y0
        if within and box.y1 <= inside.y1 and not any(box.overlaps(other) for other in blocked):
            break
    if distance > DISTANCES[0]:
        arrow = {"arrowstyle": "-", "color": GREY, "linewidth": 1, "shrinkA": 0, "shrinkB": 4}
        end = text.get_position()
        line = ax.annotate("", text.xy, end, textcoords="offset points", arrowprops=arrow)
        line.set_in_layout(False)
    return box


def _in_words(groups: Groups, xlabel: str, ylabel: str, size: str, front: Sequence[str]) -> str:
    texts = [
        f"{group}: {listed(f'{name} ({listed(map(_short, one))})' for name, one in points.items())}"
        for group, points in groups.items()
    ]
    line = f"; a line joins {listed(front)}" if front else ""
    return f"{ylabel} against {xlabel}, area {size}. {'; '.join(texts)}{line}"


def _short(number: float) -> str:
    return short(number, 3)
