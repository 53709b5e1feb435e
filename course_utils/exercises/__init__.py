"""Checks for the exercises: a wrong answer that people really give gets its own diagnosis.

`check("01.output_size", 48)` prints one line. What it knows is a table, a file for each lesson:
the right answer, why it is right, and the known wrong answers with what went wrong in each.
"""

from importlib import import_module
from typing import Any

from ..errors import CourseError
from ..storage import keep_prediction, keep_quiz, keep_solved, recorded
from .checking import NOT_IT, Exercise, Question, Wrong, find, shown, verdict
from .overview import CourseProgress, LessonProgress

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
    "progress",
    "recorded",
]

_LESSONS = [import_module(f".lesson_{number}", __name__) for number in range(1, 10)]

EXERCISES: dict[str, Exercise] = {
    name: exercise for lesson in _LESSONS for name, exercise in lesson.EXERCISES.items()
}

# What one commits to before a cell runs: its options, and why each is right or wrong.
PREDICTIONS: dict[str, Question] = {
    name: question for lesson in _LESSONS for name, question in lesson.PREDICTIONS.items()
}

# The questions at the end of each lesson, by its number: "01", "02", …
QUESTIONS: dict[str, tuple[Question, ...]] = {
    next(iter(lesson.EXERCISES))[:2]: lesson.QUESTIONS for lesson in _LESSONS
}


# How many hints of an exercise were given, by its name.
_given: dict[str, int] = {}


def check(name: Any = None, answer: Any = ..., *more: Any, **odd: Any) -> None:
    """Print whether `answer` solves the exercise `name`, and if not, what went wrong.

    `...` or None stands for "not tried yet". What is solved is kept in the data folder. Raises
    `CourseError` for an unknown exercise.
    """
    if name is None or more or odd:
        raise CourseError(
            "check() takes the name of an exercise and one answer, like "
            'check("01.output_size", 7). Several numbers stand in brackets: (6, 28, 28).'
        )
    said = verdict(find("exercise", name, EXERCISES), answer)
    if said.startswith("Right"):
        keep_solved(name)
    print(said + (f' hint("{name}") helps.' if NOT_IT in said else ""))


def hint(name: Any = None, step: Any = None, *more: Any, **odd: Any) -> None:
    """Print a hint for the exercise `name`: the first, and with each further call the next one.

    step: which one, 1 says least, 3 most. Raises `CourseError` for an unknown exercise, or a step
    that there is not.
    """
    if name is None or more or odd:
        raise CourseError('hint() takes the name of an exercise, like hint("01.output_size").')
    hints = find("exercise", name, EXERCISES).hints
    if step is None:
        step = min(_given.get(name, 0) + 1, len(hints))
    if not isinstance(step, int) or not 1 <= step <= len(hints):
        raise CourseError(f"There are hints 1 to {len(hints)} for {name!r}, not {shown(step)}.")
    _given[name] = step
    further = f' hint("{name}") once more says more.' if step < len(hints) else ""
    print(f"Hint {step} of {len(hints)}: {hints[step - 1]}{further}")


def progress(lesson: Any = None, *more: Any, **odd: Any) -> LessonProgress | CourseProgress:
    """What you have done, from the data folder: of one lesson, "01", or of all if none is named.

    Predictions made and right, exercises solved, questions of the quiz. Raises `CourseError` for a
    lesson that there is not.
    """
    if lesson is None:
        return CourseProgress([_progress_of(one) for one in QUESTIONS])
    wanted = str(lesson).zfill(2) if isinstance(lesson, str | int) else ""
    if wanted not in QUESTIONS or more or odd:
        raise CourseError(
            f"There is no lesson {shown(lesson)}. progress() takes one of {', '.join(QUESTIONS)}, "
            'like progress("01"), or nothing: then it shows all.'
        )
    return _progress_of(wanted)


def _progress_of(lesson: str) -> LessonProgress:
    predictions = {name: one for name, one in PREDICTIONS.items() if name[:2] == lesson}
    exercises = [name for name in EXERCISES if name[:2] == lesson]
    return LessonProgress(lesson, recorded(lesson), predictions, exercises)
