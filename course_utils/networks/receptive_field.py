"""Which pixels of the image a unit of a layer can depend on: sums with whole numbers.

Araujo, Norris, Sim: "Computing receptive fields of convolutional neural networks" (Distill, 2019).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from torch import nn

from .originals import SparseConv2d, Subsampling

Pair = tuple[int, int]  # (rows, columns)

# Each unit depends on a whole map, even if it has the same shape.
WHOLE_MAP = (nn.GroupNorm, nn.InstanceNorm2d)
# With parameters, and still each unit depends on its own place only.
ONE_PLACE = (nn.BatchNorm2d, nn.PReLU)


@dataclass(frozen=True)
class Window:
    """What a unit takes from the layer below; padding counts what lies above and to the left."""

    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)

    def axis(self, i: int) -> tuple[int, int, int, int]:
        """(kernel, stride, padding, dilation) along the rows, 0, or the columns, 1."""
        return self.kernel[i], self.stride[i], self.padding[i], self.dilation[i]


@dataclass(frozen=True)
class Axis:
    """The rows of a layer, or its columns, as places on the image.

    size: pixels that a unit can see, in the padding too. jump: pixels from what one unit sees to
        what the next one sees. start: the first pixel of unit 0; below 0 it is padding. All three
        are None where there is no such rule: where units see the whole image.
    spans: for each unit the pixels `[first, end)` inside the image; (0, 0) is none.
    """

    size: int | None
    jump: int | None
    start: int | None
    spans: tuple[Pair, ...]

    @classmethod
    def of_image(cls, pixels: int) -> "Axis":
        """The pixels themselves: each sees itself."""
        return cls(1, 1, 0, tuple((i, i + 1) for i in range(pixels)))

    def through(self, window: tuple[int, int, int, int], units: int) -> "Axis":
        """A layer of `units` with a window (kernel, stride, padding, dilation) on this one."""
        kernel, stride, padding, dilation = window
        first = (i * stride - padding for i in range(units))
        spans = tuple(self._hull(range(p, p + kernel * dilation, dilation)) for p in first)
        if self.size is None:
            return Axis(None, None, None, spans)
        size = self.size + (kernel - 1) * dilation * self.jump
        return Axis(size, self.jump * stride, self.start - padding * self.jump, spans)

    def adaptive(self, units: int) -> "Axis":
        """Adaptive pooling to `units`: windows that differ by one where it does not come out even.

        To one unit: the whole image, whatever its size.
        """
        below = len(self.spans)
        if units > 1 and below % units == 0:
            return self.through((below // units, below // units, 0, 1), units)
        windows = (range(i * below // units, -(-(i + 1) * below // units)) for i in range(units))
        return Axis(None, None, None, tuple(map(self._hull, windows)))

    def whole(self, units: int = 1) -> "Axis":
        """A layer of `units` that all see what any unit of this one sees."""
        return Axis(None, None, None, (self._hull(range(len(self.spans))),) * units)

    def _hull(self, units: Iterable[int]) -> Pair:
        """From the first to the last pixel that some of these units see; others are padding."""
        spans = [self.spans[i] for i in units if 0 <= i < len(self.spans)]
        seen = [span for span in spans if span != (0, 0)]
        return (min(s[0] for s in seen), max(s[1] for s in seen)) if seen else (0, 0)


@dataclass(frozen=True)
class ReceptiveField:
    """What the units of a layer can see of the image. shape: of the layer, `(C, H, W)`."""

    rows: Axis
    columns: Axis
    shape: tuple[int, ...]

    @classmethod
    def of_image(cls, shape: tuple[int, int, int]) -> "ReceptiveField":
        """The pixels of an image `(C, H, W)`."""
        return cls(Axis.of_image(shape[1]), Axis.of_image(shape[2]), shape)

    def __str__(self) -> str:
        """ "11×11", "whole image", or "differs" (from unit to unit)."""
        rows, columns = self.rows, self.columns
        if rows.size and columns.size:
            return f"{rows.size}×{columns.size}"
        return "whole image" if len({*rows.spans}) == len({*columns.spans}) == 1 else "differs"

    def box(self, row: int, column: int) -> tuple[int, int, int, int]:
        """(top, left, bottom, right) of what a unit can see, inside the image: `x[:, t:b, l:r]`.

        A layer without rows and columns has one place: (0, 0).
        """
        (top, bottom), (left, right) = self.rows.spans[row], self.columns.spans[column]
        return top, left, bottom, right

    def after(self, module: nn.Module, given: tuple, gives: tuple) -> "ReceptiveField | None":
        """The reach of a layer that takes the shape `given` from this one and gives `gives`.

        None: not known, because it does not follow this one, or does something of its own.
        """
        if not _follows(self.shape, given):
            return None
        if len(gives) == 1:
            return self._flat(module, given, gives)
        return self._maps(module, gives) if len(given) == len(gives) == 3 else None

    def _flat(self, module: nn.Module, given: tuple, gives: tuple) -> "ReceptiveField":
        """A list of units: the maps laid in a row, or units that take all of them."""
        if math.prod(self.shape) == math.prod(given) and _one_place(module):
            return replace(self, shape=gives)
        return ReceptiveField(self.rows.whole(), self.columns.whole(), gives)

    def _maps(self, module: nn.Module, gives: tuple) -> "ReceptiveField | None":
        _, height, width = gives
        window = window_of(module)
        if window:
            rows = self.rows.through(window.axis(0), height)
            return ReceptiveField(rows, self.columns.through(window.axis(1), width), gives)
        if isinstance(module, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
            return ReceptiveField(self.rows.adaptive(height), self.columns.adaptive(width), gives)
        if isinstance(module, WHOLE_MAP):
            return ReceptiveField(self.rows.whole(height), self.columns.whole(width), gives)
        return self if self.shape == gives and _one_place(module) else None


def _one_place(module: nn.Module) -> bool:
    """Does a unit depend on its own place only? So it is with activation functions and Dropout."""
    return isinstance(module, ONE_PLACE) or not list(module.parameters())


def _follows(shape: tuple[int, ...], given: tuple[int, ...]) -> bool:
    """Can `given` be what the layer before gave: the same, laid in a row, or a mean of each map?"""
    return given == shape or (len(given) == 1 and given[0] in (math.prod(shape), shape[0]))


def window_of(module: nn.Module) -> Window | None:
    """The window of a convolution, a pooling or a padding; None if it has none that slides."""
    if isinstance(module, nn.ConstantPad2d):
        left, _, top, _ = module.padding
        return Window((1, 1), padding=(top, left))
    if isinstance(module, nn.Conv2d) and module.padding_mode == "zeros":
        return Window(module.kernel_size, _pair(module.stride), _padding(module), module.dilation)
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d | SparseConv2d | Subsampling):
        sizes = (module.kernel_size, module.stride, module.padding, getattr(module, "dilation", 1))
        return Window(*map(_pair, sizes))
    return None


def _padding(module: nn.Conv2d) -> Pair:
    """Rows above and columns to the left; some convolutions pad in a module of their own."""
    if module.padding == "same":  # PyTorch puts what is odd below and to the right
        kernel, dilation = module.kernel_size, module.dilation
        return tuple((k - 1) * d // 2 for k, d in zip(kernel, dilation, strict=True))
    rows, columns = (0, 0) if module.padding == "valid" else module.padding
    own = [window_of(child) for child in module.children()]
    extra = [window.padding for window in own if window]
    return rows + sum(r for r, _ in extra), columns + sum(c for _, c in extra)


def _pair(size: int | Pair) -> Pair:
    return (size, size) if isinstance(size, int) else (size[0], size[1])
