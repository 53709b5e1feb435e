"""Our steps are torchvision's steps, number by number."""

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import transforms
from torchvision.models import AlexNet_Weights

from course_utils.images.preprocessing import (
    CIFAR10,
    DIGITS,
    IMAGENET,
    center_crop,
    channels_first,
    normalize,
    resize,
    run_steps,
    steps,
    to_image,
    to_input,
    to_tensor,
)


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("width", "height"), [(640, 427), (427, 640), (300, 300), (256, 256), (100, 37), (1920, 1135)]
)
def test_imagenet_preprocessing_equals_torchvisions_preset(width, height):
    image = noise(width, height)
    theirs = AlexNet_Weights.IMAGENET1K_V1.transforms()(image).unsqueeze(0)
    assert torch.allclose(to_input(image, IMAGENET), theirs, atol=1e-6)


@pytest.mark.parametrize("size", [31, 32, 33])
def test_crop_equals_torchvisions_also_where_the_image_is_smaller(size):
    image = noise(size, 32)
    theirs = transforms.CenterCrop(32)(image)
    assert np.array_equal(np.array(center_crop(image, 32)), np.array(theirs))


@pytest.mark.parametrize(("width", "height"), [(1000, 3), (3, 1000), (257, 255)])
def test_resize_gives_torchvisions_size(width, height):
    image = noise(width, height)
    assert resize(image, 32).size == transforms.Resize(32)(image).size


@pytest.mark.parametrize(("width", "height"), [(64, 43), (43, 64), (20, 15)])
@pytest.mark.parametrize("lead", [(), (1,)], ids=["image", "batch"])
def test_resize_and_crop_of_a_tensor_equal_torchvisions(width, height, lead):
    x = to_tensor(noise(width, height)).reshape(*lead, 3, height, width)
    assert torch.allclose(resize(x, 32), transforms.Resize(32)(x), atol=1e-6)
    assert torch.equal(center_crop(x, 32), transforms.CenterCrop(32)(x))


def test_channels_first_keeps_the_values():
    image = noise(5, 4)
    x = channels_first(image)
    assert (x.dtype, x[2, 1, 3].item()) == (torch.float32, np.array(image)[1, 3, 2])
    assert torch.equal(x / 255, to_tensor(image))


def test_to_tensor_scales_and_puts_channels_first():
    image = noise(5, 4)
    x = to_tensor(image)
    assert x.shape == (3, 4, 5)
    assert x.dtype == torch.float32
    assert x[2, 1, 3] == np.array(image)[1, 3, 2] / np.float32(255)


def test_normalize_is_undone_by_to_image():
    x = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    back = to_image(normalize(x, IMAGENET.mean, IMAGENET.std), IMAGENET)
    assert torch.allclose(back, x, atol=1e-6)


def test_run_steps_keeps_the_image_and_every_result_in_order():
    results = run_steps(noise(50, 40), steps(CIFAR10))
    assert [name for name, _ in results] == [
        "image",
        "resize",
        "crop",
        "to tensor",
        "normalize",
        "batch",
    ]
    assert results[1][1].size == (40, 32)
    assert results[2][1].size == (32, 32)
    assert [tuple(x.shape) for _, x in results[3:]] == [(3, 32, 32), (3, 32, 32), (1, 3, 32, 32)]


def test_a_digit_becomes_one_grey_channel_with_a_black_border():
    digit = noise(28, 28).convert("L")
    padded = transforms.Pad(2)(transforms.ToTensor()(digit))
    theirs = transforms.Normalize((0.1307,), (0.3081,))(padded)
    x = to_input(digit.convert("RGB"), DIGITS)
    assert (x.shape, x.dtype) == ((1, 1, 32, 32), torch.float32)
    assert torch.allclose(x[0], theirs, atol=1e-6)
    assert torch.allclose(to_image(x, DIGITS)[0], padded, atol=1e-6)


def test_colours_become_grey_as_in_torchvision():
    image = noise(32, 32)
    grey = transforms.Grayscale()(image)
    assert torch.equal(channels_first(image, channels=1), channels_first(grey)[:1])


def test_the_steps_say_the_shapes_that_they_give():
    assert "(H, W, 3) becomes (3, H, W)" in steps(CIFAR10)[2].explanation
    assert "one grey, (H, W, 3) becomes (1, H, W)" in steps(DIGITS)[2].explanation
