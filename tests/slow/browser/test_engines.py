"""Every widget in Firefox and in WebKit, Safari's engine: pixels, keys, pointer, presenter mode."""

import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from course_utils import widgets
from tests.helpers.engines import Engine, Marionette, Part, WebKitDriver
from tests.helpers.every_widget import CASES, SETUP, SHOW, expected
from tests.helpers.images import encode
from tests.helpers.lab import Lab
from tests.helpers.static import StaticPage
from tests.helpers.widgets import drop, number, painted

ENGINES = {
    "firefox": (Marionette, "firefox-esr"),
    "webkit": (WebKitDriver, "webkit2gtk-driver xvfb"),
}
NAMES = sorted(widgets.__all__)
PRESENTED = [name for name in NAMES if name not in ("predict", "quiz")]
SEVEN = [(0.3, 0.2), (0.5, 0.2), (0.7, 0.2), (0.6, 0.42), (0.5, 0.64), (0.42, 0.85)]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request) -> Iterator[Engine]:
    driver, packages = ENGINES[request.param]
    try:
        engine = Engine(driver)
    except LookupError as missing:
        pytest.skip(f"{missing} (Debian: sudo apt install {packages})")
    yield engine
    engine.stop()


@pytest.fixture(scope="module")
def notebook(engine) -> Iterator[StaticPage]:
    """One page with all widgets."""
    notebook = StaticPage(engine, [SETUP, SHOW])
    notebook.run_all()
    yield notebook
    notebook.close()


def part(notebook, name: str, css: str = "", text: str = "") -> Part:
    """The widget of this name, or an element in it."""
    return notebook.page.part(f".test-{name}.course-widget {css}".strip(), text)


def hears(notebook, condition: str) -> None:
    """Wait until it is true in the kernel."""
    deadline = time.monotonic() + 20
    while notebook.ask(condition) != "True":
        assert time.monotonic() < deadline, condition
        time.sleep(0.05)


def paints(notebook, name: str, css: str, words: str) -> None:
    """Wait until a canvas shows what this expression of the kernel says."""
    canvas = part(notebook, name, css)
    deadline = time.monotonic() + 20
    while painted(canvas) != notebook.ask(expected(canvas, words)):
        assert time.monotonic() < deadline, words
        time.sleep(0.05)


def begin(notebook, name: str) -> None:
    """What some widgets need before they show what the test compares."""
    if name == "train":
        part(notebook, name, "button", "One step").click()
        hears(notebook, "shown['train'].doing == 'paused'")
    if name == "receptive_field":
        part(notebook, name, "select[name=channel]").choose("0")


@pytest.mark.parametrize("name", CASES)
def test_it_paints_and_follows_a_key(notebook, name):
    canvas, before, control, key, after = CASES[name]
    begin(notebook, name)
    paints(notebook, name, canvas, before)
    heard = notebook.page.evaluate("keysHeard.length")
    part(notebook, name, control).evaluate("e => e.focus()")
    notebook.page.press(key)
    paints(notebook, name, canvas, after)
    assert notebook.page.evaluate("keysHeard.length") == heard  # JupyterLab has not heard it
    assert notebook.page.faults() == []


def browse(notebook) -> None:
    images = part(notebook, "browse", ".cw-page canvas")
    across = int(images.evaluate("e => e.dataset.across"))
    images.click(2.5 / across, 1.5 * across / 60)
    hears(notebook, f"shown['browse'].place % 60 == {across + 2}")
    told = notebook.ask("shown['browse'].large()")
    part(notebook, "browse", "figcaption", told).wait_for()


def convolve(notebook) -> None:
    """Click a weight and type over it; drag the window to the middle of 21 × 32 pixels."""
    part(notebook, "convolve", "select[name=channel]").choose("0")
    weight = part(notebook, "convolve", "input[aria-label*='row 1, column 1']")
    weight.click()
    notebook.page.press("7")
    notebook.page.press("Tab")
    hears(notebook, "float(shown['convolve'].weights[0, 0, 1, 1]) == 7")
    window = part(notebook, "convolve", "canvas[role=img]")
    window.drag((0.2, 0.2), (0.4, 0.5), (15.5 / 32, 10.5 / 21))
    hears(notebook, "(shown['convolve'].row, shown['convolve'].column) == (9, 14)")
    part(notebook, "convolve", "*", "(channel 0, row 9, column 14)").wait_for()


def draw(notebook) -> None:
    part(notebook, "draw", ".cw-pad canvas").drag(*SEVEN)
    part(notebook, "draw", "[aria-current=true]", "7").wait_for()


