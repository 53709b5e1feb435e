"""Which choices of a widget are recorded: all that a lesson asks for, in the room that there is."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

DIGITS = ("three", "four", "seven")
ROOM = 4_000_000  # values of all layers; a network with more is recorded without norms and ReLUs
EXACT = 65_536  # bytes up to which a layer is recorded as float32, larger ones as 256 levels
COMPARED = {"alexnet": ("efficientnet_lite0",)}  # what a lesson sets beside a network

Requests = Iterator[dict[str, Any]]


@dataclass(frozen=True)
class Plan:
    """What is asked of a widget.

    keys: the traits that say what is chosen. requests: gives changes, made one after the other.
    once: traits that are part of an answer only when one of these keys has changed.
    nearest: keys of which the nearest recorded value is taken.
    """

    keys: tuple[str, ...]
    requests: Callable[[Any], Requests]
    once: dict[str, tuple[str, ...]] = field(default_factory=dict)
    nearest: tuple[str, ...] = ()


def images_for(widget: Any) -> list[str]:
    """The sample images that suit a network: digits or photographs; the one shown first."""
    grey = widget.view["input"][0] == 1 if "input" in widget.view else widget.image in DIGITS
    return sorted(
        (n for n in widget.images if (n in DIGITS) == grey), key=lambda n: n != widget.image
    )


def explore(widget: Any) -> Requests:
    """All layers of all images; of a small network also beside itself untrained, and others."""
    widget.exact = EXACT
    sizes = {layer["name"]: layer["size"] for layer in widget.layers}
    small = sum(math.prod(size) for size in sizes.values()) < ROOM
    layers = [n for n in sizes if small or n == widget.layer or not n.startswith(("norm", "relu"))]
    layers.sort(key=lambda name: name == widget.layer)  # first another one, that it is shown anew
    images, compared = images_for(widget), COMPARED.get(widget.network, ())
    few = images if widget.image in DIGITS else images[: 1 if small else 0]
    others = {"": images, "untrained": few} | {name: images[:2] for name in compared}
    for other in ["", *(each["name"] for each in widget.others if each["name"] in others)]:
        for image, layer in product(others[other], layers):
            yield {"image": image, "layer": layer, "other": other}


def convolve(widget: Any) -> Requests:
    """All kernels on all images; on the first one also other sizes."""
    kernels = [name for name in widget.view["kernels"] if name != "own"]
    first, size, longest = widget.image, widget.size, widget.longest
    for image, channels, kernel in product(widget.images, (1, 3), kernels):
        yield {"image": image, "channels": channels, "kernel": kernel, "size": size}
    for channels, side, kernel in product((1, 3), range(1, 8), kernels):
        yield {"image": first, "channels": channels, "kernel": kernel, "size": side}
    for longest_side, kernel in product((16, 32, 48, 96, 128), kernels):
        yield {"longest": longest_side, "channels": 1, "kernel": kernel, "size": size}
    yield {"longest": longest, "kernel": kernels[0]}


def receptive_field(widget: Any) -> Requests:
    """Each layer with a grid of units; of a layer without maps its units."""
    grey, small = widget.view["input"][0] == 1, len(widget.heat) <= EXACT
    for image in images_for(widget) if grey else [widget.image]:
        for layer in [each["name"] for each in widget.layers]:
            yield {"image": image, "layer": layer, "row": -1, "column": -1, "channel": -1}
            view = dict(widget.view)
            if view["flat"]:
                yield from ({"channel": unit} for unit in range(min(view["channels"], 120)))
                continue
            count = 5 if small else 3 if layer.startswith("conv") and view["map"][0] > 7 else 1
            for row, column in product(*(grid(side, count) for side in view["map"])):
                yield {"row": row, "column": column}
            middle = {name: view[name] for name in ("row", "column")}
            for channel in range(view["channels"] if view["channels"] <= 16 else 0):
                yield {**middle, "channel": channel}


def grid(side: int, count: int) -> list[int]:
    """Some of 0 … side − 1, the ends among them; of one the middle."""
    return sorted({side // 2, *(i * (side - 1) // (count - 1) for i in range(count) if count > 1)})


def preprocess(widget: Any) -> Requests:
    """From the cell's choice, and from the right order: one step changed. Then all images."""
    start = {name: getattr(widget, name) for name in ("order", "off", "normalisation", "to_tensor")}
    right = {"order": widget.view["right"], "off": "", "normalisation": "own", "to_tensor": "keeps"}
    for base in (right, start):
        steps = base["order"].split(", ")
        yield from ({**base, "off": step} for step in steps)
        for name, values in widget.view["choices"].items():
            yield from ({**base, name: value} for value, _ in values)
        for i in range(len(steps) - 1):
            order = [*steps[:i], steps[i + 1], steps[i], *steps[i + 2 :]]
            yield {**base, "order": ", ".join(order)}
        yield from ({**base, "image": image} for image in images_for(widget)[::-1])


def browse(widget: Any) -> Requests:
    """The page that is shown, each of its images large; and the pairs that are confused."""
    padding, draw = widget.padding, widget.draw
    yield from ({"place": place} for place in reversed(range(len(widget.view["indices"]))))
    yield from ({"draw": number} for number in range(1, 6))
    yield from ({"draw": draw, "padding": width} for width in (0, 2, 4, 6, 8, 10, 12))
    yield {"padding": padding}
    for pair in [each["name"] for each in widget.view["pairs"]]:
        yield {"pair": pair}
        yield from ({"place": place} for place in range(len(widget.view["indices"])))
        yield {"pair": "", "place": 0}


def shipped(widget: Any) -> Requests:
    """The networks whose weights are shipped, and those that begin untrained and are small."""
    names = (each["name"] for each in widget.networks)
    return ({"network": name} for name in names if not name.endswith("imagenet"))


def drawn(widget: Any) -> Requests:
    """The prepared strokes; what somebody draws is computed in the page."""
    return ({"example": name} for name in (*widget.examples, ""))


FIELD = ("network", "image", "layer", "row", "column", "channel")
KERNEL = ("network", "kernel", "size", "channels")  # what is typed is for this kernel
WINDOW = ("image", "longest", "stride", "padding", "dilation")
ONCE = {"typed": KERNEL, "as_image": ("kernel",), "channel": ("kernel",)}
STEPS = ("network", "image", "order", "off", "normalisation", "to_tensor")
SHOWN = ("split", "chosen", "network", "pair", "place", "page", "padding", "draw")
PLANS: dict[str, list[Plan]] = {  # a widget of another kind stays a still
    "questions": [],  # the page does all of it
    "train": [],  # see training.py
    "explore": [Plan(("network", "image", "layer", "other"), explore)],
    "convolve": [Plan((*KERNEL, *WINDOW), convolve, ONCE)],
    "receptive_field": [
        Plan(FIELD, receptive_field, nearest=("row", "column")),
        Plan(("depth",), lambda widget: ({"depth": stacked} for stacked in range(1, 8))),
    ],
    "kernels": [Plan(("network",), shipped)],
    "preprocess": [Plan(STEPS, preprocess)],
    "draw": [Plan(("example", "network", "nearest"), drawn, {"strokes": ("example",)})],
    "browse": [Plan(SHOWN, browse, nearest=("padding", "draw"))],
}
