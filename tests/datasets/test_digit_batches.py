"""Batches of digits: a border, shifts and rotations, the latter as torchvision's."""

import pytest
import torch
from torchvision import transforms
from torchvision.transforms import functional

from course_utils.datasets.augmentation import SHIFT_AND_ROTATE, crop, rotate
from course_utils.datasets.batches import Batches
from course_utils.images import DIGITS


def digits(count: int) -> torch.Tensor:
    """Random grey images with a black edge, uint8 `(count, 1, 28, 28)`, all alike."""
    generator = torch.Generator().manual_seed(5)
    image = torch.zeros(28, 28, 1, dtype=torch.uint8)
    image[6:22, 6:22] = torch.randint(0, 256, (16, 16, 1), dtype=torch.uint8, generator=generator)
    return image.expand(count, -1, -1, -1).contiguous().permute(0, 3, 1, 2)


def digit_batch(count: int, **settings) -> torch.Tensor:
    settings = {"preprocessing": DIGITS, "augmentation": SHIFT_AND_ROTATE} | settings
    (batch,) = Batches(digits(count), torch.zeros(count).long(), count, **settings)
    return batch[0]


def test_digits_get_a_border_of_black_and_are_normalised():
    x = digit_batch(5)
    expected = functional.pad(digits(5).float() / 255, [2])
    assert torch.allclose(x, (expected - 0.1307) / 0.3081, atol=2e-6)
    assert x.is_contiguous(memory_format=torch.channels_last)


def test_augmented_digits_are_turned_and_shifted_and_never_mirrored():
    same = digits(2000).permute(0, 2, 3, 1)
    changes = SHIFT_AND_ROTATE.draw(2000, torch.Generator().manual_seed(0))
    down, right, flip, degrees = changes
    assert {*down.tolist()} == {*right.tolist()} == {0, 1, 2, 3, 4}
    assert {*degrees.tolist()} == {*range(-10, 11)}
    assert not flip.any()
    unturned = SHIFT_AND_ROTATE.apply(same, changes * torch.tensor([[1], [1], [1], [0]]))
    assert torch.equal(unturned, crop(same, down, right, 2))
    assert not torch.equal(digit_batch(50), digit_batch(50, augment=True))


@pytest.mark.parametrize("degrees", [-10, -3, 0, 7, 10])
def test_images_turn_as_torchvision_turns_them(degrees):
    generator = torch.Generator().manual_seed(0)
    image = torch.randint(0, 256, (1, 3, 32, 32), dtype=torch.uint8, generator=generator)
    expected = functional.rotate(
        image.float(), degrees, interpolation=transforms.InterpolationMode.BILINEAR
    )
    ours = rotate(image.permute(0, 2, 3, 1), torch.tensor([degrees])).permute(0, 3, 1, 2)
    # At the very edge torchvision's corner pixels are all or nothing.
    inside = (slice(None), slice(None), slice(2, 30), slice(2, 30))
    corner = rotate(torch.full((1, 32, 32, 1), 255, dtype=torch.uint8), torch.tensor([degrees]))
    whole = (corner.permute(0, 3, 1, 2) == 255).expand_as(expected)[inside]
    assert (ours[inside] - expected[inside]).abs()[whole].max() <= 1
