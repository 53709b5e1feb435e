"""The build of PyTorch that `make lab` installs, with an index on 127.0.0.1 and stand-in wheels."""

import io
import os
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from course_utils import torch_index
from course_utils.torch_index import index_for, main
from tests.helpers.makefile import empty_checkout
from tests.helpers.server import running

VERSION = "9.9.1"


def wheel(version: str) -> bytes:
    """A package named torch that holds nothing."""
    about = f"torch-{version}.dist-info"
    files = {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


class Index(BaseHTTPRequestHandler):
    """/usual/ has the usual build, /cpu/ the one for processors, /slow/ takes its time."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        part = self.path.split("/")[1]
        if part == "slow":
            time.sleep(3)
        version = VERSION if part == "usual" else f"{VERSION}+cpu"
        name = f"torch-{version}-py3-none-any.whl"
        page = f'<a href="/{part}/{name.replace("+", "%2B")}">{name}</a>'.encode()
        content = wheel(version) if self.path.endswith(".whl") else page
        self.send_response(200)
        kind = "application/zip" if self.path.endswith(".whl") else "text/html"
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    server.asked = []
    with running(server):
        yield server


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def plain_linux(monkeypatch):
    """A laptop with Linux and no NVIDIA GPU, whatever runs the tests."""
    monkeypatch.setattr(torch_index, "is_plain_linux", lambda: True)
    monkeypatch.setattr(torch_index, "has_nvidia", lambda: False)


def address(server, part: str) -> str:
    return f"http://127.0.0.1:{server.server_port}/{part}"


def test_without_a_gpu_the_cpu_build_is_chosen(server, plain_linux):
    index, said = index_for(VERSION, "", address(server, "cpu"))
    assert index == address(server, "cpu")
    assert said == "No NVIDIA GPU: the CPU build of PyTorch (TORCH=cuda for CUDA)."
    assert server.asked == ["/cpu/torch/"]


@pytest.mark.parametrize("what", ["a GPU", "another system", "TORCH=cuda"])
def test_otherwise_nothing_is_asked(server, plain_linux, monkeypatch, what):
    if what == "a GPU":
        monkeypatch.setattr(torch_index, "has_nvidia", lambda: True)
    if what == "another system":
        monkeypatch.setattr(torch_index, "is_plain_linux", lambda: False)
    wanted = "cuda" if what == "TORCH=cuda" else ""
    assert index_for(VERSION, wanted, address(server, "cpu")) == ("", "")
    assert server.asked == []


def test_cpu_and_an_index_of_ones_own_are_taken_on_any_machine(server, monkeypatch):
    monkeypatch.setattr(torch_index, "has_nvidia", lambda: True)
    assert index_for(VERSION, "cpu", address(server, "cpu")) == (address(server, "cpu"), "")
    assert index_for(VERSION, address(server, "mine")) == (address(server, "mine"), "")


@pytest.mark.parametrize("fault", ["unreachable", "slow", "no address"])
def test_an_index_that_does_not_answer_in_time_is_left_alone(
    server, plain_linux, monkeypatch, fault
):
    monkeypatch.setattr(torch_index, "PATIENCE", 0.3)
    there = {"unreachable": "http://127.0.0.1:9/cpu", "slow": address(server, "slow")}
    start = time.perf_counter()
    index, said = index_for(VERSION, "", there.get(fault, "cpu builds"))
    assert time.perf_counter() - start < 2
    assert index == ""
    assert "does not answer: the usual build of PyTorch is installed" in said


def test_an_index_without_the_version_is_left_alone(server, plain_linux):
    index, said = index_for("1.0.0", "", address(server, "cpu"))
    assert (index, "has no torch 1.0.0" in said) == ("", True)


def test_requirements_without_torch_ask_nothing(capsys):
    main({"TORCH": "cpu"}, "# nothing\n")
    assert capsys.readouterr() == ("\n", "")


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
