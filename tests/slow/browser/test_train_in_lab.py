"""train() in JupyterLab: a page that comes back."""

import pytest
from playwright.sync_api import expect

from tests.helpers.widgets import shown

# Few images, so that a run takes a second; `tell` computes without the widget.
IMAGES = """
from hashlib import sha256
import torch
from course_utils import activations, load_cifar10, train
from course_utils.networks import LeNet
from course_utils.training import Part
from course_utils.widgets.shared.maps import as_maps, mosaic

some = Part(load_cifar10("train"), torch.arange(1200))

def expected(layer, image):
    training = w.runs[0].training
    x = next(iter(training.validation.batches(100)))[0][image : image + 1]
    maps = as_maps(activations(training.network, x)[layer][0])
    return sha256(mosaic(maps, 3 if layer == "conv1" else 4)).hexdigest()
"""
START = """
recipe = {"epochs": 2, "batch_size": 32, "precision": "float32", **settings}
w = train("lenet", some, eval(other), **recipe)
display(*[w] * views)
"""


@pytest.fixture
def begun(lab):
    """A new train(...) in a notebook, shown twice."""
    notebook = lab.notebook([IMAGES, START])
    notebook.page.set_viewport_size({"width": 1280, "height": 1700})
    notebook.ask("globals().update(views=2, settings={}, other='None')")
    assert notebook.run_all() == []
    return notebook, shown(notebook)


def button(widget, name: str):
    return widget.get_by_role("button", name=name, exact=True)


def until(widget, state: str):
    expect(widget.locator(".cw-line")).to_contain_text(state, timeout=30_000)


def cells(widget, row: int = 0) -> list[str]:
    """A row of the table of runs."""
    return widget.locator(".cw-runs tbody tr").nth(row).locator("th, td").all_inner_texts()


CONTEXT = "window.jupyterapp?.shell.currentWidget?.sessionContext"


def come_back(notebook) -> None:
    """Leave the page and open it again, with the kernel that it had.

    On a busy machine JupyterLab may not find the session in time, and start another kernel: then
    the one that has the widget is chosen, as from the menu.
    """
    page, kernel = notebook.page, notebook.page.evaluate(f"{CONTEXT}.session.kernel.id")
    page.reload()
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.wait_for_function(f"() => {CONTEXT}?.session?.kernel", timeout=60_000)
    page.evaluate(
        f"""async id => {{
            await {CONTEXT}.ready;
            if ({CONTEXT}.session.kernel.id !== id) await {CONTEXT}.changeKernel({{ id }});
        }}""",
        kernel,
    )
    notebook.wait_idle()
    assert notebook.ask("w.doing") == "finished"


def test_a_second_view_and_a_page_that_comes_back_show_all_of_it(begun):
    notebook, widget = begun
    button(widget, "Start").click()
    until(widget, "finished")
    other = shown(notebook, 1)
    expect(other.locator(".cw-runs td").first).to_have_text("2.00")
    assert cells(other) == cells(widget)
    notebook.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    come_back(notebook)
    again = notebook.page.locator(".course-widget[data-seq]").first
    again.wait_for(timeout=30_000)
    expect(again.locator(".cw-runs td").first).to_have_text("2.00")
