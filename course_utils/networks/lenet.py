"""LeNet-5 in the form that is usually taught today.

LeCun, Bottou, Bengio, Haffner: "Gradient-based learning applied to document recognition",
Proceedings of the IEEE 86 (1998). The network as published has exactly 60,000 trainable
parameters (sparse connections in C3, trainable subsampling, scaled tanh, RBF output). This one
has dense convolutions, plain pooling and a linear output: 61,706 parameters for grey images.
"""

import torch
from torch import nn


class LeNet(nn.Module):
    """Two convolutions with pooling, then three fully connected layers.

    Takes `(N, in_channels, 32, 32)`, gives logits `(N, num_classes)`, not probabilities.
    """

    def __init__(
        self,
        in_channels: int = 1,
        num_classes: int = 10,
        activation: type[nn.Module] = nn.ReLU,
        pooling: type[nn.Module] = nn.MaxPool2d,
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 6, kernel_size=5),  # 32 -> 28
            activation(),
            pooling(kernel_size=2, stride=2),  # 28 -> 14
            nn.Conv2d(6, 16, kernel_size=5),  # 14 -> 10
            activation(),
            pooling(kernel_size=2, stride=2),  # 10 -> 5
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(16 * 5 * 5, 120),
            activation(),
            nn.Linear(120, 84),
            activation(),
            nn.Linear(84, num_classes),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.features(x)
        x = self.classifier(x)
        return x
