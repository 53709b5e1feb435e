"""Exercises of lesson 2, LeNet."""

import torch
from torch import nn

from .checking import Exercise, Question, Right, Wrong


def lenet(padding: int = 0, side: int = 5, hidden: int = 120) -> nn.Sequential:
    """A LeNet for grey images; `side` of the last feature maps decides the inputs of fc1.

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
    """Whether a network gives ten logits for a grey image of 28 × 28."""
    return output_shape(network, 1, 1, 28, 28) == (1, 10)


def takes_32(network: nn.Module) -> bool:
    """Whether a network can run on a grey image of 32 × 32."""
    return output_shape(network, 1, 1, 32, 32) is not None


def flattens(network: nn.Module) -> bool:
    """Whether a network has a layer that writes the maps into one list."""
    return any(isinstance(part, nn.Flatten) for part in network.modules())


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
        more=(
            "A kernel is a table of 5 × 5 for each of the 6 maps, and one bias for all of them.",
            "Put C_in = 6, C_out = 16 and k = 5 into the formula: 16 · (6 · 5² + 1).",
        ),
        solution="16 * (6 * 5**2 + 1)",
    ),
    "02.multiply_adds": Exercise(
        "multiply-adds of conv2 with padding 2: 6 channels in, 16 out, kernels 5×5, on 14 × 14",
        470_400,
        "with padding 2 the maps stay 14 × 14: 16 · 14² numbers, and each costs 6 · 5² = 150.",
        "How large are the maps now? Each of their numbers costs as much as before.",
        (
            Wrong(240_000, "240,000 forgets the padding: with it the maps stay 14 × 14."),
            Wrong(345_600, "345,600 pads one side only: padding 2 means 2 on both sides."),
            Wrong(473_536, "473,536 counts the biases: they are added, and multiply nothing."),
            Wrong(
                78_400, "78,400 gives a kernel 5 · 5 weights; it has as many for each of 6 maps."
            ),
            Wrong(29_400, "29,400 is one of the 16 kernels at all its places."),
            Wrong(2_400, "2,400 are the weights; each is used at every place of a map."),
            Wrong(176_400, "176,400 has 6 output channels: there are 16."),
        ),
        more=(
            "o = (14 + 2·2 − 5) / 1 + 1 is the side. Then M = C_out · o² · C_in · k².",
            "16 maps of 14 × 14 numbers, and 6 · 5 · 5 multiplications for each of them.",
        ),
        solution="16 * 14**2 * 6 * 5**2",
    ),
    "02.connections": Exercise(
        "connections of C3: 1,516 parameters, maps of 10 × 10",
        151_600,
        "each of the 10 · 10 places uses all 1,516 weights and biases once. The paper has the "
        "same number.",
        "Every place of a map uses the same parameters once. How many places are there?",
        (
            Wrong(1_516, "1,516 are the parameters; they are used again at every place."),
            Wrong(150_000, "150,000 leaves out the biases, which the paper counts as connections."),
            Wrong(241_600, "241,600 joins all maps; C3 of 1998 has 60 of 96 joins."),
            Wrong(297_136, "297,136 has 14 · 14 places; that is the size that comes in."),
            Wrong(15_160, "15,160 counts one row of each map; there are 10 rows."),
            Wrong(
                2_425_600,
                "2,425,600 multiplies by the 16 maps as well; the 1,516 parameters are those "
                "of all 16 together.",
            ),
        ),
        more=(
            "As for C1, where 156 parameters and 28 · 28 places made 122,304 connections.",
            "Parameters times places: 1,516 · 10 · 10.",
        ),
        solution="1516 * 10 * 10",
    ),
    "02.fc1_inputs": Exercise(
        "inputs of fc1 for images of 28 × 28",
        256,
        "28 → 24 → 12 → 8 → 4, and 16 maps of 4 × 4 are 256 numbers.",
        "Follow the side of the maps through conv1, pool1, conv2 and pool2. Then flatten.",
        (
            Wrong(400, "400 = 16 · 5 · 5 belongs to images of 32 × 32; these are smaller."),
            Wrong(16, "16 is the number of maps; each still has several numbers."),
            Wrong(1024, "1,024 = 16 · 8 · 8 forgets the second pooling."),
            Wrong(784, "784 = 28 · 28 are the pixels that come in; fc1 comes after the maps."),
            Wrong(96, "96 = 6 · 4 · 4 has the maps of conv1; after conv2 there are 16."),
            Wrong(120, "120 is what fc1 gives, not what it takes."),
        ),
        more=(
            "A 5×5 kernel takes 4 from the side, a pooling halves it. Begin with 28.",
            "28 → 24 → 12 → 8, and once more pooling. Square it, times the 16 maps.",
        ),
        solution="16 * 4 * 4",
    ),
    "02.colour": Exercise(
        "parameters of the whole LeNet for colour images",
        62_006,
        "only conv1 changes: 6 kernels get 2 · 25 weights more, 300 together.",
        "Which layer sees the image? Count what its 6 kernels need for 2 channels more.",
        (
            Wrong(61_706, "61,706 is LeNet for grey images: conv1 needs weights for 3 channels."),
            Wrong(185_118, "185,118 triples everything; only conv1 sees the image's channels."),
            Wrong(61_856, "61,856 adds one channel; grey has 1, colour has 3, so 2 are added."),
            Wrong(62_156, "62,156 adds three channels; one of them was there for grey."),
            Wrong(62_018, "62,018 adds biases as well; a kernel keeps its single bias."),
            Wrong(61_756, "61,756 counts 2 · 25 weights once; each of the 6 kernels needs them."),
        ),
        more=(
            "conv1 has 6 · (1 · 25 + 1) parameters for grey. How many with C_in = 3?",
            "61,706 − 6 · (1 · 25 + 1) + 6 · (3 · 25 + 1).",
        ),
        solution="61706 + 6 * 2 * 5**2",
    ),
    "02.network": Exercise(
        "LeNet for images of 28 × 28 with all its 61,706 parameters",
        lenet(padding=2),
        "padding 2 in conv1 makes up for 28 against 32, and everything after it fits unchanged. "
        "(Padding 1 in conv2, after the pooling, does it as well.)",
        "Which padding makes conv1 give 28 × 28 from 28 × 28, as it does from 32 × 32?",
        (
            Wrong(
                nn.Conv2d(1, 6, 5, padding=2, device="meta"),
                "what comes out are feature maps, not ten logits. Give the whole network, with "
                "your layer as its conv1 and all the others after it.",
                lambda network: len(output_shape(network, 1, 1, 28, 28) or ()) == 4,
            ),
            Wrong(
                lenet(),
                "the network cannot take a batch (1, 1, 28, 28): without padding the last maps "
                "are 4 × 4, and fc1 waits for 16 · 5 · 5 numbers.",
                lambda network: not takes_28(network) and takes_32(network),
            ),
            Wrong(
                nn.Sequential(*(part for part in lenet(2) if not isinstance(part, nn.Flatten))),
                "the network takes neither 28 × 28 nor 32 × 32, and it has no nn.Flatten(): "
                "between the last pooling and the first nn.Linear the maps must become one list.",
                lambda network: not takes_28(network) and not flattens(network),
            ),
            Wrong(
                lenet(side=4),
                "it runs, but fc1 has become smaller. The task was to keep all 61,706 parameters: "
                "change one argument of a convolution, and nothing else.",
                lambda network: takes_28(network) and parameters(network) < 61_706,
            ),
            Wrong(
                lenet(padding=2, hidden=128),
                "it runs, but it has more than 61,706 parameters: only a convolution may change, "
                "and padding costs none.",
                lambda network: takes_28(network) and parameters(network) > 61_706,
            ),
        ),
        accept=lambda network: takes_28(network) and parameters(network) == 61_706,
        more=(
            "Only conv1 changes. A frame of zeros around the image makes 28 as large as 32.",
            "The network of section 1, with one argument more: nn.Conv2d(1, 6, kernel_size=5, "
            "padding=…). How many zeros are missing on each side?",
        ),
        tested="that a batch (1, 1, 28, 28) gives (1, 10), and how many parameters there are",
        solution="""from torch import nn
