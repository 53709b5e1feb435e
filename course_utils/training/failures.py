"""A training that has failed is stopped, and the network gets its last good weights back."""

import math
from collections import deque

from torch import nn

from ..errors import CourseError

HOPELESS = 3.0  # times the loss of guessing, ln(classes): worse than knowing nothing
WINDOW = 50  # so many batches in a row must be hopeless


class LossWatch:
    """Watches the loss of `network`, which tells `classes` classes apart."""

    def __init__(self, network: nn.Module, classes: int) -> None:
        self.network, self.guess = network, math.log(classes)
        self.limit = HOPELESS * self.guess
        self.losses: deque[float] = deque(maxlen=WINDOW)
        self.keep(step=0)

    def keep(self, step: int) -> None:
        """The weights of this moment are those that a failure later brings back."""
        self._good = {name: t.clone() for name, t in self.network.state_dict().items()}
        self._good_step = step

    def step_done(self, loss: float, step: int, rate: float) -> None:
        """Check the loss of a batch. Raises `CourseError` if the training has failed."""
        self.losses.append(loss)
        if not math.isfinite(loss):
            self._fail(f"is {loss}", step, rate)
        elif step >= 2 * WINDOW and len(self.losses) == WINDOW and min(self.losses) > self.limit:
            what = f"has been above {self.limit:.1f} for {WINDOW} steps, where guessing gives"
            self._fail(f"{what} {self.guess:.1f}", step, rate)

    def validated(self, loss: float, step: int, rate: float) -> None:
        """Check the loss of a validation, and keep the weights if it is good."""
        if not math.isfinite(loss):
            self._fail(f"is {loss}", step, rate)
        elif loss < self.limit:
            self.keep(step)

    def _fail(self, what: str, step: int, rate: float) -> None:
        self.network.load_state_dict(self._good)
        raise CourseError(
            f"After {step} steps the loss {what}: the steps were too large (learning rate "
            f"{rate:.3g} at that moment). The network is again what it was after "
            f"{self._good_step} steps. Train it with a smaller learning_rate; try a tenth."
        )
