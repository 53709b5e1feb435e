"""The build of PyTorch that is chosen is installed, from an index on 127.0.0.1 with stand-ins."""

import os
import subprocess
import sys

import pytest

from tests.helpers.makefile import empty_checkout
from tests.helpers.wheel_index import VERSION, address, serving


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.mark.timeout(300)
def test_make_installs_the_build_that_is_chosen_and_asks_no_second_time(server, tmp_path):
    checkout = empty_checkout(tmp_path / "course")
    (checkout / "requirements.txt").write_text(f"torch=={VERSION}\n")
    own = {"PIP_INDEX_URL": address(server, "usual"), "TORCH": address(server, "cpu")}
    own |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    around = {name: value for name, value in os.environ.items() if name not in outer}
    command = ["make", ".venv/installed", f"PYTHON={sys.executable}"]

    def install() -> str:
        done = subprocess.run(
            command, cwd=checkout, env=around | own, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        listed = [".venv/bin/python", "-m", "pip", "freeze"]
        return subprocess.run(listed, cwd=checkout, capture_output=True, text=True).stdout

    assert f"torch=={VERSION}+cpu" in install()
    server.asked.clear()
    assert f"torch=={VERSION}+cpu" in install()
    assert server.asked == []
