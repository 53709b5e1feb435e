"""convolve() on a page, by mouse and by keyboard, compared with PyTorch."""

import ast

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
import torch
from torch.nn import functional as F
from course_utils import convolve, open_image
from course_utils.widgets.convolve.convolution import kernel_weights
from course_utils.images.preprocessing import normalize, to_tensor
from course_utils.figures import style
from course_utils.widgets.shared.maps import colours
from course_utils.widgets.shared.network_names import load_named
from course_utils.widgets.convolve.widget import shown, signed_colours

def small(longest):
    image = open_image("cat")
    return image.resize([round(side * longest / max(image.size)) for side in image.size])

def output(kernel, longest, channels=1, size=3, stride=1, padding=0, dilation=1, network="lenet"):
    image = small(longest).convert("L" if channels == 1 else "RGB")
    x = torch.from_numpy(np.array(image)).reshape(image.height, image.width, channels)
    x = x.permute(2, 0, 1)[None].double()
    if kernel == "max pooling":
        return F.max_pool2d(x, size, stride, padding, dilation)[0]
    if kernel == "average pooling":
        return F.avg_pool2d(x, size, stride, padding)[0]
    bias = None
    weights = kernel_weights(kernel, size, channels) if kernel != "first layer" else None
    if weights is None:
        network = load_named(network)
        layer, own = network.features[0], network.info.preprocessing
        x = to_tensor(small(longest), own.channels)
        x = normalize(x, own.mean, own.std)[None].double()
        weights, bias = layer.weight.detach().double(), layer.bias.detach().double()
    return F.conv2d(x, weights, bias, stride, padding, dilation)[0]

def said(*place, **settings):
    channel, rows, columns = place
    values = output(**settings)[channel, rows, columns]
    return [shown(float(value)) for value in values.flatten()]

def coloured(levels, palette):
    rgba = np.full((*levels.shape, 4), 255, np.uint8)
    rgba[..., :3] = palette[levels]
    return sha256(rgba.tobytes()).hexdigest()

def diverging(values):
    most = np.abs(values).max()
    levels = np.floor((values + most) * (255 / (2 * most)) + 0.5).astype(int)
    return coloured(levels, np.frombuffer(colours(style.SIGNED), np.uint8).reshape(256, 3))

def grey(values):
    levels = np.floor(values.clip(0, 255) + 0.5).astype(int)
    return coloured(levels, np.arange(256)[:, None].repeat(3, 1))
