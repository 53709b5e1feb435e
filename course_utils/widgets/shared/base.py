"""What the widgets share: errors that show, scenes, the still form; a network and an image."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import ClassVar

import anywidget
import ipywidgets
import numpy as np
import torch
import traitlets as t
from matplotlib import colormaps
from PIL import Image
from torch import nn

from ...errors import CourseError, nearest
from ...figures import CourseFigure, percent, style
from ...images import IMAGENET, Preprocessing, open_image, sample_images
from ...networks import REGISTRY, find_network, info, input_channels, layers, top_classes
from . import forms, scenes
from .fallback import with_still

OWN_IMAGES = 8  # how many images of one's own a widget keeps
MEGABYTE = 2**20

_numbers = count()  # for cache keys: an address can be used twice, a number not


class Recent:
    """Keeps the values that were used last, up to `limit` bytes; the last one in any case."""

    def __init__(self, limit: int, size: Callable[[object], int]) -> None:
        self._limit, self._size = limit, size
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.RLock()  # a callback may run beside a cell, in another thread

    def get(self, key: Hashable, make: Callable[[], object]) -> object:
        """The value of `key`, made now if it is not kept."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._total() > self._limit:
                self._kept.popitem(last=False)
            return self._kept[key]

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def _total(self) -> int:
        return sum(map(self._size, self._kept.values()))


def _size(network: nn.Module) -> int:
    return sum(tensor.nbytes for tensor in network.state_dict().values())


# Shared by all widgets of a kernel. Two VGGs do not fit, a VGG and all small networks do.
NETWORKS = Recent(600 * MEGABYTE, _size)


@cache
def colours(name: str = style.FEATURES) -> bytes:
    """A colour map, by default that of all feature maps: 256 × (R, G, B). SIGNED has zero white."""
    return np.rint(colormaps[name](range(256))[:, :3] * 255).astype(np.uint8).tobytes()


def fitting(network: nn.Module) -> Preprocessing:
    """The preprocessing for a network; for one without `info`, a size of image that it takes."""
    if hasattr(network, "info"):
        return info(network).preprocessing
    for side in (224, 32, 28, 64, 96, 128, 256):
        try:
            layers(network, (input_channels(network), side, side))
        except CourseError:
            continue
        return replace(IMAGENET, crop=side, resize=256 if side == 224 else side)
    return IMAGENET


def best_classes(network: nn.Module, logits: torch.Tensor) -> dict[str, object]:
    """The five best classes and of how many, for a view; none if that is not what `logits` are.

    That they come from an untrained network is said once, above them, and not in each label.
    """
    if logits.ndim != 2:
        return {"classes": [], "outputs": 0}
    best = top_classes(network, logits)
    return {
        "classes": [
            {"label": label.removesuffix(" (untrained)"), "share": share, "text": percent(share)}
            for label, share in best
        ],
        "outputs": logits.shape[1],
    }


def sentence(error: Exception) -> str:
    """An error in words: what a user can put right as it is, a bug with its kind."""
    if isinstance(error, CourseError):
        return str(error)
    return f"Something went wrong that should not: {type(error).__name__}: {error}"


