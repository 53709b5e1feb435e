"""`explore()`: a network, an image, a layer; what the layer makes of the image."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets as t
from torch import nn

from ...errors import CourseError, nearest
from ...figures import CourseFigure
from ...networks import REGISTRY, load_network
from ..shared.choices import NETWORKS
from ..shared.maps import MapColours, times
from ..shared.network_image import NetworkImageWidget
from ..shared.network_names import first_image
from .seen import EXACT, SEEN, Seen, card, look, matching
from .still import draw

UNTRAINED = "untrained"  # the name of a trained network's twin with random weights


class Explore(MapColours, NetworkImageWidget):
    """What `explore()` returns.

    layer: the name of the layer; setting it shows it.
    other: what stands beside it: "" is nothing; the name of another network, or of another
        image; "untrained" is the same network with random weights.
    channel: the map that is shown large and over the image, -1 for none.
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"
    WATCHED = (*NetworkImageWidget.WATCHED, "layer", "other")
    KEPT = ("own_scale", "channel")
    exact = EXACT  # bytes up to which a layer is sent as float32, larger ones as 256 levels

    layer = t.Unicode().tag(sync=True)
    other = t.Unicode().tag(sync=True)
    others = t.List(t.Dict()).tag(sync=True)  # what `other` can be: [{"name": …, "title": …}, …]
    channel = t.Int(-1).tag(sync=True)
    own_scale = t.Bool(False).tag(sync=True)  # each map from its own lowest value to its highest
    known = t.Bool(False).tag(sync=True)  # the page has the maps of its choice: do not send them
    # What stands on the left, and on the right if there is something: all layers for a diagram;
    # the image as the network sees it, RGB; the layer's values as `card` gives them.
    layers, other_layers = (t.List(t.Dict()).tag(sync=True) for _ in range(2))
    pixels, other_pixels = (t.Bytes().tag(sync=True) for _ in range(2))
    maps, other_maps = (t.Bytes().tag(sync=True) for _ in range(2))

    def __init__(
        self, network: str | nn.Module, image: Any, other: Any = "", **chosen: Any
    ) -> None:
        super().__init__(network, image, **chosen)
        self.other = self._add_other(other)
        self.start = self.state()

    @t.validate("other")
    def _listed_other(self, proposal: dict) -> str:
        return self.network_choices.name(proposal["value"])

    def compute(self) -> dict[str, Any]:
        seen = self._look(self.network, self.image, self.layer)
        new = self.is_new("network")
        self.layer = _layer(self.layer, seen, new)
        if self.other == UNTRAINED and not _has_twin(seen):
            self.other = ""
        traits = self._side(self.network, self.image, self.layer)
        if second := self._second():
            names, others = [*seen.layers], [*self._look(*second).layers]
            match = {name: matching(name, names, others) for name in names}
            beside = self._side(*second, match[self.layer])
            traits["view"]["other"] = {**beside.pop("view"), "match": match}
            traits |= {f"other_{name}": value for name, value in beside.items()}
        if self.known:
            traits = {name: traits[name] for name in traits if name not in ("maps", "other_maps")}
        traits["view"]["sent"] = not self.known
        return {**traits, "others": self._others(seen), "known": False}

    def _side(self, network: str, image: str, layer: str) -> dict[str, Any]:
        """The traits that show one network with one image."""
        seen = self._look(network, image, layer)
        facts, maps = card(seen, image, layer, self.exact)
        view = {
            "title": seen.known.title,
            "status": seen.known.status,
            "trained": seen.known.trained,
            "hint": seen.hint,
            "image": image,
            "input": (seen.x.shape[1], seen.image.height, seen.image.width),
            **seen.best,
            **facts,
        }
        pixels = np.asarray(seen.image).tobytes()
        return {"layers": [*seen.layers.values()], "pixels": pixels, "maps": maps, "view": view}

    def _look(self, network: str, image: str, layer: str = "") -> Seen:
        """What a network makes of an image, by their names; it runs once, or twice for all layers.

        layer: whose maps are needed, if it has one of this name.
        """
        key = self.network_key(network), self.image_choices.key(image)
        seen = SEEN.get(
            key,
            lambda: look(self.network_named(network), self.image_choices.get(image), key, layer),
        )
        if layer in seen.layers and layer not in seen.kept:
            seen.keep_all(self.network_named(network))
        return seen

    def handle_message(self, content: dict, buffers: list) -> None:
        """The page asks for a layer that it may show next: {"want": layer, "key": of its side}.

        The answer is {"card": what `card` gives}; {} if the side has changed since.
        """
        if "want" not in content:
            super().handle_message(content, buffers)
            return
        for view, seen in self._sides(content["want"]):
            if seen.key == content["key"]:
                facts, maps = card(seen, view["image"], content["want"], self.exact)
                self.send({"card": facts}, [maps])
                return
        self.send({})

    # --- Two sides ---

    def network_key(self, name: str) -> Hashable:
        """The same for "untrained": a key of its own for each network that has such a twin."""
        if name != UNTRAINED:
            return super().network_key(name)
        return self._look(self.network, self.image).known, UNTRAINED

    def network_named(self, name: str) -> nn.Module:
        """The network of a name in `networks`, or the untrained twin of the first one."""
        if name != UNTRAINED:
            return super().network_named(name)
        known = self._look(self.network, self.image).known
        return NETWORKS.get(
            self.network_key(name),
            lambda: load_network(known.name, weights=None, dataset=known.dataset),
        )

    def _second(self) -> tuple[str, str] | None:
        """The network and the image that stand beside the first, if any do."""
        if not self.other:
            return None
        names = [network["name"] for network in self.networks]
        if self.other == UNTRAINED or self.other in names:
            return self.other, self.image
        if self.other in self.images:
            return self.network, self.other
        known = [*names, *self.images]
        raise CourseError(
            f"There is no network and no image {self.other!r}.{nearest(self.other, known)} "
            f"There are {', '.join(known)}."
        )

    def _add_other(self, other: Any) -> str:
        """Keep a network or an image that stands beside the first; what it is called."""
        if isinstance(other, nn.Module):
            name = self.network_choices.add(other, taken=self.network)
            self.networks = self.network_choices.listed()
            return name
        if isinstance(other, str):
            name = self.network_choices.name(other)
            names = ("", UNTRAINED, *(network["name"] for network in self.networks), *self.images)
            if name in names or not Path(name).exists():
                return name
        name = self.image_choices.add(other)
        self.images = self.image_choices.names
        return name

    def _others(self, seen: Seen) -> list[dict[str, str]]:
        """What can stand beside the first side."""
        twin = {"name": UNTRAINED, "title": f"{seen.known.title}, untrained"}
        return [
            {"name": "", "title": "nothing"},
            *([twin] if _has_twin(seen) else []),
            *(network for network in self.networks if network["name"] != self.network),
            *({"name": name, "title": name} for name in self.images if name != self.image),
        ]

    # --- Text and still ---

    def __repr__(self) -> str:
        what = (
            f"{view['description'].partition(';')[0]}, {times(view['shape'])}"
            for view, _ in self._sides()
        )
        return f"explore: {' beside '.join(what)}"

    def _sides(self, layer: str = "") -> list[tuple[dict[str, Any], Seen]]:
        """The one or two sides that are shown. layer: whose maps are needed; "": those shown."""
        sides = [(self.view, (self.network, self.image))]
        if second := self._second():
            sides.append((self.view["other"], second))
        return [(view, self._look(*names, layer or view["layer"])) for view, names in sides]

    def still(self) -> CourseFigure:
        """Image, maps, classes and the open map as a figure; a row for each side."""
        return draw(self._sides(), self.channel, self.own_scale)


