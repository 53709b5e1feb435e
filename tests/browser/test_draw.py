"""draw() on a page: mouse, keys, touch, painted maps, presenter mode."""

import pytest
from playwright.sync_api import expect

from tests.helpers.static import StaticPage
from tests.helpers.widgets import CONTRAST, STICKING_OUT, answered, choose, painted, started

EXPECTED = """
from hashlib import sha256
import numpy as np
from course_utils import draw
from course_utils.widgets.shared.maps import tiled

def expected(name):
    \"\"\"The pixels of a layer, from the levels that were sent.\"\"\"
    colours = np.frombuffer(w.colours, np.uint8).reshape(256, 3)
    levels, start = np.frombuffer(w.maps, np.uint8), 0
    for layer in w.view["layers"]:
        size = int(np.prod(layer["shape"]))
        part = levels[start : start + size].reshape(layer["shape"])
        start += size
        if layer["name"] == name:
            return sha256(spaced(colours[part])).hexdigest()

def spaced(images):
    \"\"\"RGBA, eight maps in a row with a transparent pixel between them.\"\"\"
    count, rows, columns, _ = images.shape
    across = min(count, 8)
    down = -(-count // across)
    canvas = np.zeros((down * (rows + 1) - 1, across * (columns + 1) - 1, 4), np.uint8)
    for i, image in enumerate(images):
        top, left = i // across * (rows + 1), i % across * (columns + 1)
        canvas[top : top + rows, left : left + columns, :3] = image
        canvas[top : top + rows, left : left + columns, 3] = 255
    return canvas
"""
SEVEN = [(0.3, 0.2), (0.7, 0.2), (0.42, 0.85)]


@pytest.fixture(scope="module")
def notebook(browser):
    """One page for all tests here."""
    notebook = StaticPage(browser, [EXPECTED, "w = draw(example=example)\nw"])
    yield notebook
    notebook.close()


@pytest.fixture
def pad(notebook):
    """Start a new draw(...) in the notebook."""

    def start(example="", theme="light", width=1420, height=640):
        return started(notebook, theme, width, height, example=example)

    notebook.console.clear()
    yield start
    assert notebook.console == []


def places(widget, points):
    """Where points of the pad, 0..1, are in the window."""
    box = widget.locator(".cw-pad canvas").bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def draw_with_mouse(notebook, widget, points):
    first, *rest = places(widget, points)
    notebook.page.mouse.move(*first)
    notebook.page.mouse.down()
    for point in rest:
        notebook.page.mouse.move(*point, steps=8)
    notebook.page.mouse.up()
    answered(widget)


def answer(widget):
    return widget.locator(".cw-digits [aria-current=true]")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_seven_drawn_with_the_mouse_is_read_and_every_layer_painted(pad, theme):
    notebook, widget = pad(theme=theme)
    expect(answer(widget)).to_have_count(0)
    draw_with_mouse(notebook, widget, SEVEN)
    expect(answer(widget)).to_contain_text("7")
    layers = widget.locator(".cw-layer canvas")
    for i, name in ((0, "conv1"), (1, "pool1"), (2, "conv2"), (3, "pool2")):
        assert painted(layers.nth(i)) == notebook.ask(f"expected({name!r})"), name
    assert [contrast for contrast in widget.evaluate(CONTRAST) if contrast[0] < 4.5] == []


def test_the_first_stroke_takes_the_place_of_an_example(pad):
    notebook, widget = pad(example="a three")
    expect(answer(widget)).to_contain_text("3")
    draw_with_mouse(notebook, widget, SEVEN)
    expect(answer(widget)).to_contain_text("7")
    assert notebook.ask("len(w.strokes), w.example") == "(1, '')"


def test_undo_and_clear(pad):
    notebook, widget = pad()
    draw_with_mouse(notebook, widget, SEVEN)
    draw_with_mouse(notebook, widget, [(0.35, 0.5), (0.65, 0.5)])
    assert notebook.ask("len(w.strokes)") == "2"
    widget.get_by_role("button", name="Undo").click()
    answered(widget)
    assert notebook.ask("len(w.strokes)") == "1"
    widget.get_by_role("button", name="Clear").click()
    answered(widget)
    assert notebook.ask("len(w.strokes)") == "0"
    expect(answer(widget)).to_have_count(0)


