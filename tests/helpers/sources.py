"""The files of the project, and what its Python files import."""

import ast
import json
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.helpers import ROOT

PACKAGE = ROOT / "course_utils"


class Import(NamedTuple):
    """`from module import name`; or `import module`, then `name` is empty. Never relative."""

    module: str
    name: str


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that belongs to the project, committed or about to be."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout: its files cannot be listed")
    paths = {ROOT / name for name in done.stdout.split("\0") if name}
    return tuple(sorted(path for path in paths if path.is_file()))


def within(*folders: str, ending: str = ".py") -> list[Path]:
    """The project's files with this ending in some of its folders."""
    return [
        path
        for path in project_files()
        if path.suffix == ending and path.relative_to(ROOT).parts[0] in folders
    ]


def shown(path: Path) -> str:
    """A file's path in the project, as messages have it."""
    return path.relative_to(ROOT).as_posix()


def _code_of(path: Path) -> str:
    """The Python of a module, or of a notebook's code cells without IPython's own lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = (cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")
    lines = "\n".join("".join(cell["source"]) for cell in cells).splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a module or a notebook."""
    return ast.parse(_code_of(path))


def module_of(path: Path) -> tuple[str, ...]:
    """The parts of a module's name: ("course_utils", "networks", "vgg")."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """Everything that a module or a notebook imports, wherever in its code."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[Import]:
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            yield from (Import(module, alias.name) for alias in node.names)
