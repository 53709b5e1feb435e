"""browse() on a page, by mouse and by keyboard, compared with what the kernel says."""

import re

import pytest
from playwright.sync_api import expect

from tests.helpers.static import StaticPage
from tests.helpers.widgets import CONTRAST, STICKING_OUT, answered, choose, painted, started

SETUP = """
from dataclasses import replace
from hashlib import sha256
import numpy as np
import torch
from torch import nn
from course_utils import browse, load_cifar10
from course_utils.datasets import load_digits
from course_utils.training import Part, evaluate
from course_utils.widgets.browse.augmentation import drawn
from course_utils.widgets.shared.maps import tiled

train, test = load_cifar10("train"), load_cifar10("test")
digits = load_digits("test")

class Brightest(nn.Module):
    def forward(self, x):
        mean = x.mean(dim=(1, 2, 3))
        return -(mean[:, None] - torch.linspace(-1.5, 1.5, 10)).square() * 10

learner = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))

def digest(images, across):
    return sha256(tiled(images, across).tobytes()).hexdigest()

def pixels(data, indices):
    return data.images[indices].expand(-1, 3, -1, -1).permute(0, 2, 3, 1).numpy()

def page(data, indices):
    shown = pixels(data, indices)
    side = shown.shape[1]
    grid = tiled(np.concatenate([shown, np.zeros((60 - len(shown), side, side, 3), np.uint8)]), 12)
    grid = grid.copy()
    for i in range(len(shown), 60):
        top, left = i // 12 * (side + w.view["gap"]), i % 12 * (side + w.view["gap"])
        grid[top:top + side, left:left + side] = 0
    return sha256(grid.tobytes()).hexdigest()

def draws(data, index, padding, number):
    return [digest(image[None], 1) for image in
        drawn(data.images[index], replace(data.augmentation, shift=padding), number)[0].numpy()]
"""


@pytest.fixture(scope="module")
def notebook(browser):
    """One page for all tests here."""
    notebook = StaticPage(browser, [SETUP, "w = eval(code)\nw"])
    notebook.ask("globals().update(code='None')")
    yield notebook
    notebook.close()


@pytest.fixture
def opened(notebook):
    """Start a new browse(...) in the notebook."""

    def start(code="browse(train)", theme="light", width=1432, height=768):
        notebook.page.mouse.move(1, 1)
        return started(notebook, theme, width, height, code=code)

    notebook.console.clear()
    yield start
    assert notebook.console == []


def grid(widget):
    return widget.locator(".cw-page canvas")


def caption(widget) -> str:
    return widget.locator(".cw-single figcaption").inner_text()


def place(notebook) -> int:
    return int(notebook.ask("w.place"))


@pytest.mark.parametrize(
    ("data", "words", "padding", "theme"),
    [
        ("train", "training", 4, "light"),
        ("train", "training", 4, "dark"),
        ("digits", "test", 2, "dark"),
    ],
)
def test_page_large_image_and_draws_are_those_of_the_kernel(opened, data, words, padding, theme):
    notebook, widget = opened(f"browse({data})", theme=theme)
    assert painted(grid(widget)) == notebook.ask(f"page({data}, range(60))")
    label = grid(widget).get_attribute("aria-label")
    assert label == notebook.ask("w.view['description']")
    assert label.startswith(f"60 images of the {words} images: ")
    large = widget.locator(".cw-single canvas")
    assert painted(large) == notebook.ask(f"digest(pixels({data}, [0]), 1)")
    assert large.get_attribute("aria-label") == notebook.ask("w.large() + ', large'")
    canvases = widget.locator(".cw-draws canvas")
    shown = [painted(canvases.nth(i)) for i in range(8)]
    assert shown == eval(notebook.ask(f"draws({data}, 0, {padding}, 0)"))
    worst, text = widget.evaluate(CONTRAST)[0]
    assert worst >= 4.5, f"{text!r} has a contrast of {worst:.1f}"
    notebook.screenshot(f"browse-{theme}")


def test_split_class_and_page_by_mouse(opened):
    notebook, widget = opened()
    widget.get_by_role("button", name="Next").click()
    answered(widget)
    assert "page 2 of 834" in widget.locator(".cw-turns").inner_text()
    assert painted(grid(widget)) == notebook.ask("page(train, range(60, 120))")
    assert caption(widget) == notebook.ask("w.large()")
    choose(widget, "split", "test")
    assert painted(grid(widget)) == notebook.ask("page(test, range(60))")
    choose(widget, "chosen", "7")
    sevens = "(test.labels == test.classes.index('7')).nonzero().flatten()"
    assert painted(grid(widget)) == notebook.ask(f"page(test, {sevens}[:60])")
    for _ in range(16):  # faster than the kernel: none is lost, and it ends at the last page
        widget.get_by_role("button", name="Next").click()
    answered(widget)
    assert "page 17 of 17" in widget.locator(".cw-turns").inner_text()
    assert painted(grid(widget)) == notebook.ask(f"page(test, {sevens}[960:])")
    expect(widget.get_by_role("button", name="Next")).to_be_disabled()


