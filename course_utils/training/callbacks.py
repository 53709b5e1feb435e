"""Callbacks: what else is to happen while a network learns."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from .history import Epoch

if TYPE_CHECKING:
    from .loop import Training


class StopTraining(Exception):
    """Raised by a callback, it ends the training after this step. Nothing is lost."""


class Callback:
    """Is called while a network is trained. A subclass overrides the methods that it needs.

    All are called in the thread that trains, between two steps: what they read is consistent,
    and the training waits for them.
    """

    def started(self, training: "Training") -> None:
        """Before the first step."""

    def step_done(self, training: "Training") -> None:
        """After each batch."""

    def epoch_done(self, training: "Training") -> None:
        """After each epoch and its validation; `training.history[-1]` holds the numbers."""

    def ended(self, training: "Training") -> None:
        """After the last step, also of a training that was stopped; not after an error."""


class EachEpoch(Callback):
    """Calls a plain function with every finished `Epoch`."""

    def __init__(self, function: Callable[[Epoch], object]) -> None:
        self.function = function

    def epoch_done(self, training: "Training") -> None:
        self.function(training.history[-1])
