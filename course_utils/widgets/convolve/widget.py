"""`convolve()`: a kernel moves over an image, and every product of every sum is there to read."""

import json
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import torch
import traitlets as t
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from PIL import Image
from torch import nn
from torch.nn import functional as F

from ...errors import CourseError, nearest
from ...figures import CourseFigure, bare, headline, style
from ...images import normalize, to_tensor
from ..shared.maps import colours, times
from ..shared.network_image import NetworkImageWidget
from ..shared.predictions import preprocessing_for
from ..shared.recent import MEGABYTE, Recent
from .convolution import ANY, KERNELS, kernel_weights, output_side

NETWORK, OWN = "first layer", "own"
POOLINGS = {"max pooling": "the largest value", "average pooling": "the mean of all values"}
PLANES = {1: ("grey",), 3: ("red", "green", "blue")}
WEIGHTS = ("weights", "bias")
LARGEST = 128  # pixels of the longest side: more can neither be pointed at nor computed at once

SMALL_IMAGES = Recent(4 * MEGABYTE, lambda image: image.width * image.height * 3)


@dataclass
class Bank:
    """What is laid on the image: kernels with their biases, or a pooling window.

    names: of its output channels. weights: `(maps, channels, height, width)`, float64; None for
    pooling. sides: which it can be had in. keeps: the result is an image again.
    """

    names: list[str]
    weights: torch.Tensor | None
    bias: list[float]
    does: str
    sides: tuple[int, ...] = ANY
    keeps: bool = False


def signed_colours() -> bytes:
    """The colours of weights and products, pale so that ink stands out: 256 × (R, G, B)."""
    values = colormaps[style.SIGNED](np.linspace(0.3, 0.7, 256))[:, :3]
    return np.rint(values * 255).astype(np.uint8).tobytes()