def test_one_image_by_mouse(opened):
    notebook, widget = opened()
    box = grid(widget).bounding_box()
    where = {"x": box["width"] * 2.5 / 12, "y": box["height"] * 1.5 / 5}
    grid(widget).hover(position=where)
    readout = widget.locator(".cw-readout")
    expect(readout).to_have_text(notebook.ask("f'train[14]: {train.classes[train.labels[14]]}'"))
    assert place(notebook) == 0  # only pointed at
    grid(widget).click(position=where)
    answered(widget)
    assert place(notebook) == 14
    assert caption(widget) == readout.inner_text()
    large = widget.locator(".cw-single canvas")
    assert painted(large) == notebook.ask("digest(pixels(train, [14]), 1)")
    notebook.page.mouse.move(1, 1)
    expect(readout).to_contain_text("Point at an image")


def test_everything_by_keyboard_alone(opened):
    notebook, widget = opened()
    press, before = notebook.page.keyboard.press, notebook.keys_heard()
    widget.locator("select[name=split]").focus()
    press("ArrowDown")
    answered(widget)
    assert notebook.ask("w.split") == "test"
    press("ArrowUp")
    answered(widget)
    press("Tab")
    press("ArrowDown")
    answered(widget)
    assert notebook.ask("w.chosen") == notebook.ask("train.classes[0]")
    press("ArrowUp")
    answered(widget)
    press("Tab")  # the network: there is none for these classes
    press("Tab")  # “Back” cannot be pressed on the first page
    press("Enter")
    answered(widget)
    assert place(notebook) == 60
    press("Tab")
    expect(grid(widget)).to_be_focused()
    for key, expected in [
        ("ArrowRight", 61),
        ("ArrowDown", 73),
        ("ArrowLeft", 72),
        ("ArrowUp", 60),
        ("ArrowLeft", 59),  # over the edge to the page before
        ("End", 59),
        ("Home", 0),
        ("PageDown", 60),
        ("PageUp", 0),
        ("ArrowLeft", 0),
    ]:
        press(key)
        answered(widget)
        assert place(notebook) == expected, key
        assert caption(widget) == notebook.ask("w.large()")
    press("Tab")
    press("ArrowRight")
    answered(widget)
    assert notebook.ask("w.padding") == "5"
    press("Tab")
    press("Enter")
    answered(widget)
    assert notebook.ask("w.draw") == "1"
    canvases = widget.locator(".cw-draws canvas")
    shown = [painted(canvases.nth(i)) for i in range(8)]
    assert shown == eval(notebook.ask("draws(train, 0, 5, 1)"))
    assert notebook.keys_heard() == before  # none of these keys reached JupyterLab


def test_held_arrow_key_ends_where_it_was_let_go(opened):
    """Keys come faster than answers: of images that overtake one another the last stays."""
    notebook, widget = opened()
    grid(widget).focus()
    for _ in range(75):
        notebook.page.keyboard.press("ArrowRight")
    answered(widget)
    assert place(notebook) == 75
    assert caption(widget) == notebook.ask("w.large()")
    assert painted(grid(widget)) == notebook.ask("page(train, range(60, 120))")


def test_draws_follow_padding_and_say_what_they_did(opened):
    notebook, widget = opened()
    slider = widget.get_by_role("slider", name="Padding")
    slider.fill("0")
    answered(widget)
    draws = widget.locator(".cw-draws li")
    assert {text.split("\n")[0] for text in draws.all_inner_texts()} == {"not moved"}
    slider.evaluate(  # dragged: the last place is the one that is shown
        """slider => {
            for (const value of [2, 5, 9, 12, 8]) {
                slider.value = value;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
            }
        }"""
    )
    answered(widget)
    canvases = draws.locator("canvas")
    shown = [painted(canvases.nth(i)) for i in range(8)]
    assert shown == eval(notebook.ask("draws(train, 0, 8, 0)"))
    words = eval(notebook.ask("[change['words'] for change in w.view['changes']]"))
    labels = canvases.evaluate_all("all => all.map(c => c.getAttribute('aria-label'))")
    assert labels == [f"draw {i + 1}: {text}" for i, text in enumerate(words)]
    mirrored = [text.endswith("mirrored") for text in draws.all_inner_texts()]
    assert mirrored == [text.endswith("then mirrored") for text in words]
    assert 0 < sum(mirrored) < 8


