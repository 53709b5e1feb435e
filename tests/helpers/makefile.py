"""A checkout that requires nothing, and `make` in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.helpers import ROOT


def empty_checkout(folder: Path) -> Path:
    """The Makefile with requirements files that require nothing, in a new folder."""
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "course_utils").mkdir()
    shutil.copy(ROOT / "course_utils" / "torch_index.py", folder / "course_utils")
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        (folder / name).write_text("# nothing\n")
    return folder


def make(checkout: Path, python: str = sys.executable) -> subprocess.CompletedProcess:
    """What comes of making .venv with this Python, or with the first of several."""
    command = ["make", ".venv/installed", f"PYTHON={python}"]
    outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # of the make that may have started the tests
    surroundings = {name: value for name, value in os.environ.items() if name not in outer}
    return subprocess.run(
        command, cwd=checkout, capture_output=True, text=True, timeout=120, env=surroundings
    )
