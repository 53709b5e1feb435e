"""Where a network looks: which parts of an image support a class.

Two independent methods, so that one can check the other: from the last feature maps (Zhou and
others: "Learning deep features for discriminative localization", CVPR 2016; for any network
Selvaraju and others: "Grad-CAM", ICCV 2017), and by covering a part of the image (Zeiler, Fergus:
"Visualizing and understanding convolutional networks", ECCV 2014, section 4.2).
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from ..errors import CourseError, nearest
from ..images import to_image
from ..networks import as_network, forward_hooks, info, input_batch, kind_of, predicting, run
from ..networks import label as label_of

GREY = 0.5  # what covers a part of the image, of 0..1
BATCH = 4  # covered images at a time


@dataclass(frozen=True)
class Saliency:
    """Which parts of an image support a class.

    label, index: the class, its name and the number of the output. probability: what the network
        gives it, 0..1. method: how this was found, in words.
    image: float32 `(3, H, W)` in 0..1, what the network saw of the image.
    values: float32 `(h, w)` over the whole image, often coarser; the higher, the more the place
        supports the class.
    """

    label: str
    index: int
    probability: float
    method: str
    image: torch.Tensor
    values: torch.Tensor

    @property
    def pixels(self) -> torch.Tensor:
        """`values` for each pixel of the image: float32 `(H, W)`, bilinear in between."""
        size = tuple(self.image.shape[1:])
        smooth = F.interpolate(self.values[None, None], size, mode="bilinear", align_corners=False)
        return smooth[0, 0]

    @property
    def strongest(self) -> tuple[int, int]:
        """Row and column of the pixel that supports the class most."""
        row, column = divmod(int(self.pixels.argmax()), self.image.shape[2])
        return row, column


def class_activation_map(
    network: nn.Module | str, image: Any, label: str | int | None = None
) -> Saliency:
    """Where the last feature maps support a class, by Grad-CAM.

    The weight of each map is the slope of the logit of the class; negative sums become 0.
    If a mean over each map and one layer follow, as in EfficientNet-Lite0, that is the class
    activation map of Zhou and others, up to a factor.
    image: anything `open_image` takes, or a tensor `(1, C, H, W)` ready for the network.
    label: name or number of the class; by default the most probable one.
    Raises `CourseError` for a class that is not known, or a network without such maps.
    """
    network = as_network(network)
    x = input_batch(network, image).detach()
    kept: list[torch.Tensor] = []  # the last convolution's maps, after its norm and ReLU
    of_conv = False

    def keep(
        name: str, module: nn.Module, inputs: object, output: torch.Tensor
    ) -> torch.Tensor | None:
        nonlocal of_conv
        kind = kind_of(module)
        of_conv = kind == "conv" or (of_conv and kind in ("norm", "relu"))
        if not (of_conv and output.ndim == 4 and output.shape[2:].numel() > 1):
            return None
        kept[:] = [output.detach().requires_grad_()]  # the slope is taken to here, not to the image
        return kept[0].clone()  # an in-place ReLU may follow

    with forward_hooks(network, keep), torch.enable_grad():
        logits = run(network, x)
        if not kept:
            raise CourseError(
                f"{info(network).title} has no convolution that leaves a map of several places, "
                "so it has no places to compare. Take a convolutional network and a larger image."
            )
        index = _index(network, logits, label)
        slopes = torch.autograd.grad(logits[0, index], kept[0])[0]
    weights = slopes.mean(dim=(2, 3), keepdim=True)
    values = (weights * kept[0]).sum(dim=1).relu()[0].detach().cpu()
    return _saliency(network, x, logits, index, "feature maps", values)


def occlusion(
    network: nn.Module | str, image: Any, label: str | int | None = None, side: int | None = None
) -> Saliency:
    """How much the probability of a class falls if a grey square covers a place.

    side: of the square, in pixels of what the network sees; by default a quarter of it. The next
        square is half a side further. Many squares take long.
    image, label: as for `class_activation_map`.
    values: float32 `(H, W)`, for each pixel the mean over all squares that covered it; below zero
        if the class becomes more probable without it.
    Raises `CourseError` for a class that is not known, or a square that does not fit.
    """
    network = as_network(network)
    x = input_batch(network, image)
    height, width = x.shape[2:]
    side = _checked_side(x, max(1, min(height, width) // 4) if side is None else side)
    corners = list(product(_starts(height, side), _starts(width, side)))
    total, count = torch.zeros(height, width), torch.zeros(height, width)
    with predicting(network):
        logits = run(network, x)
        index = _index(network, logits, label)
        before = logits.softmax(dim=1)[0, index]
        for start in range(0, len(corners), BATCH):
            some = corners[start : start + BATCH]
            covered = torch.cat([_covered(network, x, corner, side) for corner in some])
            falls = before - run(network, covered).softmax(dim=1)[:, index]
            for (top, left), fall in zip(some, falls, strict=True):
                total[top : top + side, left : left + side] += fall
                count[top : top + side, left : left + side] += 1
    return _saliency(network, x, logits, index, f"grey square of {side} pixels", total / count)


def cover(network: nn.Module, image: Any, row: int, column: int, side: int) -> torch.Tensor:
    """The network's input, `(1, C, H, W)`, with a grey square around a pixel of the image.

    At the edge the square is moved inside, so its size is always the same.
    Raises `CourseError` for a square that does not fit.
    """
    x = input_batch(network, image)
    height, width = x.shape[2:]
    _checked_side(x, side)
    top = min(max(row - side // 2, 0), height - side)
    left = min(max(column - side // 2, 0), width - side)
    return _covered(network, x, (top, left), side)


def _checked_side(x: torch.Tensor, side: int) -> int:
    most = min(x.shape[2:])
    if 1 <= side <= most:
        return side
    raise CourseError(
        f"A square of {side} pixels cannot cover a place of {x.shape[2]} × {x.shape[3]}: give "
        f"a side of at least 1 and at most {most}."
    )


def _covered(
    network: nn.Module, x: torch.Tensor, corner: tuple[int, int], side: int
) -> torch.Tensor:
    known = info(network).preprocessing
    grey = torch.tensor([(GREY - m) / s for m, s in zip(known.mean, known.std, strict=True)])
    top, left = corner
    covered = x.clone()
    square = covered[:, :, top : top + side, left : left + side]
    square[:] = grey.view(1, -1, 1, 1) if x.shape[1] == known.channels else 0.0
    return covered


def _starts(length: int, side: int) -> list[int]:
    """Where squares begin, every half side, the last one at the edge."""
    return [*range(0, length - side, max(1, side // 2)), length - side]


def _index(network: nn.Module, logits: torch.Tensor, label: str | int | None) -> int:
    """The number of the class that `label` names; the most probable one for None."""
    title, names = info(network).title, info(network).classes
    if label is None:
        return int(logits[0].argmax())
    if isinstance(label, str):
        if label in names:
            return names.index(label)
        more = f"It has {len(names)} classes." if names else "Give the number of an output."
        raise CourseError(f"{title} has no class {label!r}.{nearest(label, names)} {more}")
    if label not in range(logits.shape[1]):
        raise CourseError(
            f"There is no class number {label!r}: {title} has {logits.shape[1]}, counted from 0."
        )
    return int(label)


def _saliency(
    network: nn.Module,
    x: torch.Tensor,
    logits: torch.Tensor,
    index: int,
    method: str,
    values: torch.Tensor,
) -> Saliency:
    image, preprocessing = x[0].detach(), info(network).preprocessing
    if len(image) == preprocessing.channels:
        image = to_image(image, preprocessing).expand(3, -1, -1)
    probability = logits.detach().softmax(dim=1)[0, index].item()
    return Saliency(label_of(network, index), index, probability, method, image, values)
