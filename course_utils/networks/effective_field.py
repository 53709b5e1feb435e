"""Receptive fields: what can reach a unit, by arithmetic, and what really does, by gradient.

Luo, Li, Urtasun, Zemel: "Understanding the effective receptive field in deep convolutional neural
networks" (NIPS 2016).
"""

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import nn

from ..errors import CourseError, nearest
from .layers import Layer, input_batch, layers, listening, run
from .receptive_field import window_of
from .registry import info

MEASURED = 12  # channels of the networks whose effective fields are measured
DRAWS = 100  # with so many random weights each


def receptive_fields(
    network: nn.Module, input_shape: tuple[int, ...] | None = None
) -> list[dict[str, object]]:
    """A row for each layer of `network`, ready for `figures.text_table`.

    Each says kernel, stride, padding and dilation (None: the layer has no window), the output, the
    jump (pixels from what one unit sees to what the next one sees) and the receptive field (side
    in pixels, or in words). input_shape: `(C, H, W)`; by default what the network was made for.
    """
    return [table_row(layer) for layer in layers(network, input_shape)]


def table_row(layer: Layer) -> dict[str, object]:
    """What `receptive_fields` says of one layer."""
    window = window_of(layer.module)
    sizes = ("kernel", "stride", "padding", "dilation")
    return {
        "layer": layer.name,
        **{name: _sides(getattr(window, name)) if window else None for name in sizes},
        "output": "×".join(map(str, layer.output_shape)),
        "jump": layer.reach and layer.reach.rows.jump,
        "receptive field": field_in_words(layer),
    }


def _sides(pair: tuple[int, int]) -> int | str:
    """3 for a square, "1×7" for others."""
    return pair[0] if pair[0] == pair[1] else f"{pair[0]}×{pair[1]}"


def field_in_words(layer: Layer) -> str:
    """ "11×11", "whole image", "differs" (from unit to unit), or "not known"."""
    if layer.reach is None:
        return "not known"
    rows, columns = layer.reach.rows, layer.reach.columns
    if rows.size and columns.size:
        return f"{rows.size}×{columns.size}"
    return "whole image" if len({*rows.spans}) == len({*columns.spans}) == 1 else "differs"


@dataclass(frozen=True)
class Effect:
    """What a unit does with an image.

    channel: of the unit; None: the mean of all channels at its place.
    values: float32 `(H, W)`, the feature map that the unit stands in: of its channel, or the mean
        of all channels. A layer without maps gives all its units, `(1, units)`.
    gradient: float32 `(H, W)`, as large as the image: |d unit / d pixel|, summed over the
        channels of the image. 0: the pixel does not reach the unit.
    """

    channel: int | None
    values: torch.Tensor
    gradient: torch.Tensor


class _Reached(Exception):
    """The layer that was asked for has answered, with this: those after it need not."""


def effective_field(
    network: nn.Module,
    image: object,
    layer: str,
    row: int = 0,
    column: int = 0,
    channel: int | None = None,
) -> Effect:
    """How much each pixel of an image reaches one unit, by its gradient.

    image: anything `open_image` takes, or a tensor `(1, C, H, W)` ready for the network.
    row, column: the unit's place; (0, 0) in a layer without maps. channel: by default the mean of
    all channels at this place is followed back. In a layer without maps it is the unit's number,
    by default that of the largest.
    Raises `CourseError` for a layer or a unit that there is not.
    """
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
    return Effect(channel, values.detach(), gradient[0].abs().sum(dim=0))


