"""The still image of `preprocess()`."""

import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from PIL import Image

from ...figures import CourseFigure, bare, headline, style, style_axes
from ..shared.stills import CHANNELS, draw_classes
from .cards import BINS
from .normalisation import TITLES


def draw(
    view: dict[str, Any], images: Sequence[Image.Image | None], way: str, alt: str
) -> CourseFigure:
    """The image after each step, what is wrong, and the five best classes.

    images: small ones, one for each step; way: the normalisation; alt: the alternative text.
    """
    figure = CourseFigure(7.2, alt, width=13)
    network = f"{view['title']} ({view['status']})"
    headline(figure, f"{view['image']} for {network} · normalisation: {TITLES[way]}")
    names = [card["name"] for card in view["steps"]]
    below = ["classes"] * 3 + ["ways"] * 4
    rows: list[Any] = [names, [f"{name} values" for name in names], ["verdict"] * 7, below]
    axes = figure.subplot_mosaic(rows, height_ratios=[2.4, 1.3, 1.4, 3.5])
    for image, card in zip(images, view["steps"], strict=True):
        _draw_card(axes[card["name"]], axes[f"{card['name']} values"], image, card)
    _write(axes["verdict"], f"{view['heading']}. {' '.join(view['sentences'])}", 125)
    if view["answer"]:
        _write(axes["classes"], view["answer"], 50)
    else:
        draw_classes(axes["classes"], view)
    _draw_ways(axes["ways"], view["ways"], way)
    return figure


def _write(ax: Axes, text: str, letters: int) -> None:
    """Text in lines of so many letters."""
    lines = textwrap.fill(text, letters)
    bare(ax).text(
        0, 1, lines, fontsize=style.TEXT, color=style.INK, va="top", transform=ax.transAxes
    )


def _draw_card(top: Axes, values: Axes, image: Image.Image | None, said: dict[str, Any]) -> None:
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


def _draw_histogram(ax: Axes, said: dict[str, Any]) -> None:
    colors = CHANNELS if len(said["histogram"]) == 3 else (style.INK,)
    for color, counts in zip(colors, said["histogram"], strict=True):
        ax.plot(counts, color=color)
    style_axes(ax).set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xticks([0, BINS - 1], [said["black"], said["white"]])
