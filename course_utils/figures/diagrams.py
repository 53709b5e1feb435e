"""A network as boxes: height is the side of the feature maps, width the number of channels."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle
from torch import nn

from ..networks import Layer, info, layers
from .style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    SMALL,
    TEXT,
    CourseFigure,
    bare,
    listed,
)

COLORS = {
    "image": (GREY, "image"),
    "conv": (BLUE, "convolution"),
    "pool": (ORANGE, "pooling"),
    "fc": (GREEN, "fully connected"),
    "other": (PURPLE, "other"),
}
# These belong to the layer before them: they leave its shape as it is, or only rearrange it.
FOLDED = {"relu", "tanh", "sigmoid", "norm", "dropout", "flatten", "identity"}
MANY = 16  # boxes: more have no room for their labels


@dataclass(frozen=True)
class Box:
    """What the diagram draws as one: a layer, or several convolutions in a row."""

    name: str
    kind: str
    shape: tuple[int, ...]

    @property
    def label(self) -> str:
        """The name, the channels and the size of a map ("55×55"), a line each."""
        sides = ["×".join(map(str, self.shape[1:]))] if self.shape[1:] else []
        return "\n".join([self.name, str(self.shape[0]), *sides])

    @property
    def height(self) -> float:
        """Maps: their side in pixels. Single numbers: see `diagram`."""
        return float(self.shape[1]) if len(self.shape) == 3 else 0.0

    @property
    def width(self) -> float:
        """Part of the room for one box: 3 channels 0.16, 64 channels 0.49, 512 channels 0.74."""
        return 0.16 if len(self.shape) == 1 else 0.082 * math.log2(self.shape[0] + 1)


def diagram(
    network: nn.Module, title: str = "", input_shape: tuple[int, ...] | None = None
) -> CourseFigure:
    """The layers of any network, feature maps to scale, with the shapes that they give.

    Activations, normalisation and dropout belong to the layer before them. Convolutions of one
    shape in a row become one box, in a deep network all of one height. A fully connected layer
    has no maps: its box is as high as its number of units, on a compressed scale.
    input_shape: `(C, H, W)` of one image; by default what the network was made for.
    """
    found = layers(network, input_shape)
    boxes = [Box("image", "image", found[0].input_shape), *_boxes(found)]
    alt = listed(f"{box.name} {box.shape}" for box in boxes)
    figure = CourseFigure(5.4, alt, title=title or info(network).title)
    ax = bare(figure.subplots())
    _draw(ax, boxes)
    kinds = [kind for kind in COLORS if any(box.kind == kind for box in boxes)]
    figure.legend(
        handles=[Patch(color=COLORS[kind][0], label=COLORS[kind][1]) for kind in kinds],
        loc="outside lower center",
        ncols=len(kinds),
        fontsize=TEXT,
        frameon=False,
        title=_scales(boxes),
        title_fontsize=SMALL,
    )
    return figure


def _scales(boxes: list[Box]) -> str:
    """What heights and widths stand for; layers without maps have a scale of their own."""
    texts = ["height: side of a feature map, to scale · width: channels, compressed"]
    if any(not box.height for box in boxes):
        texts.append("fully connected, height: units, on a logarithmic scale of their own")
    return "\n".join(texts)


def _boxes(found: list[Layer]) -> list[Box]:
    """The layers as boxes: runs of one shape together, or of one height if there are many."""
    drawn = [layer for layer in found if layer.kind not in FOLDED and not _idle(layer)]
    boxes = _joined(drawn, lambda layer: layer.output_shape)
    return boxes if len(boxes) < MANY else _joined(drawn, lambda layer: layer.output_shape[1:])


def _idle(layer: Layer) -> bool:
    """Adaptive pooling that has nothing to do at the usual size of the image."""
    return layer.kind == "avgpool" and layer.input_shape == layer.output_shape


def _joined(drawn: list[Layer], alike: Callable[[Layer], object]) -> list[Box]:
    """One box for convolutions that follow one another and are alike, one for any other layer."""

    def key(layer: Layer) -> object:
        return alike(layer) if layer.kind == "conv" else layer.name

    return [_box(list(run)) for _, run in groupby(drawn, key)]


def _box(run: list[Layer]) -> Box:
    first, last = run[0], run[-1]
    kind = "pool" if first.kind == "avgpool" else first.kind
    name = first.name if first is last else f"{first.name}–{last.name.removeprefix('conv')}"
    return Box(name, kind if kind in COLORS else "other", last.output_shape)


def _draw(ax: Axes, boxes: list[Box]) -> None:
    """Boxes from left to right around one middle line, labels below and above it in turn."""
    tallest = max(box.height for box in boxes) or 1
    ax.plot([0, len(boxes) - 1], [0, 0], color=GREY, linewidth=1, zorder=0)
    named = {*range(0, len(boxes), math.ceil(len(boxes) / MANY)), len(boxes) - 1}
    for i, box in enumerate(boxes):
        # a fully connected layer: 10 units a quarter of the image's height, 1000 units 3/4
        units = 0.25 * math.log10(box.shape[0])
        height = max(box.height / tallest if box.height else units, 0.02)
        corner = (i - box.width / 2, -height / 2)
        ax.add_patch(Rectangle(corner, box.width, height, color=COLORS[box.kind][0]))
        if i not in named:  # there is no room for its label
            continue
        side = 1 if box.kind in ("pool", "image") else -1
        where: dict[str, Any] = {"ha": "center", "va": "bottom" if side > 0 else "top"}
        ax.plot([i, i], [side * height / 2, side * 0.54], color=PALE, linewidth=1, zorder=0)
        ax.text(i, side * 0.55, box.label, **where, fontsize=SMALL, color=INK, linespacing=1.3)
    ax.set_xlim(-0.6, len(boxes) - 0.4)
    ax.set_ylim(-0.85, 0.85)
