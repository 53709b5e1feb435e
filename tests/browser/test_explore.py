"""explore() on a page, by mouse and by keyboard, compared with what the kernel computes."""

import re

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.helpers.images import photograph
from tests.helpers.static import StaticPage
from tests.helpers.widgets import (
    CONTRAST,
    STICKING_OUT,
    answered,
    choose,
    drop,
    number,
    painted,
    shown,
    started,
)

# What the page must show, computed in the kernel without the widget.
EXPECTED = """
from hashlib import sha256
from course_utils import activations, classify, explore, load_network, open_image
from course_utils.images.preprocessing import run_steps, steps
from course_utils.widgets.shared.maps import as_maps, coloured, mosaic, tiled
from course_utils.widgets.shared.network_names import load_named

def maps(network, image, layer):
    return as_maps(activations(load_named(network), image)[layer][0])

def expected(network, image, layer, across, own_scale=False):
    return sha256(mosaic(maps(network, image, layer), across, own_scale)).hexdigest()

def seen(network, image):
    preprocessing = load_named(network).info.preprocessing
    image = dict(run_steps(open_image(image), steps(preprocessing)))["crop"]
    image = image.convert("L") if preprocessing.channels == 1 else image
    return sha256(image.convert("RGBA").tobytes()).hexdigest()
"""


@pytest.fixture(scope="module")
def notebook(browser):
    """One page for all tests here."""
    notebook = StaticPage(browser, [EXPECTED, "w = explore(*arguments)\ndisplay(*[w] * views)"])
    yield notebook
    notebook.close()


@pytest.fixture
def explored(notebook):
    """Start a new explore(...) in the notebook."""

    def start(*arguments, theme="light", width=1280, height=900, views=1):
        notebook.page.mouse.move(1, 1)
        return started(notebook, theme, width, height, arguments=arguments, views=views)

    notebook.console.clear()
    yield start
    assert notebook.console == []


def parts(widget):
    """The canvas of the mosaic, the line below it, the large map."""
    mosaic = widget.locator(".cw-maps canvas[role=img]")
    return mosaic, widget.locator(".cw-readout"), widget.locator(".cw-large")


def across(mosaic) -> int:
    """How many maps stand in a row: as many as make them large."""
    return int(mosaic.get_attribute("data-across"))


@pytest.mark.parametrize(
    ("name", "theme", "other"),
    [("lenet", "light", "seven"), ("lenet_1998", "dark", "four"), ("lenet-cifar10", "dark", "cat")],
)
def test_painted_pixels_are_the_activations(explored, name, theme, other):
    notebook, widget = explored(name, "coffee", theme=theme)
    mosaic, _, _ = parts(widget)
    image = widget.locator("figure canvas").first
    assert painted(mosaic) == notebook.ask(
        f"expected({name!r}, 'coffee', 'conv1', {across(mosaic)})"
    )
    assert painted(image) == notebook.ask(f"seen({name!r}, 'coffee')")
    choose(widget, "layer", "pool2")
    assert painted(mosaic) == notebook.ask(
        f"expected({name!r}, 'coffee', 'pool2', {across(mosaic)})"
    )
    choose(widget, "image", other)
    assert painted(mosaic) == notebook.ask(
        f"expected({name!r}, {other!r}, 'pool2', {across(mosaic)})"
    )
    assert painted(image) == notebook.ask(f"seen({name!r}, {other!r})")
    choose(widget, "image", "cat")
    choose(widget, "network", "efficientnet_lite0")
    network = "'efficientnet_lite0', 'cat', 'conv1'"
    assert painted(mosaic) == notebook.ask(f"expected({network}, {across(mosaic)})")
    widget.get_by_label("each map on its own scale").check()
    assert painted(mosaic) != notebook.ask(f"expected({network}, {across(mosaic)})")
    worst, text = widget.evaluate(CONTRAST)[0]
    assert worst >= 4.5, f"{text!r} has a contrast of {worst:.1f}"
    notebook.screenshot(f"explore-{theme}")