def _has_twin(seen: Seen) -> bool:
    """Whether an untrained form can stand beside it: of the course's trained networks only."""
    return seen.known.name in REGISTRY and seen.known.trained


def _layer(wanted: str, seen: Seen, new: bool) -> str:
    """The layer to show: the one wanted, the first of a new network that does not have it."""
    names = list(seen.layers)
    if wanted in names:
        return wanted
    if new or not wanted:
        return names[0]
    raise CourseError(
        f"{seen.known.title} has no layer {wanted!r}.{nearest(wanted, names)} "
        f"Its layers are {', '.join(names)}."
    )


def explore(
    network: str | nn.Module = "alexnet",
    image: Any = None,
    layer: str | None = None,
    other: Any = "",
    channel: int | None = None,
) -> Explore:
    """Choose a network, an image and a layer; see feature maps and the five best classes.

    network: a name of `networks()`, or any `nn.Module` that takes images. A name gives the form
        that is trained on this machine, "alexnet-imagenet" and "alexnet-cifar10" that one form.
    image: anything that `open_image` takes; by default the cat, or a digit for a network that
        reads digits.
    layer: a name such as "conv1"; by default the first layer.
    other: what stands beside it, to compare: a second network or a second image, or
        "untrained" for the same network with random weights.
    channel: the map to show large and over the image.
    Raises `CourseError` for a name that there is not, or an image that is none.
    """
    image = first_image(network, "cat") if image is None else image
    return Explore(
        network, image, other, layer=layer or "", channel=-1 if channel is None else channel
    )
