"""What can move over the image: kernels with their biases, or a pooling window."""

import json
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from ...errors import CourseError, nearest
from .convolution import ANY, KERNELS, kernel_weights

NETWORK, OWN = "first layer", "own"
POOLINGS = {"max pooling": "the largest value", "average pooling": "the mean of all values"}
CHOICES = (*KERNELS, NETWORK, *POOLINGS, OWN)
PLANES = {1: ("grey",), 3: ("red", "green", "blue")}
LARGEST = 11  # side of a kernel of one's own


@dataclass
class Bank:
    """Kernels with their biases, or a pooling window.

    names: of its output channels. weights: `(maps, channels, height, width)`, float64; `(0,)` for
    pooling. sides: which it can be had in. keeps: the result is an image again.
    """

    names: list[str]
    weights: torch.Tensor
    bias: list[float]
    does: str
    sides: tuple[int, ...] = ANY
    keeps: bool = False


def sides_of(kernel: str) -> tuple[int, ...]:
    """The sides that a kernel or a pooling comes in. Raises `CourseError` if there is none."""
    if kernel in KERNELS:
        return KERNELS[kernel].sides
    if kernel in POOLINGS:
        return ANY
    names = CHOICES[:-1]
    raise CourseError(
        f"There is no kernel {kernel!r}.{nearest(kernel, names)} There are {', '.join(names)}."
    )


def named(name: str, size: int, channels: int) -> Bank:
    """A kernel of `KERNELS` or a pooling, for an image with so many channels."""
    if name in POOLINGS:
        return Bank([*PLANES[channels]], torch.empty(0), [], POOLINGS[name], keeps=True)
    kernel, weights = KERNELS[name], kernel_weights(name, size, channels)
    names = [*kernel.maps] or [name]
    return Bank(names, weights, [0.0] * len(names), kernel.does, kernel.sides, kernel.keeps)


def first_layer(network: nn.Module) -> Bank:
    """The kernels of a network's first convolution, if it is one of an image."""
    layer = next((m for m in network.modules() if isinstance(m, nn.Conv2d)), None)
    if layer is None or layer.in_channels not in PLANES or layer.groups != 1:
        raise CourseError(
            "The first layer of this network is no convolution of an image with 1 or 3 "
            "channels. Choose another network."
        )
    count = layer.out_channels
    bias = [0.0] * count if layer.bias is None else layer.bias.tolist()
    weights = layer.weight.detach().cpu().double()
    does = f"the {count} kernels of the network's first layer"
    return Bank([f"kernel {i}" for i in range(count)], weights, bias, does, (weights.shape[2],))


def own(
    weights: torch.Tensor, bias: list[float], size: int, channels: int, names: list[str]
) -> Bank:
    """Weights of one's own, cut or filled with zeros to a size, for so many channels.

    names: of the output channels that were shown before; they stay if there are as many.
    """
    if not len(weights):
        weights, bias = kernel_weights("identity", 3), [0.0]
    if weights.shape[1] != channels:
        weights = weights.mean(1, keepdim=True).repeat(1, channels, 1, 1)
    if weights.shape[2] != size:
        weights = F.pad(weights, _margins(weights, size))
    count = len(weights)
    if len(names) != count:
        names = ["your kernel"] if count == 1 else [f"kernel {i}" for i in range(count)]
    sides = ANY if size in ANY else (*ANY, size)
    return Bank(names, weights, bias, "your own weights", sides)


def _margins(weights: torch.Tensor, side: int) -> list[int]:
    """What to add around `(…, height, width)` so that both are `side`; negative: to cut off."""
    margins = []
    for missing in (side - weights.shape[-1], side - weights.shape[-2]):
        margins += [missing // 2, missing - missing // 2]
    return margins


def from_json(tables: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights and bias from JSON, float64; `CourseError` if it is something else."""
    try:
        said = json.loads(tables)
        weights, bias = (torch.tensor(said[n], dtype=torch.float64) for n in ("weights", "bias"))
    except (ValueError, TypeError, KeyError):
        weights = bias = torch.tensor(torch.nan)
    numbers = weights.isfinite().all() and bias.isfinite().all()
    if not numbers or bias.shape != weights.shape[:1] or weights.ndim not in (1, 4):
        raise CourseError(
            f"These are no weights: {tables[:60]!r}. Type a number into each cell of the kernel, "
            "or give convolve(kernel=…) a table of numbers."
        )
    return weights, bias


def own_weights(kernel: Any) -> torch.Tensor:
    """Weights `(height, width)` or `(maps, channels, height, width)` with all four dimensions.

    kernel: a tensor, an array or nested lists. Raises `CourseError` if it is something else.
    """
    try:
        weights = torch.as_tensor(kernel, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        raise CourseError(
            f"A kernel is a name or a table of numbers, not this: {error}. Give [[-1, 0, 1]] * 3."
        ) from None
    if weights.ndim == 2:
        weights = weights[None, None]
    fits = weights.ndim == 4 and weights.shape[1] in PLANES
    if not fits or not 0 < max(weights.shape[2:]) <= LARGEST:
        raise CourseError(
            f"A kernel has the shape (height, width) or (maps, 1 or 3, height, width), at most "
            f"{LARGEST} × {LARGEST}; this has {tuple(weights.shape)}."
        )
    return weights.detach().cpu()