def test_classes_and_their_honesty(explored):
    notebook, widget = explored("efficientnet_lite0", "coffee")
    badge, best = widget.locator(".cw-badge"), widget.locator(".cw-best")
    assert badge.inner_text() == "trained on ImageNet"
    assert best.locator(".cw-label").all_inner_texts() == eval(
        notebook.ask("[c for c, _ in classify(load_network('efficientnet_lite0'), 'coffee')]")
    )
    assert best.locator("li").first.inner_text().split() == ["espresso", "96", "%"]
    choose(widget, "network", "vgg11")
    assert badge.inner_text() == "untrained"
    assert "no prediction" in best.locator("h4").inner_text()
    assert "(untrained)" in parts(widget)[0].get_attribute("aria-label")
    assert "load_network('vgg11'" in best.inner_text()
    assert "load_network('vgg11'" in widget.locator(".cw-badge").first.get_attribute("title")


def test_hover_tells_the_value_without_the_kernel(explored):
    notebook, widget = explored("lenet", "coffee")
    mosaic, readout, _ = parts(widget)
    expect(widget).to_have_attribute("data-kept", "12")  # all of its layers have come
    notebook.page.evaluate("window.messages = 0")
    box = mosaic.bounding_box()
    unit = box["width"] / (3 * 28 + 2)
    mosaic.hover(position={"x": unit * (29 + 5.5), "y": unit * (29 + 7.5)})  # fifth map
    assert readout.inner_text().startswith("channel 4, row 7, column 5: ")
    assert notebook.page.evaluate("window.messages") == 0
    value = float(notebook.ask("maps('lenet', 'coffee', 'conv1')[4, 7, 5]"))
    assert number(readout.inner_text()) == pytest.approx(value, rel=1e-3)
    marks = widget.locator(".cw-mark:visible")
    assert marks.count() == 3  # the map, the unit, and its place in the image
    notebook.page.mouse.move(1, 1)
    assert "Point at a map" in readout.inner_text()
    assert marks.count() == 0


def test_large_map_opens_and_closes_by_mouse(explored):
    notebook, widget = explored("lenet", "coffee")
    mosaic, _, large = parts(widget)
    expect(large).to_be_hidden()
    mosaic.click(position={"x": 10, "y": 10})
    expect(large).to_be_visible()
    assert "Channel 0" in large.inner_text()
    assert painted(large.locator("canvas")) == notebook.ask(
        "sha256(tiled(coloured(maps('lenet', 'coffee', 'conv1'))[:1], 1)).hexdigest()"
    )
    mosaic.click(position={"x": 10, "y": 10})
    expect(large).to_be_hidden()
    mosaic.click(position={"x": 10, "y": 10})
    large.get_by_role("button", name="Close").click()
    expect(large).to_be_hidden()
    mosaic.click(position={"x": 10, "y": 10})
    notebook.page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    mosaic.click(position={"x": 10, "y": 10})
    choose(widget, "layer", "fc1")  # units cannot be enlarged
    expect(large).to_be_hidden()


