"""Batches: the same numbers as torchvision's transforms give, and the same chances."""

import hashlib

import pytest
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional

from course_utils.datasets.augmentation import CROP_AND_MIRROR, crop, mirror
from course_utils.datasets.batches import Batches, cutout, middle
from course_utils.images import CIFAR10, CIFAR10_MEAN, CIFAR10_STD, IMAGENET


def images(count: int, seed: int = 0) -> torch.Tensor:
    """Random images, uint8 `(count, 3, 32, 32)` in channels-last order."""
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.randint(0, 256, (count, 32, 32, 3), dtype=torch.uint8, generator=generator)
    return pixels.permute(0, 3, 1, 2)


IMAGES, LABELS = images(100), torch.arange(100)


def batches(size: int = 32, seed: int = 0, **settings) -> Batches:
    generator = torch.Generator().manual_seed(seed)
    return Batches(IMAGES, LABELS, size, generator=generator, **settings)


def augmented(pixels: torch.Tensor, seed: int = 0) -> torch.Tensor:
    """uint8 `(N, H, W, 3)` as CIFAR-10 is augmented."""
    changes = CROP_AND_MIRROR.draw(len(pixels), torch.Generator().manual_seed(seed))
    return CROP_AND_MIRROR.apply(pixels, changes)


# --- a pass --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 32, 100, 1000])
def test_there_are_as_many_batches_as_it_says_and_only_the_last_is_smaller(size):
    found = batches(size)
    sizes = [len(y) for _, y in found]
    assert len(sizes) == len(found)
    assert sum(sizes) == 100
    assert all(n == size for n in sizes[:-1])


def test_a_shuffled_pass_has_every_image_once_with_its_label():
    seen = []
    plain = dict(zip(LABELS.tolist(), next(iter(batches(100)))[0], strict=True))
    for x, y in batches(shuffle=True):
        seen += y.tolist()
        assert all(torch.equal(a, plain[b]) for a, b in zip(x, y.tolist(), strict=True))
    assert seen != sorted(seen)
    assert sorted(seen) == LABELS.tolist()


def test_images_in_another_memory_order_are_put_in_order_once():
    """Otherwise each batch would gather single bytes: a hundred times slower."""
    found = Batches(IMAGES.contiguous(), LABELS, 32)
    assert found.images.is_contiguous(memory_format=torch.channels_last)
    assert all(torch.equal(a, b) for (a, _), (b, _) in zip(found, batches(), strict=True))


def test_batches_are_ready_for_a_network():
    x, y = next(iter(batches(augment=True)))
    assert (x.shape, x.dtype, y.dtype) == ((32, 3, 32, 32), torch.float32, torch.int64)
    assert x.is_contiguous(memory_format=torch.channels_last)


def test_only_the_chosen_images():
    chosen = torch.tensor([90, 5, 17, 5])
    found = batches(3, indices=chosen)
    assert torch.cat([y for _, y in found]).tolist() == chosen.tolist()
    assert (len(found), repr(found)) == (2, "2 batches of 3, from 4 images")


def test_an_empty_set_has_no_batches():
    assert list(Batches(IMAGES[:0], LABELS[:0], 4, shuffle=True, augment=True)) == []


def test_a_batch_of_nothing_is_refused():
    with pytest.raises(ValueError, match="batch_size is 0"):
        batches(0)


def test_images_stay_as_they_are():
    before = IMAGES.clone()
    for x, _ in batches(augment=True, shuffle=True):
        x.zero_()
    assert torch.equal(IMAGES, before)


# --- chance --------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_batches_and_another_one_others():
    first, same, other = (
        torch.cat([x for x, _ in batches(seed=seed, shuffle=True, augment=True)])
        for seed in (1, 1, 2)
    )
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_the_same_seed_gives_the_same_batches_on_any_machine():
    """Which images, shifts and flips: their bytes are known, whatever the processor."""
    pixels = augmented(IMAGES.permute(0, 2, 3, 1), seed=3)
    assert hashlib.sha256(pixels.numpy()).hexdigest().startswith("ccb755680ddad94a")
    order = torch.cat([y for _, y in batches(seed=3, shuffle=True)])
    assert order[:8].tolist() == [86, 42, 89, 92, 3, 20, 22, 48]


