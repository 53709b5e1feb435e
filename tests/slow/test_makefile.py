"""make sets itself up once, and again when it must: five environments, one after the other."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers.makefile import empty_checkout, make

if shutil.which("make") is None:
    pytest.skip("there is no make on this machine", allow_module_level=True)


def works(checkout: Path) -> bool:
    done = subprocess.run([checkout / ".venv/bin/python", "-c", "import pip"], capture_output=True)
    return done.returncode == 0


def installed(checkout: Path) -> bool:
    """Whether make has something to do, does it, and .venv works afterwards."""
    done = make(checkout)
    assert done.returncode == 0, done.stderr
    assert works(checkout)
    return "up to date" not in done.stdout


@pytest.mark.timeout(600)
def test_it_installs_once_and_again_when_what_it_rests_on_changes(tmp_path):
    checkout = empty_checkout(tmp_path / "my course")  # with a space in its name
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
