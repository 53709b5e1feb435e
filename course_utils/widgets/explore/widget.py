"""`explore()`: a network, an image, a layer; what the layer makes of the image."""

from collections.abc import Hashable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import traitlets as t
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from torch import nn

from ...errors import CourseError, nearest
from ...figures import FEATURES, INK, SMALL, CourseFigure, bare, headline
from ...images import open_image
from ...networks import REGISTRY, NetworkInfo, info
from ..shared import forms
from ..shared.base import NETWORKS, Panel, _name_of, colours, css, javascript
from ..shared.maps import (
    SEEN,
    Seen,
    as_maps,
    card,
    levels,
    look,
    matching,
    mosaic,
    times,
    untrained_twin,
)
from ..shared.stills import Still, draw_classes

UNTRAINED = "untrained"  # what can stand beside a trained network: itself, untrained


class Explore(Panel):
    """What `explore()` returns.

    layer: the name of the layer; setting it shows it.
    other: what stands beside it: "" is nothing; the name of another network, or of another
        image; "untrained" is the same network with random weights.
    channel: the map that is shown large and over the image, -1 for none.
    """

    _esm = javascript("grid.js", "diagram.js", "camera.js", "explore.js")
    _css = css("explore.css")
    WATCHED = (*Panel.WATCHED, "layer", "other")
    KEPT = ("own_scale", "channel")

    layer = t.Unicode().tag(sync=True)
    other = t.Unicode().tag(sync=True)
    others = t.List(t.Dict()).tag(sync=True)  # what `other` can be: [{"name": …, "title": …}, …]
    channel = t.Int(-1).tag(sync=True)
    own_scale = t.Bool(False).tag(sync=True)  # each map from its own lowest value to its highest
    colours = t.Bytes(colours()).tag(sync=True)
    known = t.Bool(False).tag(sync=True)  # the page has the maps of its choice: do not send them
    # What stands on the left, and on the right if there is something: all layers for a diagram;
    # the image as the network sees it, RGB; the layer's values as `card` gives them.
    layers, other_layers = (t.List(t.Dict()).tag(sync=True) for _ in range(2))
    pixels, other_pixels = (t.Bytes().tag(sync=True) for _ in range(2))
    maps, other_maps = (t.Bytes().tag(sync=True) for _ in range(2))

    def __init__(
        self, network: str | nn.Module, image: object, other: object = "", **chosen: object
    ) -> None:
        super().__init__(network, image, **chosen)
        self.other = self._add_other(other)
        self.start = self.state()

    @t.validate("other")
    def _settled_other(self, proposal: dict) -> str:
        name = proposal["value"]
        return name if name in self._given else forms.settled(name)

    def _compute(self) -> dict[str, object]:
        seen = self._look(self.network, self.image)
        new = self.network != self._shown.get("network")
        self.layer = _layer(self.layer, list(seen.maps), seen.known.title, new)
        if self.other == UNTRAINED and not self._can_be_untrained(seen):
            self.other = ""
        traits = self._side(self.network, self.image, self.layer)
        second = self._second()
        if second:
            others = self._look(*second)
            match = {name: matching(name, [*seen.maps], [*others.maps]) for name in seen.maps}
            beside = self._side(*second, match[self.layer])
            traits["view"]["other"] = {**beside.pop("view"), "match": match}
            traits |= {f"other_{name}": value for name, value in beside.items()}
        if self.known:
            traits = {name: traits[name] for name in traits if name not in ("maps", "other_maps")}
        traits["view"]["sent"] = not self.known
        return {**traits, "others": self._others(seen), "known": False}

    def _side(self, network: str, image: str, layer: str) -> dict[str, object]:
        """The traits that show one network with one image."""
        seen = self._look(network, image)
        facts, maps = self._card(seen, image, layer)
        view = {
            "title": seen.known.title,
            "status": seen.known.status,
            "trained": seen.known.trained,
            "hint": seen.hint,
            "image": image,
            "input": (seen.input[0], seen.image.height, seen.image.width),
            **seen.best,
            **facts,
        }
        pixels = np.asarray(seen.image).tobytes()
        return {"layers": seen.boxes, "pixels": pixels, "maps": maps, "view": view}

    def _card(self, seen: Seen, image: str, layer: str) -> tuple[dict[str, object], bytes]:
        """A layer as `card` gives it, with an alternative text made from what is shown."""
        facts, maps = card(seen, layer)
        count, flat = facts["shape"][0], facts["shape"][1:] == (1, 1)
        what = f"{count} {'unit' if flat else 'feature map'}{'s' * (count != 1)}"
        facts["description"] = (
            f"{what} of layer {layer} of {seen.known.title} ({seen.known.status}) for {image}; "
            f"brightest: {'unit' if flat else 'channel'} {facts['brightest']}"
        )
        return facts, maps

    def _received(self, content: dict, buffers: list) -> None:
        """The page asks for a layer that it may show next: {"want": layer, "key": of its side}.

        The answer is {"card": what `card` gives}; {} if the side has changed since.
        """
        if "want" not in content:
            super()._received(content, buffers)
            return
        for view, seen in self._sides():
            if seen.key == content["key"]:
                facts, maps = self._card(seen, view["image"], content["want"])
                self.send({"card": facts}, [maps])
                return
        self.send({})

    # --- Two sides ---

    def _second(self) -> tuple[str, str] | None:
        """The network and the image that stand beside the first, if any do."""
        if not self.other:
            return None
        if self.other == UNTRAINED or self.other in self._names():
            return self.other, self.image
        if self.other in self.images:
            return self.network, self.other
        known = [*self._names(), *self.images]
        raise CourseError(
            f"There is no network and no image {self.other!r}.{nearest(self.other, known)} "
            f"There are {', '.join(known)}."
        )

    def _add_other(self, other: object) -> str:
        """Keep a network or an image that stands beside the first; what it is called."""
        if isinstance(other, nn.Module):
            return self._add_second_network(other)
        names = ("", UNTRAINED, *self._names(), *self.images)
        other = forms.settled(other) if isinstance(other, str) else other
        if isinstance(other, str) and (other in names or not Path(other).exists()):
            return other
        return self._add_image(_name_of(other), open_image(other))

    def _add_second_network(self, network: nn.Module) -> str:
        """One more network of one's own; it takes no name from the first, which may be its twin."""
        given, title = dict(self._given), info(network).title
        name = self._add_network(network)
        if name in (*given, self.network):
            twin = {f"{name} (2)": self._given.pop(name)}
            self._given = given | twin
            name, title = f"{name} (2)", f"{title} (2), {info(network).status}"
        others = [choice for choice in self.networks if choice["name"] != name]
        self.networks = [{"name": name, "title": title}, *others]
        return name

    def _names(self) -> list[str]:
        return [network["name"] for network in self.networks]

    def _others(self, seen: Seen) -> list[dict[str, str]]:
        """What can stand beside the first side."""
        itself = [{"name": UNTRAINED, "title": f"{seen.known.title}, untrained"}]
        return [
            {"name": "", "title": "nothing"},
            *(itself if self._can_be_untrained(seen) else []),
            *(network for network in self.networks if network["name"] != self.network),
            *({"name": name, "title": name} for name in self.images if name != self.image),
        ]

    def _can_be_untrained(self, seen: Seen) -> bool:
        """Is it a network of the course that is trained?"""
        return seen.known.name in REGISTRY and seen.known.trained

    def _look(self, network: str, image: str) -> Seen:
        """What a network makes of an image, by their names, computed once.

        It is still there when the network is not: two VGGs do not fit into memory.
        """
        if network in self._given:
            network_key, given = self._by_name("network", network)
            load = lambda: given  # noqa: E731
        elif network == UNTRAINED:
            known = self._look(self.network, image).known
            network_key, load = (known, UNTRAINED), lambda: self._twin(known)
        else:
            network_key, load = network, lambda: self._by_name("network", network)[1]
        image_key = self._own[image][0] if image in self._own else image
        key = (network_key, image_key)
        return SEEN.get(key, lambda: look(load(), self._by_name("image", image)[1], key))

    def _twin(self, known: NetworkInfo) -> nn.Module:
        return NETWORKS.get((known, UNTRAINED), lambda: untrained_twin(known))

    def _by_name(self, what: str, name: str) -> tuple[Hashable, object]:
        """The "network" or the "image" of a name, as `Panel` finds it for its own choice."""
        choice = {what: name, "_given": self._given, "_own": self._own, "images": self.images}
        return getattr(Panel, f"_{what}")(SimpleNamespace(**choice))

    # --- Text and still ---

    def __repr__(self) -> str:
        what = (
            f"{view['description'].partition(';')[0]}, {times(view['shape'])}"
            for view, _ in self._sides()
        )
        return f"explore: {' beside '.join(what)}"

    def _sides(self) -> list[tuple[dict[str, object], Seen]]:
        """The one or two sides that are shown."""
        sides = [(self.view, self._look(self.network, self.image))]
        if self.other:
            sides.append((self.view["other"], self._look(*self._second())))
        return sides

    def still(self) -> CourseFigure:
        """Image, maps, classes and the open map as a figure; a row for each side."""
        sides = self._sides()
        alt = ". Beside it: ".join(view["description"] for view, _ in sides)
        figure = Still(5.6 * len(sides), alt, 11, sides[0][1].image)
        headline(figure, " and ".join(_heading(view) for view, _ in sides))
        opened = ["large"] if any(self._opened(view) for view, _ in sides) else []
        rows = (("image", *opened, "maps"), ("classes", *(opened and ["below"]), "maps"))
        grid = [[f"{name}{i}" for name in row] for i in range(len(sides)) for row in rows]
        axes = figure.subplot_mosaic(grid, width_ratios=(1, *(opened and [1]), 2.2))
        for i, side in enumerate(sides):
            self._draw(
                figure, {name[:-1]: ax for name, ax in axes.items() if name[-1] == str(i)}, *side
            )
        return figure

    def _opened(self, view: dict[str, object]) -> bool:
        """Does this side have a map of the channel that is open?"""
        flat = view["shape"][1:] == (1, 1)
        return not flat and 0 <= self.channel < view["shape"][0]

    def _draw(
        self, figure: CourseFigure, axes: dict[str, Axes], view: dict[str, object], seen: Seen
    ) -> None:
        """One side: what the network sees, its classes, its maps."""
        maps = np.nan_to_num(as_maps(seen.maps[view["layer"]]))
        own_scale = self.own_scale and maps.shape[1:] != (1, 1)
        indices = levels(maps, own_scale)
        bare(axes["image"], f"{view['image']}, {times(view['input'])}").imshow(seen.image)
        draw_classes(axes["classes"], view)
        title = f"{view['layer']}: {times(maps.shape)}"
        bare(axes["maps"], f"{title}, each map on its own scale" if own_scale else title)
        axes["maps"].imshow(mosaic(indices, view["across"]))
        for name in ("large", "below"):
            if name in axes:
                bare(axes[name])
        if self._opened(view):
            bare(axes["large"], f"channel {self.channel}")
            axes["large"].imshow(mosaic(indices[[self.channel]], 1))
        if not own_scale:
            _draw_scale(figure, axes["maps"], view["low"], view["high"])