def test_everything_by_keyboard_alone(explored):
    notebook, widget = explored("lenet", "coffee")
    mosaic, readout, large = parts(widget)
    press, before = notebook.page.keyboard.press, notebook.keys_heard()
    widget.locator("select[name=network]").focus()
    press("Tab")
    press("ArrowDown")  # the next image
    answered(widget)
    assert notebook.ask("w.image") == "camera"
    press("Tab")
    expect(widget.get_by_role("button", name="Your own…")).to_be_focused()
    press("Tab")
    expect(widget.get_by_role("button", name="Camera…")).to_be_focused()
    press("Tab")
    press("ArrowDown")  # the next layer
    answered(widget)
    assert notebook.ask("w.layer") == "relu1"
    press("Tab")
    expect(widget.get_by_label("Compare with")).to_be_focused()
    press("Tab")
    expect(widget.get_by_role("listbox")).to_be_focused()
    press("ArrowRight")
    answered(widget)
    assert notebook.ask("w.layer") == "pool1"
    press("ArrowLeft")
    answered(widget)
    assert notebook.ask("w.layer") == "relu1"
    press("Tab")
    expect(mosaic).to_be_focused()
    brightest = notebook.ask("w.view['brightest']")
    assert readout.inner_text().startswith(f"channel {brightest}, row 14, column 14: ")
    press("Home")
    for _ in range(14):
        press("ArrowLeft")
    press("ArrowUp")
    assert readout.inner_text().startswith("channel 0, row 13, column 0: ")
    for _ in range(15):
        press("ArrowDown")  # over the edge: the map below has the number 3
    press("ArrowRight")
    assert readout.inner_text().startswith("channel 3, row 0, column 1: ")
    value = float(notebook.ask("maps('lenet', 'camera', 'relu1')[3, 0, 1]"))
    assert number(readout.inner_text()) == pytest.approx(value, rel=1e-3)
    press("PageDown")
    assert readout.inner_text().startswith("channel 4, row 0, column 1: ")
    press("Enter")
    expect(large).to_be_visible()
    press("Space")
    expect(large).to_be_hidden()
    press("Enter")
    expect(large).to_be_visible()
    cover = widget.get_by_label("Over the image")
    cover.focus()
    press("Home")
    assert widget.evaluate("root => root.style.getPropertyValue('--cover')") == "0"
    mosaic.focus()
    press("Escape")
    expect(large).to_be_hidden()
    press("Tab")
    press("Space")
    expect(widget.get_by_label("each map on its own scale")).to_be_checked()
    expect(mosaic).to_be_visible()
    assert notebook.keys_heard() == before  # none of these keys reached JupyterLab


def second_chooser(page):
    """Press Enter until the dialog opens: Chromium has none until it is done with the first."""
    for _ in range(10):
        try:
            with page.expect_file_chooser(timeout=2_000) as chooser:
                page.keyboard.press("Enter")
            return chooser.value
        except TimeoutError:
            continue
    raise AssertionError("Enter opens no dialog")


def test_upload_by_button_key_and_drop(explored, tmp_path):
    notebook, widget = explored("lenet", "coffee")
    (tmp_path / "me.png").write_bytes(photograph("astronaut"))
    (tmp_path / "you.jpg").write_bytes(photograph("rocket"))
    button = widget.get_by_role("button", name="Your own…")
    with notebook.page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(tmp_path / "me.png")
    expect(widget.locator("select[name=image]")).to_have_value("me.png")
    assert "for me.png" in parts(widget)[0].get_attribute("aria-label")
    button.focus()
    second_chooser(notebook.page).set_files(tmp_path / "you.jpg")
    expect(widget.locator("select[name=image]")).to_have_value("you.jpg")
    drop(widget, "dropped.png", photograph("cat", (64, 64)))
    expect(widget.locator("select[name=image]")).to_have_value("dropped.png")
    answered(widget)
    assert notebook.ask("w.images[-3:]") == "['me.png', 'you.jpg', 'dropped.png']"


def test_photograph_larger_than_a_message_is_made_smaller_on_white(explored):
    notebook, widget = explored("lenet", "coffee")
    widget.evaluate(
        """async root => {
            const canvas = new OffscreenCanvas(3000, 2000);
            const context = canvas.getContext("2d");
            const noise = context.createImageData(3000, 2000);
            for (let i = 0; i < noise.data.length; i += 65536)
                crypto.getRandomValues(noise.data.subarray(i, i + 65536));
            for (let y = 0; y < 90; y++) noise.data.fill(0, 12000 * y, 12000 * y + 360); // a corner
            context.putImageData(noise, 0, 0);
            const blob = await canvas.convertToBlob({ type: "image/png" });
            const files = new DataTransfer();
            files.items.add(new File([blob], "noise.png"));
            window.size = blob.size;
            root.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: files }));
        }"""
    )
    assert notebook.page.evaluate("size") > 12e6
    expect(widget.locator("select[name=image]")).to_have_value("noise.png", timeout=20_000)
    assert notebook.ask("w.error") == ""
    assert notebook.ask("w.image_choices.get('noise.png').getpixel((3, 3))") == "(255, 255, 255)"


