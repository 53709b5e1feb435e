"""Every widget on one screen: nothing cut or under another part, and images as large as fit.

In a notebook (1,000 × 580 px are what one sees of it on a screen of 1366 × 768), in presenter mode
on three screens, and on a phone, where parts stand below one another and the page scrolls.
"""

import pytest
from playwright.sync_api import Locator

from tests.helpers import ROOT
from tests.helpers.images import photograph
from tests.helpers.own_images import write_folder
from tests.helpers.static import StaticPage
from tests.helpers.widgets import CALLS, STICKING_OUT, answered, drop

HELPERS = ROOT / "tests/helpers"
# Width and height of the window, margins of the widget, its width, its greatest height: beside a
# list of files that is narrow, as wide as JupyterLab makes it, and wide; narrow on a large screen.
NOTEBOOKS = [
    (1432, 768, "20px 20px 20px 412px", 1000, 580),
    (1280, 768, "20px 20px 20px 412px", 848, 580),
    (1132, 768, "20px 20px 20px 412px", 700, 580),
    (2560, 1440, "20px 612px 20px 1020px", 928, 600),
]
SCREENS = [(1366, 768), (1920, 1080), (3840, 2160)]
# All widgets, and what else they can look like.
LOOKS = CALLS | {
    "convolve, many numbers": "convolve('coffee', 'blur', size=7, channels=3)",
    "convolve, a network": "convolve('cat', 'first layer', network='lenet-cifar10')",
    "kernels, many": "kernels('alexnet')",
    "explore, deep": "explore('efficientnet_lite0', 'cat')",
    "explore, two": "explore('lenet', 'cat', other='untrained')",
    "browse, images": "browse()",
    "train, mistakes": "train()",
    "teach, learned": "teach(folder, 'lenet-cifar10')",
    "teach, answering": "teach(folder, 'lenet-cifar10')",
}
# The least share of the body, controls aside, that is for images and curves in presenter mode.
SHARES = {name: 0.7 for name in LOOKS if name not in ("predict", "quiz")} | {
    "explore, two": 0.64,  # each of them has its diagram and its classes
    "preprocess": 0.47,  # seven images, each with its switch, its words and its numbers; the answer
    "teach": 0.36,  # the image, as high as the screen; beside it no class has images yet
    "teach, learned": 0.44,  # beside the image the classes, and how often it is right
    "teach, answering": 0.44,
    "train, mistakes": 0.15,  # a table, and eight images
}


def begin(name: str, notebook: StaticPage, widget: Locator) -> None:
    """What is done with a widget before it looks as its name says."""
    if name == "train, mistakes":
        widget.get_by_role("tab", name="Mistakes").click()
    if name in ("teach, learned", "teach, answering"):
        notebook.names["w"].wait()
        widget.locator(".cw-table tr").nth(2).wait_for()
    if name == "teach, answering":
        widget.get_by_label("where it looks").check()
        drop(widget, "a photograph.png", photograph(size=(640, 480)))
        widget.locator(".cw-nearest img").wait_for()


@pytest.fixture(scope="module")
def show(browser, tmp_path_factory):
    """Show a look on a page of its own, and keep it for the tests that follow: (page, widget)."""
    opened = []
    folder = write_folder(tmp_path_factory.mktemp("own"), counts=(20, 20), names=("zero", "one"))

    def show(name: str) -> tuple[StaticPage, Locator]:
        if not opened or opened[0] != name:
            close()
            cells = ["from course_utils.widgets import *", f"w = {LOOKS[name]}\nw"]
            notebook = StaticPage(browser, cells)
            notebook.names["folder"] = folder
            notebook.run_all()
            notebook.page.add_script_tag(path=HELPERS / "one_screen.js")
            widget = notebook.page.locator(".course-widget")
            begin(name, notebook, widget)
            opened[:] = name, notebook, widget
        return opened[1:]

    def close() -> None:
        if opened:
            opened[1].close()

    yield show
    close()


def sized(notebook: StaticPage, widget: Locator, width: int, height: int, margin: str) -> None:
    """Give the window a size, and the widget its margins."""
    notebook.page.set_viewport_size({"width": width, "height": height})
    notebook.page.evaluate("m => document.querySelector('main').style.margin = m", margin)
    answered(widget)
    notebook.page.wait_for_timeout(100)  # two frames: what follows the size is painted


def leave(widget: Locator) -> None:
    """Out of presenter mode, if it is in it."""
    button = widget.get_by_role("button", name="Leave")
    if button.is_visible():
        button.click()


@pytest.mark.parametrize("name", SHARES)
def test_in_a_notebook_all_of_it_is_seen_at_once(show, name):
    notebook, widget = show(name)
    leave(widget)
    for width, height, margin, wide, most in NOTEBOOKS:
        sized(notebook, widget, width, height, margin)
        assert widget.evaluate("root => root.offsetWidth") == wide
        assert widget.evaluate("root => root.offsetHeight") <= most
        assert widget.evaluate("root => cut(root)") == []
        assert widget.evaluate("root => overlapping(root)") == []
        assert widget.evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("name", SHARES)
def test_presented_it_fills_the_screen_with_images(show, name):
    notebook, widget = show(name)
    leave(widget)
    widget.get_by_role("button", name="Present").click()
    for width, height in SCREENS:
        sized(notebook, widget, width, height, "0")
        size = "root => [root.scrollWidth, root.scrollHeight, root.clientWidth, root.clientHeight]"
        assert widget.evaluate(size) == [width, height, width, height]
        assert widget.evaluate("root => cut(root)") == [], width
        assert widget.evaluate("root => overlapping(root)") == [], width
        assert widget.evaluate(STICKING_OUT) == [], width
        assert widget.evaluate("root => small(root)") == []
        assert widget.evaluate("root => share(root)") >= SHARES[name], width


@pytest.mark.parametrize("name", LOOKS)
def test_on_a_phone_nothing_sticks_out(show, name):
    notebook, widget = show(name)
    leave(widget)
    sized(notebook, widget, 390, 844, "0")
    assert widget.evaluate(STICKING_OUT) == []
    assert widget.evaluate("root => overlapping(root)") == []
    assert notebook.page.evaluate("document.documentElement.scrollWidth") <= 390
