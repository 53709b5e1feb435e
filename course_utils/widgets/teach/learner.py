"""What `teach()` learns, piece by piece, so that new images and orders come in between."""

import time
from collections import Counter
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from ...errors import CourseError
from ...images import open_image, to_input
from ...networks import REGISTRY, info, load_network
from ...transfer import HeldOut, Taught, always, features, held_out, learned, linear_probe, split
from ..shared.predictions import preprocessing_for
from .own_images import OwnImage, as_jpeg

PIXELS = 32  # the control sees 32 × 32 pixels of what the network sees
THUMBNAIL = 96  # pixels
PAUSE = 0.4  # seconds without a new image, and the head learns
REST = 1.0  # seconds without an image of the camera, and the controls are computed
Made = dict[str, torch.Tensor]  # features `(1, D)` of images by their keys


class Learner:
    """Makes features of each image once, then a head, then what it is worth, and controls.

    images: to learn from, of all classes. thumbnails, broken: by the key of an image a small JPEG,
    or why it cannot be opened. taught: what was learned; None before. seconds: how long the head
    took; version: how often something was learned. results: held-out accuracies by "trained",
    "random", "pixels" and "always".
    """

    def __init__(self) -> None:
        self.images: list[OwnImage] = []
        self.thumbnails: dict[str, bytes] = {}
        self.broken: dict[str, str] = {}
        self.taught: Taught | None = None
        self.seconds, self.version = 0.0, 0
        self.results: dict[str, HeldOut] = {}
        self.changed = self.asked = 0.0  # when there was a new image, and one to be answered
        self._made: dict[tuple[Hashable, str], Made] = {}
        self.learned: list[str] = []  # the keys of the images that the head learned from
        self._given: list[str] | None = None  # those there were when another network was given

    def use(self, network: nn.Module, key: Hashable) -> None:
        """Learn with this network from now on. Raises `CourseError` if it has no head."""
        self.backbone = split(network)[0]
        self.network, self._key = network, key
        self._random: nn.Module | None = None
        self.preprocessing = preprocessing_for(network)
        self.forget()

    def forget(self) -> None:
        """Learn anew; features are kept."""
        self.taught, self.results, self.learned, self._given = None, {}, [], None

    def take(self, taught: Taught) -> None:
        """Have this one answer until there is another image."""
        self.forget()
        self.version += 1
        self.taught, self._given = taught, [image.key for image in self.usable()]

    def usable(self) -> list[OwnImage]:
        """The images that can be opened."""
        return [image for image in self.images if image.key not in self.broken]

    def labels(self) -> list[str]:
        """The classes that have images, sorted."""
        return sorted({image.label for image in self.usable()})

    def alone(self) -> list[str]:
        """Classes of which no image can be held out: all are of one burst."""
        groups = Counter(label for label, _ in {(i.label, i.group) for i in self.usable()})
        return sorted(label for label in groups if groups[label] < 2)

    # --- What is to be done ---

    def next(self) -> Callable[[], object] | None:
        """The next piece of work; None: all is done."""
        if missing := self._missing("trained"):
            return lambda: self._look(missing[0])
        keys = [image.key for image in self.usable()]
        if len(self.labels()) < 2 or self._given == keys:
            return None
        if self.learned != keys:
            return self._learn if time.monotonic() > self.changed + PAUSE else _rest
        if self.alone() or "random" in self.results:
            return None
        if "trained" not in self.results:
            return lambda: self._measure("trained")
        if time.monotonic() < self.asked + REST:
            return _rest
        if "pixels" not in self.results:
            return lambda: self._measure("pixels")
        if not self.has_twin():
            return None
        if missing := self._missing("random"):
            return lambda: self._look_at_random(missing[0])
        return lambda: self._measure("random")

    def _missing(self, kind: str) -> list[OwnImage]:
        return [image for image in self.usable() if image.key not in self.made(kind)]

    def made(self, what: str) -> Made:
        """The features of one kind: "trained", "random" or "pixels"."""
        return self._made.setdefault((self._key, what), {})

    def progress(self) -> tuple[int, int, str] | None:
        """How many features of how many are made, and of which kind; None if all are."""
        of = len(self.usable())
        for kind in ("trained", "random"):
            left = len(self._missing(kind))
            if left and (kind == "trained" or left < of):
                return of - left, of, kind
        return None

    def has_twin(self) -> bool:
        """Whether there is the same network with random weights to compare with."""
        return info(self.network).trained and info(self.network).name in REGISTRY

    # --- How ---

    def _look(self, image: OwnImage) -> None:
        try:
            opened = open_image(image.path)
            x = to_input(opened, self.preprocessing)
        except CourseError as error:
            self.broken[image.key] = str(error)
            return
        self.thumbnails[image.key] = as_jpeg(opened, THUMBNAIL)
        self.made("trained")[image.key] = features(self.backbone, x)
        self.made("pixels")[image.key] = F.adaptive_avg_pool2d(x, PIXELS).flatten(1)

    def _look_at_random(self, image: OwnImage) -> None:
        if self._random is None:
            known = info(self.network)
            twin = load_network(known.name, weights=None, dataset=known.dataset)
            self._random = split(twin)[0]
        x = to_input(open_image(image.path), self.preprocessing)
        self.made("random")[image.key] = features(self._random, x)

    def data(self, kind: str) -> tuple[torch.Tensor, torch.Tensor, list[str]]:
        """Features `(N, D)`, labels `(N,)` and groups of all images."""
        images, labels = self.usable(), self.labels()
        X = torch.cat([self.made(kind)[image.key] for image in images])
        y = torch.tensor([labels.index(image.label) for image in images])
        return X, y, [image.group for image in images]

    def _learn(self) -> None:
        start, keys = time.perf_counter(), [image.key for image in self.usable()]
        self.taught = learned(self.network, *self.data("trained"), self.labels())
        self.seconds = time.perf_counter() - start
        self.learned, self.results, self._given = keys, {}, None
        self.version += 1

    def _measure(self, kind: str) -> None:
        X, y, groups = self.data(kind)
        self.results[kind] = held_out(X, y, groups)
        self.results["always"] = always(int(y.mode().values), y, groups)

    def report(self) -> list[dict[str, Any]]:
        """A row for each way of which there is a held-out accuracy, the network's own first."""
        ways = {
            "trained": f"features, {info(self.network).status}",
            "random": "features, random weights",
            "pixels": f"{PIXELS} × {PIXELS} raw pixels",
            "always": "always the largest class",
        }
        return [
            {"what": what, "share": one.accuracy, "low": one.low, "high": one.high}
            for kind, what in ways.items()
            if (one := self.results.get(kind))
        ]

    def words(self) -> str:
        """How far it is."""
        progress = self.progress()
        if progress and progress[2] == "trained":
            return "Making features, once for each image"
        if len(self.labels()) < 2:
            return "Name two classes or more, and give each some images."
        if self.taught is None:
            return "Learning"
        learned = f"The head learned from {len(self.taught.known)} images"
        took = f" in {self.seconds:.1f} s" if self.seconds else ""
        return f"{learned}{took}." + " Control: features by random weights" * bool(progress)

    def note(self) -> str:
        """What the held-out accuracy means, or why there is none."""
        broken = ", ".join(Path(key.partition("@")[0]).name for key in self.broken)
        left_out = f" Left out, as they cannot be opened: {broken}." if broken else ""
        if self.taught and (alone := self.alone()):
            return (
                f"No accuracy yet: all images of {', '.join(alone)} are of one burst, so none can "
                f"be held out. Make a second burst, at another place.{left_out}"
            )
        if not (own := self.results.get("trained")):
            return left_out.strip()
        return (
            f"Images of one burst are never on both sides, and count once: {own.groups} bursts or "
            f"single files. Thin lines: 95 % intervals.{left_out}"
        )


def warm_up() -> None:
    """Have PyTorch load what the first optimizer needs, some seconds, before a head is awaited."""
    linear_probe(torch.eye(2), torch.arange(2))


def _rest() -> None:
    time.sleep(0.05)
