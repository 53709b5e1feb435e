"""predict() and quiz(): what they offer, and what a page without a kernel shows of them."""

import pytest

from course_utils import CourseError
from course_utils.exercises import QUESTIONS
from course_utils.widgets.questions.widget import predict, quiz


def test_a_prediction_offers_its_options_and_marks_none():
    shown = predict("27, 27", "27, 0")
    assert repr(shown) == "Your prediction: (a) 27, 27 (b) 27, 0"
    assert shown.chosen == [-1]
    assert [option.get("right") for option in shown.items[0]["options"]] == [None, None]


@pytest.mark.parametrize("options", [(), ("one",), ("one", 2), (["a", "b"],)])
def test_a_prediction_needs_two_texts(options):
    with pytest.raises(CourseError, match="two or more answers"):
        predict(*options)


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
    bundle = predict("a < b", "both")._repr_mimebundle_()[0]
    assert bundle["text/html"] == "(a) a &lt; b (b) both"
    assert "application/vnd.jupyter.widget-view+json" in bundle
