"""CIFAR-10 as memory-mapped arrays, or a stand-in where there is no data.

The data are converted once to plain arrays of bytes. Opening them then takes milliseconds and no
memory of one's own: all processes of a machine look at the same pages.

COURSE_CIFAR10 names a place to take the data from: a folder, an archive or an https address. If
it is not the official archive, its checksum follows: "/media/stick/cifar.tar.gz#sha256=…" (of a
folder, that of its six batches one after another: `cat data_batch_* test_batch | sha256sum`).
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset

from ..errors import CourseError, nearest
from ..images import CIFAR10, Preprocessing
from .batches import Batches
from .cifar10_store import arrays, verify

SPLITS = {"train": "training", "test": "test"}
SOURCES = ("auto", "official", "standin")


def load_cifar10(
    split: str = "train", source: str = "auto", transform: Callable | None = None
) -> "Cifar10":
    """The training or the test images of CIFAR-10, or of a stand-in: `.title` says which.

    split: "train" or "test".
    source: "official": the real data, downloaded (170 MB) if need be. "standin": images made
        from ten sample photographs. "auto": what COURSE_CIFAR10 names, or the real data if they
        are on this machine, otherwise the stand-in.
    transform: applied to each image that indexing gives, as in torchvision.
    Raises `CourseError` if the data are not to be had, or are not what they should be.
    """
    for what, value, known in (("split", split, SPLITS), ("source", source, SOURCES)):
        if value not in known:
            raise CourseError(
                f"load_cifar10 has no {what} {value!r}.{nearest(value, known)} "
                f"There are {', '.join(map(repr, known))}."
            )
    return Cifar10(arrays(source), split, transform)


class Cifar10(Dataset):
    """Images and labels; `data[i]` is (image, label), as in torchvision.

    images: uint8 `(N, 3, 32, 32)`, values 0..255, in channels-last memory order. They are mapped
        from the disk; what one changes in them changes in this process only.
    labels: int64 `(N,)`. classes: the name of each label. split: "train" or "test".
    source: "official", "standin" or "copy". title: what this is, in words.
    """

    def __init__(self, folder: Path, split: str, transform: Callable | None = None):
        self.folder, self.split, self.transform = Path(folder), split, transform
        stamp = json.loads((self.folder / "stamp.json").read_text())
        self.source, self.classes = stamp["source"], tuple(stamp["classes"])
        self.title = f"{stamp['name']}, {stamp['counts'][split]:,} {SPLITS[split]} images"
        # mode "c": a page that is written to is copied first, so the file cannot change
        pixels = np.memmap(self.folder / f"{split}-images.bin", np.uint8, "c")
        labels = np.memmap(self.folder / f"{split}-labels.bin", "<i8", "c")
        self.images = torch.from_numpy(pixels).view(-1, 32, 32, 3).permute(0, 3, 1, 2)
        self.labels = torch.from_numpy(labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, i: int) -> tuple[object, int]:
        """The image, a PIL image unless `transform` makes something else of it, and its label."""
        image = Image.fromarray(self.images[i].permute(1, 2, 0).numpy())
        return (self.transform(image) if self.transform else image), int(self.labels[i])

    def batches(
        self,
        batch_size: int,
        *,
        shuffle: bool = False,
        augment: bool | int = False,
        generator: torch.Generator | None = None,
        preprocessing: Preprocessing = CIFAR10,
        drop_last: bool = False,
        indices: torch.Tensor | None = None,
        share: tuple[int, int] = (0, 1),
    ) -> Batches:
        """Whole batches `(B, 3, 32, 32)` and labels `(B,)`, many times as fast as a DataLoader.

        The settings are those of `Batches`.
        """
        return Batches(
            self.images,
            self.labels,
            batch_size,
            shuffle=shuffle,
            augment=augment,
            generator=generator,
            preprocessing=preprocessing,
            drop_last=drop_last,
            indices=indices,
            share=share,
        )

    def verify(self) -> None:
        """Compare all bytes with their checksums. Raises `CourseError` if any has changed."""
        verify(self.folder)

    def __repr__(self) -> str:
        return self.title

    def __reduce__(self):
        # A worker of a DataLoader gets the folder's name, not 150 MB of pixels.
        return type(self), (self.folder, self.split, self.transform)
