"""`preprocess()`: the image after each step on its way into a network, in any order."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import traitlets as t
from matplotlib.axes import Axes
from PIL import Image
from torch import nn

from ...errors import CourseError, nearest
from ...figures import CourseFigure, bare, headline, short, style, style_axes
from ...images import (
    CIFAR10_COPIED_STD,
    CIFAR10_MEAN,
    CIFAR10_STD,
    IMAGENET_MEAN,
    IMAGENET_STD,
    Preprocessing,
    normalize,
    steps,
)
from ...networks import input_channels, predicting, run
from ..shared.network_image import NetworkImageWidget
from ..shared.predictions import best_classes, preprocessing_for
from ..shared.recent import MEGABYTE, Recent
from ..shared.stills import CHANNELS, draw_classes
from .orders import NOTHING, RIGHT, Answer, Case, Done, Order, ask, do, judge, words

THUMBNAIL = 320  # longest side of an image in the page, in pixels
BINS = 48
TITLES = {
    "own": "the network's own",
    "imagenet": "ImageNet's",
    "cifar10": "CIFAR-10's",
    "copied": "CIFAR-10's, with the std that many copy",
    "none": "none",
}
TENSORS = {"keeps": "keeps 0 to 255", "scales": "scales too (ToTensor)"}
VERDICTS = {
    "right": "In order",
    "same": "Another order, the same numbers",
    "wrong": "No error, but wrong",
    "stops": "It stops",
}

Normalisation = tuple[tuple, tuple]  # mean, std

ANSWERS = Recent(
    4 * MEGABYTE, lambda answer: 4096 if answer.logits is None else answer.logits.nbytes
)
PREDICTIONS = Recent(MEGABYTE, lambda by_normalisation: 2048)  # about 500 images


def normalisations(preprocessing: Preprocessing) -> dict[str, Normalisation]:
    """The ways to normalise that one can choose from: mean and std."""
    return {
        "own": (preprocessing.mean, preprocessing.std),
        "imagenet": (IMAGENET_MEAN, IMAGENET_STD),
        "cifar10": (CIFAR10_MEAN, CIFAR10_STD),
        "copied": (CIFAR10_MEAN, CIFAR10_COPIED_STD),
        "none": NOTHING,
    }


def predictions(network: nn.Module, x: torch.Tensor, ways: list[Normalisation]) -> list[dict]:
    """The five best classes for `x` `(3, H, W)`, values 0..1, normalised in each of the ways."""
    batch = torch.stack([normalize(x, *way) for way in ways])
    if input_channels(network) == 1:
        batch = batch.mean(dim=1, keepdim=True)
    with predicting(network):
        logits = run(network, batch)
    return [best_classes(network, logits[i : i + 1]) for i in range(len(ways))]


def describe(result: Image.Image | torch.Tensor) -> tuple[Image.Image, dict[str, object]]:
    """The result of a step as a small image, and what there is to say about its values.

    "black" and "white": the values at the ends of image and histogram. "zero": where zero is
    between them, 0..1, None if it is at an end or outside.
    """
    tensor = isinstance(result, torch.Tensor)
    values = result.numpy() if tensor else np.asarray(result)
    low, high = _ends(values)
    image = thumbnail(result, low, high)
    return image, {
        "height": image.height,
        "width": image.width,
        "shape": f"({', '.join(map(str, values.shape))})",
        "type": "tensor, float32" if tensor else "PIL image, uint8",
        "min": short(float(values.min()), 3),
        "max": short(float(values.max()), 3),
        "mean": short(float(values.mean()), 3),
        "black": short(low, 3),
        "white": short(high, 3),
        "histogram": _histogram(result, low, high),
        "zero": -low / (high - low) if low < 0 < high else None,
    }


def _histogram(result: Image.Image | torch.Tensor, low: float, high: float) -> list[list[int]]:
    """How many values of red, green and blue fall into each of BINS equal parts of low..high."""
    if isinstance(result, torch.Tensor):
        channels = result.reshape(3, -1)
        return [torch.histc(c, BINS, low, high).int().tolist() for c in channels]
    counts = np.reshape(result.histogram(), (3, 256))
    return [np.histogram(range(256), BINS, (low, high), weights=c)[0].tolist() for c in counts]


def _ends(values: np.ndarray) -> tuple[float, float]:
    """What is drawn black and what white: 0..255, 0..1, or else the lowest and highest value."""
    low, high = float(values.min()), float(values.max())
    if values.dtype == np.uint8 or (low >= 0 and 50 < high <= 255):
        return 0.0, 255.0
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    return low, max(high, low + 1e-6)  # an image of one colour


def thumbnail(result: Image.Image | torch.Tensor, low: float, high: float) -> Image.Image:
    """The result of a step as a small image: `low` is black, `high` is white."""
    if isinstance(result, torch.Tensor):
        x = (result.reshape(3, *result.shape[-2:]) - low) / (high - low)
        result = Image.fromarray((x * 255).round().byte().permute(1, 2, 0).numpy())
    image = result.copy()
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    return image


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

    def compute(self) -> dict[str, object]:
        (network_key, network), (image_key, image) = self.chosen_network(), self.chosen_image()
        wanted = preprocessing_for(network)
        ways = normalisations(wanted)
        order = self._order(wanted, ways)
        done = do(image, order)
        right = do(image, Order(RIGHT, wanted, ways["own"]))
        answer = ANSWERS.get((network_key, image_key, order), lambda: ask(network, done, wanted))
        by_way = {}
        if self.header(network)["trained"]:  # of an untrained network nothing would be learned
            x = right.results["scale"]
            best = PREDICTIONS.get(
                (network_key, image_key), lambda: predictions(network, x, [*ways.values()])
            )
            by_way = dict(zip(ways, best, strict=True))
        cards = self._cards(order, done)
        self._thumbnails = [card.pop("image") for card in cards]
        shown = [image for image in self._thumbnails if image]
        verdict, sentences = judge(Case(order, done, answer, right.last))
        return {
            "pixels": b"".join(np.asarray(image).tobytes() for image in shown),
            "view": {
                **self.header(network),
                **_best(network, answer),
                "steps": cards,
                "verdict": verdict,
                "heading": VERDICTS[verdict],
                "sentences": sentences,
                "right": ", ".join(RIGHT),
                "choices": {
                    "normalisation": [*TITLES.items()],
                    "to_tensor": [*TENSORS.items()],
                },
                "ways": [
                    {"name": n, "title": TITLES[n], "numbers": _words(ways[n]), **_top(best)}
                    for n, best in by_way.items()
                ],
            },
        }

    def _order(self, wanted: Preprocessing, ways: dict[str, Normalisation]) -> Order:
        """What is chosen, once it is known to be something that there is."""
        _known("normalisation", self.normalisation, ways)
        _known("way to tensor", self.to_tensor, TENSORS)
        names, off = _listed(self.order), _listed(self.off)
        for name in (*names, *off):
            _known("step", name, RIGHT)
        if sorted(names) != sorted(RIGHT):
            raise CourseError(
                f"The order is {self.order!r}, but each of the steps {', '.join(RIGHT)} has to be "
                "in it once. Those that shall be left out go into off."
            )
        used = tuple(name for name in names if name not in off)
        scales = self.to_tensor == "scales"
        return Order(used, wanted, ways[self.normalisation], scales)

    def _cards(self, order: Order, done: Done) -> list[dict[str, object]]:
        """What the page says of each step, in the order in which they stand."""
        cards = []
        for name in ("image", *_listed(self.order)):
            card = {"name": name, "explanation": _explanation(name, order), "image": None}
            if name in done.results:
                card["state"] = "done"
                card["image"], said = describe(done.results[name])
                card |= said
            elif name == done.failed:
                card |= {"state": "failed", "note": done.error}
            elif name in order.steps:
                card |= {"state": "unreached", "note": "not reached"}
            else:
                card |= {"state": "off", "note": "left out"}
            cards.append(card)
        return cards

    def _shapes(self) -> str:
        """The shape after each step; not after "scale", which changes none."""
        steps = [step for step in self.view["steps"] if step["state"] == "done"]
        return " → ".join(step["shape"] for step in steps if step["name"] != "scale")

    def __repr__(self) -> str:
        view = self.view
        said = "" if view["verdict"] == "right" else f"; {view['heading']}: {_text(view)}"
        return (
            f"preprocess: {self.image} for {view['title']} ({view['status']}), normalisation "
            f"{self.normalisation}: {self._shapes()}{said}"
        )

    def still(self) -> CourseFigure:
        """The image after each step, what is wrong, and the five best classes, as a figure."""
        view = self.view
        figure = CourseFigure(7.2, repr(self), width=13)
        way = TITLES[self.normalisation]
        title = f"{self.image} for {view['title']} ({view['status']}) · normalisation: {way}"
        headline(figure, title)
        names = [said["name"] for said in view["steps"]]
        below = ["classes"] * 3 + ["ways"] * 4
        rows = [names, [f"{name} values" for name in names], ["verdict"] * 7, below]
        axes = figure.subplot_mosaic(rows, height_ratios=(2.4, 1.3, 1.4, 3.5))
        for image, said in zip(self._thumbnails, view["steps"], strict=True):
            _draw_card(axes[said["name"]], axes[f"{said['name']} values"], image, said)
        _write(axes["verdict"], f"{view['heading']}. {_text(view)}", 125)
        if view["answer"]:
            _write(axes["classes"], view["answer"], 50)
        else:
            draw_classes(axes["classes"], view)
        _draw_ways(axes["ways"], view["ways"], self.normalisation)
        return figure


def _write(ax: Axes, text: str, letters: int) -> None:
    """Text in lines of so many letters."""
    lines = textwrap.fill(text, letters)
    bare(ax).text(
        0, 1, lines, fontsize=style.TEXT, color=style.INK, va="top", transform=ax.transAxes
    )


def _draw_card(top: Axes, values: Axes, image: Image.Image | None, said: dict) -> None:
    """The image after a step, its shape, and its histogram below; or why there is none."""
    if image is None:
        bare(top, f"{said['name']}\n({said['note'].partition(':')[0]})")
        bare(values)
        return
    bare(top, f"{said['name']}\n{said['shape']}").imshow(image)
    top.set_anchor("N")
    _draw_histogram(values, said)


def _draw_ways(ax: Axes, ways: list[dict[str, str]], chosen: str) -> None:
    """The best class with each normalisation, as the page's table."""
    bare(ax)
    if not ways:
        return
    ax.set_title("Best class by normalisation, all steps in order", fontsize=style.TEXT, loc="left")
    ax.set_xlim(0, 1)
    ax.set_ylim(len(ways), 0)
    for i, way in enumerate(ways):
        weight = "bold" if way["name"] == chosen else "normal"
        ax.text(0.02, i + 0.4, way["title"], fontsize=style.TEXT, color=style.INK, weight=weight)
        ax.text(0.02, i + 0.8, way["numbers"], fontsize=style.SMALL, color=style.INK)
        best = f"{way['label']}  {way['text']}"
        ax.text(1, i + 0.4, best, fontsize=style.TEXT, color=style.INK, weight=weight, ha="right")


