"""Files of weights, good and bad, for a small network that stands in AlexNet's place."""

import hashlib
import io
import os
import signal
from dataclasses import replace
from importlib import import_module

import pytest
import safetensors.torch
import torch

from course_utils import load_network
from course_utils.images import IMAGENET
from course_utils.networks import REGISTRY, LeNet, Variant


def state(seed: int = 0, **changes: torch.Tensor) -> dict[str, torch.Tensor]:
    """What a good file holds; `changes` go by name, with "_" for ".", None takes one out."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        tensors = dict(LeNet().state_dict())
    changed = {name: changes.get(name.replace(".", "_"), value) for name, value in tensors.items()}
    return {name: value for name, value in changed.items() if value is not None}


def saved(content: object, **options) -> bytes:
    """The bytes of a .pth file."""
    file = io.BytesIO()
    torch.save(content, file, **options)
    return file.getvalue()


def safe(tensors: dict[str, torch.Tensor]) -> bytes:
    """The bytes of a .safetensors file."""
    return safetensors.torch.save(tensors)


class Trap:
    """Unpickled, it makes a file: the test sees whether anything ran."""

    def __reduce__(self):
        return os.mkdir, ("trap",)


def name_for(content: bytes, kind: str = ".pth") -> str:
    return f"alexnet-owt-{hashlib.sha256(content).hexdigest()[:8]}{kind}"


def stand_in(file: str, monkeypatch, url: str = "https://localhost/weights.pth") -> Variant:
    """The small network in AlexNet's place, with `file` as its official file, found at `url`."""
    variant = Variant(LeNet, IMAGENET, file, url)
    network = replace(REGISTRY["alexnet"], variants={"imagenet": variant})
    monkeypatch.setitem(REGISTRY, "alexnet", network)
    return variant


def same(network: torch.nn.Module, tensors: dict[str, torch.Tensor]) -> bool:
    mine = network.state_dict()
    return all(torch.equal(mine[name], tensors[name]) for name in mine)


def load_in_child(folder: str, file: str, die_at: str, results) -> None:
    """Load the network in a process of its own; `die_at` names a function that kills it."""

    def die(*_, **__) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATA", folder)
        stand_in(file, patch)
        if die_at:
            module, _, function = die_at.rpartition(".")
            patch.setattr(import_module(module), function, die)
        results.put(same(load_network("alexnet", "imagenet"), state()))