def test_broken_upload_says_so_and_the_widget_works_on(explored):
    notebook, widget = explored("lenet", "coffee")
    alert = widget.get_by_role("alert")
    expect(alert).to_be_empty()
    drop(widget, "broken.png", b"\x89PNG\r\n\x1a\n nothing")
    expect(alert).to_contain_text("broken.png")
    answered(widget)
    expect(widget.locator("select[name=image]")).to_have_value("coffee")
    notebook.screenshot("explore-error")
    choose(widget, "layer", "conv2")
    expect(alert).to_be_empty()
    mosaic, _, _ = parts(widget)
    assert painted(mosaic) == notebook.ask(
        f"expected('lenet', 'coffee', 'conv2', {across(mosaic)})"
    )


def test_exception_in_the_kernel_shows_in_the_widget(explored):
    notebook, widget = explored("lenet", "coffee")
    notebook.ask("setattr(w, '_look', lambda *names: 1 / 0)")
    choose(widget, "layer", "conv2")
    expect(widget.get_by_role("alert")).to_contain_text("ZeroDivisionError")
    expect(widget.locator("select[name=layer]")).to_have_value("conv1")
    notebook.ask("delattr(w, '_look')")
    choose(widget, "layer", "conv2")
    expect(widget.get_by_role("alert")).to_be_empty()


def test_of_changes_that_overtake_one_another_the_last_is_shown(explored):
    notebook, widget = explored("alexnet")
    widget.locator("select[name=layer]").evaluate(
        """async select => {
            const layers = ["relu1", "pool1", "conv2", "conv3", "conv4", "conv5", "fc1", "conv2"];
            for (const layer of layers) {
                select.value = layer;
                select.dispatchEvent(new Event("change"));
                await new Promise(done => setTimeout(done, 5));
            }
        }"""
    )
    answered(widget)
    expect(widget).to_have_attribute("data-seq", "8")
    columns = across(parts(widget)[0])
    assert painted(parts(widget)[0]) == notebook.ask(
        f"expected('alexnet', 'cat', 'conv2', {columns})"
    )
    assert "conv2" in parts(widget)[0].get_attribute("aria-label")


def test_slow_change_says_what_it_waits_for(explored):
    _, widget = explored("lenet")
    widget.locator("select[name=network]").select_option("vgg11")
    expect(widget.get_by_text("Loading VGG11…")).to_be_visible()
    answered(widget)
    expect(widget.get_by_text("Loading VGG11…")).to_be_hidden()
    expect(parts(widget)[0]).to_have_attribute(
        "aria-label", re.compile("64 feature maps of layer conv1 of VGG11")
    )


def test_two_views_and_a_cell_move_together(explored):
    notebook, _ = explored("lenet", views=2)
    first, second = shown(notebook, 0), shown(notebook, 1)
    choose(first, "layer", "conv2")
    expect(second.locator("select[name=layer]")).to_have_value("conv2")
    notebook.ask("setattr(w, 'image', 'rocket')")
    expect(first.locator("select[name=image]")).to_have_value("rocket")
    assert painted(parts(first)[0]) == painted(parts(second)[0])


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1920, 1080)])
def test_nothing_sticks_out(explored, width, height):
    notebook, widget = explored("efficientnet_lite0", width=width, height=height)
    assert widget.evaluate(STICKING_OUT) == []
    parts(widget)[0].click(position={"x": 20, "y": 20})
    assert widget.evaluate(STICKING_OUT) == []
    choose(widget, "other", "lenet")
    assert widget.evaluate(STICKING_OUT) == []
    notebook.screenshot(f"explore-{width}")


def test_layers_chosen_in_the_diagram(explored):
    notebook, widget = explored("lenet", "coffee")
    boxes = widget.get_by_role("option", include_hidden=True)
    row = widget.get_by_role("listbox")
    assert row.get_attribute("aria-label") == "Layers of LeNet"
    pool2 = row.locator("[role=option]", has_text="pool2")
    pool2.click()
    answered(widget)
    assert notebook.ask("w.layer") == "pool2"
    expect(widget.locator("select[name=layer]")).to_have_value("pool2")
    assert pool2.get_attribute("aria-selected") == "true"
    assert row.locator("[aria-selected=true]").count() == 1
    assert boxes.count() >= 12
    facts = widget.locator(".cw-facts-line")
    row.locator("[role=option]", has_text="conv2").hover()
    conv2 = "w.layers[3]"
    assert facts.inner_text() == notebook.ask(
        f"'conv2: 16 × 10 × 10 · ' + format({conv2}['parameters'], ',')"
        f" + ' parameters · ' + format({conv2}['multiply_adds'], ',') + ' multiply-adds'"
    )
    notebook.page.mouse.move(1, 1)
    assert "pool2: 16 × 5 × 5 · no parameters" in facts.inner_text()


