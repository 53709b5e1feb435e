"""A data set of labelled images: arrays of bytes on the disk, opened memory-mapped."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset

from ..errors import demand, nearest
from ..images import CIFAR10, DIGITS, Preprocessing
from .augmentation import CROP_AND_MIRROR, SHIFT_AND_ROTATE, Augmentation
from .batches import Batches

SPLITS = {"train": "training", "test": "test"}
OWN = "own"  # the split of what somebody made
Transform = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Kind:
    """What images have in common. shape: height, width and channels, as they are stored."""

    shape: tuple[int, int, int]
    preprocessing: Preprocessing
    augmentation: Augmentation


KINDS = {  # by the name that the stamp.json of a folder gives
    "cifar10": Kind((32, 32, 3), CIFAR10, CROP_AND_MIRROR),
    "digits": Kind((28, 28, 1), DIGITS, SHIFT_AND_ROTATE),
}


def _kind(said: str | dict[str, Any]) -> Kind:
    """By its name, or of a folder of one's own: what `Preprocessing` is made of."""
    if isinstance(said, str):
        return KINDS[said]
    mean, std = tuple(said["mean"]), tuple(said["std"])
    form = Preprocessing(said["resize"], said["crop"], mean, std)
    side, colour = form.resize, form.channels == 3
    augmentation = Augmentation(shift=side // 8, mirror=colour, rotation=0 if colour else 10)
    return Kind((side, side, form.channels), form, augmentation)


class ImageDataset(Dataset[tuple[Any, int]]):
    """Images and labels; `data[i]` is (image, label), as in torchvision.

    images: uint8 `(N, C, H, W)`, values 0..255, in channels-last memory order. They are mapped
        from the disk; what one changes in them changes in this process only.
    labels: int64 `(N,)`. classes: the name of each label. split: "train", "test" or "own".
    source: "official", "copy", "stand-in" or "made". title: what this is, in words. licence: of
        the images. files: their paths, for `image_folder()`; else ().
    preprocessing: what a network of the course expects of them. augmentation: what may happen to
        them in training.
    """

    def __init__(self, folder: Path, split: str, transform: Transform = None) -> None:
        self.folder, self.split, self.transform = Path(folder), split, transform
        stamp = json.loads((self.folder / "stamp.json").read_text())
        self.source, self.classes = stamp["source"], tuple(stamp["classes"])
        self.licence = stamp.get("licence", "none stated")
        self.files = tuple(Path(stamp["folder"]) / name for name, *_ in stamp.get("files", ()))
        kind = _kind(stamp.get("kind", "cifar10"))
        self.preprocessing, self.augmentation = kind.preprocessing, kind.augmentation
        # mode "c": a page that is written to is copied first, so the file cannot change
        pixels = np.memmap(self.folder / f"{split}-images.bin", np.uint8, "c")
        labels = np.memmap(self.folder / f"{split}-labels.bin", "<i8", "c")
        self.images = torch.from_numpy(pixels).view(-1, *kind.shape).permute(0, 3, 1, 2)
        self.labels = torch.from_numpy(labels)
        self.title = f"{stamp['name']}, {len(labels):,} {SPLITS.get(split, split)} images"

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, i: int) -> tuple[Any, int]:
        """The image, a PIL image unless `transform` makes something else of it, and its label."""
        pixels = self.images[i].permute(1, 2, 0).numpy()
        image = Image.fromarray(pixels if pixels.shape[2] == 3 else pixels[:, :, 0])
        return (self.transform(image) if self.transform else image), int(self.labels[i])

    def batches(self, batch_size: int, **settings: Any) -> Batches:
        """Batches `(B, C, H, W)` and labels `(B,)`, many times as fast as a DataLoader.

        settings: shuffle, augment, generator, preprocessing, indices, share: see `Batches`.
        """
        own: dict[str, Any] = {
            "preprocessing": self.preprocessing,
            "augmentation": self.augmentation,
        }
        return Batches(self.images, self.labels, batch_size, **own | settings)

    def __repr__(self) -> str:
        return self.title

    def __reduce__(self) -> tuple[Any, ...]:
        # A worker of a DataLoader gets the folder's name, not 150 MB of pixels.
        return type(self), (self.folder, self.split, self.transform)


def check_known(who: str, what: str, value: str, known: Iterable[str]) -> None:
    """Raise `CourseError` if the function `who` has no split or source of that name."""
    known = tuple(known)
    names = ", ".join(map(repr, known))
    said = f"{who} has no {what} {value!r}.{nearest(value, known)} There are {names}."
    demand(value in known, said)
