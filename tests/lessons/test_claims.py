"""Each claim of the table stands in its lesson, and so does the cell that could have refuted it."""

import pytest

from tests.helpers.claims import CLAIMS
from tests.helpers.lessons import LESSONS, cells, prose

by_name = pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: f"{c.lesson}-{c.holds.__name__}")


def plain(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


@by_name
def test_the_lesson_says_it_and_tries_it(claim):
    (name,) = [name for name in LESSONS if name.startswith(claim.lesson)]
    assert plain(claim.sentence) in plain(prose(name))
    assert any(claim.control in cell.source for cell in cells(name, "code")), claim.control
