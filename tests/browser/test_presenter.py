"""Presenter mode and scenes."""

import os
import re

import pytest
from playwright.sync_api import expect

from tests.helpers.static import StaticPage
from tests.helpers.widgets import STICKING_OUT, answered, choose, shown

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
def opened(browser):
    """One page for all tests here; it changes where scenes are kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATA", os.environ["COURSE_DATA"])
        notebook = StaticPage(browser, CELLS)
        notebook.run_all()
        yield notebook
        notebook.close()


@pytest.fixture
def notebook(opened):
    """The page, its widget in presenter mode as at the start, without scenes."""
    widget = shown(opened)
    opened.ask("empty_folder(), w.choose(w.start)")
    if not PRESENTING.search(widget.get_attribute("class")):
        widget.locator(".cw-toggle").click()
    expect(widget).to_have_class(PRESENTING)
    opened.ask("setattr(w, 'scenes', [])")
    return opened


def save(widget, name: str) -> None:
    widget.get_by_label("New scene").fill(name)
    widget.get_by_role("button", name="Save").click()
    expect(current(widget)).to_contain_text(name)


def current(widget):
    return widget.locator(".cw-scenes button[aria-pressed=true]")


def layer(widget):
    return widget.locator("select[name=layer]")


def test_it_fills_the_window_and_keeps_the_focus(notebook):
    widget = shown(notebook)
    box, size = widget.bounding_box(), notebook.page.viewport_size
    assert (box["x"], box["y"], box["width"], box["height"]) == (
        *(0, 0),
        *(size["width"], size["height"]),
    )
    assert widget.evaluate(STICKING_OUT) == []
    assert widget.evaluate("root => document.elementFromPoint(5, 5) === root")
    inside = "root => root.contains(document.activeElement)"
    for key in ["Tab"] * 25 + ["Shift+Tab"] * 3:
        notebook.page.keyboard.press(key)
        assert widget.evaluate(inside)


def test_type_is_larger_and_grows_with_the_window(notebook):
    widget = shown(notebook)
    pixels = "root => parseFloat(getComputedStyle(root).fontSize)"
    sizes = []
    for width, height in [(1024, 768), (1920, 1080), (3840, 2160)]:
        notebook.page.set_viewport_size({"width": width, "height": height})
        assert widget.evaluate(STICKING_OUT) == []
        sizes.append(widget.evaluate(pixels))
        notebook.screenshot(f"presenter-{width}")
    notebook.page.set_viewport_size({"width": 1280, "height": 900})
    assert sizes[0] >= 18
    assert sizes[1] >= 26
    assert sizes[2] == pytest.approx(2 * sizes[1], rel=0.05)


def test_keys_enter_and_leave_and_do_not_reach_jupyterlab(notebook):
    widget, press = shown(notebook), notebook.page.keyboard.press
    before = notebook.keys_heard()
    press("Escape")
    expect(widget).not_to_have_class(PRESENTING)
    expect(widget.locator(".cw-toggle")).to_be_focused()
    press("p")
    expect(widget).to_have_class(PRESENTING)
    for key in ("d", "d", "b", "x", "m"):  # in the notebook: delete, insert, cut, to text
        press(key)
    assert notebook.keys_heard() == before
    press("p")
    expect(widget).not_to_have_class(PRESENTING)
    widget.locator(".cw-toggle").click()
    widget.get_by_role("button", name="Leave").click()
    expect(widget).not_to_have_class(PRESENTING)


def test_answer_is_hidden_until_it_is_asked_for(notebook):
    widget = shown(notebook)
    answer = widget.locator(".cw-answer").first
    expect(answer).to_be_hidden()
    notebook.page.keyboard.press("a")
    expect(answer).to_be_visible()
    widget.get_by_role("button", name="Hide answer").click()
    expect(answer).to_be_hidden()
    notebook.page.keyboard.press("Escape")
    expect(answer).to_be_visible()


def test_scenes_are_saved_recalled_and_deleted(notebook):
    widget, press = shown(notebook), notebook.page.keyboard.press
    choose(widget, "layer", "conv2")
    save(widget, "second convolution")
    choose(widget, "layer", "fc1")
    choose(widget, "image", "cat")
    save(widget, "units for the cat")
    assert notebook.ask("[s['name'] for s in kept()]") == (
        "['second convolution', 'units for the cat']"
    )
    notebook.screenshot("presenter-scenes")
    layer(widget).focus()
    press("1")
    expect(layer(widget)).to_have_value("conv2")
    expect(widget.locator("select[name=image]")).to_have_value("coffee")
    expect(current(widget)).to_contain_text("1 second convolution")
    answered(widget)
    press("r")
    expect(layer(widget)).to_have_value("conv1")
    answered(widget)
    widget.get_by_role("button", name="2 units for the cat").click()
    expect(layer(widget)).to_have_value("fc1")
    assert notebook.ask("w.image, w.layer") == "('cat', 'fc1')"
    widget.get_by_role("button", name="Delete “units for the cat”").click()
    expect(widget.locator(".cw-scenes li")).to_have_count(1)
    assert notebook.ask("len(kept())") == "1"


def test_scene_keeps_the_map_that_is_open(notebook):
    widget = shown(notebook)
    maps = widget.locator(".cw-maps canvas[role=img]")
    maps.focus()
    notebook.page.keyboard.press("Enter")
    large = widget.locator(".cw-large")
    expect(large).to_be_visible()
    save(widget, "one map")
    notebook.page.keyboard.press("r")
    expect(large).to_be_hidden()
    notebook.page.keyboard.press("1")
    expect(large).to_be_visible()
    notebook.page.keyboard.press("r")
    expect(large).to_be_hidden()


def test_damaged_scenes_are_said(notebook):
    widget = shown(notebook)
    save(widget, "good")
    notebook.ask("Path(os.environ['COURSE_DATA'], 'scenes/explore.json').write_text('[')")
    widget.get_by_role("button", name="Leave").click()
    widget.locator(".cw-toggle").click()
    expect(widget.get_by_role("alert")).to_contain_text("explore.json cannot be read")
    choose(widget, "layer", "pool1")
    expect(widget.get_by_role("alert")).to_be_empty()
