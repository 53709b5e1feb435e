"""predict() in a real JupyterLab: choose, run, read; the explanation opens, the choice is kept."""

import nbformat
from playwright.sync_api import expect

SETUP = """
from course_utils.exercises import PREDICTIONS, Question
from course_utils.exercises.checking import Right
from course_utils.widgets import predict

options = (("27, 27", "only one is."), Right("27, 0", "the second is empty."))
for name in ("tried", "late", "keys", "gone"):
    PREDICTIONS[f"01.{name}"] = Question("where 27 is", *options)
"""
EXPLANATION = nbformat.v4.new_markdown_cell(
    "<details><summary><b>Explain.</b> The two places</summary>\n\nThe second is $x_2 = 0$.\n\n"
    "</details>"
)
CHOSEN = "You chose (a). Run the next cell to see."
TOLD = "Not this one: only one is. (b) is right."


def opened(lab, name: str):
    """A prediction, the cell that answers it, an explanation, a cell that fails."""
    return lab.notebook([SETUP, f'predict("{name}")', "27", EXPLANATION, "1 / 0"])


def test_one_chooses_runs_and_is_told_and_another_day_it_is_still_chosen(lab):
    notebook = opened(lab, "01.tried")
    page = notebook.page
    said, details = page.locator(".cw-said"), page.locator(".jp-Notebook details")
    for index in (0, 1):
        notebook.run(index)
    expect(page.locator(".cw-options button")).to_have_count(2)
    expect(said).to_have_text("")
    page.locator(".cw-options button").nth(0).click()
    expect(said).to_have_text(CHOSEN)
    page.locator(".cw-options button").nth(1).click(force=True)
    expect(said).to_have_text(f"The first choice counts. {CHOSEN}")
    expect(details).not_to_have_attribute("open", "")
    notebook.run(4)  # it fails: that answers nothing
    expect(said).to_contain_text(CHOSEN)
    notebook.run(2)
    expect(said).to_have_text(TOLD)
    expect(details).to_have_attribute("open", "")
    notebook.screenshot("predict")
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    notebook.wait_idle()
    for index in (0, 1):
        notebook.run(index)
    expect(said).to_have_text(CHOSEN)
    notebook.run(2)
    expect(said).to_have_text(TOLD)


def test_chosen_after_the_next_cell_it_is_told_at_once(lab):
    notebook = opened(lab, "01.late")
    for index in (0, 1, 2):
        notebook.run(index)
    notebook.page.locator(".cw-options button").nth(1).click()
    expect(notebook.page.locator(".cw-said")).to_have_text("Right: the second is empty.")


def test_shift_enter_after_the_click_runs_the_next_cell_and_then_the_one_after_it(lab):
    notebook = opened(lab, "01.keys")
    page = notebook.page
    for index in (0, 1):
        notebook.run(index)
    page.locator(".cw-options button").nth(0).click()
    expect(page.locator(".cw-said")).to_have_text(CHOSEN)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".cw-said")).to_have_text(TOLD)
    expect(notebook.cell(2)).to_contain_text("27")
    page.keyboard.press("Shift+Enter")  # the explanation
    page.keyboard.press("Shift+Enter")
    expect(notebook.cell(4)).to_contain_text("ZeroDivisionError")


def test_after_the_end_of_the_kernel_no_choice_is_taken_that_could_not_be_kept(lab):
    notebook = opened(lab, "01.gone")
    page = notebook.page
    for index in (0, 1):
        notebook.run(index)
    expect(page.locator(".cw-options button")).to_have_count(2)
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    said = page.locator(".cw-said")
    expect(said).to_have_text("The kernel was restarted: run this cell again.")
    page.locator(".cw-options button").nth(0).click()
    expect(page.locator(".cw-options [aria-pressed=true]")).to_have_count(0)


def test_what_came_with_a_lesson_is_hidden_until_the_cell_is_run(lab):
    cells = [nbformat.v4.new_code_cell(code) for code in (SETUP, 'predict("01.tried")', "27", "28")]
    for cell in cells[2:]:
        printed = nbformat.v4.new_output("stream", name="stdout", text="as it came")
        cell.outputs, cell.execution_count = [printed], 3
    notebook = lab.notebook([*cells[:3], EXPLANATION, cells[3]])
    came = notebook.cell(2).locator(".jp-OutputArea-output")
    expect(notebook.cell(4)).to_contain_text("as it came")
    expect(came).to_be_hidden()
    notebook.screenshot("hidden-answer")
    metadata = "() => jupyterapp.shell.currentWidget.content.model.cells.get(2).metadata"
    assert {"collapsed", "jupyter"} & {*notebook.page.evaluate(metadata)} == set()
    notebook.run(2)
    expect(came).to_be_visible()
    expect(came).to_have_text("27")


def test_shift_enter_leaves_out_what_is_folded_away(lab):
    folded = {"jp-MarkdownHeadingCollapsed": True}
    heading = nbformat.v4.new_markdown_cell("## 2 · More (optional)", metadata=folded)
    inside = nbformat.v4.new_markdown_cell("### Part of it")
    after = nbformat.v4.new_markdown_cell("## 3 · Next")
    notebook = lab.notebook(["1", heading, inside, "raise ValueError", after, "print('after')"])
    notebook.page.locator(".jp-CodeCell .jp-InputPrompt").first.click()
    for _ in range(4):  # 1, both headings, the last cell
        notebook.page.keyboard.press("Shift+Enter")
    expect(notebook.page.locator(".jp-OutputArea-output")).to_have_text(["1", "after\n"])
