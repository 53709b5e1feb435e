"""Small convolutions in a row beside one large convolution with the same receptive field."""

from dataclasses import dataclass
from functools import cache

import torch
from torch import nn

from ...networks import effective_field, layers

CHANNELS = 12  # of the networks whose effective receptive fields are measured
DRAWS = 100  # with so many random weights each


@dataclass(frozen=True)
class Stack:
    """Convolutions in a row, with ReLU between them; costs are those of all of them.

    field: side of the receptive field of the last one, in pixels.
    effect: float32 `(field, field)`, how much each pixel influences the unit in the middle: mean
        of |d unit / d pixel| over random weights, scaled to the sum 1.
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
        """(side, share): a square of half the side, and its share of the effect, 0..1."""
        side = self.field // 2 | 1  # odd, so that it has a middle
        edge = (self.field - side) // 2
        return side, float(self.effect[edge : edge + side, edge : edge + side].sum())


@cache
def stacks(depth: int = 5, channels: int = 64, side: int = 56) -> tuple[Stack, Stack]:
    """`depth` convolutions 3×3, and the one convolution with the same receptive field.

    Counted for `channels` feature maps of side × side, in and out.
    """
    return _stack(depth, 3, channels, side), _stack(1, 2 * depth + 1, channels, side)


def _stack(depth: int, kernel: int, channels: int, side: int) -> Stack:
    with torch.device("meta"):
        found = layers(_network(depth, kernel, channels), (channels, side, side))
    field = depth * (kernel - 1) + 1
    return Stack(
        depth=depth,
        kernel=kernel,
        field=field,
        parameters=sum(layer.parameters for layer in found),
        multiply_adds=sum(layer.multiply_adds for layer in found),
        effect=_mean_effect(depth, kernel, field),
    )


def _network(depth: int, kernel: int, channels: int) -> nn.Sequential:
    modules = [nn.Conv2d(channels, channels, kernel, padding=kernel // 2) for _ in range(depth)]
    return nn.Sequential(*[part for module in modules for part in (module, nn.ReLU())][:-1])


def _mean_effect(depth: int, kernel: int, field: int) -> torch.Tensor:
    """|d unit in the middle / d pixel|, the mean over random weights and images; its sum is 1."""
    generator = torch.Generator().manual_seed(0)
    with torch.device("meta"):
        network = _network(depth, kernel, CHANNELS)
    network.to_empty(device="cpu")
    total = torch.zeros(field, field)
    for _ in range(DRAWS):
        for weights in network.parameters():
            nn.init.normal_(weights, generator=generator)
        x = torch.randn(1, CHANNELS, field, field, generator=generator)
        name = f"conv{depth}"
        total += effective_field(network, x, name, field // 2, field // 2, channel=0).gradient
    return total / total.sum()
