"""Everyone works on a copy: `python -m course_utils.my_lessons` writes my_lessons/.

Each lesson as a copy without outputs, so that no answer stands below a prediction, and updating
the course never meets a student's work; and a start page that says how far one is. A copy is never
overwritten: `python -m course_utils.my_lessons 3` (`make fresh LESSON=3`) sets the copy of lesson
3 aside under its date and writes a new one. Imports nothing large: `make lab` waits for it.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .errors import CourseError, demand
from .storage import recorded, write_whole

ROOT = Path(__file__).parents[1]
COURSE, MINE = "notebooks", "my_lessons"
START = "Start.md"
MARK = "cnn_course_lesson"  # in a copy's metadata: the digest of the lesson that it is a copy of


@dataclass(frozen=True)
class Lesson:
    """A lesson of the course as it is now.

    path: its notebook. mine: the student's copy. notebook: its content. digest: of what its cells
    say; outputs are not counted.
    """

    path: Path
    mine: Path
    notebook: dict[str, Any]
    digest: str

    @property
    def number(self) -> int:
        return int(self.path.name[:2])

    @property
    def is_newer(self) -> bool:
        """Whether the course has changed it since the copy was made."""
        try:
            copied = json.loads(self.mine.read_text("utf-8"))["metadata"]
        except (OSError, ValueError, LookupError, TypeError):
            return False  # the student's own affair
        return bool(copied.get(MARK, self.digest) != self.digest)


def lessons(root: Path = ROOT) -> list[Lesson]:
    """All lessons of the course in `root`, in their order."""
    found = []
    for path in sorted((root / COURSE).glob("[0-9][0-9]_*.ipynb")):
        notebook = json.loads(path.read_text("utf-8"))
        sources = json.dumps([(cell["cell_type"], cell["source"]) for cell in notebook["cells"]])
        digest = hashlib.sha256(sources.encode()).hexdigest()
        found.append(Lesson(path, root / MINE / path.name, notebook, digest))
    return found


def bring(root: Path = ROOT) -> list[str]:
    """Write the copies that are missing, and the start page; what a student should know."""
    every = lessons(root)
    (root / MINE).mkdir(exist_ok=True)
    for lesson in every:
        if not lesson.mine.exists():
            _copy(lesson)
    (root / MINE / START).write_text(start_page(every), "utf-8")
    return [
        f"Lesson {lesson.number} of the course is newer than your copy. To have it: "
        f"make fresh LESSON={lesson.number} (your copy is kept beside it)."
        for lesson in every
        if lesson.is_newer
    ]


def fresh(number: str, root: Path = ROOT) -> str:
    """Set the copy of a lesson aside under its date and write a new one; what was done.

    Raises `CourseError` if there is no such lesson.
    """
    every = {str(lesson.number): lesson for lesson in lessons(root)}
    lesson = every.get(number.lstrip("0"))
    demand(lesson is not None, f"There is no lesson {number!r}. There are {', '.join(every)}.")
    assert lesson is not None  # for the type checker
    said = ""
    if lesson.mine.exists():
        aside = next(path for path in _names(lesson.mine) if not path.exists())
        lesson.mine.rename(aside)
        said = f" Your copy until now is {aside.relative_to(root)}."
    lesson.mine.parent.mkdir(exist_ok=True)
    _copy(lesson)
    return f"{lesson.mine.relative_to(root)} is new.{said}"


def _names(path: Path) -> Iterable[Path]:
    """ "03_alexnet 2026-11-27.ipynb", then "03_alexnet 2026-11-27 (2).ipynb", …"""
    day = f"{path.stem} {date.today()}"
    yield path.with_name(f"{day}.ipynb")
    for i in range(2, 1000):
        yield path.with_name(f"{day} ({i}).ipynb")


def _copy(lesson: Lesson) -> None:
    """Write a copy without outputs, complete or not at all."""
    emptied: dict[str, Any] = {"outputs": [], "execution_count": None}
    cells = [c | emptied if c["cell_type"] == "code" else c for c in lesson.notebook["cells"]]
    metadata = lesson.notebook["metadata"] | {MARK: lesson.digest}
    notebook = lesson.notebook | {"cells": cells, "metadata": metadata}
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    write_whole(lesson.mine, text.encode())


def start_page(every: list[Lesson]) -> str:
    """Markdown: the lessons with their minutes, how far one is, and where one goes on."""
    rows = [_row(lesson) for lesson in every]
    begun = [i for i, row in enumerate(rows) if row[3]]
    on = every[begun[-1] if begun else 0]
    title = rows[every.index(on)][0]
    lines = [
        "# Classic CNN backbones",
        f"**{'Go on with' if begun else 'Begin with'} [{title}]({on.mine.name})**",
        "| lesson | minutes | predictions | exercises |\n|---|---|---|---|\n"
        + "\n".join(
            f"| [{title}]({lesson.mine.name}) | {minutes} | {predictions} | {exercises} |"
            for lesson, (title, minutes, (predictions, exercises), _) in zip(
                every, rows, strict=True
            )
        ),
        "These are your own copies: write into them as you like. The "
        "[glossary](../docs/glossary.md) explains every term. The lessons as they are when they "
        "have been run lie in [notebooks](../notebooks/01_cnn_backbones.ipynb).",
        "This page is written anew by each `make lab`.",
    ]
    return "\n\n".join(lines) + "\n"


def _row(lesson: Lesson) -> tuple[str, str, tuple[str, str], bool]:
    """Title, minutes, what was done of predictions and of exercises; whether anything was."""
    first = "".join(lesson.notebook["cells"][0]["source"])
    code = ["".join(c["source"]) for c in lesson.notebook["cells"] if c["cell_type"] == "code"]
    title, minutes = re.search(r"^# (.+)", first), re.search(r"about (\d+) minutes", first)
    record = recorded(lesson.path.name[:2])
    done = len(record.predictions), len(record.solved)
    there = (sum(f'{name}("' in source for source in code) for name in ("predict", "check"))
    counts = [f"{n} of {m}" for n, m in zip(done, there, strict=True)]
    return (
        title[1] if title else lesson.path.stem,
        minutes[1] if minutes else "",
        (counts[0], counts[1]),
        any(done) or record.quiz is not None,
    )


def main(numbers: list[str]) -> None:
    """Write what is missing; for each of `numbers` a fresh copy. Says what went wrong."""
    try:
        for line in [*map(fresh, numbers), *bring()]:
            print(line)
    except CourseError as error:
        sys.exit(str(error))
    except OSError as error:  # JupyterLab can be opened all the same
        print(f"Your copies of the lessons cannot be written ({error}): free or allow {MINE}/.")


if __name__ == "__main__":
    main(sys.argv[1:])
