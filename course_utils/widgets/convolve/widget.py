"""`convolve()`: a kernel moves over an image, and every product of every sum is there to read."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
import traitlets as t
from PIL import Image
from torch import nn
from torch.nn import functional as F

from ...errors import CourseError
from ...figures import CourseFigure, headline
from ...images import channels_first, normalize, to_tensor
from ..shared.maps import MapColours, times
from ..shared.network_image import NetworkImageWidget
from ..shared.predictions import preprocessing_for
from .bank import (
    CHOICES,
    NETWORK,
    OWN,
    PLANES,
    Bank,
    first_layer,
    from_json,
    named,
    own,
    own_weights,
    sides_of,
)
from .convolution import ANY, KERNELS, LIMITS, check_settings, shrunk
from .still import NUMBERS, draw_input, draw_kernel, draw_output, shown, signed_colours, written


class Convolve(MapColours, NetworkImageWidget):
    """What `convolve()` returns.

    kernel: a name of `KERNELS`, "first layer" (of `network`), "max pooling", "average pooling" or
        "own", which is what was typed. size: its side.
    channels: 1 (grey) or 3. longest: the image's longest side in pixels.
    stride, padding, dilation: as in `F.conv2d`.
    given: its weights `[map][channel][row][column]` and its bias, one for each map. typed: the
        same as JSON once something was typed, "" before.
    channel, row, column: the unit of the output whose sum is shown.
    as_image: the output in grey, 0 is black and 255 white, instead of in colours.
    Setting one shows it, as the controls in the page do.
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"
    SETTINGS = ("kernel", "size", "channels", "longest", "stride", "padding", "dilation")
    WATCHED = (*NetworkImageWidget.WATCHED, *SETTINGS)
    KEPT = ("typed", "channel", "row", "column", "as_image")  # a scene's, beside WATCHED

    _key: tuple | None = None  # of the weights in `given`
    _brought: frozenset[str] = frozenset()  # traits of the message that is being taken over

    kernel = t.Unicode().tag(sync=True)
    size = t.Int(3).tag(sync=True)
    channels = t.Int(1).tag(sync=True)
    longest = t.Int(64).tag(sync=True)
    stride = t.Int(1).tag(sync=True)
    padding = t.Int(0).tag(sync=True)
    dilation = t.Int(1).tag(sync=True)
    given: t.Dict = t.Dict({"weights": [], "bias": []}).tag(sync=True)
    typed = t.Unicode().tag(sync=True)
    channel = t.Int(0).tag(sync=True)
    row = t.Int(0).tag(sync=True)
    column = t.Int(0).tag(sync=True)
    as_image = t.Bool(False).tag(sync=True)
    signed = t.Bytes(signed_colours()).tag(sync=True)
    limits = t.Dict(LIMITS).tag(sync=True)
    pixels = t.Bytes().tag(sync=True)  # the small image, RGB
    values = t.Bytes().tag(sync=True)  # what goes into the sums, float32 (channels, H, W)

    @t.validate("typed")
    def _are_numbers(self, proposal: dict) -> str:
        if proposal["value"]:
            from_json(proposal["value"])
        return proposal["value"]

    @property
    def weights(self) -> torch.Tensor:
        """`(maps, channels, height, width)`, float64, as they are shown; empty for pooling."""
        return self._tables()[0]

    @property
    def bias(self) -> torch.Tensor:
        """`(maps,)`, float64, as it is shown."""
        return self._tables()[1]

    def _tables(self) -> tuple[torch.Tensor, torch.Tensor]:
        return from_json(self.typed or json.dumps(self.given))

    # --- What is chosen ---

    def set_state(self, sync_data: dict) -> None:
        """Changes from the page. A scene brings along what was typed into its kernel."""
        self._brought = frozenset(sync_data)
        try:
            super().set_state(sync_data)
        finally:
            self._brought = frozenset()

    def update(self) -> None:
        """Show what is chosen; at first with the strongest sum of the first map."""
        first = not self.view
        super().update()
        if first:
            self.row, self.column = self._strongest()

    def compute(self) -> dict[str, Any]:
        new = self.is_new("kernel")
        key, network = self.chosen_network() if self.kernel == NETWORK else (None, None)
        bank = self._bank(network, new)
        image = shrunk(self.chosen_image()[1], self.longest)
        seen = image if self.channels == 3 else image.convert("L")
        values = _normalised(image, network) if network else channels_first(seen, self.channels)
        self._check(bank, values)
        self._input = values
        view = {
            **(self.header(network) if network else {"image": self.image}),
            "kernels": CHOICES,
            "names": bank.names,
            "does": bank.does,
            "sides": bank.sides,
            "shape": tuple(values.shape),
            "planes": PLANES[self.channels],
            "bright": network is None,  # values are brightnesses, 0 to 255
        }
        return {
            **self._new_weights(bank, (self.kernel, self.size, self.channels, key), new),
            "pixels": np.asarray(seen.convert("RGB")).tobytes(),
            "values": values.numpy().tobytes(),
            "view": view,
        }

    def _new_weights(self, bank: Bank, key: tuple, new: bool) -> dict[str, Any]:
        """The traits of a bank. What was typed into it stays as long as `key` is the same."""
        if key == self._key:
            return {}
        self._key = key
        given = {"weights": bank.weights.tolist(), "bias": bank.bias}
        traits: dict[str, Any] = {"typed": "", "given": given}
        if new and self.kernel != OWN:
            traits |= {"as_image": bank.keeps, "channel": 0}
        if "typed" in self._brought and self.weights.shape == bank.weights.shape:
            traits = {name: v for name, v in traits.items() if name not in self._brought}
        return traits

    def _bank(self, network: nn.Module | None, new: bool) -> Bank:
        """The kernels that are chosen; puts size and channels right for a kernel that is new."""
        if network is not None:
            bank = first_layer(network)
            self.channels, self.size = bank.weights.shape[1:3]
            return bank
        if self.channels not in PLANES:
            raise CourseError(f"An image has 1 channel (grey) or 3, not {self.channels}.")
        if self.kernel == OWN:
            weights, bias = self._tables()
            if len(weights) and weights.shape[2] != self.size:
                self._fit_size(ANY, new=False)
            return own(weights, bias.tolist(), self.size, self.channels, self.view.get("names", []))
        self._fit_size(sides_of(self.kernel), new)
        if new and self.kernel in KERNELS and KERNELS[self.kernel].planes:
            self.channels = 3
        return named(self.kernel, self.size, self.channels)

    def _fit_size(self, sides: tuple[int, ...], new: bool) -> None:
        """For a kernel that is new the nearest side that it comes in."""
        if new:
            self.size = min(sides, key=lambda side: abs(side - self.size))
        elif self.size not in sides:
            raise CourseError(
                f"{self.kernel!r} has a side of {', '.join(map(str, sides))}, not {self.size}."
            )

    def _check(self, bank: Bank, values: torch.Tensor) -> None:
        """Raise a `CourseError` for settings with which PyTorch could compute nothing."""
        kernel = bank.weights.shape[2:] if len(bank.weights) else (self.size, self.size)
        check_settings(
            tuple(values.shape[1:]), tuple(kernel), self.stride, self.padding, self.dilation
        )
        if self.kernel == "average pooling" and self.dilation != 1:
            raise CourseError("Average pooling knows no dilation in PyTorch: leave it at 1.")
        reach = self.dilation * (self.size - 1) + 1
        if not len(bank.weights) and 2 * self.padding > reach:
            raise CourseError(
                f"With a padding of {self.padding} a pooling window of {reach} pixels could lie "
                f"outside the image; PyTorch allows at most {reach // 2}. Make one of them fit."
            )

    # --- What comes out ---

    def outputs(self) -> torch.Tensor:
        """All output channels as PyTorch computes them: `(maps, H, W)`, float64."""
        x, s, p, d = self._input[None].double(), self.stride, self.padding, self.dilation
        if self.kernel == "max pooling":
            return F.max_pool2d(x, self.size, s, p, d)[0]
        if self.kernel == "average pooling":
            return F.avg_pool2d(x, self.size, s, p)[0]
        return F.conv2d(x, *self._tables(), s, p, d)[0]

    def _kernel_shape(self) -> tuple[int, int]:
        weights = self.weights
        return (weights.shape[2], weights.shape[3]) if len(weights) else (self.size, self.size)

    def place(self) -> tuple[int, int, int]:
        """Output channel, row and column of the sum that is shown: the nearest that there is."""
        maps, height, width = self.outputs().shape
        channel, row = min(max(self.channel, 0), maps - 1), min(max(self.row, 0), height - 1)
        return channel, row, min(max(self.column, 0), width - 1)

    def map_name(self, channel: int) -> str:
        """The name of an output channel, and whether its weights or its bias were typed over."""
        given = (self.given[name][channel : channel + 1] for name in ("weights", "bias"))
        now = (table[channel : channel + 1].tolist() for table in self._tables())
        name: str = self.view["names"][channel]
        return name if [*given] == [*now] else f"{name}, changed"

    def _strongest(self) -> tuple[int, int]:
        """Where the first output channel is farthest from zero: something to begin with."""
        first = self.outputs()[0]
        return divmod(int(first.abs().argmax()), first.shape[1])

    def __repr__(self) -> str:
        settings = f"stride {self.stride}, padding {self.padding}, dilation {self.dilation}"
        kernel = f"{self.kernel}{' (changed)' * bool(self.typed)} {times(self._kernel_shape())}"
        return (
            f"convolve: {kernel} on {self.image}, {settings}: "
            f"{times(self.view['shape'])} → {times(self.outputs().shape)}"
        )

    def still(self) -> CourseFigure:
        """Image, kernel and output with the sum that is shown, as a figure."""
        outputs, (channel, row, column) = self.outputs(), self.place()
        name, value = self.map_name(channel), shown(float(outputs[channel, row, column]))
        sum_of = f"{name}, row {row}, column {column}: {value}"
        figure = CourseFigure(5.2, f"{self!r}; {sum_of}", width=13)
        headline(figure, f"{self.kernel} on {self.image} · {sum_of}")
        _, planes, _, side = self.weights.shape if len(self.weights) else (0, 0, 0, 0)
        wide = max(1, side / 3.5) if side * planes <= NUMBERS else 1  # numbers need room
        ratios = (2, wide, 2) if len(self.weights) else (1, 1)
        axes = figure.subplots(1, len(ratios), width_ratios=ratios)
        shape = self.view["shape"]
        pixels = np.frombuffer(self.pixels, np.uint8).reshape(*shape[1:], 3)
        size = (self.dilation * (side - 1) + 1 for side in self._kernel_shape())
        window = (row * self.stride - self.padding, column * self.stride - self.padding, *size)
        draw_input(axes[0], pixels, shape, self.padding, window)
        if len(self.weights):
            text_of = shown if self.kernel == NETWORK else written
            draw_kernel(axes[1], self.weights[channel], self.view["planes"], text_of)
        title = f"Output: {times(outputs.shape)}, channel {channel}: {name}"
        draw_output(axes[-1], outputs[channel], title, self.as_image, (row, column))
        return figure


