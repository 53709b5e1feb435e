"""`make site`: an edition that opens from a memory stick asks nothing of a network."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from course_utils.exercises import PREDICTIONS
from docs import site
from docs.predictions import folded
from tests.helpers.lessons import every_lesson, predictions

FROM_ELSEWHERE = re.compile(
    r"<script[^>]+src|<(?:link|iframe)\b|<img[^>]+src=\"(?!data:)|@import|url\("
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    site.main(folder)
    return folder


@pytest.fixture(scope="module")
def edition(folder) -> dict[str, str]:
    """The pages by their file names."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_has_a_page_for_each_lesson_and_each_text(edition):
    expected = {f"{path.stem}.html" for path in (*site.LESSONS, *site.TEXTS)}
    assert set(edition) == expected | {"index.html"}
    for name in expected:
        assert f'href="{name}"' in edition["index.html"]


def test_asks_for_nothing_that_is_not_in_the_page(edition):
    for name, text in edition.items():
        assert FROM_ELSEWHERE.findall(text) == [], name


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


@every_lesson
def test_what_answers_a_prediction_is_folded_until_one_has_chosen(folder, browser, name):
    page = browser.new_page()
    page.goto((folder / f"{name}.html").as_uri())
    assert page.locator(".prediction").count() == len(predictions(name))
    assert page.locator("details[open]").count() == 0
    for box, prediction in zip(page.locator(".prediction").all(), predictions(name), strict=True):
        question = PREDICTIONS[prediction]
        opened = page.locator("details[open]").count()
        box.locator("button").nth(question.right).click()
        expect(box.locator("[role=status]")).to_have_text(
            " ".join(f"Right: {question.options[question.right][1]}".split())
        )
        assert page.locator("details[open]").count() >= opened + 2  # what comes out, and why
    page.close()


def test_a_wrong_choice_on_a_page_is_told_with_the_right_one_and_is_the_last(browser, tmp_path):
    put: list[str] = []
    cell = nbformat.v4.new_code_cell(f'predict("{next(iter(PREDICTIONS))}")')
    question = next(iter(PREDICTIONS.values()))
    folded([cell], lambda html: put.append(html) or "")
    path = tmp_path / "page.html"
    path.write_text(f"{put[0]}<script>{site.SCRIPT.read_text()}</script>", encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    wrong = next(i for i in range(len(question.options)) if i != question.right)
    page.locator("button").nth(wrong).click()
    page.locator("button").nth(question.right).click()
    said = page.locator("[role=status]").inner_text()
    assert said.startswith(f"Not this one: {question.options[wrong][1]}")
    assert said.endswith(f"{question.options[question.right][0]} is right.")
    assert page.locator("[aria-pressed=true]").count() == 1
    page.close()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SystemExit, match="holds other files"):
        site.main(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_an_edition_is_made_anew(tmp_path: Path):
    site.main(tmp_path)
    (tmp_path / "old.html").write_text("")
    site.main(tmp_path)
    assert not (tmp_path / "old.html").exists()
