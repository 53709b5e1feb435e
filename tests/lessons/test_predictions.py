"""Predict, choose, run, read why: in this order, and nothing gives the answer away before."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

import pytest
from nbformat import NotebookNode

from course_utils.exercises import PREDICTIONS, Question
from tests.helpers.lessons import LESSONS, every_lesson, lesson, predictions

CHOICE = re.compile(r'^predict\("(\d\d\.\w+)"\)$', re.MULTILINE)
EXPLANATION = re.compile(
    r"<details><summary><b>Explain\.</b> (?P<summary>[^\n]+)</summary>\n\n.+\n\n</details>",
    re.DOTALL,
)
every_prediction = pytest.mark.parametrize(
    ("lesson_name", "name"), [(name, one) for name in LESSONS for one in predictions(name)]
)


class Step(NamedTuple):
    """A prediction in its lesson.

    before: the cells up to the choice. answer: those from there to the explanation.
    """

    before: list[NotebookNode]
    answer: list[NotebookNode]
    explanation: NotebookNode | None


def steps(lesson_name: str) -> Iterator[tuple[str, Step]]:
    """Each prediction of a lesson, by its name."""
    cells = lesson(lesson_name).cells
    for place, cell in enumerate(cells):
        if cell.cell_type == "code" and (choice := CHOICE.search(cell.source)):
            following = cells[place + 1 :]
            answer = [*takewhile(lambda cell: cell.cell_type == "code", following)]
            explanation = following[len(answer)] if len(answer) < len(following) else None
            yield choice[1], Step(cells[: place + 1], answer, explanation)


def right(name: str) -> str:
    """The right option of a prediction."""
    question = PREDICTIONS[name]
    return question.options[question.right][0]


def telling(option: str) -> bool:
    """Whether an option, met elsewhere, gives an answer away: "both" and "conv1" do not."""
    return len(option.split()) > 1 or bool(re.search(r"\d{3}", option))


def outputs_above(step: Step) -> str:
    """What the cells before a prediction have put out as text."""
    outputs = [output for cell in step.before for output in cell.get("outputs", [])]
    return "\n".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in outputs[:-1])


@every_lesson
def test_a_lesson_asks_for_its_own_predictions_three_or_more(name):
    asked = predictions(name)
    assert asked == [one for one in PREDICTIONS if one[:2] == name[:2]]
    assert len(asked) >= 3
    assert len({*asked}) == len(asked)


@every_prediction
def test_the_question_stands_above_and_the_explanation_is_folded_below(lesson_name, name):
    step = dict(steps(lesson_name))[name]
    asked = [cell for cell in step.before if "**Predict.**" in cell.source]
    assert asked[-1:] == step.before[-2:-1], "the question stands just above the choice"
    assert step.answer, "a choice that no run answers"
    assert not any(CHOICE.search(cell.source) for cell in step.answer)
    assert step.explanation is not None
    assert EXPLANATION.fullmatch(step.explanation.source.strip()), step.explanation.source


@every_lesson
def test_every_question_is_followed_by_a_choice(name):
    asked = sum(cell.source.count("**Predict.**") for cell in lesson(name).cells)
    assert asked == len(predictions(name))


@every_prediction
def test_nothing_gives_the_answer_away(lesson_name, name):
    step, answer = dict(steps(lesson_name))[name], right(name)
    start, *_ = lesson(lesson_name).cells
    text = "\n".join(c.source for c in lesson(lesson_name).cells if c.cell_type == "markdown")
    headings = "\n".join(re.findall(r"^#+ .+$", text, re.MULTILINE))
    summary = EXPLANATION.fullmatch(step.explanation.source.strip())["summary"]
    if telling(answer):
        word = re.compile(rf"(?<![\w.,]){re.escape(answer)}(?!\w)", re.IGNORECASE)
        places = {"heading": headings, "first cell": start.source, "summary": summary}
        places["output above"] = outputs_above(step)
        assert [place for place, said in places.items() if word.search(said)] == []


@pytest.mark.parametrize("name", PREDICTIONS)
def test_a_prediction_says_why_for_each_option(name):
    question: Question = PREDICTIONS[name]
    assert re.fullmatch(r"0\d\.[a-z0-9_]+", name)
    assert question.text
    assert 2 <= len(question.options) <= 5
    assert all(text and why.endswith(".") for text, why in question.options)
    assert len({why for _, why in question.options}) == len(question.options)
    assert len({text for text, _ in question.options}) == len(question.options)


@every_lesson
def test_the_right_option_is_not_always_in_the_same_place(name):
    assert len({PREDICTIONS[one].right for one in predictions(name)}) > 1


@every_prediction
def test_the_next_cell_shows_something_for_then_right_or_wrong_is_told(lesson_name, name):
    assert dict(steps(lesson_name))[name].answer[0].outputs
