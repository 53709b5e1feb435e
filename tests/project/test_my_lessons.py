"""A student's copies: without outputs, never overwritten, and a page to start from."""

import json
import re
import shutil
from datetime import date

import pytest

from course_utils import CourseError
from course_utils.my_lessons import bring, fresh, lessons, main, start_page
from course_utils.storage import keep_prediction, keep_solved
from tests.helpers import ROOT
from tests.helpers.lessons import LESSONS


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A checkout with the lessons and nothing done in them."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    return tmp_path


def read(path):
    return json.loads(path.read_text("utf-8"))


def change(path, text="more\n"):
    notebook = read(path)
    notebook["cells"][-1]["source"].append(text)
    path.write_text(json.dumps(notebook), "utf-8")


def test_each_lesson_is_copied_without_its_outputs(course):
    assert bring(course) == []
    for name in LESSONS:
        lesson, mine = (read(course / f / f"{name}.ipynb") for f in ("notebooks", "my_lessons"))
        for cell, copied in zip(lesson["cells"], mine["cells"], strict=True):
            assert copied["source"] == cell["source"]
            assert copied["metadata"] == cell["metadata"]
            assert copied.get("outputs", []) == []
            assert copied.get("execution_count") is None


def test_a_copy_is_never_overwritten(course):
    bring(course)
    mine = course / "my_lessons" / "03_alexnet.ipynb"
    change(mine, "my own thoughts")
    before = mine.read_bytes()
    assert bring(course) == [], "nothing is newer"
    change(course / "notebooks" / "03_alexnet.ipynb")
    assert bring(course) == [
        "Lesson 3 of the course is newer than your copy. To have it: make fresh LESSON=3 "
        "(your copy is kept beside it)."
    ]
    assert mine.read_bytes() == before


def test_outputs_alone_make_no_lesson_newer(course):
    bring(course)
    path = course / "notebooks" / "03_alexnet.ipynb"
    notebook = read(path)
    for cell in notebook["cells"]:
        cell.pop("outputs", None)
    path.write_text(json.dumps(notebook), "utf-8")
    assert bring(course) == []


def test_a_fresh_copy_sets_the_old_one_aside_under_its_date(course):
    bring(course)
    mine = course / "my_lessons" / "03_alexnet.ipynb"
    for number, aside in (("3", ""), ("03", " (2)")):
        change(mine, "my own thoughts")
        before = mine.read_bytes()
        said = fresh(number, course)
        kept = mine.with_name(f"03_alexnet {date.today()}{aside}.ipynb")
        assert kept.read_bytes() == before
        assert kept.name in said
        assert "my own thoughts" not in mine.read_text("utf-8")
    assert bring(course) == []


def test_of_a_lesson_that_there_is_not_nothing_is_touched(course):
    with pytest.raises(CourseError, match=r"no lesson '12'\. There are 1, 2, 3"):
        fresh("12", course)
    assert not (course / "my_lessons").exists()


@pytest.mark.parametrize("content", ["", "no notebook", "[]", '{"metadata": {}}'])
def test_a_copy_that_is_none_any_more_stops_nobody(course, content):
    bring(course)
    (course / "my_lessons" / "03_alexnet.ipynb").write_text(content)
    assert bring(course) == []


def test_the_start_page_says_what_there_is_how_far_one_is_and_where_to_go_on(course):
    bring(course)
    page = (course / "my_lessons" / "Start.md").read_text("utf-8")
    assert "**Begin with [Lesson 1 · CNN backbones](01_cnn_backbones.ipynb)**" in page
    for name in LESSONS:
        assert re.search(rf"\| \[Lesson \d · .+\]\({name}\.ipynb\) \| \d+ \| 0 of \d+ \|", page)
    keep_prediction("02.tried", "there")
    keep_solved("02.pooling")
    page = start_page(lessons(course))
    assert "**Go on with [Lesson 2 · LeNet](02_lenet.ipynb)**" in page
    assert re.search(r"\(02_lenet\.ipynb\) \| \d+ \| 1 of \d+ \| 1 of \d+ \|", page)


def test_links_of_a_lesson_work_from_the_copy():
    """Both folders lie side by side, so a relative link leads to the same place."""
    for name in LESSONS:
        text = (ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8")
        assert not re.search(r"\]\((?:\.\./)?notebooks/", text)


def test_what_goes_wrong_is_one_sentence(monkeypatch, capsys):
    with pytest.raises(SystemExit, match="There is no lesson '99'"):
        main(["99"])
    monkeypatch.setattr("pathlib.Path.mkdir", denied)
    main([])
    assert "Your copies of the lessons cannot be written (" in capsys.readouterr().out


def denied(*args, **options):
    raise PermissionError(13, "Permission denied")
