"""`preprocess()`: the picture after each step on its way into a network."""

from dataclasses import replace

import numpy as np
import torch
import traitlets as t
from matplotlib.axes import Axes
from PIL import Image
from torch import nn

from ..classification import top_classes
from ..errors import CourseError, nearest
from ..figures.style import INK, SMALL, TEXT, CourseFigure, bare, headline, short, style_axes
from ..networks import info
from ..preprocessing import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    Preprocessing,
    normalize,
    run_steps,
    steps,
)
from .base import MEGABYTE, Panel, Recent, fitting, input_channels, javascript
from .stills import CHANNELS, Classes, draw_classes, percent

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


def predictions(network: nn.Module, x: torch.Tensor, p: Preprocessing) -> dict[str, Classes]:
    """The five best classes for each normalisation of `x` `(3, H, W)`, values 0..1."""
    ways = normalisations(p)
    batch = torch.stack([normalize(x, way.mean, way.std) for way in ways.values()])
    if input_channels(network) == 1:
        batch = batch.mean(dim=1, keepdim=True)
    training = network.training
    network.eval()
    try:
        with torch.no_grad():
            scores = network(batch)
    finally:
        network.train(training)
    return {way: top_classes(network, scores[i : i + 1]) for i, way in enumerate(ways)}


def describe(result: Image.Image | torch.Tensor) -> dict[str, object]:
    """What there is to say about the result of a step: shape, type, values, histogram."""
    tensor = isinstance(result, torch.Tensor)
    values = result.numpy() if tensor else np.asarray(result).transpose(2, 0, 1)
    low, high = (float(values.min()), float(values.max())) if tensor else (0.0, 255.0)
    if tensor and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    low, high = (low, high) if low < high else (low, low + 1)
    channels = values.reshape(3, -1)
    return {
        "shape": "(" + ", ".join(map(str, values.shape if tensor else np.shape(result))) + ")",
        "type": "tensor, float32" if tensor else "PIL image, uint8",
        "min": short(float(values.min()), 3),
        "max": short(float(values.max()), 3),
        "mean": short(float(values.mean()), 3),
        "black": short(low, 3),
        "white": short(high, 3),
        "histogram": [np.histogram(c, BINS, (low, high))[0].tolist() for c in channels],
        "zero": -low / (high - low) if low < 0 < high else None,
        "_low": low,
        "_high": high,
    }


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
        own = fitting(network)
        chosen = normalisations(own).get(self.normalisation)
        if chosen is None:
            raise CourseError(
                f"There is no normalisation {self.normalisation!r}."
                f"{nearest(self.normalisation, TITLES)} There are {', '.join(TITLES)}."
            )
        results = run_steps(picture, steps(chosen))
        classes = PREDICTIONS.get(
            (network_key, picture_key),
            lambda: predictions(network, dict(results)["to tensor"], own),
        )
        known = info(network)
        words = {step.name: step.explanation for step in steps(chosen)}
        words |= {"picture": "as it was opened", "normalize": _words(chosen)}
        self._steps, self._classes = [], classes[self.normalisation]
        for name, result in results:
            said = describe(result)
            small = thumbnail(result, said.pop("_low"), said.pop("_high"))
            self._steps.append((small, {"name": name, "explanation": words[name], **said}))
        return {
            "pixels": b"".join(np.asarray(small).tobytes() for small, _ in self._steps),
            "view": {
                "title": known.title,
                "status": known.status,
                "trained": known.trained,
                "picture": self.picture,
                "normalisation": self.normalisation,
                "steps": [
                    {**said, "height": small.height, "width": small.width}
                    for small, said in self._steps
                ],
                "ways": [
                    {
                        "name": name,
                        "title": TITLES[name],
                        "numbers": _words(way),
                        "label": _plain(classes[name])[0][0],
                        "text": percent(classes[name][0][1]),
                    }
                    for name, way in normalisations(own).items()
                ],
                "classes": [
                    {"label": label, "share": share, "text": percent(share)}
                    for label, share in _plain(self._classes)
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
        names = [said["name"] for _, said in self._steps]
        rows = [names, [f"{name} values" for name in names], ["classes"] * 3 + ["ways"] * 3]
        axes = figure.subplot_mosaic(rows, height_ratios=(3, 1.5, 3.5))
        for small, said in self._steps:
            ax = bare(axes[said["name"]], f"{said['name']}\n{said['shape']}")
            ax.imshow(small)
            ax.set_anchor("N")
            _draw_histogram(axes[f"{said['name']} values"], said)
        draw_classes(axes["classes"], _plain(self._classes), view["trained"])
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


def _plain(classes: Classes) -> Classes:
    """That classes are untrained is said once, above them."""
    return [(label.removesuffix(" (untrained)"), share) for label, share in classes]


def preprocess(
    picture: object = "house", network: str | nn.Module = "efficientnet_lite0"
) -> Preprocess:
    """See a picture after each step of a network's preprocessing, and what it is taken for.

    picture: anything that `open_image` takes.
    network: a name of `networks()`, or any `nn.Module` that takes pictures.
    Raises `CourseError` for a name that there is not, or a picture that is none.
    """
    return Preprocess(network, picture)
