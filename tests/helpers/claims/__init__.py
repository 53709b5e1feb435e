"""The table of claims: each sentence of a lesson that says why, and what could have refuted it.

A file for each lesson holds its claims:

    @claim("One pixel to the right moves the map", control="torch.equal(moved", spread="exact")
    def equivariance(seed):
        ...
        assert torch.equal(moved, expected)

`tests/lessons/test_claims.py` finds the sentence and its control in the lesson;
`tests/slow/test_claims.py` computes each claim anew, with three seeds that the lesson does not use.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

EXACT = "exact"


@dataclass(frozen=True)
class Claim:
    """A causal claim of a lesson.

    lesson: "01". sentence: words of its text, as they stand there, Markdown included.
    control: a piece of the source of the code cell that could have refuted it.
    spread: how far the runs of different seeds lie apart, in words; EXACT: nothing is random.
    holds: computes it anew with a seed; an AssertionError refutes it.
    """

    lesson: str
    sentence: str
    control: str
    spread: str
    holds: Callable[[int], None]


CLAIMS: list[Claim] = []


def claim(sentence: str, control: str, spread: str = EXACT) -> Callable:
    """Put a function into the table; its file says of which lesson."""

    def add(holds: Callable[[int], None]) -> Callable[[int], None]:
        number = int(holds.__module__.rpartition("_")[2])
        CLAIMS.append(Claim(f"{number:02}", sentence, control, spread, holds))
        return holds

    return add


for _number in range(1, 10):
    importlib.import_module(f"{__name__}.lesson_{_number}")
