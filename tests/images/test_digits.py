"""as_digit(): a digit on a page of one's own becomes one that LeNet can read."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from course_utils import CourseError, classify, load_digits, load_network, open_image
from course_utils.images import as_digit


def page(digit: Image.Image, dark_ink: bool, seed: int) -> Image.Image:
    """A digit somewhere on a page of 480 × 640, lit from one side, with noise."""
    rng = np.random.default_rng(seed)
    paper = np.linspace(-25, 25, 640)[None] + rng.normal(0, 4, (480, 640))
    y, x = rng.integers(10, 190), rng.integers(10, 350)
    large = digit.resize((280, 280), Image.Resampling.BICUBIC)
    paper[y : y + 280, x : x + 280] += np.asarray(large) / 255 * (-130 if dark_ink else 130)
    return Image.fromarray((paper + (200 if dark_ink else 60)).clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize("dark_ink", [True, False])
def test_digits_on_a_page_are_read(dark_ink):
    network, data = load_network("lenet"), load_digits("test")
    right = 0
    for i in range(60):
        image, label = data[i]
        said, _ = classify(network, as_digit(page(image, dark_ink, i)), 1)[0]
        right += said == str(label)
    assert right >= 58


@pytest.mark.parametrize("name", ["three", "four", "seven"])
def test_a_digit_of_mnist_stays_as_it_is_but_for_rounding(name):
    before, after = np.asarray(open_image(name).convert("L")), np.asarray(as_digit(name))
    assert after.shape == (28, 28)
    moves = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]  # a pixel at most
    moved = [np.roll(after, move, (0, 1)) for move in moves]
    assert max(np.corrcoef(before.ravel(), each.ravel())[0, 1] for each in moved) > 0.95
    assert classify(load_network("lenet"), as_digit(name), 1)[0][1] > 0.99


def test_thin_strokes_of_a_pen_are_strong_enough():
    image = Image.new("RGB", (800, 1000), "white")
    strokes = [(200, 200), (600, 200), (350, 800)]
    ImageDraw.Draw(image).line(strokes, fill="black", width=8)
    assert classify(load_network("lenet"), as_digit(image), 1)[0][0] == "7"


def test_an_empty_page_is_told():
    with pytest.raises(CourseError, match="There is no digit to be seen"):
        as_digit(Image.new("L", (300, 300), 250))
