"""The base of the widgets that show what a chosen network makes of a chosen image."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import traitlets as t
from PIL import Image
from torch import nn

from ...images import open_image
from ...networks import info
from .base import CourseWidget, sentence
from .choices import ImageChoices, NetworkChoices


class NetworkImageWidget(CourseWidget):
    """A widget that shows what a network makes of an image.

    network, image: names; setting one shows it, as the controls in the page do.
    view: what the page shows. Its "seq" is the number of the page's request that it answers, so
        that of changes that overtake one another the last one is shown.
    WATCHED: traits whose change is computed. A scene keeps them, and what `KEPT` names beside them.
    A change that fails leaves the widget as it was.
    """

    WATCHED: ClassVar[tuple[str, ...]] = ("network", "image", "seq")

    network = t.Unicode().tag(sync=True)
    image = t.Unicode().tag(sync=True)
    networks = t.List(t.Dict()).tag(sync=True)  # [{"name": …, "title": …}, …]
    images = t.List(t.Unicode()).tag(sync=True)
    seq = t.Int(0).tag(sync=True, echo_update=False)
    view = t.Dict().tag(sync=True)

    def __init__(self, network: str | nn.Module, image: Any, **chosen: Any) -> None:
        """image: anything that `open_image` takes. chosen: values of other watched traits."""
        self._lock = threading.RLock()
        self._shown: dict[str, Any] = {}  # the choice that the page shows
        self._shown_image: Hashable = None  # the key of its image
        self.network_choices, self.image_choices = NetworkChoices(), ImageChoices()
        names = {
            "network": self.network_choices.add(network),
            "image": self.image_choices.add(image),
        }
        self.networks, self.images = self.network_choices.listed(), self.image_choices.names
        self.choose({**names, **chosen})
        self.update()
        super().__init__()  # sends all of it to the page, in one message
        self.observe(self._watched_changed, self.WATCHED)

    @t.validate("network")
    def _listed_name(self, proposal: dict) -> str:
        return self.network_choices.name(proposal["value"])

    # --- For a subclass ---

    def compute(self) -> dict[str, Any]:
        """The traits that show the present choice; may put the choice right first."""
        raise NotImplementedError

    def header(self, network: nn.Module) -> dict[str, Any]:
        """What every view says of the network and the image."""
        known = info(network)
        return {
            "title": known.title,
            "status": known.status,
            "trained": known.trained,
            "image": self.image,
        }

    def is_new(self, name: str) -> bool:
        """Has the page not shown this value of a watched trait yet?"""
        return getattr(self, name) != self._shown.get(name)

    def network_key(self, name: str) -> Hashable:
        """A key for what a network computes, by its name."""
        return self.network_choices.key(name)

    def network_named(self, name: str) -> nn.Module:
        """The network of a name in `networks`, loaded if need be."""
        return self.network_choices.get(name)

    def chosen_network(self) -> tuple[Hashable, nn.Module]:
        """The network that is chosen, and a key for what it computes."""
        return self.network_key(self.network), self.network_named(self.network)

    def chosen_image(self) -> tuple[Hashable, Image.Image]:
        """The image that is chosen, and a key for what is computed of it."""
        return self.image_choices.key(self.image), self.image_choices.get(self.image)

    # --- Changes ---

    def upload(self, name: str, data: bytes) -> None:
        """Show an image of one's own: the bytes of a file, and what to call it.

        Raises `CourseError` if it is no image.
        """
        self._upload(name, data, self.seq)

    def _upload(self, name: str, data: bytes, seq: int) -> None:
        with self._restored_after_error(seq), self.hold_sync():
            image = open_image({"name": name, "content": data})
            name = self.image_choices.add_own(name, image)
            self.images = self.image_choices.names
            self.choose({"image": name, "seq": seq})
            self.update()  # under a name that is shown already, nothing else would notice

    def handle_message(self, content: dict, buffers: list) -> None:
        """A file from the page: {"upload": name, "seq": …} and its bytes."""
        if "upload" in content:
            self._upload(content["upload"], bytes(buffers[0]), content["seq"])
        else:
            super().handle_message(content, buffers)

    def _watched_changed(self, change: dict) -> None:
        with self._restored_after_error(self.seq):
            self.update()

    def update(self) -> None:
        """Compute what is chosen now, if the page does not show it, and send it in one message."""
        with self._lock, self.hold_sync():
            image = self.image_choices.key(self.image)
            if (self._choice(), image) != (self._shown, self._shown_image):
                traits = self.compute()
                self._shown = self._choice()  # compute() may have put it right
                self._shown_image = self.image_choices.key(self.image)
                for name, value in traits.items():
                    setattr(self, name, value)
                self.error = ""
            elif self.view["seq"] != self.seq:
                self.error = ""
            self.view = {**self.view, "seq": self.seq}

    def _choice(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.WATCHED if name != "seq"}

    def choose(self, choice: dict[str, Any]) -> None:
        """Set several traits as one change."""
        with self.hold_trait_notifications():
            for name, value in choice.items():
                setattr(self, name, value)

    @contextmanager
    def _restored_after_error(self, seq: int) -> Iterator[None]:
        """After an error the widget says it and shows again what it showed; the error is raised.

        seq: the number of the request that this answers.
        """
        try:
            yield
        except Exception as error:
            with self.hold_sync():
                self.choose({**self._shown, "seq": seq})
                self.error = sentence(error)
                self.view = {**self.view, "seq": seq}
            raise

    def state(self) -> dict[str, Any]:
        """What a scene keeps, {trait: value}."""
        return {**self._choice(), **super().state()}
