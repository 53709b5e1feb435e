"""Checks for the exercises: a wrong answer that people really give gets its own diagnosis.

`check("01.output_size", 48)` prints one line. What it knows is a table, a file for each lesson:
the right answer, why it is right, and the known wrong answers with what went wrong in each.
"""

from ..errors import CourseError, nearest
from . import lesson_1, lesson_2, lesson_3, lesson_4, lesson_5, lesson_6, lesson_7
from .checking import Exercise, Wrong, verdict

__all__ = ["EXERCISES", "Exercise", "Wrong", "check"]

EXERCISES: dict[str, Exercise] = {
    **lesson_1.EXERCISES,
    **lesson_2.EXERCISES,
    **lesson_3.EXERCISES,
    **lesson_4.EXERCISES,
    **lesson_5.EXERCISES,
    **lesson_6.EXERCISES,
    **lesson_7.EXERCISES,
}


def check(name: str, answer: object) -> None:
    """Print whether `answer` solves the exercise `name`, and if not, what went wrong.

    `...` or None stands for "not tried yet". Raises `CourseError` for an unknown exercise.
    """
    if name not in EXERCISES:
        raise CourseError(
            f"There is no exercise {name!r}.{nearest(name, EXERCISES)} "
            "The text above the cell has its name."
        )
    print(verdict(EXERCISES[name], answer))
