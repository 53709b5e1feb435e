"""The still image of `teach()`: some images of each class, and what the heads are worth."""

import io
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from PIL import Image

from ...figures import CourseFigure, bare, headline, percent, style, style_axes

if TYPE_CHECKING:
    from .widget import Teach

ACROSS, DOWN = 5, 4  # images of a class, classes


def draw(widget: "Teach") -> CourseFigure:
    """Rows of images on the left; on the right held-out accuracies with their intervals."""
    view = widget.view
    classes = view["classes"][:DOWN]
    figure = CourseFigure(1.2 + 0.8 * len(classes) if classes else 0.5, view["description"], 10)
    headline(figure, f"teach(): {view['words']}")
    if not classes:
        return figure
    left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=[5, 6])[0]
    axes = left.subplots(len(classes), ACROSS, squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for row, one in zip(axes, classes, strict=False):
        row[0].set_title(f"{one['name']}: {one['count']}", fontsize=style.TEXT, loc="left")
        for ax, key in zip(row, one["shown"], strict=False):
            if key in widget.learner.thumbnails:
                ax.imshow(Image.open(io.BytesIO(widget.learner.thumbnails[key])))
    _draw_report(right.subplots(), view["report"])
    return figure


def _draw_report(ax: Axes, report: list[dict]) -> None:
    if not report:
        bare(ax)
        return
    style_axes(ax, xlabel="right, of those held out").set_xlim(0, 1)
    names = [f"{row['what']}: {percent(row['share'])}" for row in report]
    for i, row in enumerate(report):
        ax.barh(i, row["share"], color=style.BLUE if i == 0 else style.GREY)
        ax.plot([row["low"], row["high"]], [i, i], color=style.INK, linewidth=2)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
