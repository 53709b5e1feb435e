"""Every right answer is confirmed; every known wrong answer gets a diagnosis of its own."""

import re
from collections import Counter
from pathlib import Path
from textwrap import indent

import numpy as np
import pytest
import torch
from torch import nn

from course_utils import CourseError
from course_utils.exercises import (
    EXERCISES,
    PREDICTIONS,
    QUESTIONS,
    Exercise,
    Question,
    Wrong,
    check,
    hint,
    keep_prediction,
    keep_quiz,
    progress,
)
from course_utils.exercises.__main__ import main
from course_utils.exercises.checking import Right, solution, verdict

CASES = [
    pytest.param(exercise, wrong, id=f"{name}-{number}")
    for name, exercise in EXERCISES.items()
    for number, wrong in enumerate(exercise.wrong)
]


@pytest.mark.parametrize("name", EXERCISES)
def test_right_answer_is_confirmed_with_the_reason(name, capsys):
    assert check(name, EXERCISES[name].answer) is None
    assert capsys.readouterr().out.startswith(f"Right: {EXERCISES[name].why}")


@pytest.mark.parametrize(("exercise", "wrong"), CASES)
def test_wrong_answer_gets_its_diagnosis(exercise, wrong):
    assert verdict(exercise, wrong.value).startswith(f"Not yet: {wrong.diagnosis}")


@pytest.mark.parametrize(
    ("name", "computed", "diagnosis"),
    [
        ("05.normalize", (200 - 0.485) / 0.229, "871 forgets ToTensor"),
        ("04.memory", 32 * 128 * 112 * 112 * 4 / 1e6, "these are MB"),
        ("04.he", (1 / 1152) ** 0.5, "forgets the ReLU"),
    ],
)
def test_a_wrong_answer_is_known_with_all_its_digits(name, computed, diagnosis):
    assert diagnosis in verdict(EXERCISES[name], computed)


def test_no_two_mistakes_share_a_diagnosis():
    counts = Counter(wrong.diagnosis for e in EXERCISES.values() for wrong in e.wrong)
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("nothing", [..., None])
def test_no_answer_is_not_tried_yet_and_the_notebook_goes_on(name, nothing):
    assert verdict(EXERCISES[name], nothing) == "Not tried yet."


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("nonsense", ["abc", 10**9, -1.5, (1, 2), [[]], {}, print, True, np.eye(2)])
def test_nonsense_gets_one_line_and_no_error(name, nonsense):
    assert re.match(r"(Right|Not yet): [^\n]+$", verdict(EXERCISES[name], nonsense))


@pytest.mark.parametrize("name", EXERCISES)
def test_an_entry_is_complete_and_a_hint_gives_nothing_away(name):
    exercise = EXERCISES[name]
    assert re.fullmatch(r"0\d\.[a-z0-9_]+", name)
    assert exercise.question
    assert exercise.wrong
    assert exercise.hint.endswith((".", "?"))
    if isinstance(exercise.answer, int | float) and exercise.answer > 9:
        assert str(exercise.answer) not in exercise.hint.replace(",", "")


@pytest.mark.parametrize("name", EXERCISES)
def test_hints_come_in_steps_and_each_says_something_else(name, capsys):
    hints = EXERCISES[name].hints
    for step in range(1, len(hints) + 1):
        hint(name, step)
    printed = capsys.readouterr().out.splitlines()
    assert len(set(printed)) == len(hints)
    for step, (line, text) in enumerate(zip(printed, hints, strict=True), 1):
        assert line.startswith(f"Hint {step} of {len(hints)}: {text}")


def test_a_hint_without_a_step_is_the_next_one(capsys, monkeypatch):
    monkeypatch.setattr("course_utils.exercises._given", {})
    for _ in range(4):
        hint("01.one_value")
    said = [line[:11] for line in capsys.readouterr().out.splitlines()]
    assert said == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3"]


class Odd:
    """What has no text."""

    def __repr__(self):
        raise ValueError("no text")


@pytest.mark.parametrize("call", [hint, check, progress])
@pytest.mark.parametrize(
    "given",
    [(48,), (48.5,), ([],), ({},), (Odd(),), (torch.ones(2, 2),), ("01.kernel", 1, 2), (print, 1)],
)
def test_whatever_is_typed_is_told_in_one_sentence(call, given):
    with pytest.raises(CourseError, match=r"^[^\n]+$"):
        call(*given)


@pytest.mark.parametrize("call", [hint, check])
def test_without_a_name_one_is_told_what_is_taken(call):
    with pytest.raises(CourseError, match=r"takes the name of an exercise.*01\.output_size"):
        call()
    with pytest.raises(CourseError, match="takes the name of an exercise"):
        call(exercise="01.kernel")


