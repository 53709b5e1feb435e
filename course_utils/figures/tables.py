"""Numbers in cells: for sums by hand, and as plain text."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..errors import CourseError
from .style import (
    INK,
    PALE,
    SIGNED,
    TEXT,
    WIDTH,
    CourseFigure,
    Numbers,
    array,
    bare,
    prefix,
    short,
)

Window = tuple[int, int, int, int]


def number_grid(matrix: Numbers, title: str = "", white: float | None = None) -> CourseFigure:
    """The numbers of a matrix `(H, W)` in cells. White is zero, red above, blue below.

    white: for a grey image, the value that is white; 0 is black.
    """
    return number_grids({title: matrix}, images={} if white is None else {title: white})


def number_grids(
    matrices: Mapping[str, Numbers],
    highlights: Mapping[str, Window] | None = None,
    title: str = "",
    images: Mapping[str, float] | None = None,
) -> CourseFigure:
    """Several matrices side by side: `{"image": x, "kernel": k, "result": y}`.

    highlights: for some of the names a window (row, column, height, width) to frame, counted
        from 0.
    images: those of the names that are grey images, with the value that is white; 0 is black. In
        the other matrices white is zero, red above, blue below.
    """
    tables = {name: _matrix(matrix, name) for name, matrix in matrices.items()}
    alt = "; ".join(_matrix_text(name, table) for name, table in tables.items())
    columns = sum(table.shape[1] for table in tables.values()) + len(tables) - 1
    rows = max(len(table) for table in tables.values())
    cell = min(0.6, (WIDTH - 0.2) / columns)  # inches
    height = cell * (rows + 0.7) + 0.4 * bool(title)
    figure = CourseFigure(height, alt, max(cell * columns + 0.2, 3.0), title)
    ax = bare(figure.subplots())
    left = 0
    for name, table in tables.items():
        tints = _tints(table, (images or {}).get(name))
        _draw_matrix(ax, left, table, tints, name, (highlights or {}).get(name))
        left += table.shape[1] + 1  # one empty column between two matrices
    ax.set_anchor("W")
    ax.set(xlim=(-0.05, left - 0.95), ylim=(rows + 0.05, -0.65), aspect="equal")
    return figure


def text_table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows that share their keys as an aligned table; numbers stand at the right.

    Whole numbers get thousands separators, others four significant digits.
    """
    if not rows:
        raise CourseError("There is no row to print: the table is empty.")
    names = list(rows[0])
    cells = [names, *([_cell(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    right = [all(_is_number(row.get(name)) for row in rows) for name in names]
    for number, line in enumerate(cells):
        print("  ".join(map(_align, line, widths, right)).rstrip())
        if number == 0:
            print("  ".join("─" * width for width in widths))


def _align(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _matrix(matrix: Numbers, name: str) -> np.ndarray:
    values = array(matrix, f"The matrix {name!r}" if name else "The matrix")
    if values.ndim != 2:
        values = values.squeeze()  # (1, 1, H, W) is what a convolution gives
    if values.ndim != 2:
        raise CourseError(
            f"A grid of numbers shows a matrix (H, W); this has {values.ndim} dimensions. "
            "Choose one feature map: x[0, 0]."
        )
    if max(values.shape) > 16:
        raise CourseError(
            f"{_size(values)} numbers are too many to read: cut a part out, x[:8, :8]."
        )
    return values


def _tints(table: np.ndarray, white: float | None) -> np.ndarray:
    """The colour of each cell, `(H, W, 4)`: greys for an image, else pale reds and blues."""
    if white is not None:
        return colormaps["gray"]((table / white).clip(0, 1))
    limit = np.abs(table).max() or 1
    return colormaps[SIGNED](0.5 + 0.2 * table / limit)  # pale, so that the numbers stand out


def _draw_matrix(
    ax: Axes,
    left: int,
    table: np.ndarray,
    tints: np.ndarray,
    name: str,
    highlight: Window | None,
) -> None:
    """A matrix whose upper left corner is at (left, 0); one cell is one unit."""
    ax.text(left, -0.15, name, fontsize=TEXT, color=INK)
    for (row, column), value in np.ndenumerate(table):
        x, color = left + column, tints[row, column]
        ax.add_patch(Rectangle((x, row), 1, 1, facecolor=color, edgecolor=PALE))
        ink = INK if color[:3].mean() > 0.45 else "white"
        where: dict[str, Any] = {"ha": "center", "va": "center", "color": ink}
        ax.text(x + 0.5, row + 0.5, short(value, 3), **where, fontsize=TEXT)
    if highlight is not None:
        row, column, height, width = highlight
        corner = (left + column, row)
        for edge, line in (("white", 6), (INK, 3)):  # seen on black cells and on white ones
            frame = Rectangle(corner, width, height, fill=False, edgecolor=edge, linewidth=line)
            ax.add_patch(frame)


def _matrix_text(name: str, table: np.ndarray) -> str:
    text = f"{prefix(name)}{_size(table)} numbers"
    if table.size > 36:
        return text
    return f"{text}: {' | '.join(' '.join(short(v, 3) for v in row) for row in table)}"


def _size(table: np.ndarray) -> str:
    return f"{table.shape[0]} × {table.shape[1]}"
