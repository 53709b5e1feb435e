"""What the page of `browse()` shows: a page of images, and what a network predicts for them."""

from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from ...figures import counted
from ..shared.maps import gap
from .predictions import Predictions
from .subsets import Subset

COLUMNS, ROWS = 12, 5
PAGE = COLUMNS * ROWS
SENT = 96  # pixels: the widest image that a page gets


def of_page(subset: Subset, indices: torch.Tensor, page: int, pair: str) -> dict[str, Any]:
    """What is said of the images at `indices`, which one looks through, and of those on a page."""
    data, shown = subset.data, on_page(indices, page)
    labels = [data.classes[label] for label in data.labels[shown]]
    return {
        "title": subset.title,
        "name": subset.split,
        "count": len(indices),
        "pages": pages(indices),
        "columns": COLUMNS,
        "rows": ROWS,
        "gap": gap(small(data.images[:1]).shape[-1]),
        "side": tuple(small(data.images[:1]).shape[-2:]),
        "first": page * PAGE,
        "indices": shown.tolist(),
        "labels": labels,
        "description": _describe(labels, f"{pair}: " if pair else "", subset.words),
    }


def _describe(labels: list[str], pair: str, words: str) -> str:
    """The alternative text of a page, made from what is on it."""
    counts = {name: labels.count(name) for name in dict.fromkeys(labels)}
    each = ", ".join(f"{n} {name}" for name, n in counts.items()) or "none"
    return f"{pair}{counted(len(labels), 'image')} of the {words}: {each}"


def of_predictions(predictions: Predictions | None) -> dict[str, Any]:
    """What is said of a network that predicts, if there is one."""
    if predictions is None:
        return {"line": "", "note": "", "pairs": [], "status": ""}
    return {
        "line": predictions.line,
        "note": predictions.note,
        "status": predictions.status,
        "pairs": [
            {"name": p.name, "text": f"{p.count:,} of {p.of:,}", "share": p.count / p.of}
            for p in (predictions.pairs if predictions.known else [])
        ],
    }


def on_page(indices: torch.Tensor, page: int) -> torch.Tensor:
    """The indices of the images on a page, from 0."""
    return indices[page * PAGE : (page + 1) * PAGE]


def pages(indices: torch.Tensor) -> int:
    """How many pages the images fill; one if there is none."""
    return max(1, -(-len(indices) // PAGE))


def small(images: torch.Tensor) -> torch.Tensor:
    """Images uint8 `(n, C, H, W)`, H = W, no wider than `SENT`: a page of photographs is 12 MB."""
    if images.shape[-1] <= SENT:
        return images
    return F.interpolate(images.float(), (SENT, SENT), mode="area").round().to(torch.uint8)


def rgb(images: torch.Tensor) -> bytes:
    """Images uint8 `(n, 3, H, W)` -> bytes of `small` ones, `(n, H, W, 3)`; grey becomes three."""
    images = small(images).expand(-1, 3, -1, -1)
    return np.ascontiguousarray(images.permute(0, 2, 3, 1).numpy()).tobytes()