def test_by_the_keyboard_alone(pad):
    """A one: the pen up ten pixels, down, twenty pixels of a line, up."""
    notebook, widget = pad()
    page = notebook.page
    widget.locator(".cw-pad canvas").focus()
    keys = ["ArrowUp"] * 10 + [" "] + ["ArrowDown"] * 20 + [" "]
    for key in keys:
        page.keyboard.press(key)
    answered(widget)
    expect(answer(widget)).to_contain_text("1")
    page.keyboard.press("Backspace")
    answered(widget)
    assert notebook.ask("len(w.strokes)") == "0"


def test_a_finger_draws_and_does_not_scroll(pad):
    notebook, widget = pad()
    canvas = widget.locator(".cw-pad canvas")
    assert canvas.evaluate("e => getComputedStyle(e).touchAction") == "none"
    session = notebook.page.context.new_cdp_session(notebook.page)
    steps = [(0.3, 0.2), (0.5, 0.2), (0.7, 0.2), (0.6, 0.42), (0.5, 0.64), (0.42, 0.85)]
    for i, (x, y) in enumerate(places(widget, steps)):
        kind = "touchMove" if i else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    answered(widget)
    expect(answer(widget)).to_contain_text("7")


def test_the_nearest_follow_what_the_network_says(pad):
    notebook, widget = pad()
    widget.get_by_label("nearest in MNIST").check()
    answered(widget)
    seen = []
    notebook.names["w"].observe(lambda change: seen.append(change["new"]), "view")
    draw_with_mouse(notebook, widget, SEVEN)
    expect(widget.locator(".cw-names span")).to_have_count(8)
    before, last = [view for view in seen if "seq" in view][-2:]
    assert (len(before["labels"]), len(last["labels"])) == (0, 8)
    assert before["shares"] == last["shares"]


def test_centring_can_be_switched_off_and_the_nearest_shown(pad):
    notebook, widget = pad(example="a seven, tiny and in a corner")
    expect(answer(widget)).to_contain_text("7")
    widget.get_by_label("nearest in MNIST").check()
    answered(widget)
    expect(widget.locator(".cw-names span").first).to_have_text("7")
    widget.get_by_role("checkbox", name="centred as in MNIST").uncheck()
    answered(widget)
    assert notebook.ask("w.centred") == "False"
    assert notebook.ask("w.view['shares'].index(max(w.view['shares'])) != 7") == "True"


def test_a_digit_is_kept_with_its_true_name(pad, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    _, widget = pad(example="a three")
    choose(widget, "label", "3")
    widget.get_by_role("button", name="Keep as").click()
    expect(widget.locator("output")).to_have_text("Kept as 3. load_digits('own') has 1 of yours.")


def test_a_scene_brings_the_strokes_back(pad, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    notebook, widget = pad()
    draw_with_mouse(notebook, widget, SEVEN)
    widget.get_by_role("button", name="Present").click()
    widget.get_by_label("New scene").fill("a seven")
    widget.get_by_role("button", name="Save").click()
    expect(widget.locator(".cw-scenes [aria-pressed=true]")).to_contain_text("a seven")
    drawn = painted(widget.locator(".cw-pad canvas"))
    widget.get_by_role("button", name="Clear").click()
    answered(widget)
    notebook.page.keyboard.press("1")
    answered(widget)
    assert notebook.ask("len(w.strokes)") == "1"
    notebook.page.keyboard.press("a")
    expect(answer(widget)).to_contain_text("7")
    assert painted(widget.locator(".cw-pad canvas")) == drawn
    widget.get_by_role("button", name="Leave").click()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_presenter_mode_shows_all_of_it(pad, width, height):
    notebook, widget = pad(example="a seven", width=width, height=height)
    widget.get_by_role("button", name="Present").click()
    notebook.page.keyboard.press("a")
    for part in (".cw-pad", ".cw-digits", ".cw-seen", ".cw-layer >> nth=-1"):
        box = widget.locator(part).bounding_box()
        assert box["y"] + box["height"] <= height, part
    assert widget.evaluate(STICKING_OUT) == []
    widget.get_by_role("button", name="Leave").click()


def test_it_is_seen_whole_in_a_notebook_on_a_small_laptop(pad):
    _, widget = pad(example="a seven")
    box = widget.bounding_box()
    assert box["width"] <= 1000
    assert box["height"] <= 580
