"""The still image of `convolve()`: image, kernel and output with one sum marked."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ...figures import bare, style
from ..shared.maps import times

NUMBERS = 9  # in a row of all channels: for more there is no room
LARGEST = 5000  # denominator of a weight that is written as a fraction


def signed_colours() -> bytes:
    """The colours of weights and products, pale so that ink stands out: 256 × (R, G, B)."""
    values = colormaps[style.SIGNED](np.linspace(0.3, 0.7, 256))[:, :3]
    return np.rint(values * 255).astype(np.uint8).tobytes()


def shown(value: float) -> str:
    """A number as the page shows it: one decimal from 100 on, two from 1 on, otherwise three."""
    if not np.isfinite(value):
        return str(value).replace("-", "−").replace("inf", "∞")
    places = 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3
    rounded = Decimal(float(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP).normalize()
    return f"{rounded + 0:f}".replace("-", "−")  # + 0: there is no −0


def written(weight: float) -> str:
    """A weight as the page shows it: with up to four decimals, or as a fraction, or rounded."""
    fraction = Fraction(weight).limit_denominator(LARGEST)
    if round(weight, 4) == weight:
        return f"{weight + 0:g}".replace("-", "−")
    near = abs(float(fraction) - weight) < 1e-12
    return str(fraction).replace("-", "−") if near else shown(weight)


def draw_input(
    ax: Axes, pixels: np.ndarray, shape: tuple[int, ...], padding: int, window: tuple[int, ...]
) -> None:
    """The image, RGB uint8 `(H, W, 3)`, in its ring of padding. shape: of its values.

    window: (top, left, height, width) of what the kernel lies on, in pixels of the image.
    """
    height, width = pixels.shape[:2]
    bare(ax, f"Input: {times(shape)}").imshow(pixels)
    _frame(ax, *window)
    ring = padding + 0.5
    ax.set(xlim=(-ring, width - 1 + ring), ylim=(height - 1 + ring, -ring))


def draw_output(
    ax: Axes, values: torch.Tensor, title: str, as_image: bool, place: tuple[int, int]
) -> None:
    """One output channel `(H, W)`: in grey, 0 is black and 255 white, or in colours.

    place: (row, column) of the sum that is shown.
    """
    bare(ax, title)
    if as_image:
        ax.imshow(values.numpy(), cmap="gray", vmin=0, vmax=255)
    else:
        image = ax.imshow(values.numpy(), **style.map_colours(values.numpy()))
        style.color_bar(image, ax, "", location="bottom", aspect=40, pad=0.03)
    _frame(ax, *place, 1, 1)


def _frame(ax: Axes, top: int, left: int, height: int, width: int) -> None:
    for color, line in (("white", 5), (style.RED, 2.5)):
        box = Rectangle((left - 0.5, top - 0.5), width, height, fill=False, edgecolor=color)
        box.set(linewidth=line, clip_on=False)
        ax.add_patch(box)


def draw_kernel(
    ax: Axes, weights: torch.Tensor, planes: tuple[str, ...], text_of: Callable[[float], str]
) -> None:
    """The weights `(channels, height, width)` of one kernel, a table below the other."""
    channels, height, width = weights.shape
    limit = float(weights.abs().max()) or 1.0
    bare(ax, f"Kernel: {times(weights.shape)}")
    ax.set(xlim=(0, width), ylim=(channels * (height + 1), 0), aspect="equal")
    for (channel, row, column), weight in np.ndenumerate(weights.numpy()):
        x, y = column, channel * (height + 1) + row + 1
        tint = colormaps[style.SIGNED](0.5 + 0.2 * weight / limit)
        ax.add_patch(Rectangle((x, y), 1, 1, facecolor=tint, edgecolor="white"))
        if width * channels <= NUMBERS:
            text = ax.text(x + 0.5, y + 0.5, text_of(weight), fontsize=style.SMALL, color=style.INK)
            text.set(ha="center", va="center")
    for channel, plane in enumerate(planes):
        ax.text(0, channel * (height + 1) + 0.9, plane, fontsize=style.TEXT, color=style.INK)
