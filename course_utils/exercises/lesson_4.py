"""Exercises of lesson 4, VGG."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ..networks import CONFIGURATIONS, vgg_features
from .checking import Exercise, Question, Right, Wrong

# --- "04.vgg13": a network is known by its layers ------------------------------------------------

Block = tuple[int | tuple[int, int] | str, ...]  # as vgg_features takes it


def _features(*blocks: Block, batch_norm: bool = False) -> nn.Sequential:
    """The convolutional part of a VGG, without memory, and without drawing random numbers."""
    with torch.device("meta"):
        return vgg_features(blocks, batch_norm)


def _widths(network: nn.Module) -> list[int]:
    return [m.out_channels for m in network.modules() if isinstance(m, nn.Conv2d)]


def _pools(network: nn.Module) -> int:
    return sum(isinstance(m, nn.MaxPool2d) for m in network.modules())


def _has(network: nn.Module, kind: type[nn.Module]) -> bool:
    return any(isinstance(m, kind) for m in network.modules())


def _plan(network: nn.Module) -> list[tuple[int, ...] | type[nn.Module]]:
    """Convolutions (width, sides of the kernel) and what else there is, in order."""
    kinds = (nn.Conv2d, nn.ReLU, nn.MaxPool2d, nn.BatchNorm2d, nn.Linear)
    found = (m for m in network.modules() if isinstance(m, kinds))
    return [
        (m.out_channels, *m.kernel_size) if isinstance(m, nn.Conv2d) else type(m) for m in found
    ]


VGG13 = CONFIGURATIONS["vgg13"]
PLAN = _plan(_features(*VGG13))

# --- "04.conv_cost": a function is known by what it gives ----------------------------------------

Cost = Callable[[int, int, int, int, int, int], Any]  # conv_cost(c_in, c_out, k, s, p, side)

# AlexNet's first layer, where one has to round down; VGG16's third; a 1×1 of configuration C.
LAYERS = ((3, 64, 11, 4, 2, 224), (64, 128, 3, 1, 1, 112), (256, 256, 1, 1, 0, 56))
SIDE, PARAMETERS, WORK = range(3)  # what the function returns, in this order


def conv_cost(c_in: int, c_out: int, k: int, s: int, p: int, side: int) -> tuple[int, int, int]:
    """(side of the output, parameters, multiply-adds) of a convolution."""
    out = (side + 2 * p - k) // s + 1
    return out, c_out * (c_in * k * k + 1), c_in * k * k * c_out * out * out


def _given(cost: Cost) -> list[tuple]:
    """What a function gives for each layer; () for what is no list of numbers."""
    results = [cost(*layer) for layer in LAYERS]
    return [tuple(r) if isinstance(r, tuple | list) else () for r in results]


def _mistake(part: int, mistaken: Callable[..., float], diagnosis: str) -> Wrong:
    """One of the three numbers is wrong in the way of `mistaken`, which gives that number."""

    def wrong(*layer: int) -> tuple:
        right = conv_cost(*layer)
        return (*right[:part], mistaken(*layer), *right[part + 1 :])

    def matches(cost: Cost) -> bool:
        pairs = zip(_given(cost), LAYERS, strict=True)
        return all(abs(given[part] - mistaken(*layer)) < 0.01 for given, layer in pairs)

    return Wrong(wrong, diagnosis, matches)


def _out(c_in: int, c_out: int, k: int, s: int, p: int, side: int) -> int:
    return (side + 2 * p - k) // s + 1


EXERCISES = {
    "04.vgg13": Exercise(
        "the convolutional part of VGG13, built by vgg_features",
        _features(*VGG13),
        "10 convolutions, and with the 3 fully connected layers 13 layers with weights.",
        "Five brackets with two numbers each: vgg_features(((64, 64), (128, 128), …)).",
        (
            Wrong(
                _features(*VGG13, batch_norm=True),
                "VGG13 of the paper has no BatchNorm, which came a year later: leave batch_norm "
                "away.",
                lambda network: _has(network, nn.BatchNorm2d),
            ),
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
                nn.Sequential(*_features(*VGG13), nn.Linear(25088, 10, device="meta")),
                "fully connected layers are not part of it: only what vgg_features gives.",
                lambda network: _has(network, nn.Linear),
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
        more=(
            "The first number of each bracket is 64, 128, 256, 512, 512, as in VGG11.",
            "Take the list of VGG11 from above and write the number of every bracket twice.",
        ),
        tested="kernels, widths, ReLUs and poolings, in their order",
        solution="from course_utils.networks import vgg_features\n"
        "vgg_features(((64, 64), (128, 128), (256, 256), (512, 512), (512, 512)))",
    ),
    "04.receptive_field": Exercise(
        "receptive field of 3×3, 3×3, pooling 2×2 with stride 2, 3×3",
        10,
        "1 + 2 + 2 = 5, the pooling adds 1 · 1, and the last convolution 2 · 2, because its "
        "neighbours are 2 pixels apart.",
        "Start with 1 and add (k − 1) · j for each layer; j is 1 up to the pooling, then 2.",
        (
            Wrong(8, "8 keeps j = 1: after the pooling the last kernel reaches 2 · 2 pixels."),
            Wrong(9, "9 forgets the pooling window: it adds (2 − 1) · 1 as well."),
            Wrong(7, "7 is three 3×3 without the pooling."),
            Wrong(11, "11 adds up the kernels, 3 + 3 + 2 + 3; each adds k − 1, times j."),
            Wrong(12, "12 doubles all that was there: the pooling doubles j, not r."),
            Wrong(6, "6 is the field after the pooling; one convolution is still to come."),
            Wrong(100, "100 is the number of pixels; the question is how wide the field is."),
        ),
        more=(
            "The two convolutions before the pooling: 1 + 2 · 1 + 2 · 1. Then the pooling's own "
            "window, with k = 2.",
            "r = 1 + 2 · 1 + 2 · 1 + 1 · 1 + 2 · 2.",
        ),
        solution="1 + 2 * 1 + 2 * 1 + 1 * 1 + 2 * 2",
    ),
    "04.conv_cost": Exercise(
        "a function conv_cost(c_in, c_out, k, s, p, side): side of the output, parameters, "
        "multiply-adds",
        conv_cost,
        "three formulas for any convolution, and they give what the networks have.",
        "Write one line for each of the three, as in the formulas above, and return all three.",
        (
            Wrong(
                lambda *layer: None,
                "conv_cost returns nothing: does it end with return?",
                lambda f: f(*LAYERS[0]) is None,
            ),
            Wrong(
                lambda *layer: conv_cost(*layer)[:2],
                "it should return three numbers: side of the output, parameters, multiply-adds.",
                lambda f: any(len(given) != 3 for given in _given(f)),
            ),
            Wrong(
                lambda *layer: conv_cost(*layer)[::-1],
                "the three numbers are right; their order is side, parameters, multiply-adds.",
                lambda f: (
                    [sorted(given) for given in _given(f)]
                    == [sorted(conv_cost(*layer)) for layer in LAYERS]
                ),
            ),
            _mistake(
                SIDE,
                lambda c_in, c_out, k, s, p, side: (side + 2 * p - k) / s + 1,
                "the side is not rounded down: AlexNet's first layer has 55, not 55.25. Use //.",
            ),
            _mistake(
                SIDE,
                lambda c_in, c_out, k, s, p, side: (side + 2 * p - k) // s,
                "the side is one too small: the place where the kernel starts counts (+ 1).",
            ),
            _mistake(
                SIDE,
                lambda c_in, c_out, k, s, p, side: (side - k) // s + 1,
                "the side forgets the padding: 2 · p more pixels.",
            ),
            _mistake(
                SIDE,
                lambda c_in, c_out, k, s, p, side: (side + p - k) // s + 1,
                "the side has the padding on one edge only: it is on both, 2 · p.",
            ),
            _mistake(
                SIDE,
                lambda c_in, c_out, k, s, p, side: side + 2 * p - k + 1,
                "the side forgets the stride: divide the way by s before you add 1.",
            ),
            _mistake(
                PARAMETERS,
                lambda c_in, c_out, k, s, p, side: c_out * c_in * k * k,
                "the parameters lack the biases: one for each of the c_out kernels.",
            ),
            _mistake(
                PARAMETERS,
                lambda c_in, c_out, k, s, p, side: c_out * c_in * k * k + 1,
                "the parameters have one bias for all; each of the c_out kernels has its own.",
            ),
            _mistake(
                PARAMETERS,
                lambda c_in, c_out, k, s, p, side: c_out * c_in * k * k + c_in,
                "the parameters have a bias for each input channel; it is one for each kernel.",
            ),
            _mistake(
                PARAMETERS,
                lambda c_in, c_out, k, s, p, side: c_out * c_in * (k * k + 1),
                "the parameters have a bias for each pair of channels; it is one for each kernel.",
            ),
            _mistake(
                PARAMETERS,
                lambda c_in, c_out, k, s, p, side: c_out * (k * k + 1),
                "the parameters forget that a kernel has k · k weights for each of c_in channels.",
            ),
            _mistake(
                PARAMETERS,
                lambda c_in, c_out, k, s, p, side: c_out * (c_in * k + 1),
                "the parameters have k weights in a kernel; it has k · k for each channel.",
            ),
            _mistake(
                WORK,
                lambda c_in, c_out, k, s, p, side: (
                    c_out * (c_in * k * k + 1) * _out(c_in, c_out, k, s, p, side) ** 2
                ),
                "the multiply-adds count the biases: adding a bias needs no multiplication.",
            ),
            _mistake(
                WORK,
                lambda c_in, c_out, k, s, p, side: c_in * k * k * c_out * side * side,
                "the multiply-adds use the side that goes in; sums are made for places that come "
                "out.",
            ),
            _mistake(
                WORK,
                lambda c_in, c_out, k, s, p, side: (
                    c_in * k * k * c_out * _out(c_in, c_out, k, s, p, side)
                ),
                "the multiply-adds have one side of the maps only: there are side · side places.",
            ),
            _mistake(
                WORK,
                lambda c_in, c_out, k, s, p, side: (
                    c_in * k * k * _out(c_in, c_out, k, s, p, side) ** 2
                ),
                "the multiply-adds are those of one map; c_out maps come out.",
            ),
            _mistake(
                WORK,
                lambda c_in, c_out, k, s, p, side: (
                    2 * c_in * k * k * c_out * _out(c_in, c_out, k, s, p, side) ** 2
                ),
                "the multiply-adds count multiplication and addition apart: together they are one.",
            ),
            _mistake(
                WORK,
                lambda c_in, c_out, k, s, p, side: c_in * k * k * c_out,
                "the multiply-adds are those of one place; the kernels are laid on side · side.",
            ),
        ),
        form="a function conv_cost(c_in, c_out, k, s, p, side)",
        accept=lambda f: _given(f) == [conv_cost(*layer) for layer in LAYERS],
        more=(
            "side: as in lesson 1, rounded down with //. A kernel has c_in · k · k weights and one "
            "bias; there are c_out kernels.",
            "out = (side + 2 * p - k) // s + 1, then c_out * (c_in * k * k + 1), then the weights "
            "without biases times out * out.",
        ),
        tested="with the first layer of AlexNet, the third of VGG16, and a 1×1 of configuration C",
        solution="""def conv_cost(c_in, c_out, k, s, p, side):
    out = (side + 2 * p - k) // s + 1
    return out, c_out * (c_in * k * k + 1), c_in * k * k * c_out * out * out
