"""`explore()`: a network, a picture, a layer; what the layer makes of the picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import traitlets as t
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from PIL import Image
from torch import nn

from ..activations import activations, input_channels
from ..errors import CourseError, nearest
from ..figures.style import FEATURES, INK, SMALL, CourseFigure, bare, headline
from ..networks import info
from ..preprocessing import Preprocessing, run_steps, steps
from .base import (
    MEGABYTE,
    Panel,
    Recent,
    best_classes,
    colours,
    fitting,
    javascript,
)
from .stills import Still, draw_classes

EXACT = MEGABYTE  # up to this size a layer is sent as float32, larger ones as 256 levels


@dataclass(frozen=True)
class Seen:
    """What a network made of a picture.

    picture: as the network sees it, resized and cropped. maps: `(C, H, W)` or `(units,)` for
    each layer. best: the five best classes, as `best_classes` gives them.
    """

    picture: Image.Image
    maps: dict[str, torch.Tensor]
    best: dict[str, object]


SEEN = Recent(128 * MEGABYTE, lambda seen: sum(maps.nbytes for maps in seen.maps.values()))


def look(network: nn.Module, picture: Image.Image, preprocessing: Preprocessing) -> Seen:
    """Run the network once and keep what there is to see."""
    results = dict(run_steps(picture, steps(preprocessing)))
    x = results["batch"]
    if input_channels(network) == 1:
        x = x.mean(dim=1, keepdim=True)
    scores: list[torch.Tensor] = []
    handle = network.register_forward_hook(lambda module, inputs, output: scores.append(output))
    try:
        maps = activations(network, x)
    finally:
        handle.remove()
    best = best_classes(network, scores[0])
    return Seen(results["crop"], {name: values[0] for name, values in maps.items()}, best)


def as_maps(values: torch.Tensor) -> np.ndarray:
    """What a layer gave for one picture as `(C, H, W)`; units of a flat layer as `(C, 1, 1)`."""
    if values.ndim > 3:
        raise CourseError(
            f"This layer's output has the shape {tuple(values.shape)}, which is no list of maps. "
            "Choose a layer with an output of the shape (C, H, W) or (units,)."
        )
    shape = (-1, 1, 1) if values.ndim == 1 else (-1, *values.shape[-2:])
    return values.float().reshape(shape).numpy()


def levels(maps: np.ndarray, own_scale: bool = False) -> np.ndarray:
    """Values `(C, H, W)` -> 0..255, the index into the colour map; the page does the same sum.

    own_scale: each map from its own lowest value to its highest, instead of the layer's.
    """
    axes = (1, 2) if own_scale else None
    low, high = (f(maps, axis=axes, keepdims=True).astype(np.float64) for f in (np.min, np.max))
    width = np.where(high > low, high - low, np.inf)
    return np.floor((maps.astype(np.float64) - low) * (255 / width) + 0.5).astype(np.uint8)


def mosaic(indices: np.ndarray, across: int) -> np.ndarray:
    """Maps of levels `(C, H, W)` side by side in colour, RGBA uint8, transparent between them."""
    count, rows, columns = indices.shape
    gap = _gap(columns)
    lines = math.ceil(count / across)
    height, width = lines * (rows + gap) - gap, across * (columns + gap) - gap
    canvas = np.zeros((height, width, 4), np.uint8)
    palette = np.frombuffer(colours(), np.uint8).reshape(256, 3)
    for i, levels_of_map in enumerate(indices):
        top, left = i // across * (rows + gap), i % across * (columns + gap)
        canvas[top : top + rows, left : left + columns, :3] = palette[levels_of_map]
        canvas[top : top + rows, left : left + columns, 3] = 255
    return canvas


class Explore(Panel):
    """What `explore()` returns. layer: the name of the layer; setting it shows it."""

    _esm = javascript("explore.js")
    WATCHED = (*Panel.WATCHED, "layer")

    layer = t.Unicode().tag(sync=True)
    layers = t.List(t.Dict()).tag(sync=True)  # [{"name": "conv1", "shape": "64 × 55 × 55"}, …]
    own_scale = t.Bool(False).tag(sync=True)  # each map from its own lowest value to its highest
    colours = t.Bytes(colours()).tag(sync=True)
    pixels = t.Bytes().tag(sync=True)  # the picture as the network sees it, RGB
    maps = t.Bytes().tag(sync=True)  # values of the layer: float32, or uint8 if "exact" is false

    def _compute(self) -> dict[str, object]:
        network, seen = self._look()
        names = list(seen.maps)
        self.layer = _layer(self.layer, names, network, new=self.network != self._network_shown)
        maps = np.nan_to_num(as_maps(seen.maps[self.layer]))
        low, high = float(maps.min()), float(maps.max())
        exact = maps.nbytes <= EXACT
        header = self._header(network)
        return {
            "layers": [{"name": n, "shape": times(a.shape)} for n, a in seen.maps.items()],
            "pixels": np.asarray(seen.picture).tobytes(),
            "maps": (maps if exact else levels(maps)).tobytes(),
            "view": {
                **header,
                **seen.best,
                "layer": self.layer,
                "input": (input_channels(network), seen.picture.height, seen.picture.width),
                "description": self._description(header, maps),
                "shape": maps.shape,
                "across": _across(len(maps), maps.shape[1:]),
                "gap": _gap(maps.shape[2]),
                "low": low,
                "high": high,
                "exact": exact,
                "brightest": _brightest(maps),
                "units": info(network).classes if self.layer == names[-1] else (),
            },
        }

    @property
    def _network_shown(self) -> object:
        return self._shown.get("network")

    def _look(self) -> tuple[nn.Module, Seen]:
        """The chosen network and what it makes of the chosen picture, computed once."""
        (network_key, network), (picture_key, picture) = self._network(), self._picture()
        key = (network_key, picture_key)
        return network, SEEN.get(key, lambda: look(network, picture, fitting(network)))

    def _description(self, header: dict[str, object], maps: np.ndarray) -> str:
        """The alternative text, made from what is shown."""
        word = "unit" if maps.shape[1:] == (1, 1) else "feature map"
        count = f"{len(maps)} {word}{'s' * (len(maps) != 1)}"
        which = f"{'unit' if word == 'unit' else 'channel'} {_brightest(maps)}"
        return (
            f"{count} of layer {self.layer} of {header['title']} ({header['status']}) "
            f"for {self.picture}; brightest: {which}"
        )

    def __repr__(self) -> str:
        view = self.view
        what = view["description"].partition(";")[0]
        return f"explore: {what}, {times(view['shape'])}"

    def still(self) -> CourseFigure:
        """Picture, maps and classes as a figure."""
        view, seen = self.view, self._look()[1]
        figure = Still(5.6, view["description"], 11, seen.picture)
        headline(figure, f"{view['title']} ({view['status']}) · {view['layer']} · {self.picture}")
        grid = [["picture", "maps"], ["classes", "maps"]]
        axes = figure.subplot_mosaic(grid, width_ratios=(1, 2.2))
        bare(axes["picture"], f"Input: {times(view['input'])}").imshow(seen.picture)
        draw_classes(axes["classes"], view)
        maps = np.nan_to_num(as_maps(seen.maps[self.layer]))
        own_scale = self.own_scale and maps.shape[1:] != (1, 1)
        bare(axes["maps"], f"{self.layer}: {times(maps.shape)}")
        axes["maps"].imshow(mosaic(levels(maps, own_scale), view["across"]))
        if own_scale:
            axes["maps"].set_title(f"{self.layer}: {times(maps.shape)}, each map on its own scale")
        else:
            _draw_scale(figure, axes["maps"], view["low"], view["high"])
        return figure


def _draw_scale(figure: CourseFigure, ax: Axes, low: float, high: float) -> None:
    scale = ScalarMappable(Normalize(low, high if high > low else low + 1), FEATURES)
    bar = figure.colorbar(scale, ax=ax, location="bottom", aspect=40, pad=0.02, shrink=0.6)
    bar.set_label("value, one scale for the whole layer", fontsize=SMALL, color=INK)
    bar.ax.tick_params(labelsize=SMALL, colors=INK)
    bar.outline.set_visible(False)


def _layer(wanted: str, names: list[str], network: nn.Module, new: bool) -> str:
    """The layer to show: the one wanted, the first of a new network that does not have it."""
    if wanted in names:
        return wanted
    if new or not wanted:
        return names[0]
    raise CourseError(
        f"{info(network).title} has no layer {wanted!r}.{nearest(wanted, names)} "
        f"Its layers are {', '.join(names)}."
    )


def times(shape: Sequence[int]) -> str:
    """(64, 55, 55) -> "64 × 55 × 55"."""
    return " × ".join(map(str, shape))


def _brightest(maps: np.ndarray) -> int:
    """The channel with the highest mean."""
    return int(maps.mean(axis=(1, 2)).argmax())


def _across(count: int, shape: tuple[int, ...]) -> int:
    """How many maps stand side by side: a mosaic about as wide as a screen, its rows full if
    that is possible. A few units stand in one row."""
    if shape == (1, 1) and count <= 32:
        return count
    wanted = math.sqrt(1.5 * count)
    full = [n for n in range(1, count + 1) if count % n == 0 and 0.75 < n / wanted < 1.4]
    return min(full, key=lambda n: abs(n - wanted)) if full else math.ceil(wanted)


def _gap(columns: int) -> int:
    """Pixels between maps of so many columns; none between units."""
    return 0 if columns == 1 else max(1, round(columns / 20))


def explore(
    network: str | nn.Module = "alexnet", picture: object = "cat", layer: str | None = None
) -> Explore:
    """Choose a network, a picture and a layer; see feature maps and the five best classes.

    network: a name of `networks()`, or any `nn.Module` that takes pictures.
    picture: anything that `open_image` takes.
    layer: a name such as "conv1"; by default the first layer.
    Raises `CourseError` for a name that there is not, or a picture that is none.
    """
    return Explore(network, picture, layer=layer or "")
