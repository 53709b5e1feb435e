"""Exercises of lesson 3, AlexNet."""

import torch
from torch import nn

from .checking import Exercise, Question, Right, Wrong


def _ready(
    outputs: int = 10, frozen: bool = True, head: bool = True, training: bool = False
) -> nn.Module:
    """A small network as `03.freeze` wants it, or wrong in one way."""
    with torch.device("meta"):  # no memory, and no random number is drawn
        network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Dropout(), nn.Linear(4, outputs))
    network.requires_grad_(not frozen)[-1].requires_grad_(head)
    return network.train(training)


def _last(network: nn.Module) -> nn.Module:
    return list(network.modules())[-1]


def _outputs(network: nn.Module) -> int | None:
    return getattr(_last(network), "out_features", None)


def _head_learns(network: nn.Module) -> bool:
    return all(p.requires_grad for p in _last(network).parameters())


def _others_learn(network: nn.Module) -> bool:
    head = {id(p) for p in _last(network).parameters()}
    return any(p.requires_grad for p in network.parameters() if id(p) not in head)


def _drops(network: nn.Module) -> bool:
    return any(m.training for m in network.modules() if isinstance(m, nn.Dropout))


def _is_ready(network: nn.Module) -> bool:
    frozen = _head_learns(network) and not _others_learn(network)
    return _outputs(network) == 10 and frozen and not _drops(network)


