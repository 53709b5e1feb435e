"""receptive_field() on a page, by mouse and by keyboard, compared with PyTorch."""

import re

import pytest
from playwright.sync_api import expect

from tests.helpers.static import StaticPage
from tests.helpers.widgets import (
    CONTRAST,
    STICKING_OUT,
    answered,
    choose,
    painted,
    shown,
    started,
)

# What the page must show, computed in the kernel without the widget.
EXPECTED = """
from hashlib import sha256
import numpy as np
from course_utils import layers, load_network
from course_utils.figures import style
from course_utils.networks import effective_field
from course_utils.widgets.receptive_field.drawing import top_of_scale
from course_utils.widgets.receptive_field.stacks import stacks
from course_utils.widgets.shared.maps import colours
from course_utils.widgets.shared.network_names import load_named
from course_utils.widgets.receptive_field.widget import in_rows, receptive_field

def network(name):  # AlexNet in its large form, whichever weights there are
    return load_network(name, weights=None) if name == "alexnet" else load_named(name)

def coloured(values, low, high, seen):
    palette = np.frombuffer(colours(style.SIGNED if low < 0 else style.FEATURES), np.uint8)
    palette = palette.reshape(256, 3)
    if low < 0:
        high = max(-low, high)
        low = -high
    with np.errstate(invalid="ignore"):
        level = np.floor((values.astype(np.float64) - low) * (255 / (high - low)) + 0.5)
    rgb = palette[np.nan_to_num(level).clip(0, 255).astype(int)]
    alpha = np.where(seen, 255, 0)[..., None]
    return sha256(np.where(alpha, np.concatenate([rgb, alpha], 2), 0).astype(np.uint8)).hexdigest()

def effect(name, image, *unit):
    return effective_field(network(name), image, *unit)

def heat(*unit):
    gradient = effect(*unit).gradient
    return coloured(gradient.numpy(), 0, top_of_scale(gradient), gradient.numpy() > 0)

def map(*unit):
    values = effect(*unit).values.numpy()
    values = in_rows(values) if len(values) == 1 else values
    return coloured(values, float(np.nanmin(values)), float(np.nanmax(values)), ~np.isnan(values))

def box(name, layer, row, column):
    found = {one.name: one for one in layers(network(name))}
    return found[layer].field.box(row, column)
"""

SHOW = """
name, *rest = arguments
w = receptive_field(network(name), *rest)
w
"""


@pytest.fixture(scope="module")
def notebook(browser):
    """One page for all tests here."""
    notebook = StaticPage(browser, [EXPECTED, SHOW])
    yield notebook
    notebook.close()


@pytest.fixture
def looked(notebook):
    """Start a new receptive_field(...) in the notebook."""

    def start(*arguments, theme="light", width=1280, height=900):
        return started(notebook, theme, width, height, arguments=arguments)

    notebook.console.clear()
    yield start
    assert notebook.console == []


def units(widget):
    return widget.locator(".cw-units canvas[role=img]")


def drawn_box(widget) -> tuple:
    """(top, left, bottom, right) of the box on the image, in its pixels."""
    return tuple(
        widget.evaluate(
            """root => {
                const box = root.querySelector(".cw-reach");
                const { width, height } = root.querySelector(".cw-heat");
                if (box.hidden) return [];
                const part = (name, of) => Math.round(parseFloat(box.style[name]) * of / 100);
                const [top, left] = [part("top", height), part("left", width)];
                return [top, left, top + part("height", height), left + part("width", width)];
            }"""
        )
    )


def place(widget, row, column, rows, columns) -> dict[str, float]:
    """Where a unit is on the map, for the mouse."""
    box = units(widget).bounding_box()
    return {
        "x": (column + 0.5) * box["width"] / columns,
        "y": (row + 0.5) * box["height"] / rows,
    }


