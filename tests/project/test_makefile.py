"""make sets itself up once, again when it must, and says what is missing in one sentence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import ROOT

if shutil.which("make") is None:
    pytest.skip("there is no make on this machine", allow_module_level=True)


@pytest.fixture
def checkout(tmp_path):
    """A checkout that requires nothing, in a folder with a space in its name."""
    folder = tmp_path / "my course"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        (folder / name).write_text("# nothing\n")
    return folder


def make(checkout: Path, python: str = sys.executable) -> subprocess.CompletedProcess:
    command = ["make", ".venv/installed", f"PYTHON={python}"]
    outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # of the make that may have started the tests
    surroundings = {name: value for name, value in os.environ.items() if name not in outer}
    return subprocess.run(
        command, cwd=checkout, capture_output=True, text=True, timeout=120, env=surroundings
    )


def works(checkout: Path) -> bool:
    done = subprocess.run([checkout / ".venv/bin/python", "-c", "import pip"], capture_output=True)
    return done.returncode == 0


def installed(checkout: Path) -> bool:
    """Whether make has something to do, does it, and .venv works afterwards."""
    done = make(checkout)
    assert done.returncode == 0, done.stderr
    assert works(checkout)
    return "up to date" not in done.stdout


def test_it_installs_once_and_again_when_what_it_rests_on_changes(checkout):
    assert installed(checkout)
    (checkout / "requirements.txt").touch()
    assert not installed(checkout)

    (checkout / "requirements.txt").write_text("# nothing else\n")
    assert installed(checkout)

    (checkout / "requirements.txt").write_text("no such package\n")
    assert make(checkout).returncode != 0
    (checkout / "requirements.txt").write_text("# nothing else\n")
    assert installed(checkout), "after a set-up that broke off"

    moved = checkout.rename(checkout.with_name("moved course"))
    assert installed(moved)
    assert not installed(moved)

    for python in (moved / ".venv/bin").glob("python*"):
        python.unlink()
    assert installed(moved), "after its Python was removed"


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("exit 127", "found no Python"),
        ('case "$2" in *ensurepip,*) exit 1;; *) echo Python 3.9.2;; esac', "found Python 3.9.2"),
    ],
)
def test_without_a_fitting_python_it_says_in_one_sentence_what_to_install(checkout, script, found):
    python = checkout.parent / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    done = make(checkout, str(python))
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Please install Python 3.11, 3.12, 3.13 or 3.14 with its venv module" in done.stderr
    assert found in done.stderr
