"""What one sees of a network while it learns: kernels, feature maps, mistakes, ready to be sent."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from matplotlib import colormaps
from torch import nn

from ...figures import percent, style
from ...images import Preprocessing, to_image
from ...networks import activations, device_of, predicting
from ...training import Evaluation
from ..shared.maps import across, as_maps, gap, levels, times

Message = tuple[dict[str, Any], list[bytes]]  # what there is to say, and the pixels
WORST = 8  # mistakes that are shown
ROWS, COLUMNS = 8, 16  # kernels and their input channels that are shown


def inside(
    network: nn.Module, layer: tuple[str, nn.Module], x: torch.Tensor, classes: Sequence[str]
) -> Message:
    """Kernels of a layer `(name, module)` and what it makes of an image x `(1, C, H, W)`.

    Pixels: maps as 0..255 on the scale of `levels`; kernels, if it has any.
    """
    seen = activations(network, x.to(device_of(network)))
    maps = np.nan_to_num(as_maps(seen[layer[0]][0].cpu()), posinf=0, neginf=0)
    logits = seen[next(reversed(seen))][0].float().cpu()
    kernels, buffers = _kernels(layer[1])
    content = {
        "layer": layer[0],
        "layers": [{"name": n, "text": f"{n} · {times(v.shape[1:])}"} for n, v in seen.items()],
        "maps": {
            "shape": maps.shape,
            "across": across(len(maps), maps.shape[1:]),
            "gap": gap(maps.shape[2]),
            "low": float(maps.min()),
            "high": float(maps.max()),
        },
        "kernels": kernels,
        "said": _answer(logits, classes),
    }
    return content, [levels(maps).tobytes(), *buffers]


def _answer(logits: torch.Tensor, classes: Sequence[str]) -> str:
    """The best class with its probability; "" if the logits are not of these classes."""
    if logits.shape != (len(classes),) or not logits.isfinite().all():
        return ""
    best = int(logits.argmax())
    return f"{classes[best]}, {percent(float(logits.softmax(0)[best]))}"


def _kernels(module: nn.Module) -> tuple[dict[str, Any] | None, list[bytes]]:
    """The kernels of a convolution as RGB images; none of another layer.

    Of three channels (R, G, B): a colour image each, mid-grey for zero. Of others: a row for
    each of the first kernels, a column for each of its first input channels, blue below zero,
    white zero, red above.
    """
    if not isinstance(module, nn.Conv2d):
        return None, []
    weight = module.weight.detach().float().cpu().nan_to_num(0, 0, 0).numpy()
    limit = float(np.abs(weight).max()) or 1.0
    shares = (weight / limit + 1) / 2
    coloured = weight.shape[1] == 3
    if coloured:
        tiles, columns = shares.transpose(0, 2, 3, 1), across(len(weight))
    else:
        some = shares[:ROWS, :COLUMNS]
        tiles = colormaps[style.SIGNED](some.reshape(-1, *some.shape[2:]))[..., :3]
        columns = some.shape[1] if some.shape[1] > 1 else across(len(some))
    facts = {"shape": weight.shape, "shown": tiles.shape[:3], "across": columns, "limit": limit}
    return facts, [np.rint(tiles * 255).astype(np.uint8).tobytes()]


def mistakes(
    network: nn.Module, X: torch.Tensor, y: torch.Tensor, classes: Sequence[str]
) -> tuple[dict[str, Any], list[int]]:
    """What the network takes for what, of X `(N, C, H, W)` with the labels y.

    Also returns which images the worst mistakes are: wrong, and the network was surest.
    """
    with predicting(network):
        logits = network(X.to(device_of(network))).float().cpu().nan_to_num(0, 0, 0)
    found = Evaluation(logits.softmax(dim=1), y, 0.0)
    worst = found.worst(WORST).tolist()
    said = found.probabilities[worst].max(dim=1)
    content = {
        "counts": found.confusion().tolist(),
        "right": int((found.predictions == y).sum()),
        "total": len(y),
        "worst": [
            {"label": classes[int(y[i])], "said": classes[k], "share": percent(share)}
            for i, k, share in zip(worst, said.indices.tolist(), said.values.tolist(), strict=True)
        ],
    }
    return content, worst


def rgb(x: torch.Tensor, preprocessing: Preprocessing) -> np.ndarray:
    """Normalised images `(..., C, H, W)` -> uint8 `(..., H, W, 3)`."""
    pixels = to_image(x, preprocessing)
    pixels = pixels.expand(*x.shape[:-3], 3, *x.shape[-2:])
    return np.rint(pixels.movedim(-3, -1).numpy() * 255).astype(np.uint8)