def _maps(network: nn.Module, x: torch.Tensor, layer: str) -> torch.Tensor:
    """What a layer gives, `(C, H, W)`, with the way back to `x`."""
    names: list[str] = []

    def hear(name: str, path: str, module: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        names.append(name)
        if name == layer:
            raise _Reached(output)

    try:
        with listening(network, hear), torch.enable_grad():
            run(network, x)
    except _Reached as reached:
        return _as_maps(reached.args[0][0], layer)
    raise CourseError(
        f"{info(network).title} has no layer {layer!r}.{nearest(layer, names)} "
        f"Its layers are {', '.join(names)}."
    )


def _as_maps(values: torch.Tensor, layer: str) -> torch.Tensor:
    if values.ndim == 1:
        return values.reshape(-1, 1, 1)
    if values.ndim == 3:
        return values
    raise CourseError(
        f"Layer {layer!r} gives the shape {tuple(values.shape)}, which is no list of maps. "
        "Choose one with an output of the shape (C, H, W) or (units,)."
    )


def _pick(values: torch.Tensor, index: int, what: str, layer: str) -> torch.Tensor:
    if 0 <= index < len(values):
        return values[index]
    raise CourseError(
        f"Layer {layer!r} has no {what} {index}: it has {len(values)}, counted from 0."
    )


def half_of_it(gradient: torch.Tensor) -> int:
    """How many pixels hold half of the gradient, the strongest first; 0 if there is none."""
    total = gradient.sum(dtype=torch.float64)
    if total == 0:
        return 0
    ordered = gradient.flatten().double().sort(descending=True).values.cumsum(0)
    return int((ordered < total / 2).sum()) + 1


def top_of_scale(gradient: torch.Tensor) -> float:
    """Where a colour scale for a gradient ends: only 1 % of the pixels that count have more.

    The few strongest would leave all others dark.
    """
    ordered = gradient[gradient > 0].sort().values
    return float(ordered[math.ceil(0.99 * len(ordered)) - 1]) if len(ordered) else 0.0


@dataclass(frozen=True)
class Stack:
    """Convolutions in a row, with ReLU between them. parameters and multiply-adds: of all of them.

    effect: float32 `(field, field)`, how much each pixel reaches the unit in the middle: mean of
        |d unit / d pixel| over random weights, its sum is 1.
    """

    depth: int
    kernel: int
    field: int
    parameters: int
    multiply_adds: int
    effect: torch.Tensor

    @property
    def name(self) -> str:
        """ "5 of 3×3" """
        return f"{self.depth} of {self.kernel}×{self.kernel}"

    @property
    def middle(self) -> tuple[int, float]:
        """(side, share): a square of half the side, and what it holds of the effect."""
        side = self.field // 2 | 1  # odd, so that it has a middle
        edge = (self.field - side) // 2
        return side, float(self.effect[edge : edge + side, edge : edge + side].sum())


@cache
def stacks(depth: int = 5, channels: int = 64, side: int = 56) -> tuple[Stack, Stack]:
    """`depth` convolutions 3×3, and the one convolution with the same receptive field.

    Counted for `channels` feature maps of side × side, in and out.
    """
    return _measured(depth, 3, channels, side), _measured(1, 2 * depth + 1, channels, side)


def _measured(depth: int, kernel: int, channels: int, side: int) -> Stack:
    with torch.device("meta"):
        found = layers(_in_a_row(depth, kernel, channels), (channels, side, side))
    field = found[-1].receptive_field
    return Stack(
        depth=depth,
        kernel=kernel,
        field=field,
        parameters=sum(layer.parameters for layer in found),
        multiply_adds=sum(layer.multiply_adds for layer in found),
        effect=_mean_effect(depth, kernel, field),
    )


def _in_a_row(depth: int, kernel: int, channels: int) -> nn.Sequential:
    modules = [nn.Conv2d(channels, channels, kernel, padding=kernel // 2) for _ in range(depth)]
    return nn.Sequential(*[part for module in modules for part in (module, nn.ReLU())][:-1])


def _mean_effect(depth: int, kernel: int, field: int) -> torch.Tensor:
    """|d unit in the middle / d pixel|, the mean over random weights and images."""
    generator = torch.Generator().manual_seed(0)
    with torch.device("meta"):
        network = _in_a_row(depth, kernel, MEASURED)
    network.to_empty(device="cpu")
    total = torch.zeros(field, field)
    for _ in range(DRAWS):
        for weights in network.parameters():
            nn.init.normal_(weights, generator=generator)
        x = torch.randn(1, MEASURED, field, field, generator=generator)
        name = f"conv{depth}"
        total += effective_field(network, x, name, field // 2, field // 2, channel=0).gradient
    return total / total.sum()