@pytest.mark.parametrize("odd", [Odd(), [[10**40]], np.mean, np.array([None, "a"]), 1j, type])
@pytest.mark.parametrize("name", ["01.output_size", "01.kernel", "02.network", "06.record"])
def test_an_answer_without_sense_or_text_is_a_sentence_too(name, odd, capsys):
    check(name, odd)
    assert re.match(r"Not yet: [^\n]+\n$", capsys.readouterr().out)


@pytest.mark.parametrize("step", [0, 9, "2", 1.5])
def test_a_step_that_there_is_not_is_told(step):
    with pytest.raises(CourseError, match="There are hints 1 to"):
        hint("01.output_size", step)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A data folder without a record."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    return tmp_path


def test_what_was_done_is_one_line_and_what_was_predicted(folder, monkeypatch):
    window = Question("where 27 is", ("here", "no."), Right("there <", "yes."))
    for name in ("01.tried", "01.other", "01.third"):
        monkeypatch.setitem(PREDICTIONS, name, window)
    count, exercises = (sum(n[:2] == "01" for n in table) for table in (PREDICTIONS, EXERCISES))
    assert repr(progress("01")) == (
        f"Lesson 1: predictions 0 of {count} made · exercises 0 of {exercises} solved · "
        "quiz not taken"
    )
    check("01.output_size", 48)
    check("01.output_size", 48)
    check("01.one_value", 1e9)
    keep_quiz("01", 4)
    keep_prediction("01.tried", "there <")
    keep_prediction("01.other", "here")
    assert repr(progress(1)).splitlines() == [
        f"Lesson 1: predictions 2 of {count} made, 1 right · exercises 1 of {exercises} solved · "
        "quiz 4 of 5 right",
        "  where 27 is: you said “there <”, and that is right",
        "  where 27 is: you said “here”, right is “there <”",
    ]
    assert "you said “there &lt;”," in progress("01")._repr_html_()


def test_the_page_of_all_lessons_is_a_table(folder):
    check("02.conv2_parameters", 2416)
    shown = progress()
    assert [row[0][:1] for row in shown.rows()] == [*"123456789"]
    solved = f"1 of {sum(name[:2] == '02' for name in EXERCISES)} solved"
    assert f"exercises {solved}" in repr(shown).splitlines()[1]
    assert str(folder / "progress") in repr(shown)
    html = shown._repr_html_()
    assert html.count("<tr>") == 10
    assert f">{solved}</td>" in html


def test_without_a_folder_to_write_to_exercises_go_on_and_the_page_says_it(folder, monkeypatch):
    (folder / "file").write_text("")
    monkeypatch.setenv("COURSE_DATA", str(folder / "file" / "within"))
    check("01.output_size", 48)
    assert "Nothing of it is kept. COURSE_DATA names the folder" in repr(progress())


@pytest.mark.parametrize("nothing", ["", "10", "01.kernel", "one"])
def test_a_lesson_that_there_is_not_is_told(nothing):
    with pytest.raises(CourseError, match=r"There is no lesson .* takes one of 01, 02"):
        progress(nothing)


@pytest.mark.parametrize("name", EXERCISES)
def test_a_solution_that_is_code_is_right(name):
    """What a teacher shows solves the exercise: it is run, and its last line is the answer."""
    code = EXERCISES[name].solution
    if code:
        *setup, last = code.strip().splitlines()
        names: dict = {}
        exec("\n".join(setup), names)
        assert verdict(EXERCISES[name], eval(last, names)).startswith("Right"), name


def test_a_name_that_there_is_not_gets_those_of_its_lesson():
    with pytest.raises(CourseError, match=r"Did you mean '01.output_size'.*This lesson has 01.*"):
        check("01.outputsize", 48)
    with pytest.raises(CourseError, match="There is no exercise 7"):
        hint(7)


def test_a_teacher_gets_the_solutions_of_a_lesson():
    shown = main(["1"])
    assert "01.output_size: side of the feature map" in shown
    assert "\n  48\n" in shown
    assert "02." not in shown
    everything = main([])
    assert all(indent(solution(one), "  ") in everything for one in EXERCISES.values())
    with pytest.raises(CourseError, match="There is no lesson '77'"):
        main(["77"])


def test_what_was_tested_is_said():
    exercise = Exercise("q", 4, "w.", "h.", accept=lambda n: n == 4, tested="that it is four")
    assert verdict(exercise, 4) == "Right: w. Tested: that it is four."
    assert verdict(exercise, 5).endswith("Tested: that it is four.")


