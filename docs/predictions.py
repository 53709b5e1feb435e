"""Predictions on a page: what answers them is folded away.

player.js unfolds it once the reader has chosen; without JavaScript each part opens with a click.
"""

import re
from collections.abc import Callable

import nbformat
from nbformat import NotebookNode

from course_utils.exercises import PREDICTIONS

CHOICE = re.compile(r'^predict\("(\d\d\.\w+)"\)', re.MULTILINE)


def folded(cells: list[NotebookNode], aside: Callable[[str], str]) -> list[NotebookNode]:
    """The cells of a notebook, with folded outputs after each prediction.

    aside: puts HTML aside and gives the mark in whose place the page has it.
    """

    def put(html: str) -> NotebookNode:
        return nbformat.v4.new_raw_cell(aside(html))

    done, cells = [], [*cells]
    while cells:
        done.append(cell := cells.pop(0))
        found = CHOICE.search(cell.source) if cell.cell_type == "code" else None
        if found and found[1] in PREDICTIONS:
            while cells and cells[0].cell_type == "code":
                done += _with_folded_outputs(cells.pop(0), put)
    return done


def _with_folded_outputs(
    cell: NotebookNode, put: Callable[[str], NotebookNode]
) -> list[NotebookNode]:
    """The code as it is, then what it puts out, in a <details> of its own."""
    if not cell.outputs:
        return [cell]
    outputs = nbformat.v4.new_code_cell(
        outputs=cell.outputs, metadata={"transient": {"remove_source": True}}
    )
    cell.outputs = []
    return [cell, put("<details><summary>What comes out</summary>"), outputs, put("</details>")]
