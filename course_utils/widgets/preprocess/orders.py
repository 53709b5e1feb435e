"""The steps of preprocessing in any order: what comes of it, and what the network answers."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from PIL import Image
from torch import nn

from ...errors import CourseError
from ...images import (
    Preprocessing,
    center_crop,
    channels_first,
    normalize,
    resize,
    size_of,
    to_tensor,
)
from ...networks import input_channels, layers, predicting
from .normalisation import NOTHING, Normalisation

RIGHT = ("resize", "crop", "to tensor", "scale", "normalize", "batch")
TOO_MUCH = 60e9  # multiply-adds: more take seconds, for which a class does not wait

Result = Image.Image | torch.Tensor


@dataclass(frozen=True)
class Order:
    """Some of the steps of RIGHT, in the order in which they are done.

    wanted: what the network was made for. used: mean and std of "normalize".
    scales: "to tensor" divides by 255 as well, as torchvision's ToTensor does.
    """

    steps: tuple[str, ...]
    wanted: Preprocessing
    used: Normalisation
    scales: bool = False

    def before(self, one: str, other: str) -> bool:
        """Are both done, and `one` first?"""
        at = self.steps.index
        return one in self.steps and other in self.steps and at(one) < at(other)

    @property
    def normalizes(self) -> bool:
        return "normalize" in self.steps and self.used != NOTHING


@dataclass(frozen=True)
class Done:
    """What came of an order: each step's result, the image first, as far as it went.

    failed: the step that raised an error; error: what Python said. "" if all went well.
    """

    results: dict[str, Result]
    failed: str = ""
    error: str = ""

    @property
    def last(self) -> Result:
        return [*self.results.values()][-1]

    def tensor(self, name: str = "") -> torch.Tensor:
        """The result of a step that gave a tensor; by default that of the last step."""
        result = self.results[name] if name else self.last
        if not isinstance(result, torch.Tensor):
            raise TypeError(f"{name} gave an image, not a tensor")
        return result


@dataclass(frozen=True)
class Answer:
    """What the network said: logits, or the error that it raised. not_run: why it was not asked."""

    logits: torch.Tensor | None = None
    error: str = ""
    not_run: str = ""


def functions(order: Order) -> dict[str, Callable[[Result], Result]]:
    """What each step does, written as one would in a notebook."""
    p = order.wanted
    return {
        "resize": lambda x: resize(x, p.resize),
        "crop": lambda x: center_crop(x, p.crop),
        "to tensor": lambda x: (to_tensor if order.scales else channels_first)(x, p.channels),
        "scale": lambda x: x / 255,
        "normalize": lambda x: normalize(x, *order.used),
        "batch": lambda x: x.unsqueeze(0),
    }


def do(image: Image.Image, order: Order) -> Done:
    """Do the steps one after the other, until one raises an error."""
    results: dict[str, Result] = {"image": image}
    for name in order.steps:
        try:
            results[name] = functions(order)[name](Done(results).last)
        except Exception as error:  # whatever Python says is what there is to be learned
            return Done(results, name, _said(error))
    return Done(results)


def ask(network: nn.Module, done: Done, wanted: Preprocessing) -> Answer:
    """Give the last result to the network; it takes it, or raises an error, which is kept."""
    x = done.last
    if done.failed:
        return Answer(not_run=f"{done.failed} stopped: the network was not reached.")
    other = isinstance(x, torch.Tensor) and size_of(x) != (wanted.crop,) * 2
    cost = _cost(network, size_of(x)) if other else 0
    if cost > TOO_MUCH:
        return Answer(not_run=f"It would cost {cost / 1e9:,.0f} G multiply-adds: not run here.")
    try:
        with predicting(network):
            logits = network(x)
    except Exception as error:
        return Answer(error=_said(error))
    return Answer(logits[None] if logits.ndim == 1 else logits)


def _said(error: Exception) -> str:
    """An error as Python shows it, its first line."""
    first = [*str(error).splitlines(), ""][0].rstrip(".")
    return f"{type(error).__name__}: {first}"


def _cost(network: nn.Module, size: tuple[int, int]) -> int:
    """Multiply-adds for an image of this size; 0 if the network does not take it."""
    try:
        found = layers(network, (input_channels(network), *size))
    except CourseError:
        return 0
    return sum(layer.multiply_adds for layer in found)
