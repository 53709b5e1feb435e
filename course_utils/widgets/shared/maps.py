"""What a network makes of an image, kept for a while and put into the form that a page paints."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from PIL import Image
from torch import nn

from ...errors import CourseError
from ...images import run_steps, steps
from ...networks import REGISTRY, NetworkInfo, activations, hint, info, input_channels, layers
from .base import MEGABYTE, Recent, best_classes, colours, fitting

EXACT = MEGABYTE  # up to this size a layer is sent as float32, larger ones as 256 levels


@dataclass(frozen=True)
class Seen:
    """What a network made of an image.

    key: the same for the same network and image. known: what the network knows about itself.
    hint: how to get weights for it. input: `(C, H, W)` of what it takes; image: what it sees,
    resized and cropped. maps: `(C, H, W)` or `(units,)` for each layer. boxes: what a diagram
    says about each layer. best: the five best classes, as `best_classes` gives them.
    """

    key: str
    known: NetworkInfo
    hint: str
    input: tuple[int, ...]
    image: Image.Image
    maps: dict[str, torch.Tensor]
    boxes: list[dict[str, object]]
    best: dict[str, object]


SEEN = Recent(128 * MEGABYTE, lambda seen: sum(maps.nbytes for maps in seen.maps.values()))
COSTS = Recent(64, lambda costs: 1)  # of as many networks


def look(network: nn.Module, image: Image.Image, key: tuple[Hashable, Hashable]) -> Seen:
    """Run the network once and keep what there is to see. Raises `CourseError` if it says nothing.

    key: of the network, and of the image.
    Hooks hear every layer; one more hears what the network itself returns.
    """
    results = dict(run_steps(image, steps(fitting(network))))
    x = results["batch"]
    if input_channels(network) == 1:
        x = x.mean(dim=1, keepdim=True)
    logits: list[torch.Tensor] = []
    handle = network.register_forward_hook(lambda module, inputs, output: logits.append(output))
    try:
        maps = {name: values[0] for name, values in activations(network, x).items()}
    finally:
        handle.remove()
    if not maps:
        raise CourseError(
            f"No layer of {info(network).title} gives a tensor, so there is nothing to show. "
            "explore() wants a network whose layers give tensors (1, C, H, W) or (1, units)."
        )
    shape = tuple(x.shape[1:])
    costs = COSTS.get((key[0], shape), lambda: _costs(network, shape))
    said = logits[0] if isinstance(logits[0], torch.Tensor) else torch.empty(0)  # or a tuple
    return Seen(
        key=str(key),
        known=info(network),
        hint=hint(network),
        input=shape,
        image=results["crop"],
        maps=maps,
        boxes=_boxes(maps, costs),
        best=best_classes(network, said),
    )


def untrained_twin(known: NetworkInfo) -> nn.Module:
    """A network of the course in the form that `known` has, with random weights from seed 0."""
    variant = REGISTRY[known.name].variants[known.dataset]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        twin = variant.build()
    twin.info = replace(known, trained=False)
    return twin.eval()


def _boxes(maps: dict[str, torch.Tensor], costs: dict[str, tuple[int, int]]) -> list[dict]:
    """For each layer its name, kind and size, and what it costs where that could be counted."""
    return [
        {
            "name": name,
            "kind": name.rstrip("0123456789"),
            "size": list(values.shape),
            "shape": times(values.shape),
            "parameters": costs.get(name, (None, None))[0],
            "multiply_adds": costs.get(name, (None, None))[1],
        }
        for name, values in maps.items()
    ]


def _costs(network: nn.Module, shape: tuple[int, ...]) -> dict[str, tuple[int, int]]:
    """Parameters and multiply-adds of each layer for an image of this shape."""
    try:
        counted = layers(network, shape)
    except CourseError:  # it computes with values, which shapes alone do not have
        return {}
    return {layer.name: (layer.parameters, layer.multiply_adds) for layer in counted}


def matching(layer: str, names: Sequence[str], others: Sequence[str]) -> str:
    """The layer of a second network that stands for `layer` of a first.

    names, others: the layers of both, in order. It is the one of the same name; if there is
    none, that of the same kind, or of any, which lies most nearly as deep.
    """
    if layer in others:
        return layer
    alike = [name for name in others if name.rstrip("0123456789") == layer.rstrip("0123456789")]
    depth = names.index(layer) / len(names)
    return min(alike or others, key=lambda name: abs(others.index(name) / len(others) - depth))


def card(seen: Seen, layer: str) -> tuple[dict[str, object], bytes]:
    """A layer's maps for the page: what there is to say about them, and their values.

    The values are float32 `(C, H, W)`; 0..255 from the lowest to the highest if "exact" is false.
    """
    maps = np.nan_to_num(as_maps(seen.maps[layer]))
    exact = maps.nbytes <= EXACT
    facts = {
        "key": seen.key,
        "layer": layer,
        "shape": maps.shape,
        "across": across(len(maps), maps.shape[1:]),
        "gap": gap(maps.shape[2]),
        "low": float(maps.min()),
        "high": float(maps.max()),
        "exact": exact,
        "brightest": brightest(maps),
        "units": seen.known.classes if layer == next(reversed(seen.maps)) else (),
    }
    return facts, (maps if exact else levels(maps)).tobytes()


def as_maps(values: torch.Tensor) -> np.ndarray:
    """What a layer gave for one image as `(C, H, W)`; units of a flat layer as `(C, 1, 1)`."""
    if values.ndim > 3:
        raise CourseError(
            f"This layer's output has the shape {tuple(values.shape)}, which is no list of maps. "
            "Choose a layer with an output of the shape (C, H, W) or (units,)."
        )
    shape = (-1, 1, 1) if values.ndim < 2 else (-1, *values.shape[-2:])
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
    return tiled(np.frombuffer(colours(), np.uint8).reshape(256, 3)[indices], across)


def tiled(images: np.ndarray, across: int) -> np.ndarray:
    """Images `(N, H, W, 3)` uint8 side by side, RGBA uint8, transparent between them."""
    count, rows, columns, _ = images.shape
    space = gap(columns)
    lines = math.ceil(count / across)
    height, width = lines * (rows + space) - space, across * (columns + space) - space
    canvas = np.zeros((height, width, 4), np.uint8)
    for i, image in enumerate(images):
        top, left = i // across * (rows + space), i % across * (columns + space)
        canvas[top : top + rows, left : left + columns, :3] = image
        canvas[top : top + rows, left : left + columns, 3] = 255
    return canvas


def times(shape: Sequence[int]) -> str:
    """(64, 55, 55) -> "64 × 55 × 55"."""
    return " × ".join(map(str, shape))


def brightest(maps: np.ndarray) -> int:
    """The channel with the highest mean."""
    return int(maps.mean(axis=(1, 2)).argmax())


def across(count: int, shape: tuple[int, ...] = ()) -> int:
    """How many maps stand side by side: a mosaic about as wide as a screen, its rows full if
    that is possible. A few units, of the shape `(1, 1)`, stand in one row."""
    if shape == (1, 1) and count <= 32:
        return count
    wanted = math.sqrt(1.5 * count)
    full = [n for n in range(1, count + 1) if count % n == 0 and 0.75 < n / wanted < 1.4]
    return min(full, key=lambda n: abs(n - wanted)) if full else math.ceil(wanted)


def gap(columns: int) -> int:
    """Pixels between maps of so many columns; none between units."""
    return 0 if columns == 1 else max(1, round(columns / 20))
