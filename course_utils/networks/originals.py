"""LeNet-5 and AlexNet as their papers describe them, beside the forms that everyone uses today.

LeCun, Bottou, Bengio, Haffner: "Gradient-based learning applied to document recognition",
Proceedings of the IEEE 86 (1998), section II.B. Krizhevsky, Sutskever, Hinton: "ImageNet
classification with deep convolutional neural networks" (2012), section 3.
"""

import torch
from torch import nn
from torch.nn import functional as F

# Which of the 6 maps of S2 each of the 16 maps of C3 is joined with (1998, table I): three or
# four neighbours, going round; four in two pairs; and once all six.
JOINED: tuple[tuple[int, ...], ...] = (
    *(tuple((first + i) % 6 for i in range(3)) for first in range(6)),
    *(tuple((first + i) % 6 for i in range(4)) for first in range(6)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)

# What the ten outputs of LeNet-5 compare with: digits of 7 × 12 points, in the manner of the
# paper's figure 3. "#" is +1, "." is −1.
DIGITS = """
..###.. ...#... .#####. .#####. .....#. ####### ..####. ####### .#####. .#####.
.#...#. ..##... #.....# #.....# ....##. #...... .#..... ......# #.....# #.....#
#.....# .#.#... ......# ......# ...#.#. #...... #...... ......# #.....# #.....#
#.....# ...#... ......# ......# ..#..#. #...... #...... .....#. #.....# #.....#
#.....# ...#... .....#. ......# .#...#. ######. #...... .....#. #.....# #.....#
#.....# ...#... ....#.. ..####. #....#. ......# ######. ....#.. .#####. .######
#.....# ...#... ...#... ......# #....#. ......# #.....# ....#.. #.....# ......#
#.....# ...#... ..#.... ......# ####### ......# #.....# ...#... #.....# ......#
#.....# ...#... .#..... ......# .....#. ......# #.....# ...#... #.....# ......#
#.....# ...#... #...... ......# .....#. ......# #.....# ..#.... #.....# ......#
.#...#. ...#... #...... #.....# .....#. #.....# #.....# ..#.... #.....# .....#.
..###.. .#####. ####### .#####. .....#. .#####. .#####. ..#.... .#####. .####..
"""


class ScaledTanh(nn.Module):
    """1.7159 · tanh(2/3 · x): passes through −1 and 1, where it bends most (appendix A)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 1.7159 * torch.tanh(2 / 3 * x)


class Subsampling(nn.Module):
    """Pooling that learns: the sum of 2 × 2 numbers, times a weight, plus a bias, for each map.

    Takes `(N, channels, H, W)`, gives `(N, channels, H/2, W/2)`. 2 × channels parameters.
    """

    kernel_size, stride, padding = 2, 2, 0

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels, 1, 1), 0.25))  # begins as the mean
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 4 * F.avg_pool2d(x, 2) * self.weight + self.bias


class SparseConv2d(nn.Module):
    """A convolution in which each output map sees only some of the input maps.

    joined: for each output map, the input maps that it is joined with. There is one kernel for
    each join and one bias for each output map, and no other parameter.
    """

    stride, padding = 1, 0
    out: torch.Tensor
    into: torch.Tensor

    def __init__(self, joined: tuple[tuple[int, ...], ...], kernel_size: int) -> None:
        super().__init__()
        pairs = [(out, into) for out, maps in enumerate(joined) for into in maps]
        out, into = torch.tensor(pairs).T
        self.register_buffer("out", out)
        self.register_buffer("into", into)
        self.kernel_size = kernel_size
        self.shape = (len(joined), 1 + max(map(max, joined)), kernel_size, kernel_size)
        self.weight = nn.Parameter(torch.empty(len(pairs), kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.zeros(len(joined)))
        fan_in = torch.tensor([kernel_size**2 * len(joined[o]) for o, _ in pairs])[:, None, None]
        with torch.no_grad():  # the paper: uniform between ∓2.4 / number of inputs
            self.weight.uniform_(-2.4, 2.4).div_(fan_in)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        dense = self.weight.new_zeros(self.shape)
        return F.conv2d(x, dense.index_put((self.out, self.into), self.weight), self.bias)


class Distance(nn.Module):
    """The output of LeNet-5: how far 84 numbers are from the drawing of each digit.

    Takes `(N, 84)`, gives `(N, 10)`, each the sum of 84 squared differences: the *smallest* is the
    answer. No parameter: the drawings are given. (A radial basis function without its exponential.)
    logits: gives minus the distances, so that the largest is the answer, as in other networks.
    """

    drawings: torch.Tensor

    def __init__(self, logits: bool = False) -> None:
        super().__init__()
        self.logits = logits
        self.register_buffer("drawings", drawings())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        distances = (x[:, None] - self.drawings).square().sum(dim=2)
        return -distances if self.logits else distances


def drawings() -> torch.Tensor:
    """The ten digits as `(10, 84)`, −1 or +1: 12 rows of 7 points, one after the other."""
    rows = [line.split() for line in DIGITS.split("\n") if line]
    digits = ["".join(row[digit] for row in rows) for digit in range(10)]
    return torch.tensor([[1.0 if point == "#" else -1.0 for point in digit] for digit in digits])


class LeNet5(nn.Module):
    """LeNet-5 as published in 1998: exactly 60,000 parameters.

    The units of every layer up to F6 are squashed: those of C1 and C3 too (section II.B).
    Takes grey images `(N, 1, 32, 32)`, gives `(N, 10)`: distances; minus the distances if `logits`.
    """

    def __init__(self, logits: bool = False) -> None:
        super().__init__()
        self.c1 = nn.Sequential(nn.Conv2d(1, 6, kernel_size=5), ScaledTanh())  # 32 -> 28
        self.s2 = nn.Sequential(Subsampling(6), ScaledTanh())  # 28 -> 14
        self.c3 = nn.Sequential(SparseConv2d(JOINED, kernel_size=5), ScaledTanh())  # 14 -> 10
        self.s4 = nn.Sequential(Subsampling(16), ScaledTanh())  # 10 -> 5
        self.c5 = nn.Sequential(nn.Conv2d(16, 120, kernel_size=5), ScaledTanh())  # 5 -> 1
        self.f6 = nn.Sequential(nn.Flatten(), nn.Linear(120, 84), ScaledTanh())
        self.output = Distance(logits)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.s2(self.c1(x))
        x = self.s4(self.c3(x))
        x = self.f6(self.c5(x))
        x = self.output(x)
        return x


class AlexNet2012(nn.Module):
    """AlexNet as published in 2012: two groups, response normalisation, 60,965,224 parameters.

    The groups were two GPUs, each with half of the kernels; conv3 and the fully connected layers
    look at both halves. The paper says 224 × 224, but its 55 × 55 maps come from 227 × 227.
    Takes `(N, 3, 227, 227)`, gives logits `(N, num_classes)`.
    """

    def __init__(self, num_classes: int = 1000, dropout: float = 0.5) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 96, kernel_size=11, stride=4),  # 227 -> 55
            nn.ReLU(),
            response_normalization(),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 55 -> 27
            nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=2),
            nn.ReLU(),
            response_normalization(),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 27 -> 13
            nn.Conv2d(256, 384, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 13 -> 6
        )
        self.classifier = nn.Sequential(
            nn.Flatten(), *fully_connected(256 * 6 * 6, num_classes, dropout)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.features(x)
        x = self.classifier(x)
        return x


def fully_connected(inputs: int, num_classes: int, dropout: float) -> list[nn.Module]:
    """The three last layers of AlexNet, and of VGG: 4096 units, 4096 units, the logits."""
    return [
        nn.Linear(inputs, 4096),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(4096, 4096),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(4096, num_classes),
    ]


def response_normalization() -> nn.LocalResponseNorm:
    """Section 3.3: each activation is divided by (2 + 10⁻⁴ · squares of 5 neighbours)^0.75.

    PyTorch divides its alpha by the number of neighbours, so it takes five times the paper's.
    """
    return nn.LocalResponseNorm(size=5, alpha=5e-4, beta=0.75, k=2.0)