conv_cost""",
    ),
    "04.memory": Exercise(
        "MiB of the output of conv3 of VGG16 (128 × 112 × 112) for a batch of 32, 4 bytes each",
        196.0,
        "32 · 128 · 112 · 112 · 4 / 2²⁰: half of conv1's, for twice the maps have a quarter of "
        "the places.",
        "Multiply images, maps, height, width and bytes, and divide by 2**20.",
        (
            Wrong(6.125, "6.125 MiB is one image; the batch has 32."),
            Wrong(49, "49 counts numbers; each has 4 bytes."),
            Wrong(205.5, "205.5 divides by 1,000,000: these are MB. A MiB is 2²⁰ = 1,048,576."),
            Wrong(392, "392 is conv1: 64 maps of 224 × 224. conv3 has 128 of 112 × 112."),
            Wrong(205_520_896, "that is in bytes: divide by 2²⁰.", lambda answer: answer > 1e6),
            Wrong(1.75, "1.75 has one side of the maps only: they have 112 · 112 places."),
        ),
        more=(
            "Numbers first: 128 · 112 · 112 for one image, times 32 images.",
            "32 * 128 * 112 * 112 * 4 / 2**20",
        ),
        solution="32 * 128 * 112 * 112 * 4 / 2**20",
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
        more=(
            "One value adds up 3 · 3 products for each of the 128 channels.",
            "math.sqrt(2 / (9 * 128))",
        ),
        solution="(2 / (9 * 128)) ** 0.5",
    ),
    "04.batchnorm": Exercise(
        "parameters that BatchNorm after each of its 13 convolutions adds to VGG16",
        8448,
        "two for each map, γ and β: 2 · (2 · 64 + 2 · 128 + 3 · 256 + 6 · 512). That is nothing "
        "beside 138 million.",
        "How many maps do the 13 convolutions make in all? BatchNorm has two parameters a map.",
        (
            Wrong(4224, "4,224 is the number of maps; each has two parameters, γ and β."),
            Wrong(
                16896,
                "16,896 counts mean and variance too. They are measured, not learned, so they are "
                "no parameters.",
            ),
            Wrong(26, "26 is two for each layer; it is two for each map."),
            Wrong(2944, "2,944 counts each block once; every convolution has its own BatchNorm."),
            Wrong(5504, "5,504 belongs to VGG11, with 8 convolutions. VGG16 has 13."),
            Wrong(
                26832,
                "26,832 counts the fully connected layers too: BatchNorm follows the "
                "convolutions only.",
            ),
        ),
        more=(
            "VGG16 has two convolutions with 64 maps, two with 128, three with 256, six with 512.",
            "2 * (2 * 64 + 2 * 128 + 3 * 256 + 6 * 512)",
        ),
        solution="2 * (2 * 64 + 2 * 128 + 3 * 256 + 6 * 512)",
    ),
}

QUESTIONS = (
    Question(
        "VGG16: what are the 16?",
        ("its convolutions", "there are 13 of them."),
        Right(
            "its layers with weights: 13 convolutions and 3 fully connected",
            "pooling and ReLU have no weights and do not count.",
        ),
        ("all its layers, with ReLU and pooling", "those would be more than 30."),
    ),
    Question(
        "Why three 3×3 in place of one 7×7?",
        ("they see more of the image", "both see 7×7."),
        (
            "they need less memory in training",
            "they need more: there are three outputs to keep, not one.",
        ),
        Right(
            "the same view with 27 C² weights for 49 C², and three ReLUs for one",
            "that is the argument of the paper, section 2.3.",
        ),
    ),
    Question(
        "What does `x +` around two convolutions of a deep network add to it?",
        ("parameters, so that it can express more", "an addition has none."),
        Right(
            "a way for the signal and the gradient that goes around the two convolutions",
            "what comes in goes on as it is, and the convolutions add to it.",
        ),
        ("a normalisation, so that BatchNorm can go", "in the lesson BatchNorm stays beside it."),
    ),
    Question(
        "In training the graphics card runs out of memory. What helps most with VGG16?",
        ("kernels 5×5 instead of 3×3", "the outputs stay as large, and the weights grow."),
        Right(
            "a smaller batch",
            "what the backward pass needs is kept for every image of the batch.",
        ),
        (
            "one fully connected layer less",
            "that saves parameters; what is kept of 32 images takes four times as much as all.",
        ),
    ),
    Question(
        "A plain VGG16 starts with σ = 0.01 in every layer, and its loss stays at ln 10. Why?",
        ("the learning rate is too high", "then the loss would jump, or become nan."),
        ("it has too few parameters", "the same network learns with He's initialisation."),
        Right(
            "each layer makes the signal and the gradient weaker, until nothing is left",
            "13 layers multiply what each of them takes away.",
        ),
    ),
)

PREDICTIONS = {
    "04.depth": Question(
        "by how much the parameters grow from VGG11 to VGG19",
        Right("8 %", "the three fully connected layers stay, and they hold most parameters."),
        ("50 %", "the eight new convolutions are small beside the fully connected layers."),
        ("100 %", "twice as many convolutions, but most parameters sit elsewhere."),
    ),
    "04.stack": Question(
        "what part of the weights of one 11×11 five 3×3 need",
        ("nine tenths", "five times 9 are 45 weights, one 11×11 has 121."),
        ("two thirds", "that is near the ratio for 5×5; the larger the kernel, the more is saved."),
        Right("a little over a third", "45 weights against 121, for each pair of channels."),
    ),
    "04.memory": Question(
        "what takes more memory when VGG16 learns from 32 images at once",
        ("its 138 million parameters", "they take 528 MiB, however many images there are."),
        Right(
            "what is kept of the images",
            "70 MiB for each of 32: the first maps alone have millions of numbers.",
        ),
        ("about the same", "that would be so with seven or eight images."),
    ),
    "04.signal": Question(
        "what is left of the signal after 13 convolutions with σ = 0.01",
        ("a tenth", "that would be four halvings; there are twelve, most of them stronger."),
        ("a thousandth", "halving twelve times leaves less, and the first layers take more."),
        Right("about a millionth", "each layer takes at least half, and the parts multiply."),
    ),
    "04.starts": Question(
        "which of four starts has learned ten images after 80 steps",
        ("all of them, some more slowly", "two of them do not move at all."),
        ("all but σ = 0.1", "a gradient of a millionth moves nothing either."),
        Right("He's only", "only there do signal and gradient arrive in a size that can be used."),
    ),
    "04.batchnorm": Question(
        "who learns ten images at five times the learning rate",
        ("He's start without BatchNorm", "its steps are too long now: the loss jumps."),
        Right("the bad start, with BatchNorm", "each layer is brought back to the same strength."),
        ("both", "at this rate the plain network's loss jumps."),
        ("neither", "one of them falls below 0.5 at once."),
    ),
    "04.forty": Question(
        "which plain network has learned more digits after 150 steps",
        ("the one with 40 layers", "it could express more, but it has to be trained first."),
        Right("the one with 4 layers", "the deep one is far behind, BatchNorm or not."),
        ("both about the same", "they are more than ten points apart."),
    ),
    "04.residual": Question(
        "what `x +` changes after the same 150 steps",
        ("nothing at either depth", "at depth 40 it changes much."),
        ("much at both depths", "the network of depth 4 learned well without it."),
        Right("much at depth 40, hardly anything at depth 4", "there was nothing to mend at 4."),
    ),
}