EXERCISES = {
    "03.side": Exercise(
        "smallest side that gives maps of 55 × 55 with kernels 11×11 and stride 4, no padding",
        227,
        "54 steps of 4 from the first place to the last, and the 11 of the kernel: 216 + 11.",
        "Turn the formula round: 55 places are how many steps, and how far is it in pixels?",
        (
            Wrong(224, "224 gives (224 − 11) / 4 = 53.25: 53 steps, and only 54 places."),
            Wrong(220, "220 = 55 · 4 forgets that the last kernel covers 11 pixels, not 4."),
            Wrong(
                231, "231 = 55 · 4 + 11 makes 55 steps; from the first place to the 55th it is 54."
            ),
            Wrong(216, "216 = 54 · 4 is how far the kernel moves; its own 11 pixels come on top."),
            Wrong(
                228,
                "that side gives 55 as well, rounded down, but some pixels are never looked at: it "
                "can be smaller.",
                lambda side: 227 < side <= 230,
            ),
            Wrong(223, "223 has padding 2 in it, as torchvision does; here there is none."),
            Wrong(65, "65 = 54 + 11 forgets the stride: each step is 4 pixels long."),
        ),
        more=(
            "The kernel begins at pixel 0 and makes 54 steps of 4. Where does it end?",
            "(n − 11) / 4 + 1 = 55, so n = 54 · 4 + 11.",
        ),
        solution="54 * 4 + 11",
    ),
    "03.step": Exercise(
        "a weight of 0.8 after one step, with gradient 0.5 and learning rate 0.1",
        0.75,
        "0.8 − 0.1 · 0.5: against the gradient, so the weight becomes smaller.",
        "The step is learning rate times gradient. In which direction does it go?",
        (
            Wrong(0.85, "0.85 goes with the gradient, to where the loss grows: subtract."),
            Wrong(0.3, "0.3 = 0.8 − 0.5 leaves out the learning rate."),
            Wrong(0.05, "0.05 is the length of the step; the question is where it ends."),
            Wrong(-0.05, "−0.05 is the step alone; add the weight, 0.8."),
            Wrong(0.7, "0.7 = 0.8 − 0.1 leaves out the gradient."),
            Wrong(0.36, "0.36 = 0.8 · 0.9 · 0.5: nothing is multiplied by the weight here."),
            Wrong(-4.2, "−4.2 = 0.8 − 0.5 / 0.1 divides by the learning rate: multiply."),
        ),
        more=(
            "The gradient is positive: a larger weight would make the loss larger. So go down.",
            "0.8 − 0.1 · 0.5.",
        ),
        solution="0.8 - 0.1 * 0.5",
    ),
    "03.groups": Exercise(
        "parameters of conv2 (64 channels in, 192 out, kernels 5×5) in two groups",
        153_792,
        "192 kernels over 32 channels each: 192 · (32 · 5 · 5 + 1), about half of one group's "
        "307,392. nn.Conv2d(64, 192, 5, groups=2) counts the same.",
        "How many weights has one kernel that sees 32 channels? Add its bias, times 192.",
        (
            Wrong(307_392, "307,392 is one group: there each kernel sees all 64 channels."),
            Wrong(153_600, "153,600 leaves out the biases, one for each of the 192 channels."),
            Wrong(307_200, "307,200 is one group, and without the biases."),
            Wrong(76_896, "76,896 is one of the two groups: 96 kernels. There are two of them."),
            Wrong(153_696, "153,696 has 96 biases: both groups together have 192 kernels."),
            Wrong(
                153_984, "153,984 has two biases for each kernel, one a group; a kernel is in one."
            ),
            Wrong(4_992, "4,992 gives a kernel one channel: with two groups it sees 64 / 2 = 32."),
        ),
        more=(
            "Put C_in = 64, C_out = 192, k = 5 and g = 2 into the formula for P.",
            "192 · (64 / 2 · 5² + 1).",
        ),
        solution="192 * (64 // 2 * 5**2 + 1)",
    ),
    "03.dropout": Exercise(
        "a unit of value 4 that nn.Dropout(p=0.2) keeps in training mode",
        5.0,
        "4 / (1 − 0.2) = 5. On average 0.8 · 5 + 0.2 · 0 = 4, as without Dropout.",
        "A unit that is kept is divided by the probability with which it is kept.",
        (
            Wrong(4, "4 is the value in eval(): in training, what is kept is scaled up."),
            Wrong(3.2, "3.2 = 4 · 0.8 scales down: what is kept must make up for what is lost."),
            Wrong(20, "20 = 4 / 0.2 divides by p; divide by the share that is kept, 1 − p."),
            Wrong(0.8, "0.8 = 4 · 0.2 multiplies by p; divide by the share that is kept, 1 − p."),
            Wrong(8, "8 is right for p = 0.5; here p is 0.2, so 0.8 of the units are kept."),
            Wrong(0, "0 is a unit that is dropped; this one is kept."),
            Wrong(4.8, "4.8 = 4 · 1.2 adds 20 %; the average then is 0.8 · 4.8 = 3.84, not 4."),
        ),
        more=(
            "With p = 0.2 the unit is kept with probability 1 − 0.2.",
            "y = x / (1 − p): divide 4 by 0.8.",
        ),
        solution="4 / (1 - 0.2)",
    ),
    "03.freeze": Exercise(
        "AlexNet with a new last layer of 10 outputs that learns, all else frozen and in eval mode",
        _ready(),
        "only the new layer has a gradient, and Dropout is silent: a backbone with a new head.",
        "Freeze all of it, then replace network.classifier[-1], call eval(), return the network.",
        (
            Wrong(
                _ready(outputs=1000),
                "the last layer has not 10 outputs: replace it, "
                "network.classifier[-1] = nn.Linear(4096, 10).",
                lambda network: _outputs(network) != 10,
            ),
            Wrong(
                _ready(head=False),
                "the new layer is frozen too, so nothing can learn: freeze first, replace after.",
                lambda network: not _head_learns(network),
            ),
            Wrong(
                _ready(frozen=False),
                "layers before the last one still learn: eval() freezes nothing, "
                "requires_grad_(False) does.",
                _others_learn,
            ),
            Wrong(
                _ready(training=True),
                "Dropout is still active: requires_grad_(False) does not change the mode, "
                "eval() does.",
                _drops,
            ),
        ),
        accept=_is_ready,
        more=(
            "network.requires_grad_(False) freezes all of it. A layer that you make afterwards, "
            "nn.Linear(4096, 10), is free.",
            "Four lines: network.requires_grad_(False); network.classifier[-1] = a new nn.Linear "
            "with as many inputs as the old one; network.eval(); return network.",
        ),
        tested="how many outputs there are, which parameters learn, and if Dropout is active",
        solution="""from torch import nn
from course_utils import load_network
def for_ten_classes(network):
    network.requires_grad_(False)
    network.classifier[-1] = nn.Linear(network.classifier[-1].in_features, 10)
    return network.eval()
for_ten_classes(load_network("alexnet", weights=None))""",
    ),
}

