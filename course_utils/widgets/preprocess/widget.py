"""`preprocess()`: the image after each step on its way into a network, in any order."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import traitlets as t
from torch import nn

from ...errors import CourseError
from ...figures import CourseFigure
from ...images import Preprocessing
from ..shared.base import check_choice
from ..shared.network_image import NetworkImageWidget
from ..shared.network_names import first_image
from ..shared.predictions import best_classes, preprocessing_for
from ..shared.recent import MEGABYTE, Recent
from . import still
from .cards import cards
from .normalisation import TITLES, Normalisation, normalisations, predictions, row
from .orders import RIGHT, Answer, Order, ask, do
from .verdict import Case, judge

TENSORS = {"keeps": "keeps 0 to 255", "scales": "scales too (ToTensor)"}
VERDICTS = {
    "right": "In order",
    "same": "Another order, the same numbers",
    "wrong": "No error, but wrong",
    "stops": "It stops",
}

ANSWERS: Recent[Answer] = Recent(
    4 * MEGABYTE, lambda answer: 4096 if answer.logits is None else answer.logits.nbytes
)
PREDICTIONS: Recent[list[dict[str, Any]]] = Recent(MEGABYTE, lambda found: 2048)  # of 500 images


class Preprocess(NetworkImageWidget):
    """What `preprocess()` returns.

    normalisation: "own", "imagenet", "cifar10", "copied" (the std that many copy) or "none".
    order: the six steps from first to last, "resize, crop, …". off: those that are left out.
    to_tensor: "keeps" 0..255, or "scales" to 0..1 as well, as torchvision's ToTensor does.
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"
    WATCHED = (*NetworkImageWidget.WATCHED, "normalisation", "order", "off", "to_tensor")

    normalisation = t.Unicode("own").tag(sync=True)
    order = t.Unicode(", ".join(RIGHT)).tag(sync=True)
    off = t.Unicode().tag(sync=True)
    to_tensor = t.Unicode("keeps").tag(sync=True)
    pixels = t.Bytes().tag(sync=True)  # the images of all steps done, RGB, one after the other

    def compute(self) -> dict[str, Any]:
        (network_key, network), (image_key, image) = self.chosen_network(), self.chosen_image()
        wanted = preprocessing_for(network)
        ways = normalisations(wanted)
        order = self._order(wanted, ways)
        done = do(image, order)
        right = do(image, Order(RIGHT, wanted, ways["own"]))
        key = (network_key, image_key)
        answer = ANSWERS.get((*key, order), lambda: ask(network, done, wanted))
        best: list[dict[str, Any]] = []  # of an untrained network nothing would be learned
        if self.header(network)["trained"]:
            x = right.tensor("scale")
            best = PREDICTIONS.get(key, lambda: predictions(network, x, [*ways.values()]))
        steps = cards(_listed(self.order), order, done)
        self._thumbnails = [card.pop("image") for card in steps]
        verdict, sentences = judge(Case(order, done, answer, right.tensor()))
        shown = [np.asarray(image).tobytes() for image in self._thumbnails if image]
        view = {
            **self.header(network),
            **_best(network, answer),
            "steps": steps,
            "verdict": verdict,
            "heading": VERDICTS[verdict],
            "sentences": sentences,
            "right": ", ".join(RIGHT),
            "choices": {"normalisation": [*TITLES.items()], "to_tensor": [*TENSORS.items()]},
            "ways": [row(*named, found) for named, found in zip(ways.items(), best, strict=False)],
        }
        return {"pixels": b"".join(shown), "view": view}

    def _order(self, wanted: Preprocessing, ways: dict[str, Normalisation]) -> Order:
        """What is chosen, once it is known to be something that there is."""
        check_choice("normalisation", self.normalisation, ways)
        check_choice("way to tensor", self.to_tensor, TENSORS)
        names, off = _listed(self.order), _listed(self.off)
        for name in (*names, *off):
            check_choice("step", name, RIGHT)
        if sorted(names) != sorted(RIGHT):
            raise CourseError(
                f"The order is {self.order!r}, but each of the steps {', '.join(RIGHT)} has to be "
                "in it once. Those that shall be left out go into off."
            )
        used = tuple(name for name in names if name not in off)
        scales = self.to_tensor == "scales"
        return Order(used, wanted, ways[self.normalisation], scales)

    def _shapes(self) -> str:
        """The shape after each step; not after "scale", which changes none."""
        steps = [step for step in self.view["steps"] if step["state"] == "done"]
        return " → ".join(step["shape"] for step in steps if step["name"] != "scale")

    def __repr__(self) -> str:
        view = self.view
        said = (
            ""
            if view["verdict"] == "right"
            else f"; {view['heading']}: {' '.join(view['sentences'])}"
        )
        return (
            f"preprocess: {self.image} for {view['title']} ({view['status']}), normalisation "
            f"{self.normalisation}: {self._shapes()}{said}"
        )

    def still(self) -> CourseFigure:
        """The image after each step, what is wrong, and the five best classes, as a figure."""
        return still.draw(self.view, self._thumbnails, self.normalisation, repr(self))


def _best(network: nn.Module, answer: Answer) -> dict[str, Any]:
    """The five best classes, or in "answer" why there are none."""
    if answer.logits is None:
        said = f"The network stops. {answer.error}." if answer.error else answer.not_run
        return {"classes": [], "outputs": 0, "answer": said}
    return {**best_classes(network, answer.logits), "answer": ""}


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def preprocess(
    image: Any = None,
    network: str | nn.Module = "efficientnet_lite0",
    *,
    order: Sequence[str] = RIGHT,
    off: Sequence[str] = (),
    normalisation: str = "own",
    to_tensor: str = "keeps",
) -> Preprocess:
    """See an image after each step of a network's preprocessing, and what it is taken for.

    image: anything that `open_image` takes; by default the house, or a digit for a network that
        reads digits.
    network: a name of `networks()`, or any `nn.Module` that takes images.
    order, off: the six steps in any order, and those that are left out; the page can change
        both, and so the other two, which are explained at `Preprocess`.
    Raises `CourseError` for a name that there is not, or an image that is none.
    """
    chosen = {"order": ", ".join(order), "off": ", ".join(off)}
    image = first_image(network, "house") if image is None else image
    return Preprocess(network, image, normalisation=normalisation, to_tensor=to_tensor, **chosen)
