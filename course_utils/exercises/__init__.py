"""Checks for the exercises: a wrong answer that people really give gets its own diagnosis.

`check("01.output_size", 48)` prints one line. What it knows is a table, a file for each lesson:
the right answer, why it is right, and the known wrong answers with what went wrong in each.
"""

from typing import Any

from ..errors import CourseError
from . import (
    lesson_1,
    lesson_2,
    lesson_3,
    lesson_4,
    lesson_5,
    lesson_6,
    lesson_7,
    lesson_8,
    lesson_9,
)
from .checking import Exercise, Question, Wrong, find, verdict
from .record import keep_prediction, keep_quiz, keep_solved, recorded

__all__ = [
    "EXERCISES",
    "PREDICTIONS",
    "QUESTIONS",
    "Exercise",
    "Question",
    "Wrong",
    "check",
    "find",
    "hint",
    "keep_prediction",
    "keep_quiz",
    "keep_solved",
    "recorded",
]

_LESSONS = (
    lesson_1,
    lesson_2,
    lesson_3,
    lesson_4,
    lesson_5,
    lesson_6,
    lesson_7,
    lesson_8,
    lesson_9,
)

EXERCISES: dict[str, Exercise] = {
    name: exercise for lesson in _LESSONS for name, exercise in lesson.EXERCISES.items()
}

# What one commits to before a cell runs: its options, and why each is right or wrong.
PREDICTIONS: dict[str, Question] = {
    name: question
    for lesson in _LESSONS
    for name, question in getattr(lesson, "PREDICTIONS", {}).items()
}

# The questions at the end of each lesson, by its number: "01", "02", …
QUESTIONS: dict[str, tuple[Question, ...]] = {
    next(iter(lesson.EXERCISES))[:2]: lesson.QUESTIONS for lesson in _LESSONS
}


def check(name: str, answer: Any) -> None:
    """Print whether `answer` solves the exercise `name`, and if not, what went wrong.

    `...` or None stands for "not tried yet". Raises `CourseError` for an unknown exercise.
    """
    print(verdict(find("exercise", name, EXERCISES), answer))


def hint(name: str, step: int = 1) -> None:
    """Print a hint for the exercise `name`; step 1 says least, 3 most.

    Raises `CourseError` for an unknown exercise, or a step that there is not.
    """
    hints = find("exercise", name, EXERCISES).hints
    if step not in range(1, len(hints) + 1):
        raise CourseError(f"There are hints 1 to {len(hints)} for {name!r}, not {step!r}.")
    further = f" hint({name!r}, {step + 1}) says more." if step < len(hints) else ""
    print(f"Hint {step} of {len(hints)}: {hints[step - 1]}{further}")
