"""Exercises of lesson 1, CNN backbones."""

import torch

from .checking import Exercise, Question, Wrong


def is_zero(values: torch.Tensor) -> bool:
    """Whether every value is 0."""
    return bool((values.abs() < 1e-4).all())


def finds_horizontal(kernel: torch.Tensor) -> bool:
    """Columns that add up to 0 ignore vertical edges, rows that do not answer to horizontal."""
    return kernel.shape == (3, 3) and is_zero(kernel.sum(0)) and not is_zero(kernel.sum(1))


EXERCISES = {
    "01.one_value": Exercise(
        "what the kernel (0 1 0), (1 −4 1), (0 1 0) makes of (1 2 3), (4 5 6), (7 8 9)",
        0,
        "2 + 4 − 4·5 + 6 + 8 = 0. The kernel compares the centre with its four neighbours; here "
        "the centre is exactly their mean, so there is nothing to report.",
        "Multiply each number by the kernel's number in the same place, then add up all nine.",
        (
            Wrong(40, "40 adds 4 · 5 instead of subtracting it: the kernel's centre is −4."),
            Wrong(20, "20 is the sum of the four neighbours; the centre, −4 · 5, is missing."),
            Wrong(-20, "−20 is the centre alone; its neighbours 2, 4, 6 and 8 count too."),
            Wrong(45, "45 adds up the picture's nine numbers: multiply by the kernel first."),
        ),
    ),
    "01.kernel": Exercise(
        "a 3×3 kernel that answers to horizontal edges only",
        [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
        "it compares the row above with the row below. Flat areas and vertical edges give 0.",
        "The kernel for vertical edges compares left with right. Compare above with below.",
        (
            Wrong(
                [[-1, -1], [1, 1]],
                "the kernel should have three rows of three numbers.",
                lambda kernel: kernel.shape != (3, 3),
            ),
            Wrong(
                [[-1, 0, 1]] * 3,
                "this kernel compares left with right, so it finds vertical edges. Swap its rows "
                "and columns.",
                lambda kernel: finds_horizontal(kernel.T),
            ),
            Wrong(
                [[0] * 3] * 3,
                "a kernel of zeros answers 0 to everything.",
                lambda kernel: not kernel.any(),
            ),
            Wrong(
                [[0, 0, 0], [0, 0, 0], [1, 1, 1]],
                "the nine numbers do not add up to 0, so it also answers to an area without any "
                "edge, if only that area is bright.",
                lambda kernel: not is_zero(kernel.sum()),
            ),
            Wrong(
                [[0, -1, 0], [-1, 0, 1], [0, 1, 0]],
                "it answers to vertical edges as well: the sum of each column should be 0.",
                lambda kernel: not is_zero(kernel.sum(0)),
            ),
        ),
        form="three rows of three numbers, like [[1, 0, 0], [0, 0, 0], [0, 0, 0]]",
        accept=finds_horizontal,
    ),
    "01.output_size": Exercise(
        "side of the feature map for n = 98, k = 11, s = 2, p = 4",
        48,
        "(98 + 2·4 − 11) / 2 = 47.5, rounded down: 47 steps. The place it starts from makes 48.",
        "Put n = 98, k = 11, s = 2 and p = 4 into the formula.",
        (
            Wrong(44, "44 forgets the padding: with 4 pixels on each side, 98 becomes 106."),
            Wrong(46, "46 pads one side only: padding 4 means 4 pixels on both sides."),
            Wrong(47, "47 counts the steps; the place it starts from is one more (the + 1)."),
            Wrong(48.5, "48.5 is not rounded: half a position does not exist, so round down."),
            Wrong(49, "49 rounds up: a last step for which the kernel does not fit is not made."),
            Wrong(96, "96 is right for stride 1; with stride 2 every other place is left out."),
        ),
    ),
    "01.parameters": Exercise(
        "parameters of nn.Conv2d(3, 8, kernel_size=5)",
        608,
        "8 kernels, each with 3 · 5 · 5 = 75 weights and one bias: 8 · 76.",
        "One kernel covers all 3 input channels. Count its weights, add its bias, times 8.",
        (
            Wrong(600, "600 leaves out the biases: one for each of the 8 output channels."),
            Wrong(208, "208 gives a kernel 5 · 5 weights; it has as many for each of 3 channels."),
            Wrong(200, "200 forgets the 3 input channels and the biases."),
            Wrong(603, "603 has a bias for each input channel; it is one for each output channel."),
            Wrong(624, "624 has 24 biases, one for each pair of channels; a kernel has only one."),
            Wrong(76, "76 is one kernel with its bias; the layer has 8."),
        ),
    ),
    "01.shape": Exercise(
        "(3, 32, 48) through Conv2d(3, 16, 3, padding=1) and MaxPool2d(2)",
        (16, 16, 24),
        "16 kernels make 16 maps, padding 1 keeps 32 × 48 for a 3×3 kernel, pooling halves both.",
        "Channels: as many as there are kernels. Then follow the height, then the width.",
        (
            Wrong((16, 24, 16), "height and width are swapped: the height comes first."),
            Wrong((16, 32, 48), "the pooling is missing: it halves height and width."),
            Wrong((16, 15, 23), "the padding is missing: with it the 3×3 kernel loses no border."),
            Wrong((3, 16, 24), "3 channels go in; what comes out is one map for each kernel."),
            Wrong((48, 16, 24), "48 = 3 · 16 keeps the 3 channels apart; a kernel adds them up."),
            Wrong((16, 16, 48), "only the height is halved: pooling works in both directions."),
            Wrong((1, 16, 16, 24), "the 1 is the batch dimension; the question is one picture."),
        ),
        form="(channels, height, width), like (3, 32, 48)",
    ),
}

QUESTIONS = (
    Question(
        "What does one number of a feature map say?",
        (
            ("how bright the picture is there", "an even area gives 0 with an edge kernel."),
            (
                "how much that place looks like what the kernel asks for",
                "it is one sum of products.",
            ),
            ("which class the picture has", "that comes from all maps together, much later."),
        ),
        1,
    ),
    Question(
        "A 3×3 kernel, stride 1, no padding: how many rows of 10 are left?",
        (
            ("10", "only with padding 1: without it the kernel does not fit on the border."),
            ("9", "it loses one row above and one below."),
            ("8", "(10 − 3) / 1 + 1 = 8."),
        ),
        2,
    ),
    Question(
        "A layer takes 3 channels and has 8 kernels. How many feature maps come out?",
        (
            ("3", "each kernel adds up what it finds in all three channels."),
            ("8", "one map for each kernel."),
            ("24", "the sums of the three channels are not kept apart."),
        ),
        1,
    ),
    Question(
        "Max pooling 2×2 with stride 2: what does it keep?",
        (
            ("the largest of four neighbours, in each map", "so the map has half the side."),
            ("the map with the largest values", "every map stays; each becomes smaller."),
            ("the mean of four neighbours", "that is average pooling."),
        ),
        0,
    ),
    Question(
        "What is the backbone of a network?",
        (
            ("its last layer", "that is the head, which knows one task."),
            ("the part that makes features of a picture", "several heads can use the same one."),
            ("the picture as a tensor", "that is what goes into it."),
        ),
        1,
    ),
)
