"""`predict()`: commit to an answer before a cell runs. `quiz()`: five questions at the end."""

import html
from pathlib import Path
from typing import Any, cast

import anywidget
import traitlets as t

from ...errors import CourseError
from ...exercises import QUESTIONS
from ..shared.base import check_choice

LETTERS = "abcdefgh"


class Questions(anywidget.AnyWidget):
    """Questions with options to choose from. All of it happens in the page: no kernel is asked.

    items: [{"text": …, "options": [{"text": …, "said": …, "right": …}]}]. "said" is shown once
        the option is chosen.
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"

    title = t.Unicode().tag(sync=True)
    items = t.List(t.Dict()).tag(sync=True)
    chosen = t.List(t.Int()).tag(sync=True)  # for each question its option, −1: none yet

    def __init__(self, title: str, items: list[dict]) -> None:
        super().__init__(title=title, items=items, chosen=[-1] * len(items))

    def __repr__(self) -> str:
        return f"{self.title} {self.listed(0)}" if len(self.items) == 1 else self.title

    def listed(self, number: int) -> str:
        """The options of a question in one line: "(a) 27 (b) 0"."""
        texts = [option["text"] for option in self.items[number]["options"]]
        return " ".join(f"({letter}) {text}" for letter, text in zip(LETTERS, texts, strict=False))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        data, metadata = cast(tuple[dict, dict], super()._repr_mimebundle_(**kwargs))
        return {**data, "text/html": self.page()}, metadata

    def page(self) -> str:
        """HTML for a page without a kernel: each question, its answers folded away."""
        return (
            "\n".join(map(_folded, self.items))
            if len(self.items) > 1
            else html.escape(self.listed(0))
        )


def _folded(item: dict) -> str:
    answers = "".join(
        f"<li>{html.escape(option['text'])}<br><em>{html.escape(option['said'])}</em></li>"
        for option in item["options"]
    )
    text = html.escape(item["text"])
    return f'<details><summary>{text}</summary><ol type="a">{answers}</ol></details>'


def predict(*options: str) -> Questions:
    """Commit to one of the options, with a click or its letter, before you run the next cell.

    The question itself stands in the text above. Nothing is marked: the next cell answers.
    Raises `CourseError` for fewer than two options.
    """
    if len(options) < 2 or not all(isinstance(option, str) for option in options):
        raise CourseError(
            'predict() takes two or more answers as texts, like predict("27, 0", "0, 0").'
        )
    said = "You said ({}). Now run the next cell and see."
    items = [
        {"text": text, "said": said.format(letter)}
        for letter, text in zip(LETTERS, options, strict=False)
    ]
    return Questions("Your prediction:", [{"text": "", "options": items}])


def quiz(lesson: str) -> Questions:
    """The five questions at the end of a lesson, "01" to "09": each answer says why.

    Raises `CourseError` for a lesson that there is not.
    """
    check_choice("quiz", lesson, QUESTIONS)
    items = [
        {
            "text": question.text,
            "options": [
                {"text": text, "said": why, "right": number == question.right}
                for number, (text, why) in enumerate(question.options)
            ],
        }
        for question in QUESTIONS[lesson]
    ]
    return Questions(f"Five questions on lesson {int(lesson)}", items)