@pytest.mark.parametrize("lesson", QUESTIONS)
def test_a_quiz_has_five_questions_and_says_why_for_each_answer(lesson):
    questions = QUESTIONS[lesson]
    assert len(questions) == 5
    for question in questions:
        assert question.text.endswith("?")
        assert 2 <= len(question.options) <= 5
        assert question.right in range(len(question.options))
        assert all(text and why.endswith(".") for text, why in question.options)
        assert len({why for _, why in question.options}) == len(question.options)


def test_the_right_answer_of_a_quiz_is_not_always_in_the_same_place():
    for questions in QUESTIONS.values():
        assert len({question.right for question in questions}) > 1


SHAPE = Exercise("a shape", (6, 28, 28), "because.", "Count.", (Wrong((6, 32, 32), "no padding."),))
NUMBER = Exercise("a number", 0.25, "because.", "Divide.")


@pytest.mark.parametrize("same", [[6, 28, 28], torch.Size([6, 28, 28]), np.array([6, 28, 28])])
def test_a_shape_may_be_a_list_a_size_or_an_array(same):
    assert verdict(SHAPE, same) == "Right: because."


@pytest.mark.parametrize("sort", [list, bytes, np.array, torch.tensor])
def test_bytes_may_come_in_any_form(sort):
    exercise = EXERCISES["06.record"]
    assert verdict(exercise, sort([*exercise.answer])).startswith("Right")


@pytest.mark.parametrize("same", [0.2501, torch.tensor(0.25), np.float32(0.25)])
def test_a_number_may_come_from_torch_or_numpy(same):
    assert verdict(NUMBER, same) == "Right: because."


def test_the_wrong_sort_of_answer_is_told_what_is_expected():
    assert verdict(SHAPE, 28) == "Not yet: expected 3 numbers like (2, 3, 5), got 28."
    assert verdict(NUMBER, "1/4") == "Not yet: expected a number, got '1/4'."
    assert "got True" in verdict(NUMBER, True)


def test_an_unknown_wrong_answer_is_not_it():
    assert verdict(SHAPE, (1, 2, 3)) == "Not yet: (1, 2, 3) is not it."


def test_after_an_unknown_wrong_answer_the_hint_is_offered_and_not_given(capsys):
    check("01.output_size", 1234)
    assert capsys.readouterr().out == 'Not yet: 1234 is not it. hint("01.output_size") helps.\n'


def test_one_layer_in_place_of_the_network_is_told_so():
    layer = nn.Conv2d(1, 6, 5, padding=2)
    assert "Give the whole network" in verdict(EXERCISES["02.network"], layer)
    assert "without padding" not in verdict(EXERCISES["02.network"], layer)


def test_other_kernels_for_horizontal_edges_are_right_too():
    other = torch.tensor([[1.0] * 3, [-1.0] * 3, [0.0] * 3])
    for kernel in ([[1, 2, 1], [0, 0, 0], [-1, -2, -1]], other):
        assert verdict(EXERCISES["01.kernel"], kernel).startswith("Right")


@pytest.mark.parametrize("side", [228, 229, 230])
def test_a_image_of_which_pixels_are_left_over_could_be_smaller(side):
    assert "it can be smaller" in verdict(EXERCISES["03.side"], side)


def strided_in_rows(x, w, s):
    """A right answer that gives rows of floats in place of a tensor."""
    k, places = len(w), [range(0, side - len(w) + 1, s) for side in x.shape]
    return [[float((w * x[i : i + k, j : j + k]).sum()) for j in places[1]] for i in places[0]]


def test_a_function_is_judged_by_what_it_gives_in_whatever_form():
    exercise = EXERCISES["01.strided"]
    assert verdict(exercise, strided_in_rows).startswith("Right")
    assert verdict(exercise, lambda x, w, s: strided_in_rows(x, w, 1)).startswith(
        "Not yet: your function goes on by one pixel"
    )
    assert "raised IndexError" in verdict(exercise, lambda x, w, s: x[99, 99])
    assert verdict(exercise, lambda x, w, s: 0).startswith("Not yet: <lambda> is not it.")


def test_a_network_that_cannot_run_is_no_crash():
    assert verdict(EXERCISES["02.network"], nn.Linear(3, 3)).startswith("Not yet")


def test_an_answer_that_raises_is_told_so():
    class Broken(nn.Module):
        def forward(self, x):
            raise KeyError("fc1")

    expected = "Not yet: trying your answer raised KeyError: 'fc1'"
    assert verdict(EXERCISES["02.network"], Broken()) == expected


def test_unknown_exercise_offers_the_nearest():
    with pytest.raises(CourseError, match=r"Did you mean '01\.output_size'"):
        check("01.ouput_size", 48)


def test_importing_the_exercises_leaves_the_random_state_alone():
    import importlib

    from course_utils.exercises import lesson_2

    before = torch.get_rng_state()
    importlib.reload(lesson_2)
    assert torch.equal(before, torch.get_rng_state())
