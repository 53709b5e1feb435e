"""`preprocess()`: the picture after each step on its way into a network."""

from dataclasses import replace

import numpy as np
import torch
import traitlets as t
from matplotlib.axes import Axes
from PIL import Image
from torch import nn

from ..activations import input_channels, predicting, run
from ..errors import CourseError, nearest
from ..figures.style import INK, SMALL, TEXT, CourseFigure, bare, headline, short, style_axes
from ..preprocessing import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    Preprocessing,
    normalize,
    run_steps,
    steps,
)
from .base import MEGABYTE, Panel, Recent, best_classes, fitting, javascript
from .stills import CHANNELS, draw_classes

THUMBNAIL = 320  # longest side of a picture in the page, in pixels
BINS = 48
TITLES = {"own": "the network's own", "imagenet": "ImageNet's", "none": "none"}

PREDICTIONS = Recent(MEGABYTE, lambda by_normalisation: 2048)  # about 500 pictures


def normalisations(preprocessing: Preprocessing) -> dict[str, Preprocessing]:
    """The three ways to normalise that one can choose from."""
    return {
        "own": preprocessing,
        "imagenet": replace(preprocessing, mean=IMAGENET_MEAN, std=IMAGENET_STD),
        "none": replace(preprocessing, mean=(0.0,) * 3, std=(1.0,) * 3),
    }


def predictions(network: nn.Module, x: torch.Tensor, ways: list[Preprocessing]) -> list[dict]:
    """The five best classes for `x` `(3, H, W)`, values 0..1, normalised in each of the ways."""
    batch = torch.stack([normalize(x, way.mean, way.std) for way in ways])
    if input_channels(network) == 1:
        batch = batch.mean(dim=1, keepdim=True)
    with predicting(network):
        scores = run(network, batch)
    return [best_classes(network, scores[i : i + 1]) for i in range(len(ways))]


def describe(result: Image.Image | torch.Tensor) -> tuple[Image.Image, dict[str, object]]:
    """The result of a step as a small picture, and what there is to say about its values.

    "black" and "white": the values at the ends of picture and histogram. "zero": where zero is
    between them, 0..1, None if it is at an end or outside.
    """
    tensor = isinstance(result, torch.Tensor)
    values = result.numpy() if tensor else np.asarray(result)
    low, high = _ends(values)
    channels = values.reshape(3, -1) if tensor else values.reshape(-1, 3).T
    picture = thumbnail(result, low, high)
    return picture, {
        "height": picture.height,
        "width": picture.width,
        "shape": f"({', '.join(map(str, values.shape))})",
        "type": "tensor, float32" if tensor else "PIL image, uint8",
        "min": short(float(values.min()), 3),
        "max": short(float(values.max()), 3),
        "mean": short(float(values.mean()), 3),
        "black": short(low, 3),
        "white": short(high, 3),
        "histogram": [np.histogram(c, BINS, (low, high))[0].tolist() for c in channels],
        "zero": -low / (high - low) if low < 0 < high else None,
    }


def _ends(values: np.ndarray) -> tuple[float, float]:
    """What is drawn black and what white: 0..255, 0..1, or else the lowest and highest value."""
    if values.dtype == np.uint8:
        return 0.0, 255.0
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    return low, max(high, low + 1e-6)  # a picture of one colour


def thumbnail(result: Image.Image | torch.Tensor, low: float, high: float) -> Image.Image:
    """The result of a step as a small picture: `low` is black, `high` is white."""
    if isinstance(result, torch.Tensor):
        x = (result.reshape(3, *result.shape[-2:]) - low) / (high - low)
        result = Image.fromarray((x * 255).round().byte().permute(1, 2, 0).numpy())
    picture = result.copy()
    picture.thumbnail((THUMBNAIL, THUMBNAIL))
    return picture


