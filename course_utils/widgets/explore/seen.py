"""What a network makes of an image, kept for a while; a layer of it in the form a page paints."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from ...errors import CourseError
from ...networks import Layer, NetworkInfo, hint, info, one_pass
from ..shared.maps import across, as_maps, gap, levels, times
from ..shared.predictions import best_classes, network_input
from ..shared.recent import MEGABYTE, Recent

EXACT = MEGABYTE  # up to this size a layer is sent as float32, larger ones as 256 levels


@dataclass(frozen=True)
class Seen:
    """What a network made of an image.

    key: the same for the same network and image. known: what the network knows about itself.
    hint: how to get weights for it. x: `(1, C, H, W)`, what it takes; image: what it sees, resized
    and cropped. layers: what a diagram says about each layer, by its name. best: the five best
    classes, as `best_classes` gives them. kept: the outputs of layers that have been asked for.
    The network itself is not kept: two VGGs do not fit into memory.
    """

    key: str
    known: NetworkInfo
    hint: str
    x: Tensor
    image: Image.Image
    layers: dict[str, dict[str, Any]]
    best: dict[str, Any]
    kept: dict[str, Tensor]

    def maps(self, layer: str) -> np.ndarray:
        """The output of a layer, float32 `(C, H, W)`, a flat one's `(units, 1, 1)`."""
        return np.nan_to_num(as_maps(self.kept[layer][0]))

    def keep_all(self, network: nn.Module) -> None:
        """Run the network once more, and keep what all layers give."""
        self.kept.update(one_pass(network, self.x, described=False)[1])

    def bytes(self) -> int:
        """How much memory all maps take."""
        return sum(4 * prod(layer["size"]) for layer in self.layers.values())


SEEN: Recent[Seen] = Recent(128 * MEGABYTE, Seen.bytes, alike=True)
LAYERS: Recent[dict[str, dict[str, Any]]] = Recent(64, lambda layers: 1)  # of as many networks


def look(
    network: nn.Module, image: Image.Image, key: tuple[Hashable, Hashable], layer: str = ""
) -> Seen:
    """Run the network once and keep what there is to see. key: of the network, and of the image.

    layer: the one that is shown. Of a network that has been seen before only its maps are kept.
    Raises `CourseError` if none of its layers gives a tensor.
    """
    x, cropped = network_input(network, image)
    shape, first = tuple(x.shape[1:]), list[Any]()

    def described() -> dict[str, dict[str, Any]]:
        first.extend(one_pass(network, x))
        return {layer.name: _described(layer) for layer in first[0]}

    layers = LAYERS.get((key[0], shape), described)
    only = layer if layer in layers else None
    _, maps, output = first or one_pass(network, x, described=False, only=only)
    if not layers:
        raise CourseError(
            f"No layer of {info(network).title} gives a tensor, so there is nothing to show. "
            "explore() wants a network whose layers give tensors (1, C, H, W) or (1, units)."
        )
    return Seen(
        key=str(key),
        known=info(network),
        hint=hint(network),
        x=x,
        image=cropped,
        layers=layers,
        best=best_classes(network, output if isinstance(output, Tensor) else torch.empty(0)),
        kept=maps,
    )


def _described(layer: Layer) -> dict[str, Any]:
    """What a diagram says about a layer: name, kind, size, and its costs."""
    return {
        "name": layer.name,
        "kind": layer.kind,
        "size": list(layer.output_shape),
        "shape": times(layer.output_shape),
        "parameters": layer.parameters,
        "multiply_adds": layer.multiply_adds,
    }


def _kind(name: str) -> str:
    """ "conv2" -> "conv" """
    return name.rstrip("0123456789")


def matching(layer: str, names: Sequence[str], others: Sequence[str]) -> str:
    """The layer of a second network that corresponds to `layer` of a first.

    names, others: the layers of both, in order. It is the layer of the same name; if there is
    none, the layer of the same kind, or of any kind, at the most similar depth.
    """
    if layer in others:
        return layer
    alike = [name for name in others if _kind(name) == _kind(layer)]
    depth = names.index(layer) / len(names)
    return min(alike or others, key=lambda name: abs(others.index(name) / len(others) - depth))


def card(seen: Seen, image: str, layer: str, most: int = EXACT) -> tuple[dict[str, Any], bytes]:
    """A layer's maps for the page: what there is to say about them, and their values.

    The values are float32 `(C, H, W)`, up to `most` bytes; of larger layers "exact" is false, and
    they are 0..255 on the scale of `levels`.
    """
    maps = seen.maps(layer)
    exact = maps.nbytes <= most
    brightest = int(maps.mean(axis=(1, 2)).argmax())
    facts = {
        "key": seen.key,
        "layer": layer,
        "shape": maps.shape,
        "across": across(len(maps), maps.shape[1:]),
        "gap": gap(maps.shape[2]),
        "low": float(maps.min()),
        "high": float(maps.max()),
        "exact": exact,
        "brightest": brightest,
        "units": seen.known.classes if layer == next(reversed(seen.layers)) else (),
        "description": _in_words(seen, image, layer, maps.shape, brightest),
    }
    return facts, (maps if exact else levels(maps)).tobytes()


def _in_words(seen: Seen, image: str, layer: str, shape: tuple[int, ...], brightest: int) -> str:
    """The alternative text of a layer's maps."""
    one, unit = ("unit", "unit") if shape[1:] == (1, 1) else ("feature map", "channel")
    return (
        f"{shape[0]} {one}{'s' * (shape[0] != 1)} of layer {layer} of {seen.known.title} "
        f"({seen.known.status}) for {image}; brightest: {unit} {brightest}"
    )
