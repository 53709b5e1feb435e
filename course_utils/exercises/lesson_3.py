"""Exercises of lesson 3, AlexNet."""

import torch
from torch import nn

from .checking import Exercise, Wrong


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
    ),
}
