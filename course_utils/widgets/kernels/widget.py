"""`kernels()`: the kernels of a network's first convolution, trained against untrained."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
import traitlets as t
from matplotlib import colormaps
from torch import nn

from ...errors import CourseError
from ...figures import CourseFigure, bare, counted, headline, short, style
from ...networks import hint, info, load_network
from ..shared.maps import across, gap, tiled, times
from ..shared.network_image import NetworkImageWidget

KERNELS, CHANNELS = 128, 16  # how many are shown: more would be too small to see
NO_IMAGE = "cat"  # the base class wants one; nothing is computed from it


class Kernels(NetworkImageWidget):
    """What `kernels()` returns. network: a name; setting it shows its kernels.

    kernel: the one that is shown large, -1 for none. own_scale: each kernel from its own largest
    weight, instead of the largest of all. weights: float32 `(sides, kernels, C, h, w)`.
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"
    WATCHED = ("network", "seq")
    KEPT = ("own_scale", "kernel")

    own_scale = t.Bool(False).tag(sync=True)
    kernel = t.Int(-1).tag(sync=True)
    weights = t.Bytes().tag(sync=True)
    colours = t.Bytes().tag(sync=True)  # the colour scale, 256 × (R, G, B)

    def __init__(self, network: str | nn.Module) -> None:
        super().__init__(network, NO_IMAGE)

    def compute(self) -> dict[str, Any]:
        _, network = self.chosen_network()
        sides = _sides(network)
        weights = np.stack([*sides.values()])
        _, count, channels, rows, columns = weights.shape
        known, colour = info(network), channels == 3
        view = {
            "title": known.title,
            "status": known.status,
            "trained": known.trained,
            "hint": hint(network),
            "size": tuple(first_convolution(network).weight.shape),
            "shape": (count, channels, rows, columns),
            "colour": colour,
            "limit": float(np.abs(weights).max()),
            "across": across(count) if colour or channels == 1 else channels,
            "gap": gap(columns),
            "sides": [
                {"name": name, "description": _describe(known.title, name, side)}
                for name, side in sides.items()
            ],
        }
        return {"weights": weights.tobytes(), "colours": scale(colour).tobytes(), "view": view}

    def __repr__(self) -> str:
        count, *size = self.view["size"]
        names = " beside ".join(side["name"] for side in self.view["sides"])
        return f"kernels: {count} kernels {times(size)} of {self.view['title']} ({names})"

    def still(self) -> CourseFigure:
        """The kernels as a figure, trained and untrained side by side on one scale."""
        view = self.view
        alt = ". Beside them: ".join(side["description"] for side in view["sides"])
        shape = (len(view["sides"]), *view["shape"])
        sides = np.frombuffer(self.weights, np.float32).reshape(shape)
        images = [painted(side, view["limit"], view["across"], self.own_scale) for side in sides]
        height = 5 * images[0].shape[0] / images[0].shape[1] + 1.2
        figure = CourseFigure(height, alt, 5.4 * len(images) + 0.4)
        headline(figure, f"{view['title']}: kernels of the first convolution, {self._scale_text()}")
        axes = figure.subplots(1, len(images), squeeze=False, gridspec_kw={"wspace": 0.08})[0]
        for ax, said, image, weights in zip(axes, view["sides"], images, sides, strict=True):
            bare(ax, f"{said['name']}: {_extent(weights)}").imshow(image)
        return figure

    def _scale_text(self) -> str:
        zero = "mid-grey" if self.view["colour"] else "white"
        limit = short(self.view["limit"])
        return f"{zero} is 0" if self.own_scale else f"−{limit} to {limit}, {zero} is 0"


def _sides(network: nn.Module) -> dict[str, np.ndarray]:
    """The network's kernels by what is said of them, and untrained ones if its own are not.

    Nobody can tell of a network of one's own whether it is trained.
    """
    known, convolution = info(network), first_convolution(network)
    if not hasattr(network, "info"):
        own, start = convolution.weight, random_start(convolution)
        return {"as they are": _shown(own), "a random start": _shown(start)}
    sides = {known.status: _shown(convolution.weight)}
    if known.trained:
        sides["untrained"] = _shown(_untrained(known.name, known.dataset))
    return sides


def first_convolution(network: nn.Module) -> nn.Conv2d:
    """The first `Conv2d` of a network, or a `CourseError` that there is none."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            return module
    raise CourseError(
        f"{info(network).title} has no convolution (nn.Conv2d), so it has no kernels to show. "
        "Give a network that has one."
    )


def random_start(convolution: nn.Conv2d) -> torch.Tensor:
    """Kernels of the same shape as PyTorch makes them; the random state stays as it was."""
    fresh = deepcopy(convolution)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        fresh.reset_parameters()
    return fresh.weight


@cache
def _untrained(name: str, dataset: str) -> torch.Tensor:
    """The first kernels of a network of the course that is untrained. A whole one is made."""
    network = load_network(name, weights=None, dataset=dataset)
    return first_convolution(network).weight.detach().clone()


def _shown(weight: torch.Tensor) -> np.ndarray:
    """The kernels `(K, C, h, w)` that there is room for; of more than 3 channels the first."""
    return weight.detach().float().cpu().numpy()[:KERNELS, :CHANNELS]


def scale(colour: bool) -> np.ndarray:
    """The colour scale from the lowest weight to the highest, `(256, 3)` uint8.

    colour: of one of the channels of a colour image, dark to bright; else blue, white, red.
    """
    if colour:
        return np.arange(256, dtype=np.uint8)[:, None].repeat(3, axis=1)
    return np.rint(colormaps[style.SIGNED](range(256))[:, :3] * 255).astype(np.uint8)


def painted(weights: np.ndarray, limit: float, across: int, own_scale: bool = False) -> np.ndarray:
    """Kernels `(K, C, h, w)` as one image, RGBA uint8; the page does the same sum.

    With 3 channels each kernel is a colour image, mid-grey is zero. Else each channel is one.
    limit: the weight that the ends of the scale stand for, on either side of zero.
    """
    ends = np.abs(weights).max(axis=(1, 2, 3), keepdims=True) if own_scale else np.float64(limit)
    ends = np.where(ends > 0, ends, 1).astype(np.float64)
    levels = np.floor((weights.astype(np.float64) + ends) * (255 / (2 * ends)) + 0.5)
    levels = levels.astype(np.uint8)
    if weights.shape[1] == 3:
        return tiled(levels.transpose(0, 2, 3, 1), across)
    return tiled(scale(colour=False)[levels.reshape(-1, *levels.shape[2:])], across)


def _describe(title: str, name: str, weights: np.ndarray) -> str:
    """The alternative text, made from what is shown."""
    sizes = np.square(weights).sum(axis=(1, 2, 3))
    return (
        f"{counted(len(weights), 'kernel')} {times(weights.shape[1:])} of the first convolution of "
        f"{title}, {name}; {_extent(weights)}; strongest: kernel {int(sizes.argmax())}"
    )


def _extent(weights: np.ndarray) -> str:
    return f"weights {short(float(weights.min()))} to {short(float(weights.max()))}"


def kernels(network: str | nn.Module = "alexnet") -> Kernels:
    """See the kernels of a network's first convolution as images, trained beside untrained.

    network: a name of `networks()`, or any `nn.Module` with a convolution. One's own network
        stands beside a random start of the same shape.
    Raises `CourseError` for a name that there is not, or a network without convolutions.
    """
    return Kernels(network)
