"""What a head is worth, measured on images held out in groups."""

import pytest
import torch

from course_utils import CourseError
from course_utils.transfer import always, folds, held_out, wilson


def bursts(classes=2, groups=3, images=4):
    """Features that tell the group, not the class: within a burst all images are alike."""
    generator = torch.Generator().manual_seed(0)
    y = torch.arange(classes).repeat_interleave(groups * images)
    names = [f"burst-{i // images % groups}" for i in range(len(y))]
    centres = torch.randn(classes * groups, 64, generator=generator).repeat_interleave(images, 0)
    return centres + 0.01 * torch.randn(len(y), 64, generator=generator), y, names


def test_a_group_is_never_on_both_sides():
    _, y, groups = bursts(classes=3, groups=7)
    fold = folds(y, groups)
    assert int(fold.max()) == 4
    keys = [*zip(y.tolist(), groups, strict=True)]
    for part in range(5):
        held = {key for key, f in zip(keys, fold.tolist(), strict=True) if f == part}
        kept = {key for key, f in zip(keys, fold.tolist(), strict=True) if f != part}
        assert held & kept == set()
        assert {label for label, _ in kept} == {0, 1, 2}  # every class can be learned


def test_images_of_one_burst_would_flatter():
    """Each image a group of its own: all right, by its likes. Bursts held out: chance."""
    X, y, groups = bursts(groups=10)
    assert held_out(X, y, range(len(y))).accuracy == 1
    assert held_out(X, y, groups).accuracy < 0.9


def test_a_group_counts_once_whatever_its_size():
    y = torch.tensor([0, 0, 0, 0, 1, 1])
    found = always(0, y, ["a", "a", "a", "b", "c", "d"])
    assert (found.accuracy, found.groups) == (0.5, 4)


def test_the_interval_is_wilsons():
    """Values of the formula, as tables of Wilson's interval give them."""
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(1.0, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson(0.0, 5) == pytest.approx((0.0, 0.4345), abs=1e-4)


def test_a_class_of_one_group_cannot_be_held_out():
    with pytest.raises(CourseError, match="give a second one"):
        folds(torch.tensor([0, 0, 1, 1]), ["a", "b", "c", "c"])