@pytest.mark.parametrize(
    ("name", "image", "theme"), [("lenet", "seven", "light"), ("lenet-cifar10", "coffee", "dark")]
)
def test_map_heat_and_box_are_what_pytorch_computes(looked, name, image, theme):
    notebook, widget = looked(name, image, "conv2", theme=theme)
    heat = widget.locator(".cw-heat")
    assert painted(heat) == notebook.ask(f"heat({name!r}, {image!r}, 'conv2', 5, 5)")
    assert painted(units(widget)) == notebook.ask(f"map({name!r}, {image!r}, 'conv2', 5, 5)")
    assert str(drawn_box(widget)) == notebook.ask(f"box({name!r}, 'conv2', 5, 5)")
    units(widget).click(position=place(widget, 0, 8, 10, 10))
    answered(widget)
    assert painted(heat) == notebook.ask(f"heat({name!r}, {image!r}, 'conv2', 0, 8)")
    assert str(drawn_box(widget)) == notebook.ask(f"box({name!r}, 'conv2', 0, 8)")
    choose(widget, "channel", "3")
    assert painted(heat) == notebook.ask(f"heat({name!r}, {image!r}, 'conv2', 0, 8, 3)")
    assert painted(units(widget)) == notebook.ask(f"map({name!r}, {image!r}, 'conv2', 0, 8, 3)")
    choose(widget, "layer", "fc3")
    assert painted(units(widget)) == notebook.ask(f"map({name!r}, {image!r}, 'fc3')")
    assert painted(heat) == notebook.ask(f"heat({name!r}, {image!r}, 'fc3')")
    assert drawn_box(widget) == (0, 0, 32, 32)
    expect(widget.locator(".cw-readout")).to_contain_text("the whole image can reach it")
    worst, text = widget.evaluate(CONTRAST)[0]
    assert worst >= 4.5, f"{text!r} has a contrast of {worst:.1f}"


def test_the_box_follows_the_pointer_without_the_kernel(looked):
    notebook, widget = looked("alexnet", "cat", "conv3")
    places = ((1, 2), (12, 0), (7, 7))
    boxes = [notebook.ask(f"box('alexnet', 'conv3', {row}, {column})") for row, column in places]
    notebook.page.evaluate("window.messages = 0")
    for (row, column), expected in zip(places, boxes, strict=True):
        units(widget).hover(position=place(widget, row, column, 13, 13))
        readout = widget.locator(".cw-readout").inner_text()
        assert readout.startswith(f"Row {row}, column {column}: 99 × 99 pixels can reach it")
        assert ("clipped" in readout) == ((row, column) != (7, 7))
        assert str(drawn_box(widget)) == expected
    assert notebook.page.evaluate("window.messages") == 0
    notebook.page.mouse.move(1, 1)
    expect(widget.locator(".cw-readout")).to_contain_text("Row 6, column 6")
    expect(widget.locator(".cw-readout")).to_contain_text("Half of the influence lies in")


def test_everything_by_keyboard_alone(looked):
    notebook, widget = looked("lenet", "coffee", "conv1")
    press, before = notebook.page.keyboard.press, notebook.keys_heard()
    units(widget).focus()
    for key in ("ArrowLeft", "ArrowUp", "ArrowUp", "ArrowRight", "ArrowRight"):
        press(key)
    answered(widget)
    assert notebook.ask("(w.row, w.column)") == "(12, 15)"
    heat = widget.locator(".cw-heat")
    assert painted(heat) == notebook.ask("heat('lenet', 'coffee', 'conv1', 12, 15)")
    widget.get_by_role("slider").focus()
    press("Home")
    assert heat.evaluate("canvas => getComputedStyle(canvas).opacity") == "0"
    press("End")
    widget.get_by_role("button", name="All layers").focus()
    press("Enter")
    press("Tab")
    expect(widget.get_by_role("button", name="conv1")).to_be_focused()
    for _ in range(3):
        press("ArrowDown")
    press("Enter")
    answered(widget)
    assert notebook.ask("w.layer") == "conv2"
    expect(widget.locator("tr[aria-current=true]")).to_have_attribute("data-layer", "conv2")
    assert notebook.ask("(w.row, w.column)") == "(4, 5)"  # it looks where the other one looked
    widget.get_by_label("Show").focus()
    press("ArrowDown")
    answered(widget)
    assert notebook.ask("w.show") == "stacks"
    widget.locator("select[name=depth]").focus()
    press("ArrowUp")
    answered(widget)
    assert notebook.ask("w.depth") == "4"
    assert notebook.keys_heard() == before  # none of these keys reached JupyterLab


