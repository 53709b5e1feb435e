"""VGG: one simple rule, 3×3 convolutions and 2×2 pooling, written as a list of widths.

Simonyan, Zisserman: "Very deep convolutional networks for large-scale image recognition"
(ICLR 2015), table 1. Modules carry torchvision's names, so that its weights fit.
"""

import torch
from torch import nn

# Widths of the convolutions, block by block; a 2×2 pooling ends each block.
CONFIGURATIONS: dict[str, tuple[tuple[int, ...], ...]] = {
    "vgg11": ((64,), (128,), (256, 256), (512, 512), (512, 512)),
    "vgg13": ((64, 64), (128, 128), (256, 256), (512, 512), (512, 512)),
    "vgg16": ((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3),
    "vgg19": ((64, 64), (128, 128), (256,) * 4, (512,) * 4, (512,) * 4),
}


def vgg_features(
    blocks: tuple[tuple[int, ...], ...],
    batch_norm: bool = False,
    in_channels: int = 3,
    last_pooling: bool = True,
) -> nn.Sequential:
    """The convolutional part of a VGG network, from the widths of its blocks."""
    modules: list[nn.Module] = []
    for widths in blocks:
        for width in widths:
            modules.append(nn.Conv2d(in_channels, width, kernel_size=3, padding=1))
            if batch_norm:
                modules.append(nn.BatchNorm2d(width))
            modules.append(nn.ReLU())
            in_channels = width
        modules.append(nn.MaxPool2d(kernel_size=2, stride=2))
    return nn.Sequential(*modules if last_pooling else modules[:-1])


class VGG(nn.Module):
    """Blocks of 3×3 convolutions, then three fully connected layers.

    Takes `(N, 3, H, W)` with H, W at least 32 (224 is usual), gives scores `(N, num_classes)`.
    """

    def __init__(
        self,
        blocks: tuple[tuple[int, ...], ...],
        batch_norm: bool = False,
        num_classes: int = 1000,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.features = vgg_features(blocks, batch_norm)
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))  # lets pictures of any size through
        self.classifier = nn.Sequential(
            nn.Linear(blocks[-1][-1] * 7 * 7, 4096),
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
        return self.classifier(torch.flatten(x, 1))


class VGG32(nn.Module):
    """VGG for the pictures of CIFAR-10: the same convolutions, one fully connected layer.

    The fifth block ends in an average over each map instead of pooling: of 32 × 32 pixels 2 × 2
    are left there. Takes `(N, 3, H, W)` with H, W at least 16 (32 is usual), gives scores
    `(N, num_classes)`. VGG16-BN has 14,728,266 parameters for 10 classes.
    """

    def __init__(
        self,
        blocks: tuple[tuple[int, ...], ...],
        batch_norm: bool = True,
        num_classes: int = 10,
    ) -> None:
        super().__init__()
        self.features = vgg_features(blocks, batch_norm, last_pooling=False)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(blocks[-1][-1], num_classes)
        self.apply(_initialise)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.avgpool(self.features(x))
        return self.classifier(torch.flatten(x, 1))


def _initialise(module: nn.Module) -> None:
    """He initialisation: without it the signal dies before it reaches layer 16."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, 0, 0.01)
        nn.init.zeros_(module.bias)
