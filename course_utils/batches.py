"""Whole batches at once: the fast way from stored pictures to what a network takes.

A `DataLoader` crops, flips and normalises one picture at a time, in Python. Here each step is one
operation on the whole batch; `make bench` prints how much faster that is.
"""

from collections.abc import Iterator

import torch

from .preprocessing import CIFAR10, Preprocessing

PADDING = 4  # black pixels around a picture before it is cropped


class Batches:
    """One pass over a set of pictures each time it is iterated: `for x, y in batches`.

    x: float32 `(B, 3, H, W)`, normalised, in channels-last memory order; y: int64 `(B,)`.
    images: uint8 `(N, 3, H, W)` in channels-last memory order. labels: int64 `(N,)`.
    shuffle: a new order in every pass. augment: random crop and flip, as torchvision's
        RandomCrop(H, padding=4) and RandomHorizontalFlip().
    generator: where the random numbers come from (one with seed 0 if None). The same seed gives
        the same batches on any machine.
    drop_last: leave out the last batch if it is smaller than the others.
    """

    def __init__(
        self,
        images: torch.Tensor,
        labels: torch.Tensor,
        batch_size: int,
        *,
        shuffle: bool = False,
        augment: bool = False,
        generator: torch.Generator | None = None,
        preprocessing: Preprocessing = CIFAR10,
        drop_last: bool = False,
    ):
        if batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}; the smallest batch is one picture")
        self.images, self.labels = images, labels
        self.batch_size, self.shuffle, self.augment = batch_size, shuffle, augment
        self.generator = generator or torch.Generator().manual_seed(0)
        self.preprocessing, self.drop_last = preprocessing, drop_last

    def __len__(self) -> int:
        """How many batches a pass has."""
        whole, rest = divmod(len(self.labels), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        order = torch.arange(len(self.labels))
        if self.shuffle:
            order = torch.randperm(len(order), generator=self.generator)
        for chosen in order.split(self.batch_size)[: len(self)]:
            pixels = take(self.images.permute(0, 2, 3, 1), chosen)
            if self.augment:
                pixels = augment(pixels, self.generator)
            yield normalize(pixels, self.preprocessing), self.labels[chosen]

    def __repr__(self) -> str:
        return f"{len(self)} batches of {self.batch_size}, from {len(self.labels):,} pictures"


def take(pixels: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """`pixels[chosen]` for `(N, H, W, 3)`; index_select copies whole rows, 18 times as fast."""
    return pixels.flatten(1).index_select(0, chosen).view(-1, *pixels.shape[1:])


def augment(pixels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Shift each of `(B, H, W, 3)` by up to PADDING pixels, and mirror it or not, at random."""
    n = len(pixels)
    down, right = torch.randint(0, 2 * PADDING + 1, (2, n), generator=generator)
    flipped = torch.randint(0, 2, (n,), generator=generator).nonzero().flatten()
    pixels = crop(pixels, down, right)
    return pixels.index_copy_(0, flipped, take(pixels, flipped).flip(2))


def crop(pixels: torch.Tensor, down: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """From `(B, H, W, 3)` with a black border, cut H × W again, `down` and `right` of its corner.

    down, right: int64 `(B,)`, 0 .. 2 × PADDING; PADDING gives the picture itself.
    """
    n, height, width, channels = pixels.shape
    padded = pixels.new_zeros(n, height + 2 * PADDING, width + 2 * PADDING, channels)
    padded[:, PADDING:-PADDING, PADDING:-PADDING] = pixels
    # A row of a crop is `width` neighbouring pixels in memory. All such rows, one for each pixel
    # that one can start at, are a view; the crops are a choice of them.
    rows = padded.view(-1).unfold(0, width * channels, channels)
    top = torch.arange(n) * padded.shape[1] + down
    first = (top[:, None] + torch.arange(height)) * padded.shape[2] + right[:, None]
    return rows.index_select(0, first.view(-1)).view_as(pixels)


def normalize(pixels: torch.Tensor, preprocessing: Preprocessing) -> torch.Tensor:
    """uint8 `(B, H, W, 3)` -> float32 `(B, 3, H, W)`: (value / 255 − mean) / std, in one pass."""
    mean, std = torch.tensor(preprocessing.mean), torch.tensor(preprocessing.std)
    rows = pixels.flatten(2).float()  # (B, H, W × 3): long rows make the arithmetic fast
    scale, shift = ((v).repeat(pixels.shape[2]) for v in (1 / (255 * std), -mean / std))
    torch.addcmul(shift, rows, scale, out=rows)
    return rows.view(pixels.shape).permute(0, 3, 1, 2)
