"""What the dashboard trains: one training, or two that take their steps in turns.

Nothing here knows of a page or of a thread.
"""

import time
from collections import deque
from dataclasses import dataclass, field

from ...errors import CourseError
from ...training import Epoch, StopTraining, Training

SPEED_OVER = 2.0  # seconds
ENOUGH = 500  # images for a point
Point = tuple[float, float, float, float]


@dataclass(eq=False)
class Run:
    """One training and its curves.

    name: for the legend. broken: what is wrong with it on purpose, "" if nothing is. key: what
    all runs share that can be compared. factor: its learning rate / the one that was chosen.
    points: `(images, seconds, loss, accuracy)` of the training, each the mean of what was
    learned since the point before. checks: the same of the validation, one for each pass.
    seconds: what its own steps took, whatever else went on. failed: why it could not go on.
    over: whether there is nothing left to do.
    """

    number: int
    name: str
    training: Training | None
    broken: str = ""
    key: tuple = ()
    factor: float = 1.0
    points: list[Point] = field(default_factory=list)
    checks: list[Point] = field(default_factory=list)
    seconds: float = 0.0
    failed: str = ""
    over: bool = False

    def __post_init__(self) -> None:
        self.epochs, self.pass_length = self.training.settings.epochs, len(self.training.train)
        self._ended = False
        self.sent = (0, 0)  # so many points and checks the page has got
        self._unmarked = [0, 0.0, 0.0]  # images, sum of losses, right answers
        self._recent: deque[tuple[int, float]] = deque(maxlen=200)  # images, seconds of a step
        for callback in self.training.callbacks:
            callback.started(self.training)
        self.over = self.training.done
        for epoch in self.training.history:  # of a training that is taken up again
            self.seconds += epoch.seconds
            seen = epoch.number * self.pass_length
            self.points.append((seen, self.seconds, epoch.train_loss, epoch.train_accuracy))
            self._check(epoch)

    @property
    def images(self) -> int:
        """How many it has learned from."""
        if self.training is None:
            return int(self.points[-1][0]) if self.points else 0
        return self.training.epoch * self.pass_length + self.training.now.position

    def one_step(self) -> None:
        """Learn from one batch; after the last one of a pass, validate. Its failure is kept."""
        training, before, start = self.training, self.images, time.perf_counter()
        passes = training.epoch
        try:
            training.one_step()
        except CourseError as error:
            self.failed, self.over = str(error), True
        except StopTraining:
            self.over = True
        took = time.perf_counter() - start
        count = self.images - before
        self.seconds += took
        self._unmarked[0] += count
        self._unmarked[1] += count * training.loss
        self._unmarked[2] += count * training.accuracy
        self.over |= training.done
        if training.epoch > passes:
            self._check(training.history[-1])
        else:
            self._recent.append((count, took))

    def _check(self, epoch: Epoch) -> None:
        seen = epoch.number * self.pass_length
        self.checks.append((seen, self.seconds, epoch.validation_loss, epoch.validation_accuracy))

    def mark(self) -> None:
        """Make a point of what was learned since the last one.

        A rest at the end is added to the last point: of a few images no mean says anything.
        """
        count, loss, right = self._unmarked
        if not count:
            return
        if self.over and count < ENOUGH and self.points:
            seen, _, last_loss, last_accuracy = self.points.pop()
            more = seen - (self.points[-1][0] if self.points else 0)
            count, loss, right = count + more, loss + more * last_loss, right + more * last_accuracy
            self.sent = (min(self.sent[0], len(self.points)), self.sent[1])
        self.points.append((self.images, self.seconds, loss / count, right / count))
        self._unmarked = [0, 0.0, 0.0]

    def speed(self) -> float:
        """Images a second, over the last seconds of learning; 0 before the first step."""
        images, seconds = 0, 0.0
        for count, took in reversed(self._recent):
            images, seconds = images + count, seconds + took
            if seconds > SPEED_OVER:
                break
        return images / seconds if seconds else 0.0

    def seconds_left(self) -> float:
        """What the rest takes, validation included, if it goes on as it went; 0 if unknown."""
        seen = self.images
        return self.seconds / seen * (self.epochs * self.pass_length - seen) if seen else 0.0

    def facts(self) -> dict[str, object]:
        """How it gets on, for the page. rate: the learning rate of the last step."""
        rate = self.training.optimizer.param_groups[0]["lr"] if self.training else 0
        return {
            "number": self.number,
            "name": self.name,
            "images": self.images,
            "passLength": self.pass_length,
            "epochs": self.epochs,
            "seconds": self.seconds,
            "left": 0 if self.over else self.seconds_left(),
            "speed": self.speed(),
            "rate": rate,
            "failed": bool(self.failed),
        }

    def end(self) -> None:
        """Nothing more will be learned: tell those who want to know."""
        if self.training and not self.failed and not self._ended:
            for callback in self.training.callbacks:
                callback.ended(self.training)
        self._ended = True

    def retire(self) -> None:
        """Keep the curves only."""
        self.mark()
        self.training = None

    def __str__(self) -> str:
        """In words, for an alternative text."""
        passed = self.images / self.pass_length
        if not self.points:
            return f"{self.name}: untrained"
        text = f"{self.name}: training loss {self.points[-1][2]:.2f}"
        if self.checks:
            text += f", validation accuracy {self.checks[-1][3]:.1%}"
        return f"{text} after {passed:.3g} epoch{'s' * (passed != 1)}"