@pytest.mark.parametrize("position", [1, 32, 57, 100])
def test_what_is_left_of_a_pass_does_not_depend_on_where_it_is_taken_up(position):
    whole = batches(10, seed=4, shuffle=True, augment=True)
    rest = batches(7, seed=4, shuffle=True, augment=True).starting_at(position)
    x, y = (torch.cat(parts)[position:] for parts in zip(*whole, strict=True))
    left = [*rest]
    assert sum(len(labels) for _, labels in left) == 100 - position
    if left:
        assert torch.equal(torch.cat([pixels for pixels, _ in left]), x)
        assert torch.equal(torch.cat([labels for _, labels in left]), y)


@pytest.mark.parametrize("processes", [2, 3])
def test_shares_are_together_the_batches_of_one(processes):
    """Of 100 images, three processes take 99: nobody may wait for a batch that has no other."""
    settings = {"seed": 4, "shuffle": True, "augment": True}
    one = [*batches(12 * processes, **settings)]
    shares = [batches(12, **settings, share=(i, processes)) for i in range(processes)]
    together = [*zip(*shares, strict=True)]
    assert len(together) == len(one) == len(shares[0])
    for (X, y), parts in zip(one, together, strict=True):
        assert len({len(part) for _, part in parts}) == 1
        for i, (pixels, labels) in enumerate(parts):
            mine = slice(i, len(labels) * processes, processes)
            assert torch.equal(labels, y[mine])
            assert torch.equal(pixels, X[mine])
    assert repr(shares[0]) == f"{len(one)} batches of 12, from {100 // processes} images"


def test_a_share_can_be_taken_up_anywhere_too():
    one, same = (batches(8, seed=4, shuffle=True, augment=True, share=(1, 2)) for _ in range(2))
    x, y = (torch.cat(parts) for parts in zip(*one, strict=True))
    left = [*same.starting_at(24)]
    assert torch.equal(torch.cat([pixels for pixels, _ in left]), x[24:])
    assert torch.equal(torch.cat([labels for _, labels in left]), y[24:])


@pytest.mark.parametrize("padding", [1, 2, 4])
def test_a_number_is_the_most_pixels_that_a_crop_shifts(padding):
    """A single bright pixel in the middle shows how far each image was shifted."""
    dot = torch.zeros(400, 33, 33, 3, dtype=torch.uint8)
    dot[:, 16, 16] = 255
    made = Batches(dot.permute(0, 3, 1, 2), torch.zeros(400).long(), 400, augment=padding)
    x, _ = next(iter(made))
    places = (x[:, 0] == x[:, 0].max()).nonzero()[:, 1:] - 16
    assert (places.min().item(), places.max().item()) == (-padding, padding)


def test_a_second_pass_goes_on_with_the_random_numbers():
    found = batches(shuffle=True, augment=True)
    (first, _), (second, _) = next(iter(found)), next(iter(found))
    assert not torch.equal(first, second)


def test_the_global_random_state_is_left_alone():
    before = torch.get_rng_state()
    list(Batches(IMAGES, LABELS, 32, shuffle=True, augment=True))
    assert torch.equal(before, torch.get_rng_state())


def test_the_number_of_threads_is_left_alone():
    before = torch.get_num_threads()
    for _ in batches(augment=True):
        assert torch.get_num_threads() == before


# --- the same as torchvision ---------------------------------------------------------------------


@pytest.mark.parametrize("preprocessing", [CIFAR10, IMAGENET])
def test_numbers_are_those_of_totensor_and_normalize(preprocessing):
    theirs = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize(preprocessing.mean, preprocessing.std)]
    )
    pixels = IMAGES.permute(0, 2, 3, 1).numpy()
    expected = torch.stack([theirs(Image.fromarray(image)) for image in pixels])
    ours = torch.cat([x for x, _ in batches(preprocessing=preprocessing)])
    assert torch.allclose(ours, expected, atol=2e-6)


@pytest.mark.parametrize("flip", [0, 1])
def test_every_crop_and_flip_is_torchvisions_pixel_by_pixel(flip):
    """All 9 × 9 places a padded image can be cut from, mirrored or not."""
    image = images(1)
    for down in range(9):
        for right in range(9):
            expected = functional.crop(functional.pad(image, [4]), down, right, 32, 32)
            expected = functional.hflip(expected) if flip else expected
            ours = crop(image.permute(0, 2, 3, 1), torch.tensor([down]), torch.tensor([right]), 4)
            ours = mirror(ours, torch.tensor([flip])).permute(0, 3, 1, 2)
            assert torch.equal(ours, expected), (down, right)


