"""preprocess() in JupyterLab, by mouse and by keyboard, compared with what the kernel says."""

import io

import pytest
from playwright.sync_api import expect

from course_utils import open_image
from tests.browser.conftest import Lab
from tests.browser.widgets import CONTRAST, STICKING_OUT, answered, choose, drop, painted, started

SETUP = """
from hashlib import sha256
from PIL import Image
from course_utils import classify, load_network, open_image, preprocess
from course_utils.preprocessing import normalize, run_steps, steps

network = load_network("efficientnet_lite0")

def results(picture):
    return dict(run_steps(open_image(picture), steps(network.info.preprocessing)))

def cropped(picture):
    return sha256(results(picture)["crop"].convert("RGBA").tobytes()).hexdigest()

def best(picture, mean, std):
    x = normalize(results(picture)["to tensor"], mean, std)
    return [label for label, _ in classify(network, x[None])]
"""


@pytest.fixture(scope="module")
def notebook(server, browser):
    """One notebook for all tests here: a new kernel takes longer than most of them."""
    lab = Lab(server, browser)
    yield lab.notebook([SETUP, "w = preprocess(*arguments)\nw"])
    lab.close()


@pytest.fixture
def bench(notebook):
    """Start a new preprocess(...) in the notebook."""

    def start(*arguments, theme="light", width=1280, height=900):
        return started(notebook, theme, width, height, arguments=arguments)

    notebook.console.clear()
    yield start
    assert notebook.console == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_steps_show_what_run_steps_gives(bench, theme):
    notebook, widget = bench("coffee", theme=theme)
    cards = widget.locator(".cw-steps > li")
    assert cards.locator("h4").all_inner_texts() == [
        *("picture", "resize", "crop", "to tensor", "normalize", "batch")
    ]
    crop, last = cards.nth(2), cards.nth(5)
    assert painted(crop.locator("canvas")) == notebook.ask("cropped('coffee')")
    assert last.locator(".cw-shape").inner_text() == notebook.ask(
        "tuple(results('coffee')['batch'].shape)"
    )
    assert "coffee after batch: (1, 3, 224, 224)" in last.locator("canvas").get_attribute(
        "aria-label"
    )
    assert cards.locator("svg polyline").count() == 18
    choose(widget, "picture", "cat")
    assert painted(crop.locator("canvas")) == notebook.ask("cropped('cat')")
    worst, text = widget.evaluate(CONTRAST)[0]
    assert worst >= 4.5, f"{text!r} has a contrast of {worst:.1f}"
    notebook.screenshot(f"preprocess-{theme}")


def test_normalisation_by_keyboard_changes_the_classes_at_once(bench):
    notebook, widget = bench("coffee")
    labels = widget.locator(".cw-best .cw-label")
    chosen = widget.locator("tr[aria-current]")
    assert labels.all_inner_texts() == eval(notebook.ask("best('coffee', (0.5,) * 3, (0.5,) * 3)"))
    widget.locator("select[name=normalisation]").focus()
    notebook.page.keyboard.press("ArrowDown")
    answered(widget)
    mean, std = "(0.485, 0.456, 0.406)", "(0.229, 0.224, 0.225)"
    assert labels.all_inner_texts() == eval(notebook.ask(f"best('coffee', {mean}, {std})"))
    assert "ImageNet's" in chosen.inner_text()
    notebook.page.keyboard.press("ArrowDown")
    answered(widget)
    assert labels.all_inner_texts() == eval(notebook.ask("best('coffee', (0,) * 3, (1,) * 3)"))
    assert "left out" in widget.locator(".cw-steps > li").nth(4).inner_text()
    values = widget.locator(".cw-values").all_inner_texts()
    assert values[3] == values[4]


def test_untrained_network_predicts_nothing(bench):
    _, widget = bench("coffee")
    choose(widget, "network", "alexnet")
    assert widget.locator(".cw-badge").inner_text() == "untrained"
    assert "no prediction" in widget.locator(".cw-best h4").inner_text()


def test_upload_broken_and_good(bench):
    notebook, widget = bench("coffee")
    drop(widget, "broken.jpg", b"<html>")
    expect(widget.get_by_role("alert")).to_contain_text("broken.jpg")
    answered(widget)
    expect(widget.locator("select[name=picture]")).to_have_value("coffee")
    file = io.BytesIO()
    open_image("rocket").resize((320, 200)).save(file, "jpeg")
    drop(widget, "mine.jpg", file.getvalue())
    expect(widget.locator("select[name=picture]")).to_have_value("mine.jpg")
    answered(widget)
    expect(widget.get_by_role("alert")).to_be_empty()
    assert widget.locator(".cw-shape").first.inner_text() == "(200, 320, 3)"
    assert notebook.ask("w.picture") == "mine.jpg"


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1920, 1080)])
def test_nothing_sticks_out(bench, width, height):
    notebook, widget = bench(width=width, height=height)
    assert widget.evaluate(STICKING_OUT) == []
    notebook.screenshot(f"preprocess-{width}")
