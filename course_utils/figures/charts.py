"""Charts: bars, curves, histograms, points, a confusion matrix."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .images import pixels
from .style import (
    BLUE,
    CYCLE,
    GREEN,
    GREY,
    INK,
    MARKERS,
    RED,
    SMALL,
    TEXT,
    CourseFigure,
    Numbers,
    array,
    bare,
    listed,
    percent,
    same_length,
    shape_of,
    short,
    style_axes,
    value_range,
)

DASHES = ("-", "--", "-.", ":")
CHANNELS = (("red", RED, "-", 0), ("green", GREEN, "--", 1), ("blue", BLUE, "-.", 2))


def class_bars(
    predictions: Sequence[tuple[str, float]], title: str = "", image: Any = None
) -> CourseFigure:
    """What `classify` returns, best class first, beside the image if it is given.

    An untrained network's classes are drawn in grey and called what they are.
    """
    labels, values = zip(*predictions, strict=True)
    shares = array(values, "The probabilities")
    untrained = any("(untrained)" in label for label in labels)
    names = [label.replace(" (untrained)", "") for label in labels]
    texts = [percent(share) for share in shares]
    title = f"{title} · untrained, no prediction".strip(" ·") if untrained else title
    alt = listed(f"{a} {b}" for a, b in zip(names, texts, strict=True))
    height = max(0.42 * len(names) + 1.0, 3.0 * (image is not None))
    figure = CourseFigure(height, alt, title=title)
    if image is None:
        ax = figure.subplots()
    else:
        left, ax = figure.subplots(1, 2, width_ratios=(2, 3))
        bare(left).imshow(pixels(image), cmap="gray", vmin=0, vmax=1)
    _horizontal(ax, names, shares, texts, GREY if untrained else BLUE)
    style_axes(ax, xlabel="probability").set_xlim(0, 1.12)
    ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    return figure


def bars(
    labels: Sequence[str], values: Sequence[float], title: str = "", xlabel: str = ""
) -> CourseFigure:
    """One horizontal bar for each label, in the order given, its value written on it."""
    labels = [str(label) for label in labels]
    numbers = array(list(values), "The values")
    same_length(labels, numbers, "Labels and values differ in number")
    texts = [_exact(number) for number in numbers]
    alt = listed(f"{a} {b}" for a, b in zip(labels, texts, strict=True))
    figure = CourseFigure(0.4 * len(labels) + 1.1, alt, title=title)
    ax = figure.subplots()
    _horizontal(ax, labels, numbers, texts, BLUE)
    style_axes(ax, xlabel=xlabel)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(lambda value, _: short(value, 6))
    ax.margins(x=0.16)  # room for the numbers
    return figure


def curves(
    series: Mapping[str, Sequence[float]], xlabel: str = "", ylabel: str = "", title: str = ""
) -> CourseFigure:
    """Lines over 1, 2, 3, …: `{"train loss": [2.1, 1.7], "validation loss": [2.2, 1.9]}`.

    Each has its own colour, dash and marker, so that no reader depends on colour.
    """
    lines = {name: array(list(values), f"The curve {name!r}") for name, values in series.items()}
    alt = "; ".join(
        f"{name} from {short(float(v[0]))} to {short(float(v[-1]))}" for name, v in lines.items()
    )
    figure = CourseFigure(4.2, f"{alt}, {max(map(len, lines.values()))} points", title=title)
    ax = figure.subplots()
    for i, (name, values) in enumerate(lines.items()):
        places = range(1, len(values) + 1)
        (line,) = ax.plot(places, values, label=name, linewidth=2, markersize=6)
        line.set(color=CYCLE[i % 6], linestyle=DASHES[i % 4], marker=MARKERS[i % 6])
    style_axes(ax, xlabel=xlabel, ylabel=ylabel)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(fontsize=TEXT, frameon=False)
    return figure


def scatter(
    points: Mapping[str, tuple[float, float]], xlabel: str, ylabel: str, title: str = ""
) -> CourseFigure:
    """Labelled points: `{"VGG16": (15.5, 71.6), …}`."""
    xy = array(list(points.values()), "The points")
    places = [
        f"{name} ({short(x, 3)}, {short(y, 3)})" for name, (x, y) in zip(points, xy, strict=True)
    ]
    figure = CourseFigure(4.8, f"{ylabel} against {xlabel}: {listed(places)}", title=title)
    ax = figure.subplots()
    ax.scatter(xy[:, 0], xy[:, 1], s=80, color=BLUE)
    for name, (x, y) in zip(points, xy, strict=True):
        ax.annotate(name, (x, y), (8, 6), textcoords="offset points", fontsize=TEXT, color=INK)
    style_axes(ax, xlabel=xlabel, ylabel=ylabel).margins(x=0.18, y=0.15)
    left, right = ax.get_xlim()
    if left < 0 <= xy[:, 0].min():  # no axis below 0 for what cannot be negative
        ax.set_xlim(left=-0.04 * right)
    return figure


def histogram(tensor: Numbers, title: str = "", xlabel: str = "value") -> CourseFigure:
    """How often each value occurs. A `(3, H, W)` tensor gives one line for each channel."""
    values = array(tensor, "The values")
    rgb = values.ndim == 3 and len(values) == 3
    what = f"histogram of {values.size:,} values {shape_of(tensor)}, {_spread(values)}"
    figure = CourseFigure(3.6, what, title=title)
    ax = style_axes(figure.subplots(), xlabel=xlabel, ylabel="how often →")
    for name, color, dash, channel in CHANNELS if rgb else [("", BLUE, "-", slice(None))]:
        density, edges = np.histogram(values[channel], _edges(values[channel]), density=True)
        ax.stairs(
            density, edges, label=name, color=color, linestyle=dash, linewidth=2, fill=not rgb
        )
    ax.set_ylim(bottom=0)
    ax.set_yticks([])
    if rgb:
        ax.legend(fontsize=TEXT, frameon=False)
    return figure


def _edges(values: np.ndarray) -> np.ndarray:
    """About 50 bins. Where there are few different values (an image of 8 bits has 256), each
    bin holds the same number of them: other bins make teeth that are not in the data.
    """
    steps = np.diff(np.unique(values.round(6)))
    if len(steps) == 0 or len(steps) > 255:
        return np.histogram_bin_edges(values, 50)
    step = steps.min()
    width = step * max(1, round((values.max() - values.min()) / step / 50))
    return np.arange(values.min() - step / 2, values.max() + width, width)


def _spread(values: np.ndarray) -> str:
    return f"{value_range(values)}, mean {short(values.mean())}, std {short(values.std())}"


def confusion_matrix(counts: Numbers, classes: Sequence[str], title: str = "") -> CourseFigure:
    """Which class was taken for which.

    counts: `(K, K)`; row: the true class, column: the predicted one. A cell's colour is its
    share of the row, so that classes of different size can be compared.
    """
    table = array(counts, "The confusion matrix")
    k = len(classes)
    right = table.trace() / max(table.sum(), 1)
    alt = f"confusion matrix of {k} classes, {table.trace():,.0f} of {table.sum():,.0f} right"
    figure = CourseFigure(0.5 * k + 2, f"{alt} ({percent(right)})", title=title)
    ax = style_axes(figure.subplots(), xlabel="predicted class", ylabel="true class")
    shares = table / table.sum(1, keepdims=True).clip(1)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(table):
        color = "white" if shares[row, column] > 0.55 else INK
        text = f"{count:,.0f}" if count else ""
        ax.text(column, row, text, ha="center", va="center", fontsize=SMALL, color=color)
    ax.set_xticks(range(k), classes, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(k), classes)
    ax.spines[:].set_visible(False)
    return figure


def _horizontal(
    ax: Axes, labels: list[str], values: np.ndarray, texts: list[str], color: str
) -> None:
    """Bars from top to bottom, labels at their left, texts at their right."""
    drawn = ax.barh(range(len(labels)), values, color=color, height=0.7)
    ax.bar_label(drawn, texts, padding=4, fontsize=TEXT, color=INK)
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", labelsize=TEXT, length=0)
    ax.invert_yaxis()


def _exact(number: float) -> str:
    """A count in full, anything else to three digits."""
    return f"{number:,.0f}" if number == int(number) else short(number, 3)
