"""Exercises of lesson 1, CNN backbones."""

from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional as F

from .checking import Exercise, Question, Right, Wrong


def is_zero(values: torch.Tensor) -> bool:
    """Whether every value is 0."""
    return bool((values.abs() < 1e-4).all())


def finds_horizontal(kernel: torch.Tensor) -> bool:
    """Columns that add up to 0 ignore vertical edges, rows that do not answer to horizontal."""
    return kernel.shape == (3, 3) and is_zero(kernel.sum(0)) and not is_zero(kernel.sum(1))


# --- "01.strided": a function is known by what it gives ------------------------------------------

Slide = Callable[[torch.Tensor, torch.Tensor, int], Any]  # (image, kernel, stride) -> result


def _numbers(*shape: int) -> torch.Tensor:
    """An image without pattern: squares, modulo 11."""
    return (torch.arange(shape[0] * shape[1]).float() ** 2 % 11).reshape(shape)


# Stride 1; a wide image; a high one that the kernel's last step does not reach the end of.
TRIALS = (
    (_numbers(5, 5), _numbers(3, 3), 1),
    (_numbers(6, 9), _numbers(3, 3), 2),
    (_numbers(12, 7), _numbers(2, 2), 3),
)


def given(slide: Slide) -> list[Any]:
    """What a function gives for each trial, as tensors where that is possible."""
    results = [slide(x.clone(), w.clone(), s) for x, w, s in TRIALS]
    return [torch.tensor(r) if isinstance(r, list) else r for r in results]


def gives(slide: Slide, expected: Slide) -> bool:
    """Whether both give the same numbers in all trials."""
    return all(
        isinstance(r, torch.Tensor)
        and r.squeeze().shape == e.squeeze().shape
        and torch.allclose(r.squeeze().float(), e.squeeze().float(), atol=1e-3)
        for r, e in zip(given(slide), given(expected), strict=True)
    )


def by_torch(x: torch.Tensor, w: torch.Tensor, s: int) -> torch.Tensor:
    """The right answer, by PyTorch."""
    return F.conv2d(x[None, None], w[None, None], stride=s)[0, 0]


def with_stride_1(x: torch.Tensor, w: torch.Tensor, s: int) -> torch.Tensor:
    """Wrong: leaves the stride out."""
    return by_torch(x, w, 1)


def rows_only(x: torch.Tensor, w: torch.Tensor, s: int) -> torch.Tensor:
    """Wrong: the stride for the rows only."""
    return by_torch(x, w, 1)[::s]


def first_places(x: torch.Tensor, w: torch.Tensor, s: int) -> torch.Tensor:
    """As many results as with the stride, but from windows that are neighbours."""
    rows, columns = by_torch(x, w, s).shape
    return by_torch(x, w, 1)[:rows, :columns]


