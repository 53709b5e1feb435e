"""Pieces of photographs: no pixel in both splits."""

import numpy as np
import pytest
from PIL import Image

from course_utils.datasets import pieces
from course_utils.images import photograph


@pytest.mark.parametrize("name", pieces.PHOTOGRAPHS)
def test_no_pixel_of_a_photograph_is_in_both_splits(name):
    """Put together, the parts of the two splits are the photograph: so they do not overlap."""
    above, below = (np.array(band) for band in pieces.bands(name, "train"))
    (middle,) = (np.array(band) for band in pieces.bands(name, "test"))
    whole = np.concatenate([above, middle, below])
    assert np.array_equal(whole, np.array(Image.open(photograph(name)).convert("RGB")))
