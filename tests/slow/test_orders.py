"""What preprocess() says of any order of steps is what really comes of it."""

import pytest

from tests.helpers.orders import judged


@pytest.mark.parametrize("scales", [False, True])
@pytest.mark.parametrize(
    ("dataset", "name", "size"),
    [
        ("cifar10", "coffee", (60, 48)),
        ("digits", "coffee", (60, 48)),
        ("digits", "seven", (28, 28)),
    ],
)
def test_every_order_gets_the_verdict_that_it_deserves(dataset, name, size, scales):
    judged(dataset, name, size, scales)
