"""The numbers of a training, epoch by epoch: to be read, compared and kept."""

import csv
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from ..errors import CourseError
from ..storage import part_of, publish


@dataclass(frozen=True)
class Epoch:
    """The numbers of one epoch. Accuracies are in 0..1.

    Loss and accuracy of the training are those of the batches while the network learns from
    them, augmented. seconds: for learning and validation, without the callbacks.
    """

    number: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"epoch {self.number}: training loss {self.train_loss:.3f}, "
            f"accuracy {self.train_accuracy:.1%}; "
            f"validation loss {self.validation_loss:.3f}, accuracy {self.validation_accuracy:.1%}"
        )


class History(list[Epoch]):
    """The epochs of a training, first to last; shows itself as a table."""

    @property
    def seconds(self) -> float:
        """How long all of it took."""
        return sum(epoch.seconds for epoch in self)

    def __repr__(self) -> str:
        """A table without the seconds, which are others each time."""
        rows = ["epoch  training loss  accuracy  validation loss  accuracy"]
        rows += [
            f"{e.number:5}  {e.train_loss:13.3f}  {e.train_accuracy:8.1%}"
            f"  {e.validation_loss:15.3f}  {e.validation_accuracy:8.1%}"
            for e in self
        ]
        return "\n".join(rows)

    def curve(self, what: str) -> list[float]:
        """One number of each epoch, by its name: "validation_accuracy"."""
        return [getattr(epoch, what) for epoch in self]

    def to_csv(self, path: str | Path) -> Path:
        """Write the table to `path`, a line for each epoch; `from_csv` reads it again.

        Raises OSError if the disk says no; the file that was there before then stays.
        """
        path = Path(path)
        with part_of(path).open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(field.name for field in fields(Epoch))
            table.writerows(map(astuple, self))
        return publish(path)

    @classmethod
    def from_csv(cls, path: str | Path) -> "History":
        """What `to_csv` wrote. Raises `CourseError` if `path` is something else."""
        try:
            with Path(path).open(newline="", encoding="utf-8") as file:
                rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
            return cls(Epoch(number=int(row.pop("number")), **row) for row in rows)
        except (OSError, ValueError, TypeError, KeyError):
            names = ", ".join(field.name for field in fields(Epoch))
            raise CourseError(
                f"{path} is no table of epochs: its first line would be {names}."
            ) from None
