"""For the teacher: `python -m course_utils.exercises 1` prints the solutions of a lesson.

`make solutions LESSON=1` does the same; without a number, those of all lessons.
"""

import sys
from textwrap import indent

from ..errors import CourseError
from . import EXERCISES, Exercise
from .checking import solution


def printed(name: str, exercise: Exercise) -> str:
    """One exercise with its solution, the reason, and the mistakes that get a diagnosis."""
    solved = indent(solution(exercise), "  ")  # code has several lines
    lines = [f"{name}: {exercise.question}", solved, f"  Why: {exercise.why}"]
    lines += [f"  Known mistake: {wrong.diagnosis}" for wrong in exercise.wrong]
    return "\n".join(lines)


def main(lessons: list[str]) -> str:
    """The solutions of these lessons, "1" or "01"; of all if there are none."""
    wanted = [lesson.zfill(2) for lesson in lessons]
    known = sorted({name[:2] for name in EXERCISES})
    for lesson in wanted:
        if lesson not in known:
            raise CourseError(f"There is no lesson {lesson!r}. There are {', '.join(known)}.")
    chosen = {n: e for n, e in EXERCISES.items() if not wanted or n[:2] in wanted}
    return "\n\n".join(printed(name, exercise) for name, exercise in chosen.items())


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]))
    except CourseError as error:
        sys.exit(str(error))
