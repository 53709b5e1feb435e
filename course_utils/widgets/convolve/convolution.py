"""Kernels by name, images small enough for them, and whether a kernel fits on an image."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from PIL import Image

from ...errors import CourseError, nearest

ANY = tuple(range(1, 8))  # sides of a kernel, in pixels
SEVERAL = ANY[1:]  # an edge has two sides: one pixel holds none
MIDDLE = (3, 5, 7)  # with one pixel in the middle, and a ring around it
LARGEST = 128  # pixels of the longest side: more can neither be pointed at nor computed at once
LIMITS = {"stride": (1, 8), "padding": (0, 8), "dilation": (1, 4)}  # on a small image


@dataclass(frozen=True)
class Kernel:
    """A kernel that one can choose by name.

    does: what it does, in a few words. make: from a side to weights `(side, side)`, or to several,
    `(maps, side, side)`. sides: which sides it comes in.
    keeps: its weights add up to one, so that the result is an image again, as bright as before.
    planes: how the weights count for red, green and blue, for a kernel that tells colours apart.
    maps: the names of several.
    """

    does: str
    make: Callable[[int], torch.Tensor]
    sides: tuple[int, ...] = ANY
    keeps: bool = False
    planes: tuple[float, float, float] | None = None
    maps: tuple[str, ...] = ()


def _steps(side: int) -> torch.Tensor:
    """Distances from the middle: 3 -> (-1, 0, 1), 4 -> (-1.5, -0.5, 0.5, 1.5)."""
    return torch.arange(side, dtype=torch.float64) - (side - 1) / 2


def _vertical(side: int) -> torch.Tensor:
    return _steps(side).sign().expand(side, side).clone()


def _diagonal(side: int) -> torch.Tensor:
    return (_steps(side)[:, None] + _steps(side)).sign()


def _identity(side: int) -> torch.Tensor:
    weights = torch.zeros(side, side, dtype=torch.float64)
    weights[side // 2, side // 2] = 1
    return weights


def _laplace(side: int) -> torch.Tensor:
    """A cross of ones; its middle makes the sum zero: (0 1 0), (1 −4 1), (0 1 0)."""
    weights = torch.zeros(side, side, dtype=torch.float64)
    weights[side // 2] = weights[:, side // 2] = 1
    weights[side // 2, side // 2] = 2 - 2 * side
    return weights


def _gaussian(side: int) -> torch.Tensor:
    """Rows of Pascal's triangle, close to a Gaussian bell: (1 2 1), (2 4 2), (1 2 1) over 16."""
    row = torch.ones(1, dtype=torch.float64)
    for _ in range(side - 1):
        row = torch.nn.functional.pad(row, (0, 1)) + torch.nn.functional.pad(row, (1, 0))
    return row[:, None] * row / row.sum() ** 2


def _emboss(side: int) -> torch.Tensor:
    """Light from the upper left: (−2 −1 0), (−1 1 1), (0 1 2)."""
    return _steps(side)[:, None] + _steps(side) + _identity(side)


def _edges(side: int) -> torch.Tensor:
    vertical, rising = _vertical(side), _diagonal(side)
    return torch.stack([vertical, vertical.T, rising, rising.fliplr()])


EDGES = ("vertical edges", "horizontal edges", "rising edges", "falling edges")

KERNELS: dict[str, Kernel] = {
    "edges": Kernel(
        "four kernels, four maps: edges in four directions", _edges, SEVERAL, maps=EDGES
    ),
    "vertical edges": Kernel(
        "right minus left: strong where it gets brighter or darker from left to right",
        _vertical,
        SEVERAL,
    ),
    "horizontal edges": Kernel(
        "below minus above: strong where it gets brighter or darker from top to bottom",
        lambda side: _vertical(side).T,
        SEVERAL,
    ),
    "laplace": Kernel(
        "neighbours minus the middle: zero where the image is even, strong at edges and dots",
        _laplace,
        MIDDLE,
    ),
    "blur": Kernel(
        "the mean of all pixels in the window",
        lambda side: torch.full((side, side), side**-2, dtype=torch.float64),
        keeps=True,
    ),
    "gaussian": Kernel("a mean in which the middle counts most", _gaussian, keeps=True),
    "sharpen": Kernel(
        "the pixel, and once more what sets it apart from its neighbours",
        lambda side: _identity(side) - _laplace(side),
        MIDDLE,
        keeps=True,
    ),
    "emboss": Kernel("like a relief with light from the upper left", _emboss, MIDDLE, keeps=True),
    "identity": Kernel("the pixel in the middle as it is", _identity, (1, *MIDDLE), keeps=True),
    "how red": Kernel(
        "red minus half of green and half of blue", _identity, (1,), planes=(1, -0.5, -0.5)
    ),
}


def kernel_weights(name: str, side: int = 3, channels: int = 1) -> torch.Tensor:
    """The weights of the kernel called `name`: `(maps, channels, side, side)`, float64.

    Every channel has the same weights, shared out between them if their sum is to stay one,
    unless the kernel tells colours apart.
    Raises `CourseError` for a name that there is not, or a side that it does not come in.
    """
    if name not in KERNELS:
        raise CourseError(
            f"There is no kernel {name!r}.{nearest(name, KERNELS)} There are {', '.join(KERNELS)}."
        )
    kernel = KERNELS[name]
    if side not in kernel.sides:
        raise CourseError(
            f"The kernel {name!r} does not come in {side} × {side}. Choose a side of "
            f"{', '.join(map(str, kernel.sides))}."
        )
    if kernel.planes and channels != 3:
        raise CourseError(f"The kernel {name!r} tells colours apart: give it 3 channels.")
    planes = kernel.planes or (1 / channels if kernel.keeps else 1,) * channels
    weights = kernel.make(side).reshape(-1, 1, side, side)
    return weights * torch.tensor(planes, dtype=torch.float64)[:, None, None]


def shrunk(image: Image.Image, longest: int) -> Image.Image:
    """The image, its longest side `longest` pixels. Raises `CourseError` if that is too many."""
    if not 8 <= longest <= LARGEST:
        raise CourseError(f"The image's longest side is {longest} pixels; choose 8 to {LARGEST}.")
    scale = longest / max(image.size)
    return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))


def check_settings(
    shape: tuple[int, ...], kernel: tuple[int, ...], stride: int, padding: int, dilation: int
) -> None:
    """Raise a `CourseError` for what is outside `LIMITS`, or if PyTorch could compute nothing.

    shape, kernel: (height, width) of the image and of what moves over it, in pixels.
    """
    for (name, (lowest, highest)), value in zip(
        LIMITS.items(), (stride, padding, dilation), strict=True
    ):
        if not lowest <= value <= highest:
            raise CourseError(f"The {name} is {value}; choose {lowest} to {highest}.")
    for side, weights in zip(shape, kernel, strict=True):
        reach, room = dilation * (weights - 1) + 1, side + 2 * padding
        if reach > room:
            raise CourseError(
                f"The kernel reaches over {reach} pixels, the image with its padding has only "
                f"{room} there. Choose a smaller kernel or dilation, more padding, or a larger "
                "image."
            )
