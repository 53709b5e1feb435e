"""What `progress` shows: one line for a lesson with what one predicted, a table of all lessons."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from ..errors import CourseError
from ..storage import Record, record_folder
from .checking import Question

TITLES = {
    "01": "CNN backbones",
    "02": "LeNet",
    "03": "AlexNet",
    "04": "VGG",
    "05": "Preprocessing",
    "06": "CIFAR-10",
    "07": "Training",
    "08": "One backbone at work",
    "09": "Choosing a network",
}


@dataclass
class LessonProgress:
    """What was done of one lesson.

    predictions, exercises: those that the lesson has.
    """

    lesson: str
    record: Record
    predictions: dict[str, Question]
    exercises: list[str]

    @property
    def counts(self) -> tuple[str, str, str]:
        """Predictions, exercises and quiz in words: "4 of 6 made, 3 right", "0 of 3", "3 of 5"."""
        made = self._made()
        right = sum(option == _right(question) for question, option in made)
        quiz = "not taken" if self.record.quiz is None else f"{self.record.quiz} of 5 right"
        return (
            f"{len(made)} of {len(self.predictions)} made" + (f", {right} right" if made else ""),
            f"{len({*self.exercises} & {*self.record.solved})} of {len(self.exercises)} solved",
            quiz,
        )

    def _made(self) -> list[tuple[Question, str]]:
        chosen = self.record.predictions
        return [(one, chosen[name]) for name, one in self.predictions.items() if name in chosen]

    def __repr__(self) -> str:
        predictions, exercises, quiz = self.counts
        line = (
            f"Lesson {int(self.lesson)}: predictions {predictions} · exercises {exercises} · "
            f"quiz {quiz}"
        )
        return "\n".join([line, *(f"  {_said(*made)}" for made in self._made())])

    def _repr_html_(self) -> str:
        line, *said = repr(self).splitlines()
        items = "".join(f"<li>{escape(text.strip())}</li>" for text in said)
        return f"<p>{escape(line)}</p>" + (f"<ul>{items}</ul>" if items else "")


def _right(question: Question) -> str:
    return question.options[question.right][0]


def _said(question: Question, option: str) -> str:
    """One prediction: where 27 is: you said “27, 0”, and that is right."""
    right = _right(question)
    verdict = "and that is right" if option == right else f"right is “{right}”"
    return f"{question.text}: you said “{option}”, {verdict}"


@dataclass
class CourseProgress:
    """The table of all lessons."""

    lessons: list[LessonProgress]

    def rows(self) -> list[tuple[str, str, str, str]]:
        """(title, predictions, exercises, quiz) of each lesson."""
        return [(f"{int(one.lesson)} · {TITLES[one.lesson]}", *one.counts) for one in self.lessons]

    def __repr__(self) -> str:
        return "\n".join([*map(repr, self.lessons), _where()])

    def _repr_html_(self) -> str:
        names = ("Lesson", "Predictions", "Exercises", "Quiz")
        rows = "".join([_row("th", names), *(_row("td", row) for row in self.rows())])
        return f"<table>{rows}</table><p>{escape(_where())}</p>"


def _row(tag: str, texts: Iterable[str]) -> str:
    cells = (f'<{tag} style="text-align: left">{escape(text)}</{tag}>' for text in texts)
    return f"<tr>{''.join(cells)}</tr>"


def _where() -> str:
    """Where it is kept, and how one begins anew."""
    try:
        folder = record_folder()
    except CourseError as error:
        return f"Nothing of it is kept. {error}"
    return f"Kept in {folder}, a file for each lesson: delete one to begin its lesson anew."
