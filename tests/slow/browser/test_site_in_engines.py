"""A page of the site with every widget, opened from file:// in Firefox and in WebKit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils import convolve, draw, explore, kernels, preprocess, receptive_field
from docs import site
from docs.plans import EXACT
from tests.helpers.engines import Engine, Marionette, WebKitDriver
from tests.helpers.pages import ASK, TRAITS, computed, lesson, unnumbered

pytestmark = pytest.mark.timeout(900)  # the first test waits for the recordings
ENGINES = {
    "firefox": (Marionette, "firefox-esr"),
    "webkit": (WebKitDriver, "webkit2gtk-driver xvfb"),
}
# Each widget: how it is made, and a choice.
WIDGETS = {
    "explore": (lambda: explore("lenet", "seven", "conv1"), {"layer": "pool2"}),
    "convolve": (lambda: convolve("seven", "blur", longest=32), {"kernel": "identity"}),
    "receptive_field": (lambda: receptive_field("lenet", "seven"), {"layer": "pool1", "row": 0}),
    "kernels": (lambda: kernels("lenet"), {"network": "alexnet"}),
    "preprocess": (lambda: preprocess("seven", "lenet"), {"off": "scale"}),
    "draw": (lambda: draw("lenet"), {"example": "a three"}),
}
CODE = """from course_utils import convolve, draw, explore, kernels, preprocess, receptive_field
from course_utils import load_digits, quiz, train
"""
CELLS = (
    'explore("lenet", "seven", "conv1")',
    'convolve("seven", "blur", longest=32)',
    'receptive_field("lenet", "seven")',
    'kernels("lenet")',
    'preprocess("seven", "lenet")',
    'draw("lenet")',
    'quiz("01")',
    'train("lenet", load_digits("test"), epochs=1)',
)
BEGUN = """async kind => {
    const place = document.querySelector(`.recorded[data-kind=${kind}]`);
    place.scrollIntoView({ behavior: "instant" });
    return Boolean(place.model);
}"""
PLACE = (
    "([kind, argument]) => (%s)(document.querySelector(`.recorded[data-kind=${kind}]`), argument)"
)


@pytest.fixture(scope="module")
def page_of_all(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    cells = [CODE + cell for cell in CELLS]
    site.main(folder / "site", [lesson(folder / "lesson.ipynb", *cells)], processes=1)
    return folder / "site" / "lesson.html"


@pytest.fixture(scope="module", params=ENGINES)
def page(request, page_of_all) -> Iterator:
    driver, packages = ENGINES[request.param]
    try:
        engine = Engine(driver)
    except LookupError as missing:
        pytest.skip(f"{missing} (Debian: sudo apt install {packages})")
    page = engine.new_page({"width": 1200, "height": 800})
    page.goto(page_of_all.as_uri())
    yield page
    assert page.faults() == []
    engine.stop()


@pytest.mark.parametrize("kind", WIDGETS)
def test_a_page_from_a_file_shows_what_python_computes(page, kind):
    make, choice = WIDGETS[kind]
    widget = make()
    if kind == "explore":
        widget.exact = EXACT
    page.wait_for_function(BEGUN, kind)
    page.evaluate(PLACE % ASK, [kind, choice])
    widget.set_state(choice)
    shown = unnumbered(page.evaluate(PLACE % TRAITS, [kind, None]))
    names = set(shown) - {"known", "start", "scenes", "error", "weights"}
    now = unnumbered(computed(widget, names))
    assert {name for name in names if shown[name] != now[name]} == set()


def test_a_quiz_tells_right_from_wrong(page):
    page.wait_for_function(BEGUN, "questions")
    page.part("[data-kind=questions] .cw-options button").click()
    page.part("[data-kind=questions] .cw-said").wait_for("e => /^(Right|Not)/.test(e.textContent)")


def test_start_plays_the_recorded_training_and_pause_holds_it(page):
    page.wait_for_function(BEGUN, "train")
    page.part("[data-kind=train] button.cw-main").click()
    page.part("[data-kind=train] .cw-line").wait_for("e => /epoch 0.[1-9]/.test(e.textContent)")
    page.part("[data-kind=train] button.cw-main").click()
    page.part("[data-kind=train] .cw-line").wait_for("e => /paused/.test(e.textContent)")