def test_row_of_the_table_and_place_in_the_image_by_mouse(looked):
    notebook, widget = looked("alexnet", "cat")
    widget.get_by_role("button", name="All layers").click()
    widget.get_by_role("row", name="pool3").click()
    answered(widget)
    assert notebook.ask("w.layer") == "pool3"
    assert widget.get_by_role("row", name="pool3").locator("td").all_inner_texts() == [
        *("3", "2", "0", "1", "256×6×6", "32", "195×195")
    ]
    image = widget.locator("canvas[aria-label*='sees it']")
    side = image.bounding_box()["width"]
    image.click(position={"x": 5, "y": side - 5})
    answered(widget)
    assert notebook.ask("(w.row, w.column)") == "(5, 0)"
    label = image.get_attribute("aria-label")
    assert "cat as AlexNet (untrained) sees it; pool3, Row 5, column 0: 195 × 195" in label


def test_small_kernels_beside_a_large_one(looked):
    notebook, widget = looked("lenet", "coffee")
    choose(widget, "show", "stacks")
    expect(widget.locator(".cw-field")).to_be_hidden()
    plates = widget.locator(".cw-stacks figure canvas[role=img]")
    for i in range(2):
        assert painted(plates.nth(i)) == notebook.ask(
            f"coloured(np.float64(stacks()[{i}].effect), 0,"
            f" float(max(s.effect.max() for s in stacks())), np.ones((11, 11), bool))"
        )
    rows = widget.locator(".cw-stacks tbody tr")
    assert "184,640 (37 %)" in rows.nth(0).inner_text()
    assert "495,680" in rows.nth(1).inner_text()
    choose(widget, "depth", "3")
    assert "7 × 7" in rows.nth(0).inner_text()
    notebook.screenshot("receptive-stacks")
    choose(widget, "show", "network")
    expect(widget.locator(".cw-field")).to_be_visible()


def test_of_units_that_overtake_one_another_the_last_is_shown(looked):
    notebook, widget = looked("alexnet", "cat", "conv3")
    units(widget).focus()
    for key in (*["ArrowUp"] * 6, *["ArrowLeft"] * 5):
        notebook.page.keyboard.press(key)
    answered(widget)
    assert notebook.ask("(w.row, w.column)") == "(0, 1)"
    heat = widget.locator(".cw-heat")
    assert painted(heat) == notebook.ask("heat('alexnet', 'cat', 'conv3', 0, 1)")
    expect(widget).not_to_have_class(re.compile("cw-stale"))


def test_errors_show_and_the_widget_works_on(looked):
    notebook, widget = looked("lenet", "coffee")
    notebook.ask("setattr(w, '_look', lambda: 1 / 0)")
    choose(widget, "layer", "pool2")
    expect(widget.get_by_role("alert")).to_contain_text("ZeroDivisionError")
    expect(widget.locator("select[name=layer]")).to_have_value("conv2")
    notebook.ask("delattr(w, '_look')")
    choose(widget, "layer", "pool2")
    expect(widget.get_by_role("alert")).to_be_empty()
    assert notebook.ask("w.layer") == "pool2"


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1920, 1080)])
def test_nothing_sticks_out(looked, width, height):
    notebook, widget = looked("efficientnet_lite0", "cat", width=width, height=height)
    assert widget.evaluate(STICKING_OUT) == []
    notebook.screenshot(f"receptive-{width}")
    choose(widget, "show", "stacks")
    assert shown(notebook).evaluate(STICKING_OUT) == []