class CourseWidget(anywidget.AnyWidget):
    """A widget that can be presented, says what went wrong, and has a still image.

    A subclass sets all its traits before `super().__init__()`, which sends them to the page; what
    they are then is what "Reset" brings back.

    KEPT: the traits that make up a scene, in the order in which they are set.
    error: a sentence that the page shows; "" if all is well.
    start: the scene at the start, {trait: value}. scenes: those that were saved, as in scenes.py.
    """

    KEPT: ClassVar[tuple[str, ...]] = ()

    _box: ipywidgets.VBox | None = None

    error = t.Unicode().tag(sync=True)
    start = t.Dict().tag(sync=True)
    scenes = t.List(t.Dict()).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.on_msg(self._message)

    # --- What a subclass says ---

    def still(self) -> CourseFigure:
        """What the widget shows now, as a figure."""
        raise NotImplementedError

    def _received(self, content: dict, buffers: list) -> None:
        """What the page sends beside traits; a subclass takes its own and gives the rest to this.

        {"scenes": "list" | "save" | "delete", …}
        """
        kind = type(self).__name__.lower()
        match content:
            case {"scenes": "list"}:
                self.scenes = scenes.saved(kind)
            case {"scenes": "save", "name": name, "page": page}:
                self.scenes = scenes.save(kind, name, self.state(), page)
            case {"scenes": "delete", "name": name}:
                self.scenes = scenes.delete(kind, name)

    # --- Scenes ---

    def state(self) -> dict[str, object]:
        """What a scene keeps, {trait: value}."""
        return {name: getattr(self, name) for name in self.KEPT}

    @t.default("start")
    def _state_at_the_start(self) -> dict[str, object]:
        return self.state()

    # --- Changes from the page: nobody would see what they raise, so the widget says it ---

    def set_state(self, sync_data: dict) -> None:
        """Take over traits from the page. What fails is said, and the page's controls put right."""
        before = {name: getattr(self, name) for name in sync_data if name in self.keys}
        try:
            super().set_state(sync_data)
        except Exception as error:
            self._put_right(before)
            self.error = sentence(error)
            self.send_state([name for name in sync_data if name in self.keys])
        else:
            self.error = ""

    def _put_right(self, before: dict[str, object]) -> None:
        """Take back what is not valid: traitlets does so only for errors of its own."""
        for name, value in before.items():
            try:
                setattr(self, name, getattr(self, name))
            except Exception:
                setattr(self, name, value)

    def _message(self, widget: object, content: dict, buffers: list) -> None:
        try:
            self._received(content, buffers)
        except Exception as error:
            self.error = sentence(error)

    # --- In a page ---

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        """The widget, and for pages that no kernel stands behind a still image."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        still = self.still()
        png = still.png()
        if self._box is None:
            self._box = with_still(self, type(self).__name__.lower(), png, still.alt)
        data["application/vnd.jupyter.widget-view+json"]["model_id"] = self._box.model_id
        return {**data, "image/png": png}, {**metadata, "image/png": {"alt": still.alt}}


class Panel(CourseWidget):
    """A widget that shows what a network makes of an image.

    network, image: names; setting one shows it, as the controls in the page do.
    view: what the page shows. Its "seq" is the number of the page's request that it answers, so
        that of changes that overtake one another the last one is shown.
    WATCHED: traits whose change is computed. A scene keeps them, and what `KEPT` names beside them.
    A change that fails leaves the widget as it was.
    """

    WATCHED: ClassVar = ("network", "image", "seq")

    network = t.Unicode().tag(sync=True)
    image = t.Unicode().tag(sync=True)
    networks = t.List(t.Dict()).tag(sync=True)  # [{"name": …, "title": …}, …]
    images = t.List(t.Unicode()).tag(sync=True)
    seq = t.Int(0).tag(sync=True)
    view = t.Dict().tag(sync=True)

    def __init__(self, network: str | nn.Module, image: object, **chosen: object) -> None:
        self._showing = threading.RLock()
        self._given: dict[str, tuple[int, nn.Module]] = {}
        self._own: dict[str, tuple[int, Image.Image]] = {}
        self._shown: dict[str, object] = {}  # the choice that the page shows
        self._shown_own: object = None  # its image, if it is one of one's own
        name = self._add_network(network)
        given = {name: info(module).title for name, (_, module) in self._given.items()}
        titles = given | {n: title for n, title in forms.forms().items() if n not in given}
        self.networks = [{"name": n, "title": title} for n, title in titles.items()]
        self.images = sample_images()
        if not (isinstance(image, str) and image in self.images):
            image = self._add_image(image_name(image), open_image(image))
        self._choose({"network": name, "image": image, **chosen})
        self._show()
        super().__init__()  # sends all of it to the page, in one message
        self.observe(self._changed, self.WATCHED)

    @t.validate("network")
    def _settled(self, proposal: dict) -> str:
        """A form that has two names has the one that the list has."""
        name = proposal["value"]
        return name if name in self._given else forms.settled(name)

    # --- What a subclass says ---

    def _compute(self) -> dict[str, object]:
        """The traits that show the present choice; may put the choice right first."""
        raise NotImplementedError

    # --- Changes ---

    def upload(self, name: str, data: bytes) -> None:
        """Show an image of one's own: the bytes of a file, and what to call it.

        Raises `CourseError` if it is no image.
        """
        self._upload(name, data, self.seq)

    def _upload(self, name: str, data: bytes, seq: int) -> None:
        with self._said(seq), self.hold_sync():
            image = self._add_image(name, open_image({"name": name, "content": data}))
            self._choose({"image": image, "seq": seq})
            self._show()  # under a name that is shown already, nothing else would notice

    def _changed(self, change: object) -> None:
        with self._said(self.seq):
            self._show()

    def _show(self) -> None:
        """Compute and send what is chosen now, in one message."""
        with self._showing, self.hold_sync():
            if (self._choice(), self._own.get(self.image)) != (self._shown, self._shown_own):
                traits = self._compute()
                self._shown, self._shown_own = self._choice(), self._own.get(self.image)
                for name, value in traits.items():
                    setattr(self, name, value)
                self.error = ""
            elif self.view["seq"] != self.seq:
                self.error = ""
            self.view = {**self.view, "seq": self.seq}

    def _header(self, network: nn.Module) -> dict[str, object]:
        """What every view says."""
        known = info(network)
        return {
            "title": known.title,
            "status": known.status,
            "trained": known.trained,
            "image": self.image,
        }

    def _choice(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.WATCHED if name != "seq"}

    def _choose(self, choice: dict[str, object]) -> None:
        with self.hold_trait_notifications():
            for name, value in choice.items():
                setattr(self, name, value)

    @contextmanager
    def _said(self, seq: int) -> Iterator[None]:
        """An error shows in the widget, which goes back to what it showed; then it is raised.

        seq: the request that this answers.
        """
        try:
            yield
        except Exception as error:
            with self.hold_sync():
                self._choose({**self._shown, "seq": seq})
                self.error = sentence(error)
                self.view = {**self.view, "seq": seq}
            raise

    def _received(self, content: dict, buffers: list) -> None:
        """A file from the page: {"upload": name, "seq": …} and its bytes."""
        if "upload" in content:
            self._upload(content["upload"], bytes(buffers[0]), content["seq"])
        else:
            super()._received(content, buffers)

    def state(self) -> dict[str, object]:
        """What a scene keeps, {trait: value}."""
        return {**self._choice(), **super().state()}

    # --- Networks and images by name ---

    def _add_network(self, network: str | nn.Module) -> str:
        if isinstance(network, str):
            name = forms.settled(network)
            if name not in forms.forms():
                find_network(name)  # says which there are
            return name
        if not isinstance(network, nn.Module):
            raise CourseError(
                f"A network is a name or an nn.Module, not {type(network).__name__}. "
                f"The names are {', '.join(REGISTRY)}."
            )
        known = info(network)
        name = forms.known_as(known) if hasattr(network, "info") else known.title
        self._given[name] = next(_numbers), network
        return name

    def network_key(self, name: str) -> Hashable:
        """A key for what a network computes: its name; of one that was given, its state too."""
        if name not in self._given:
            return name
        number, network = self._given[name]
        # training changes weights in place, which PyTorch counts
        return number, sum(p._version for p in network.state_dict().values())

    def network_named(self, name: str) -> nn.Module:
        """The network of a name in `networks`, loaded if need be."""
        if name in self._given:
            return self._given[name][1]
        return NETWORKS.get(name, lambda: forms.load(name))

    def _network(self) -> tuple[Hashable, nn.Module]:
        """The network that is chosen, and a key for what it computes."""
        return self.network_key(self.network), self.network_named(self.network)

    def _add_image(self, name: str, image: Image.Image) -> str:
        """Keep an image of one's own; what it is called in the list of images."""
        taken = {*self.images} - {*self._own}
        name = f"{name} (yours)" if name in taken else name
        self._own.pop(name, None)
        self._own[name] = next(_numbers), image
        if len(self._own) > OWN_IMAGES:
            del self._own[next(iter(self._own))]
        self.images = [*sample_images(), *self._own]
        return name

    def image_key(self, name: str) -> Hashable:
        """A key for what is computed of an image: its name; of one's own image its number."""
        return self._own[name][0] if name in self._own else name

    def image_named(self, name: str) -> Image.Image:
        """The image of a name in `images`. Raises `CourseError` if there is none."""
        if name in self._own:
            return self._own[name][1]
        if name in self.images:
            return open_image(name)
        raise CourseError(
            f"There is no image {name!r}.{nearest(name, self.images)} "
            f"There are {', '.join(self.images)}."
        )

    def _image(self) -> tuple[Hashable, Image.Image]:
        """The image that is chosen, and a key for what is computed of it."""
        return self.image_key(self.image), self.image_named(self.image)


def image_name(image: object) -> str:
    """What to call an image that is given to a widget: its file's name, if it has one."""
    if isinstance(image, str | Path):
        return Path(image).name
    return Path(getattr(image, "filename", "") or "your image").name
