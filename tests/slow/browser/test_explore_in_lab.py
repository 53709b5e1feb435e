"""What happens to explore() in JupyterLab: second tabs, restarts, a page without anywidget."""

import re

import pytest
from playwright.sync_api import expect

from tests.helpers.lab import Lab
from tests.helpers.widgets import KERNEL, choose, shown

CELLS = [
    """
import json, os, tempfile
from pathlib import Path
from course_utils import explore

def empty_folder():
    os.environ["COURSE_DATA"] = tempfile.mkdtemp()
    return os.environ["COURSE_DATA"]

def kept():
    return json.loads(Path(os.environ["COURSE_DATA"], "scenes/explore.json").read_text())
""",
    "w = explore('lenet', 'coffee')\nw",
]
PRESENTING = re.compile("cw-presenting")


@pytest.fixture(scope="module")
def opened(server, browser):
    """One notebook and kernel for all tests here."""
    lab = Lab(server, browser)
    notebook = lab.notebook(CELLS)
    assert notebook.run_all() == []
    yield lab, notebook
    lab.close()


@pytest.fixture
def notebook(opened):
    """The notebook, its widget in presenter mode as at the start, without scenes."""
    _, notebook = opened
    widget = shown(notebook)
    notebook.ask("empty_folder(), w.choose(w.start)")
    if not PRESENTING.search(widget.get_attribute("class")):
        widget.scroll_into_view_if_needed()
        widget.locator(".cw-toggle").click()
    expect(widget).to_have_class(PRESENTING)
    notebook.ask("setattr(w, 'scenes', [])")
    return notebook


def save(widget, name: str) -> None:
    widget.get_by_label("New scene").fill(name)
    widget.get_by_role("button", name="Save").click()
    expect(current(widget)).to_contain_text(name)


def current(widget):
    return widget.locator(".cw-scenes button[aria-pressed=true]")


def layer(widget):
    return widget.locator("select[name=layer]")


def test_keys_of_presenter_mode_do_not_reach_jupyterlab(notebook):
    press = notebook.page.keyboard.press
    cells = notebook.page.locator(".jp-Notebook .jp-Cell").count()
    for key in ("d", "d", "b", "x", "m"):  # in the notebook: delete, insert, cut, to text
        press(key)
    assert notebook.page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_second_tab_and_reload_show_the_same_widget(opened, notebook):
    lab, _ = opened
    notebook.page.keyboard.press("Escape")
    notebook.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    second = lab.again(notebook)
    other = shown(second)
    choose(other, "layer", "conv2")
    expect(layer(shown(notebook))).to_have_value("conv2")
    choose(shown(notebook), "layer", "relu2")
    expect(layer(other)).to_have_value("relu2")
    second.page.reload()
    expect(layer(shown(second))).to_have_value("relu2", timeout=60_000)
    second.page.close()
    lab.opened.remove(second)


def test_restart_one_cell_brings_all_back(notebook):
    save(shown(notebook), "for tomorrow")
    folder = notebook.ask("os.environ['COURSE_DATA']")
    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.press("Escape")
    notebook.page.evaluate(f"{KERNEL}.restart()")
    notebook.wait_idle()
    assert notebook.run_all() == []
    notebook.ask(f"os.environ.update(COURSE_DATA={folder!r})")
    widget = shown(notebook)
    widget.locator(".cw-toggle").click()
    expect(widget.locator(".cw-scenes")).to_contain_text("1 for tomorrow")
    choose(widget, "layer", "conv2")
    assert notebook.ask("w.layer") == "conv2"


def test_still_image_where_anywidget_cannot_load(lab):
    notebook = lab.notebook(CELLS, blocked="**/anywidget/static/**")
    notebook.run_all()
    output = notebook.cell(1)
    missing = output.get_by_text("could not load explore()")
    expect(missing).to_be_hidden()
    expect(missing).to_be_visible(timeout=30_000)
    expect(output.locator("img")).to_have_attribute("alt", re.compile("layer conv1 of LeNet"))
    notebook.page.set_viewport_size({"width": 1280, "height": 1200})
    notebook.screenshot("still-image")
