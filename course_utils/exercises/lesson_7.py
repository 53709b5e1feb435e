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
    "07.exchange": Exercise(
        "seconds to send the gradients of 11,000,000 parameters, float32, at 10 Gbit/s",
        0.0352,
        "11,000,000 · 4 bytes · 8 bits = 352,000,000 bits, and 10,000,000,000 of them pass in a "
        "second.",
        "A float32 has 4 bytes, a byte 8 bits, and a Gbit is 1,000,000,000 bits.",
        (
            Wrong(0.0044, "0.0044 divides bytes by bits: a byte has 8 of them."),
            Wrong(0.0088, "0.0088 gives each number one byte; a float32 has 4."),
            Wrong(0.0011, "0.0011 counts each number as one bit; a float32 has 32."),
            Wrong(0.0176, "0.0176 is right for float16, 2 bytes; these are float32."),
            Wrong(0.352, "0.352 is right for 1 Gbit/s; this connection has 10."),
            Wrong(35.2, "35.2 is in thousandths of a second; give seconds."),
            Wrong(0.0704, "0.0704 sends everything twice; with two processes each sends it once."),
        ),
        tolerance=0.02,
        more=(
            "How many bits are 11,000,000 numbers of 32 bits?",
            "11,000,000 · 32 / 10,000,000,000.",
        ),
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
        "Two processes train one network together. What do they exchange in every step?",
        ("the images", "they are divided before; each process reads its own half."),
        Right("the gradients", "their mean is the gradient of the whole batch."),
        ("the accuracy", "no step depends on it."),
    ),
    Question(
        "What must a checkpoint hold, so that a resumed training ends with the very same weights?",
        ("the weights", "the momentum would start at 0, the order of the images anew."),
        (
            "the weights and the number of the epoch",
            "in the middle of an epoch, half of the images would come twice.",
        ),
        Right(
            "weights, momentum, random states, and the place in the epoch",
            "with all of it, the next step is the one that would have come.",
        ),
    ),
)
