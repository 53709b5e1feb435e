"""The effective receptive field: how much each pixel influences a unit, by its gradient.

Luo, Li, Urtasun, Zemel: "Understanding the effective receptive field in deep convolutional neural
networks" (NIPS 2016).
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from ..errors import CourseError, nearest
from .layers import forward_hooks, input_batch, run
from .registry import info
from .weights import as_network


@dataclass(frozen=True)
class EffectiveField:
    """A unit of a layer for one image, and the pixels that it depends on.

    channel: of the unit; None: the mean of all channels at its place.
    values: float32 `(H, W)`, the feature map that holds the unit: of its channel, or the mean of
        all channels. A layer without maps gives all its units, `(1, units)`.
    gradient: float32 `(H, W)`, as large as the image: |d unit / d pixel|, summed over the
        channels of the image. 0: the pixel does not influence the unit.
    """

    channel: int | None
    values: torch.Tensor
    gradient: torch.Tensor


class _Found(Exception):
    """Ends a forward pass at the layer that was asked for; its argument is the layer's output."""


def effective_field(
    network: nn.Module | str,
    image: Any,
    layer: str,
    row: int = 0,
    column: int = 0,
    channel: int | None = None,
) -> EffectiveField:
    """How much each pixel of an image influences one unit, by its gradient.

    image: anything `open_image` takes, or a tensor `(1, C, H, W)` ready for the network.
    row, column: the unit's place; (0, 0) in a layer without maps. channel: by default the mean of
    all channels at this place is followed back. In a layer without maps it is the unit's number,
    by default that of the largest.
    Raises `CourseError` for a layer or a unit that does not exist.
    """
    network = as_network(network)
    x = input_batch(network, image).detach().clone().requires_grad_()
    with torch.enable_grad():
        maps = _maps(network, x, layer)
        flat = maps.shape[1:] == (1, 1)
        if flat and channel is None:
            channel = int(maps.argmax())
        chosen = maps.mean(dim=0) if channel is None else _pick(maps, channel, "channel", layer)
        unit = _pick(_pick(chosen, row, "row", layer), column, "column", layer)
        gradient = torch.autograd.grad(unit, x, allow_unused=True)[0]
    if gradient is None:
        gradient = torch.zeros_like(x)
    values = maps.reshape(1, -1) if flat else chosen
    return EffectiveField(channel, values.detach().cpu(), gradient[0].abs().sum(dim=0))


def _maps(network: nn.Module, x: torch.Tensor, layer: str) -> torch.Tensor:
    """The output of a layer, `(C, H, W)`, with its computation graph back to `x`."""
    names: list[str] = []

    def stop(name: str, module: nn.Module, inputs: object, output: torch.Tensor) -> None:
        names.append(name)
        if name == layer:
            raise _Found(output[0])

    try:
        with forward_hooks(network, stop), torch.enable_grad():
            run(network, x)
    except _Found as found:
        values: torch.Tensor = found.args[0]
        return values.reshape(-1, 1, 1) if values.ndim == 1 else values
    raise CourseError(
        f"{info(network).title} has no layer {layer!r}.{nearest(layer, names)} "
        f"Its layers are {', '.join(names)}."
    )


def _pick(values: torch.Tensor, index: int, what: str, layer: str) -> torch.Tensor:
    if 0 <= index < len(values):
        return values[index]
    raise CourseError(
        f"Layer {layer!r} has no {what} {index}: it has {len(values)}, counted from 0."
    )
