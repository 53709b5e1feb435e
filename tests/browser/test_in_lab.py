"""What only a real JupyterLab shows: predictions and the cells after them, each widget once.

One notebook for all tests, in their order: each has cells of its own. What a widget does beyond
that is tested on a page of its own, without JupyterLab.
"""

import nbformat
import pytest
from playwright.sync_api import expect

from course_utils import widgets
from tests.helpers.every_widget import CASES, SETUP, SHOW, expected
from tests.helpers.lab import Lab
from tests.helpers.widgets import KERNEL, answered, painted

QUESTIONS = """
from course_utils.exercises import PREDICTIONS, Question
from course_utils.exercises.checking import Right
from course_utils.widgets import predict

options = (("27, 27", "only one is."), Right("27, 0", "the second is empty."))
for name in ("tried", "late", "keys", "gone", "came"):
    PREDICTIONS[f"01.{name}"] = Question("where 27 is", *options)
"""
CHOSEN = "You chose (a). Run the next cell to see."
TOLD = "Not this one: only one is. (b) is right."


def markdown(text: str, **metadata: bool):
    return nbformat.v4.new_markdown_cell(text, metadata=metadata)


def explanation():
    summary = "<details><summary><b>Explain.</b> The two places</summary>"
    return markdown(f"{summary}\n\nThe second is $x_2 = 0$.\n\n</details>")


def came(code: str):
    """A cell with an output that came with the lesson."""
    printed = nbformat.v4.new_output("stream", name="stdout", text="as it came")
    return nbformat.v4.new_code_cell(code, outputs=[printed], execution_count=3)


CELLS = [
    *(QUESTIONS, 'predict("01.came")', came("27"), explanation(), came("28")),
    # an answer that has run before would be none: each is another code
    *('predict("01.tried")', "26 + 1", explanation(), "1 / 0"),
    *('predict("01.late")', "25 + 2"),
    *('predict("01.keys")', "24 + 3", explanation(), "2 / 0"),
    'predict("01.gone")',
    *("1", markdown("## 2 · More (optional)", **{"jp-MarkdownHeadingCollapsed": True})),
    *(markdown("### Part of it"), "raise ValueError", markdown("## 3 · Next"), "print('after')"),
    *(SETUP, SHOW),
]
CAME, TRIED, LATE, KEYS, GONE, FOLDED, WIDGETS = 1, 5, 9, 11, 15, 16, 22  # where cells begin


@pytest.fixture(scope="module")
def notebook(server, browser):
    lab = Lab(server, browser)
    notebook = lab.notebook(CELLS)
    notebook.page.set_viewport_size({"width": 1280, "height": 1700})
    yield notebook
    lab.close()


@pytest.fixture(scope="module")
def widgets_shown(notebook):
    """All widgets in one cell, so that the notebook takes none of them out of the page."""
    notebook.page.set_viewport_size({"width": 1280, "height": 900})
    run(notebook, WIDGETS, WIDGETS + 1)
    notebook.wait_shown()
    notebook.console.clear()
    return notebook


def run(notebook, *indices: int) -> None:
    for index in indices:
        notebook.run(index)


def parts(notebook, index: int) -> tuple:
    """Of the prediction in this cell: its options, and what is said below them."""
    cell = notebook.cell(index)
    return cell.locator(".cw-options button"), cell.locator(".cw-said")


def test_what_came_with_a_lesson_is_hidden_until_the_cell_is_run(notebook):
    notebook.run(0)
    output = notebook.cell(CAME + 1).locator(".jp-OutputArea-output")
    expect(notebook.cell(CAME + 3)).to_contain_text("as it came")
    expect(output).to_be_hidden()
    notebook.screenshot("hidden-answer")
    metadata = "() => jupyterapp.shell.currentWidget.content.model.cells.get(2).metadata"
    assert {"collapsed", "jupyter"} & {*notebook.page.evaluate(metadata)} == set()
    notebook.run(CAME + 1)
    expect(output).to_be_visible()
    expect(output).to_have_text("27")


