"""Exercises of lesson 7, training."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from .checking import Exercise, Question, Right, Wrong

Step = Callable[[nn.Module, torch.optim.Optimizer, torch.Tensor, torch.Tensor], Any]

FIVE_LINES = """
from torch.nn import functional as F

def one_step(network, optimizer, X, y):
    Y_hat = network(X)
    loss = F.cross_entropy(Y_hat, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss

one_step
"""


class _Recorded(torch.optim.SGD):
    """Notes in `log` what is called."""

    def __init__(self, parameters: Iterable[nn.Parameter], log: list[str]) -> None:
        self.log = log
        super().__init__(parameters, lr=0.5)

    def zero_grad(self, set_to_none: bool = True) -> None:
        self.log.append("zero_grad")
        super().zero_grad(set_to_none)

    def step(self, closure: Any = None) -> Any:
        self.log.append("step")
        return super().step(closure)


def tried(step: Step) -> tuple[torch.Tensor, list[str]]:
    """The weights of a small network after two steps, and what was called, in order."""
    generator, log = torch.Generator().manual_seed(7), []
    network = nn.utils.skip_init(nn.Linear, 4, 3)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(generator=generator)
    network.weight.register_hook(lambda gradient: log.append("backward"))
    optimizer = _Recorded(network.parameters(), log)
    X, y = torch.randn(6, 4, generator=generator), torch.tensor([0, 1, 2, 0, 1, 2])
    for _ in range(2):
        step(network, optimizer, X, y)
    return network.weight.detach(), log


def _like(wanted: Step) -> Callable[[Step], bool]:
    """Whether another function leaves the same weights as `wanted`."""
    return lambda step: torch.allclose(tried(step)[0], tried(wanted)[0], atol=1e-6)


def _lacks(what: str) -> Callable[[Step], bool]:
    return lambda step: what not in tried(step)[1]


def _in_order(*wanted: str) -> Callable[[Step], bool]:
    """Whether these are the calls of the first step that there are."""
    return lambda step: tried(step)[1][: len(wanted)] == [*wanted]


def _loss(network: nn.Module, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(network(X), y)


def _right(network, optimizer, X, y) -> None:
    optimizer.zero_grad()
    _loss(network, X, y).backward()
    optimizer.step()


def _no_backward(network, optimizer, X, y) -> None:
    _loss(network, X, y)
    optimizer.zero_grad()
    optimizer.step()


def _no_step(network, optimizer, X, y) -> None:
    optimizer.zero_grad()
    _loss(network, X, y).backward()


def _never_forgets(network, optimizer, X, y) -> None:
    _loss(network, X, y).backward()
    optimizer.step()


def _forgets_too_late(network, optimizer, X, y) -> None:
    _loss(network, X, y).backward()
    optimizer.zero_grad()
    optimizer.step()


def _steps_too_early(network, optimizer, X, y) -> None:
    optimizer.zero_grad()
    optimizer.step()
    _loss(network, X, y).backward()


def _softmax_twice(network, optimizer, X, y) -> None:
    optimizer.zero_grad()
    F.cross_entropy(network(X).softmax(dim=1), y).backward()
    optimizer.step()


EXERCISES: dict[str, Exercise] = {
    "07.untrained_loss": Exercise(
        "loss of an untrained network with 100 classes",
        4.605,
        "Each of 100 classes gets about 0.01, and −ln 0.01 = 4.605.",
        "An untrained network spreads its probability evenly. Take −ln of what one class gets.",
        (
            Wrong(2.303, "2.303 is ln 10: the loss for 10 classes. Here there are 100."),
            Wrong(0.01, "0.01 is the probability of the right class; the loss is its −ln."),
            Wrong(2.0, "2 is −log₁₀ 0.01; cross-entropy uses the natural logarithm."),
            Wrong(-4.605, "−4.605 is ln 0.01: the minus of the formula is missing."),
            Wrong(0.99, "0.99 is 1 − 0.01, a share of errors. The loss is −ln 0.01."),
            Wrong(100.0, "100 is 1 / 0.01. The loss is the logarithm of it."),
        ),
        more=(
            "One class of 100 gets a probability of 1 / 100.",
            "−ln(1 / 100) = ln 100: `torch.tensor(100.0).log()` computes it.",
        ),
    ),
    "07.steps": Exercise(
        "steps in one epoch: 50,000 images, 5,000 held out, batches of 32",
        1407,
        "45,000 / 32 = 1406.25: 1406 full batches and a smaller one, each of them a step.",
        "Only the images that are left for training count. A smaller last batch is a batch.",
        (
            Wrong(1563, "1,563 trains on the 5,000 images that were held out, too."),
            Wrong(1406, "1,406 leaves out the last, smaller batch: 8 images are never seen."),
            Wrong(1406.25, "1,406.25 is 45,000 / 32. A quarter of a batch is a batch, too."),
            Wrong(45000, "45,000 is the number of images; a step takes a batch of 32."),
            Wrong(157, "157 counts the batches of the 5,000 images that were held out."),
        ),
        more=(
            "50,000 − 5,000 images, in groups of 32.",
            "45,000 / 32, rounded up: the images that are left over make a batch of their own.",
        ),
    ),
    "07.accuracy": Exercise(
        "accuracy from the confusion matrix [[8, 2], [4, 6]]",
        0.7,
        "8 + 6 on the diagonal are right, of 20 in all.",
        "What is right stands on the diagonal. Divide it by the number of images.",
        (
            Wrong(14, "14 is the number of right answers; accuracy is their share of all 20."),
            Wrong(0.3, "0.3 is the share of wrong answers, 2 + 4 of 20."),
            Wrong(0.8, "0.8 is the first row only: 8 of 10 images of that class."),
            Wrong(0.6, "0.6 is the second row only: 6 of 10 images of that class."),
            Wrong(2 / 3, "0.67 is the first column only: of 12 answers with that class, 8 right."),
            Wrong(70, "70 is in percent; give the share, between 0 and 1."),
        ),
        more=("The diagonal holds 8 and 6.", "(8 + 6) / (8 + 2 + 4 + 6)."),
    ),
    "07.way_back": Exercise(
        "the gradients of two weights: inputs (2, 0, 1, 3), from above (1, 1, −1)",
        (1.0, -2.0),
        "1 · 2 + 1 · 0 − 1 · 1 = 1 for the first, 1 · 0 + 1 · 1 − 1 · 3 = −2 for the second.",
        "Which inputs does the first weight meet? One of them at each place.",
        (
            Wrong((3, 4), "the last g is −1: what comes from that place counts with a minus."),
            Wrong((-2, 1), "the two are swapped: the first weight meets the inputs 2, 0 and 1."),
            Wrong((2, 0), "that is the first place only: each weight is used at three places."),
            Wrong(
                (-1, 4),
                "that takes g in reversed order: the weight's gradient needs no reversal, only the "
                "inputs' does.",
            ),
        ),
        form="2 numbers, like (0, 0)",
        more=(
            "The first weight is multiplied by 2, then by 0, then by 1; the second by 0, 1 and 3.",
            "1 · 2 + 1 · 0 + (−1) · 1, and the same with 0, 1 and 3.",
        ),
    ),
    "07.momentum": Exercise(
        "the velocity after three steps with gradient 2 and momentum 0.5",
        3.5,
        "2, then 0.5 · 2 + 2 = 3, then 0.5 · 3 + 2 = 3.5. It grows towards 2 / (1 − 0.5) = 4.",
        "Begin with 0.5 · 0 + 2, and go on with what comes out.",
        (
            Wrong(3.0, "3 is the velocity after two steps: one more."),
            Wrong(3.75, "3.75 is the velocity after four steps."),
            Wrong(4.0, "4 is what it grows towards; after three steps it is not there yet."),
            Wrong(6.0, "6 is the sum of three gradients: each step also halves what was there."),
            Wrong(1.75, "1.75 takes 1 for the gradient; it is 2."),
            Wrong(0.25, "0.25 only forgets: the gradient is added in every step."),
            Wrong(5.42, "5.42 is with momentum 0.9; here it is 0.5."),
        ),
        more=("After the first step it is 2, after the second 3.", "0.5 · 3 + 2."),
        solution="0.5 * (0.5 * 2 + 2) + 2",
    ),
    "07.step": Exercise(
        "the five lines as a function: def one_step(network, optimizer, X, y)",
        _right,
        "forward, loss, forget the old gradients, backward, step: the weights are where they "
        "should be.",
        "Look at the loop of section 2: the function holds what is repeated there.",
        (
            Wrong(
                _no_backward,
                "no gradient arrives at the weights: call loss.backward().",
                _lacks("backward"),
            ),
            Wrong(
                _no_step,
                "there are gradients, but the weights stay: call optimizer.step().",
                _lacks("step"),
            ),
            Wrong(
                _never_forgets,
                "in the second step the gradients of the first are still there, and backward() "
                "adds to them: call optimizer.zero_grad() in each step.",
                _like(_never_forgets),
            ),
            Wrong(
                _forgets_too_late,
                "zero_grad() comes between backward() and step(): the gradients are forgotten "
                "before they are used.",
                _in_order("backward", "zero_grad", "step"),
            ),
            Wrong(
                _steps_too_early,
                "step() comes before backward(): it knows nothing of this batch yet.",
                lambda step: tried(step)[1].index("step") < tried(step)[1].index("backward"),
            ),
            Wrong(
                _softmax_twice,
                "cross_entropy takes logits, and makes the softmax itself: give it network(X).",
                _like(_softmax_twice),
            ),
        ),
        form="a function of (network, optimizer, X, y)",
        accept=_like(_right),
        tested="the weights of a small network after two steps, and the order of your calls",
        solution=FIVE_LINES.strip(),
        more=(
            "Logits from network(X), the loss from F.cross_entropy(logits, y); then three calls.",
            "The three calls, in this order: optimizer.zero_grad(), loss.backward(), "
            "optimizer.step().",
        ),
    ),
}

QUESTIONS = (
    Question(
        "The training loss falls, the validation loss rises. What is happening?",
        ("The learning rate is too small.", "then both would fall, slowly."),
        Right(
            "The network learns its images by heart.",
            "what it learns helps with those images only: overfitting.",
        ),
        ("The network has too few weights.", "then the training loss would not fall far either."),
    ),
    Question(
        "What would happen without zero_grad()?",
        Right(
            "Each step would add the gradients of all batches before.",
            "backward() adds to what is there, so a step also follows gradients of the past.",
        ),
        ("PyTorch would raise an error.", "it is allowed, and sometimes wanted."),
        ("The weights would stay as they are.", "it is step() that moves them."),
    ),
    Question(
        "Why are the test images looked at only once, at the end?",
        ("To save time.", "they take seconds; that is not the reason."),
        (
            "Because the network would learn from them.",
            "evaluating changes no weight: it is the person who learns.",
        ),
        Right(
            "Because whoever chooses settings by them has no images left that are new.",
            "what was chosen by a set of images looks better on it than elsewhere.",
        ),
    ),
    Question(
        "At a learning rate of 0.01, SGD with momentum 0.9 gets further than plain SGD. What does "
        "that show?",
        ("Momentum is the better method.", "plain SGD at 0.1 might get as far."),
        Right(
            "Little, before plain SGD was tried with larger rates.",
            "momentum 0.9 acts much like ten times the rate: each needs a rate of its own.",
        ),
        ("Plain SGD does not learn.", "it learns more slowly, at this rate."),
    ),
    Question(
        "Two networks, trained by two recipes, reach 75 and 91 %. How much of it is due to the "
        "networks?",
        ("all of it", "the recipes differ too, in optimizer, images and length."),
        ("half of it", "nothing here says so."),
        Right(
            "that cannot be told",
            "more than one thing differs; train both by one recipe, each at its best rate.",
        ),
    ),
)

PREDICTIONS = {
    "07.untrained": Question(
        "The loss of an untrained LeNet, ten classes",
        ("0", "that would be certainty about the right class for every image."),
        ("1", "−ln p is 1 if the right class gets 37 %; an untrained network gives it about 10 %."),
        Right("2.3", "each class gets about one tenth, and −ln 0.1 = 2.3."),
        ("10", "that would be certainty about a wrong class."),
    ),
    "07.rate": Question(
        "A learning rate 100 times as large, ten steps",
        (
            "falls 100 times as fast",
            "only if the gradient were true as far away as such a step goes.",
        ),
        ("falls more slowly", "it does not get below 2 in any of the three runs."),
        Right("does not fall", "a step so long lands where the gradient says nothing any more."),
    ),
    "07.pooling": Question(
        "Max pooling of (1, 5) and (2, 3): from above come 10 and 20",
        ("5, 5, 10, 10", "that is average pooling: half to each."),
        Right("0, 10, 0, 20", "only the largest input of a window changes its maximum."),
        ("2, 8, 8, 12", "nothing is divided in proportion: only the largest counts."),
    ),
    "07.fit": Question(
        "Right of ten validation images, LeNet after four epochs of 12,000 images",
        ("2", "that is hardly more than guessing; the first epoch alone brings more."),
        Right("5", "four epochs on 12,000 images bring LeNet to about half."),
        ("8", "with all images and many epochs LeNet gets to about 7.5."),
    ),
    "07.test": Question(
        "The test accuracy, compared with the validation accuracy",
        ("clearly higher", "nothing makes the test images easier."),
        Right("about the same", "the network has seen neither, and nothing was chosen by either."),
        ("clearly lower", "that comes if settings were chosen by the validation images."),
    ),
    "07.momentum": Question(
        "Momentum 0.9 at the learning rate 0.003",
        ("about what plain SGD reaches at 0.003", "its steps become about ten times as long."),
        Right(
            "about what plain SGD reaches at 0.03",
            "where gradients agree, the velocity becomes about ten times one of them.",
        ),
        ("less than both: it overshoots", "at this rate the longer steps are not too long."),
    ),
    "07.best": Question(
        "SGD, momentum and Adam, each with the best of three learning rates",
        ("Adam wins clearly", "it is ahead by no more than another seed would change."),
        ("SGD with momentum wins clearly", "plain SGD at ten times its rate gets as far."),
        Right("they are about equal", "the rate decides, and each has its own best one."),
    ),
    "07.zero": Question(
        "All weights 0 at first",
        (
            "learn as well: training finds the right weights",
            "hardly any weight ever gets a gradient.",
        ),
        ("learn more slowly at first", "it does not learn later either."),
        Right(
            "learn no more than how common each class is",
            "only the biases of the last layer get a gradient.",
        ),
    ),
    "07.resume": Question(
        "Stopped and resumed: the final weights, compared with those without a stop",
        ("others", "all that decides what comes next is in the checkpoint."),
        ("nearly the same", "even the order of the images and each velocity go on as they were."),
        Right("the same to the last bit", "each step is the one that would have come."),
    ),
    "07.halves": Question(
        "Two processes, half of the batch each: which gradient both must use",
        ("the sum of the two", "the loss is a mean, so the sum is twice too long a step."),
        Right(
            "the mean of the two", "the loss of the batch is the mean of the two halves' losses."
        ),
        ("the larger one", "then the other half of the images would not count."),
    ),
    "07.cost": Question(
        "VGG16's multiply-adds, with 238 times LeNet's parameters",
        ("fewer than LeNet's", "its weights are used at many places of an image."),
        ("238 times as many, too", "only if each parameter were used equally often in both."),
        Right(
            "more than 238 times as many",
            "LeNet has most parameters where each is used once, VGG16 in convolutions.",
        ),
    ),
}