def _draw_histogram(ax: Axes, said: dict[str, object]) -> None:
    for color, counts in zip(CHANNELS, said["histogram"], strict=True):
        ax.plot(counts, color=color)
    style_axes(ax).set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xticks([0, BINS - 1], [said["black"], said["white"]])


def _explanation(name: str, order: Order) -> str:
    """What a step does, with its numbers."""
    own = {step.name: step.explanation for step in steps(order.wanted)} | {
        "image": "as it was opened",
        "to tensor": "(H, W, 3) becomes (3, H, W), uint8 becomes float32",
        "scale": "divide by 255: 0..255 becomes 0..1",
        "normalize": _words(order.used),
    }
    if name == "to tensor" and order.scales:
        return f"{own[name]}, 0..255 becomes 0..1"
    return own[name]


def _words(way: Normalisation) -> str:
    """The numbers of a normalisation in words."""
    return "left out: values stay as they are" if way == NOTHING else words(*way)


def _best(network: nn.Module, answer: Answer) -> dict[str, object]:
    """The five best classes, or in "answer" why there are none."""
    if answer.logits is None:
        said = f"The network stops. {answer.error}." if answer.error else answer.not_run
        return {"classes": [], "outputs": 0, "answer": said}
    return {**best_classes(network, answer.logits), "answer": ""}