def test_boxes_are_to_scale(explored):
    notebook, widget = explored("alexnet")
    sizes = eval(notebook.ask("{layer['name']: layer['size'] for layer in w.layers}"))
    heights = dict(
        widget.locator(".cw-diagram [role=option]").evaluate_all(
            "all => all.map(g => [g.textContent, g.querySelector('.cw-box').height.baseVal.value])"
        )
    )
    expected = sizes["conv1"][1] / sizes["conv2"][1]
    assert heights["conv1"] / heights["conv2"] == pytest.approx(expected, rel=1e-3)


def test_layer_already_seen_needs_no_kernel(explored):
    notebook, widget = explored("lenet", "coffee")
    expect(widget).to_have_attribute("data-kept", "12")  # all of its layers have come
    mosaic = parts(widget)[0]
    at_once = """root => {
        const list = root.querySelector("select[name=layer]");
        list.value = "pool2";
        list.dispatchEvent(new Event("change", { bubbles: true }));
        return root.querySelector(".cw-maps canvas[role=img]").getAttribute("aria-label");
    }"""
    assert "of layer pool2" in widget.evaluate(at_once)  # no message can have come in between
    assert painted(mosaic) == notebook.ask(
        f"expected('lenet', 'coffee', 'pool2', {across(mosaic)})"
    )
    answered(widget)
    assert notebook.ask("w.layer") == "pool2"
    assert painted(mosaic) == notebook.ask(
        f"expected('lenet', 'coffee', 'pool2', {across(mosaic)})"
    )


def test_open_map_lies_over_the_image(explored):
    notebook, widget = explored("lenet", "coffee")
    mosaic, readout, large = parts(widget)
    overlay, image = widget.locator(".cw-overlay"), widget.locator(".cw-image canvas").first
    expect(overlay).to_be_hidden()
    mosaic.click(position={"x": 10, "y": 10})
    expect(overlay).to_be_visible()
    assert painted(overlay) == painted(large.locator("canvas"))
    assert overlay.bounding_box() == image.bounding_box()
    assert "channel 0 of conv1 over it" in image.get_attribute("aria-label")
    widget.get_by_label("Over the image").fill("25")
    assert overlay.evaluate("canvas => getComputedStyle(canvas).opacity") == "0.25"
    box = large.locator("canvas").bounding_box()
    unit = box["width"] / 28
    large.locator("canvas").hover(position={"x": 4.5 * unit, "y": 9.5 * unit})
    assert readout.inner_text().startswith("channel 0, row 9, column 4: ")
    notebook.ask("setattr(w, 'channel', 3)")
    expect(large).to_contain_text("Channel 3")


@pytest.mark.parametrize("other", ["cat", "untrained", "alexnet"])
def test_two_sides_move_together(explored, other):
    notebook, widget = explored("lenet", "coffee")
    choose(widget, "other", other)
    mosaics = widget.locator(".cw-maps canvas[role=img]")
    assert mosaics.count() == 2
    pair = ("w.network", "w.other") if other == "cat" else ("w.other", "w.image")
    assert mosaics.last.get_attribute("aria-label") == notebook.ask(
        "w.view['other']['description']"
    )
    choose(widget, "layer", "conv2")
    if other != "untrained":
        assert painted(mosaics.last) == notebook.ask(
            f"expected({pair[0]}, {pair[1]}, 'conv2', {across(mosaics.last)})"
        )
    mosaics.first.click(position={"x": 10, "y": 10})
    assert widget.locator(".cw-large:visible").count() == 2
    assert widget.locator(".cw-overlay:visible").count() == 2
    for readout in widget.locator(".cw-readout").all_inner_texts():
        assert readout.startswith("channel 0, row ")
    assert widget.locator(".cw-diagram").count() == 2
    notebook.screenshot(f"explore-beside-{other}")
    notebook.page.keyboard.press("Escape")
    expect(widget.locator(".cw-large:visible")).to_have_count(0)
    choose(widget, "other", "")
    assert mosaics.count() == 1


