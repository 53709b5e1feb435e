"""A run of the dashboard: one training and its curves. It knows of no page and of no thread."""

import time
from collections import deque
from dataclasses import InitVar, dataclass, field
from typing import Any

from ...errors import CourseError
from ...training import Epoch, StopTraining, Training

SPEED_OVER = 2.0  # seconds
ENOUGH = 500  # images for a point
EARLIER = 4  # runs whose curves stay
Point = tuple[float, float, float, float]


@dataclass(eq=False)
class Run:
    """One training and its curves.

    name: for the legend. broken: what is wrong with it on purpose, "" if nothing is. key: what
    all runs share that can be compared. factor: its learning rate / the one that was chosen.
    points: `(images, seconds, loss, accuracy)` of the training, each the mean of what was
    learned since the point before. checks: the same of the validation, one for each epoch.
    seconds: what its own steps took, whatever else went on. failed: why it could not go on.
    over: whether there is nothing left to do.
    """

    number: int
    name: str
    started: InitVar[Training]
    broken: str = ""
    key: tuple = ()
    factor: float = 1.0
    points: list[Point] = field(default_factory=list)
    checks: list[Point] = field(default_factory=list)
    seconds: float = 0.0
    failed: str = ""
    over: bool = False

    def __post_init__(self, started: Training) -> None:
        self._training: Training | None = started
        self.epochs, self.epoch_length = self.training.settings.epochs, len(self.training.train)
        self._ended = False
        self.sent = (0, 0)  # so many points and checks the page has got
        self._unmarked = [0, 0.0, 0.0]  # images, sum of losses, right answers
        self._recent: deque[tuple[int, float]] = deque(maxlen=200)  # images, seconds of a step
        for callback in self.training.callbacks:
            callback.started(self.training)
        self.over = self.training.done
        for epoch in self.training.history:  # of a training that is taken up again
            self.seconds += epoch.seconds
            seen = epoch.number * self.epoch_length
            self.points.append((seen, self.seconds, epoch.train_loss, epoch.train_accuracy))
            self._check(epoch)

    @property
    def training(self) -> Training:
        """What is run. Raises if only the curves were kept."""
        if self._training is None:
            raise RuntimeError(f"The training of {self.name} was not kept.")
        return self._training

    @property
    def images(self) -> int:
        """How many it has learned from."""
        if self._training is None:
            return int(self.points[-1][0]) if self.points else 0
        return self.training.epoch * self.epoch_length + self.training.now.position

    def one_step(self) -> bool:
        """Learn from one batch; after the last one of an epoch, validate. Its failure is kept.

        Returns whether an epoch ended.
        """
        training, before, start = self.training, self.images, time.perf_counter()
        epochs = training.epoch
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
        if training.epoch > epochs:
            self._check(training.history[-1])
        else:
            self._recent.append((count, took))
        return training.epoch > epochs

    def _check(self, epoch: Epoch) -> None:
        seen = epoch.number * self.epoch_length
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
        return self.seconds / seen * (self.epochs * self.epoch_length - seen) if seen else 0.0

    def facts(self) -> dict[str, Any]:
        """How it gets on, for the page. rate: the learning rate of the last step."""
        rate = self.training.optimizer.param_groups[0]["lr"] if self._training else 0
        return {
            "number": self.number,
            "name": self.name,
            "images": self.images,
            "epochLength": self.epoch_length,
            "epochs": self.epochs,
            "seconds": self.seconds,
            "left": 0 if self.over else self.seconds_left(),
            "speed": self.speed(),
            "rate": rate,
            "failed": bool(self.failed),
        }

    def end(self) -> None:
        """Nothing more will be learned: tell those who want to know."""
        if self._training and not self.failed and not self._ended:
            for callback in self.training.callbacks:
                callback.ended(self.training)
        self._ended = True

    def retire(self) -> None:
        """End; keep the curves only."""
        self.end()
        self.mark()
        self._training = None

    def __str__(self) -> str:
        """In words, for an alternative text."""
        passed = self.images / self.epoch_length
        if not self.points:
            return f"{self.name}: untrained"
        text = f"{self.name}: training loss {self.points[-1][2]:.2f}"
        if self.checks:
            text += f", validation accuracy {self.checks[-1][3]:.1%}"
        return f"{text} after {passed:.3g} epoch{'s' * (passed != 1)}"


def latest(runs: list[Run]) -> list[Run]:
    """The last runs that have curves; whole ones stay longer: others are compared with them."""
    runs = [run for run in runs if run.points]
    while len(runs) > EARLIER:
        runs.remove(next((run for run in runs if run.broken), runs[0]))
    return runs
