"""Points with an area: for accuracy, cost and size of each network in one figure."""

from collections.abc import Mapping
from itertools import product

import numpy as np
from matplotlib.axes import Axes
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

LARGEST = 40.0  # radius of the largest bubble, in points

# Where a label may stand beside its point, (x, y) in units of its own size; the first that is free.
BESIDE = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
DISTANCES = (9, 16, 26, 38, 52)  # points from the middle of the point to the label

Groups = Mapping[str, Mapping[str, tuple[float, float, float]]]


def bubbles(groups: Groups, xlabel: str, ylabel: str, size: str, title: str = "") -> CourseFigure:
    """Groups of labelled points on a logarithmic x-axis; the area of each bubble is a third number.

    groups: `{"ImageNet": {"VGG16": (x, y, size), …}, …}`, each with its own colour and marker.
    size: what the area means, in words. Labels stand where they cover no point and no label.
    """
    points = {name: one for group in groups.values() for name, one in group.items()}
    values = array(list(points.values()), "The points")
    figure = CourseFigure(6.2, _in_words(groups, xlabel, ylabel, size), title=title)
    ax = style_axes(figure.subplots(), xlabel=xlabel, ylabel=ylabel)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(lambda value, _: short(value, 3))
    largest = values[:, 2].max()
    for number, (name, group) in enumerate(groups.items()):
        _draw(ax, np.array(list(group.values())), name, number, largest)
    ax.margins(x=0.13, y=0.16)
    ax.grid(axis="y", color="#EEEEEE")
    ax.set_axisbelow(True)
    key = f"area: {size}, at most {short(largest, 3)}"
    ax.legend(fontsize=TEXT, frameon=False, loc="best", title=key, title_fontsize=SMALL)
    figure.draw_without_rendering()  # so that places on the page are known
    _label(figure, ax, points)
    return figure


def _draw(ax: Axes, values: np.ndarray, name: str, number: int, largest: float) -> None:
    color, marker = CYCLE[number % len(CYCLE)], MARKERS[number % len(MARKERS)]
    area = (2 * LARGEST) ** 2 * values[:, 2] / largest  # scatter takes the square of the diameter
    ax.scatter(values[:, 0], values[:, 1], s=area, color=color, alpha=0.22, linewidths=0)
    ax.scatter(values[:, 0], values[:, 1], s=45, color=color, marker=marker, label=name, zorder=3)


def _label(figure: CourseFigure, ax: Axes, points: Mapping[str, tuple]) -> None:
    """Write the name beside each point, the most crowded points first."""
    at = {name: ax.transData.transform(one[:2]) for name, one in points.items()}
    dots = {name: Bbox.from_extents(*(xy - 7), *(xy + 7)) for name, xy in at.items()}
    legend = ax.get_legend()
    taken = [legend.get_window_extent()] if legend else []

    def room(name: str) -> float:
        others = [np.hypot(*(at[name] - xy)) for other, xy in at.items() if other != name]
        return min(others, default=0.0)

    for name in sorted(points, key=room):
        text = ax.annotate(
            name, points[name][:2], (0, 0), textcoords="offset points", fontsize=TEXT, color=INK
        )
        text.set_in_layout(False)
        blocked = taken + [box for other, box in dots.items() if other != name]
        box = _place(figure, ax, text, blocked)
        taken.append(box)


def _place(figure: CourseFigure, ax: Axes, text: Annotation, blocked: list[Bbox]) -> Bbox:
    """Move a label to the first place that is free and within the axes; return what it covers."""
    inside = ax.get_window_extent()
    for distance, (horizontal, vertical) in product(DISTANCES, BESIDE):
        text.set_position((distance * horizontal, distance * vertical))
        text.set_horizontalalignment(("right", "center", "left")[horizontal + 1])
        text.set_verticalalignment(("top", "center", "bottom")[vertical + 1])
        box = text.get_window_extent(figure.agg.get_renderer()).padded(2)
        within = inside.x0 <= box.x0 and box.x1 <= inside.x1 and inside.y0 <= box.y0
        if within and box.y1 <= inside.y1 and not any(box.overlaps(other) for other in blocked):
            break
    if distance > DISTANCES[0]:
        _line(ax, text)
    return box


def _line(ax: Axes, text: Annotation) -> None:
    """A thin line from a label that stands further away to its point."""
    ax.annotate(
        "",
        text.xy,
        text.get_position(),
        textcoords="offset points",
        arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 1, "shrinkA": 0, "shrinkB": 4},
    ).set_in_layout(False)


def _in_words(groups: Groups, xlabel: str, ylabel: str, size: str) -> str:
    texts = [
        f"{group}: {listed(f'{name} ({listed(map(_short, one))})' for name, one in points.items())}"
        for group, points in groups.items()
    ]
    return f"{ylabel} against {xlabel}, area {size}. {'; '.join(texts)}"


def _short(number: float) -> str:
    return short(number, 3)
