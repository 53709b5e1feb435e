"""Fingers, in Chromium: they tap, slide and drag, and what they have to hit is large enough."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.helpers.static import StaticPage
from tests.helpers.widgets import CALLS, answered, number

# Where a finger has less than 24 pixels in a direction: [what, width, height]; a control is hit
# with its label.
SMALL = """root => {
    const both = (a, b) => Math.max(a, b ?? 0);
    return [...root.querySelectorAll("button, select, input, [role=option], [role=tab]")]
        .filter(e => e.checkVisibility() && e.getClientRects().length && !e.closest("svg"))
        .map(e => [e, e.getBoundingClientRect(), e.closest("label")?.getBoundingClientRect()])
        .map(([e, own, label]) => [
            e.outerHTML.slice(0, 80), both(own.width, label?.width), both(own.height, label?.height)
        ])
        .filter(([, width, height]) => Math.min(width, height) < 24);
}"""


@pytest.fixture(scope="module")
def notebook(browser) -> Iterator[StaticPage]:
    """One page with a touch screen for all tests here."""
    cells = [
        "from course_utils import activations, load_network",
        "from course_utils.widgets import *",
        "w = eval(call)\nw",
    ]
    notebook = StaticPage(browser, cells, has_touch=True)
    yield notebook
    notebook.close()


def start(notebook: StaticPage, call: str, width: int = 1000) -> Locator:
    notebook.page.set_viewport_size({"width": width, "height": 800})
    notebook.ask(f"globals().update(call={call!r})")
    notebook.run_all()
    widget = notebook.page.locator(".course-widget")
    answered(widget)
    return widget


def slide(notebook: StaticPage, part: Locator, *points: tuple[float, float]) -> None:
    """A finger goes down at the first place, shares of width and height, and up at the last."""
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    session = notebook.page.context.new_cdp_session(notebook.page)
    for i, (x, y) in enumerate(points):
        at = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        kind = "touchMove" if i else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_tap_on_a_map_opens_it_and_another_closes_it(notebook):
    widget = start(notebook, "explore('lenet', 'coffee')")
    maps = widget.locator(".cw-maps canvas[role=img]")
    maps.tap(position={"x": 10, "y": 10})
    expect(widget.locator(".cw-large")).to_contain_text("Channel 0")
    maps.tap(position={"x": 10, "y": 10})
    expect(widget.locator(".cw-large")).to_be_hidden()


def test_a_finger_that_slides_over_the_maps_leaves_the_last_value(notebook):
    """Over maps of 28 × 28 with one pixel between: to map 1, row 7, column 5."""
    widget = start(notebook, "explore('lenet', 'coffee')")
    maps = widget.locator(".cw-maps canvas[role=img]")
    width, height = maps.evaluate("e => [e.width, e.height]")
    steps = [(x / width, 7.5 / height) for x in (3.5, 12.5, 24.5, 34.5)]
    slide(notebook, maps, *steps)
    readout = widget.locator(".cw-readout")
    expect(readout).to_contain_text("channel 1, row 7, column 5: ")
    value = float(
        notebook.ask("activations(load_network('lenet'), 'coffee')['conv1'][0, 1, 7, 5].item()")
    )
    assert number(readout.inner_text()) == pytest.approx(value, rel=1e-3)
    expect(widget.locator(".cw-large")).to_be_hidden()


def test_a_finger_drags_the_window_of_a_convolution(notebook):
    widget = start(notebook, "convolve('cat', kernel='edges', longest=32)")
    image = widget.locator("canvas[role=img]").first
    slide(notebook, image, (0.2, 0.2), (0.3, 0.4), (15.5 / 32, 10.5 / 21))
    expect(widget.locator(".cw-total")).to_contain_text("(channel 0, row 9, column 14)")
    assert notebook.page.evaluate("scrollY") == 0


@pytest.mark.parametrize("width", [390, 1000])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_what_a_finger_has_to_hit_is_large_enough(notebook, call, width):
    assert start(notebook, call, width).evaluate(SMALL) == []
