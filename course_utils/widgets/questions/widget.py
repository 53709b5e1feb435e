"""`predict()`: commit to an answer before a cell runs. `quiz()`: five questions at the end."""

import html
from pathlib import Path
from typing import Any, cast

import anywidget
import traitlets as t

from ...errors import CourseError
from ...exercises import (
    PREDICTIONS,
    QUESTIONS,
    Question,
    find,
    keep_prediction,
    keep_quiz,
    recorded,
)
from ..shared.base import check_choice
from .next_cell import when_the_next_cell_has_run

LETTERS = "abcdefgh"


class Questions(anywidget.AnyWidget):
    """Questions with options to choose from. All of it happens in the page: no kernel is asked.

    items: [{"text": …, "options": [{"text": …, "said": …, "right": …}]}]. "said" is shown once
        the option is chosen.
    first: the first choice counts, there is no second. answered: whether right and wrong are
        told; until then the page asks to run the next cell.
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"

    title = t.Unicode().tag(sync=True)
    items = t.List(t.Dict()).tag(sync=True)
    chosen = t.List(t.Int()).tag(sync=True)  # for each question its option, −1: none yet
    first = t.Bool(False).tag(sync=True)
    answered = t.Bool(True).tag(sync=True)

    def __init__(self, title: str, items: list[dict], **traits: Any) -> None:
        super().__init__(**{"title": title, "items": items, "chosen": [-1] * len(items), **traits})

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


def _item(question: Question) -> dict:
    return {
        "text": question.text,
        "options": [
            {"text": text, "said": why, "right": number == question.right}
            for number, (text, why) in enumerate(question.options)
        ],
    }


def predict(name: Any = None, *more: Any) -> Questions:
    """Commit to an answer before you run the next cell: predict("01.window").

    A click or a letter chooses, and the first choice counts: it is kept in the data folder and
    shown again another day. Once the next cell has run, right or wrong is told, and why. The
    question itself stands in the text above. Raises `CourseError` for a prediction that there is
    not.
    """
    if name is None or more:
        raise CourseError('predict() takes the name of a prediction, like predict("01.window").')
    item = _item(find("prediction", name, PREDICTIONS))
    texts = [option["text"] for option in item["options"]]
    before = recorded(name[:2]).predictions.get(name)
    chosen = texts.index(before) if before in texts else -1
    widget = Questions("Your prediction:", [item], chosen=[chosen], first=True, answered=False)
    widget.observe(lambda change: keep_prediction(name, texts[change["new"][0]]), "chosen")
    when_the_next_cell_has_run(lambda: widget.set_trait("answered", True))
    return widget


def quiz(lesson: str = "") -> Questions:
    """The five questions at the end of a lesson, "01" to "09": each answer says why.

    How many are right at the first try is kept in the data folder. Raises `CourseError` for a
    lesson that there is not.
    """
    check_choice("quiz", lesson, QUESTIONS)
    widget = Questions(
        f"Five questions on lesson {int(lesson)}", [_item(one) for one in QUESTIONS[lesson]]
    )
    tries = [-1] * len(widget.items)

    def keep(change: Any) -> None:
        tries[:] = [a if a >= 0 else b for a, b in zip(tries, change["new"], strict=True)]
        right = [question.right for question in QUESTIONS[lesson]]
        keep_quiz(lesson, sum(map(int.__eq__, tries, right)))

    widget.observe(keep, "chosen")
    return widget
