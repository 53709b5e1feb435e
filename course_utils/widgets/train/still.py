"""The still image of `train()`: the curves so far."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes

from ...figures import CourseFigure, headline, style, style_axes
from .run import Run


def draw(runs: Sequence[Run], title: str, alt: str) -> CourseFigure:
    """Loss and accuracy of all runs over epochs. alt: the alternative text."""
    figure = CourseFigure(4.4, alt)
    headline(figure, title)
    panels = zip(figure.subplots(1, 2), (2, 3), ("loss", "accuracy"), strict=True)
    for ax, value, what in panels:
        style_axes(ax, xlabel="epochs", ylabel=what)
        for run, color in zip(runs, cycle(style.CYCLE), strict=False):
            _draw_run(ax, run, value, color)
    if runs:  # one legend for both, where no curve is
        lines = ax.get_legend_handles_labels()
        size = style.SMALL
        figure.legend(*lines, loc="outside lower left", ncols=2, fontsize=size, frameon=False)
    return figure


def _draw_run(ax: Axes, run: Run, value: int, color: str) -> None:
    """A thin line for the training, dots for the validation."""
    for points, line, label in ((run.points, "-", run.name), (run.checks, "o--", "")):
        xy = np.array(points).reshape(-1, 4)
        ax.plot(xy[:, 0] / run.epoch_length, xy[:, value], line, color=color, label=label)