class Preprocess(Panel):
    """What `preprocess()` returns. normalisation: "own", "imagenet" or "none"."""

    _esm = javascript("preprocess.js")
    WATCHED = (*Panel.WATCHED, "normalisation")

    normalisation = t.Unicode("own").tag(sync=True)
    pixels = t.Bytes().tag(sync=True)  # the pictures of all steps, RGB, one after the other

    def _compute(self) -> dict[str, object]:
        (network_key, network), (picture_key, picture) = self._network(), self._picture()
        ways = normalisations(fitting(network))
        if self.normalisation not in ways:
            raise CourseError(
                f"There is no normalisation {self.normalisation!r}."
                f"{nearest(self.normalisation, ways)} There are {', '.join(ways)}."
            )
        chosen = steps(ways[self.normalisation])
        results = run_steps(picture, chosen)
        x = dict(results)["to tensor"]
        best = PREDICTIONS.get(
            (network_key, picture_key), lambda: predictions(network, x, list(ways.values()))
        )
        by_way = dict(zip(ways, best, strict=True))
        explanations = {step.name: step.explanation for step in chosen} | {
            "picture": "as it was opened",
            "normalize": _words(ways[self.normalisation]),
        }
        cards = [describe(result) for _, result in results]
        self._thumbnails = [picture for picture, _ in cards]
        return {
            "pixels": b"".join(np.asarray(picture).tobytes() for picture in self._thumbnails),
            "view": {
                **self._header(network),
                **by_way[self.normalisation],
                "steps": [
                    {"name": name, "explanation": explanations[name], **said}
                    for (name, _), (_, said) in zip(results, cards, strict=True)
                ],
                "ways": [
                    {"name": n, "title": TITLES[n], "numbers": _words(way), **_top(by_way[n])}
                    for n, way in ways.items()
                ],
            },
        }

    def __repr__(self) -> str:
        view = self.view
        return (
            f"preprocess: {self.picture} for {view['title']} ({view['status']}), normalisation "
            f"{self.normalisation}: {' → '.join(step['shape'] for step in view['steps'])}"
        )

    def still(self) -> CourseFigure:
        """The picture after each step and the five best classes, as a figure."""
        view = self.view
        figure = CourseFigure(6.2, repr(self), width=13)
        way = TITLES[self.normalisation]
        title = f"{self.picture} for {view['title']} ({view['status']}) · normalisation: {way}"
        headline(figure, title)
        names = [said["name"] for said in view["steps"]]
        rows = [names, [f"{name} values" for name in names], ["classes"] * 3 + ["ways"] * 3]
        axes = figure.subplot_mosaic(rows, height_ratios=(3, 1.5, 3.5))
        for picture, said in zip(self._thumbnails, view["steps"], strict=True):
            ax = bare(axes[said["name"]], f"{said['name']}\n{said['shape']}")
            ax.imshow(picture)
            ax.set_anchor("N")
            _draw_histogram(axes[f"{said['name']} values"], said)
        draw_classes(axes["classes"], view)
        _draw_ways(axes["ways"], view["ways"], self.normalisation)
        return figure


def _draw_ways(ax: Axes, ways: list[dict[str, str]], chosen: str) -> None:
    """The best class with each normalisation, as the page's table."""
    bare(ax).set_title("Best class by normalisation", fontsize=TEXT, color=INK, loc="left")
    ax.set_xlim(0, 1)
    ax.set_ylim(3, 0)
    for i, way in enumerate(ways):
        weight = "bold" if way["name"] == chosen else "normal"
        ax.text(0.02, i + 0.3, way["title"], fontsize=TEXT, color=INK, weight=weight)
        ax.text(0.02, i + 0.62, way["numbers"], fontsize=SMALL, color=INK)
        best = f"{way['label']}  {way['text']}"
        ax.text(1, i + 0.3, best, fontsize=TEXT, color=INK, weight=weight, ha="right")


def _draw_histogram(ax: Axes, said: dict[str, object]) -> None:
    for color, counts in zip(CHANNELS, said["histogram"], strict=True):
        ax.plot(counts, color=color)
    style_axes(ax).set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xticks([0, BINS - 1], [said["black"], said["white"]])


def _words(way: Preprocessing) -> str:
    """The numbers of a normalisation in words."""
    if way.mean == (0.0,) * 3 and way.std == (1.0,) * 3:
        return "left out: values stay as they are"
    mean, std = (", ".join(f"{v:g}" for v in dict.fromkeys(v)) for v in (way.mean, way.std))
    return f"mean {mean}; std {std}"


def _top(best: dict[str, object]) -> dict[str, str]:
    """The best class and its probability; "–" where the output is no list of classes."""
    first = best["classes"][:1] or [{"label": "–", "text": ""}]
    return {"label": first[0]["label"], "text": first[0]["text"]}


def preprocess(
    picture: object = "house", network: str | nn.Module = "efficientnet_lite0"
) -> Preprocess:
    """See a picture after each step of a network's preprocessing, and what it is taken for.

    picture: anything that `open_image` takes.
    network: a name of `networks()`, or any `nn.Module` that takes pictures.
    Raises `CourseError` for a name that there is not, or a picture that is none.
    """
    return Preprocess(network, picture)
