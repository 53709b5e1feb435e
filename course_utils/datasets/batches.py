"""Whole batches at once: the fast way from stored images to what a network takes.

A `DataLoader` crops, mirrors and normalises one image at a time, in Python. Here each step is one
operation on the whole batch; `make bench` prints how much faster that is.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch

from ..images import CIFAR10, Preprocessing
from .augmentation import CROP_AND_MIRROR, Augmentation, bordered, take

BLOCK = 256 * 32 * 32  # pixels made at once: small batches then cost no more than large ones


class Batches:
    """One epoch of a set of images each time it is iterated: `for x, y in batches`.

    x: float32 `(B, C, H, W)`, normalised, in channels-last memory order; y: int64 `(B,)`.
    images: uint8 `(N, C, H, W)`; in another than channels-last memory order they are copied once.
    labels: int64 `(N,)`.
    shuffle: a new order in every epoch.
    augment: whether images are changed at random, as `augmentation` says; a number in place of
        True is the most pixels that they are shifted.
    generator: where the random numbers come from (one with seed 0 if None). The same seed gives
        the same batches on any machine.
    preprocessing: mean and std of each channel. Where it crops more than it resizes to, as for
        digits (32 of 28), the images get a black border, and H and W are larger.
    indices: int64, which of the N images; None for all of them.
    share: (i, n) is the i-th of n equal shares of an epoch, for n processes that train together.
        With the same seed, their batches together are the batches that one process would make,
        n times as large. A rest of the epoch that n does not divide is left out.
    """

    def __init__(
        self,
        images: torch.Tensor,
        labels: torch.Tensor,
        batch_size: int,
        *,
        shuffle: bool = False,
        augment: bool | int = False,
        generator: torch.Generator | None = None,
        preprocessing: Preprocessing = CIFAR10,
        augmentation: Augmentation = CROP_AND_MIRROR,
        indices: torch.Tensor | None = None,
        share: tuple[int, int] = (0, 1),
    ):
        if batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}; the smallest batch is one image")
        self.images = images.contiguous(memory_format=torch.channels_last)
        self.labels = labels
        self.batch_size, self.shuffle, self.augment = batch_size, shuffle, augment
        own = isinstance(augment, bool)
        self.augmentation = augmentation if own else replace(augmentation, shift=augment)
        self.generator = generator or torch.Generator().manual_seed(0)
        self.indices = torch.arange(len(labels)) if indices is None else indices
        first, step = share
        self.count = len(self.indices) // step  # images of an epoch
        self.share = slice(first, self.count * step, step)
        self.border = max(0, (preprocessing.crop - preprocessing.resize) // 2)
        self.scale_and_shift = scale_and_shift(preprocessing, images.shape[-1] + 2 * self.border)

    def __len__(self) -> int:
        """How many batches an epoch has."""
        return math.ceil(self.count / self.batch_size)

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        return self.starting_at(0)

    def starting_at(self, position: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """One epoch without its first `position` images, which have been seen already.

        All random numbers of an epoch are drawn before its first batch. So, from a generator in the
        same state, what is left of an epoch does not depend on where it is resumed.
        """
        order = self.indices
        if self.shuffle:
            order = order[torch.randperm(len(order), generator=self.generator)]
        changes = None
        if self.augment:
            changes = self.augmentation.draw(len(order), self.generator)[:, self.share]
        order = order[self.share]
        pixels = self.batch_size * self.images.shape[-2:].numel()
        block = self.batch_size * max(1, BLOCK // pixels)
        for start in range(position, len(order), block):
            part = slice(start, start + block)
            x, y = self._block(order[part], None if changes is None else changes[:, part])
            yield from zip(x.split(self.batch_size), y.split(self.batch_size), strict=True)

    def _block(
        self, chosen: torch.Tensor, changes: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """x and y of the images at the indices `chosen`."""
        with one_thread():
            pixels = take(self.images.permute(0, 2, 3, 1), chosen)
            if self.border:
                pixels = bordered(pixels, self.border)
            if changes is not None:
                pixels = self.augmentation.apply(pixels, changes)
            return normalize(pixels, *self.scale_and_shift), self.labels[chosen]

    def __repr__(self) -> str:
        return f"{len(self)} batches of {self.batch_size}, from {self.count:,} images"


@contextmanager
def one_thread() -> Iterator[None]:
    """Without threads: in steps this short they would mostly wait for one another."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def middle(X: torch.Tensor, side: int) -> torch.Tensor:
    """`(N, C, side, side)`: the middle of the images X `(N, C, H, W)`."""
    top, left = ((length - side) // 2 for length in X.shape[2:])
    return X[:, :, top : top + side, left : left + side]


def cutout(X: torch.Tensor, side: int, generator: torch.Generator) -> torch.Tensor:
    """X `(N, C, H, W)` with a square set to 0 in each image: after normalising, the mean colour.

    Its centre is anywhere in the image, so it may reach over the border by half of its side.
    generator: of the processor; says where.
    """
    masks = []
    for length in X.shape[2:]:
        start = torch.randint(length, (len(X), 1), generator=generator) - side // 2
        places = torch.arange(length)
        masks.append(((places >= start) & (places < start + side)).to(X.device))
    down, right = masks
    return X.masked_fill((down[:, :, None] & right[:, None, :])[:, None], 0.0)


def scale_and_shift(preprocessing: Preprocessing, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    """What `normalize` multiplies by and adds: float32 `(width × C,)`, for a row of pixels."""
    mean, std = torch.tensor(preprocessing.mean), torch.tensor(preprocessing.std)
    return (1 / (255 * std)).repeat(width), (-mean / std).repeat(width)


def normalize(pixels: torch.Tensor, scale: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
    """uint8 `(B, H, W, C)` -> float32 `(B, C, H, W)`: (value / 255 − mean) / std.

    As one multiplication and one addition, `value × scale + shift`, over long rows of numbers.
    """
    rows = pixels.flatten(2).float()
    torch.addcmul(shift, rows, scale, out=rows)
    return rows.view(pixels.shape).permute(0, 3, 1, 2)
