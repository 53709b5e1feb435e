"""The hook of the training loop: what else is to happen while a network learns."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from .history import Epoch

if TYPE_CHECKING:
    from .training import Training


class StopTraining(Exception):
    """Raised by a callback, it ends the training after this step. Nothing is lost."""


class Callback:
    """Is told how a training gets on. A subclass overrides what it wants to hear.

    All are called in the thread that trains, between two steps, with the `Training` itself: what
    they read is consistent, and while they work the training waits.
    """

    def started(self, training: "Training") -> None:
        """Before the first step."""

    def step_done(self, training: "Training") -> None:
        """After each batch."""

    def epoch_done(self, training: "Training") -> None:
        """After each pass and its validation: `training.history[-1]` tells of it."""

    def ended(self, training: "Training") -> None:
        """After the last step, also of a training that was stopped; not after an error."""


class EachEpoch(Callback):
    """A plain function, called with every finished `Epoch`."""

    def __init__(self, function: Callable[[Epoch], object]) -> None:
        self.function = function

    def epoch_done(self, training: "Training") -> None:
        """Pass the newest epoch on."""
        self.function(training.history[-1])
