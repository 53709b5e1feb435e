"""`make site`: an edition that opens from a memory stick asks nothing of a network."""

import re
from pathlib import Path

import pytest

from docs import site

FROM_ELSEWHERE = re.compile(r"<(?:script|link|iframe)\b|<img[^>]+src=\"(?!data:)|@import|url\(")


@pytest.fixture(scope="module")
def edition(tmp_path_factory) -> dict[str, str]:
    """The pages by their file names."""
    folder = tmp_path_factory.mktemp("site")
    site.main(folder)
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
