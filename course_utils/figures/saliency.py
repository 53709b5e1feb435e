"""Saliency maps, laid over the image."""

from collections.abc import Mapping

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from PIL import Image

from ..transfer import Saliency
from .style import (
    FEATURES,
    WIDTH,
    CourseFigure,
    bare,
    color_bar,
    percent,
    quantized,
    wrapped,
)

OPACITY = 0.75  # of the colours where they are strongest


class Overlay(CourseFigure):
    """A figure with a smooth colour bar: its colours are part of the palette."""

    def _with_palette(self, image: Image.Image) -> Image.Image:
        scale = colormaps[FEATURES](np.linspace(0, 1, 64))[:, :3]
        return quantized(image, np.vstack([scale, np.ones(3)]), image)


def saliency(found: Mapping[str, Saliency], title: str = "") -> CourseFigure:
    """Each `Saliency` over its image: `{"cat": class_activation_map(network, "cat"), …}`.

    The image is grey where the class has least support and yellow where it has most; a white line
    surrounds more than half of the most. Each has a scale of its own.
    """
    count = len(found)
    cell = min(WIDTH / count, 3.6)
    texts = [f"{name}, {_in_words(one)}" for name, one in found.items()]
    names = [wrapped(name, cell) for name in found]
    lines = max(name.count("\n") + 1 for name in names)
    height = cell + 0.3 * lines + 0.7 + 0.3 * bool(title)
    figure = Overlay(height, "; ".join(texts), max(cell * count, 5.0), title)
    axes = figure.subplots(1, count, squeeze=False).ravel()
    for ax, name, one in zip(axes, names, found.values(), strict=True):
        shown = share(one)
        bare(ax, name).imshow(_laid_over(one, shown))
        if shown.max() > 0:
            ax.contour(shown, levels=[0.5], colors="white", linewidths=2.5)
    scale = ScalarMappable(Normalize(0, 1), colormaps[FEATURES].resampled(64))
    label = "support for the class, as a share of the most"
    color_bar(scale, list(axes), label, location="bottom", aspect=40, pad=0.04, ticks=[0, 0.5, 1])
    return figure


def share(one: Saliency) -> np.ndarray:
    """Its pixels as a share of the most, 0..1; 0 where the class has none."""
    values = one.pixels.clamp(min=0).numpy()
    return values / values.max() if values.max() > 0 else values


def _laid_over(one: Saliency, shown: np.ndarray) -> np.ndarray:
    """The image in grey, more coloured where support is stronger: `(H, W, 3)` in 0..1."""
    grey = one.image.numpy().mean(axis=0)[..., None]
    colours = colormaps[FEATURES](shown)[..., :3]
    opacity = OPACITY * shown[..., None]
    return (1 - opacity) * grey + opacity * colours


def _in_words(one: Saliency) -> str:
    """ "tripod 95 %, most support 50 % from the left, 80 % from the top" """
    row, column = one.strongest
    height, width = one.image.shape[1:]
    across, down = round(10 * column / width), round(10 * row / height)
    where = f"most support {10 * across} % from the left, {10 * down} % from the top"
    return f"{one.label} {percent(one.probability)}, {where}"