def _top(best: dict[str, object]) -> dict[str, str]:
    """The best class and its probability; "–" where the output is no list of classes."""
    first = best["classes"][:1] or [{"label": "–", "text": ""}]
    return {"label": first[0]["label"], "text": first[0]["text"]}


def _text(view: dict[str, object]) -> str:
    return " ".join(view["sentences"])


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _known(what: str, name: str, choices: Sequence[str]) -> None:
    if name not in choices:
        raise CourseError(
            f"There is no {what} {name!r}.{nearest(name, choices)} There are {', '.join(choices)}."
        )


def preprocess(
    image: object = "house",
    network: str | nn.Module = "efficientnet_lite0",
    *,
    order: Sequence[str] = RIGHT,
    off: Sequence[str] = (),
    normalisation: str = "own",
    to_tensor: str = "keeps",
) -> Preprocess:
    """See an image after each step of a network's preprocessing, and what it is taken for.

    image: anything that `open_image` takes.
    network: a name of `networks()`, or any `nn.Module` that takes images.
    order, off: the six steps in any order, and those that are left out; the page can change
        both, and so the other two, which are explained at `Preprocess`.
    Raises `CourseError` for a name that there is not, or an image that is none.
    """
    chosen = {"order": ", ".join(order), "off": ", ".join(off)}
    return Preprocess(network, image, normalisation=normalisation, to_tensor=to_tensor, **chosen)
