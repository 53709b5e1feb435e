"""`draw()`: write a digit, and watch every layer of LeNet read it."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
import traitlets as t
from matplotlib.axes import Axes
from PIL import Image
from torch import nn

from ...datasets import keep_digit
from ...errors import CourseError, demand
from ...figures import CourseFigure, bare, headline, style
from ...images import DIGITS, centred, to_input
from ...networks import info, one_pass
from ..shared.base import check_choice
from ..shared.maps import as_maps, colours
from ..shared.network_image import NetworkImageWidget
from ..shared.network_names import dataset_of
from .digit import Strokes, drawn, nearest, whole
from .examples import EXAMPLES

SHOWN = ("conv", "sparseconv2d", "pool", "fc")  # the layers that papers count; not activations
NO_IMAGE = "seven"  # the base class wants one; nothing is computed from it
ADVICE = "give each as a list of points [x, y] with numbers from 0 to 1."


class Draw(NetworkImageWidget):
    """What `draw()` returns. Setting a trait shows it, as the page does.

    strokes: what is drawn, a list of points [x, y] for each stroke, 0..1 from the upper left.
    line: the width of the pen, as a share of the pad. centred: whether the digit is scaled and
    centred as those of MNIST were. nearest: whether the digits of MNIST most like it are shown.
    digit: the image that the network gets, 28 × 28. shares: the ten probabilities (0..1).
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"
    WATCHED = ("network", "strokes", "line", "centred", "nearest", "drawing", "example", "seq")

    # What the page sends with each move of the pen does not come back to it.
    strokes: t.List[Any] = t.List().tag(sync=True, echo_update=False)
    line = t.Float(0.09, min=0.02, max=0.3).tag(sync=True)
    centred = t.Bool(True).tag(sync=True)
    nearest = t.Bool(False).tag(sync=True)
    drawing = t.Bool(False).tag(sync=True, echo_update=False)  # no nearest digits yet
    example = t.Unicode().tag(
        sync=True, echo_update=False
    )  # whose strokes these are; "": somebody's own
    examples = t.List(t.Unicode(), [*EXAMPLES]).tag(sync=True)
    pixels = t.Bytes().tag(sync=True)  # of the digit, as levels of grey
    maps = t.Bytes().tag(sync=True)  # of all layers, one after the other, as levels of the colours
    neighbours = t.Bytes().tag(sync=True)
    colours = t.Bytes(colours(style.SIGNED)).tag(sync=True)
    kept = t.Unicode().tag(sync=True)

    def __init__(self, network: str | nn.Module, example: str = "") -> None:
        super().__init__(network, NO_IMAGE, example=example)
        # A digit is no image of the other networks.
        self.networks = [each for each in self.networks if _reads_digits(each["name"])]

    @t.validate("strokes")
    def _points(self, proposal: dict) -> list:
        try:
            strokes = [[[float(x), float(y)] for x, y in stroke] for stroke in proposal["value"]]
        except (TypeError, ValueError):
            raise CourseError(f"Strokes are lists of points: {ADVICE}") from None
        inside = all(-1 <= value <= 2 for stroke in strokes for point in stroke for value in point)
        demand(inside and all(strokes), f"A stroke has no point, or one far off the pad: {ADVICE}")
        return strokes

    @t.validate("example")
    def _known_example(self, proposal: dict) -> str:
        if proposal["value"]:
            check_choice("example", proposal["value"], EXAMPLES)
        return proposal["value"]

    def compute(self) -> dict[str, Any]:
        if self.example and self.is_new("example"):
            self.strokes = EXAMPLES[self.example]
        _, network = self.chosen_network()
        self.digit = self._as_the_network_gets_it(self.strokes)
        self.shares, layers = read(network, self.digit)
        traits = {"pixels": self.digit.tobytes(), "maps": b"".join(map(_levels, layers.values()))}
        similar = self.nearest and not self.drawing and bool(self.strokes)
        images, labels = nearest(self.digit) if similar else (torch.empty(0), [])
        known = info(network)
        view = {
            "title": known.title,
            "status": known.status,
            "trained": known.trained,
            "shares": self.shares,
            "empty": not self.strokes,
            "layers": [{"name": k, "shape": maps.shape} for k, maps in layers.items()],
            "labels": labels,
            "description": self._description(known.title),
        }
        return {**traits, "neighbours": images.numpy().tobytes(), "view": view}

    def _as_the_network_gets_it(self, strokes: Strokes) -> Image.Image:
        image = drawn(strokes, self.line)
        return centred(np.asarray(image)) if self.centred else whole(image)

    def _description(self, title: str) -> str:
        """The alternative text, made from what is shown."""
        if not self.strokes:
            return "nothing is drawn yet"
        best = max(range(10), key=lambda i: self.shares[i])
        how = "centred and scaled" if self.centred else "where it was drawn"
        what = f"{self.example}, " if self.example else ""
        return f"{what}{how}: {title} reads {best} ({self.shares[best]:.0%})"

    def handle_message(self, content: dict, buffers: list) -> None:
        """{"keep": label}: add the digit to those that `load_digits("own")` gives."""
        if "keep" in content:
            self.kept = self.keep(content["keep"])
        else:
            super().handle_message(content, buffers)

    def keep(self, label: int) -> str:
        """Keep what is drawn with its true name 0..9 for `load_digits("own")`; says how many."""
        demand(bool(self.strokes), "Nothing is drawn yet: draw a digit, then keep it.")
        count = keep_digit(np.asarray(self.digit), label)
        return f"Kept as {label}. load_digits('own') has {count} of yours."

    def __repr__(self) -> str:
        return f"draw: {self.view['description']}"

    def still(self) -> CourseFigure:
        """The pad, the digit as the network gets it, and the ten probabilities."""
        figure = CourseFigure(3.6, self.view["description"], 11)
        headline(figure, f"{self.view['title']} ({self.view['status']})")
        pad, digit, bars = figure.subplots(1, 3, gridspec_kw={"width_ratios": [1, 1, 1.4]})
        bare(pad, "drawn").imshow(drawn(self.strokes, self.line), "gray")
        bare(digit, "what the network gets, 28 × 28").imshow(self.digit, "gray", vmin=0, vmax=255)
        _draw_bars(bars, self.shares)
        return figure


