"""Augmentation: each training image a little different every time it is seen.

The whole batch at once, on bytes `(B, H, W, C)` as they are stored.
"""

import math
from dataclasses import dataclass

import torch
from torch.nn import functional as F


@dataclass(frozen=True)
class Augmentation:
    """What may happen to an image at random, so that it is still an image of its class.

    shift: the most pixels that it moves, in each direction; what comes in is black.
    mirror: whether half of the images are mirrored, left to right.
    rotation: the most degrees that it turns, either way.
    """

    shift: int
    mirror: bool = False
    rotation: int = 0

    def draw(self, count: int, generator: torch.Generator) -> torch.Tensor:
        """What shall happen to each of `count` images: int64 `(4, count)`.

        Row 0 and 1: the corner of the crop, 0 .. 2 × shift; row 2: 1 to mirror, 0 not to; row 3:
        degrees, counterclockwise.
        """
        nothing = torch.zeros(1, count, dtype=torch.int64)
        size, most = (1, count), self.rotation
        corners = torch.randint(0, 2 * self.shift + 1, (2, count), generator=generator)
        flip = torch.randint(0, 2, size, generator=generator) if self.mirror else nothing
        turn = torch.randint(-most, most + 1, size, generator=generator) if most else nothing
        return torch.cat([corners, flip, turn])

    def apply(self, pixels: torch.Tensor, changes: torch.Tensor) -> torch.Tensor:
        """Images uint8 `(B, H, W, C)`, changed as drawn."""
        down, right, flip, degrees = changes
        pixels = crop(pixels, down, right, self.shift)
        if self.mirror:
            pixels = mirror(pixels, flip)
        return rotate(pixels, degrees) if self.rotation else pixels


# As torchvision's RandomCrop(32, padding=4) and RandomHorizontalFlip() do it.
CROP_AND_MIRROR = Augmentation(shift=4, mirror=True)
# A digit that is mirrored is none, or another one; handwriting is slanted in many ways.
SHIFT_AND_ROTATE = Augmentation(shift=2, rotation=10)


def take(pixels: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """`pixels[chosen]` for `(N, H, W, C)`; index_select copies whole rows, 18 times as fast."""
    return pixels.flatten(1).index_select(0, chosen).view(-1, *pixels.shape[1:])


def mirror(pixels: torch.Tensor, flip: torch.Tensor) -> torch.Tensor:
    """Mirror, left to right, those of `(B, H, W, C)` whose `flip` (int64, 0 or 1) is 1."""
    n = len(pixels)
    return take(torch.cat([pixels, pixels.flip(2)]), torch.arange(n) + n * flip)


def crop(
    pixels: torch.Tensor, down: torch.Tensor, right: torch.Tensor, padding: int
) -> torch.Tensor:
    """From `(B, H, W, C)` with a black border, cut H × W again, `down` and `right` of its corner.

    down, right: int64 `(B,)`, 0 .. 2 × padding; padding gives the image itself.
    """
    n, height, width, channels = pixels.shape
    padded = bordered(pixels, padding)
    # A row of a crop is `width` neighbouring pixels in memory. All such rows, one for each pixel
    # that one can start at, are a view; the crops are a choice of them.
    rows = padded.view(-1).unfold(0, width * channels, channels)
    top = torch.arange(n) * padded.shape[1] + down
    first = (top[:, None] + torch.arange(height)) * padded.shape[2] + right[:, None]
    return rows.index_select(0, first.view(-1)).view_as(pixels)


def bordered(pixels: torch.Tensor, border: int) -> torch.Tensor:
    """`(B, H + 2 × border, W + 2 × border, C)`: with black pixels around each of `(B, H, W, C)`."""
    n, height, width, channels = pixels.shape
    padded = pixels.new_zeros(n, height + 2 * border, width + 2 * border, channels)
    padded[:, border : border + height, border : border + width] = pixels
    return padded


def rotate(pixels: torch.Tensor, degrees: torch.Tensor) -> torch.Tensor:
    """Turn each of uint8 `(B, H, W, C)`, H = W, about its centre, bilinear; corners become black.

    degrees: int64 `(B,)`, counterclockwise.
    """
    angles = degrees * (math.pi / 180)
    cos, sin, zero = angles.cos(), angles.sin(), torch.zeros(len(angles))
    # For each pixel of the result, where in the image it comes from: y points down.
    rows = torch.stack([cos, -sin, zero, sin, cos, zero], dim=1).view(-1, 2, 3)
    x = pixels.permute(0, 3, 1, 2).float()
    grid = F.affine_grid(rows, list(x.shape), align_corners=False)
    turned = F.grid_sample(x, grid, align_corners=False)
    return turned.round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()
