"""VGG: one simple rule, 3×3 convolutions and 2×2 pooling, written as a list of widths.

Simonyan, Zisserman: "Very deep convolutional networks for large-scale image recognition"
(ICLR 2015), table 1. Modules carry torchvision's names, so that its weights fit.
"""

from torch import nn

from ..errors import CourseError
from .alexnet import ConvNet
from .originals import fully_connected, response_normalization

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
    return [[one for one in block if not isinstance(one, str)] for block in _parsed(blocks)]


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
    for block in _parsed(blocks):
        for entry in block:
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


def _parsed(blocks: Blocks) -> list[list[tuple[int, int] | str]]:
    """Each convolution of each block as (width, side of its kernel); LRN as it is."""
    try:
        return [[_entry(entry) for entry in block] for block in blocks]
    except (TypeError, ValueError):
        raise CourseError(
            "A VGG is a list of blocks, and each block is a list of widths: ((64,), (128, 128)), "
            "with a comma even if it has one. A kernel that is not 3×3 stands beside its width, "
            f"(64, 1), and its side is odd. This is something else: {blocks!r}."
        ) from None


def _entry(entry: Entry) -> tuple[int, int] | str:
    if entry == LRN:
        return LRN
    width, kernel = (entry, 3) if isinstance(entry, int) else map(int, entry)
    if width < 1 or kernel < 1 or kernel % 2 == 0:
        raise ValueError
    return width, kernel


class VGG(ConvNet):
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
        features = vgg_features(blocks, batch_norm)
        classifier = fully_connected(_last_width(blocks) * 7 * 7, num_classes, dropout)
        super().__init__(features, (7, 7), nn.Sequential(*classifier))
        self.apply(_initialise)


class VGG32(ConvNet):
    """VGG for the images of CIFAR-10: the same convolutions, one fully connected layer.

    The fifth block ends in an average over each map instead of pooling: its maps for 32 × 32
    pixels are only 2 × 2. Takes `(N, 3, H, W)` with H, W at least 16 (32 is usual), gives logits
    `(N, num_classes)`. VGG16-BN has 14,728,266 parameters for 10 classes.
    """

    def __init__(self, blocks: Blocks, batch_norm: bool = True, num_classes: int = 10) -> None:
        features = vgg_features(blocks, batch_norm, last_pooling=False)
        super().__init__(features, 1, nn.Linear(_last_width(blocks), num_classes))
        self.apply(_initialise)


def _last_width(blocks: Blocks) -> int:
    return convolutions(blocks)[-1][-1][0]


def _initialise(module: nn.Module) -> None:
    """He initialisation: without it the activations of layer 16 are nearly 0."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    elif isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, 0, 0.01)
    if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
