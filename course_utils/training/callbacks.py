"""The hook of the training loop: what else is to happen while a network learns."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .history import Epoch


class StopTraining(Exception):
    """Raised by a callback, it ends the training after this step. Nothing is lost."""


class Callback:
    """Is told how a training gets on. A subclass overrides what it wants to hear.

    training: the `course_utils.training.Training`. All are called in the thread that trains,
    between two steps: what they read is consistent, and while they work the training waits.
    """

    def started(self, training: object) -> None:
        """Before the first step."""

    def step_done(self, training: object) -> None:
        """After each batch."""

    def epoch_done(self, training: object) -> None:
        """After each pass and its validation: `training.history[-1]` tells of it."""

    def ended(self, training: object) -> None:
        """After the last step, also of a training that was stopped; not after an error."""


class EachEpoch(Callback):
    """A plain function, called with every finished `Epoch`."""

    def __init__(self, function: Callable[[Epoch], object]) -> None:
        self.function = function

    def epoch_done(self, training: object) -> None:
        """Pass the newest epoch on."""
        self.function(training.history[-1])


class Writer(Callback):
    """A callback that writes files. If it cannot, the training goes on, with one warning."""

    _warned = False

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """What the disk refuses in this block is told once, and does no more harm."""
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

    def epoch_done(self, training: object) -> None:
        """Write it anew."""
        with self.trying(f"table in {self.path}"):
            training.history.to_csv(self.path)
