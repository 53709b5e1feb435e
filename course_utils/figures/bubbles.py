"""Points with an area: for accuracy, cost and size of each network in one figure."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations, product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
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

SMALLEST, LARGEST = 9.0, 22.0  # radius of the largest bubble, in points: as much as there is room

# Where a label may stand beside its point, (x, y) in units of its own size; the first that is free.
BESIDE = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
DISTANCES = (9, 16, 26, 38, 52)  # points from the middle of the point to the label

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
        joins. Bubbles are so small that none covers another, if there is room, and labels stand
        where they cover no point and no label.
    """
    points = {name: one for group in groups.values() for name, one in group.items()}
    values = array(list(points.values()), "The points")
    figure = CourseFigure(6.8, _in_words(groups, xlabel, ylabel, size, front), title=title)
    ax = style_axes(figure.subplots(), xlabel=xlabel, ylabel=ylabel)
    _logarithmic(ax)
    drawn = [
        _draw(ax, np.array(list(group.values())), name, number)
        for number, (name, group) in enumerate(groups.items())
    ]
    ax.margins(x=0.13, y=0.16)
    ax.grid(axis="y", color="#EEEEEE")
    ax.set_axisbelow(True)
    _join(ax, [points[name][:2] for name in front])
    _legend(ax, 5.0, values[:, 2].max(), size)  # for the layout: how large is not known yet
    figure.draw_without_rendering()  # so that places on the page are known
    area = (2 * _radius(figure, ax, values)) ** 2 / values[:, 2].max()
    for bubble, group in zip(drawn, groups.values(), strict=True):
        bubble.set_sizes([area * one[2] for one in group.values()])
    _legend(ax, area, values[:, 2].max(), size)
    figure.draw_without_rendering()
    radii = {name: math.sqrt(area * one[2]) / 2 for name, one in points.items()}
    _label(figure, ax, points, radii)
    return figure


def _logarithmic(ax: Axes) -> None:
    """The x-axis in powers, its numbers as people write them: 20, 50, 100, 200."""
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(lambda value, _: short(value, 3))
    ax.xaxis.set_minor_formatter(lambda value, _: short(value, 3) if _begins(value, "25") else "")
    ax.tick_params(axis="x", which="minor", labelsize=SMALL, colors=INK)


def _draw(ax: Axes, values: np.ndarray, name: str, number: int) -> PathCollection:
    """The middle of each point of a group; its bubbles, which get their size later."""
    color, marker = CYCLE[number % len(CYCLE)], MARKERS[number % len(MARKERS)]
    x, y = values[:, 0], values[:, 1]
    bubble = ax.scatter(x, y, s=1, facecolor=(color, 0.2), edgecolor=color, linewidths=1)
    ax.scatter(x, y, s=16, color=color, marker=marker, label=name, zorder=3)
    return bubble


def _join(ax: Axes, points: Sequence[tuple[float, float]]) -> None:
    """A line through the points, from left to right."""
    if points:
        x, y = zip(*sorted(points), strict=True)
        ax.plot(x, y, color=GREY, linewidth=1.5, linestyle="--", label="not beaten", zorder=1)


def _radius(figure: CourseFigure, ax: Axes, values: np.ndarray) -> float:
    """Of the largest bubble, in points, so that no two cover each other."""
    at = ax.transData.transform(values[:, :2]) * 72 / figure.dpi
    share = np.sqrt(values[:, 2] / values[:, 2].max())
    room = [
        math.dist(at[i], at[j]) / (share[i] + share[j])
        for i, j in combinations(range(len(values)), 2)
    ]
    return float(np.clip(min(room, default=LARGEST), SMALLEST, LARGEST))


def _legend(ax: Axes, area: float, largest: float, size: str) -> None:
    """The groups, and bubbles of three sizes. area: of a bubble of size 1, in square points."""
    handles, labels = ax.get_legend_handles_labels()
    digit = 10.0 ** math.floor(math.log10(largest))
    top = max(n * digit for n in (1, 2, 5) if n * digit <= largest)
    for number in (top, top / 5, top / 20):
        handles.append(
            ax.scatter([], [], s=area * number, facecolor=(GREY, 0.2), edgecolor=GREY, linewidths=1)
        )
        labels.append(f"{short(number, 3)} {size}")
    ax.legend(handles, labels, fontsize=SMALL, frameon=False, loc="best", labelspacing=0.9)


def _label(
    figure: CourseFigure, ax: Axes, points: Mapping[str, tuple], radii: Mapping[str, float]
) -> None:
    """Write the name beside each bubble, the most crowded ones first. radii: in points."""
    at = {name: ax.transData.transform(one[:2]) for name, one in points.items()}
    dots = {}
    for name, xy in at.items():
        radius = max(7.0, radii[name] * figure.dpi / 72)
        dots[name] = Bbox.from_extents(*(xy - radius), *(xy + radius))
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
        box = _place(figure, ax, text, blocked, radii[name])
        taken.append(box)


def _place(
    figure: CourseFigure, ax: Axes, text: Annotation, blocked: list[Bbox], radius: float
) -> Bbox:
    """Move a label to the first place that is free and within the axes; return what it covers."""
    inside = ax.get_window_extent()
    for distance, (horizontal, vertical) in product(DISTANCES, BESIDE):
        away = distance + max(0.0, radius - 5)
        text.set_position((away * horizontal, away * vertical))
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


def _in_words(groups: Groups, xlabel: str, ylabel: str, size: str, front: Sequence[str]) -> str:
    texts = [
        f"{group}: {listed(f'{name} ({listed(map(_short, one))})' for name, one in points.items())}"
        for group, points in groups.items()
    ]
    line = f"; a line joins {listed(front)}" if front else ""
    return f"{ylabel} against {xlabel}, area {size}. {'; '.join(texts)}{line}"


def _begins(number: float, digits: str) -> bool:
    return f"{number:e}"[0] in digits


def _short(number: float) -> str:
    return short(number, 3)
