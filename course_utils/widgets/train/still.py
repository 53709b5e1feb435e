"""The still image of `train()`: the curves so far."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes

from ...figures import CourseFigure, headline, style, style_axes
from .run import Run

NOTHING_YET = "Not started yet: run this cell and press Start, and the curves are drawn here."


def draw(runs: Sequence[Run], title: str, alt: str) -> CourseFigure:
    """Loss and accuracy of all runs over epochs, a sentence before there are any. alt: its text."""
    if not any(run.points for run in runs):
        figure = CourseFigure(1.0, alt)
        headline(figure, title)
        figure.text(0.01, 0.1, NOTHING_YET, fontsize=style.TEXT, color=style.INK)
        return figure
    figure = CourseFigure(4.4, alt)
    headline(figure, title)
    panels = zip(figure.subplots(1, 2), (2, 3), ("loss", "accuracy"), strict=True)
    for ax, value, what in panels:
        style_axes(ax, xlabel="epochs", ylabel=what)
        for run, color in zip(runs, cycle(style.CYCLE), strict=False):
            _draw_run(ax, run, value, color)
    lines = ax.get_legend_handles_labels()  # one legend for both, where no curve is
    size = style.SMALL
    figure.legend(*lines, loc="outside lower left", ncols=2, fontsize=size, frameon=False)
    return figure


def _draw_run(ax: Axes, run: Run, value: int, color: str) -> None:
    """A thin line for the training, dots for the validation."""
    for points, line, label in ((run.points, "-", run.name), (run.checks, "o--", "")):
        xy = np.array(points).reshape(-1, 4)
        ax.plot(xy[:, 0] / run.epoch_length, xy[:, value], line, color=color, label=label)