def _heading(view: dict[str, object]) -> str:
    return f"{view['title']} ({view['status']}) · {view['layer']} · {view['image']}"


def _draw_scale(figure: CourseFigure, ax: Axes, low: float, high: float) -> None:
    scale = ScalarMappable(Normalize(low, high if high > low else low + 1), FEATURES)
    bar = figure.colorbar(scale, ax=ax, location="bottom", aspect=40, pad=0.02, shrink=0.6)
    bar.set_label("value, one scale for the whole layer", fontsize=SMALL, color=INK)
    bar.ax.tick_params(labelsize=SMALL, colors=INK)
    bar.outline.set_visible(False)


def _layer(wanted: str, names: list[str], title: str, new: bool) -> str:
    """The layer to show: the one wanted, the first of a new network that does not have it."""
    if wanted in names:
        return wanted
    if new or not wanted:
        return names[0]
    raise CourseError(
        f"{title} has no layer {wanted!r}.{nearest(wanted, names)} "
        f"Its layers are {', '.join(names)}."
    )


def explore(
    network: str | nn.Module = "alexnet",
    image: object = "cat",
    layer: str | None = None,
    other: object = "",
    channel: int | None = None,
) -> Explore:
    """Choose a network, an image and a layer; see feature maps and the five best classes.

    network: a name of `networks()`, or any `nn.Module` that takes images. A name gives the form
        that is trained on this machine, "alexnet-imagenet" and "alexnet-cifar10" that one form.
    image: anything that `open_image` takes.
    layer: a name such as "conv1"; by default the first layer.
    other: what stands beside it, to compare: a second network or a second image, or
        "untrained" for the same network with random weights.
    channel: the map to show large and over the image.
    Raises `CourseError` for a name that there is not, or an image that is none.
    """
    return Explore(
        network, image, other, layer=layer or "", channel=-1 if channel is None else channel
    )
