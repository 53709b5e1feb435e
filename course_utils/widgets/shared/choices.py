"""The networks and the images that a widget offers by name, one's own among them."""

from collections.abc import Hashable
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from torch import nn

from ...images import open_image, sample_images
from ...networks import as_network, find_network, info
from .base import check_choice
from .network_names import load_named, name_of_loaded, network_titles, short_name
from .recent import MEGABYTE, Recent

OWN_IMAGES = 8  # how many images of one's own a widget keeps

_numbers = count()  # for cache keys: an address can be used twice, a number not


def _size(network: nn.Module) -> int:
    return sum(tensor.nbytes for tensor in network.state_dict().values())


# Shared by all widgets of a kernel. Two VGGs do not fit, a VGG and all small networks do.
NETWORKS: Recent[nn.Module] = Recent(600 * MEGABYTE, _size)


class OwnNetwork(NamedTuple):
    """A network that somebody gave to a widget. number: part of its cache key."""

    number: int
    title: str
    module: nn.Module


class NetworkChoices:
    """Networks by name: those of the course, and those that were given to the widget."""

    def __init__(self) -> None:
        self._own: dict[str, OwnNetwork] = {}

    def add(self, network: str | nn.Module, taken: str = "") -> str:
        """Offer a network; its name.

        taken: a name that a network of one's own cannot have. Raises `CourseError` for a name that
        there is not, and for anything but a name or a module.
        """
        if isinstance(network, str):
            return self._checked(short_name(network))
        network = as_network(network)
        known = info(network)
        name = name_of_loaded(known) if hasattr(network, "info") else known.title
        title = known.title
        if name == taken or name in self._own:
            name, title = f"{name} (2)", f"{title} (2), {known.status}"
        self._own = {name: OwnNetwork(next(_numbers), title, network), **self._own}
        return name

    def _checked(self, name: str) -> str:
        if name not in network_titles():
            find_network(name)  # says which there are
        return name

    def name(self, name: str) -> str:
        """The name under which the list has it: a usual variant has two."""
        return name if name in self._own else short_name(name)

    def listed(self) -> list[dict[str, str]]:
        """All of them, one's own first: [{"name": …, "title": …}, …]"""
        own = {name: network.title for name, network in self._own.items()}
        titles = own | {n: title for n, title in network_titles().items() if n not in own}
        return [{"name": name, "title": title} for name, title in titles.items()]

    def key(self, name: str) -> Hashable:
        """A key for what a network computes: its name; of one's own, its state too."""
        if name not in self._own:
            return name
        number, _, network = self._own[name]
        # training changes weights in place, which PyTorch counts
        return number, sum(p._version for p in network.state_dict().values())

    def get(self, name: str) -> nn.Module:
        """The network of a name, loaded if need be."""
        if name in self._own:
            return self._own[name].module
        return NETWORKS.get(name, lambda: load_named(name))


class ImageChoices:
    """Images by name: the samples, and the last `OWN_IMAGES` of one's own."""

    def __init__(self) -> None:
        self._own: dict[str, tuple[int, Image.Image]] = {}

    @property
    def names(self) -> list[str]:
        """All names, the samples first."""
        return [*sample_images(), *self._own]

    def add(self, image: Any) -> str:
        """Offer a sample by its name, or anything that `open_image` takes; its name."""
        if isinstance(image, str) and image in sample_images():
            return image
        return self.add_own(_file_name(image), open_image(image))

    def add_own(self, name: str, image: Image.Image) -> str:
        """Offer an image of one's own; its name, which is never that of a sample."""
        name = f"{name} (yours)" if name in sample_images() else name
        self._own.pop(name, None)
        self._own[name] = next(_numbers), image
        if len(self._own) > OWN_IMAGES:
            del self._own[next(iter(self._own))]
        return name

    def key(self, name: str) -> Hashable:
        """A key for what is computed of an image: its name; of one's own image, its number."""
        return self._own[name][0] if name in self._own else name

    def get(self, name: str) -> Image.Image:
        """The image of a name. Raises `CourseError` if there is none."""
        if name in self._own:
            return self._own[name][1]
        check_choice("image", name, self.names)
        return open_image(name)


def _file_name(image: Any) -> str:
    """What to call an image that is given to a widget: the name of its file, if it has one."""
    if isinstance(image, str | Path):
        return Path(image).name
    return Path(getattr(image, "filename", "") or "your image").name
