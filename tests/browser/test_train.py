"""train() on a page, by mouse and by keyboard: every control, the curves, the images."""

import re

import pytest
from playwright.sync_api import expect

from tests.helpers.static import StaticPage
from tests.helpers.widgets import CONTRAST, STICKING_OUT, choose, number, painted, shown

# Few images, so that a run takes a second; `tell` computes without the widget.
IMAGES = """
from hashlib import sha256
import torch
from course_utils import activations, train
from course_utils.datasets import load_digits
from course_utils.networks import LeNet
from course_utils.training import Part
from course_utils.widgets.shared.maps import as_maps, mosaic

some = Part(load_digits("train"), torch.arange(1200))

def expected(layer, image, across):
    training = w.runs[0].training
    x = next(iter(training.validation.batches(100)))[0][image : image + 1]
    maps = as_maps(activations(training.network, x)[layer][0])
    return sha256(mosaic(maps, across)).hexdigest()
"""
START = """
recipe = {"epochs": 2, "batch_size": 32, "precision": "float32", **settings}
w = train("lenet", some, eval(other), **recipe)
display(*[w] * views)
"""


@pytest.fixture(scope="module")
def notebook(browser):
    """One page for all tests here."""
    notebook = StaticPage(browser, [IMAGES, START])
    notebook.page.set_viewport_size({"width": 1280, "height": 1700})
    yield notebook
    notebook.close()


@pytest.fixture
def begun(notebook):
    """A new train(...) in the notebook."""

    def start(other="None", views=1, theme="light", **settings):
        notebook.set_theme(theme)
        notebook.ask(f"globals().update(views={views}, settings={settings!r}, other={other!r})")
        assert notebook.run_all() == []
        widget = shown(notebook)
        widget.scroll_into_view_if_needed()
        return notebook, widget

    notebook.console.clear()
    yield start
    assert notebook.console == []


def button(widget, name: str):
    return widget.get_by_role("button", name=name, exact=True)


def until(widget, state: str):
    expect(widget.locator(".cw-line")).to_contain_text(state, timeout=30_000)


def cells(widget, row: int = 0) -> list[str]:
    """A row of the table of runs."""
    return widget.locator(".cw-runs tbody tr").nth(row).locator("th, td").all_inner_texts()


def test_start_pause_resume_step_epoch_stop_reset_by_mouse(begun):
    notebook, widget = begun(epochs=400)  # it does not end meanwhile
    line = widget.locator(".cw-line")
    expect(line).to_contain_text("LeNet, untrained")
    button(widget, "Start").click()
    until(widget, "running")
    expect(line).to_contain_text("images/s")
    expect(line).to_contain_text("left")
    button(widget, "Pause").click()
    until(widget, "paused")
    seen = notebook.ask("w.runs[0].images")
    button(widget, "One step").click()
    expect(widget.locator(".cw-runs td").first).not_to_have_text(f"{int(seen) / 1080:.2f}")
    assert int(notebook.ask("w.runs[0].images")) - int(seen) in (32, 24)  # 24: the last of a pass
    button(widget, "One epoch").click()
    notebook.ask("w.wait()")
    assert int(notebook.ask("w.runs[0].images")) % 1080 == 0
    button(widget, "Resume").click()
    until(widget, "running")
    assert notebook.ask("6 * 7") == "42"  # the kernel is free meanwhile
    button(widget, "Stop").click()
    until(widget, "stopped")
    expect(button(widget, "Stop")).to_be_disabled()
    button(widget, "Reset").click()
    expect(line).to_contain_text("LeNet, untrained")
    assert notebook.ask("(w.doing, w.runs)") == "('ready', [])"