def test_photograph_from_the_camera(explored):
    notebook, widget = explored("lenet", "coffee")
    widget.get_by_role("button", name="Camera…").click()
    expect(widget.get_by_label("what the camera sees")).to_be_visible()
    expect(widget.get_by_role("button", name="Take")).to_be_focused()
    notebook.page.keyboard.press("Enter")
    expect(widget.locator("select[name=image]")).to_have_value("photo 1")
    answered(widget)
    assert "for photo 1" in parts(widget)[0].get_attribute("aria-label")
    expect(widget.get_by_label("what the camera sees")).to_be_hidden()
    assert notebook.ask("w.image_choices.get('photo 1').size") == "(640, 480)"


def test_live_each_image_of_the_camera_goes_through_the_network(explored):
    """The fake camera's picture moves: maps and classes follow, until one freezes an image."""
    notebook, widget = explored("lenet-cifar10", "coffee")
    seen = "w.image_choices.key('live') if w.image == 'live' else None"
    widget.get_by_role("button", name="Camera…").click()
    widget.get_by_role("button", name="Live").click()
    expect(widget.locator("select[name=image]")).to_have_value("live")
    first, painted_first = notebook.ask(seen), painted(parts(widget)[0])
    notebook.page.wait_for_function(
        "first => Number(document.querySelector('.course-widget').dataset.seq) > first + 5",
        arg=int(widget.get_attribute("data-seq")),
    )
    assert notebook.ask(seen) != first
    assert painted(parts(widget)[0]) != painted_first
    choose_layer = widget.locator("select[name=layer]")
    choose_layer.select_option("conv2")
    expect(widget).to_have_attribute("data-layer", "conv2")  # it goes on with another layer
    widget.get_by_role("button", name="Freeze").click()
    expect(widget.locator("select[name=image]")).to_have_value("photo 1")
    answered(widget)
    frozen = widget.get_attribute("data-seq")
    notebook.page.wait_for_timeout(300)
    assert widget.get_attribute("data-seq") == frozen


def test_live_rests_where_nobody_looks_and_ends_with_the_camera(explored):
    notebook, widget = explored("lenet-cifar10", "coffee")
    widget.get_by_role("button", name="Camera…").click()
    widget.get_by_role("button", name="Live").click()
    expect(widget.locator("select[name=image]")).to_have_value("live")
    page = notebook.page
    widget.evaluate("e => e.style.visibility = 'visible'")
    page.evaluate("document.body.style.paddingTop = '4000px'")  # far below the window
    page.wait_for_timeout(500)
    resting = widget.get_attribute("data-seq")
    page.wait_for_timeout(500)
    assert widget.get_attribute("data-seq") == resting
    page.evaluate("document.body.style.paddingTop = ''")
    expect(widget).not_to_have_attribute("data-seq", resting)
    widget.get_by_role("button", name="Cancel").click()
    expect(widget.get_by_role("button", name="Freeze")).to_be_hidden()
    answered(widget)
    ended = widget.get_attribute("data-seq")
    page.wait_for_timeout(400)
    assert widget.get_attribute("data-seq") == ended


@pytest.mark.parametrize(
    ("name", "says"),
    [("NotAllowedError", "did not allow"), ("NotFoundError", "No camera"), ("Odd", "no camera")],
)
def test_camera_that_cannot_be_had_is_a_sentence(explored, name, says):
    notebook, widget = explored("lenet", "coffee")
    notebook.page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia ="
        " () => Promise.reject(new DOMException('no', name)); }",
        name,
    )
    widget.get_by_role("button", name="Camera…").click()
    expect(widget.get_by_role("alert")).to_contain_text(says)
    choose(widget, "layer", "conv2")
    notebook.page.evaluate("delete navigator.mediaDevices.getUserMedia")
