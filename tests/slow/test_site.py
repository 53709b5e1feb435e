"""`make site`, all of it: its pages show what Python computes; sizes; a phone; no network."""

from pathlib import Path
from typing import Any

import pytest

from course_utils import convolve, explore, kernels, preprocess, receptive_field
from docs import site
from docs.plans import EXACT
from tests.helpers.pages import ASK, begun, computed, traits, unnumbered

pytestmark = pytest.mark.timeout(3600)  # the first test waits for the whole site
MEGABYTE = 1e6
WRONG = ("resize", "crop", "to tensor", "normalize", "scale", "batch")

# A sample of choices: the lesson, what its widget is, and requests made one after the other.
CHOICES: list[tuple[str, str, Any, list[dict[str, Any]]]] = [
    (
        "01_cnn_backbones",
        "convolve",
        lambda: convolve("camera", "vertical edges"),
        [{"kernel": "blur"}, {"image": "palace"}, {"kernel": "first layer"}, {"kernel": "edges"}],
    ),
    (
        "01_cnn_backbones",
        "explore",
        lambda: explore("efficientnet_lite0", "cat", "relu1"),
        [{"layer": "conv1"}, {"layer": "conv20"}, {"image": "rocket"}, {"layer": "fc1"}],
    ),
    (
        "01_cnn_backbones",
        "receptive_field",
        lambda: receptive_field("efficientnet_lite0", "cat", "conv11"),
        [{"layer": "conv1", "row": 0, "column": 111}, {"layer": "relu5", "row": -1, "column": -1}],
    ),
    ("03_alexnet", "kernels", lambda: kernels("alexnet"), [{"network": "lenet_1998"}]),
    (
        "03_alexnet",
        "explore",
        lambda: explore("alexnet", "cat", "relu1"),
        [{"layer": "conv3"}, {"other": "untrained"}, {"image": "house"}],
    ),
    (
        "05_preprocessing",
        "preprocess",
        lambda: preprocess("house", "efficientnet_lite0"),
        [{"normalisation": "imagenet"}, {"normalisation": "own", "off": "scale"}],
    ),
    (
        "05_preprocessing",
        "preprocess >> nth=2",
        lambda: preprocess("coffee", "efficientnet_lite0", order=WRONG),
        [{"image": "astronaut"}],
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    site.main(folder)
    return folder


def place_of(page, kind: str) -> Any:
    """The place of a widget of this kind in a page, once it is there."""
    name, _, number = kind.partition(" >> nth=")
    kinds = page.locator(".recorded").evaluate_all("all => all.map(e => e.dataset.kind)")
    return begun(page, [i for i, each in enumerate(kinds) if each == name][int(number or 0)])


@pytest.mark.parametrize(("lesson", "kind", "make", "requests"), CHOICES)
def test_a_page_shows_what_python_computes_byte_for_byte(
    browser, folder, lesson, kind, make, requests
):
    context = browser.new_context(offline=True)
    page, widget = context.new_page(), make()
    page.goto((folder / f"{lesson}.html").as_uri())
    place = place_of(page, kind)
    if hasattr(widget, "exact"):
        widget.exact = EXACT
    for request in requests:
        place.evaluate(ASK, request)
        widget.set_state(request)
        shown = unnumbered(traits(place))
        names = set(shown) - {"known", "start", "scenes", "error"}
        now = unnumbered(computed(widget, names))
        assert not place.locator(".cw-alert").first.inner_text()
        assert {n for n in names if shown[n] != now[n]} == set(), request
    context.close()


def test_a_site_fits_on_any_memory_stick_and_a_page_is_read_before_its_recordings(folder):
    assert sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) < 150 * MEGABYTE
    for page in folder.glob("*.html"):
        assert page.stat().st_size < 2 * MEGABYTE, page.name


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1366, "dark")])
def test_every_widget_of_every_page_lives_and_no_page_is_wider_than_its_window(
    browser, folder, width, scheme
):
    context = browser.new_context(
        offline=True, color_scheme=scheme, viewport={"width": width, "height": 844}
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    for path in sorted(folder.glob("*.html")):
        page.goto(path.as_uri())
        for number in range(page.locator(".recorded").count()):
            if page.locator(".recorded").nth(number).is_visible():
                begun(page, number)
        wide = "document.documentElement.scrollWidth"
        assert page.evaluate(wide) <= width, path.name
    assert faults == []
    context.close()
