"""Every widget once in a real JupyterLab: it opens, paints the right pixels, follows a key.

What a widget does beyond that is tested on a page of its own, without JupyterLab.
"""

import pytest
from playwright.sync_api import expect

from course_utils import widgets
from tests.helpers.every_widget import CASES, SETUP, SHOW, expected
from tests.helpers.lab import Lab
from tests.helpers.widgets import answered, painted


@pytest.fixture(scope="module")
def notebook(server, browser):
    """All widgets in one cell, so that the notebook takes none of them out of the page."""
    lab = Lab(server, browser)
    notebook = lab.notebook([SETUP, SHOW])
    assert notebook.run_all() == []
    yield notebook
    lab.close()


def test_every_widget_is_here():
    assert {*widgets.__all__} == {*CASES, "draw", "predict", "quiz", "teach"}


@pytest.mark.parametrize("name", CASES)
def test_it_paints_and_follows_a_key(notebook, name):
    canvas, before, control, key, after = CASES[name]
    widget = notebook.page.locator(f".test-{name}.course-widget")
    if name == "train":
        widget.get_by_role("button", name="One step").click()
        expect(widget.locator(".cw-line")).to_contain_text("paused")
    if name == "receptive_field":
        widget.locator("select[name=channel]").select_option("0")
    answered(widget)
    wait_for(notebook, widget.locator(canvas), before)
    outputs = notebook.outputs()
    widget.locator(control).focus()
    notebook.page.keyboard.press(key)
    answered(widget)
    wait_for(notebook, widget.locator(canvas), after)
    assert notebook.outputs() == outputs  # the key did not reach JupyterLab
    assert notebook.console == []


def wait_for(notebook, canvas, words: str) -> None:
    """Wait until what this expression of the kernel says is painted."""
    for _ in range(50):
        if painted(canvas) == notebook.ask(expected(canvas, words)):
            return
        canvas.page.wait_for_timeout(100)
    raise AssertionError(words)


@pytest.mark.parametrize("name", ["predict", "quiz"])
def test_it_shows_the_answer_that_is_chosen(notebook, name):
    option = notebook.page.locator(f".test-{name} .cw-options button").nth(1)
    option.click()
    expect(option).to_have_attribute("aria-pressed", "true")


def test_one_can_draw(notebook):
    expect(notebook.page.locator(".test-draw.course-widget canvas").first).to_be_visible()
