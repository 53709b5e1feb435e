"""Still images: every function returns a figure that shows itself in a notebook.

A figure is a `matplotlib.figure.Figure` that never touches pyplot. Its text form is an
alternative text made from what it shows, so that it can be read aloud and compared.
"""

from .bubbles import bubbles
from .charts import bars, class_bars, confusion_matrix, curves, histogram, scatter
from .diagrams import diagram
from .evidence import evidence
from .images import feature_maps, image_grid, kernels
from .style import CourseFigure
from .tables import number_grid, number_grids, text_table

__all__ = [
    "CourseFigure",
    "bars",
    "bubbles",
    "class_bars",
    "confusion_matrix",
    "curves",
    "diagram",
    "evidence",
    "feature_maps",
    "histogram",
    "image_grid",
    "kernels",
    "number_grid",
    "number_grids",
    "scatter",
    "text_table",
]