def test_curves_and_tables_are_those_of_the_kernel(begun):
    notebook, widget = begun()
    button(widget, "Start").click()
    until(widget, "finished")
    numbers = notebook.ask(
        "[f'{c[3]:.1%}' for c in w.runs[0].checks] + [f'{w.runs[0].checks[-1][2]:.2f}']"
    )
    _, last, loss = eval(numbers)
    assert cells(widget)[-1].replace(" ", "") == last
    assert cells(widget)[-2] == loss
    chart = widget.locator(".cw-chart").nth(1)
    assert f"validation accuracy {last} after 2 epochs" in chart.get_attribute("aria-label")
    heights = [
        float(y)
        for y in chart.locator("circle").evaluate_all("all => all.map(c => c.cy.baseVal.value)")
    ]
    grid = chart.locator(".cw-grid").evaluate_all("all => all.map(l => l.y1.baseVal.value)")
    zero, full = grid[0], grid[-1]
    drawn = (zero - heights[-1]) / (zero - full)
    assert 100 * drawn == pytest.approx(float(last.rstrip("%")), abs=0.2)
    table = widget.locator(".cw-confusion")
    right = int(notebook.ask("round(w.runs[0].checks[-1][3] * 120)"))
    expect(table.locator("caption")).to_have_text(f"LeNet: {right} of 120 validation images right")
    diagonal = table.locator("td.cw-right").all_inner_texts()
    assert sum(int(text or 0) for text in diagonal) == right
    assert "The worst mistakes" in widget.locator(".cw-worst canvas").get_attribute("aria-label")
    assert notebook.ask("w.still().alt") in chart.get_attribute("aria-label")


def across(mosaic) -> int:
    """How many maps stand in a row: as many as make them large."""
    return int(mosaic.get_attribute("data-across"))


def test_maps_are_the_activations_of_the_network_as_it_is_now(begun):
    notebook, widget = begun()
    button(widget, "One step").click()
    until(widget, "paused")
    maps = widget.locator(".cw-maps canvas[role=img]")
    expect(maps).to_have_attribute("aria-label", re.compile("6 feature maps of layer conv1"))
    assert painted(maps) == notebook.ask(f"expected('conv1', 0, {across(maps)})")
    button(widget, "One epoch").click()
    notebook.ask("w.wait()")
    expect(widget.locator(".cw-confusion caption")).to_contain_text("of 120 validation")
    assert painted(maps) == notebook.ask(f"expected('conv1', 0, {across(maps)})")
    choose(widget, "layer", "conv2")
    expect(maps).to_have_attribute("aria-label", re.compile("layer conv2"))
    button(widget, "Next image").click()
    expect(widget.locator(".cw-turn")).to_contain_text("image 2 of 120")
    assert painted(maps) == notebook.ask(f"expected('conv2', 1, {across(maps)})")
    assert "layer conv2" in widget.locator(".cw-kernels canvas").get_attribute("aria-label")
    choose(widget, "layer", "fc1")
    expect(widget.locator(".cw-kernels")).to_be_hidden()


def test_everything_by_keyboard_alone(begun):
    notebook, widget = begun(epochs=30)
    press, before = notebook.page.keyboard.press, notebook.keys_heard()
    button(widget, "Start").focus()
    press("Enter")
    until(widget, "running")
    press("Enter")  # the same button is "Pause" now
    until(widget, "paused")
    press("Tab")
    seen = int(notebook.ask("w.runs[0].images"))
    press("Space")
    notebook.ask("w.wait()")
    assert int(notebook.ask("w.runs[0].images")) > seen
    press("Tab")
    expect(button(widget, "One epoch")).to_be_focused()
    press("Tab")
    press("Enter")
    until(widget, "stopped")
    widget.get_by_role("slider", name="Learning rate").focus()
    press("ArrowRight")
    assert float(notebook.ask("w.learning_rate")) == pytest.approx(0.063)
    expect(widget.get_by_role("slider", name="Learning rate")).to_have_attribute(
        "aria-valuetext", "0.063"
    )
    press("Tab")
    press("ArrowDown")
    assert notebook.ask("w.batch_size") == "64"
    press("Tab")
    press("ArrowDown")  # the first switch
    expect(widget.get_by_role("group", name=re.compile("as they are stored"))).to_be_visible()
    expect(button(widget, "Start again")).to_be_disabled()
    press("Tab")
    press("ArrowDown")  # the second answer
    press("Tab")
    press("Enter")
    expect(button(widget, "Start again")).to_be_enabled()
    assert notebook.ask("(w.broken, w.answer)") == "('normalisation', 1)"
    chart = widget.locator(".cw-chart").first
    chart.focus()
    press("Home")
    expect(widget.locator(".cw-readout")).to_contain_text("epoch 0:")
    press("End")
    expect(widget.locator(".cw-readout")).to_contain_text("epoch 30: LeNet:")
    widget.locator("select[name=layer]").focus()
    press("ArrowDown")
    expect(widget.locator(".cw-maps canvas[role=img]")).to_have_attribute(
        "aria-label", re.compile("relu1")
    )
    assert notebook.keys_heard() == before  # none of these keys reached JupyterLab


