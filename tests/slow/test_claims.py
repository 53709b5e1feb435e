"""Every claim of the lessons holds with three seeds that the lessons do not use."""

import pytest

from tests.helpers.claims import CLAIMS, EXACT

RUNS = [(one, seed) for one in CLAIMS for seed in ((0,) if one.spread == EXACT else (11, 12, 13))]


@pytest.fixture(autouse=True)
def data(real_cifar10, monkeypatch):
    """What the lessons have: CIFAR-10, its stand-in, digits."""
    monkeypatch.setenv("COURSE_DATA", str(real_cifar10.parents[1]))


@pytest.mark.parametrize(
    ("claim", "seed"), RUNS, ids=[f"{c.lesson}-{c.holds.__name__}-{seed}" for c, seed in RUNS]
)
def test_holds(claim, seed):
    claim.holds(seed)
