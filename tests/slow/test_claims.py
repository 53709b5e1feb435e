"""Every claim of the lessons holds with three seeds that the lessons do not use."""

import pytest

from tests.helpers.claims import CLAIMS, EXACT

RUNS = [(one, seed) for one in CLAIMS for seed in ((0,) if one.spread == EXACT else (11, 12, 13))]


@pytest.mark.parametrize(
    ("claim", "seed"), RUNS, ids=[f"{c.lesson}-{c.holds.__name__}-{seed}" for c, seed in RUNS]
)
def test_holds(claim, seed):
    claim.holds(seed)
