"""Pages of real lessons, opened from file:// without a network, show what Python computes now.

Of what `make site` records of a widget a part is recorded here, spread over all of it; of that a
sample is compared, trait by trait, each image and each layer byte for byte.
"""

import json
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from docs import recordings, site
from docs.plans import EXACT, PLANS, Plan
from tests.helpers.pages import ASK, begun, computed, lesson, traits, unnumbered

pytestmark = pytest.mark.timeout(1800)  # the first test waits for the recordings
MEGABYTE = 1e6
EVERY = {"explore": 17, "convolve": 13, "receptive_field": 13, "preprocess": 3, "browse": 11}
COMPARED = 4  # choices of each list
# "chosen" is the reader's: pages begin without it.
NOT_COMPARED = {"known", "start", "scenes", "error", "weights", "chosen"}
REAL = [path for path in site.LESSONS if path.stem[:2] in ("01", "05", "06")]
CELLS = (  # what other lessons show, without what they train before
    "from course_utils import draw, explore, kernels, load_digits, receptive_field, train",
    'train("lenet", load_digits("test"), epochs=1)',
    'explore("lenet", "seven", "conv1")',
    'receptive_field("lenet", "seven", "conv2")',
    'draw("lenet")',
    'kernels("alexnet")',
)
OPEN = "() => { for (const part of document.querySelectorAll('details')) part.open = true; }"
# The milliseconds from a request whose recording is here to the frame that shows the answer.
TIMED = """async (place, choices) => {
    const ask = %s;
    const times = [];
    for (const choice of [...choices, ...choices, ...choices]) {
        const began = performance.now();
        await ask(place, choice);
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - began);
    }
    return times.slice(choices.length).sort((a, b) => a - b);
}"""
# Plays a recorded training to its end; what the page was told last.
PLAYED = """async place => {
    const { model } = place;
    const told = {};
    model.on("msg:custom", (content, [bytes]) => (told[content.kind] = bytes));
    model.speed = 1000;
    model.send({ do: "go" });
    while (model.place < model.events.length) await new Promise(done => setTimeout(done, 50));
    const hash = [...new Uint8Array(await crypto.subtle.digest("SHA-256", told.inside))];
    const at = [8, 4].map((back) => told.news.getFloat32(told.news.byteLength - back, true));
    return { inside: hash.map(byte => byte.toString(16).padStart(2, "0")).join(""), checked: at };
}"""


def part_of(plan: Plan, every: int) -> Plan:
    return replace(plan, requests=lambda widget: islice(plan.requests(widget), 0, None, every))


@pytest.fixture(scope="module")
def lessons(tmp_path_factory) -> list[Path]:
    """Those whose widgets are recorded; the last one has what the others would take long for."""
    return [*REAL, lesson(tmp_path_factory.mktemp("lesson") / "lesson.ipynb", *CELLS)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, lessons) -> Path:
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        for kind, every in EVERY.items():
            patch.setitem(PLANS, kind, [part_of(plan, every) for plan in PLANS[kind]])
        site.main(folder, lessons, processes=1)
    return folder


@pytest.fixture
def page(browser) -> Iterator[Any]:
    """A page without a network; what it asks for is in `page.asked`."""
    context = browser.new_context(offline=True, viewport={"width": 1366, "height": 768})
    page, faults = context.new_page(), list[str]()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert faults == []
    assert {url.partition(":")[0] for url in page.asked} <= {"file", "data", "blob"}
    context.close()


def widgets_now(path: Path, tmp_path: Path) -> list[Any]:
    """The widgets of a lesson, made anew, in the order of its page."""
    with chdir(tmp_path), redirect_stdout(None):
        cells = recordings.needed(site.read(path), computing=True)
        return [widget for _, widget in recordings.widgets_of(cells)]


