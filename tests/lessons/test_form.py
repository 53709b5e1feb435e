"""What every lesson owes a student: goals, times, predictions, exercises, a recap, words explained.

And what it owes a maintainer: nearly all that it prints is compared by nbval.
"""

import re

import pytest

from course_utils.exercises import EXERCISES, QUESTIONS
from tests.helpers import ROOT
from tests.helpers.lessons import (
    LESSONS,
    cells,
    every_lesson,
    is_ignored,
    outputs,
    predictions,
    printed,
    prose,
    with_text,
)

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def calls(name: str, function: str) -> list[str]:
    """The code cells of a lesson that call a function."""
    found = (cell.source for cell in cells(name, "code"))
    return [source for source in found if re.search(rf"\b{function}\(", source)]


@every_lesson
def test_the_minutes_add_up_to_the_time_of_the_lesson_an_hour_at_most(name):
    start = cells(name, "markdown")[0].source
    rows = re.findall(r"^\| (.+) \| (\d+) \|$", start, re.MULTILINE)
    assert rows[-1][0] == "Questions and recap"
    minutes = [0, 0]
    for title, count in rows:
        minutes[title.endswith(" (optional)")] += int(count)
    more = f" ({minutes[1]} more with the optional parts)" if minutes[1] else ""
    assert f"**Time** about {minutes[0]} minutes{more} · " in start
    assert minutes[0] <= 60


@every_lesson
def test_the_table_of_minutes_has_every_section(name):
    start = cells(name, "markdown")[0].source
    rows = re.findall(r"^\| (\d+ · .+) \| \d+ \|$", start, re.MULTILINE)
    sections = re.findall(r"^## (\d+ · .+)$", prose(name), re.MULTILINE)
    assert [row for row in rows if row in sections] == sections
    assert {row.split()[0] for row in rows} == {section.split()[0] for section in sections}


@every_lesson
def test_optional_parts_are_folded_away(name):
    headings = r"^(## \d+ · .+ \(optional\)|### Optional · .+)$"
    optional = [c for c in cells(name, "markdown") if re.search(headings, c.source, re.MULTILINE)]
    for cell in optional:
        assert re.fullmatch(headings, cell.source), "the heading has a cell of its own"
        assert cell.metadata.get("jp-MarkdownHeadingCollapsed") is True, cell.source
    listed = re.search(r"^\| .+ \(optional\) \| \d+ \|$", prose(name), re.MULTILINE)
    assert bool(optional) == bool(listed)


@every_lesson
def test_exercises_are_live_and_each_has_three_hints(name):
    tried = [re.search(r'check\("(\d\d\.\w+)"', source)[1] for source in calls(name, "check")]
    assert len(tried) >= 3
    assert len(set(tried)) == len(tried)
    assert sorted(tried) == sorted(key for key in EXERCISES if key.startswith(name[:2]))
    assert [key for key in tried if len(EXERCISES[key].hints) != 3] == []
    assert [key for key in tried if len(EXERCISES[key].wrong) < 2] == []


@every_lesson
def test_hints_are_told_of_and_none_is_given(name):
    assert f'hint("{name[:2]}.' in prose(name), "nobody is told of the hints"
    assert calls(name, "hint") == []
    assert "Hint 1 of" not in printed(name)


@every_lesson
def test_ends_with_what_was_done(name):
    *_, quiz, last = cells(name, "code")
    assert quiz.source.endswith(f'quiz("{name[:2]}")')
    assert last.source.endswith(f'progress("{name[:2]}")')
    predicted = f"predictions 0 of {len(predictions(name))} made"
    (shown,) = [output.data["text/plain"] for output in last.outputs]
    assert shown.startswith(f"Lesson {int(name[:2])}: {predicted} · exercises 0 of ")


@every_lesson
def test_an_exercise_left_alone_is_not_tried_yet(name):
    said = "\n".join(o.text for o in outputs(name) if o.get("name") == "stdout").splitlines()
    assert said.count("Not tried yet.") == len(calls(name, "check"))


@every_lesson
def test_ends_with_five_questions_a_recap_of_three_lines_and_the_next_step(name):
    end = re.search(r"^## Five questions$.*^## Recap$(.*)^## Next$", prose(name), re.M | re.S)
    assert end
    assert len(re.findall(r"^- ", end[1], re.M)) == 3
    assert len(calls(name, "quiz")) == 1
    questions = QUESTIONS[name[:2]]
    assert len(questions) == 5
    assert len({question.right for question in questions}) > 1
    assert all(why for question in questions for _, why in question.options)


@every_lesson
def test_terms_are_linked_to_the_glossary_where_they_first_come(name):
    linked = re.findall(r"\]\(\.\./docs/glossary\.md#([^)]+)\)", prose(name))
    assert len(set(linked)) >= 6
    terms = {term.lower().replace(" ", "-") for term in re.findall(r"^## (.+)$", GLOSSARY, re.M)}
    assert sorted(set(linked) - terms) == []


def test_every_term_of_the_glossary_says_what_it_is_and_where_it_comes():
    entries = re.split(r"^## ", GLOSSARY, flags=re.MULTILINE)[1:]
    names = [entry.partition("\n")[0] for entry in entries]
    assert names == sorted(names, key=str.lower)
    assert len(set(names)) == len(names) > 60
    for entry in entries:
        text = entry.partition("\n")[2]
        assert re.search(r"\[lesson \d\]\(\.\./notebooks/\d\d_\w+\.ipynb\)", text, re.I), entry
        assert len(text.split()) >= 8, entry


@every_lesson
def test_every_image_has_an_alternative_text_made_from_its_content(name):
    for output in outputs(name):
        if "image/png" in output.get("data", {}):
            alt = output.metadata.get("image/png", {}).get("alt", "")
            assert len(alt.split()) >= 3, output.data.get("text/plain")


@every_lesson
def test_nbval_compares_nearly_all_that_the_lesson_prints_and_the_rest_says_why(name):
    for cell in cells(name, "code"):
        assert "NBVAL_" not in cell.source, "a mark that students see"
        assert is_ignored(cell) == bool(cell.metadata.get("differs")), cell.source
    everything, compared = with_text(name)
    assert compared / everything >= (0.75 if name[:2] in ("07", "09") else 0.9)  # they measure


def test_nbval_compares_nine_of_ten_cells_of_the_course():
    everything, compared = map(sum, zip(*map(with_text, LESSONS), strict=True))
    assert compared >= 0.9 * everything


def test_a_lesson_without_these_things_would_fail(monkeypatch):
    """The tests above can fail: an emptied lesson passes none of them."""
    import nbformat

    empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Lesson 1 · Empty")])
    monkeypatch.setattr("tests.helpers.lessons.lesson", lambda name: empty)
    for check in (
        test_the_minutes_add_up_to_the_time_of_the_lesson_an_hour_at_most,
        test_hints_are_told_of_and_none_is_given,
        test_ends_with_what_was_done,
        test_exercises_are_live_and_each_has_three_hints,
        test_ends_with_five_questions_a_recap_of_three_lines_and_the_next_step,
        test_terms_are_linked_to_the_glossary_where_they_first_come,
    ):
        with pytest.raises((AssertionError, TypeError, LookupError, ValueError)):
            check("01_cnn_backbones")
