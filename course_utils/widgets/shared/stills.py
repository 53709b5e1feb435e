"""What both still forms draw: the five best classes as bars, as the page shows them."""

from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from PIL import Image

from ...figures import CourseFigure, bare, style

CHANNELS = (style.RED, style.GREEN, style.BLUE)  # red, green, blue, for any kind of colour vision
UNTRAINED = "Untrained: no prediction"
AMBER = "#FFD75E"
WARNING = {"facecolor": AMBER, "edgecolor": style.INK, "linestyle": "--"}


class Still(CourseFigure):
    """A figure with a photograph and feature maps, small as a file and true in its colours.

    A palette chosen by counting pixels would shift the ends of the colour map.
    """

    def __init__(self, height: float, alt: str, width: float, photograph: Image.Image) -> None:
        super().__init__(height, alt, width)
        self._photograph = photograph

    def _with_palette(self, image: Image.Image) -> Image.Image:
        """152 colours for maps and type, 104 for the photograph."""
        ramps = [
            colormaps[style.FEATURES](np.linspace(0, 1, 63))[:, :3],
            colormaps[style.SIGNED](np.linspace(0, 1, 65))[:, :3],
            np.linspace((0.13,) * 3, 1, 20),
        ]
        flat = [to_rgb(color) for color in (style.BLUE, style.GREY, style.PALE, AMBER)]
        return style.quantized(image, np.concatenate([*ramps, flat]), self._photograph)


def draw_classes(ax: Axes, view: dict[str, Any]) -> None:
    """A bar for each class, its name and probability above it."""
    trained = view["trained"]
    title = f"Five best of {view['outputs']} classes" if trained else UNTRAINED
    mark = None if trained else WARNING
    bare(ax).set_title(
        title, fontsize=style.TEXT, color=style.INK, loc="left", x=0.02, pad=12, bbox=mark
    )
    ax.set_xlim(0, 1)
    ax.set_ylim(5, 0)
    for i, best in enumerate(view["classes"]):
        ax.text(0, i + 0.5, best["label"], fontsize=style.TEXT, color=style.INK, va="bottom")
        ax.text(
            1, i + 0.5, best["text"], fontsize=style.TEXT, color=style.INK, va="bottom", ha="right"
        )
        ax.barh(i + 0.65, 1, height=0.22, color=style.PALE)
        ax.barh(i + 0.65, best["share"], height=0.22, color=style.BLUE if trained else style.GREY)
