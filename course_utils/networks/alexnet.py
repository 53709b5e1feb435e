"""AlexNet in the one-column form that torchvision's weights are for, and one for small images.

Krizhevsky: "One weird trick for parallelizing convolutional neural networks" (2014), the later
form of Krizhevsky, Sutskever, Hinton: "ImageNet classification with deep convolutional neural
networks" (2012). Modules carry torchvision's names, so that its weights fit: 61,100,840
parameters against 60,965,224 in the paper of 2012, which splits its channels over two GPUs.
"""

import torch
from torch import nn


class AlexNet(nn.Module):
    """Five convolutions, three of them followed by pooling; three fully connected layers.

    Takes `(N, 3, H, W)` with H, W at least 63 (224 is usual), gives logits `(N, num_classes)`.
    """

    def __init__(self, num_classes: int = 1000, dropout: float = 0.5) -> None:
        super().__init__()
        self.features = nn.Sequential(
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
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))  # so that images may have any size
        self.classifier = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(256 * 6 * 6, 4096),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(),
            nn.Linear(4096, num_classes),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.avgpool(self.features(x))
        x = self.classifier(torch.flatten(x, 1))
        return x


class AlexNet32(nn.Module):
    """AlexNet for the images of CIFAR-10: the same order of layers, kernels that fit 32 × 32.

    The 11×11 kernels with stride 4 become 5×5 with stride 1, the 5×5 ones 3×3; the fully connected
    layers have 512 units instead of 4096. BatchNorm (2015) after each convolution takes the place
    of the normalisation that the paper has after two of them.
    Takes `(N, 3, H, W)` with H, W at least 15 (32 is usual), gives logits `(N, num_classes)`.
    3,704,906 parameters for 10 classes.
    """

    def __init__(self, num_classes: int = 10, dropout: float = 0.5) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, padding=2),  # 32
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 32 -> 15
            nn.Conv2d(64, 192, kernel_size=3, padding=1),
            nn.BatchNorm2d(192),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 15 -> 7
            nn.Conv2d(192, 384, kernel_size=3, padding=1),
            nn.BatchNorm2d(384),
            nn.ReLU(),
            nn.Conv2d(384, 256, kernel_size=3, padding=1),
            nn.BatchNorm2d(256),
            nn.ReLU(),
            nn.Conv2d(256, 256, kernel_size=3, padding=1),
            nn.BatchNorm2d(256),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 7 -> 3
        )
        self.avgpool = nn.AdaptiveAvgPool2d((3, 3))
        self.classifier = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(256 * 3 * 3, 512),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(512, 512),
            nn.ReLU(),
            nn.Linear(512, num_classes),
        )
        self.apply(_initialise)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.avgpool(self.features(x))
        x = self.classifier(torch.flatten(x, 1))
        return x


def _initialise(module: nn.Module) -> None:
    """He initialisation (2015): with it the network learns from the first epoch on."""
    if isinstance(module, nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
