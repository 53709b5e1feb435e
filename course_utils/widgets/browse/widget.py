"""`browse()`: look through a data set; what augmentation makes of it; what is confused in it."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import traitlets as t
from torch import nn

from ...datasets import ImageDataset
from ...errors import CourseError
from ...figures import CourseFigure
from ...training import Evaluation, Part
from ..shared.base import CourseWidget, check_choice, sentence
from ..shared.small_images import dataset_for
from ..shared.worker import Seldom, Worker
from . import still
from .augmentation import described, drawn
from .networks import RESULT, Given, given_network, load, offered
from .predictions import Predictions
from .subsets import Subset, held_out, subset_of, subsets
from .view import PAGE, of_page, of_predictions, on_page, pages, rgb

ALL = "all classes"
WIDEST = 12  # the padding that can be chosen
NEWS = 0.3  # seconds between two messages of how far the predictions are


class Browse(CourseWidget):
    """Pages of images, one of them large, draws of the augmentation, and what is confused.

    split: "train" or "test", or "part" if a `Part` was given. chosen: the name of a class, or
    "all classes". place: which of these images is large, from 0. page: the one that it is on,
    from 0; a place or a page that there is not becomes the nearest one.
    padding, draw: the augmentation that is shown: how far it moves, and the number of the draw.
    network: what predicts, "" for none. pair: "cat → dog" shows the cats that it took for dogs,
    the surest first; "" for all images.
    Setting any of them shows it, as the controls in the page do.
    pixels, draws: the page's images and the augmentation's, RGB bytes. view: what is said of them.
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"
    KEPT = ("split", "chosen", "network", "pair", "place", "padding", "draw")
    WATCHED = (*KEPT, "page", "seq")

    split = t.Unicode("train").tag(sync=True)
    chosen = t.Unicode(ALL).tag(sync=True)
    place = t.Int(0).tag(sync=True)
    page = t.Int(0).tag(sync=True)
    padding = t.Int(0).tag(sync=True)
    draw = t.Int(0).tag(sync=True)
    network = t.Unicode("").tag(sync=True)
    networks = t.List(t.Dict()).tag(sync=True)  # [{"name": …, "title": …}, …]
    pair = t.Unicode("").tag(sync=True)
    seq = t.Int(0).tag(sync=True)  # the number of the page's request; the view answers it
    view = t.Dict().tag(sync=True)
    pixels = t.Bytes().tag(sync=True)
    draws = t.Bytes().tag(sync=True)

    def __init__(
        self, found: dict[str, Subset], chosen: str, given: Given, result: Evaluation | None
    ) -> None:
        self._subsets, self._given, self._result = found, given, result
        first = next(iter(found.values())) if result is None else subset_of(result, found)
        self._classes = list(first.data.classes)
        self._lock, self._settling = threading.RLock(), False
        self._predictions: Predictions | None = None
        self._later: dict[str, Any] = {}  # of a scene: to be chosen once all is predicted
        self._shown: dict[str, Any] = {}  # the choice that the page shows
        self._worker = Worker(self._step, self._is_predicting, self._failed)
        self._news = Seldom(NEWS, self._show)
        self.networks = offered(given, result is not None, first.data)
        self.split, self.chosen = first.name, chosen
        self.padding = first.data.augmentation.shift
        self.network = next(iter(given), "") if result is None else RESULT
        self._settle_and_show()
        super().__init__()  # sends all of it to the page, in one message
        self.observe(self._changed, self.WATCHED)

    # --- What is chosen ---

    @property
    def data(self) -> ImageDataset:
        """The data set that is looked through."""
        return self._subset.data

    @property
    def _subset(self) -> Subset:
        return self._subsets[self.split]

    def indices(self) -> torch.Tensor:
        """Where the images that one looks through are in the data set, int64."""
        subset, classes = self._subset, self._classes
        if self.pair and self._predictions:
            return self._predictions.confused(*map(classes.index, self.pair.split(" → ")))
        if self.chosen == ALL:
            return subset.indices
        return subset.indices[subset.labels == classes.index(self.chosen)]

    # --- Changes ---

    def look(self) -> None:
        """Ask the network again, as it is now: it may have learned since."""
        with self._lock:
            self._predict(pair="")
            self._settle_and_show()

    def wait(self) -> None:
        """Return when all predictions are made."""
        self._worker.wait()

    def set_state(self, sync_data: dict) -> None:
        """Take over traits from the page, and answer in any case."""
        with self._lock:
            super().set_state(sync_data)
            if self.view["seq"] != self.seq:
                self.view = {**self.view, "seq": self.seq}

    def handle_message(self, content: dict, buffers: list) -> None:
        """{"do": "look"}: the button."""
        if content.get("do") == "look":
            self.look()
        else:
            super().handle_message(content, buffers)

    def _changed(self, change: dict) -> None:
        """Show what is chosen now; if that cannot be, go back to what was shown and say why."""
        with self._lock:
            if self._settling:
                return
            self._settling, predictions = True, self._predictions
            try:
                self._settle_and_show()
                self.error = ""
            except Exception as error:
                self._predictions = predictions
                self._choose(self._shown)
                self.error = sentence(error)
                raise
            finally:
                self._settling = False

    def _choose(self, choice: dict[str, Any]) -> None:
        for name, value in choice.items():
            setattr(self, name, value)

    def _choice(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in (*self.KEPT, "page")}

    def _settle_and_show(self) -> None:
        """Make one choice of what is chosen: what was changed last decides about the rest."""
        changed = {name for name, value in self._choice().items() if value != self._shown.get(name)}
        check_choice("split", self.split, self._subsets)
        check_choice("class", self.chosen, [ALL, *self._classes])
        check_choice("network", self.network, [network["name"] for network in self.networks])
        if "network" in changed:
            self._predict(pair=self.pair if "pair" in changed else "")
        if "pair" in changed and self.pair:
            self._turn_to_pair()
        elif changed & {"split", "chosen"}:
            self.pair = ""
        self._settle_place(changed)
        self.padding = min(max(self.padding, 0), WIDEST)
        self._show()
        self._shown = self._choice()

    def _settle_place(self, changed: set[str]) -> None:
        """The page follows the large image, unless only the page was changed."""
        last = max(0, len(self.indices()) - 1)
        if "page" in changed and "place" not in changed:
            self.place = min(max(self.page, 0), last // PAGE) * PAGE
        elif changed & {"split", "chosen", "pair", "network"} and "place" not in changed:
            self.place = 0
        self.place = min(max(self.place, 0), last)
        self.page = self.place // PAGE

    def _turn_to_pair(self) -> None:
        """Show the images of a pair, now or once all is predicted."""
        predictions = self._predictions
        if predictions is None:
            raise CourseError("Nobody has said what is confused: choose a network first.")
        if not predictions.done:
            self._later, self.pair = {"pair": self.pair, "place": self.place}, ""
            return
        label, _, said = self.pair.partition(" → ")
        for name in (label, said):
            check_choice("class", name, self._classes)
        self.split, self.chosen = predictions.subset.name, ALL
        if not len(self.indices()):
            raise CourseError(f"{predictions.title} took no image of {label} for {said}.")

    # --- Predictions, in a thread ---

    def _predict(self, pair: str) -> None:
        """Begin the predictions of the chosen network. pair: what to show after that."""
        predictions = None
        if self._result is not None and self.network == RESULT:
            subset = subset_of(self._result, self._subsets)
            predictions = Predictions("the network", subset, result=self._result)
        elif self.network:
            title, network = load(self.network, self._given, dataset_for([], self.data))
            predictions = Predictions(title, held_out(self._subsets), network)
        self._later, self._predictions, self.pair = {}, predictions, pair
        if predictions:
            self._worker.order(lambda: None)  # it wakes

    def _is_predicting(self) -> bool:
        return bool(self._predictions and not self._predictions.done)

    def _step(self) -> None:
        predictions = self._predictions
        if predictions is None:
            return
        predictions.step()
        if predictions is not self._predictions:
            return  # meanwhile somebody chose another network
        if not predictions.done:
            self._news.maybe()
            return
        with self._lock:
            later, self._later = self._later, {}
            self._choose(later)
            self._show()

    def _failed(self, error: Exception) -> None:
        if self._predictions and not self._predictions.done:
            self._predictions.failed = True
        self.error = sentence(error)
        self._show()

    # --- What the page shows ---

    def _show(self) -> None:
        with self._lock, self.hold_sync():
            indices, predictions = self.indices(), self._predictions
            self.pixels = rgb(self.data.images[on_page(indices, self.page)])
            self.view = {
                **of_page(self._subset, indices, self.page, self.pair),
                **self._about_image(int(indices[self.place]) if len(indices) else None),
                **of_predictions(predictions),
                "seq": self.seq,
                "splits": {name: each.short_title for name, each in self._subsets.items()},
                "choices": [ALL, *self._classes],
                "again": bool(predictions and predictions.done and self.network in self._given),
                "widest": WIDEST,
                "trained": True,
            }

    def _about_image(self, index: int | None) -> dict[str, Any]:
        """Draws of the augmentation of the large image, and the prediction for it."""
        if index is None:
            self.draws = b""
            return {"changes": [], "best": None}
        augmentation = replace(self.data.augmentation, shift=self.padding)
        pixels, changes = drawn(self.data.images[index], augmentation, self.draw)
        self.draws = rgb(pixels.permute(0, 3, 1, 2))
        best = self._predictions and self._predictions.best(self._subset, index)
        return {"changes": described(changes, self.padding), "best": best}

    # --- Text and still image ---

    def __repr__(self) -> str:
        what = self.pair or self.chosen
        place = f"{what}, page {self.page + 1} of {pages(self.indices()):,}"
        return f"browse: {place} ({self._subset.title})"

    def large(self) -> str:
        """What the image is that is shown large: "train[17]: cat"."""
        indices = self.indices()
        return self._subset.name_of(int(indices[self.place])) if len(indices) else "no image"

    def still(self) -> CourseFigure:
        """The page, the large image, the draws and the pairs as a figure."""
        return still.draw(self)


def browse(
    data: ImageDataset | Part | str | None = None,
    chosen: str = ALL,
    network: str | nn.Module | None = None,
    result: Evaluation | None = None,
) -> Browse:
    """Look through images; see one large, what augmentation makes of it, what is confused.

    data: what `load_cifar10` or `load_digits` gives, a `Part` of it, or the name of a split; by
        default the training images: digits if `network` reads digits. chosen: a class first.
    network: what predicts for 2,000 test images (of a `Part`: of that), in a thread: one that was
        trained on these classes, or the name of a network of the course.
    result: or what `evaluate(network, data)` gave, for these images.
    Raises `CourseError` for a class, a split, a network or a result that does not fit.
    """
    if network is not None and result is not None:
        raise CourseError("browse() takes a network or a result, not both.")
    given = [] if network is None else [network]
    dataset = dataset_for(given, None if isinstance(data, str) else data)
    found = subsets("train" if data is None else data, dataset)
    return Browse(found, chosen, given_network(network, dataset), result)