@pytest.mark.parametrize("code", ["network=Brightest()", "result=evaluate(Brightest(), test)"])
def test_confused_pairs_show_their_images(opened, code):
    notebook, widget = opened(f"browse(train, {code})")
    pairs = widget.locator(".cw-pairs button")
    expect(pairs.first).to_be_visible()
    count = "2,000" if "network" in code else "10,000"
    line = widget.locator(".cw-confused h4")
    expect(line).to_contain_text(re.compile(rf"Most confused by .* % of {count} test images"))
    first = pairs.first.locator(".cw-label").inner_text()
    pairs.first.focus()
    notebook.page.keyboard.press("Enter")
    answered(widget)
    assert notebook.ask("(w.split, w.pair)") == f"('test', {first!r})"
    expect(pairs.first).to_have_attribute("aria-pressed", "true")
    assert painted(grid(widget)) == notebook.ask("page(test, w.indices()[:60])")
    label, said = first.split(" → ")
    assert caption(widget).endswith(f": {label}")
    assert widget.locator(".cw-single .cw-label").first.inner_text() == said
    assert first in grid(widget).get_attribute("aria-label")
    widget.scroll_into_view_if_needed()
    notebook.screenshot("browse-pairs")
    widget.get_by_role("button", name="All images").click()
    answered(widget)
    assert notebook.ask("w.pair, w.view['count']") == "('', 10000)"
    assert painted(grid(widget)) == notebook.ask("page(test, range(60))")


def test_network_that_learns_is_asked_again(opened):
    notebook, widget = opened("browse(test, network=learner)")
    again = widget.get_by_role("button", name="Ask again")
    expect(again).to_be_visible()
    before = notebook.ask("w.view['best']")
    notebook.ask("[p.data.mul_(-1) for p in learner.parameters()]")
    again.click()
    notebook.ask("w.wait()")
    answered(widget)
    assert notebook.ask("w.view['best']") != before
    expect(widget.locator(".cw-confused h4")).to_contain_text(notebook.ask("w.view['line']"))


def test_errors_are_said_and_the_widget_works_on(opened):
    notebook, widget = opened()
    notebook.ask("setattr(w, 'indices', lambda: 1 / 0)")
    choose(widget, "chosen", "7")
    expect(widget.get_by_role("alert")).to_contain_text("ZeroDivisionError")
    expect(widget.locator("select[name=chosen]")).to_have_value("all classes")
    notebook.ask("delattr(w, 'indices')")
    choose(widget, "chosen", "7")
    expect(widget.get_by_role("alert")).to_be_empty()
    assert caption(widget).endswith(": 7")


def test_scenes_and_answers_in_presenter_mode(opened):
    notebook, widget = opened("browse(train, network=Brightest())", theme="dark")
    expect(widget.locator(".cw-pairs button").first).to_be_visible()
    press = notebook.page.keyboard.press
    grid(widget).focus()
    press("p")
    expect(widget.locator(".cw-pairs")).to_be_hidden()
    for width, height in [(1024, 768), (1920, 1080), (1280, 1000)]:
        notebook.page.set_viewport_size({"width": width, "height": height})
        assert widget.evaluate(STICKING_OUT) == []
        notebook.screenshot(f"browse-presenter-{width}")
    press("a")
    expect(widget.locator(".cw-pairs")).to_be_visible()
    pair = widget.locator(".cw-pairs .cw-label").first.inner_text()
    widget.locator(".cw-pairs button").first.click()
    answered(widget)
    grid(widget).focus()
    press("ArrowRight")
    answered(widget)
    widget.get_by_label("New scene").fill("confused")
    widget.get_by_role("button", name="Save").click()
    expect(widget.locator(".cw-scenes")).to_contain_text("1 confused")
    widget.get_by_role("button", name="Reset").click()
    expect(widget.locator("select[name=split]")).to_have_value("train")
    answered(widget)
    assert notebook.ask("(w.pair, w.place)") == "('', 0)"
    press("1")
    expect(widget.locator("select[name=split]")).to_have_value("test")
    label = pair.split(" → ")[0]
    expect(widget.locator(".cw-single figcaption")).to_have_text(
        re.compile(rf"test\[\d+\]: {label}")
    )
    answered(widget)
    assert notebook.ask("(w.pair, w.place)") == f"({pair!r}, 1)"
    press("Escape")


# Whether any two elements cover one another.
COVERED = """all => {
    const boxes = all.map(e => e.getBoundingClientRect());
    return boxes.some((a, i) => boxes.slice(i + 1).some(b =>
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
}"""


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1920, 1080)])
def test_nothing_sticks_out_or_covers_anything(opened, width, height):
    notebook, widget = opened(width=width, height=height)
    assert widget.evaluate(STICKING_OUT) == []
    parts = widget.locator("canvas, .cw-draws span, .cw-readout, .cw-augmented .cw-caption")
    assert not parts.evaluate_all(COVERED)
    notebook.screenshot(f"browse-{width}")
