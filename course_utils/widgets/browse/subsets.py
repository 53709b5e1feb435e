"""The images that `browse()` looks through: a part of a data set, or one of its splits."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from ...datasets import LOADERS, SPLITS, ImageDataset
from ...errors import CourseError
from ...training import Evaluation, Part

PART = "part"  # the name of what was given as a `Part`
NEEDED = ("images", "labels", "classes", "preprocessing", "augmentation")


@dataclass(frozen=True, eq=False)
class Subset:
    """The images of `data` at `indices`, int64. name: for a page; title: what they are."""

    name: str
    data: ImageDataset
    indices: torch.Tensor
    title: str

    @cached_property
    def labels(self) -> torch.Tensor:
        """int64, one for each of `indices`."""
        return self.data.labels[self.indices]

    @property
    def split(self) -> str:
        """What one writes before the index of an image: "train" in train[17]."""
        return getattr(self.data, "split", "images")

    @property
    def words(self) -> str:
        """ "test images" """
        return f"{SPLITS[self.split]} images" if self.split in SPLITS else "images"

    @property
    def short_title(self) -> str:
        """What the page calls it: "training (50,000)"."""
        split = SPLITS.get(self.split, "all")
        return f"{'given' if self.name == PART else split} ({len(self.indices):,})"

    def name_of(self, index: int) -> str:
        """An image and its class: "train[17]: cat"."""
        return f"{self.split}[{index}]: {self.data.classes[self.data.labels[index]]}"

    def sample(self, count: int) -> torch.Tensor:
        """At most `count` of the indices, evenly from all of them."""
        step = max(1, -(-len(self.indices) // count))
        return self.indices[::step]


def subsets(data: Any, dataset: str) -> dict[str, Subset]:
    """What one can switch between, by name: what was given, then the other splits of its data.

    data: a data set, a `Part` of one, or the name of a split of `dataset`. Raises `CourseError` if
    it holds no images that can be shown.
    """
    whole, indices = LOADERS[dataset](data) if isinstance(data, str) else data, None
    while isinstance(whole, Part):
        indices = whole.indices if indices is None else whole.indices[indices]
        whole = whole.data
    if not all(hasattr(whole, name) for name in NEEDED):
        raise CourseError(
            f"browse() cannot look through {type(data).__name__}. Give it what load_cifar10() "
            "or image_folder() gives, a Part of that, or the name of a split: 'train' or 'test'."
        )
    found = {} if indices is None else {PART: Subset(PART, whole, indices, repr(data))}
    for name, each in _splits(whole).items():
        title = getattr(each, "title", repr(each))
        found[name] = Subset(name, each, torch.arange(len(each.labels)), title)
    return found


def _splits(data: Any) -> dict[str, Any]:
    """`data` by the name of its split, then the other splits of the same data set."""
    own = {getattr(data, "split", "all"): data}
    paired = isinstance(data, ImageDataset) and data.split in SPLITS
    others = [split for split in SPLITS if split not in own] if paired else []
    return own | {split: ImageDataset(data.folder, split) for split in others}


def held_out(found: dict[str, Subset]) -> Subset:
    """The images that a network is asked about: a part that was given, else the test images."""
    first = next(iter(found.values()))
    return first if first.name == PART else found.get("test", first)


def subset_of(result: Evaluation, found: dict[str, Subset]) -> Subset:
    """The subset that a result is about. Raises `CourseError` if it is about none of them."""
    for subset in found.values():
        if torch.equal(result.labels.cpu(), subset.labels):
            return subset
    raise CourseError(
        f"This result is about {len(result.labels):,} other images than those that are shown. "
        "Give browse() the images that evaluate() got: "
        "browse(test, result=evaluate(network, test))."
    )