def explore(notebook) -> None:
    """The second map of 28 × 28, at row 7, column 5."""
    maps = part(notebook, "explore", ".cw-maps canvas[role=img]")
    width, height = maps.evaluate("e => [e.width, e.height]")
    readout = part(notebook, "explore", ".cw-readout")
    for _ in range(20):  # what comes into view is laid out once more
        maps.point(34.5 / width, 7.5 / height)
        if readout.text().startswith("channel 1, row 7, column 5: "):
            break
    layer = "activations(network, 'coffee')[shown['explore'].layer]"
    value = float(notebook.ask(f"float({layer}[0, 1, 7, 5])"))
    assert number(readout.text()) == pytest.approx(value, rel=1e-3)


def kernels(notebook) -> None:
    """The second kernel of 5 × 5."""
    shown = part(notebook, "kernels", "canvas[tabindex]")
    width, height = shown.evaluate("e => [e.width, e.height]")
    shown.point(8.5 / width, 3.5 / height)
    part(notebook, "kernels", ".cw-readout", "kernel 1, row 3, column 2: red ").wait_for()


def chosen(name: str) -> Callable[[StaticPage], None]:
    def choose(notebook) -> None:
        part(notebook, name, ".cw-options button >> nth=1").click()
        part(notebook, name, ".cw-options [aria-pressed=true]").wait_for()

    return choose


def preprocess(notebook) -> None:
    part(notebook, "preprocess", "button", "Move resize later").click()
    part(notebook, "preprocess", ".cw-verdict", "crop before resize").wait_for()


def receptive_field(notebook) -> None:
    part(notebook, "receptive_field", ".cw-units canvas[role=img]").click(0.85, 0.05)
    hears(notebook, "(shown['receptive_field'].row, shown['receptive_field'].column) == (0, 8)")


def teach(notebook) -> None:
    """Two classes by keys, two files dropped on each, and one of them asked about."""
    for name, shades in {"dark": (10, 20), "pale": (190, 200)}.items():
        part(notebook, "teach", "input[type=text]").evaluate("e => e.focus()")
        for key in (*name, "Enter"):
            notebook.page.press(key)
        row = part(notebook, "teach", f"[data-class={name}]")
        row.wait_for()
        for shade in shades:
            drop(row, f"{shade}.png", encode("PNG", Image.new("RGB", (32, 32), (shade,) * 3)))
    hears(notebook, "len(shown['teach'].data) == 4")
    notebook.ask("shown['teach'].wait()")
    part(notebook, "teach", ".cw-table tr >> nth=2").wait_for()
    drop(part(notebook, "teach"), "new.png", encode("PNG", Image.new("RGB", (32, 32), (195,) * 3)))
    part(notebook, "teach", ".cw-says [aria-current=true]", "pale").wait_for()


def train(notebook) -> None:
    part(notebook, "train", "button", "Resume").click()
    hears(notebook, "shown['train'].doing == 'running'")
    part(notebook, "train", "button", "Stop").click()
    hears(notebook, "shown['train'].doing == 'stopped'")
    part(notebook, "train", ".cw-chart").point()
    part(notebook, "train", ".cw-readout", "epoch").wait_for()


POINTED = {
    **{use.__name__: use for use in (browse, convolve, draw, explore, kernels, preprocess)},
    **{use.__name__: use for use in (receptive_field, teach, train)},
    **{name: chosen(name) for name in ("predict", "quiz")},
}


@pytest.mark.parametrize("name", NAMES)
def test_it_follows_a_pointer(notebook, name):
    begin(notebook, name)
    POINTED[name](notebook)
    assert notebook.page.faults() == []


# Whether a widget fills the window, and nothing has to be scrolled sideways.
FILLS = """e => {
    const [box, { clientWidth }] = [e.getBoundingClientRect(), document.documentElement];
    return box.left === 0 && box.top === 0
        && box.width === clientWidth && box.height === innerHeight
        && e.scrollWidth === e.clientWidth
        && e.contains(document.elementFromPoint(5, 5));
}"""


@pytest.mark.parametrize("name", PRESENTED)
def test_it_presents(notebook, name):
    widget = part(notebook, name)
    for width, height in ((1366, 768), (1920, 1080)):
        notebook.page.set_viewport_size({"width": width, "height": height})
        part(notebook, name, ".cw-toggle").click()
        widget.wait_for(FILLS)
        notebook.page.press("Escape")
        widget.wait_for("e => !e.matches('.cw-presenting') && !document.fullscreenElement")
    assert notebook.page.faults() == []


def test_a_notebook_with_all_of_them_runs_in_jupyterlab(server, engine):
    lab = Lab(server, engine)
    notebook = lab.notebook([SETUP, SHOW])
    try:
        assert notebook.run_all() == []
        for name, (canvas, before, control, key, after) in CASES.items():
            begin(notebook, name)
            paints(notebook, name, canvas, before)
            part(notebook, name, control).evaluate("e => e.focus()")
            notebook.page.press(key)
            paints(notebook, name, canvas, after)
        assert {*NAMES} == {name for name in NAMES if part(notebook, name).text()}
    finally:
        lab.close()
