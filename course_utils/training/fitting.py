"""`fit`: a whole training in one call."""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..datasets import LabelledImages
from ..errors import demand, nearest
from .checkpoints import Checkpoints
from .checks import check_parts
from .history import History
from .loop import USUAL, Callbacks, Training
from .settings import Settings


def fit(
    network: nn.Module,
    train: LabelledImages,
    validation: LabelledImages,
    epochs: int = USUAL.epochs,
    *,
    device: str | torch.device | None = None,
    callbacks: Callbacks = (),
    checkpoints: str | Path | None = None,
    keep: int = 3,
    every: float = 60.0,
    **settings: Any,
) -> History:
    """Train `network` in place and return one `Epoch` for each epoch.

    device: "cuda", "mps" or "cpu"; None: the best. The network comes back to where it was.
    callbacks: `Callback`s, or functions that are called with each finished `Epoch`.
    checkpoints: a folder for its state, of which the last `keep` are kept, written after every
        epoch and every `every` seconds. If it was stopped or killed, the same call goes on from
        there, and ends with the same weights as if nothing had happened.
    settings: batch_size, learning_rate, weight_decay, optimizer, label_smoothing, warm_up, sides,
        augment, cutout, precision, seed: see `Settings`. The same ones give the same weights on
        one processor; a GPU adds up in an order of its own.
    An interrupt ends the training early; the network keeps what it has learned until then.
    Raises `CourseError` for settings that make no sense, and if the loss is not a number, or
    hopeless. The network then has the weights of the last good moment.
    """
    known = [*vars(USUAL), "device", "callbacks", "checkpoints", "keep", "every"]
    for name in settings:
        hint = f"{nearest(name, known)} There are {', '.join(known)}."
        demand(name in known, f"There is no setting {name!r}.{hint}")
    demand(not callable(callbacks), "callbacks is a list: put yours into brackets, as [print].")
    if checkpoints is not None:
        callbacks = [Checkpoints(checkpoints, keep, every), *callbacks]
    chosen = Settings(epochs, **settings)
    home = check_parts(network, train, validation)
    try:
        return Training(network, train, validation, chosen, device, callbacks).run()
    finally:
        network.to(home)