def shown(value: float) -> str:
    """A number as the page shows it: one decimal from 100 on, two from 1 on, otherwise three."""
    if not np.isfinite(value):
        return str(value).replace("-", "−").replace("inf", "∞")
    places = 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3
    rounded = Decimal(float(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP).normalize()
    return f"{rounded + 0:f}".replace("-", "−")  # + 0: there is no −0


class Convolve(NetworkImageWidget):
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

    _key: tuple | None = None  # which weights lie there
    _brought: frozenset[str] = frozenset()  # traits of the message that is being taken over

    kernel = t.Unicode().tag(sync=True)
    size = t.Int(3).tag(sync=True)
    channels = t.Int(1).tag(sync=True)
    longest = t.Int(64).tag(sync=True)
    stride = t.Int(1).tag(sync=True)
    padding = t.Int(0).tag(sync=True)
    dilation = t.Int(1).tag(sync=True)
    given = t.Dict({"weights": [], "bias": []}).tag(sync=True)
    typed = t.Unicode().tag(sync=True)
    channel = t.Int(0).tag(sync=True)
    row = t.Int(0).tag(sync=True)
    column = t.Int(0).tag(sync=True)
    as_image = t.Bool(False).tag(sync=True)
    colours = t.Bytes(colours()).tag(sync=True)
    signed = t.Bytes(signed_colours()).tag(sync=True)
    pixels = t.Bytes().tag(sync=True)  # the small image, RGB
    values = t.Bytes().tag(sync=True)  # what the kernel is laid on, float32 (channels, H, W)

    @t.validate("typed")
    def _are_numbers(self, proposal: dict) -> str:
        if proposal["value"]:
            _tensors(proposal["value"])
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
        return _tensors(self.typed or json.dumps(self.given))

    # --- What is chosen ---

    def set_state(self, sync_data: dict) -> None:
        """Changes from the page. A scene brings along what was typed into its kernel."""
        self._brought = frozenset(sync_data)
        try:
            super().set_state(sync_data)
        finally:
            self._brought = frozenset()

    def update(self) -> None:
        first = not self.view
        super().update()
        if first:
            self.row, self.column = self._strongest()

    def compute(self) -> dict[str, object]:
        new = self.is_new("kernel")
        which, network = self.chosen_network() if self.kernel == NETWORK else (None, None)
        bank = self._bank(network, new)
        image, values = self._input(network)
        self._check(bank, values)
        self._laid_on = values
        return {
            **self._laid_down(bank, (self.kernel, self.size, self.channels, which), new),
            "pixels": np.asarray(image.convert("RGB")).tobytes(),
            "values": values.float().numpy().tobytes(),
            "view": {
                **(self.header(network) if network else {"image": self.image}),
                "kernels": [*KERNELS, NETWORK, *POOLINGS, OWN],
                "names": bank.names,
                "does": bank.does,
                "sides": bank.sides,
                "shape": tuple(values.shape),
                "planes": PLANES[self.channels],
                "bright": network is None,  # values are brightnesses, 0 to 255
            },
        }

    def _laid_down(self, bank: Bank, key: tuple, new: bool) -> dict[str, object]:
        """The traits of a bank. What was typed into it stays as long as `key` is the same."""
        if key == self._key:
            return {}
        self._key = key
        weights = [] if bank.weights is None else bank.weights.tolist()
        traits = {"typed": "", "given": {"weights": weights, "bias": bank.bias}}
        if new and self.kernel != OWN:
            traits |= {"as_image": bank.keeps, "channel": 0}
        if "typed" in self._brought and self.weights.shape == np.shape(weights):
            traits = {name: v for name, v in traits.items() if name not in self._brought}
        return traits

    def _bank(self, network: nn.Module | None, new: bool) -> Bank:
        """The kernels that are chosen; puts size and channels right for a kernel that is new."""
        if network is not None:
            return self._first_layer(network)
        if self.channels not in PLANES:
            raise CourseError(f"An image has 1 channel (grey) or 3, not {self.channels}.")
        if self.kernel == OWN:
            return self._own_kernels()
        if self.kernel in POOLINGS:
            self._fit_size(ANY, new)
            return Bank([*PLANES[self.channels]], None, [], POOLINGS[self.kernel], keeps=True)
        if self.kernel not in KERNELS:
            names = (*KERNELS, NETWORK, *POOLINGS)
            raise CourseError(
                f"There is no kernel {self.kernel!r}.{nearest(self.kernel, names)} "
                f"There are {', '.join(names)}."
            )
        kernel = KERNELS[self.kernel]
        self._fit_size(kernel.sides, new)
        if new and kernel.planes:
            self.channels = 3
        weights = kernel_weights(self.kernel, self.size, self.channels)
        names = [*kernel.make(self.size)]
        return Bank(names, weights, [0.0] * len(names), kernel.does, kernel.sides, kernel.keeps)

    def _fit_size(self, sides: tuple[int, ...], new: bool) -> None:
        """For a kernel that is new the nearest side that it comes in."""
        if new:
            self.size = min(sides, key=lambda side: abs(side - self.size))
        elif self.size not in sides:
            raise CourseError(
                f"{self.kernel!r} has a side of {', '.join(map(str, sides))}, not {self.size}."
            )

    def _first_layer(self, network: nn.Module) -> Bank:
        layer = next((m for m in network.modules() if isinstance(m, nn.Conv2d)), None)
        if layer is None or layer.in_channels not in PLANES or layer.groups != 1:
            raise CourseError(
                "The first layer of this network is no convolution of an image with 1 or 3 "
                "channels. Choose another network."
            )
        self.channels, self.size = layer.in_channels, layer.kernel_size[0]
        count = layer.out_channels
        bias = [0.0] * count if layer.bias is None else layer.bias.tolist()
        weights = layer.weight.detach().cpu().double()
        does = f"the {count} kernels of the network's first layer"
        return Bank([f"kernel {i}" for i in range(count)], weights, bias, does, (self.size,))

    def _own_kernels(self) -> Bank:
        """What was typed, cut or filled with zeros to the size, for as many channels as chosen."""
        weights, bias = self._tables()
        if not len(weights):
            weights, bias = kernel_weights("identity", 3), torch.zeros(1)
        if weights.shape[1] != self.channels:
            weights = weights.mean(1, keepdim=True).repeat(1, self.channels, 1, 1)
        if weights.shape[2] != self.size:
            self._fit_size(ANY, new=False)
            weights = F.pad(weights, _margins(weights, self.size))
        count, names = len(weights), self.view.get("names", ())
        if len(names) != count:
            names = ["your kernel"] if count == 1 else [f"kernel {i}" for i in range(count)]
        sides = ANY if self.size in ANY else (*ANY, self.size)
        return Bank([*names], weights, bias.tolist(), "your own weights", sides)

    def _input(self, network: nn.Module | None) -> tuple[Image.Image, torch.Tensor]:
        """The small image, and its values `(channels, H, W)`.

        They are brightnesses from 0 to 255, or for a network's kernels what the network gets.
        """
        key, image = self.chosen_image()
        if not 8 <= self.longest <= LARGEST:
            raise CourseError(
                f"The image's longest side is {self.longest} pixels; choose 8 to {LARGEST}."
            )
        small = SMALL_IMAGES.get((key, self.longest), lambda: _shrunk(image, self.longest))
        grey = small if self.channels == 3 else small.convert("L")
        if network is None:
            values = torch.from_numpy(np.array(grey)).reshape(small.height, small.width, -1)
            return grey, values.permute(2, 0, 1).float()
        preprocessing = preprocessing_for(network)
        values = normalize(to_tensor(small), preprocessing.mean, preprocessing.std)
        return grey, values if self.channels == 3 else values.mean(0, keepdim=True)

    def _check(self, bank: Bank, values: torch.Tensor) -> None:
        """Raise a `CourseError` for settings with which PyTorch could compute nothing."""
        kernel = (self.size,) * 2 if bank.weights is None else bank.weights.shape[2:]
        for side, of_kernel in zip(values.shape[1:], kernel, strict=True):
            output_side(side, of_kernel, self.stride, self.padding, self.dilation)
        if self.kernel == "average pooling" and self.dilation != 1:
            raise CourseError("Average pooling knows no dilation in PyTorch: leave it at 1.")
        reach = self.dilation * (self.size - 1) + 1
        if bank.weights is None and 2 * self.padding > reach:
            raise CourseError(
                f"With a padding of {self.padding} a pooling window of {reach} pixels could lie "
                f"outside the image; PyTorch allows at most {reach // 2}. Make one of them fit."
            )

    # --- What comes out ---

    def outputs(self) -> torch.Tensor:
        """All output channels as PyTorch computes them: `(maps, H, W)`, float64."""
        x, s, p, d = self._laid_on[None].double(), self.stride, self.padding, self.dilation
        if self.kernel == "max pooling":
            return F.max_pool2d(x, self.size, s, p, d)[0]
        if self.kernel == "average pooling":
            return F.avg_pool2d(x, self.size, s, p)[0]
        return F.conv2d(x, *self._tables(), s, p, d)[0]

    def _kernel_shape(self) -> tuple[int, int]:
        weights = self.weights
        return tuple(weights.shape[2:]) if len(weights) else (self.size, self.size)

    def place(self) -> tuple[int, int, int]:
        """Output channel, row and column of the sum that is shown: the nearest that there is."""
        wanted = (self.channel, self.row, self.column)
        sides = self.outputs().shape
        return tuple(min(max(i, 0), side - 1) for i, side in zip(wanted, sides, strict=True))

    def _strongest(self) -> list[int]:
        """Where the first output channel is farthest from zero: something to begin with."""
        first = self.outputs()[0]
        return list(divmod(int(first.abs().argmax()), first.shape[1]))

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
        name, value = self.view["names"][channel], shown(float(outputs[channel, row, column]))
        sum_of = f"{name}, row {row}, column {column}: {value}"
        figure = CourseFigure(5.2, f"{self!r}; {sum_of}", width=13)
        headline(figure, f"{self.kernel} on {self.image} · {sum_of}")
        pooling = not len(self.weights)
        kinds = ["input", "output"] if pooling else ["input", "kernel", "output"]
        ratios = (1, 1) if pooling else (2, 1, 2)
        axes = figure.subplot_mosaic([kinds], width_ratios=ratios)
        self._draw_input(axes["input"], row, column)
        if not pooling:
            _draw_kernel(axes["kernel"], self.weights[channel], self.view["planes"])
        self._draw_output(axes["output"], outputs, channel, row, column)
        return figure

    def _draw_input(self, ax: Axes, row: int, column: int) -> None:
        channels, height, width = self.view["shape"]
        pixels = np.frombuffer(self.pixels, np.uint8).reshape(height, width, 3)
        bare(ax, f"Input: {times((channels, height, width))}").imshow(pixels)
        top, left = (i * self.stride - self.padding - 0.5 for i in (row, column))
        _frame(ax, left, top, *(self.dilation * (side - 1) + 1 for side in self._kernel_shape()))
        ring = self.padding + 0.5
        ax.set(xlim=(-ring, width - 1 + ring), ylim=(height - 1 + ring, -ring))

    def _draw_output(
        self, ax: Axes, outputs: torch.Tensor, channel: int, row: int, column: int
    ) -> None:
        shape, shown_map = times(outputs.shape), outputs[channel].numpy()
        bare(ax, f"Output: {shape}, channel {channel}: {self.view['names'][channel]}")
        if self.as_image:
            ax.imshow(shown_map, cmap="gray", vmin=0, vmax=255)
        else:
            image = ax.imshow(shown_map, cmap=style.FEATURES)
            bar = ax.figure.colorbar(image, ax=ax, location="bottom", aspect=40, pad=0.03)
            bar.ax.tick_params(labelsize=style.SMALL, colors=style.INK)
            bar.outline.set_visible(False)
        _frame(ax, column - 0.5, row - 0.5, 1, 1)


def _frame(ax: Axes, left: float, top: float, height: float, width: float) -> None:
    for color, line in (("white", 5), (style.RED, 2.5)):
        box = {"fill": False, "edgecolor": color, "linewidth": line, "clip_on": False}
        ax.add_patch(Rectangle((left, top), width, height, **box))


def _draw_kernel(ax: Axes, weights: torch.Tensor, planes: tuple[str, ...]) -> None:
    """The weights `(channels, height, width)` of one kernel, a table below the other."""
    channels, height, width = weights.shape
    limit = float(weights.abs().max()) or 1.0
    bare(ax, f"Kernel: {times(weights.shape)}")
    ax.set(xlim=(0, width), ylim=(channels * (height + 1), 0), aspect="equal")
    for (channel, row, column), weight in np.ndenumerate(weights.numpy()):
        x, y = column, channel * (height + 1) + row + 1
        tint = colormaps[style.SIGNED](0.5 + 0.2 * weight / limit)
        ax.add_patch(Rectangle((x, y), 1, 1, facecolor=tint, edgecolor="white"))
        if width * channels <= 9:
            text = {"ha": "center", "va": "center", "fontsize": style.SMALL, "color": style.INK}
            ax.text(x + 0.5, y + 0.5, shown(weight), **text)
    for channel, plane in enumerate(planes):
        ax.text(0, channel * (height + 1) + 0.9, plane, fontsize=style.TEXT, color=style.INK)


def _tensors(tables: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights and bias from JSON, float64; `CourseError` if it is something else."""
    try:
        said = json.loads(tables)
        weights, bias = (torch.tensor(said[name], dtype=torch.float64) for name in WEIGHTS)
    except (ValueError, TypeError, KeyError):
        weights = bias = torch.tensor(torch.nan)
    numbers = weights.isfinite().all() and bias.isfinite().all()
    if not numbers or bias.shape != weights.shape[:1] or weights.ndim not in (1, 4):
        raise CourseError(
            f"These are no weights: {tables[:60]!r}. Type a number into each cell of the kernel, "
            "or give convolve(kernel=…) a table of numbers."
        )
    return weights, bias


def _margins(weights: torch.Tensor, side: int) -> tuple[int, int, int, int]:
    """What to add around `(…, height, width)` so that both are `side`; negative: to cut off."""
    margins = []
    for missing in (side - weights.shape[-1], side - weights.shape[-2]):
        margins += [missing // 2, missing - missing // 2]
    return tuple(margins)


def _shrunk(image: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(image.size)
    return image.resize([max(1, round(side * scale)) for side in image.size])


def convolve(
    image: object = "house",
    kernel: object = "edges",
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

    image: anything that `open_image` takes; it is scaled to `longest` pixels.
    kernel: a name of `KERNELS`, "first layer" for the kernels of `network`, "max pooling" or
        "average pooling"; or weights of your own, `(height, width)` or as `F.conv2d` takes them.
    network: a name of `networks()`, or any `nn.Module`.
    size: side of the kernel. channels: 1 (grey) or 3 (red, green, blue).
    stride, padding, dilation: as in `F.conv2d`.
    Raises `CourseError` for what there is not, or cannot be.
    """
    numbers = {
        **{"size": size, "channels": channels, "longest": longest},
        **{"stride": stride, "padding": padding, "dilation": dilation},
    }
    for name, value in numbers.items():
        if type(value) is not int:
            raise CourseError(f"{name} must be a whole number, not {value!r}.")
    if isinstance(kernel, str):
        return Convolve(network, image, kernel=kernel, **numbers)
    weights = own_weights(kernel)
    numbers |= {"channels": weights.shape[1], "size": weights.shape[2]}
    given = {"weights": weights.tolist(), "bias": [0.0] * len(weights)}
    return Convolve(network, image, kernel=OWN, given=given, **numbers)


def own_weights(kernel: object) -> torch.Tensor:
    """Weights `(height, width)` or `(maps, channels, height, width)` with all four dimensions."""
    try:
        weights = torch.as_tensor(kernel, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        raise CourseError(
            f"A kernel is a name or a table of numbers, not this: {error}. Give [[-1, 0, 1]] * 3."
        ) from None
    if weights.ndim == 2:
        weights = weights[None, None]
    if weights.ndim != 4 or weights.shape[1] not in PLANES or not 0 < max(weights.shape[2:]) <= 11:
        raise CourseError(
            f"A kernel has the shape (height, width) or (maps, 1 or 3, height, width), at most "
            f"11 × 11; this has {tuple(weights.shape)}."
        )
    return weights.detach().cpu()