def one_too_few(x: torch.Tensor, w: torch.Tensor, s: int) -> torch.Tensor:
    """Wrong: leaves out the last place in both directions."""
    (rows, columns), k = x.shape, len(w)
    return by_torch(x, w, s)[: (rows - k) // s, : (columns - k) // s]


def turned(x: torch.Tensor, w: torch.Tensor, s: int) -> torch.Tensor:
    """Wrong: rows and columns swapped."""
    return by_torch(x, w, s).T


def unweighted(x: torch.Tensor, w: torch.Tensor, s: int) -> torch.Tensor:
    """Wrong: adds up the pixels without the weights."""
    return by_torch(x, torch.ones_like(w), s)


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
            Wrong(45, "45 adds up the image's nine numbers: multiply by the kernel first."),
        ),
        more=(
            "The corners of the kernel are 0, so 1, 3, 7 and 9 fall away. The centre counts −4.",
            "2 + 4 + 6 + 8 for the four neighbours, and 4 times the centre, 5, is subtracted.",
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
        more=(
            "The kernel for vertical edges has −1 in its left column and 1 in its right one. Do "
            "the same with rows: then each column adds up to 0, and an even area gives 0.",
            "Three rows of three: one row all −1, the row in the middle all 0, one row all 1. "
            "Which of them is above?",
        ),
        tested="that even areas and vertical edges give 0, and horizontal edges do not",
        solution="[[-1, -1, -1], [0, 0, 0], [1, 1, 1]]",
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
        more=(
            "With the padding the side is 98 + 2·4. How far can the kernel's upper end move in it?",
            "(98 + 8 − 11) / 2 is no whole number: round down, then add the place it starts from.",
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
        more=(
            "One kernel is a table of 5 × 5 for red, one for green, one for blue, and one bias.",
            "(3 · 5 · 5 + 1) for one kernel, and there are 8 of them.",
        ),
        solution="8 * (3 * 5 * 5 + 1)",
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
            Wrong((1, 16, 16, 24), "the 1 is the batch dimension; the question is one image."),
        ),
        form="(channels, height, width), like (3, 32, 48)",
        more=(
            "The convolution: 16 kernels make 16 maps; (n + 2·1 − 3) / 1 + 1 for height and width.",
            "After the convolution it is (16, 32, 48). Max pooling 2×2 halves height and width.",
        ),
    ),
    "01.field": Exercise(
        "side of the receptive field after a 5×5 kernel with stride 2 and a 3×3 kernel",
        9,
        "5 for the first layer. Its values lie 2 pixels apart, so the 3×3 kernel after it adds "
        "(3 − 1) · 2 = 4.",
        "The first layer sees 5. By how many pixels are two neighbours of its map apart?",
        (
            Wrong(
                7, "7 forgets the stride: neighbours of the first map lie 2 pixels apart, not 1."
            ),
            Wrong(8, "8 adds the sides, 5 + 3. Three windows that lie side by side overlap."),
            Wrong(11, "11 adds 3 · 2. From the first of three to the third there are 2 steps."),
            Wrong(15, "15 multiplies the sides, as if the three windows did not overlap."),
            Wrong(5, "5 is what one value of the first layer sees; the 3×3 kernel takes three."),
            Wrong(81, "81 is the number of pixels; the side was asked for."),
        ),
        more=(
            "The 3×3 kernel covers 3 values in a row. From the first to the third there are 2 "
            "steps, each as long as the stride of the first layer.",
            "r = 5 + (3 − 1) · 2, for the jump after the first layer is 2.",
        ),
        solution="5 + (3 - 1) * 2",
    ),
    "01.strided": Exercise(
        "a function strided(x, w, s): the convolution of x with w, without padding, with stride s",
        by_torch,
        "you have written a convolution with a stride, and PyTorch agrees.",
        "Start from slide. Where do i and j come from, and in which steps do they go?",
        (
            Wrong(
                lambda x, w, s: None,
                "your function returns nothing: does it end with return?",
                lambda f: all(r is None or r is ... for r in given(f)),
            ),
            Wrong(
                with_stride_1,
                "your function goes on by one pixel whatever s is: let i and j go in steps of s.",
                lambda f: gives(f, with_stride_1),
            ),
            Wrong(
                rows_only,
                "only the rows go in steps of s: columns need them too.",
                lambda f: gives(f, rows_only),
            ),
            Wrong(
                lambda x, w, s: rows_only(x.T, w.T, s).T,
                "only the columns go in steps of s: the rows need them too.",
                lambda f: gives(f, lambda x, w, s: rows_only(x.T, w.T, s).T),
            ),
            Wrong(
                first_places,
                "the result has the right size, but its windows are neighbours: window i begins at "
                "pixel i · s.",
                lambda f: gives(f, first_places),
            ),
            Wrong(
                one_too_few,
                "the last row and the last column are missing: the place it starts from is one "
                "more (the + 1).",
                lambda f: gives(f, one_too_few),
            ),
            Wrong(
                turned,
                "rows and columns are swapped: i counts rows and comes first.",
                lambda f: gives(f, turned),
            ),
            Wrong(
                unweighted,
                "the pixels are added up without the kernel: multiply each by its weight first.",
                lambda f: gives(f, unweighted),
            ),
            Wrong(
                lambda x, w, s: by_torch(x, w.flip(0, 1), s),
                "the kernel is turned round, as in mathematics. Networks leave that out.",
                lambda f: gives(f, lambda x, w, s: by_torch(x, w.flip(0, 1), s)),
            ),
        ),
        form="a function strided(x, w, s)",
        accept=lambda f: gives(f, by_torch),
        more=(
            "range(0, 9, 2) counts 0, 2, 4, 6, 8. The last place where a kernel of k rows fits in "
            "n rows is n − k.",
            "i from range(0, len(x) − k + 1, s), j from range(0, len(x[0]) − k + 1, s), and for "
            "each pair the same sum as in slide.",
        ),
        tested="with strides 1, 2 and 3, on a square, a wide and a high image, against conv2d",
        solution="""import torch
def strided(x, w, s):
    k, (rows, columns) = len(w), x.shape
    sums = [
        [(w * x[i : i + k, j : j + k]).sum() for j in range(0, columns - k + 1, s)]
        for i in range(0, rows - k + 1, s)
    ]
    return torch.tensor(sums)
strided""",
    ),
}