COUNT = 16_200  # a hundred for each of the 9 × 9 × 2 possible results
LIMIT = 260.0  # of chi-square with 161 degrees of freedom: chance exceeds it once in a million


def results(augmented: torch.Tensor) -> torch.Tensor:
    """How often each (down, right, flip) made `(N, 3, 32, 32)` from the image `numbered`."""
    inside = augmented[:, 0, 16, :] * (augmented[:, 1, 16, :] > 0)  # column number, 0 in the border
    flip = (inside[:, 15] > inside[:, 16]).long()
    column = torch.where(flip == 1, augmented[:, 0, 16, 31 - 16], augmented[:, 0, 16, 16]).long()
    right, down = column - 1 - 16 + 4, augmented[:, 1, 16, 16].long() - 1 - 16 + 4
    return torch.bincount((down * 9 + right) * 2 + flip, minlength=162)


def numbered() -> torch.Tensor:
    """An image whose pixels say where they are: 1 + column, 1 + row, 0."""
    row, column = torch.meshgrid(torch.arange(1, 33), torch.arange(1, 33), indexing="ij")
    return torch.stack([column, row, torch.zeros_like(row)]).to(torch.uint8)


def test_crops_and_flips_are_as_likely_as_torchvisions():
    """All 162 results are equally likely in both, by the chi-square test with fixed seeds."""
    same = numbered().permute(1, 2, 0).expand(COUNT, -1, -1, -1).contiguous()
    ours = results(augmented(same).permute(0, 3, 1, 2))
    theirs = results(torchvision_augmented(numbered(), COUNT))
    for counts in (ours, theirs):
        assert len(counts) == 162
        assert float(((counts - 100) ** 2 / 100).sum()) < LIMIT
    both = ((ours - theirs) ** 2 / (ours + theirs)).sum()
    assert float(both) < LIMIT


def test_the_chi_square_test_would_notice_a_crop_that_never_reaches_the_edge():
    generator = torch.Generator().manual_seed(0)
    counts = torch.bincount(torch.randint(0, 128, (COUNT,), generator=generator), minlength=162)
    assert float(((counts - 100) ** 2 / 100).sum()) > 10 * LIMIT


def torchvision_augmented(image: torch.Tensor, count: int) -> torch.Tensor:
    random = transforms.Compose(
        [transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip()]
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return torch.stack([random(image) for _ in range(count)])


def test_neighbouring_images_are_augmented_independently():
    """Shift and flip of an image say nothing about those of the next one."""
    same = numbered().permute(1, 2, 0).expand(4000, -1, -1, -1).contiguous()
    out = augmented(same)
    row = out[:, 16, 16, 1].float()
    pairs = torch.stack([row[:-1], row[1:]])
    assert abs(float(torch.corrcoef(pairs)[0, 1])) < 0.05


def test_mean_and_std_of_cifar10_are_not_the_often_copied_ones():
    assert (CIFAR10.mean, CIFAR10.std) == (CIFAR10_MEAN, CIFAR10_STD)
    assert CIFAR10_STD == (0.2470, 0.2435, 0.2616)


# --- for training only ---------------------------------------------------------------------------


def test_the_middle_of_images_by_hand():
    X = torch.arange(36.0).view(1, 1, 6, 6)
    assert middle(X, 2).flatten().tolist() == [14, 15, 20, 21]
    assert torch.equal(middle(X, 6), X)


def test_the_squares_that_cutout_blots_out():
    """Each of 3 × 3 or less, where it reaches over the border; another in each image, all hit."""
    X = torch.ones(500, 2, 8, 8)
    out = cutout(X, 3, torch.Generator().manual_seed(0))
    holes = (out == 0).any(dim=1)
    assert torch.equal(out[:, 0], out[:, 1]), "all channels of a pixel"
    for of_lines in (holes.any(dim=1), holes.any(dim=2)):
        assert {*of_lines.sum(dim=1).tolist()} == {2, 3}
    assert torch.equal(
        holes.sum(dim=(1, 2)), holes.any(dim=1).sum(dim=1) * holes.any(dim=2).sum(dim=1)
    )
    assert holes.any(dim=0).all()
    assert len(holes.flatten(1).unique(dim=0)) == 64, "one for each pixel that can be its centre"
    assert (X == 1).all()