def _reads_digits(name: str) -> bool:
    """Whether the network of this name reads digits, or is somebody's own."""
    return dataset_of(name) in ("digits", None)


def read(network: nn.Module, digit: Image.Image) -> tuple[list[float], dict[str, np.ndarray]]:
    """The ten probabilities, and the maps `(C, H, W)` of each layer in `SHOWN`, by its name.

    Raises `CourseError` if the network does not take grey images of 32 × 32 pixels, or does not
    give ten logits.
    """
    _, values, logits = one_pass(network, to_input(digit, DIGITS), described=False)
    demand(
        logits.shape == (1, 10),
        f"For one digit this network gives a tensor {tuple(logits.shape)}; draw() takes networks "
        "that give ten logits, as load_network('lenet') does.",
    )
    shown = {k: as_maps(v[0]) for k, v in values.items() if k.rstrip("0123456789") in SHOWN}
    return [round(share, 4) for share in logits[0].softmax(0).tolist()], shown


def _levels(maps: np.ndarray) -> bytes:
    """Values of a layer -> 0..255 on one scale for all of it, zero in the middle."""
    limit = float(np.abs(maps).max()) or 1.0
    return np.rint(maps / limit * 127.5 + 127.5).astype(np.uint8).tobytes()


def _draw_bars(ax: Axes, shares: list[float]) -> None:
    ax.barh(range(10), shares, color=style.BLUE)
    ax.set(yticks=range(10), xlim=(0, 1), xlabel="probability")
    ax.invert_yaxis()


def draw(network: str | nn.Module = "lenet", example: str = "a seven") -> Draw:
    """Write a digit with mouse, finger, pen or keys, and see what each layer makes of it.

    network: a name, or a network that takes `(1, 1, 32, 32)` and gives ten logits, as one that you
        trained on `load_digits()`.
    example: strokes to begin with, one of EXAMPLES; "" for an empty pad.
    Raises `CourseError` for a name that there is not, or a network that reads no digits.
    """
    return Draw(network, example)
