"""`teach()`: one backbone, your own classes, by camera or files; what it learned, live."""

import threading
import time
from pathlib import Path
from typing import Any, ClassVar

import traitlets as t
from torch import nn

from ...datasets import ImageDataset, image_folder
from ...errors import CourseError, demand
from ...figures import CourseFigure, headline, percent, style, style_axes
from ...images import open_image, to_input
from ...networks import hint, info
from ...transfer import Answer, Taught, load_taught
from ..shared.base import CourseWidget, sentence
from ..shared.choices import NetworkChoices
from ..shared.maps import colours, levels
from ..shared.worker import Seldom, Worker
from .learner import Learner, warm_up
from .own_images import OwnImage, OwnImages

SHOWN = 60  # thumbnails of a class, the newest
NAMED = 3  # files that are named in one sentence


class Teach(CourseWidget):
    """What `teach()` returns. It learns in a thread of its own: other cells run meanwhile.

    network: the name of the backbone; setting it learns anew. looks: whether each answer says
    where the network looks. `wait` returns when all is learned.
    head, backbone, taught, data: what there is afterwards, for cells.
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"
    KEPT: ClassVar[tuple[str, ...]] = ("network", "looks")

    network = t.Unicode().tag(sync=True)
    networks = t.List(t.Dict()).tag(sync=True)
    looks = t.Bool(False).tag(sync=True)
    seq = t.Int(0).tag(sync=True)
    view = t.Dict().tag(sync=True)
    colours = t.Bytes(colours()).tag(sync=True)
    folder = t.Unicode().tag(sync=True)

    def __init__(self, folder: str | Path, network: str | nn.Module) -> None:
        self.own, self.learner = OwnImages(folder), Learner()
        self._choices, self._lock = NetworkChoices(), threading.RLock()
        self._burst, self._refused = "", list[str]()
        self._sent = set[str]()  # the thumbnails that the page has
        self._worker = Worker(self._step, lambda: self.learner.next() is not None, self._failed)
        self._news = Seldom(0.2, self._tell)
        name = self._choices.add(network)
        self.network, self.networks, self.folder = name, self._choices.listed(), str(folder)
        self._find()
        self._tell()
        super().__init__()
        self.observe(lambda change: self.refresh(), ["network", "seq"])
        self._worker.order(warm_up)

    @t.validate("network")
    def _usable(self, proposal: dict) -> str:
        name = self._choices.name(proposal["value"])
        self.learner.use(self._choices.get(name), self._choices.key(name))
        return name

    # --- For cells ---

    @property
    def taught(self) -> Taught:
        """The network with its head. Raises `CourseError` before there is one."""
        taught = self.learner.taught
        demand(taught is not None, "Nothing is taught yet: give images to two classes at least.")
        assert taught is not None  # for the type checker
        return taught

    @property
    def head(self) -> nn.Module:
        """The layer that was learned, `nn.Linear(D, classes)`."""
        return self.taught.head

    @property
    def backbone(self) -> nn.Module:
        """What makes features `(N, D)` for it, frozen."""
        return self.learner.backbone

    @property
    def data(self) -> ImageDataset:
        """The images as a data set, as `image_folder` gives them."""
        return image_folder(self.own.folder)

    def save(self, path: str | Path) -> Path:
        """Keep what was taught: head, names, name of the backbone; not the images."""
        return self.taught.save(path)

    def load(self, path: str | Path) -> None:
        """Let a network answer that was saved; the next change of images learns anew."""
        self.learner.take(load_taught(path))
        self._tell()

    def answer(self, image: Any) -> Answer:
        """What the network that was taught says of an image."""
        x = to_input(open_image(image), self.learner.preprocessing)
        return self.taught.answer(x, self.looks)

    def refresh(self) -> None:
        """Look into the folder again: something else may have changed it."""
        self._find()
        self._tell()
        self._worker.order(lambda: None)

    def wait(self) -> None:
        """Return when all is learned and measured."""
        self._worker.wait()

    def close(self) -> None:
        """End the thread."""
        if self.comm is not None:
            self._worker.end()
        super().close()

    # --- What the page asks for ---

    def handle_message(self, content: dict, buffers: list) -> None:
        """An order of the page; images come as the bytes of a file.

        {"new": class}, {"remove": key of an image}, {"undo": …}, {"delete": …}, {"hello": …} for a
        view that knows nothing, and those of `_add` and `_answer`.
        """
        match content:
            case {"ask": number, "name": name}:
                self._answer(number, name, bytes(buffers[0]))
                return
            case {"add": label}:
                self._add(label, bytes(buffers[0]), **content)
            case {"new": name}:
                self.error = ""
                self.own.add_class(name)
            case {"remove": key}:
                self.own.remove(next(i for i in self.learner.images if i.key == key))
            case {"undo": _}:
                self.own.undo()
            case {"delete": _}:
                self.own.delete_all()
                self.learner.forget()
            case {"hello": _}:
                self._sent.clear()
            case _:
                super().handle_message(content, buffers)
                return
        self.refresh()

    def _add(self, label: str, content: bytes, part: int, burst: bool, name: str, **_: Any) -> None:
        """Keep image number `part` of an upload or of a burst; what is none is left out."""
        if part == 0:
            self._refused, self.error = [], ""
            self._burst = self.own.new_burst(label) if burst else ""
        name = f"{self._burst}-{part:02}.jpg" if burst else name
        try:
            image = open_image({"name": name, "content": content})
        except CourseError:
            self._refused.append(name)
            more = f" and {len(self._refused) - NAMED} more" * (len(self._refused) > NAMED)
            self.error = f"No image, left out: {', '.join(self._refused[:NAMED])}{more}."
        else:
            self.own.add(label, name, image)
            self.learner.changed = time.monotonic()

    def _answer(self, number: int, name: str, content: bytes) -> None:
        """{"ask": number, "name": of an image}: the answer has its number, even if it fails."""
        self.learner.asked = time.monotonic()
        answer: dict[str, Any] = {"answer": number}
        places = b""
        try:
            found = self.answer({"name": name, "content": content})
            keys = self.learner.learned
            answer |= {
                "shares": [round(share, 4) for share in found.shares],
                "distance": round(found.distance, 3),
                "none": found.none,
                "nearest": keys[found.nearest] if keys else "",
            }
            if found.looks:
                values = found.looks.values
                answer["map"] = [*values.shape]
                places = levels(values.numpy()[None]).tobytes()
            self.error = ""
        finally:
            self.send(answer, [places])

    # --- The thread ---

    def _step(self) -> None:
        if work := self.learner.next():
            before = self.learner.taught, len(self.learner.results)
            work()
            same = before == (self.learner.taught, len(self.learner.results))
            (self._news.maybe if same else self._news.now)()

    def _failed(self, error: Exception) -> None:
        self.error = sentence(error)
        self._tell()

    # --- What the page is told ---

    def _find(self) -> None:
        """Look into the folder."""
        self._found = self.own.all()
        self.learner.images = [image for images in self._found.values() for image in images]

    def _tell(self) -> None:
        """All that the page shows, but for thumbnails that it has."""
        learner, known = self.learner, info(self.learner.network)
        with self._lock:
            classes = [self._class(*one) for one in self._found.items()]
            self.view = {
                "seq": self.seq,
                "status": known.status,
                "trained": known.trained,
                "hint": hint(learner.network),
                "classes": classes,
                "removed": len(self.own.removed),
                "names": learner.taught.classes if learner.taught else [],
                "version": learner.version,
                "limit": learner.taught.limit if learner.taught else 0,
                "zoom": learner.preprocessing.resize / learner.preprocessing.crop,
                "progress": learner.progress(),
                "words": learner.words(),
                "report": learner.report(),
                "note": learner.note(),
                "description": self._description(),
            }
            for key in [key for one in classes for key in one["shown"]]:
                if key in learner.thumbnails and key not in self._sent:
                    self._sent.add(key)
                    self.send({"thumbnail": key}, [learner.thumbnails[key]])

    def _class(self, name: str, images: list[OwnImage]) -> dict[str, Any]:
        groups = len({image.group for image in images})
        shown = [image.key for image in images[-SHOWN:] if image.key not in self.learner.broken]
        return {"name": name, "count": len(images), "groups": groups, "shown": shown}

    def _description(self) -> str:
        """The alternative text, made from what is shown."""
        counts = ", ".join(f"{name} ({len(each)})" for name, each in self._found.items())
        text = f"images of {counts}" if counts else "no class yet"
        own = self.learner.results.get("trained")
        if own is None:
            return text
        interval = f"{percent(own.low)} to {percent(own.high)}"
        return f"{text}; held-out accuracy {percent(own.accuracy)} ({interval})"

    def __repr__(self) -> str:
        return f"teach: {self._description()}"

    def still(self) -> CourseFigure:
        """What the heads are worth. No image: those stay in their folder, not in a notebook."""
        report = self.view["report"]
        figure = CourseFigure(
            0.4 * len(report) + (1.2 if report else 0.5), self.view["description"], 10
        )
        headline(figure, f"teach(): {self.view['words']}")
        if report:
            ax = style_axes(figure.subplots(), xlabel="right, of those held out")
            names = [f"{row['what']}: {percent(row['share'])}" for row in report]
            ax.barh(names, [row["share"] for row in report], color=style.BLUE)
            for name, row in zip(names, report, strict=True):
                ax.plot([row["low"], row["high"]], [name, name], color=style.INK)
            ax.set_xlim(0, 1)
            ax.invert_yaxis()
        return figure


def teach(
    folder: str | Path = "my_images", network: str | nn.Module = "efficientnet_lite0"
) -> Teach:
    """Teach a network your own classes, by the camera, by files or by a folder; then ask it.

    folder: where your images are or will be, `folder/CLASS/image.jpg`. Nothing leaves it, and git
        ignores it.
    network: the backbone: a name, or a network that ends in a fully connected layer.
    Raises `CourseError` for a name that there is not, or a network without such a layer.
    """
    return Teach(folder, network)
