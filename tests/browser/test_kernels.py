"""kernels() on a page: painted pixels, numbers, keys, both themes."""

import pytest
from playwright.sync_api import expect

from tests.helpers.static import StaticPage
from tests.helpers.widgets import CONTRAST, STICKING_OUT, choose, painted, started

EXPECTED = """
from hashlib import sha256
from course_utils import kernels, load_network
from course_utils.widgets.kernels.widget import painted
from course_utils.widgets.shared.network_names import load_named

def weights(name, trained):
    known = load_named(name).info
    weights = "auto" if trained else None
    network = load_network(known.name, weights=weights, dataset=known.dataset)
    return next(network.parameters()).detach().numpy()

def expected(name, trained, across, own_scale=False):
    image = painted(weights(name, trained), w.view["limit"], across, own_scale)
    return sha256(image).hexdigest()
"""


@pytest.fixture(scope="module")
def notebook(browser):
    """One page for all tests here."""
    notebook = StaticPage(browser, [EXPECTED, "w = kernels(network)\nw"])
    yield notebook
    notebook.close()


@pytest.fixture
def shown_kernels(notebook):
    """Start a new kernels(...) in the notebook."""

    def start(network="lenet", theme="light", width=1280):
        notebook.page.mouse.move(1, 1)
        return started(notebook, theme, width, 900, network=network)

    notebook.console.clear()
    yield start
    assert notebook.console == []


def across(canvas) -> int:
    """How many kernels stand side by side: as many as make them largest."""
    return int(canvas.get_attribute("data-across"))


@pytest.mark.parametrize(
    ("name", "theme"), [("lenet", "light"), ("lenet_1998", "light"), ("lenet-cifar10", "dark")]
)
def test_painted_pixels_are_the_kernels(shown_kernels, name, theme):
    notebook, widget = shown_kernels(name, theme=theme)
    canvases = widget.locator("canvas[tabindex]")
    for i, trained in enumerate((True, False)):
        image = f"expected({name!r}, {trained}, {across(canvases.nth(i))})"
        assert painted(canvases.nth(i)) == notebook.ask(image)
        assert canvases.nth(i).get_attribute("aria-label") == notebook.ask(
            f"w.view['sides'][{i}]['description']"
        )
    widget.get_by_label("each kernel on its own scale").check()
    image = f"expected({name!r}, True, {across(canvases.first)}, True)"
    assert painted(canvases.first) == notebook.ask(image)
    worst, text = widget.evaluate(CONTRAST)[0]
    assert worst >= 4.5, f"{text!r} has a contrast of {worst:.1f}"
    notebook.screenshot(f"kernels-{theme}")


def test_of_an_untrained_network_there_is_one_side_and_what_to_do(shown_kernels):
    notebook, widget = shown_kernels()
    widget.get_by_label("each kernel on its own scale").check()
    choose(widget, "network", "vgg11")
    canvases = widget.locator("canvas[tabindex]")
    assert canvases.count() == 1
    image = f"expected('vgg11', False, {across(canvases.first)}, True)"
    assert painted(canvases.first) == notebook.ask(image)
    assert "load_network('vgg11'" in widget.inner_text()
    assert widget.evaluate(CONTRAST)[0][0] >= 4.5


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lenet", "kernel 4, row 3, column 2: "),
        ("lenet-cifar10", "kernel 4, row 3, column 2: red "),
    ],
)
def test_pointing_gives_the_same_weight_of_both(shown_kernels, name, said):
    notebook, widget = shown_kernels(name)
    canvas, readouts = widget.locator("canvas[tabindex]").first, widget.locator(".cw-readout")
    box, columns = canvas.bounding_box(), across(canvas)
    weight = box["width"] / (columns * 6 - 1)
    left, top = 6 * (4 % columns), 6 * (4 // columns)  # the fifth kernel, with gaps of one pixel
    canvas.hover(position={"x": weight * (left + 2.5), "y": weight * (top + 3.5)})
    for readout, trained in ((readouts.first, True), (readouts.last, False)):
        assert readout.inner_text().startswith(said)
        values = [
            float(part.rpartition(" ")[2].replace("−", "-"))
            for part in readout.inner_text().split(": ")[1].split(", ")
        ]
        expected = eval(notebook.ask(f"weights({name!r}, {trained})[4, :, 3, 2].tolist()"))
        assert values == pytest.approx(expected, rel=5e-3)


def test_everything_by_keyboard_alone(shown_kernels):
    notebook, widget = shown_kernels("lenet-cifar10")
    press, before = notebook.page.keyboard.press, notebook.keys_heard()
    widget.get_by_label("each kernel on its own scale").focus()
    press("Tab")
    first, readout = widget.locator("canvas[tabindex]").first, widget.locator(".cw-readout").first
    expect(first).to_be_focused()
    assert readout.inner_text().startswith("kernel 0, row 0, column 0: ")
    for key in ("ArrowRight", "ArrowDown", "PageDown"):
        press(key)
    assert readout.inner_text().startswith("kernel 1, row 1, column 1: ")
    press("Enter")
    large = widget.locator(".cw-one").first
    expect(large).to_be_visible()
    assert "Kernel 1: all, red, green, blue" in large.inner_text()
    assert notebook.ask("w.kernel") == "1"
    press("Escape")
    expect(large).to_be_hidden()
    assert notebook.keys_heard() == before  # none of these keys reached JupyterLab


def test_signed_kernels_and_narrow_windows(shown_kernels):
    notebook, widget = shown_kernels("efficientnet_lite0", width=1024)
    assert widget.evaluate(STICKING_OUT) == []
    notebook.ask(
        "globals().update(network=__import__('torch').nn.Sequential("
        "__import__('torch').nn.Conv2d(2, 6, 3)))"
    )
    assert notebook.run_all() == []
    widget = notebook.page.locator(".course-widget[data-seq]").first
    canvas = widget.locator("canvas[tabindex]").first
    canvas.hover(position={"x": 8, "y": 8})
    assert widget.locator(".cw-readout").first.inner_text().startswith("kernel 0, channel 0, row ")
    assert painted(canvas) == notebook.ask(
        "sha256(painted(network[0].weight.detach().numpy(), w.view['limit'], 2)).hexdigest()"
    )
    assert widget.evaluate(STICKING_OUT) == []
