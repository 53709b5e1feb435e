"""The still image of `browse()`."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ...figures import CourseFigure, bare, headline, style
from ..shared.maps import tiled
from .augmentation import DRAWS

if TYPE_CHECKING:
    from .widget import Browse


def draw(widget: "Browse") -> CourseFigure:
    """The page, the large image, the draws of the augmentation and the confused pairs."""
    view = widget.view
    pairs = [f"{pair['name']} {pair['text']}" for pair in view["pairs"]]
    alt = f"{widget!r}; large: {widget.large()}"
    alt += f"; {view['line']}" if view["line"] else ""
    alt += f"; most confused: {', '.join(pairs)}" if pairs else ""
    figure = CourseFigure(5.4 + 0.45 * bool(pairs), alt, 10)
    headline(figure, view["title"])
    rows: list[Any] = [
        ["page", "large"],
        ["draws", "draws"],
        *([["pairs", "pairs"]] if pairs else []),
    ]
    heights = [3, 1.1, 0.5][: len(rows)]
    axes = figure.subplot_mosaic(rows, width_ratios=[2.3, 1], height_ratios=heights)
    height, width = view["side"]
    shown = np.frombuffer(widget.pixels, np.uint8).reshape(-1, height, width, 3)
    missing = view["columns"] * view["rows"] - len(shown)
    page = np.concatenate([shown, np.full((missing, height, width, 3), 255, np.uint8)])
    title = f"{widget.pair or widget.chosen}, page {widget.page + 1:,} of {view['pages']:,}"
    bare(axes["page"], title).imshow(tiled(page, view["columns"]))
    bare(axes["large"], widget.large())
    may = widget.data.augmentation
    turned = f", turned by up to {may.rotation}°" * bool(may.rotation) + ", mirrored" * may.mirror
    title = f"What augmentation makes of it: up to {widget.padding} pixels{turned}"
    bare(axes["draws"], title)
    if len(shown):
        axes["large"].imshow(shown[widget.place - view["first"]])
        draws = np.frombuffer(widget.draws, np.uint8).reshape(-1, height, width, 3)
        axes["draws"].imshow(tiled(draws, DRAWS))
    if pairs:
        text = f"{view['line']}. Most confused: {', '.join(pairs)}"
        size, color = style.TEXT, style.INK
        bare(axes["pairs"]).text(0, 1, text, fontsize=size, color=color, va="top", wrap=True)
    return figure
