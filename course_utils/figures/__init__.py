"""Still images: every function returns a figure that shows itself in a notebook.

A figure is a `matplotlib.figure.Figure` that never touches pyplot. Its text form is an
alternative text made from what it shows, so that it can be read aloud and compared.
In: tensors, arrays, networks, results. Out: a `CourseFigure`. Every lesson. Widgets draw their own
figures with `CourseFigure`, its helpers, and the colours and sizes of `style`.
"""

from . import style
from .bubbles import bubbles
from .charts import bars, class_bars, confusion_matrix, curves, histogram, scatter
from .diagrams import diagram
from .images import feature_maps, image_grid, kernels
from .saliency import saliency
from .style import CourseFigure, bare, counted, headline, percent, short, style_axes
from .tables import number_grid, number_grids, text_table

__all__ = [
    "CourseFigure",
    "bare",
    "bars",
    "bubbles",
    "class_bars",
    "confusion_matrix",
    "counted",
    "curves",
    "diagram",
    "feature_maps",
    "headline",
    "histogram",
    "image_grid",
    "kernels",
    "number_grid",
    "number_grids",
    "percent",
    "saliency",
    "scatter",
    "short",
    "style",
    "style_axes",
    "text_table",
]
