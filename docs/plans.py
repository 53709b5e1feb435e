"""Which choices of a widget are recorded: all that a lesson asks for, in the room that there is."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import anywidget

DIGITS = ("three", "four", "seven")
ROOM = 4_000_000  # values of all layers; a network with more is recorded without its norms
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
    """All layers of all images; of a small network also beside itself untrained."""
    widget.exact = EXACT
    sizes = {layer["name"]: layer["size"] for layer in widget.layers}
    small = sum(math.prod(size) for size in sizes.values()) < ROOM
    layers = [n for n in sizes if small or not n.startswith("norm") or n == widget.layer]
    layers.sort(key=lambda name: name == widget.layer)  # first another one, that it is shown anew
    images, compared = images_for(widget), COMPARED.get(widget.network, ())
    others = {"": images, "untrained": images if small else []} | {n: images[:2] for n in compared}
    for other in ["", *(each["name"] for each in widget.others if each["name"] in others)]:
        for image, layer in product(others[other], layers):
            yield {"image": image, "layer": layer, "other": other}


PLANS: dict[str, list[Plan]] = {
    "explore": [Plan(("network", "image", "layer", "other"), explore)],
}


def plans_for(widget: anywidget.AnyWidget) -> list[Plan]:
    """The plans of a widget; none if the page needs nothing but its state."""
    return PLANS.get(type(widget).__module__.split(".")[2], [])
