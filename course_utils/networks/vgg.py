"""VGG: one simple rule, 3×3 convolutions and 2×2 pooling, written as a list of widths.

Simonyan, Zisserman: "Very deep convolutional networks for large-scale image recognition"
(ICLR 2015), table 1. Modules carry torchvision's names, so that its weights fit.
"""

from collections.abc import Iterable, Iterator

import torch
from torch import nn

from ..errors import CourseError
from .originals import response_normalization

LRN = "LRN"  # local response normalisation, as in AlexNet

# What a block is made of: the width of a 3×3 convolution; (width, side of the kernel) if the
# kernel is not 3×3; or LRN. A 2×2 pooling ends each block.
Entry = int | tuple[int, int] | str
Blocks = tuple[tuple[Entry, ...], ...]

CONFIGURATIONS: dict[str, Blocks] = {
    "vgg11": ((64,), (128,), (256, 256), (512, 512), (512, 512)),
    "vgg11_lrn": ((64, LRN), (128,), (256, 256), (512, 512), (512, 512)),
    "vgg13": ((64, 64), (128, 128), (256, 256), (512, 512), (512, 512)),
    "vgg16_c": (
        (64, 64),
        (128, 128),
        (256, 256, (256, 1)),
        (512, 512, (512, 1)),
        (512, 512, (512, 1)),
    ),
    "vgg16": ((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3),
    "vgg19": ((64, 64), (128, 128), (256,) * 4, (512,) * 4, (512,) * 4),
}
LETTERS = dict(zip(CONFIGURATIONS, ("A", "A-LRN", "B", "C", "D", "E"), strict=True))  # in table 1


def convolutions(blocks: Blocks) -> list[list[tuple[int, int]]]:
    """For each block, (width, side of the kernel) of each of its convolutions."""
    return [
        [entry for entry in _entries(block) if not isinstance(entry, str)]
        for block in _as_list(blocks)
    ]


def depth(blocks: Blocks) -> int:
    """Layers with weights, which is what the name counts: convolutions, and 3 fully connected."""
    return sum(map(len, convolutions(blocks))) + 3


def vgg_features(
    blocks: Blocks,
    batch_norm: bool = False,
    in_channels: int = 3,
    last_pooling: bool = True,
) -> nn.Sequential:
    """The convolutional part of a VGG network, from the widths of its blocks.

    Raises `CourseError` for what is no list of blocks.
    """
    modules: list[nn.Module] = []
    for block in _as_list(blocks):
        for entry in _entries(block):
            if isinstance(entry, str):
                modules.append(response_normalization())
                continue
            width, kernel = entry
            modules.append(nn.Conv2d(in_channels, width, kernel, padding=kernel // 2))
            if batch_norm:
                modules.append(nn.BatchNorm2d(width))
            modules.append(nn.ReLU())
            in_channels = width
        modules.append(nn.MaxPool2d(kernel_size=2, stride=2))
    return nn.Sequential(*modules if last_pooling else modules[:-1])


def _as_list(blocks: object) -> list[object]:
    """The blocks as a list. A lone number, (64), is a list without its comma."""
    if isinstance(blocks, Iterable) and not isinstance(blocks, str):
        found = list(blocks)
        if found:
            return found
    raise CourseError(
        "A VGG is a list of blocks, and a block is a list of widths: ((64,), (128, 128)). "
        f"{blocks!r} is neither."
    )


def _entries(block: object) -> Iterator[tuple[int, int] | str]:
    """Each convolution of a block as (width, side of its kernel); LRN as it is."""
    if isinstance(block, int):
        raise CourseError(
            f"A block is a list of widths, and {block} is a lone number. A block of one layer is "
            f"({block},) with a comma, and all blocks stand in one list: (({block},), (128, 128))."
        )
    for entry in _as_list(block):
        pair = tuple(entry) if isinstance(entry, tuple | list) else (entry, 3)
        if entry == LRN:
            yield LRN
        elif len(pair) == 2 and all(isinstance(n, int) and n > 0 for n in pair) and pair[1] % 2:
            yield pair
        else:
            raise CourseError(
                "A block holds widths (64), widths with a kernel of odd side ((64, 1)) and "
                f"{LRN!r}; {entry!r} is none of them."
            )


def _last_width(features: nn.Sequential) -> int:
    return [module.out_channels for module in features if isinstance(module, nn.Conv2d)][-1]


class VGG(nn.Module):
    """Blocks of 3×3 convolutions, then three fully connected layers.

    Takes `(N, 3, H, W)` with H, W at least 32 (224 is usual), gives logits `(N, num_classes)`.
    """

    def __init__(
        self,
        blocks: Blocks,
        batch_norm: bool = False,
        num_classes: int = 1000,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.features = vgg_features(blocks, batch_norm)
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))  # so that images may have any size
        self.classifier = nn.Sequential(
            nn.Linear(_last_width(self.features) * 7 * 7, 4096),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(4096, num_classes),
        )
        self.apply(_initialise)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.avgpool(self.features(x))
        x = self.classifier(torch.flatten(x, 1))
        return x


class VGG32(nn.Module):
    """VGG for the images of CIFAR-10: the same convolutions, one fully connected layer.

    The fifth block ends in an average over each map instead of pooling: its maps for 32 × 32
    pixels are only 2 × 2. Takes `(N, 3, H, W)` with H, W at least 16 (32 is usual), gives logits
    `(N, num_classes)`. VGG16-BN has 14,728,266 parameters for 10 classes.
    """

    def __init__(
        self,
        blocks: Blocks,
        batch_norm: bool = True,
        num_classes: int = 10,
    ) -> None:
        super().__init__()
        self.features = vgg_features(blocks, batch_norm, last_pooling=False)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(_last_width(self.features), num_classes)
        self.apply(_initialise)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.avgpool(self.features(x))
        x = self.classifier(torch.flatten(x, 1))
        return x


def _initialise(module: nn.Module) -> None:
    """He initialisation: without it the activations of layer 16 are nearly 0."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    elif isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, 0, 0.01)
    if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
