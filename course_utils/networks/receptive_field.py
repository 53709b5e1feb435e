"""The receptive field of a unit: the pixels of the image that it can depend on, by arithmetic.

Araujo, Norris, Sim: "Computing receptive fields of convolutional neural networks" (Distill, 2019).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from torch import nn

from .originals import SparseConv2d, Subsampling

Pair = tuple[int, int]  # (rows, columns)
Shape = tuple[int, ...]  # without the batch dimension

# Each unit depends on a whole map, even if the output has the shape of the input.
WHOLE_MAP = (nn.GroupNorm, nn.InstanceNorm2d)
# They have parameters, but each unit depends on its own place only.
ONE_PLACE = (nn.BatchNorm2d, nn.PReLU)


@dataclass(frozen=True)
class Window:
    """The window of a unit on the layer before; padding: rows above, columns to the left."""

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

    size: pixels in the receptive field of a unit, padding included. jump: pixels between the
        receptive fields of neighbouring units. start: the first pixel of unit 0; below 0 it is
        padding. All three are None if units have no such rule, because they see the whole image.
    spans: for each unit the pixels `[first, end)` inside the image; (0, 0): none.
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
        if self.size is None or self.jump is None or self.start is None:
            return Axis(None, None, None, spans)
        size = self.size + (kernel - 1) * dilation * self.jump
        return Axis(size, self.jump * stride, self.start - padding * self.jump, spans)

    def adaptive(self, units: int) -> "Axis":
        """Adaptive pooling to `units`. If they do not divide the input, window sizes differ by one.

        One unit sees the whole image, whatever its size.
        """
        n = len(self.spans)
        if units > 1 and n % units == 0:
            return self.through((n // units, n // units, 0, 1), units)
        windows = (range(i * n // units, -(-(i + 1) * n // units)) for i in range(units))
        return Axis(None, None, None, tuple(map(self._hull, windows)))

    def whole(self, units: int = 1) -> "Axis":
        """A layer of `units`, each of which takes all units of this one."""
        return Axis(None, None, None, (self._hull(range(len(self.spans))),) * units)

    def _hull(self, units: Iterable[int]) -> Pair:
        """From the first to the last pixel that these units see; indices outside are padding."""
        spans = [self.spans[i] for i in units if 0 <= i < len(self.spans)]
        seen = [span for span in spans if span != (0, 0)]
        return (min(s[0] for s in seen), max(s[1] for s in seen)) if seen else (0, 0)


@dataclass(frozen=True)
class ReceptiveField:
    """The receptive fields of all units of a layer. shape: of its output, `(C, H, W)`."""

    rows: Axis
    columns: Axis
    shape: Shape

    @classmethod
    def of_image(cls, shape: Shape) -> "ReceptiveField":
        """The pixels of an image `(C, H, W)`."""
        return cls(Axis.of_image(shape[1]), Axis.of_image(shape[2]), shape)

    def __str__(self) -> str:
        """ "11×11", "whole image", or "differs" (from unit to unit)."""
        rows, columns = self.rows, self.columns
        if rows.size and columns.size:
            return f"{rows.size}×{columns.size}"
        return "whole image" if len({*rows.spans}) == len({*columns.spans}) == 1 else "differs"

    def box(self, row: int, column: int) -> tuple[int, int, int, int]:
        """(top, left, bottom, right) of one unit's field inside the image: `x[:, t:b, l:r]`.

        A layer without rows and columns has one place: (0, 0).
        """
        (top, bottom), (left, right) = self.rows.spans[row], self.columns.spans[column]
        return top, left, bottom, right

    def after(self, module: nn.Module, inputs: Shape, outputs: Shape) -> "ReceptiveField | None":
        """The receptive field of the next layer, by the shapes of its inputs and outputs.

        None: not known, because it does not follow this layer, or is of an unknown kind.
        """
        if not _follows(self.shape, inputs):
            return None
        if len(outputs) == 1:
            return self._flat(module, inputs, outputs)
        return self._maps(module, outputs) if len(inputs) == len(outputs) == 3 else None

    def _flat(self, module: nn.Module, inputs: Shape, outputs: Shape) -> "ReceptiveField":
        """Units without maps: the maps flattened, or units that take all values."""
        if math.prod(self.shape) == math.prod(inputs) and _one_place(module):
            return replace(self, shape=outputs)
        return ReceptiveField(self.rows.whole(), self.columns.whole(), outputs)

    def _maps(self, module: nn.Module, outputs: Shape) -> "ReceptiveField | None":
        _, height, width = outputs
        window = window_of(module)
        if window:
            rows = self.rows.through(window.axis(0), height)
            return ReceptiveField(rows, self.columns.through(window.axis(1), width), outputs)
        if isinstance(module, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
            return ReceptiveField(self.rows.adaptive(height), self.columns.adaptive(width), outputs)
        if isinstance(module, WHOLE_MAP):
            return ReceptiveField(self.rows.whole(height), self.columns.whole(width), outputs)
        return self if self.shape == outputs and _one_place(module) else None


def _one_place(module: nn.Module) -> bool:
    """Whether a unit depends on its own place only, as in activation functions and Dropout."""
    return isinstance(module, ONE_PLACE) or not list(module.parameters())


def _follows(shape: Shape, inputs: Shape) -> bool:
    """Whether an input can be that output: the same, flattened, or the mean of each map."""
    return inputs == shape or (len(inputs) == 1 and inputs[0] in (math.prod(shape), shape[0]))


def window_of(module: nn.Module) -> Window | None:
    """The window of a convolution, a pooling or a padding; None for other layers."""
    if isinstance(module, nn.ConstantPad2d):
        left, _, top, _ = module.padding
        return Window((1, 1), padding=(top, left))
    if isinstance(module, nn.Conv2d) and module.padding_mode == "zeros":
        kernel, stride, dilation = map(_pair, (module.kernel_size, module.stride, module.dilation))
        return Window(kernel, stride, _padding(module), dilation)
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d | SparseConv2d | Subsampling):
        sizes = (module.kernel_size, module.stride, module.padding, getattr(module, "dilation", 1))
        return Window(*map(_pair, sizes))
    return None


def _padding(module: nn.Conv2d) -> Pair:
    """Rows above and columns to the left; some convolutions pad in a module of their own."""
    if module.padding == "same":  # PyTorch adds an odd row below, an odd column at the right
        kernel, dilation = _pair(module.kernel_size), _pair(module.dilation)
        return (kernel[0] - 1) * dilation[0] // 2, (kernel[1] - 1) * dilation[1] // 2
    rows, columns = (0, 0) if isinstance(module.padding, str) else _pair(module.padding)
    own = [window_of(child) for child in module.children()]
    extra = [window.padding for window in own if window]
    return rows + sum(r for r, _ in extra), columns + sum(c for _, c in extra)


def _pair(size: int | tuple[int, ...]) -> Pair:
    return (size, size) if isinstance(size, int) else (size[0], size[1])
