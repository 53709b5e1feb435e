"""`browse()`: look through a data set, class by class."""

import numpy as np
import torch
import traitlets as t

from ..cifar10 import Cifar10, load_cifar10
from ..errors import CourseError, nearest
from ..figures import pictures
from ..figures.style import CourseFigure
from .base import CourseWidget, css, javascript

COLUMNS, ROWS = 12, 5  # pictures on a page
ALL = "all classes"


class Browse(CourseWidget):
    """Pages of pictures, of all classes or of one.

    chosen: the name of a class, or "all classes"; page: from 0. Setting them shows it, as the
        controls in the page do; a page that there is not becomes the nearest one.
    pixels: the pictures of the page, side by side, RGB bytes. view: what is said about them.
    """

    _esm = javascript("browse.js")
    _css = css("browse.css")
    KEPT = ("chosen",)

    chosen = t.Unicode(ALL).tag(sync=True)
    page = t.Int(0).tag(sync=True)
    view = t.Dict().tag(sync=True)
    pixels = t.Bytes().tag(sync=True)

    def __init__(self, data: Cifar10, chosen: str = ALL) -> None:
        self.data = data
        super().__init__(chosen=chosen)
        self._show()
        self.observe(self._turned_to_another_class, "chosen")
        self.observe(self._show, "page")

    @t.validate("chosen")
    def _known(self, proposal: dict) -> str:
        names = (ALL, *self.data.classes)
        if proposal["value"] not in names:
            raise CourseError(
                f"There is no class {proposal['value']!r}.{nearest(proposal['value'], names)} "
                f"There are {', '.join(names)}."
            )
        return proposal["value"]

    @t.validate("page")
    def _within(self, proposal: dict) -> int:
        return min(max(proposal["value"], 0), self._pages() - 1)

    def indices(self) -> torch.Tensor:
        """Where the pictures of the chosen class are in the data set, int64."""
        if self.chosen == ALL:
            return torch.arange(len(self.data))
        return (self.data.labels == self.data.classes.index(self.chosen)).nonzero().flatten()

    def _pages(self) -> int:
        return max(1, -(-len(self.indices()) // (COLUMNS * ROWS)))

    def _turned_to_another_class(self, change: object) -> None:
        with self.hold_sync():
            self.page = 0
            self._show()

    def _show(self, change: object = None) -> None:
        first = self.page * COLUMNS * ROWS
        shown = self.indices()[first : first + COLUMNS * ROWS]
        with self.hold_sync():
            self.pixels = mosaic(self.data.images[shown]).tobytes()
            self.view = {
                "title": self.data.title,
                "split": self.data.split,
                "choices": [ALL, *self.data.classes],
                "pages": self._pages(),
                "columns": COLUMNS,
                "rows": ROWS,
                "indices": shown.tolist(),
                "labels": [self.data.classes[label] for label in self.data.labels[shown]],
            }

    def __repr__(self) -> str:
        place = f"{self.chosen}, page {self.page + 1} of {self._pages():,}"
        return f"browse: {place} ({self.data.title})"

    def still(self) -> CourseFigure:
        """The page that is shown, as a figure."""
        height = ROWS * 32
        shown = np.frombuffer(self.pixels, np.uint8).reshape(height, COLUMNS * 32, 3)
        figure = pictures([shown], caption=self.data.title)
        figure.alt = repr(self)
        return figure


def mosaic(images: torch.Tensor) -> np.ndarray:
    """Pictures uint8 `(n, 3, 32, 32)` side by side: `(ROWS × 32, COLUMNS × 32, 3)`, rest white."""
    places = np.full((ROWS * COLUMNS, 32, 32, 3), 255, np.uint8)
    places[: len(images)] = images.permute(0, 2, 3, 1)
    grid = places.reshape(ROWS, COLUMNS, 32, 32, 3).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(grid).reshape(ROWS * 32, COLUMNS * 32, 3)


def browse(data: Cifar10 | str = "train", chosen: str = ALL) -> Browse:
    """Look through the pictures of a data set, page by page and class by class.

    data: what `load_cifar10` gives, or the name of its split. chosen: a class to begin with.
    Raises `CourseError` for a class or a split that there is not.
    """
    return Browse(load_cifar10(data) if isinstance(data, str) else data, chosen)
