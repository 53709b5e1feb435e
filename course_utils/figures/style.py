"""One look for all figures: colours, sizes of type, and the figure that describes itself."""

import io
import math
import textwrap
import warnings
from collections.abc import Iterable, Sequence, Sized
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from numpy.typing import ArrayLike
from PIL import Image

from ..errors import CourseError

Numbers = torch.Tensor | ArrayLike

WIDTH = 9.0  # inches; at 100 dots an inch as wide as a notebook's column
DPI = 100
TITLE, TEXT, SMALL = 15, 13, 12  # points: nothing smaller than 12

# Okabe, Ito: "Color universal design" (2008), for all kinds of colour vision.
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY = "#CC79A7", "#56B4E9"
CYCLE = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY)
MARKERS = "os^Dvx"
INK, GREY, PALE = "#222222", "#8A8A8A", "#D9D9D9"

FEATURES = "viridis"  # activations: dark is low, bright is high
SIGNED = "RdBu_r"  # weights: blue below zero, white at zero, red above


class CourseFigure(Figure):
    """A figure with an alternative text, `alt`, that shows itself as a small PNG.

    title: stands above it, and before the alternative text.
    """

    def __init__(self, height: float, alt: str, width: float = WIDTH, title: str = "") -> None:
        layout = ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06)
        super().__init__(figsize=(width, height), dpi=DPI, layout=layout)
        self.agg = FigureCanvasAgg(self)
        self.alt = prefix(title) + alt
        headline(self, title)

    def __repr__(self) -> str:
        return self.alt

    def png(self) -> bytes:
        """The figure as PNG with a palette of 256 colours, about a third of the size of RGB."""
        fall_back(self)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # it is drawn as a box
            self.agg.draw()
        image = Image.fromarray(np.asarray(self.agg.buffer_rgba())).convert("RGB")
        file = io.BytesIO()
        self._with_palette(image).save(file, "png", optimize=True)
        return file.getvalue()

    def _with_palette(self, image: Image.Image) -> Image.Image:
        """The drawn figure in the 256 colours that suit it best."""
        return image.quantize(256)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple:
        data = {"image/png": self.png(), "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt}}


CJK = "\u1100"  # from here on letters that matplotlib's own font lacks: Hangul, kana, hanzi
FONTS = (  # that have them on Windows, macOS and Linux
    *("Malgun Gothic", "Yu Gothic", "Meiryo", "Microsoft YaHei"),
    *("Apple SD Gothic Neo", "AppleGothic", "Hiragino Sans", "PingFang SC", "Arial Unicode MS"),
    *("Noto Sans CJK KR", "Noto Sans CJK JP", "Noto Sans CJK SC", "NanumGothic"),
)


def can_draw_any_letter() -> bool:
    """Whether this machine has a font for letters of East Asia."""
    return not {font.name for font in fontManager.ttflist}.isdisjoint(FONTS)


def fall_back(figure: Figure) -> None:
    """Have letters of East Asia drawn by a font of this machine, if it has one for them."""
    texts: list[Any] = [t for t in figure.findobj(Text) if max(t.get_text(), default="") >= CJK]
    if texts:
        known = {font.name for font in fontManager.ttflist}
        for text in texts:
            text.set_fontfamily([*text.get_fontfamily(), *(f for f in FONTS if f in known)])


def quantized(image: Image.Image, fixed: np.ndarray, source: Image.Image) -> Image.Image:
    """`image` in 256 colours: `fixed` ones, `(n, 3)` in 0..1, and those that suit `source` best."""
    first = np.rint(255 * fixed).astype(np.uint8)
    others = source.quantize(256 - len(first)).getpalette("RGB") or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(first.tobytes() + bytes(others))
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def style_axes(ax: Axes, title: str = "", xlabel: str = "", ylabel: str = "") -> Axes:
    """Labels in readable type, and only the two lines that carry numbers."""
    ax.set_title(title, fontsize=TITLE, color=INK, loc="left")
    ax.set_xlabel(xlabel, fontsize=TEXT, color=INK)
    ax.set_ylabel(ylabel, fontsize=TEXT, color=INK)
    ax.tick_params(labelsize=SMALL, colors=INK, length=3)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def bare(ax: Axes, title: str = "") -> Axes:
    """Axes for an image: no lines, no numbers."""
    ax.set_axis_off()
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=TEXT, color=INK)
    return ax


