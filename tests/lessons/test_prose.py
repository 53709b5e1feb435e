"""Every number in the text of a lesson is one that a cell of that lesson shows.

A number may instead have a source beside it: a paper with its year, in the same paragraph. Of a
sum done by hand the result must be shown, its steps need not.
"""

import re
from functools import cache
from itertools import pairwise

import pytest

from tests.helpers.lessons import cells, every_lesson, lesson, outputs

NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\w])")
SOURCE = re.compile(
    r"(?:et al\.|[A-Z]\w+)[^.()\n]{0,60}\(?(?:19|20)\d\d\)?|\bpaper\b|torchvision's"
)
# What is no result: code, links, formulas, headings, other lessons and sections, years, counts
# of a list, letters of an answer.
LEFT_OUT = [
    r"(?s:```.*?```)",
    r"\]\([^)]*\)",
    r"^#.*$",
    r"\b(?:[Ll]essons?|[Ss]ections?|[Ss]teps?|Table|Figure|Hint) \d+(?:(?:,| and| to) \d+)*",
    r"\b(?:LeNet|VGG|AlexNet|CIFAR|Lite|EfficientNet-Lite|C|S|F)-?\d+\b",
    r"\b(?:1[89]|20)\d\d\b(?!,\d)",
    r"^\d+\. ",
]


@cache
def shown(name: str) -> frozenset[float]:
    """All numbers that the code cells of a lesson hold or show."""
    texts = [cell.source for cell in cells(name, "code")]
    for output in outputs(name):
        texts.append(output.get("text") or "")
        texts += [str(v) for k, v in output.get("data", {}).items() if k.startswith("text/")]
    text = "\n".join(texts).replace("_", ",")
    return frozenset(value(number) for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text))


def value(number: str) -> float:
    return float(number.replace(",", ""))


def paragraphs(name: str) -> list[str]:
    """The text of a lesson without its head, which is about minutes, and without its exercises.

    The numbers of an exercise are given, not claimed; `check` knows them.
    """
    text = "\n\n".join(texts(name))
    for pattern in LEFT_OUT:
        text = re.sub(pattern, " ", text, flags=re.MULTILINE)
    return [p for p in re.split(r"\n\s*\n", text) if p.strip()]


def texts(name: str) -> list[str]:
    """The Markdown cells after the first, of those before an exercise all but the question."""
    kept = []
    for cell, following in pairwise([*lesson(name).cells[1:], None]):
        if cell.cell_type == "markdown":
            asks = following is not None and "check(" in following.source
            kept.append(
                re.split(r"^#+ Your turn.*$", cell.source, flags=re.M)[0] if asks else cell.source
            )
    return kept


def unshown(name: str, paragraphs: list[str]) -> list[str]:
    """The numbers in some text of a lesson that no cell shows and that no source is given for."""
    missing = []
    for paragraph in paragraphs:
        if SOURCE.search(paragraph):
            continue
        text = re.sub(r"(?<=\d)[\s ](?=\d{3}\b)", "", paragraph)
        by_hand = "**By hand" in text or re.search(r"\$.*\d.*=.*\d.*\$|=\s*\**\d", text)
        numbers = [n for n in NUMBER.findall(text) if not is_shown(n, text, name)]
        if by_hand and numbers:
            last = NUMBER.findall(text)[-1]
            numbers = [last] if last in numbers else []
        missing += [f"{n}: {' '.join(paragraph.split())[:90]}" for n in numbers]
    return missing


def is_shown(number: str, text: str, name: str) -> bool:
    """Whether a cell shows this number; "61 million" also stands for a number that rounds to it."""
    if value(number) in shown(name):
        return True
    unit = re.search(rf"(?<!\d){re.escape(number)} (thousand|million|billion)", text)
    if not unit:
        return False
    digits = len(number.partition(".")[2])
    scale = {"thousand": 1e3, "million": 1e6, "billion": 1e9}[unit[1]]
    return any(round(one / scale, digits) == value(number) for one in shown(name))


@every_lesson
def test_every_number_in_the_text_is_shown_by_a_cell_or_has_a_source(name):
    assert unshown(name, paragraphs(name)) == []


@pytest.mark.parametrize(
    ("text", "number"), [("It has 1,234 parameters.", "1,234"), ("It gets 71.25 % right.", "71.25")]
)
def test_a_number_that_nothing_shows_is_found(text, number):
    """The test above can fail."""
    assert [line.partition(":")[0] for line in unshown("02_lenet", [text])] == [number]