PREDICTIONS = {
    "01.window": Question(
        "the two numbers after the 27",
        ("27, 27", "in the third window all nine pixels are 9, so the differences cancel."),
        Right(
            "27, 0",
            "the second window holds 0, 9, 9 in each row, again 9 more at the right; the third "
            "holds 9 everywhere.",
        ),
        ("0, 0", "the second window still holds the edge: 0 at its left, 9 at its right."),
    ),
    "01.red": Question(
        'the pale sky and the grey lake in the map "how red?"',
        (
            "the pale sky yes, the grey lake no",
            "the sky has much red, but as much green and blue, which count against it.",
        ),
        ("both about half", "half of green and half of blue are subtracted, which is all of it."),
        Right("neither", "with three equal channels 1 − ½ − ½ leaves 0, however bright they are."),
    ),
    "01.shift": Question(
        "the map of vertical edges after a shift of the image",
        ("it stays as it was", "the map says where an edge is, and the edges have moved."),
        Right(
            "it moves one pixel to the right, exactly",
            "every window of the old image is there again, one column further, with the same nine "
            "numbers.",
        ),
        (
            "it moves, but its values change a little",
            "the same nine pixels lie under the same nine weights: the sums are the same.",
        ),
    ),
    "01.pool2": Question(
        "the shift that moves the maps of pool2 by exactly one place",
        ("all four", "a shift of one pixel moves other numbers into every square of a pooling."),
        ("two and four", "that holds for pool1, after one pooling with stride 2."),
        Right("four", "two poolings go in steps of 2 · 2 pixels, so their squares fit again."),
        ("none of them", "at one of the four the squares of both poolings fit again."),
    ),
    "01.two_layers": Question(
        "the width that a value sees through two 3×3 convolutions",
        ("3", "3 is what a value of the first layer sees; the second takes three of them."),
        Right("5", "three windows of 3 that lie one pixel apart cover 3 + 2 pixels."),
        ("6", "3 + 3 would be two windows side by side; these overlap."),
        ("9", "3 · 3 would be three windows side by side; these overlap."),
    ),
    "01.learned": Question(
        "the nine numbers that learn() finds",
        ("still near 0", "each step makes the error smaller, and at 0 it is large."),
        (
            "some other nine numbers, with a similar map",
            "a similar map leaves an error, and the steps go on as long as it falls.",
        ),
        Right(
            "our −1, 0, 1 in each row",
            "they make the error 0, and the steps lead there.",
        ),
    ),
    "01.first_layer": Question(
        "the kernels of the first layer of a trained network",
        ("random specks", "that is what they were before training."),
        Right(
            "edges and spots of colour",
            "some compare one side with the other, some look for a colour.",
        ),
        (
            "tiny images of cats and cars",
            "a kernel has 3 × 3 places: no room for a cat.",
        ),
    ),
    "01.pixels": Question(
        "the cosine of the pixels, 0 to 1, of two photographs that share nothing",
        ("about 0", "only lists with positive and negative numbers can cancel to 0."),
        ("about 0.4", "it is larger: almost every product of two pixels adds something."),
        Right("about 0.8", "no pixel is negative, so all lists point in similar directions."),
    ),
}

QUESTIONS = (
    Question(
        "What does one value of a feature map say?",
        ("how bright the image is there", "an even area gives 0 with an edge kernel."),
        Right(
            "how strongly that place answers to the kernel",
            "it is one sum of products: pixels under positive weights raise it, pixels under "
            "negative weights lower it.",
        ),
        (
            "how similar that place is to the kernel",
            "the same edge with a third of the contrast gives a third of the sum: it depends on "
            "the strength of the edge as well as on its form.",
        ),
        ("which class the image has", "that comes from all maps together, much later."),
    ),
    Question(
        "A layer takes 3 channels and has 8 kernels. How many feature maps come out?",
        ("3", "each kernel adds up what it finds in all three channels."),
        ("24", "the sums of the three channels are not kept apart."),
        Right("8", "one map for each kernel, however many channels go in."),
    ),
    Question(
        "Which change lets one value of the last layer see more of the image?",
        ("more kernels in each layer", "that makes more maps; each value sees as much."),
        Right(
            "a stride of 2 in the first layer",
            "every step of the kernels after it then covers two pixels.",
        ),
        ("a larger padding", "padding adds zeros, and no pixel of the image."),
    ),
    Question(
        "Max pooling 2×2 with stride 2: what does it keep?",
        Right("the largest of four neighbours, in each map", "so the map has half the side."),
        ("the map with the largest values", "every map stays; each becomes smaller."),
        ("the mean of four neighbours", "that is average pooling."),
    ),
    Question(
        "Somebody wants to sort images of leaves into 20 species, with a network that was "
        "trained on ImageNet. What do they replace?",
        ("the backbone", "its features serve leaves as well: that is why one uses it."),
        ("nothing: 1000 classes are enough", "its answers are ImageNet's classes, no species."),
        Right("the head", "a new last layer with 20 outputs, on the same features."),
    ),
)
