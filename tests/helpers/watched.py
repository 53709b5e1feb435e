"""Which of the trained networks that a lesson loaded are no longer what they were.

In the lesson's kernel: `watch()` before its first cell, `changed()` after its last.
"""

from functools import wraps
from importlib import import_module
from typing import Any

import torch
from torch import nn

import course_utils

_room = import_module("course_utils.networks")  # the face has a function of that name
_load = _room.load_network
_loaded: list[tuple[tuple, dict[str, Any], nn.Module]] = []


def watch() -> None:
    """From now on remember each network that is loaded with weights."""

    @wraps(_load)
    def load_network(*args: Any, **options: Any) -> nn.Module:
        network = _load(*args, **options)
        if options.get("weights", "auto") is not None:  # one without is there to be trained
            _loaded.append((args, options, network))
        return network

    course_utils.load_network = _room.load_network = load_network


def changed() -> list[str]:
    """The networks, by what they were loaded with, that differ from a fresh one."""
    return [
        f"{args}, {options}"
        for args, options, network in _loaded
        if _differs(args, options, network)
    ]


def _differs(args: tuple, options: dict[str, Any], network: nn.Module) -> bool:
    """Whether a weight or a running statistic has another value, or a layer trains."""
    fresh, now = _load(*args, **options).state_dict(), network.state_dict()
    same = fresh.keys() == now.keys() and all(torch.equal(fresh[k], now[k].cpu()) for k in fresh)
    return not same or any(module.training for module in network.modules())
