"""predict() and quiz(): what they offer, and what a page without a kernel shows of them."""

import json
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from course_utils import CourseError
from course_utils.exercises import PREDICTIONS, QUESTIONS, Question, recorded
from course_utils.exercises.checking import Right
from course_utils.widgets.questions.widget import predict, quiz

WINDOW = Question(
    "a window of 5 × 5 at the corner",
    ("27, 27", "only the first place is inside."),
    Right("27, 0", "the second place is empty."),
    ("0 < 0", "the first place is full."),
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """A data folder without a record, and two predictions."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setitem(PREDICTIONS, "01.tried", WINDOW)
    monkeypatch.setitem(PREDICTIONS, "01.other", WINDOW)
    return tmp_path


@pytest.fixture
def shell():
    """IPython, as a notebook's cells run in it."""
    shell = InteractiveShell.instance()
    shell.run_cell("from course_utils.widgets import predict")
    yield shell
    InteractiveShell.clear_instance()


def test_a_prediction_offers_its_options_and_marks_none():
    shown = predict("01.tried")
    assert repr(shown) == "Your prediction: (a) 27, 27 (b) 27, 0 (c) 0 < 0"
    assert shown.chosen == [-1]


@pytest.mark.parametrize("name", ["01.trid", 7, ["a"], "", "01.tried "])
def test_a_prediction_that_there_is_not_is_told(name):
    with pytest.raises(CourseError, match=r"There is no prediction .*"):
        predict(name)
    with pytest.raises(CourseError, match=r"Did you mean '01.tried'.*This lesson has .*01.other"):
        predict("01.trid")


def test_other_arguments_are_told():
    with pytest.raises(CourseError, match="takes the name of a prediction"):
        predict()
    with pytest.raises(CourseError, match="takes the name of a prediction"):
        predict("27, 0", "0, 0")


def test_the_first_choice_is_kept_and_shown_again_another_day(folder):
    predict("01.tried").chosen = [2]
    again = predict("01.tried")
    assert again.chosen == [2]
    again.chosen = [1]  # the page does not allow it
    assert recorded("01").predictions == {"01.tried": "0 < 0"}
    assert [path.name for path in (folder / "progress").iterdir()] == ["01.json"]


def test_a_choice_whose_option_is_no_longer_there_is_none(monkeypatch):
    predict("01.tried").chosen = [2]
    less = Question("", ("27, 27", "no."), Right("27, 0", "yes."))
    monkeypatch.setitem(PREDICTIONS, "01.tried", less)
    assert predict("01.tried").chosen == [-1]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"predictions": 1, "solved": [], "quiz": 0}', "\xff"]
)
def test_a_broken_record_is_none_and_is_written_anew(folder, text):
    path = folder / "progress" / "01.json"
    path.parent.mkdir()
    path.write_bytes(text.encode("latin-1"))
    shown = predict("01.tried")
    assert shown.chosen == [-1]
    shown.chosen = [0]
    assert json.loads(path.read_text())["predictions"] == {"01.tried": "27, 27"}


def test_without_a_folder_to_write_to_the_widget_works_all_the_same(folder, monkeypatch):
    (folder / "progress").write_text("a file where the folder should be")
    shown = predict("01.tried")
    shown.chosen = [0]
    assert shown.chosen == [0]
    assert predict("01.tried").chosen == [-1]


def test_right_and_wrong_are_told_once_the_next_cell_has_run(shell):
    shell.run_cell("mine = predict('01.tried')", store_history=True)
    mine = shell.user_ns["mine"]
    assert not mine.answered
    shell.run_cell("1 / 0", store_history=True)
    assert not mine.answered, "a cell that fails answers nothing"
    shell.run_cell("2", store_history=True)
    assert mine.answered
    assert shell.events.callbacks["post_run_cell"] == []


def test_a_cell_above_that_is_run_again_answers_nothing(shell):
    for cell in ("above = 1", "mine = predict('01.tried')", "above = 1"):
        shell.run_cell(cell, store_history=True)
    mine = shell.user_ns["mine"]
    assert not mine.answered
    shell.run_cell("2", store_history=True)
    assert mine.answered
    for cell in ("mine = predict('01.tried')", "2"):  # all once more
        shell.run_cell(cell, store_history=True)
    assert shell.user_ns["mine"].answered


def test_each_of_several_predictions_waits_for_its_own_next_cell(shell):
    shell.run_cell("a = predict('01.tried')")
    shell.run_cell("b = predict('01.other'); b2 = predict('01.other')")
    a, b, b2 = (shell.user_ns[name] for name in ("a", "b", "b2"))
    assert [a.answered, b.answered, b2.answered] == [True, False, False]
    shell.run_cell("3")
    assert b.answered
    assert b2.answered
    assert shell.events.callbacks["post_run_cell"] == []


def test_without_ipython_nothing_is_waited_for():
    assert predict("01.tried").answered


def test_the_quiz_keeps_how_many_were_right_at_the_first_try():
    right = [question.right for question in QUESTIONS["01"]]
    shown = quiz("01")
    shown.chosen = [right[0], -1, -1, -1, -1]
    shown.chosen = [right[0], (right[1] + 1) % 3, -1, -1, -1]
    shown.chosen = [right[0], right[1], right[2], -1, -1]
    assert recorded("01").quiz == 2
    quiz("01").chosen = [right[0], -1, -1, -1, -1]
    assert recorded("01").quiz == 2  # the best try


def test_a_quiz_has_the_questions_of_its_lesson_and_one_right_answer_each():
    shown = quiz("01")
    assert repr(shown) == "Five questions on lesson 1"
    for item, question in zip(shown.items, QUESTIONS["01"], strict=True):
        assert item["text"] == question.text
        right = [option["right"] for option in item["options"]]
        assert right.index(True) == question.right
        assert right.count(True) == 1


def test_an_unknown_quiz_is_told():
    with pytest.raises(CourseError, match="There is no quiz '1'"):
        quiz("1")


def test_a_page_without_a_kernel_folds_the_answers_away():
    html = quiz("01")._repr_mimebundle_()[0]["text/html"]
    assert html.count("<details>") == 5
    for question in QUESTIONS["01"]:
        for text, why in question.options:
            assert text in html
            assert why.replace("'", "&#x27;") in html


def test_a_prediction_on_such_a_page_is_a_line():
    bundle = predict("01.tried")._repr_mimebundle_()[0]
    assert bundle["text/html"] == "(a) 27, 27 (b) 27, 0 (c) 0 &lt; 0"
    assert "application/vnd.jupyter.widget-view+json" in bundle