def test_learning_rate_and_batch_size_while_it_runs(begun):
    notebook, widget = begun(epochs=200)
    button(widget, "Start").click()
    until(widget, "running")
    widget.get_by_role("slider", name="Learning rate").fill("-2")
    expect(widget.locator(".cw-slider output")).to_have_text("0.01")
    widget.locator("select[name=batch_size]").select_option("128")
    button(widget, "Pause").click()
    until(widget, "paused")
    assert notebook.ask("(w.runs[0].training.learning_rate, w.runs[0].training.batch_size)") == (
        "(0.01, 128)"
    )
    text = widget.locator(".cw-line span").filter(has_text="learning rate now").inner_text()
    assert number(text) < 0.01


def test_break_it_asks_first_and_explains_after(begun):
    notebook, widget = begun(epochs=1)
    choose(widget, "broken", "sigmoid")
    outcome = widget.locator(".cw-outcome")
    expect(button(widget, "Start")).to_be_disabled()
    expect(outcome).to_have_text("Commit to an answer, then start.")
    widget.get_by_role("radio").nth(1).check()
    button(widget, "That is my answer").click()
    button(widget, "Start").click()
    until(widget, "finished")
    expect(outcome).to_contain_text("Not so: (c). The slope of a sigmoid")
    assert cells(widget, 0)[0].strip() == "LeNet, sigmoid in place of ReLU"
    assert cells(widget, 1)[0].strip() == "LeNet"
    choose(widget, "broken", "")
    expect(outcome).to_be_hidden()
    button(widget, "Start again").click()
    notebook.ask("w.wait()")
    expect(widget.locator(".cw-runs tbody tr")).to_have_count(3)
    expect(widget.locator(".cw-chart").first.locator("polyline.cw-past")).to_have_count(4)


def test_race(begun):
    _, widget = begun("LeNet(activation=torch.nn.Tanh)", epochs=1)
    button(widget, "Start").click()
    until(widget, "finished")
    assert [cells(widget, row)[0].strip() for row in (0, 1)] == ["LeNet", "LeNet (2)"]
    assert {cells(widget, row)[1] for row in (0, 1)} == {"1.00"}
    choose(widget, "axis", "seconds")
    expect(widget.locator(".cw-chart").first).to_have_attribute(
        "aria-label", re.compile("Loss against seconds")
    )
    choose(widget, "watched", "1")
    expect(widget.locator(".cw-maps canvas[role=img]")).to_have_attribute(
        "aria-label", re.compile(r"of LeNet \(2\)")
    )


def test_an_error_shows_and_the_widget_works_on(begun):
    notebook, widget = begun(epochs=1)
    button(widget, "One step").click()
    until(widget, "paused")
    notebook.ask("setattr(w.runs[0], 'one_step', lambda: 1 / 0)")
    button(widget, "One step").click()
    alert = widget.get_by_role("alert")
    expect(alert).to_contain_text("ZeroDivisionError")
    notebook.ask("delattr(w.runs[0], 'one_step')")
    button(widget, "Resume").click()
    until(widget, "finished")
    expect(alert).to_be_empty()


def test_a_second_view_shows_all_of_it(begun):
    notebook, widget = begun(views=2)
    button(widget, "Start").click()
    until(widget, "finished")
    other = shown(notebook, 1)
    expect(other.locator(".cw-runs td").first).to_have_text("2.00")
    assert cells(other) == cells(widget)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_and_fits(begun, theme):
    notebook, widget = begun(theme=theme)
    choose(widget, "broken", "labels")
    widget.get_by_role("tab", name="Mistakes").click()
    button(widget, "Look at the mistakes now").click()
    expect(widget.locator(".cw-confusion caption")).to_contain_text("of 120 validation")
    worst, text = widget.evaluate(CONTRAST)[0]
    assert worst >= 4.5, f"{text!r} has a contrast of {worst:.1f}"
    for width in (1024, 1920):
        notebook.page.set_viewport_size({"width": width, "height": 1700})
        notebook.page.wait_for_timeout(200)
        assert widget.evaluate(STICKING_OUT) == []
    notebook.page.set_viewport_size({"width": 1280, "height": 1700})