QUESTIONS = (
    Question(
        "Where does AlexNet keep its parameters, and where does it do its work?",
        ("both in the convolutions", "they hold a twenty-fifth of the parameters."),
        ("both in the fully connected layers", "they use each weight once: little work."),
        Right(
            "parameters in the fully connected layers, work in the convolutions",
            "a convolution uses its few weights at thousands of places.",
        ),
    ),
    Question(
        "The gradient of the loss for a weight is −2. What does a step of learning do to it?",
        ("it makes the weight smaller", "a negative gradient: a larger weight makes it better."),
        Right("it makes the weight larger", "the step goes against the gradient."),
        ("nothing: only positive gradients count", "the sign says in which direction to go."),
    ),
    Question(
        "Why do deep networks not use sigmoids between their layers?",
        ("they are slow to compute", "that is not what stops them from learning."),
        Right(
            "their slope is at most a quarter, and on the way back slopes are multiplied",
            "next to nothing arrives at the first layers.",
        ),
        ("they give negative numbers", "they give numbers from 0 to 1."),
    ),
    Question(
        "A network gives another probability each time for the same image. What was forgotten?",
        Right("eval(): Dropout still draws zeros", "in training mode it does so at each call."),
        ("requires_grad_(False)", "that freezes weights; it does not stop Dropout."),
        ("torch.manual_seed()", "that makes the draws repeat; there should be none."),
    ),
    Question(
        "All parameters of a backbone are frozen, and yet it changes while a head is trained. Why?",
        ("the optimiser moves frozen parameters", "without a gradient it leaves them."),
        Right(
            "in training mode BatchNorm moves its running mean and variance",
            "they are buffers, no parameters: eval() keeps them.",
        ),
        ("Dropout changes its weights", "it has none; it only drops what comes in."),
    ),
)

PREDICTIONS = {
    "03.parameters": Question(
        "how many times LeNet's parameters AlexNet has",
        ("about 50", "that is the ratio of the pixels; channels and layers grow as well."),
        Right("about 1,000", "AlexNet has more and wider layers too: 985 times as many."),
        ("about 20,000", "that would be more than a billion; AlexNet has 61 million."),
    ),
    "03.work": Question(
        "what AlexNet's five convolutions hold and do",
        ("most parameters, most of the work", "their kernels are small: few weights, often used."),
        ("most parameters, little work", "it is the other way round: each weight is used often."),
        Right(
            "few parameters, most of the work",
            "a kernel has few weights and uses each of them at every place of a map.",
        ),
    ),
    "03.neurons": Question(
        "which sum is 650,000, rounded",
        ("that of the published network", "it has 659,272: 660,000."),
        ("that of the paper's list", "it adds up to 622,312: 620,000."),
        ("both", "they differ from each other, so both cannot be 650,000."),
        Right("neither", "659,272 and 622,312 round to 660,000 and 620,000."),
    ),
    "03.rate": Question(
        "where one weight is after ten steps with three times the learning rate",
        ("at the target, three times as fast", "each step goes past the target, not only to it."),
        ("near the target, to and fro", "the distance would have to shrink; here it grows."),
        Right(
            "farther away than at the start",
            "a step past the target lands farther away on its other side, and so on.",
        ),
    ),
    "03.sigmoid": Question(
        "how much of the gradient arrives at conv1 with sigmoids, against ReLU",
        ("about half", "half would be lost in a single sigmoid at least; there are seven."),
        ("about a tenth", "two sigmoids can take that much: a quarter of a quarter."),
        Right("less than a thousandth", "seven slopes of a quarter or less are multiplied."),
    ),
    "03.dropped": Question(
        "what a network with active Dropout says of one image, 100 times",
        ("the same 100 times", "Dropout draws new zeros at each call."),
        Right(
            "nearly always cat, each time with another probability",
            "half of the units are missing, others each time; here what is left is enough.",
        ),
        ("each time something else", "the zeros change the numbers, not so much the order."),
    ),
    "03.eval": Question(
        "how many of ten tensors a step changes in eval mode",
        Right("10", "the mode is looked at by Dropout and BatchNorm, not by the optimizer."),
        ("2, those of the last layer", "nothing sets the last layer apart."),
        ("0", "that needs requires_grad_(False); eval() only sets a mode."),
    ),
    "03.statistics": Question(
        "how sure of the cat the network is after it has looked 100 times in training mode",
        ("as sure as before", "no weight has moved, but something else that it uses has."),
        Right(
            "much less sure",
            "BatchNorm's running mean and variance have become those of this one image.",
        ),
        ("surer than before", "no step was taken: it has not learned from the cat."),
    ),
}
