"""Exercises of lesson 4, VGG."""

import torch
from torch import nn

from ..networks import CONFIGURATIONS, vgg_features
from .checking import Exercise, Wrong


def _features(*blocks: tuple[int, ...], batch_norm: bool = False) -> nn.Module:
    """The convolutional part of a VGG, without memory, and without drawing random numbers."""
    with torch.device("meta"):
        return vgg_features(blocks, batch_norm)


def _widths(network: nn.Module) -> list[int]:
    return [m.out_channels for m in network.modules() if isinstance(m, nn.Conv2d)]


def _pools(network: nn.Module) -> int:
    return sum(isinstance(m, nn.MaxPool2d) for m in network.modules())


def _plan(network: nn.Module) -> list[int | str]:
    """Widths and poolings in order: [64, 64, "pool", …]."""
    found = (m for m in network.modules() if isinstance(m, nn.Conv2d | nn.MaxPool2d))
    return [m.out_channels if isinstance(m, nn.Conv2d) else "pool" for m in found]


VGG13 = CONFIGURATIONS["vgg13"]
PLAN = _plan(_features(*VGG13))

EXERCISES = {
    "04.vgg13": Exercise(
        "the convolutional part of VGG13, built by vgg_features",
        _features(*VGG13),
        "10 convolutions, and with the 3 fully connected layers 13 layers with weights.",
        "Five brackets with two numbers each: vgg_features(((64, 64), (128, 128), …)).",
        (
            Wrong(
                _features(*CONFIGURATIONS["vgg16"]),
                "13 convolutions and 3 fully connected layers are VGG16: the name counts all "
                "layers with weights, so VGG13 has 10 convolutions.",
                lambda network: len(_widths(network)) == 13,
            ),
            Wrong(
                _features(*CONFIGURATIONS["vgg11"]),
                "8 convolutions are VGG11: the first two blocks need two each as well.",
                lambda network: len(_widths(network)) == 8,
            ),
            Wrong(
                _features((64, 64), (128, 128), (256, 256), (512, 512), (1024, 1024)),
                "the width doubles up to 512 and stays there: the last block has 512 again.",
                lambda network: max(_widths(network)) > 512,
            ),
            Wrong(
                _features((64, 64, 128, 128), (256, 256), (512, 512), (512, 512)),
                "each pooling ends a block, and there are five of them: one bracket for each.",
                lambda network: _pools(network) != 5,
            ),
            Wrong(
                _features((64, 128), (128, 256), (256, 512), (512, 512), (512, 512)),
                "inside a block both convolutions have the same width; it doubles from block to "
                "block.",
                lambda network: len(_widths(network)) == 10,
            ),
        ),
        accept=lambda network: _plan(network) == PLAN,
    ),
    "04.receptive_field": Exercise(
        "receptive field of 3×3, 3×3, pooling 2×2 with stride 2, 3×3",
        10,
        "1 + 2 + 2 = 5, the pooling adds 1 · 1, and the last convolution 2 · 2, because its "
        "neighbours are 2 pixels apart.",
        "Start with 1 and add (k − 1) · j for each layer; j is 1 up to the pooling, then 2.",
        (
            Wrong(8, "8 keeps j = 1: behind the pooling the last kernel reaches 2 · 2 pixels."),
            Wrong(9, "9 forgets the pooling window: it adds (2 − 1) · 1 as well."),
            Wrong(7, "7 is three 3×3 without the pooling."),
            Wrong(11, "11 adds up the kernels, 3 + 3 + 2 + 3; each adds k − 1, times j."),
            Wrong(12, "12 doubles all that was there: the pooling doubles j, not r."),
            Wrong(6, "6 is the field behind the pooling; one convolution is still to come."),
            Wrong(100, "100 is the number of pixels; the question is how wide the field is."),
        ),
    ),
    "04.memory": Exercise(
        "MiB of the output of conv3 of VGG16 (128 × 112 × 112) for a batch of 32, 4 bytes each",
        196.0,
        "32 · 128 · 112 · 112 · 4 / 2²⁰: half of conv1's, for twice the maps have a quarter of "
        "the places.",
        "Multiply pictures, maps, height, width and bytes, and divide by 2**20.",
        (
            Wrong(6.125, "6.125 MiB is one picture; the batch has 32."),
            Wrong(49, "49 counts numbers; each has 4 bytes."),
            Wrong(205.5, "205.5 divides by 1,000,000: these are MB. A MiB is 2²⁰ = 1,048,576."),
            Wrong(392, "392 is conv1: 64 maps of 224 × 224. conv3 has 128 of 112 × 112."),
            Wrong(
                205_520_896,
                "that is in bytes: divide by 2²⁰.",
                lambda answer: answer > 1e6,
            ),
            Wrong(1.75, "1.75 has one side of the maps only: they have 112 · 112 places."),
        ),
    ),
    "04.he": Exercise(
        "σ of He's initialisation for a 3×3 convolution with 128 input channels",
        (2 / (9 * 128)) ** 0.5,
        "n = 9 · 128 = 1,152 and σ = √(2 / n). With it each layer multiplies the signal by 1.",
        "How many products does one value add up? σ = √(2 / n).",
        (
            Wrong(0.125, "0.125 = √(2 / 128) forgets the 3×3 places of the kernel: n = 9 · 128."),
            Wrong(0.0295, "0.0295 = √(1 / n) forgets the ReLU, which keeps half of the variance."),
            Wrong(0.00174, "0.00174 = 2 / n is the variance; σ is its square root."),
            Wrong(0.0208, "0.0208 belongs to 512 channels, the example above."),
            Wrong(0.0722, "0.0722 = √(6 / n) is the limit of a uniform distribution with that σ."),
            Wrong(24.0, "24 = √(n / 2) is upside down: more inputs need smaller weights."),
        ),
    ),
}
