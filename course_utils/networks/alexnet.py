"""AlexNet in the one-column form that torchvision's weights are for, and one for small images.

Krizhevsky: "One weird trick for parallelizing convolutional neural networks" (2014), the later
form of Krizhevsky, Sutskever, Hinton: "ImageNet classification with deep convolutional neural
networks" (2012). Modules carry torchvision's names, so that its weights fit: 61,100,840
parameters against 60,965,224 in the paper of 2012, which splits its channels over two GPUs.
"""

import torch
from torch import nn


class ConvNet(nn.Module):
    """Convolutions, a pooling to one size for images of any size, fully connected layers."""

    def __init__(
        self, features: nn.Sequential, pooled: int | tuple[int, int], classifier: nn.Module
    ) -> None:
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d(pooled)
        self.classifier = classifier

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.avgpool(self.features(x))
        x = self.classifier(torch.flatten(x, 1))
        return x


class AlexNet(ConvNet):
    """Five convolutions, three of them followed by pooling; three fully connected layers.

    Takes `(N, 3, H, W)` with H, W at least 63 (224 is usual), gives logits `(N, num_classes)`.
    """

    def __init__(self, num_classes: int = 1000, dropout: float = 0.5) -> None:
        features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(64, 192, kernel_size=5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(192, 384, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(384, 256, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(256, 256, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        super().__init__(features, (6, 6), _classifier(256 * 6 * 6, 4096, num_classes, dropout))


class AlexNet32(ConvNet):
    """AlexNet for the images of CIFAR-10: the same order of layers, kernels that fit 32 × 32.

    The 11×11 kernels with stride 4 become 5×5 with stride 1, the 5×5 ones 3×3; the fully connected
    layers have 512 units instead of 4096. BatchNorm (2015) after each convolution takes the place
    of the normalisation that the paper has after two of them.
    Takes `(N, 3, H, W)` with H, W at least 15 (32 is usual), gives logits `(N, num_classes)`.
    3,704,906 parameters for 10 classes.
    """

    def __init__(self, num_classes: int = 10, dropout: float = 0.5) -> None:
        features = nn.Sequential(
            *_convolution(3, 64, kernel_size=5),  # 32
            nn.MaxPool2d(kernel_size=3, stride=2),  # 32 -> 15
            *_convolution(64, 192),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 15 -> 7
            *_convolution(192, 384),
            *_convolution(384, 256),
            *_convolution(256, 256),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 7 -> 3
        )
        super().__init__(features, (3, 3), _classifier(256 * 3 * 3, 512, num_classes, dropout))
        self.apply(_initialise)


def _convolution(inputs: int, outputs: int, kernel_size: int = 3) -> list[nn.Module]:
    """A convolution that leaves the size of the maps, its BatchNorm and its ReLU."""
    convolution = nn.Conv2d(inputs, outputs, kernel_size, padding=kernel_size // 2)
    return [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]


def _classifier(inputs: int, units: int, num_classes: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(dropout),
        nn.Linear(inputs, units),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(units, units),
        nn.ReLU(),
        nn.Linear(units, num_classes),
    )


def _initialise(module: nn.Module) -> None:
    """He initialisation (2015): with it the network learns from the first epoch on."""
    if isinstance(module, nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
