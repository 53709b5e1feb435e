"""Callbacks: what else is to happen while a network learns."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
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
        """Pass the newest epoch on."""
        self.function(training.history[-1])


class Writer(Callback):
    """A callback that writes files. If it cannot, the training goes on, with one warning."""

    _warned = False

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """An `OSError` in this block becomes a warning, once."""
        try:
            yield
        except OSError as error:
            if not self._warned:
                reason = error.strerror or error
                warnings.warn(f"No {what}: {reason}. The training goes on.", stacklevel=4)
            self._warned = True


class CsvFile(Writer):
    """Keeps the table of epochs in the file `path`, which is rewritten after each of them."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def epoch_done(self, training: "Training") -> None:
        """Write the whole table."""
        with self.trying(f"table in {self.path}"):
            training.history.to_csv(self.path)
