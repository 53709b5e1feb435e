"""The lessons, cell by cell, and what nbval compares of them."""

import re
from collections.abc import Sequence
from functools import cache

import nbformat
import pytest

from tests.helpers import ROOT

FOLDER = ROOT / "notebooks"
LESSONS = (
    "01_cnn_backbones",
    "02_lenet",
    "03_alexnet",
    "04_vgg",
    "05_preprocessing",
    "06_cifar10",
    "07_training",
    "08_backbone_at_work",
    "09_choosing",
)
IGNORED = "nbval-ignore-output"  # a tag that nbval knows; "differs" beside it says why

every_lesson = pytest.mark.parametrize("name", LESSONS)


@cache
def lesson(name: str) -> nbformat.NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)


def cells(name: str, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in lesson(name).cells if cell.cell_type == kind]


def prose(name: str) -> str:
    return "\n\n".join(cell.source for cell in cells(name, "markdown"))


def predictions(name: str) -> list[str]:
    """The names of the predictions that a lesson asks for, in its order."""
    found = (re.search(r'^predict\("(\d\d\.\w+)"\)', c.source, re.M) for c in cells(name, "code"))
    return [call[1] for call in found if call]


def outputs(name: str) -> list[nbformat.NotebookNode]:
    return [output for cell in cells(name, "code") for output in cell.outputs]


def printed(name: str) -> str:
    """All that the cells of a lesson print or return as text."""
    return "\n".join(
        o.get("text") or o.get("data", {}).get("text/plain", "") for o in outputs(name)
    )


def with_text(name: str) -> tuple[int, int]:
    """How many code cells of a lesson put out text, and how many of these nbval compares."""
    found = [cell for cell in cells(name, "code") if any(map(is_text, cell.outputs))]
    return len(found), sum(not is_ignored(cell) for cell in found)


def takes_cifar10(name: str) -> bool:
    """Whether a lesson loads CIFAR-10 itself, so that what it puts out is not the stand-in's."""
    call = re.compile(r"load_cifar10\((?![^)]*stand-in)")
    return any(call.search(cell.source) for cell in cells(name, "code"))


def compared(on_stand_in: Sequence[str] = ()) -> list[str]:
    """For the end of a run of the tests: the share that nbval compares, and the exceptions.

    on_stand_in: the lessons that ran without CIFAR-10.
    """
    everything = sum(with_text(name)[0] for name in LESSONS)
    kept = sum(with_text(name)[1] for name in LESSONS if name not in on_stand_in)
    lines = [
        f"nbval compares {kept} of {everything} cells with text output ({kept / everything:.0%})"
    ]
    if on_stand_in:
        lines.append(
            f"{', '.join(on_stand_in)} ran on the stand-in for CIFAR-10: their outputs were not "
            "compared. `make weights NAMES=cifar10` fetches the real images (170 MB)."
        )
    for name in LESSONS:
        for cell in cells(name, "code"):
            if is_ignored(cell):
                reason = cell.metadata["differs"]
                lines.append(f"  not {name}, cell {cell.execution_count}: {reason}")
    return lines


def is_ignored(cell: nbformat.NotebookNode) -> bool:
    """Whether nbval leaves out what a cell prints."""
    return IGNORED in cell.metadata.get("tags", ())


def is_text(output: dict) -> bool:
    return output.output_type == "stream" or "text/plain" in output.get("data", {})