network = nn.Sequential(
    *(nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Conv2d(6, 16, kernel_size=5), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Flatten(), nn.Linear(16 * 5 * 5, 120), nn.ReLU()),
    *(nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
)
network""",
    ),
}

PREDICTIONS = {
    "02.runs": Question(
        "whether nn.Linear(16 * 32 * 32, 120) takes what the two convolutions give",
        ("yes", "the maps are smaller than the image by now: fewer numbers come."),
        Right(
            "no: it waits for more numbers than come",
            "it has weights for 16 · 32 · 32 numbers, but the maps have shrunk to 5 × 5.",
        ),
        (
            "no: more numbers come than it waits for",
            "convolution and pooling have made the maps smaller, not larger.",
        ),
    ),
    "02.learns": Question(
        "how many of 100 new digits LeNet reads after two epochs",
        ("about 30", "two epochs are about 1,800 steps, which is many for digits."),
        ("about 70", "even one layer of weights alone learns to read more than that."),
        (
            "about 90",
            "that is what one layer of weights alone reaches: 12 % wrong in the paper (1998, "
            "section III.C). LeNet has more to work with.",
        ),
        Right("about 99", "most of it is learned in the first epoch already."),
    ),
    "02.numbers": Question(
        "where in LeNet there are most numbers for one image",
        ("in the image", "six maps of 28 × 28 are more than one of 32 × 32."),
        (
            "in the fully connected layers",
            "they have the most weights, but give 120, 84 and 10 numbers only.",
        ),
        Right("after conv1", "6 · 28 · 28 numbers: six maps nearly as large as the image."),
        (
            "the same number everywhere",
            "each layer decides by its kernels and its stride how many come out.",
        ),
    ),
    "02.parameters": Question(
        "which part of LeNet holds most of its parameters",
        Right("fc1", "a weight for each of 400 · 120 pairs, none of them used twice."),
        (
            "the two convolutions",
            "they use the same few weights at every place.",
        ),
        ("they are spread evenly", "the layers differ by more than a factor of 100."),
    ),
    "02.shifted": Question(
        "what a shift by four pixels does to LeNet and to an MLP",
        (
            "both read as many as before",
            "both have weights that are tied to places: the MLP for each pixel, LeNet in fc1.",
        ),
        (
            "LeNet reads as many as before, the MLP fewer",
            "the convolutions move their maps with the digit, but fc1 then meets them at places "
            "where it has not learned them.",
        ),
        Right(
            "both read fewer, the MLP far fewer",
            "LeNet tolerates more, for its maps move with the digit and pooling makes four pixels "
            "one place; but fc1 is tied to places.",
        ),
        (
            "both read fewer, by about as much",
            "the MLP has a weight for each pixel, so it loses more from every shift.",
        ),
    ),
    "02.work": Question(
        "which layer does most of the multiply-adds",
        ("fc1, which has the most weights", "it uses each of its weights once."),
        (
            "conv1, which has the most numbers",
            "each of its numbers costs 25 multiply-adds; one of conv2 costs 150.",
        ),
        Right("conv2", "it uses 2,400 weights at each of 10 · 10 places."),
    ),
    "02.smaller": Question(
        "which layer complains about an image of 28 × 28",
        ("conv1", "a kernel does not care how many places there are."),
        Right("fc1", "it has a weight for each number that comes, and fewer come now."),
        ("none: it takes any size", "the convolutions and poolings do; one layer does not."),
    ),
    "02.published": Question(
        "the parameters of LeNet-5 of 1998, compared with 61,706",
        (
            "more: its pooling has some",
            "it has, but few: two for each map. C3 and the output save more.",
        ),
        Right("fewer", "C3 joins only some of the maps, and its output is not learned."),
        ("exactly as many", "four of its parts differ, and the differences do not cancel."),
    ),
}

QUESTIONS = (
    Question(
        "A grey image of 36 × 36 goes through nn.Conv2d(1, 6, 5) and nn.MaxPool2d(2). "
        "Which shape comes out?",
        ("(6, 18, 18)", "that forgets what a 5×5 kernel takes from the border: 36 → 32."),
        Right("(6, 16, 16)", "36 → 32 → 16, and one map for each of the 6 kernels."),
        ("(3, 16, 16)", "pooling halves height and width; it keeps all 6 maps."),
    ),
    Question(
        "PyTorch says: mat1 and mat2 shapes cannot be multiplied (1x256 and 400x120). "
        "Which line is right?",
        Right("nn.Linear(256, 120)", "256 numbers came; the 400 was what the layer waited for."),
        ("nn.Linear(400, 256)", "that layer still waits for 400 numbers."),
        ("nn.Linear(120, 256)", "120 is the number of outputs, the second argument."),
    ),
    Question(
        "conv2 has a twentieth of fc1's parameters and five times its multiply-adds. Why?",
        ("its numbers are larger", "a multiplication costs the same for any number."),
        ("an activation follows it", "so has fc1, and neither counts here."),
        Right(
            "it uses each weight at every place of a map",
            "at 10 · 10 places. fc1 uses each weight once.",
        ),
    ),
    Question(
        "Why are the test digits kept out of the training?",
        (
            "to make the training shorter",
            "10,000 more of them would take a sixth longer: that is not the reason.",
        ),
        Right(
            "a network can learn images by heart",
            "so only images that are new to it show how well it reads.",
        ),
        (
            "they are harder than the others",
            "they are of the same kind; what counts is that they are new.",
        ),
    ),
    Question(
        "Digits that are shifted by four pixels are read wrong far more often by a LeNet that has "
        "learned from centred ones. Why, though convolutions are equivariant?",
        (
            "the convolutions find no strokes at other places",
            "they find them there as well: the maps move with the digit.",
        ),
        (
            "four pixels are too far for a 5×5 kernel",
            "every place of the image lies under the kernel, at one step or another.",
        ),
        Right(
            "the fully connected layers have a weight for each place",
            "the moved maps meet weights that have learned nothing of them.",
        ),
    ),
)
