"""Every lesson is committed as a reader finds it best: executed, and in one form.

That its outputs are still true is what nbval proves.
"""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from statistics import median
from urllib.parse import unquote

import nbformat
import pytest

from course_utils.exercises.overview import TITLES
from tests.helpers import ROOT
from tests.helpers.lessons import (
    FOLDER,
    LESSONS,
    cells,
    every_lesson,
    lesson,
    outputs,
    printed,
    prose,
)


def test_these_are_the_lessons():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == [*LESSONS]


@every_lesson
def test_is_a_valid_notebook_of_a_size_that_web_pages_show(name):
    nbformat.validate(lesson(name))
    assert lesson(name).metadata.kernelspec.name == "python3"
    assert "widgets" not in lesson(name).metadata, "holds the state of its widgets"
    assert (FOLDER / f"{name}.ipynb").stat().st_size < 2e6


@every_lesson
def test_was_executed_once_from_top_to_bottom(name):
    """A cell without a count is one that nbval would not compare."""
    code = cells(name, "code")
    assert [cell.execution_count for cell in code] == [*range(1, len(code) + 1)]
    assert [o.evalue for o in outputs(name) if o.output_type == "error"] == []


@every_lesson
def test_prints_nothing_that_differs_from_run_to_run(name):
    assert re.findall(r"\bat 0x[0-9a-f]+", printed(name)) == []
    assert [o.text for o in outputs(name) if o.get("name") == "stderr"] == []


@every_lesson
def test_what_is_printed_one_after_the_other_is_one_piece(name):
    """How a kernel cuts it into messages differs from run to run."""
    for cell in cells(name, "code"):
        names = [o.get("name") for o in cell.outputs]
        assert not any(a == b == "stdout" for a, b in pairwise(names)), cell.id


@every_lesson
def test_widgets_have_a_still_image(name):
    """For a page of the notebook where no kernel runs."""
    shown = [o.data for o in outputs(name) if "data" in o]
    views = [data for data in shown if "application/vnd.jupyter.widget-view+json" in data]
    assert all({"image/png", "text/html"} & {*data} for data in views)  # html: questions


@every_lesson
def test_says_what_it_takes_and_what_one_can_do_afterwards(name):
    number = int(name[:2])
    start = cells(name, "markdown")[0].source
    assert start.startswith(f"# Lesson {number} · {TITLES[name[:2]]}\n")
    assert re.search(r"\*\*Time\*\* about \d+ minutes(?: \(.+?\))? · \*\*You need\*\* ", start)
    goals = start.partition("**After this lesson you can**")[2]
    assert 3 <= len(re.findall(r"^- ", goals, re.MULTILINE)) <= 6


@every_lesson
def test_has_the_form_of_a_lesson(name):
    """Sections in order, an exercise that diagnoses, small cells, a recap, a way on."""
    text, code = prose(name), cells(name, "code")
    sections = re.findall(r"^## (\d+) · ", text, re.MULTILINE)
    assert sections == [str(i + 1) for i in range(len(sections))]
    assert any(f'check("{name[:2]}.' in cell.source for cell in code)
    assert re.search(r"^## Recap$.*^## Next$", text, re.MULTILINE | re.DOTALL)
    assert median(len(cell.source.splitlines()) for cell in code) <= 6


@pytest.mark.parametrize(("name", "following"), [*pairwise(LESSONS)])
def test_leads_to_the_next_lesson(name, following):
    assert f"({following}.ipynb)" in prose(name).partition("## Next")[2]


@pytest.mark.parametrize("name", ["06_cifar10", "07_training", "08_backbone_at_work"])
def test_lessons_about_cifar10_are_committed_as_they_run_on_the_real_images(name):
    """Not on a copy that another name would give away, nor on the stand-in."""
    assert "CIFAR-10, 50,000 training images" in printed(name).splitlines()
    assert "stand-in" not in printed(name)


@pytest.mark.parametrize("path", [*(f"notebooks/{name}.ipynb" for name in LESSONS), "README.md"])
def test_links_lead_to_files_of_the_project(path):
    text = prose(Path(path).stem) if path.endswith("ipynb") else (ROOT / path).read_text()
    targets = re.findall(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"", text)
    for target in filter(None, (a or b for a, b in targets)):
        if not re.match(r"https?:|mailto:|#|attachment:", target):
            file = (ROOT / path).parent / unquote(target.partition("#")[0])
            assert file.resolve().is_relative_to(ROOT), target
            assert file.exists(), target


@every_lesson
def test_readme_says_how_long_the_lesson_takes(name):
    minutes = re.search(r"\*\*Time\*\* about (\d+) minutes", prose(name))[1]
    row = next(line for line in (ROOT / "README.md").read_text().splitlines() if name in line)
    assert row.endswith(f"| {minutes} |")


def test_a_cell_that_fails_for_its_stderr_says_what_was_written(tmp_path):
    source = "import sys; print('as ever'); print('some' + 'thing odd', file=sys.stderr)"
    printed = nbformat.v4.new_output("stream", name="stdout", text="as ever\n")
    cell = nbformat.v4.new_code_cell(source, outputs=[printed], execution_count=1)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "odd.ipynb")
    pytest_of_a_notebook = [sys.executable, "-m", "pytest", "-p", "conftest", "--nbval"]
    settings = ["-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path / "odd.ipynb")]
    done = subprocess.run(
        pytest_of_a_notebook + settings, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert "1 failed" in done.stdout, done.stdout + done.stderr
    assert "something odd" in done.stdout
