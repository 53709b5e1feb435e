"""What a student has done, kept over restarts and days.

One small file for each lesson in the data folder, `progress/01.json`. A folder that cannot be
written to, or a file that cannot be read, stops nobody: then nothing is kept.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..errors import CourseError
from .files import writable_folder, write_whole


@dataclass
class Record:
    """What was done in one lesson.

    predictions: {"01.window": the option that was chosen}. solved: names of exercises.
    quiz: how many of the five questions were right at the first try; None: not tried.
    """

    predictions: dict[str, str] = field(default_factory=dict)
    solved: list[str] = field(default_factory=list)
    quiz: int | None = None


def recorded(lesson: str) -> Record:
    """The record of a lesson, "01"; an empty one if there is none that can be read."""
    try:
        kept = json.loads(_file(lesson).read_text("utf-8"))
        return Record(
            {str(name): str(option) for name, option in kept["predictions"].items()},
            [str(name) for name in kept["solved"]],
            None if kept["quiz"] is None else int(kept["quiz"]),
        )
    except (OSError, ValueError, TypeError, LookupError, AttributeError, CourseError):
        return Record()


def keep_prediction(name: str, option: str) -> None:
    """Record the option chosen for the prediction `name`; the first choice counts."""
    _change(name[:2], lambda record: record.predictions.setdefault(name, option))


def keep_solved(name: str) -> None:
    """Record that the exercise `name` is solved."""

    def add(record: Record) -> None:
        record.solved = sorted({*record.solved, name})

    _change(name[:2], add)


def keep_quiz(lesson: str, right: int) -> None:
    """Record how many questions of a quiz were right; the best try counts."""

    def best(record: Record) -> None:
        record.quiz = max(right, record.quiz or 0)

    _change(lesson, best)


def _change(lesson: str, change: Callable[[Record], object]) -> None:
    record = recorded(lesson)
    before = asdict(record)
    change(record)
    if asdict(record) == before:
        return
    try:
        path = _file(lesson)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(record), indent=1, ensure_ascii=False)
        write_whole(path, text.encode())
    except (OSError, CourseError):
        return  # the lesson goes on


def record_folder() -> Path:
    """Where the records are. Raises `CourseError` if nothing can be written anywhere."""
    return writable_folder() / "progress"


def _file(lesson: str) -> Path:
    return record_folder() / f"{lesson}.json"