"""

# Walks by arrow keys over all units of the output, row by row, and notes what the page says there.
WALK = """async ([rows, columns]) => {
    const canvas = document.querySelector(".cw-plates canvas");
    const press = key => canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const said = [];
    for (let i = 0; i < rows; i++) press("ArrowUp");
    for (let i = 0; i < rows; i++) {
        press("Home");
        for (let j = 0; j < columns; j++) {
            await null;
            await null;
            said.push(document.querySelector(".cw-total").textContent);
            press("ArrowRight");
        }
        press("ArrowDown");
    }
    return said;
}"""


@pytest.fixture(scope="module")
def notebook(browser):
    """One page for all tests here."""
    notebook = StaticPage(
        browser, [EXPECTED, "w = convolve('cat', **settings)\ndisplay(*[w] * views)"]
    )
    yield notebook
    notebook.close()


@pytest.fixture
def convolved(notebook):
    """Start a new convolve("cat", ...) in the notebook."""

    def start(theme="light", width=1280, height=900, views=1, **settings):
        return started(notebook, theme, width, height, settings=settings, views=views)

    notebook.console.clear()
    yield start
    assert notebook.console == []


def plates(widget):
    """The canvases of input, output and all output channels."""
    canvases = widget.locator(".cw-plates canvas[role=img]")
    return [canvases.nth(i) for i in range(3)]


def table(widget, caption: str):
    return widget.locator(".cw-cells").filter(has_text=caption)


def total(widget) -> str:
    return widget.locator(".cw-total").inner_text()


def hears(notebook, condition: str) -> None:
    """Wait until it is true in the kernel, which gets some changes a little later."""
    for _ in range(50):
        if notebook.ask(condition) == "True":
            return
        notebook.page.wait_for_timeout(100)
    raise AssertionError(f"not true in the kernel: {condition}")


SETTINGS = [
    {"kernel": "edges", "longest": 20},
    {"kernel": "edges", "longest": 24, "channels": 3, "stride": 3, "padding": 2, "dilation": 2},
    {"kernel": "gaussian", "longest": 20, "channels": 3, "size": 4, "stride": 2, "padding": 3},
    {"kernel": "first layer", "longest": 20, "stride": 2, "padding": 1},
    {"kernel": "first layer", "longest": 20, "network": "lenet-cifar10"},
    {"kernel": "max pooling", "longest": 21, "size": 3, "stride": 2, "padding": 1, "dilation": 2},
    {"kernel": "average pooling", "longest": 21, "size": 3, "stride": 2, "padding": 1},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings["kernel"])
def test_every_sum_of_the_output_is_that_of_pytorch(convolved, settings):
    """All units of the last output channel, by arrow keys, to the last digit that is shown."""
    notebook, widget = convolved(**settings)
    maps, rows, columns = ast.literal_eval(notebook.ask(f"(*output(**{settings}).shape,)"))
    for _ in range(maps - 1):
        plates(widget)[0].press("PageDown")
    expect(widget.locator("select[name=channel]")).to_have_value(str(maps - 1))
    texts = notebook.page.evaluate(WALK, [rows, columns])
    expected = notebook.ask(f"said({maps - 1}, slice(None), slice(None), **{settings})")
    places = [(row, column) for row in range(rows) for column in range(columns)]
    assert texts == [
        f"= {value} (channel {maps - 1}, row {row}, column {column})"
        for value, (row, column) in zip(ast.literal_eval(expected), places, strict=True)
    ]
    sizes = widget.locator(".cw-sides").inner_text()
    assert f"+ 1 = {rows}" in sizes
    assert f"+ 1 = {columns}" in sizes


def test_every_product_of_a_window_on_the_border(convolved):
    """Padding counts as zero; the products are those of the two tables beside them."""
    _, widget = convolved(kernel="sharpen", channels=3, padding=1)
    plates(widget)[1].click(position={"x": 1, "y": 1})
    products = []
    for plane in ("red", "green", "blue"):
        window = table(widget, f"window: {plane}").locator("td").all_inner_texts()
        kernel = table(widget, f"kernel: {plane}").locator("input")
        weights = kernel.evaluate_all("cells => cells.map(cell => cell.value)")
        assert [i for i, value in enumerate(window) if value == "0"] == [0, 1, 2, 3, 6]
        assert weights == ["0", "−1/3", "0", "−1/3", "5/3", "−1/3", "0", "−1/3", "0"]
        texts = table(widget, f"products: {plane}").locator("td").all_inner_texts()
        assert float(texts[4]) == pytest.approx(float(window[4]) * 5 / 3, abs=0.06)
        products += [float(text.replace("−", "-")) for text in texts]
    value = float(total(widget).split()[1])
    assert value == pytest.approx(sum(products), abs=0.3)
    assert total(widget).endswith("(channel 0, row 0, column 0)")
    assert table(widget, "window: red").locator(".cw-pad").count() == 5


def test_images_and_alternative_texts(convolved):
    notebook, widget = convolved(kernel="edges", longest=32)
    edges = "output('edges', 32)"
    first, second, maps = plates(widget)
    assert painted(second) == notebook.ask(f"diverging({edges}[0].numpy())")
    low, high = ast.literal_eval(
        notebook.ask(f"[shown(float(f({edges}[0]))) for f in (torch.min, torch.max)]")
    )
    label = second.get_attribute("aria-label")
    assert f"output channel 0 (vertical edges) for cat: values {low} to {high}" in label
    assert first.get_attribute("aria-label") == "cat: 1 × 21 × 32 values"
    box = maps.bounding_box()
    maps.click(position={"x": 0.7 * box["width"], "y": 0.3 * box["height"]})
    expect(widget.locator("select[name=channel]")).to_have_value("1")
    assert painted(second) == notebook.ask(f"diverging({edges}[1].numpy())")
    choose(widget, "kernel", "sharpen")
    expect(widget.get_by_label("as an image")).to_be_checked()
    assert painted(second) == notebook.ask("grey(output('sharpen', 32)[0].numpy())")
    expect(maps).to_be_hidden()


def test_weights_are_typed_cell_by_cell(convolved):
    notebook, widget = convolved(kernel="identity", longest=16)
    cells = notebook.page.locator(".jp-Cell").count()
    inputs = table(widget, "kernel: grey").locator("input")
    inputs.nth(4).focus()
    notebook.page.keyboard.type("-1/4")
    bluest = ast.literal_eval(notebook.ask("tuple(signed_colours()[:3])"))  # the lowest of all
    expect(inputs.nth(4)).to_have_css("background-color", f"rgb{bluest}")
    notebook.page.keyboard.press("Enter")
    expect(inputs.nth(7)).to_be_focused()
    expect(inputs.nth(4)).to_have_value("−0.25")
    notebook.page.keyboard.type("0,5")
    bias = widget.get_by_label("bias")
    bias.fill("10")
    bias.press("Tab")
    plates(widget)[1].press("Home")
    hears(
        notebook,
        "(w.weights.flatten().tolist(), w.bias.tolist()) == "
        "([0, 0, 0, 0, -0.25, 0, 0, 0.5, 0], [10])",
    )
    row = int(total(widget).split("row ")[1].split(",")[0])
    value = notebook.ask(f"shown(float(w.outputs()[0, {row}, 0]))")
    assert total(widget) == f"= {value} (channel 0, row {row}, column 0)"
    inputs.nth(0).fill("abx")  # a, b and x are commands of JupyterLab
    inputs.nth(0).press("Tab")
    expect(widget.get_by_role("alert")).to_contain_text("“abx” is no number")
    expect(inputs.nth(0)).to_have_value("0")
    assert notebook.page.locator(".jp-Cell").count() == cells
    widget.get_by_role("button", name="Undo what was typed").click()
    expect(inputs.nth(4)).to_have_value("1")
    expect(bias).to_have_value("0")
    expect(widget.get_by_role("button", name="Undo what was typed")).to_be_hidden()


def test_the_window_follows_the_mouse_without_the_kernel(convolved):
    notebook, widget = convolved(kernel="blur", longest=64, views=2)
    notebook.page.evaluate("window.messages = 0")
    first = plates(widget)[0]
    box = first.bounding_box()
    mouse, pixel = notebook.page.mouse, box["width"] / 64
    mouse.move(box["x"] + 10.5 * pixel, box["y"] + 10.5 * pixel)
    mouse.down()
    hears(notebook, "(w.row, w.column) == (9, 9)")
    notebook.page.evaluate("window.messages = 0")
    mouse.move(box["x"] + 30.5 * pixel, box["y"] + 20.5 * pixel)
    place = "(channel 0, row 19, column 29)"
    expect(widget.locator(".cw-total")).to_contain_text(place)
    assert notebook.page.evaluate("window.messages") == 0
    mouse.up()
    mouse.move(box["x"] + pixel, box["y"] + pixel)
    assert place in total(widget)
    assert place in total(shown(notebook, 1))  # the other view shows the same
    hears(notebook, "(w.row, w.column) == (19, 29)")  # where the window came to rest


def test_impossible_settings_are_a_sentence_and_undone(convolved):
    notebook, widget = convolved(kernel="blur", size=7, longest=32)
    dilation = widget.locator("input[name=dilation]")
    dilation.fill("4")
    expect(widget.get_by_role("alert")).to_contain_text("The kernel reaches over 25 pixels")
    answered(widget)
    expect(dilation).to_have_value("1")
    dilation.fill("2")
    expect(widget.locator(".cw-sides")).to_contain_text("height ⌊(21 + 2·0 − 2·(7 − 1) − 1) / 1⌋")
    expect(widget.get_by_role("alert")).to_be_empty()
    choose(widget, "kernel", "average pooling")
    expect(widget.get_by_role("alert")).to_contain_text("no dilation")
    expect(widget.locator("select[name=kernel]")).to_have_value("blur")
    notebook.page.locator("input[name=stride]").focus()
    notebook.page.keyboard.press("ArrowUp")
    expect(widget.locator("figcaption").nth(1)).to_have_text("Output: 1 × 5 × 10")


@pytest.mark.parametrize(
    ("theme", "width", "height", "kernel"),
    [
        ("light", 1024, 768, "gaussian"),
        ("dark", 1280, 900, "edges"),
        ("light", 1920, 1080, "first layer"),
    ],
)
def test_it_can_be_read_and_nothing_sticks_out(convolved, theme, width, height, kernel):
    notebook, widget = convolved(theme, width, height, kernel=kernel, channels=3, padding=1)
    assert widget.evaluate(STICKING_OUT) == []
    worst, text = widget.evaluate(CONTRAST)[0]
    assert worst >= 4.5, f"{text!r} has a contrast of {worst:.1f}"
    notebook.screenshot(f"convolve-{theme}-{width}")
