"""Still images: every function returns a figure that shows itself in a notebook.

A figure is a `matplotlib.figure.Figure` that never touches pyplot. Its text form is an
alternative text made from what it shows, so that it can be read aloud and compared.
"""

from .accuracy_vs_cost import Course, progress
from .bubbles import bubbles
from .charts import bars, class_bars, confusion_matrix, curves, histogram, scatter
from .diagrams import diagram
from .images import feature_maps, image_grid, kernels
from .receptive_field import draw_effect, draw_map, stacks_figure
from .saliency import evidence
from .style import (
    BLUE,
    CYCLE,
    FEATURES,
    GREEN,
    GREY,
    INK,
    PALE,
    RED,
    SIGNED,
    SMALL,
    TEXT,
    CourseFigure,
    bare,
    counted,
    headline,
    percent,
    short,
    style_axes,
)
from .tables import number_grid, number_grids, text_table

__all__ = [
    "BLUE",
    "CYCLE",
    "FEATURES",
    "GREEN",
    "GREY",
    "INK",
    "PALE",
    "RED",
    "SIGNED",
    "SMALL",
    "TEXT",
    "Course",
    "CourseFigure",
    "bare",
    "bars",
    "bubbles",
    "class_bars",
    "confusion_matrix",
    "counted",
    "curves",
    "diagram",
    "draw_effect",
    "draw_map",
    "evidence",
    "feature_maps",
    "headline",
    "histogram",
    "image_grid",
    "kernels",
    "number_grid",
    "number_grids",
    "percent",
    "progress",
    "scatter",
    "short",
    "stacks_figure",
    "style_axes",
    "text_table",
]
