"""Exercises of lesson 2, LeNet."""

import torch
from torch import nn

from .checking import Exercise, Wrong


def lenet(padding: int = 0, side: int = 5, hidden: int = 120) -> nn.Module:
    """A LeNet for grey pictures; `side` of the last feature maps decides the inputs of fc1.

    On the "meta" device, which carries shapes only: no random number is drawn for it.
    """
    with torch.device("meta"):
        return nn.Sequential(
            *(nn.Conv2d(1, 6, 5, padding=padding), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(16 * side * side, hidden), nn.ReLU()),
            *(nn.Linear(hidden, 84), nn.ReLU(), nn.Linear(84, 10)),
        )


def parameters(network: nn.Module) -> int:
    """How many trainable numbers a network has."""
    return sum(p.numel() for p in network.parameters())


def output_shape(network: nn.Module, *shape: int) -> tuple[int, ...] | None:
    """What the network makes of a batch of this shape; None if it cannot take it."""
    device = next((p.device for p in network.parameters()), "cpu")
    try:
        with torch.no_grad():
            return tuple(network(torch.zeros(shape, device=device)).shape)
    except (RuntimeError, ValueError, TypeError):
        return None


def takes_28(network: nn.Module) -> bool:
    """Whether a network gives ten scores for a grey picture of 28 × 28."""
    return output_shape(network, 1, 1, 28, 28) == (1, 10)


EXERCISES = {
    "02.conv2_parameters": Exercise(
        "parameters of conv2: 6 channels in, 16 out, kernels 5×5",
        2416,
        "16 kernels, each with 6 · 5 · 5 = 150 weights and one bias: 16 · 151.",
        "One kernel covers all 6 input channels. Count its weights, add its bias, times 16.",
        (
            Wrong(2400, "2,400 leaves out the biases: one for each of the 16 output channels."),
            Wrong(416, "416 gives a kernel 5 · 5 weights; it has as many for each of 6 channels."),
            Wrong(400, "400 forgets the 6 input channels and the biases."),
            Wrong(2406, "2,406 has 6 biases, one for each input; they belong to the 16 outputs."),
            Wrong(2496, "2,496 has 96 biases, one for each pair of maps; a kernel has only one."),
            Wrong(151, "151 is one kernel with its bias; conv2 has 16."),
            Wrong(1516, "1,516 is C3 of 1998, where most kernels saw only some of the 6 maps."),
        ),
    ),
    "02.fc1_inputs": Exercise(
        "inputs of fc1 for pictures of 28 × 28",
        256,
        "28 → 24 → 12 → 8 → 4, and 16 maps of 4 × 4 are 256 numbers.",
        "Follow the side of the maps through conv1, pool1, conv2 and pool2. Then flatten.",
        (
            Wrong(400, "400 = 16 · 5 · 5 belongs to pictures of 32 × 32; these are smaller."),
            Wrong(16, "16 is the number of maps; each still has several numbers."),
            Wrong(1024, "1,024 = 16 · 8 · 8 forgets the second pooling."),
            Wrong(784, "784 = 28 · 28 are the pixels that come in; fc1 sits behind the maps."),
            Wrong(96, "96 = 6 · 4 · 4 has the maps of conv1; after conv2 there are 16."),
            Wrong(120, "120 is what fc1 gives, not what it takes."),
        ),
    ),
    "02.colour": Exercise(
        "parameters of the whole LeNet for colour pictures",
        62_006,
        "only conv1 changes: 6 kernels get 2 · 25 weights more, 300 together.",
        "Which layer sees the picture? Count what its 6 kernels need for 2 channels more.",
        (
            Wrong(61_706, "61,706 is LeNet for grey pictures: conv1 needs weights for 3 channels."),
            Wrong(185_118, "185,118 triples everything; only conv1 sees the picture's channels."),
            Wrong(61_856, "61,856 adds one channel; grey has 1, colour has 3, so 2 are added."),
            Wrong(62_156, "62,156 adds three channels; one of them was there for grey."),
            Wrong(62_018, "62,018 adds biases as well; a kernel keeps its single bias."),
            Wrong(61_756, "61,756 counts 2 · 25 weights once; each of the 6 kernels needs them."),
        ),
    ),
    "02.network": Exercise(
        "LeNet for pictures of 28 × 28 with all its 61,706 parameters",
        lenet(padding=2),
        "padding 2 in conv1 makes up for 28 against 32, and everything behind it fits unchanged.",
        "Which padding makes conv1 give 28 × 28 from 28 × 28, as it does from 32 × 32?",
        (
            Wrong(
                lenet(),
                "the network cannot take a batch (1, 1, 28, 28): without padding the last maps "
                "are 4 × 4, and fc1 waits for 16 · 5 · 5 numbers.",
                lambda network: not takes_28(network) and output_shape(network, 1, 1, 32, 32),
            ),
            Wrong(
                lenet(side=4),
                "it runs, but fc1 has become smaller. The task was to keep all 61,706 parameters: "
                "change conv1, and nothing else.",
                lambda network: takes_28(network) and parameters(network) < 61_706,
            ),
            Wrong(
                lenet(padding=2, hidden=128),
                "it runs, but it has more than 61,706 parameters: only conv1 may change, and "
                "padding costs none.",
                lambda network: takes_28(network) and parameters(network) > 61_706,
            ),
        ),
        accept=lambda network: takes_28(network) and parameters(network) == 61_706,
    ),
}
