"""preprocess() on a page, by mouse and by keyboard, compared with what the kernel says."""

import pytest
from playwright.sync_api import expect

from course_utils.widgets.preprocess.orders import RIGHT
from tests.helpers.images import photograph
from tests.helpers.static import StaticPage
from tests.helpers.widgets import CONTRAST, STICKING_OUT, answered, choose, drop, painted, started

SETUP = """
from hashlib import sha256
from PIL import Image
from course_utils import classify, load_network, open_image, preprocess
from course_utils.images.preprocessing import normalize, run_steps, steps

network = load_network("efficientnet_lite0")

def results(image):
    return dict(run_steps(open_image(image), steps(network.info.preprocessing)))

def cropped(image):
    return sha256(results(image)["crop"].convert("RGBA").tobytes()).hexdigest()

def best(image, mean, std):
    x = normalize(results(image)["to tensor"], mean, std)
    return [label for label, _ in classify(network, x[None])]
"""


@pytest.fixture(scope="module")
def notebook(browser):
    """One page for all tests here."""
    notebook = StaticPage(browser, [SETUP, "w = preprocess(*arguments)\nw"])
    yield notebook
    notebook.close()


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
    assert names(widget) == ["image", *RIGHT]
    crop, last = cards.nth(2), cards.nth(6)
    assert painted(crop.locator("canvas")) == notebook.ask("cropped('coffee')")
    assert last.locator(".cw-shape").inner_text() == notebook.ask(
        "tuple(results('coffee')['batch'].shape)"
    )
    assert "coffee after batch: (1, 3, 224, 224)" in last.locator("canvas").get_attribute(
        "aria-label"
    )
    assert cards.locator("svg polyline").count() == 21
    choose(widget, "image", "cat")
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
    notebook.page.keyboard.press("End")
    answered(widget)
    assert labels.all_inner_texts() == eval(notebook.ask("best('coffee', (0,) * 3, (1,) * 3)"))
    assert "left out" in widget.locator(".cw-steps > li").nth(5).inner_text()
    values = widget.locator(".cw-values").all_inner_texts()
    assert values[4] == values[5]


def names(widget) -> list[str]:
    """The steps in the order in which they stand."""
    return [text.strip() for text in widget.locator(".cw-steps h4").all_inner_texts()]


def sentences(widget) -> str:
    return widget.locator(".cw-verdict").inner_text()


def test_steps_are_moved_by_keyboard_and_the_mistake_is_said(bench):
    notebook, widget = bench("coffee", "lenet")
    later = widget.get_by_role("button", name="Move resize later")
    later.focus()
    notebook.page.keyboard.press("Enter")
    answered(widget)
    assert names(widget)[:3] == ["image", "crop", "resize"]
    assert "crop before resize" in sentences(widget)
    expect(later).to_be_focused()  # the focus moves with the card
    notebook.page.keyboard.press("ArrowLeft")
    answered(widget)
    assert names(widget) == ["image", *RIGHT]
    assert "In order" in sentences(widget)
    expect(widget.get_by_role("button", name="Move resize earlier")).to_be_disabled()
    for _ in range(6):
        notebook.page.keyboard.press("ArrowRight")
    answered(widget)
    assert names(widget)[-1] == "resize"  # keys that overtake one another all count
    assert notebook.ask("w.order") == ", ".join([*RIGHT[1:], "resize"])


def test_step_left_out_shows_what_python_says(bench):
    notebook, widget = bench("coffee", "lenet", theme="dark")
    switch = widget.get_by_role("checkbox", name="to tensor")
    switch.focus()
    notebook.page.keyboard.press("Space")
    answered(widget)
    scale = widget.locator("[data-step=scale]")
    assert "unsupported operand type" in scale.inner_text()
    assert "to tensor left out: scale divides numbers" in sentences(widget)
    assert "network was not reached" in widget.locator(".cw-best").inner_text()
    worst, text = widget.evaluate(CONTRAST)[0]
    assert worst >= 4.5, f"{text!r} has a contrast of {worst:.1f}"
    notebook.screenshot("preprocess-stops")
    widget.get_by_role("button", name="All steps in order").click()
    answered(widget)
    expect(switch).to_be_checked()
    assert widget.locator(".cw-best .cw-label").count() == 5
    expect(widget.get_by_role("button", name="All steps in order")).to_be_hidden()


def test_batch_left_out_shows_the_error_of_the_network(bench):
    _, widget = bench("coffee", "lenet")
    widget.get_by_role("checkbox", name="batch").uncheck()
    answered(widget)
    assert "mat1 and mat2" in widget.locator(".cw-best").inner_text()
    assert "takes the 16 channels for 16 images" in sentences(widget)


def test_scaling_twice_is_said(bench):
    _, widget = bench("coffee", "lenet")
    choose(widget, "to_tensor", "scales")
    assert "scaled twice" in sentences(widget)


def test_answers_are_hidden_until_they_are_asked_for(bench):
    """The table of all ways to normalise makes room for the images: each can be chosen."""
    notebook, widget = bench("coffee", "lenet")
    choose(widget, "to_tensor", "scales")
    answers = [widget.locator(part) for part in (".cw-classes", ".cw-verdict ol")]
    widget.locator(".cw-toggle").click()
    expect(widget.locator(".cw-ways")).to_be_hidden()
    for answer in answers:
        expect(answer).to_be_hidden()
    notebook.page.keyboard.press("a")
    for answer in answers:
        expect(answer).to_be_visible()
    notebook.page.keyboard.press("Escape")


def test_untrained_network_predicts_nothing(bench):
    _, widget = bench("coffee")
    choose(widget, "network", "vgg11")
    assert widget.locator(".cw-badge").inner_text() == "untrained"
    assert "no prediction" in widget.locator(".cw-best h4").inner_text()


def test_upload_broken_and_good(bench):
    notebook, widget = bench("coffee")
    drop(widget, "broken.jpg", b"<html>")
    expect(widget.get_by_role("alert")).to_contain_text("broken.jpg")
    answered(widget)
    expect(widget.locator("select[name=image]")).to_have_value("coffee")
    drop(widget, "mine.jpg", photograph("rocket", (320, 200), "jpeg"))
    expect(widget.locator("select[name=image]")).to_have_value("mine.jpg")
    answered(widget)
    expect(widget.get_by_role("alert")).to_be_empty()
    assert widget.locator(".cw-shape").first.inner_text() == "(200, 320, 3)"
    assert notebook.ask("w.image") == "mine.jpg"


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1920, 1080)])
def test_nothing_sticks_out(bench, width, height):
    notebook, widget = bench(width=width, height=height)
    assert widget.evaluate(STICKING_OUT) == []
    notebook.screenshot(f"preprocess-{width}")
