"""The kernels do what their names say; what PyTorch refuses is said."""

import itertools

import pytest
import torch
from torch.nn import functional as F

from course_utils import CourseError
from course_utils.widgets.convolve.convolution import KERNELS, check_settings, kernel_weights


def test_settings_are_refused_where_pytorch_refuses_them():
    tried = itertools.product((7, 10), (1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2, 4))
    for side, kernel, stride, padding, dilation in tried:
        x, w = torch.zeros(1, 1, side, 20), torch.zeros(1, 1, kernel, 1)
        settings = ((side, 20), (kernel, 1), stride, padding, dilation)
        try:
            F.conv2d(x, w, None, stride, padding, dilation)
        except RuntimeError:
            with pytest.raises(CourseError, match="Choose a smaller kernel"):
                check_settings(*settings)
        else:
            check_settings(*settings)


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        *[((0, 0, 1), "stride is 0"), ((1, -1, 1), "padding is -1"), ((1, 0, 0), "dilation is 0")],
        *[((12, 0, 1), "stride is 12; choose 1 to 8"), ((1, 0, 5), "dilation is 5")],
    ],
)
def test_what_cannot_be_is_said(numbers, word):
    with pytest.raises(CourseError, match=word):
        check_settings((10, 10), (3, 3), *numbers)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", [name for name, kernel in KERNELS.items() if not kernel.planes])
def test_sums_of_weights(name, channels):
    """1 for what leaves an image as bright as it was, 0 for what sees no difference in grey."""
    for side in KERNELS[name].sides:
        weights = kernel_weights(name, side, channels)
        assert weights.shape[1:] == (channels, side, side)
        expected = 1.0 if KERNELS[name].keeps else 0.0
        sums = weights.sum((1, 2, 3))
        assert torch.allclose(sums, torch.full_like(sums, expected))


def test_the_kernels_that_everyone_knows():
    assert kernel_weights("vertical edges")[0, 0].tolist() == [[-1, 0, 1]] * 3
    assert kernel_weights("horizontal edges")[0, 0].tolist() == [[-1] * 3, [0] * 3, [1] * 3]
    assert kernel_weights("laplace")[0, 0].tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    assert kernel_weights("sharpen")[0, 0].tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert (16 * kernel_weights("gaussian"))[0, 0].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert kernel_weights("how red", 1, 3).flatten().tolist() == [1, -0.5, -0.5]


def test_each_edge_kernel_finds_its_edge_best():
    ramp = torch.arange(9.0, dtype=torch.float64)
    images = {
        "vertical edges": (ramp > 4).double().expand(9, 9),
        "horizontal edges": (ramp > 4).double().expand(9, 9).T,
        "rising edges": (ramp[:, None] + ramp > 8).double(),  # the edge itself runs like ╱
        "falling edges": (ramp[:, None] - ramp > 0).double(),
    }
    names = KERNELS["edges"].maps
    for name, image in images.items():
        answers = F.conv2d(image[None, None], kernel_weights("edges"))[0, :, 3, 3]
        assert names[int(answers.abs().argmax())] == name


def test_unknown_kernels_and_sides_are_said():
    with pytest.raises(CourseError, match="Did you mean 'sharpen'"):
        kernel_weights("sharpn")
    with pytest.raises(CourseError, match="does not come in 4 × 4"):
        kernel_weights("laplace", 4)
    with pytest.raises(CourseError, match="give it 3 channels"):
        kernel_weights("how red", 1, 1)
