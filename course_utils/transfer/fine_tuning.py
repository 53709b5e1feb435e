"""Fine-tuning: a trained network with a new head, of which the last blocks go on learning.

Head first, then the blocks before it, with a small learning rate: Kumar and others: "Fine-tuning
can distort pretrained features and underperform out-of-distribution" (2022).
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from torch import nn

from ..errors import demand
from ..networks import as_network, info, kind_of
from .features import path_of_head


def with_head(network: nn.Module | str, head: nn.Linear, classes: Sequence[str] = ()) -> nn.Module:
    """A copy of `network` with `head` in the place of its own: a linear probe, as a start.

    classes: the names of its outputs, for `classify` and all that shows classes.
    Raises `CourseError` if it has no head, or `head` does not take its features.
    """
    network = copy.deepcopy(as_network(network))
    path = path_of_head(network)
    wanted = network.get_submodule(path).in_features
    demand(
        head.in_features == wanted and len(classes) in (0, head.out_features),
        f"{info(network).title} makes {wanted} features and there are {len(classes)} classes; "
        f"the head takes {head.in_features} and answers {head.out_features}. Make it of "
        "features(network, images) and of the labels of these classes.",
    )
    network.set_submodule(path, copy.deepcopy(head))
    network.info = replace(info(network), dataset=None, own_classes=tuple(classes))  # type: ignore[assignment]
    return network


def thaw(network: nn.Module, blocks: int = 1) -> None:
    """Let only the head and the last `blocks` blocks of `network` learn, and say which these are.

    blocks: 0 for the head alone. A block is what a network consists of: convolutions up to a
        pooling in AlexNet, VGG and LeNet, a block of EfficientNet-Lite0 (the last one with the
        convolution after it), each fully connected layer.
    Frozen blocks stay in eval mode, also in training: else BatchNorm's mean and variance would
    change with every batch, though no weight does.
    Raises `CourseError` if it has no head, or fewer blocks.
    """
    network = as_network(network)
    head = path_of_head(network)
    found = _blocks(network, head)
    demand(
        isinstance(blocks, int) and 0 <= blocks <= len(found),
        f"{info(network).title} has {len(found)} blocks before its head: blocks is a number "
        f"from 0 to {len(found)}, not {blocks!r}.",
    )
    network.requires_grad_(False)
    thawed = [path for block in found[len(found) - blocks :] for path in block]
    for path in [*thawed, head]:
        network.get_submodule(path).requires_grad_(True)
    for _, part in _parts(network):
        part.register_forward_pre_hook(_rest)  # a second one does no harm
    every = sum(p.numel() for p in network.parameters())
    learning = sum(p.numel() for p in network.parameters() if p.requires_grad)
    which = f"{blocks} of {len(found)} blocks ({', '.join(thawed)}) and " if blocks else ""
    print(f"Thawed: {which}the head ({head}). {learning:,} of {every:,} parameters learn.")


def _rest(part: nn.Module, _: Any) -> None:
    """Before each forward pass: what has weights, and all of them frozen, is in eval mode."""
    parameters = list(part.parameters())
    if parameters and not any(parameter.requires_grad for parameter in parameters):
        part.eval()


def _blocks(network: nn.Module, head: str) -> list[list[str]]:
    """The paths of what has weights before the head, block by block."""
    found: list[list[str]] = [[]]
    for path, module in _parts(network):
        kind = kind_of(module)
        if path == head:
            break
        if kind in ("pool", "avgpool"):
            found.append([])
        elif any(True for _ in module.parameters()):
            if kind not in ("conv", "norm") and found[-1]:
                found.append([])
            found[-1].append(path)
    return [block for block in found if block]


def _parts(module: nn.Module, before: str = "") -> Iterator[tuple[str, nn.Module]]:
    """Layers and blocks in order, by their paths: what only lines them up is opened."""
    for name, child in module.named_children():
        path = before + name
        opened = isinstance(child, nn.Sequential | nn.ModuleList)
        yield from _parts(child, f"{path}.") if opened else [(path, child)]
