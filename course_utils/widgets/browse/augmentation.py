"""Draws of the augmentation: what it makes of one image, and in words."""

from typing import Any

import torch

from ...datasets import Augmentation

DRAWS = 8


def drawn(
    image: torch.Tensor, augmentation: Augmentation, number: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """What the augmentation makes of an image uint8 `(C, H, W)`, at random.

    Returns `DRAWS` images `(DRAWS, H, W, 3)` and what was drawn for each, as `draw` gives it.
    The same number gives the same draws.
    """
    changes = augmentation.draw(DRAWS, torch.Generator().manual_seed(abs(number)))
    pixels = image.permute(1, 2, 0).expand(DRAWS, -1, -1, -1).contiguous()
    return augmentation.apply(pixels, changes).expand(-1, -1, -1, 3), changes


def described(changes: torch.Tensor, padding: int) -> list[dict[str, Any]]:
    """What each draw did, for a page: in signs and in words. changes: as `drawn` returns them."""
    return [_described(padding, *change) for change in changes.T.tolist()]


def _described(padding: int, down: int, right: int, flip: int, degrees: int) -> dict[str, Any]:
    moved = [
        *_moved(padding - down, "↓ down", "↑ up"),
        *_moved(padding - right, "→ right", "← left"),
    ]
    turned = _moved(degrees, "↺ left", "↻ right")
    signs = [f"{sign}{by}" for by, sign, _ in moved] or ["not moved"]
    signs += [f"{sign}{by}°" for by, sign, _ in turned]
    words = ", ".join(f"{by} {word}" for by, _, word in moved)
    words = f"moved {words}" if words else "not moved"
    words += "".join(f", turned {by}° to the {word}" for by, _, word in turned)
    return {
        "signs": " ".join(signs),
        "mirrored": bool(flip),
        "words": f"{words}, then mirrored" if flip else words,
    }


def _moved(by: int, forth: str, back: str) -> list[tuple[int, str, str]]:
    """[(pixels, sign, word)] of a move in one direction; none if it is 0."""
    sign, word = (forth if by > 0 else back).split()
    return [(abs(by), sign, word)] if by else []
