"""`make site`: an edition that opens from a memory stick asks nothing of a network."""

import json
import re
import zlib
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import expect

from course_utils import activations, explore, load_digits, load_network, predict
from course_utils.exercises import PREDICTIONS
from course_utils.images import DIGITS, centred, to_input
from course_utils.storage import keep_prediction
from course_utils.widgets.draw.digit import drawn, whole
from course_utils.widgets.draw.examples import EXAMPLES
from docs import site
from docs.plans import PLANS
from docs.recordings import Recorder, Store
from tests.helpers.lessons import every_lesson, predictions
from tests.helpers.pages import ASK, begun, computed, lesson, traits, unnumbered
from tests.helpers.widgets import answered

FROM_ELSEWHERE = re.compile(
    r"<script[^>]+src=\"(?!player\.js\")|<(?:link|iframe)\b|<img[^>]+src=\"(?!data:)|@import|url\("
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """All pages; of the widgets only the questions live."""
    folder = tmp_path_factory.mktemp("site")
    site.main(folder, computing=False, processes=1)
    return folder


@pytest.fixture(scope="module")
def edition(folder) -> dict[str, str]:
    """The pages by their file names."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}


def test_has_a_page_for_each_lesson_and_each_text(edition):
    expected = {f"{path.stem}.html" for path in (*site.LESSONS, *site.TEXTS)}
    assert set(edition) == expected | {"index.html"}
    for name in expected:
        assert f'href="{name}"' in edition["index.html"]


def test_asks_for_nothing_that_is_not_in_its_folder(edition, folder):
    for name, text in edition.items():
        assert FROM_ELSEWHERE.findall(text) == [], name
    for script in [folder / "player.js", *(folder / "widgets").iterdir()]:
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"\bfetch\(|XMLHttpRequest|\bimport\b.*from|@import", text), script


def test_every_link_leads_to_a_page_and_a_place_in_it(edition):
    for name, text in edition.items():
        for target in re.findall(r'<a href="([^"]+)"', text):
            if not re.match(r"https?:|mailto:", target):
                page, _, anchor = target.partition("#")
                assert (page or name) in edition, (name, target)
                assert not anchor or f'id="{anchor}"' in edition[page or name], (name, target)


def test_formulas_are_mathml_and_none_is_left_as_latex(edition):
    assert (
        edition["01_cnn_backbones.html"].count(
            '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">'
        )
        >= 3
    )
    for name, text in edition.items():
        words = re.sub(r"<(style|pre|code)\b.*?</\1>|<[^>]+>", "", text, flags=re.DOTALL)
        assert re.findall(r"⟦|\\frac|\$\$", words) == [], name


def test_images_have_alternative_texts_and_widgets_their_still_form(edition):
    for text in edition.values():
        assert all('alt="No description' not in tag for tag in re.findall(r"<img[^>]*>", text))
    assert "<details>" in edition["01_cnn_backbones.html"]  # the five questions, folded
    shown = edition["08_backbone_at_work.html"].partition('"my_images"</span>')[2]
    assert "a still image. In JupyterLab" in shown.partition("<h2")[0]


@every_lesson
def test_what_answers_a_prediction_is_folded_until_one_has_chosen(folder, browser, name):
    page = browser.new_page()
    page.goto((folder / f"{name}.html").as_uri())
    boxes = page.locator(".recorded[data-kind=questions]")
    assert boxes.count() == len(predictions(name)) + 1  # and the quiz
    assert page.locator("details[open]").count() == 0
    for number, prediction in enumerate(predictions(name)):
        question, box = PREDICTIONS[prediction], boxes.nth(number)
        box.scroll_into_view_if_needed()
        opened = page.locator("details[open]").count()
        box.locator(".cw-options button").nth(question.right).click()
        expect(box.locator("[role=status]")).to_have_text(
            " ".join(f"Right: {question.options[question.right][1]}".split())
        )
        assert page.locator("details[open]").count() >= opened + 2  # what comes out, and why
    page.close()


def chosen(place, **choice) -> None:
    """Choose from lists of a widget as a reader does, one after the other."""
    for name, value in choice.items():
        place.locator(f"select[name={name}]").select_option(value)
        answered(place.locator(".course-widget"))


def same(place, widget) -> bool:
    """Has the page what Python computes, byte for byte, but for the numbers of requests?"""
    state = unnumbered(traits(place))
    names = set(state) - {"known", "start", "scenes", "error"}
    now = unnumbered(computed(widget, names))
    assert {n: state[n] for n in names} == {n: now[n] for n in names}
    return True


CHOICES: tuple[dict[str, str], ...] = (
    {"layer": "conv2"},
    {"layer": "conv1"},
    {"image": "four"},
    {"other": "untrained"},
    {"layer": "fc3"},
)


def test_a_page_without_kernel_and_network_has_what_python_computes(browser, tmp_path, monkeypatch):
    few = replace(PLANS["explore"][0], requests=lambda widget: iter(CHOICES))
    monkeypatch.setitem(PLANS, "explore", [few])
    monkeypatch.setattr(site, "TEXTS", [])
    cells = 'from course_utils import explore\nexplore("lenet", "seven", "conv1")'
    site.main(tmp_path / "site", [lesson(tmp_path / "lesson.ipynb", cells)], processes=1)
    page = browser.new_context(offline=True).new_page()
    page.goto((tmp_path / "site" / "lesson.html").as_uri())
    place, widget = begun(page), explore("lenet", "seven", "conv1")
    assert same(place, widget)
    for choice in CHOICES:
        chosen(place, **choice)
        widget.set_state(choice)
        assert same(place, widget)
    networks = place.locator("select[name=network] option:not([disabled])")
    assert networks.all_inner_texts() == ["LeNet"]  # the others were not recorded
    assert place.get_by_text("Your own…").is_disabled()
    place.evaluate(ASK, {"image": "cat"})
    expect(place.locator(".cw-alert")).to_contain_text("not recorded")
    assert traits(place)["image"] == "four"
    chosen(place, layer="conv1")
    expect(place.locator(".cw-alert")).to_have_text("")
    page.close()


def test_what_is_recorded_is_recorded_anew_only_when_its_lesson_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(site, "TEXTS", [])
    runs = tmp_path / "runs"
    cell = f'print("x", end="", file=open({str(runs)!r}, "a"))\n'
    cell += 'from course_utils import quiz\nquiz("01")'
    for source, count in ((cell, 1), (cell, 1), (cell + "  # changed", 2)):
        site.main(tmp_path / "site", [lesson(tmp_path / "lesson.ipynb", source)], processes=1)
        assert len(runs.read_text()) == count


def test_what_is_greyed_out_is_called_so_in_a_widget():
    player = (site.ROOT / "docs" / "player.js").read_text("utf-8")
    names = re.findall(r"^(?:const LABELS = |  )/\^\((.+)\)\$?/;", player, re.MULTILINE)
    sources = [path.read_text("utf-8") for path in site.WIDGETS.glob("*/static/widget.js")]
    assert len(names) == 2
    for name in "|".join(names).split("|"):
        assert any(name in source for source in sources), name


LAYERS = ("conv1", "pool1", "conv2", "pool2", "fc1", "fc2", "fc3")


def computes(page, code: str, *given: np.ndarray) -> Any:
    """What code gives for arrays, each as the page's `Uint8Array`; as text, which is quick."""
    read = "const [a, b] = all.map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));"
    texts = [b64encode(array.tobytes()).decode() for array in given]
    return json.loads(page.evaluate(f"(all) => {{ {read} return JSON.stringify({code}); }}", texts))


def test_lenet_in_a_page_computes_what_pytorch_does(folder, browser):
    network, page = load_network("lenet"), browser.new_page()
    page.goto((folder / "index.html").as_uri())
    weights = torch.cat([p.detach().flatten() for p in network.parameters()]).numpy()
    code = "lenet(new Float32Array(a.buffer), b).map((layer) => [...layer])"
    for digit in load_digits("test").images[:10, 0].numpy():
        wanted = activations(network, to_input(Image.fromarray(digit), DIGITS))
        found = computes(page, code, weights, digit)
        for layer, values in zip(LAYERS, found, strict=True):
            torch.testing.assert_close(
                torch.tensor(values), wanted[layer].flatten(), atol=1e-4, rtol=0
            )
    page.close()


def test_a_digit_is_centred_in_a_page_as_in_python(folder, browser):
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    for strokes in EXAMPLES.values():
        ink = np.asarray(drawn(strokes, 0.09))
        told = computes(page, "[...centredDigit(a)]", ink)
        assert np.array_equal(np.reshape(told, (28, 28)), np.asarray(centred(ink)))
        told = computes(page, "[...resized(a, 224, 224, 28, 28, Math.round)]", ink)
        assert np.array_equal(np.reshape(told, (28, 28)), np.asarray(whole(Image.fromarray(ink))))
    page.close()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SystemExit, match="holds other files"):
        site.main(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_an_edition_is_made_anew(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(site, "TEXTS", [])
    (tmp_path / "index.html").write_text("")
    (tmp_path / "old.html").write_text("")
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "old.js").write_text("")
    site.main(tmp_path, lessons=[], processes=1)
    assert not (tmp_path / "old.html").exists()
    assert not (tmp_path / "recordings" / "old.js").exists()


def test_what_its_maker_once_predicted_is_not_in_a_page(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    question = PREDICTIONS["02.runs"]
    keep_prediction("02.runs", question.options[question.right][0])
    widget = predict("02.runs")
    assert widget.chosen != [-1]
    name = Recorder(widget, Store(tmp_path)).record()
    text = (tmp_path / f"{name}.js").read_text("utf-16").split('"')[3]
    bits = "".join(f"{ord(character) - 256:015b}" for character in text)
    packed = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8))
    data = zlib.decompressobj().decompress(packed)
    head = json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])
    assert head["state"]["chosen"] == [-1]