def _normalised(image: Image.Image, network: nn.Module) -> torch.Tensor:
    """What a network gets for an image, but for its size: float32 `(C, H, W)`."""
    p = preprocessing_for(network)
    return normalize(to_tensor(image, p.channels), p.mean, p.std)


def convolve(
    image: Any = "house",
    kernel: Any = "edges",
    *,
    network: str | nn.Module = "lenet",
    size: int = 3,
    channels: int = 1,
    longest: int = 64,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> Convolve:
    """Move a kernel over an image, and see every product of every sum.

    image: anything that `open_image` takes, such as "seven", a digit; it is scaled to `longest`
        pixels.
    kernel: a name of `KERNELS`, "first layer" for the kernels of `network`, "max pooling" or
        "average pooling"; or weights of your own, `(height, width)` or as `F.conv2d` takes them.
    network: a name of `networks()`, or any `nn.Module`.
    size: side of the kernel. channels: 1 (grey) or 3 (red, green, blue).
    stride, padding, dilation: as in `F.conv2d`.
    Raises `CourseError` for what there is not, or cannot be.
    """
    numbers = {"size": size, "channels": channels, "longest": longest}
    numbers |= {"stride": stride, "padding": padding, "dilation": dilation}
    for name, value in numbers.items():
        if type(value) is not int:
            raise CourseError(f"{name} must be a whole number, not {value!r}.")
    if isinstance(kernel, str):
        return Convolve(network, image, kernel=kernel, **numbers)
    weights = own_weights(kernel)
    numbers |= {"channels": weights.shape[1], "size": weights.shape[2]}
    given = {"weights": weights.tolist(), "bias": [0.0] * len(weights)}
    return Convolve(network, image, kernel=OWN, given=given, **numbers)