def map_colours(values: np.ndarray) -> dict[str, Any]:
    """Of imshow, for a map: zero is white if there are values below it, as in kernels."""
    colours, low, high = map_scale(float(values.min()), float(values.max()))
    return {"cmap": colours, "vmin": low, "vmax": high}


def map_scale(low: float, high: float) -> tuple[str, float, float]:
    """The colour map of values from `low` to `high`, and the values at its ends.

    If there are values below zero, it goes as far below as above: zero is in its middle, white.
    """
    most = max(-low, high)
    return (SIGNED, -most, most) if low < 0 else (FEATURES, low, high)


def color_bar(
    shown: ScalarMappable, axes: Axes | Sequence[Axes], label: str, **options: Any
) -> None:
    """The scale of the colours in `shown`, beside `axes`. options: of `Figure.colorbar`."""
    first = axes if isinstance(axes, Axes) else axes[0]
    bar = first.figure.colorbar(shown, ax=axes, **options)
    bar.set_label(label, fontsize=SMALL, color=INK)
    bar.ax.tick_params(labelsize=SMALL, colors=INK)
    bar.outline.set_visible(False)


def headline(figure: Figure, title: str) -> None:
    """The title of the whole figure, at its left edge."""
    if title:
        lines = textwrap.fill(title, int(figure.get_figwidth() / 0.12))
        figure.suptitle(lines, fontsize=TITLE, color=INK, x=0.01, ha="left")


def wrapped(title: str, width: float) -> str:
    """A title in lines of `width` inches, so that it does not touch the one beside it."""
    letters = max(4, int(width / 0.105))
    return "\n".join(textwrap.fill(line, letters) for line in title.split("\n"))


def short(value: float, digits: int = 2) -> str:
    """A number to `digits` significant digits, the same on any machine: 3.14159 -> "3.1"."""
    if not math.isfinite(value):
        return str(value)
    rounded = float(f"{value:.{digits}g}")
    text = f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:.6g}"
    return text.replace("-", "−")


def percent(share: float) -> str:
    """0.956 -> "96 %", 0.0042 -> "0.4 %"."""
    return f"{100 * share:.0f} %" if share >= 0.0995 else f"{100 * share:.1f} %"


def value_range(values: np.ndarray) -> str:
    """ "values −3.1 to 4.2" """
    return f"values {short(float(values.min()))} to {short(float(values.max()))}"


def array(values: Numbers, what: str) -> np.ndarray:
    """A tensor, array or list as a float array of finite numbers, or a `CourseError`."""
    try:
        if isinstance(values, torch.Tensor):
            values = values.detach().cpu().float().numpy()
        result = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise CourseError(f"{what} must be a tensor, an array or a list of numbers.") from None
    if result.size == 0:
        raise CourseError(f"{what} is empty: there is nothing to draw.")
    if not np.isfinite(result).all():
        raise CourseError(
            f"{what} holds values that are not numbers (nan or inf). Look where they first "
            "appear: a division by zero, or a learning rate that is too high."
        )
    return result


def same_length(a: Sized, b: Sized, what: str) -> None:
    """Raise a `CourseError` unless there is one of `b` for each of `a`."""
    if len(a) != len(b):
        raise CourseError(f"{what}: {len(a)} and {len(b)}. Give as many of one as of the other.")


def listed(words: Iterable[object]) -> str:
    """The words in one line of text, as an alternative text lists them."""
    return ", ".join(str(word) for word in words)


def counted(n: int, word: str) -> str:
    """ "1 image", "3 images" """
    return f"{n:,} {word}{'s' * (n != 1)}"


def prefix(title: str) -> str:
    """What an alternative text begins with: the title, if there is one."""
    return f"{title}: " if title else ""


def shape_of(values: Numbers) -> str:
    """The shape of an array or a tensor, as text."""
    return str(tuple(np.shape(values)))
