"""`receptive_field()`: what can reach a unit of a layer, and what really does."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import traitlets as t
from PIL import Image
from torch import nn

from ...errors import CourseError, nearest
from ...figures import CourseFigure, headline, percent
from ...networks import (
    EffectiveField,
    Layer,
    effective_field,
    info,
    input_channels,
    layers,
    table_row,
)
from ..shared.maps import MapColours
from ..shared.network_image import NetworkImageWidget
from ..shared.network_names import first_image
from ..shared.predictions import network_input, preprocessing_for
from ..shared.recent import MEGABYTE, Recent
from ..shared.stills import Still
from .drawing import draw_effect, draw_map, stacks_figure, top_of_scale
from .stacks import Stack, stacks
from .words import effect_in_words, reached

DEPTHS = range(1, 8)  # how many 3×3 in a row can be compared with one large kernel

Layers = dict[str, Layer]

LAYERS: Recent[Layers] = Recent(20, lambda found: 1)
EFFECTS: Recent[EffectiveField] = Recent(
    64 * MEGABYTE, lambda effect: effect.values.nbytes + effect.gradient.nbytes
)


class ReceptiveField(MapColours, NetworkImageWidget):
    """What `receptive_field()` returns.

    layer: its name. row, column: the unit; −1 is the middle, a unit outside the layer becomes the
    nearest. channel: −1 is the mean of all; in a layer without maps it is the unit's number, and −1
    the largest. show: "network", or "stacks": `depth` kernels of 3×3 beside one large kernel.
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"
    WATCHED = (*NetworkImageWidget.WATCHED, "layer", "row", "column", "channel", "show", "depth")

    layer = t.Unicode().tag(sync=True)
    row = t.Int(-1).tag(sync=True)
    column = t.Int(-1).tag(sync=True)
    channel = t.Int(-1).tag(sync=True)
    show = t.Enum(("network", "stacks"), "network").tag(sync=True)
    depth = t.Int(5, min=DEPTHS[0], max=DEPTHS[-1]).tag(sync=True)
    layers = t.List(t.Dict()).tag(sync=True)  # what arithmetic says: once for each network
    stacks = t.List(t.Dict()).tag(sync=True)
    pixels = t.Bytes().tag(sync=True)  # the image as the network sees it, RGB
    map = t.Bytes().tag(sync=True)  # float32, the feature map with the unit
    heat = t.Bytes().tag(sync=True)  # float32, |d unit / d pixel| for each pixel

    def compute(self) -> dict[str, Any]:
        network, found, seen, effect = self._look()
        layer, gradient = found[self.layer], effect.gradient.float()
        values = np.nan_to_num(effect.values.float().numpy())
        view = {
            **self.header(network),
            **{name: getattr(self, name) for name in ("layer", "row", "column", "channel")},
            "input": (input_channels(network), seen.height, seen.width),
            "channels": layer.output_shape[0],
            "flat": _flat(layer),
            "map": values.shape,
            "low": float(values.min()),
            "high": float(values.max()),
            "top": top_of_scale(gradient),
            "effect": effect_in_words(gradient, layer, self.row, self.column),
            "unit": self._unit(network, found),
        }
        return {
            "layers": [_sent(one) for one in found.values()],
            "stacks": [_counted(stack) for stack in stacks(self.depth)],
            "pixels": np.asarray(seen).tobytes(),
            "map": values.tobytes(),
            "heat": gradient.numpy().tobytes(),
            "view": view,
        }

    def _look(self) -> tuple[nn.Module, Layers, Image.Image, EffectiveField]:
        """The choice, put right, and what it gives; computed once."""
        (network_key, network), (image_key, image) = self.chosen_network(), self.chosen_image()
        found = LAYERS.get(network_key, lambda: _layers(network))
        self.layer = self._fitting_layer(network, found)
        self._move_inside(found[self.layer])
        x, cropped = network_input(network, image)
        place = (self.layer, self.row, self.column)
        channel = None if self.channel < 0 else self.channel
        effect = EFFECTS.get(
            (network_key, image_key, *place, channel),
            lambda: effective_field(network, x, *place, channel),
        )
        if effect.channel is not None:
            self.channel = effect.channel
            EFFECTS.get((network_key, image_key, *place, effect.channel), lambda: effect)
        return network, found, cropped, effect

    def _fitting_layer(self, network: nn.Module, found: Layers) -> str:
        """The layer that is chosen; of a new network that does not have it, one to begin with."""
        if self.layer in found:
            return self.layer
        if not self.layer or self.is_new("network"):
            return _first(found, preprocessing_for(network).crop)
        raise CourseError(
            f"{info(network).title} has no layer {self.layer!r} with places to choose."
            f"{nearest(self.layer, found)} There are {', '.join(found)}."
        )

    def _move_inside(self, layer: Layer) -> None:
        """−1 becomes the middle, and a unit outside the layer the nearest one."""
        channels, *sides = layer.output_shape
        for name, units in zip(("row", "column"), sides or (1, 1), strict=True):
            place = getattr(self, name)
            setattr(self, name, units // 2 if place < 0 else min(place, units - 1))
        self.channel = min(max(self.channel, -1), channels - 1)

    def _unit(self, network: nn.Module, found: Layers) -> str:
        """The unit in words: "row 6, column 6, mean of all channels"."""
        if _flat(found[self.layer]):
            names = info(network).classes if self.layer == [*found][-1] else ()
            return f"unit {self.channel}" + (f" ({names[self.channel]})" if names else "")
        which = "mean of all channels" if self.channel < 0 else f"channel {self.channel}"
        return f"row {self.row}, column {self.column}, {which}"

    def __repr__(self) -> str:
        if self.show == "stacks":
            small, large = stacks(self.depth)
            return (
                f"receptive_field: {small.name} and {large.name} see {small.field} × {small.field}"
            )
        view, layer = self.view, self._look()[1][self.layer]
        unit = f"{view['layer']} of {view['title']} ({view['status']}) for {view['image']}"
        return f"receptive_field: {unit}, {view['unit']}: {reached(layer, self.row, self.column)}"

    def still(self) -> CourseFigure:
        """What is shown, as a figure."""
        if self.show == "stacks":
            return stacks_figure(stacks(self.depth))
        view, (_, found, seen, effect) = self.view, self._look()
        layer, values = found[self.layer], effect.values.numpy()
        alt = f"{repr(self).partition(': ')[2]}. {view['effect']}"
        figure = Still(5.4, alt, 11, seen)
        headline(figure, f"{view['title']} ({view['status']}) · {self.layer} · {self.image}")
        left, right = figure.subplots(1, 2, width_ratios=(1, 1))
        title = f"{self.layer}: {view['unit']}"
        if _flat(layer):
            draw_map(left, in_rows(values), title, None)
        else:
            draw_map(left, values, title, (self.row, self.column))
        title = reached(layer, self.row, self.column)
        box = layer.field.box(self.row, self.column) if layer.field else None
        draw_effect(right, seen, effect.gradient, box, title)
        return figure


def in_rows(values: np.ndarray) -> np.ndarray:
    """Units `(1, n)` in rows, as the page shows them; places without a unit are nan."""
    n = values.size
    across = n if n <= 16 else math.ceil(math.sqrt(n))
    places = np.full(math.ceil(n / across) * across, np.nan, np.float32)
    places[:n] = values.ravel()
    return places.reshape(-1, across)


def _layers(network: nn.Module) -> Layers:
    """The layers whose units one can choose: not `Flatten`, whose units are those before it."""
    side = preprocessing_for(network).crop
    found = layers(network, (input_channels(network), side, side))
    chosen = {layer.name: layer for layer in found if _has_places(layer)}
    if not chosen:
        raise CourseError(
            f"{info(network).title} has no layer to look at. A layer is an nn.Module that gives "
            "maps (C, H, W) or units (n,): put some into the network."
        )
    return chosen


def _has_places(layer: Layer) -> bool:
    in_a_row = layer.field and len(layer.field.rows.spans) > 1
    return len(layer.output_shape) == 3 or (len(layer.output_shape) == 1 and not in_a_row)


def _first(found: Layers, side: int) -> str:
    """The layer to begin with: the last convolution that sees less than half of the image."""
    first = next(iter(found))
    for name, layer in found.items():
        if layer.kind == "conv" and (layer.receptive_field or side) < side / 2:
            first = name
    return first


def _flat(layer: Layer) -> bool:
    """A layer without maps, or with maps of a single unit."""
    return layer.output_shape[1:] in ((), (1, 1))


def _sent(layer: Layer) -> dict[str, Any]:
    """A layer as the page gets it: its row of the table, and what its units can see."""
    sides = ("rows", "columns") if layer.field else ()
    field = {side: vars(getattr(layer.field, side)) for side in sides}
    return {"name": layer.name, "row": list(table_row(layer).values()), **field}


def _counted(stack: Stack) -> dict[str, Any]:
    """A stack as the page gets it."""
    side, share = stack.middle
    return {
        "name": stack.name,
        "field": stack.field,
        "parameters": stack.parameters,
        "multiply_adds": stack.multiply_adds,
        "depth": stack.depth,
        "middle": side,
        "share": percent(share),
        "effect": stack.effect.flatten().tolist(),
    }


def receptive_field(
    network: str | nn.Module = "alexnet",
    image: Any = None,
    layer: str | None = None,
    row: int = -1,
    column: int = -1,
    channel: int = -1,
) -> ReceptiveField:
    """Choose a unit of a layer; see the box of the image that can reach it, and what really does.

    network: a name of `networks()`, or any `nn.Module` that takes images. image: anything that
    `open_image` takes; by default the cat, or a digit for a network that reads digits. layer: a
    name such as "conv3". row, column: the unit, by default the one in the middle. channel: by
    default the mean of all; in a layer without maps the unit's number.
    Raises `CourseError` for a name that there is not, or an image that is none.
    """
    chosen = {"layer": layer or "", "row": row, "column": column, "channel": channel}
    image = first_image(network, "cat") if image is None else image
    return ReceptiveField(network, image, **chosen)
