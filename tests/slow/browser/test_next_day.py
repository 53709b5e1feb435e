"""A notebook that is opened again shows stills; a widget whose kernel has ended says so."""

import json

import pytest
from playwright.sync_api import expect

from course_utils import widgets
from tests.helpers.lab import Lab, Notebook
from tests.helpers.widgets import CALLS, answered, shown

BACK = "Run this cell to bring the widget back."
GONE = "The kernel was restarted: run this cell again."
KERNEL = "jupyterapp.shell.currentWidget.sessionContext"
SHOWN = {name: call for name, call in CALLS.items() if name in widgets.__all__}
IMPORT = "from course_utils.widgets import *\n"


@pytest.fixture(scope="module")
def saved(server, browser) -> Notebook:
    """A notebook with every widget, run, saved and closed; its kernel is shut down."""
    lab = Lab(server, browser)
    notebook = lab.notebook([IMPORT + call for call in SHOWN.values()])
    assert notebook.run_all() == []
    notebook.page.evaluate("async () => jupyterapp.commands.execute('docmanager:save')")
    lab.close()
    return notebook


def has_stills(notebook: Notebook) -> None:
    for index, name in enumerate(SHOWN):
        cell = notebook.cell(index)
        expect(cell.locator(".course-back"), name).to_have_text(BACK, timeout=20_000)
        if name == "predict":
            expect(cell).to_contain_text("(a)")
        else:
            expect(cell.locator("img, details").first, name).to_be_visible()
        assert "Error displaying" not in cell.inner_text()


def test_a_trusted_notebook_shows_stills_and_running_a_cell_brings_the_widget_back(lab, saved):
    notebook = lab.again(saved)
    has_stills(notebook)
    notebook.cell(0)
    notebook.screenshot("next-day")
    notebook.run(3)
    expect(notebook.cell(3).locator(".course-widget")).to_be_visible()
    expect(notebook.cell(3).locator(".course-back")).to_have_count(0)


def test_a_notebook_that_is_not_trusted_shows_them_too(lab, saved):
    path = lab.server.folder / saved.path
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        cell["source"] = ["# changed elsewhere\n", *cell["source"]]
    path.write_text(json.dumps(notebook))
    has_stills(lab.again(saved))


@pytest.mark.parametrize("how", ["session.kernel.restart()", "shutdown()"])
def test_a_widget_whose_kernel_has_ended_says_so_at_once(lab, how):
    notebook = lab.notebook([IMPORT + "explore('lenet', 'coffee')"])
    assert notebook.run_all() == []
    widget = shown(notebook)
    answered(widget)
    notebook.page.evaluate(f"{KERNEL}.{how}")
    expect(widget.locator(".cw-alert")).to_have_text(GONE)
    widget.locator("select[name=layer]").select_option("conv2")
    notebook.page.wait_for_timeout(400)
    expect(widget.locator(".cw-waiting")).to_have_text("")
    widget.locator(".cw-maps canvas[role=img]").hover()
    expect(widget.locator(".cw-readout")).to_contain_text("row")
    notebook.screenshot(f"kernel-{how.removesuffix('()')}")