def recorded_choices(place: Any) -> list[dict[str, Any]]:
    """Some of the choices that were recorded, of each list."""
    found = "place => place.model.tables.map(({keys, answers}) => [keys, Object.keys(answers)])"
    choices = []
    for keys, answers in place.evaluate(found):
        for answer in answers[:: -(-len(answers) // COMPARED)]:
            choices.append(dict(zip(keys, json.loads(answer), strict=True)))
    return choices


def differing(place: Any, widget: Any) -> set[str]:
    """The traits in which the page shows something else than Python computes."""
    shown = traits(place)
    names = set(shown) - NOT_COMPARED
    if getattr(widget, "other", "…") == "":  # what stood beside it before is not shown
        names -= {"other_layers", "other_pixels", "other_maps"}
    now = unnumbered(computed(widget, names))
    shown = unnumbered(shown)
    return {name for name in now if shown[name] != now[name]}


@pytest.mark.parametrize("number", range(len(REAL) + 1))
def test_a_page_shows_what_python_computes_byte_for_byte(page, folder, lessons, tmp_path, number):
    path, compared = lessons[number], dict[str, int]()
    page.goto((folder / f"{path.stem}.html").as_uri())
    page.evaluate(OPEN)
    widgets = widgets_now(path, tmp_path)
    kinds = page.locator(".recorded").evaluate_all("all => all.map(e => e.dataset.kind)")
    assert kinds == [*map(recordings.kind_of, widgets)]
    for place_number, (kind, widget) in enumerate(zip(kinds, widgets, strict=True)):
        place = begun(page, place_number)
        if hasattr(widget, "exact"):
            widget.exact = EXACT
        if kind == "questions":
            assert differing(place, widget) == set()
        for choice in recorded_choices(place):
            if choice.get("example") == "":
                continue  # what somebody draws is computed in the page
            place.evaluate(ASK, choice)
            widget.set_state(choice)
            assert not place.locator(".cw-alert").first.inner_text(), choice
            assert differing(place, widget) == set(), (kind, choice)
            compared[kind] = compared.get(kind, 0) + 1
    print(f"\n{path.stem}: compared {compared}")


def test_a_recorded_training_ends_as_it_ends_now(page, folder, lessons, tmp_path):
    page.goto((folder / f"{lessons[-1].stem}.html").as_uri())
    place = begun(page)
    found = place.evaluate(PLAYED)
    expect(place.locator(".cw-line").first).to_contain_text("finished")
    widget = widgets_now(lessons[-1], tmp_path)[0]
    told = dict[str, Any]()
    widget.send = lambda content, buffers: told.update({content["kind"]: bytes(buffers[0])})
    widget.go()
    widget.wait()
    assert found["inside"] == sha256(told["inside"]).hexdigest()  # the maps at the end
    assert found["checked"] == np.frombuffer(told["news"], np.float32)[-2:].tolist()


def test_a_layer_comes_in_one_frame_or_two(page, folder):
    page.goto((folder / f"{REAL[0].stem}.html").as_uri())
    page.evaluate(OPEN)
    kinds = page.locator(".recorded").evaluate_all("all => all.map(e => e.dataset.kind)")
    place = begun(page, kinds.index("explore"))
    times = place.evaluate(TIMED % ASK, recorded_choices(place))
    print(f"\na layer: {times[len(times) // 2]:.0f} ms in the middle, {times[-1]:.0f} at most")


def test_a_reader_loads_little_before_the_first_touch(page, folder):
    print()
    for path in sorted(folder.glob("*.html")):
        page.asked.clear()
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
        page.wait_for_function("performance.getEntriesByType('paint').length")
        painted = page.evaluate("performance.getEntriesByType('paint')[0].startTime")
        files = [Path(url.removeprefix("file://")) for url in page.asked if url.startswith("file")]
        size = sum(file.stat().st_size for file in files) / MEGABYTE
        print(f"{path.name}: {size:.2f} MB before the first touch, painted after {painted:.0f} ms")
        assert size <= 2, path.name


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1366, "light")])
def test_every_widget_lives_and_no_page_is_wider_than_its_window(page, folder, width, scheme):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    for path in sorted(folder.glob("*.html")):
        page.goto(path.as_uri())
        page.evaluate(OPEN)
        for number in range(page.locator(".recorded").count()):
            begun(page, number)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