def test_one_chooses_runs_and_is_told(notebook):
    notebook.run(TRIED)
    options, said = parts(notebook, TRIED)
    details = notebook.cell(TRIED + 2).locator("details")
    expect(options).to_have_count(2)
    expect(said).to_have_text("")
    options.nth(0).click()
    expect(said).to_have_text(CHOSEN)
    options.nth(1).click(force=True)
    expect(said).to_have_text(f"The first choice counts. {CHOSEN}")
    expect(details).not_to_have_attribute("open", "")
    notebook.run(TRIED + 3)  # it fails: that answers nothing
    expect(said).to_contain_text(CHOSEN)
    notebook.run(TRIED + 1)
    expect(said).to_have_text(TOLD)
    expect(details).to_have_attribute("open", "")
    notebook.screenshot("predict")


def test_chosen_after_the_next_cell_it_is_told_at_once(notebook):
    run(notebook, LATE, LATE + 1)
    options, said = parts(notebook, LATE)
    options.nth(1).click()
    expect(said).to_have_text("Right: the second is empty.")


def test_shift_enter_after_the_click_runs_the_next_cell_and_then_the_one_after_it(notebook):
    press = notebook.page.keyboard.press
    notebook.run(KEYS)
    options, said = parts(notebook, KEYS)
    options.nth(0).click()
    expect(said).to_have_text(CHOSEN)
    press("Shift+Enter")
    expect(said).to_have_text(TOLD)
    expect(notebook.cell(KEYS + 1)).to_contain_text("27")
    press("Shift+Enter")  # the explanation
    press("Shift+Enter")
    expect(notebook.cell(KEYS + 3)).to_contain_text("ZeroDivisionError")


def test_shift_enter_leaves_out_what_is_folded_away(notebook):
    notebook.cell(FOLDED).locator(".jp-InputPrompt").click()
    for _ in range(4):  # 1, both headings, the last cell
        notebook.page.keyboard.press("Shift+Enter")
    expect(notebook.cell(FOLDED + 5).locator(".jp-OutputArea-output")).to_have_text("after\n")
    assert "ValueError" not in [output.get("ename") for output in notebook.outputs()]


def test_shift_enter_goes_on_in_a_folded_part_that_one_has_just_opened(notebook):
    """The button that one has clicked is gone then, and often nothing on the page has the keys."""
    notebook.cell(FOLDED + 1)  # scrolls there
    notebook.page.get_by_text("2 cells hidden").click()
    notebook.page.evaluate("document.activeElement.blur()")  # so that it is always so
    for _ in range(3):  # three of its cells, the last one raises
        notebook.page.keyboard.press("Shift+Enter")
    raised = notebook.cell(FOLDED + 3).locator(".jp-OutputArea-output")
    expect(raised).to_contain_text("ValueError")


def test_after_a_restart_no_choice_is_taken_that_could_not_be_kept_and_what_was_chosen_is(notebook):
    notebook.run(GONE)
    gone, said = parts(notebook, GONE)
    expect(gone).to_have_count(2)
    notebook.page.evaluate(f"{KERNEL}.restart()")
    expect(said).to_have_text("The kernel was restarted: run this cell again.")
    gone.nth(0).click()
    expect(notebook.cell(GONE).locator("[aria-pressed=true]")).to_have_count(0)
    notebook.wait_idle()
    run(notebook, 0, TRIED)
    _, said = parts(notebook, TRIED)
    expect(said).to_have_text(CHOSEN)
    notebook.run(TRIED + 1)
    expect(said).to_have_text(TOLD)


# --- every widget: it opens, paints the right pixels, follows a key ------------------------------


def test_every_widget_is_here():
    assert {*widgets.__all__} == {*CASES, "draw", "predict", "quiz", "teach"}


@pytest.mark.parametrize("name", CASES)
def test_it_paints_and_follows_a_key(widgets_shown, name):
    notebook = widgets_shown
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
def test_it_shows_the_answer_that_is_chosen(widgets_shown, name):
    option = widgets_shown.page.locator(f".test-{name} .cw-options button").nth(1)
    option.click()
    expect(option).to_have_attribute("aria-pressed", "true")


def test_one_can_draw(widgets_shown):
    expect(widgets_shown.page.locator(".test-draw.course-widget canvas").first).to_be_visible()
