"""One backbone for many tasks: split off the head of a network, and compare images by features."""

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from ..errors import CourseError
from ..networks import Distance, as_network, info, input_batch, predicting, run

BATCH = 4  # images: small batches are faster on a CPU, because they fit into its cache


class NoHead(nn.Module):
    """Takes the place of the head, and passes the features on as they are."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


def split(network: nn.Module | str) -> tuple[nn.Module, nn.Module]:
    """(backbone, head): the head is the last fully connected layer, the backbone all before it.

    The backbone gives features `(N, D)`, and `head(backbone(x))` is `network(x)`. Both share their
    weights with `network`, which is not changed. Raises `CourseError` if there is no such layer.
    """
    network = as_network(network)
    path = path_of_head(network)
    tensors = [*network.parameters(), *network.buffers()]
    backbone = copy.deepcopy(network, {id(tensor): tensor for tensor in tensors})  # shared, not new
    backbone.set_submodule(path, NoHead())
    return backbone, network.get_submodule(path)


def path_of_head(network: nn.Module) -> str:
    """Where the head is: the path of the last fully connected layer. `CourseError` without one."""
    if _is_backbone(network):
        raise CourseError(
            "This is a backbone already: its head is cut off. Split the whole network."
        )
    linear = [path for path, module in network.named_modules() if isinstance(module, nn.Linear)]
    if linear in ([], [""]) or any(isinstance(m, Distance) for m in network.modules()):
        raise CourseError(
            f"{info(network).title} does not end in a fully connected layer after other layers, "
            "so there is no head to cut off. Take a network that ends in nn.Linear, such as "
            "load_network('efficientnet_lite0')."
        )
    return str(linear[-1])


def _is_backbone(network: nn.Module) -> bool:
    return any(isinstance(module, NoHead) for module in network.modules())


def features(network: nn.Module | str, images: Sequence[Any] | torch.Tensor) -> torch.Tensor:
    """The input of the head of `network` for each image: float32 `(N, D)`.

    network: a whole one or its name, or a backbone from `split`. It is frozen: in eval mode,
        no gradients.
    images: a list of anything `open_image` takes, uint8 images `(N, C, H, W)`, or float32
        `(N, C, H, W)` that is ready for the network.
    Raises `CourseError` if there is no image, or if one does not fit.
    """
    if isinstance(images, str):
        raise CourseError(f"features() takes a list of images: write [{images!r}].")
    if len(images) == 0:
        raise CourseError("There is no image to make features of: the list is empty.")
    network = as_network(network)
    backbone = network if _is_backbone(network) else split(network)[0]
    found = []
    with predicting(backbone):
        for start in range(0, len(images), BATCH):
            x = _batch(network, images[start : start + BATCH])
            found.append(run(backbone, x).flatten(1))
    return torch.cat(found)


def _batch(network: nn.Module, images: Sequence[Any] | torch.Tensor) -> torch.Tensor:
    if isinstance(images, torch.Tensor) and images.is_floating_point():
        return images
    return torch.cat([input_batch(network, image) for image in images])


def similarity(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Cosine similarity of each row of `a` `(N, D)` with each of `b` `(M, D)`: `(N, M)`, −1..1."""
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise CourseError(
            f"Features have the shapes (N, D) and (M, D); these have {tuple(a.shape)} and "
            f"{tuple(b.shape)}. Take both from the same backbone; one alone is a[:1], not a[0]."
        )
    return F.normalize(a.float()) @ F.normalize(b.float()).T
