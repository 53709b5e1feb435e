"""Looks into the networks of a dashboard: at one layer and one image, and at the mistakes."""

from typing import NamedTuple

import torch
from torch import nn

from ...datasets import LabelledImages
from ...networks import layers
from ..shared.small_images import preprocessing_of
from .inside import Message, inside, mistakes, rgb

FIRST = 1_000  # so many of the validation images one can look at


class Watched(NamedTuple):
    """What one looks into. validation: its images, which may be altered."""

    name: str
    network: nn.Module
    validation: LabelledImages


class Inspector:
    """Looks at the first of the validation images with any network that takes them.

    classes: names of their classes, numbers if the data have no names.
    """

    def __init__(self, validation: LabelledImages) -> None:
        self.validation = validation
        self.preprocessing = preprocessing_of(validation)
        self.forget()
        labels = self._images(validation)[1]
        numbers = map(str, range(int(labels.max()) + 1))
        self.classes = tuple(getattr(validation, "classes", None) or numbers)

    def forget(self) -> None:
        """Forget what is kept of networks and images: there will be others."""
        self._first: dict[LabelledImages, tuple[torch.Tensor, torch.Tensor]] = {}
        self._layers: dict[nn.Module, dict[str, nn.Module]] = {}

    def layers(self, network: nn.Module) -> dict[str, nn.Module]:
        """The layers that one can look into, by name."""
        if network not in self._layers:
            shape = tuple(self._images(self.validation)[0].shape[1:])
            self._layers[network] = {layer.name: layer.module for layer in layers(network, shape)}
        return self._layers[network]

    def inside(self, watched: Watched, layer: str, image: int) -> Message:
        """Kernels and maps of a layer for an image, both the nearest that there are."""
        X, labels = self._images(watched.validation)
        i = min(max(image, 0), len(X) - 1)
        found = self.layers(watched.network)
        layer = layer if layer in found else next(iter(found))
        one = X[i : i + 1]
        content, buffers = inside(watched.network, (layer, found[layer]), one, self.classes)
        whole = self._images(self.validation)[0][i]  # as it is, not altered
        content |= {"kind": "inside", "name": watched.name, "image": i, "images": len(X)}
        content |= {"label": self.classes[int(labels[i])], "side": whole.shape[-2:]}
        return content, [rgb(whole, self.preprocessing).tobytes(), *buffers]

    def mistakes(self, watched: Watched) -> Message:
        """What the network takes for what, and the mistakes that it is surest of."""
        X, labels = self._images(watched.validation)
        content, worst = mistakes(watched.network, X, labels, self.classes)
        whole = self._images(self.validation)[0][worst]
        content |= {"kind": "mistakes", "name": watched.name, "classes": self.classes}
        return content | {"side": whole.shape[-2:]}, [rgb(whole, self.preprocessing).tobytes()]

    def _images(self, validation: LabelledImages) -> tuple[torch.Tensor, torch.Tensor]:
        """The first of the images, and their labels."""
        if validation not in self._first:
            self._first[validation] = next(iter(validation.batches(FIRST)))
        return self._first[validation]
