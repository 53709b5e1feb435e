"""`explore()`: a network, a picture, a layer; what the layer makes of the picture."""

from dataclasses import dataclass

import numpy as np
import torch
import traitlets as t
from PIL import Image
from torch import nn

from ..activations import activations
from ..classification import top_classes
from ..errors import CourseError, nearest
from ..figures.charts import _horizontal, _percent
from ..figures.pictures import _color_bar, _columns, _mosaic
from ..figures.style import BLUE, FEATURES, GREY, CourseFigure, bare, headline, style_axes
from ..networks import info
from ..preprocessing import Preprocessing, run_steps, steps
from .base import MEGABYTE, Panel, Recent, colours, fitting, input_channels, javascript

EXACT = MEGABYTE  # up to this size a layer is sent as float32, larger ones as 256 levels


@dataclass(frozen=True)
class Seen:
    """What a network made of a picture.

    picture: as the network sees it, resized and cropped. maps: `(C, H, W)` or `(units,)` for
    each layer. classes: the five best, [] if the output is no list of classes.
    """

    picture: Image.Image
    maps: dict[str, torch.Tensor]
    classes: list[tuple[str, float]]


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
    return Seen(results["crop"], {n: a[0] for n, a in maps.items()}, _classes(network, scores[0]))


def _classes(network: nn.Module, scores: torch.Tensor) -> list[tuple[str, float]]:
    """The five best classes. That they are untrained is said once, above them."""
    if scores.ndim != 2:
        return []
    return [(label.removesuffix(" (untrained)"), p) for label, p in top_classes(network, scores)]


def as_maps(values: torch.Tensor) -> np.ndarray:
    """What a layer gave for one picture as `(C, H, W)`; units of a flat layer as `(C, 1, 1)`."""
    if values.ndim > 3:
        raise CourseError(
            f"This layer's output has the shape {tuple(values.shape)}, which is no list of maps. "
            "Choose a layer with an output of the shape (C, H, W) or (units,)."
        )
    shape = (-1, 1, 1) if values.ndim == 1 else (-1, *values.shape[-2:])
    return values.float().reshape(shape).numpy()


def levels(maps: np.ndarray, low: float, high: float) -> np.ndarray:
    """Values -> 0..255, the index into the colour map; the page does the same sum."""
    if high == low:
        return np.zeros(maps.shape, np.uint8)
    return np.floor((maps.astype(np.float64) - low) * (255 / (high - low)) + 0.5).astype(np.uint8)


class Explore(Panel):
    """What `explore()` returns. layer: the name of the layer; setting it shows it."""

    _esm = javascript("explore.js")
    WATCHED = (*Panel.WATCHED, "layer")

    layer = t.Unicode().tag(sync=True)
    layers = t.List(t.Dict()).tag(sync=True)  # [{"name": "conv1", "shape": "64 × 55 × 55"}, …]
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
        known = info(network)
        return {
            "layers": [{"name": n, "shape": _size(a)} for n, a in seen.maps.items()],
            "pixels": np.asarray(seen.picture).tobytes(),
            "maps": (maps if exact else levels(maps, low, high)).tobytes(),
            "view": {
                "title": known.title,
                "status": known.status,
                "trained": known.trained,
                "picture": self.picture,
                "layer": self.layer,
                "side": seen.picture.width,
                "description": self._description(known.title, known.status, maps),
                "shape": maps.shape,
                "across": _across(len(maps), maps.shape[1:]),
                "gap": _gap(maps),
                "low": low,
                "high": high,
                "exact": exact,
                "brightest": _brightest(maps),
                "units": known.classes if self.layer == names[-1] else (),
                "classes": [{"label": c, "share": p, "text": _percent(p)} for c, p in seen.classes],
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

    def _description(self, title: str, status: str, maps: np.ndarray) -> str:
        """The alternative text, made from what is shown."""
        word = "unit" if maps.shape[1:] == (1, 1) else "feature map"
        count = f"{len(maps)} {word}{'s' * (len(maps) != 1)}"
        which = f"{'unit' if word == 'unit' else 'channel'} {_brightest(maps)}"
        return (
            f"{count} of layer {self.layer} of {title} ({status}) for {self.picture}; "
            f"brightest: {which}"
        )

    def __repr__(self) -> str:
        view = self.view
        what = view["description"].partition(";")[0]
        return f"explore: {what}, {' × '.join(map(str, view['shape']))}"

    def still(self) -> CourseFigure:
        """Picture, maps and classes as a figure."""
        _, seen = self._look()
        view, maps = self.view, as_maps(seen.maps[self.layer])
        figure = CourseFigure(5.2, view["description"], width=11)
        headline(figure, f"{view['title']} ({view['status']}) · {view['layer']} · {self.picture}")
        left, right = figure.subfigures(1, 2, width_ratios=(1, 2))
        top, bottom = left.subplots(2, 1, height_ratios=(3, 2))
        bare(top, "what the network sees").imshow(seen.picture)
        _draw_classes(bottom, seen.classes, view["trained"])
        _draw_maps(right, maps, view["across"])
        return figure


def _draw_classes(ax, classes: list[tuple[str, float]], trained: bool) -> None:
    style_axes(ax, "" if trained else "untrained, no prediction")
    labels, shares = [label for label, _ in classes], [share for _, share in classes]
    _horizontal(ax, labels, shares, [_percent(p) for p in shares], BLUE if trained else GREY)
    ax.set_xlim(0, 1.25)
    ax.set_xticks([])


def _draw_maps(figure, maps: np.ndarray, across: int) -> None:
    if maps.shape[1:] == (1, 1):
        rows = -(-len(maps) // across)
        mosaic = np.full(rows * across, np.nan)
        mosaic[: len(maps)] = maps.ravel()
        mosaic = mosaic.reshape(rows, across)
    else:
        mosaic = _mosaic(maps, across)
    ax = bare(figure.subplots())
    drawn = ax.imshow(mosaic, cmap=FEATURES, interpolation="nearest")
    _color_bar(figure, ax, drawn, "value (one scale for all)")


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


def _size(values: torch.Tensor) -> str:
    return " × ".join(map(str, values.shape))


def _brightest(maps: np.ndarray) -> int:
    """The channel with the highest mean."""
    return int(maps.mean(axis=(1, 2)).argmax())


def _across(count: int, shape: tuple[int, ...]) -> int:
    """How many maps stand side by side; a few units stand in one row."""
    return count if count <= 32 and shape == (1, 1) else _columns(count)


def _gap(maps: np.ndarray) -> int:
    """Pixels between maps; none between units."""
    return 0 if maps.shape[1:] == (1, 1) else max(1, round(maps.shape[2] / 20))


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
