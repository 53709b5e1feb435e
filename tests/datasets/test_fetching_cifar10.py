"""CIFAR-10 comes by itself where there is a connection; elsewhere the stand-in, said in a line."""

import multiprocessing
import os
import shutil
import socket
import time
from pathlib import Path

import pytest

from course_utils import CourseError, load_cifar10
from course_utils.datasets import cifar10, find
from course_utils.storage import answering, file_digest
from tests.helpers import archives
from tests.helpers.server import host

SAID = "A stand-in takes the place of CIFAR-10: "


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path) -> Path:
    """An empty data folder; the small data set counts as the official one."""
    archives.declare_official(monkeypatch)
    return archives.empty_data_folder(monkeypatch, tmp_path)


@pytest.fixture
def server(monkeypatch):
    """The only host of the small archive. `behaves("cut_once")` chooses how it behaves."""
    with host(archives.archive()) as server:
        server.behaves = lambda fault: monkeypatch.setattr(cifar10, "URLS", [server.url(fault)])
        server.behaves("good")
        yield server


def said_once(capsys) -> str:
    """The only line on stderr, after what each says first; nothing is on stdout."""
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if "%|" not in line and line]  # but for the bar
    assert out == ""
    assert len(lines) == 1
    assert lines[0].startswith(SAID)
    return lines[0].removeprefix(SAID)


def both() -> list[str]:
    """As a lesson asks for the data: both splits, several times."""
    sources = {load_cifar10(split).source for split in ("train", "test", "train")}
    return sorted(sources)


def test_the_first_use_fetches_it_goes_on_after_a_cut_and_shows_a_bar(server, capsys):
    server.behaves("cut_once")
    train = load_cifar10()
    assert archives.is_small_set(train)
    assert train.title == "CIFAR-10, 100 training images"
    assert [asked for _, asked in server.log] == [None, f"bytes={cifar10.SIZE // 2}-"]
    out, err = capsys.readouterr()
    assert out == ""
    assert cifar10.ARCHIVE in err  # the progress bar
    assert load_cifar10("test").source == "official"
    assert capsys.readouterr() == ("", "")
    assert len(server.log) == 2


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_an_interrupt_goes_on_with_the_stand_in_and_says_how_to_continue(server, capsys):
    server.behaves("interrupting")
    assert both() == ["stand-in"]
    said = said_once(capsys)
    assert said == (
        "its download was interrupted. load_cifar10(source='official') goes on where it stopped."
    )
    assert both() == ["stand-in"]  # in this kernel no second download begins by itself
    assert archives.is_small_set(load_cifar10("train", source="official"))
    assert [asked for _, asked in server.log] == [None, f"bytes={cifar10.SIZE // 2}-"]
    assert both() == ["official"]


def test_offline_it_is_the_stand_in_and_one_line(server, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert both() == ["stand-in"]
    assert "COURSE_OFFLINE forbids fetching it. Unset COURSE_OFFLINE" in said_once(capsys)
    assert server.log == []
    monkeypatch.delenv("COURSE_OFFLINE")
    assert both() == ["official"]


def test_without_a_connection_it_is_the_stand_in_in_a_moment(capsys):
    began = time.monotonic()
    assert both() == ["stand-in"]
    assert time.monotonic() - began < 3
    said = said_once(capsys)
    assert said.startswith("no host that has the real images (170 MB) answers.")
    assert said.endswith("load_cifar10(source='official') fetches them.")


@pytest.mark.parametrize("fault", ["wrong", "portal", "error_404"])
def test_a_host_that_has_something_else_is_named(fault, server, capsys):
    server.behaves(fault)
    assert both() == ["stand-in"]
    assert "127.0.0.1: it" in said_once(capsys)


def test_on_a_full_disk_it_is_the_stand_in_and_no_byte_is_fetched(server, monkeypatch, capsys):
    usage = shutil.disk_usage(".")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert both() == ["stand-in"]
    assert "too full for CIFAR-10" in said_once(capsys)
    assert server.log == []
    with pytest.raises(CourseError, match=r"1 kB are free in .*COURSE_DATA"):
        load_cifar10(source="official")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_two_processes_make_one_download(server):
    server.behaves("slow")
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(_right, range(2), chunksize=1) == [True, True]
    assert len(server.log) == 1


def _right(_: int) -> bool:
    return archives.is_small_set(load_cifar10())


def test_the_stand_in_is_never_fetched_for(server, capsys):
    assert load_cifar10(source="stand-in").source == "stand-in"
    assert server.log == []
    assert capsys.readouterr() == ("", "")


def test_a_copy_with_the_official_pixels_and_labels_is_cifar10(monkeypatch, tmp_path):
    """Whatever its own files look like: a lesson says the same here, in CI and after a download."""
    stick = tmp_path / "stick.tar.gz"
    stick.write_bytes(archives.archive())
    monkeypatch.setenv("COURSE_CIFAR10", f"{stick}#sha256={file_digest(stick)}")
    assert load_cifar10().source == "copy"
    arrays = {path.name: file_digest(path) for path in load_cifar10().folder.glob("*.bin")}

    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "other"))
    monkeypatch.setattr(cifar10, "ARRAYS", arrays)
    train = load_cifar10()
    assert (train.source, train.title) == ("official", "CIFAR-10, 100 training images")
    assert find("cifar10/official") is None  # it is known by its own checksum


# --- which hosts answer --------------------------------------------------------------------------


def test_hosts_are_asked_all_at_once_and_a_silent_one_is_not_waited_for(server):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        urls = [f"http://127.0.0.1:{silent.getsockname()[1]}/", server.url("good")] * 3
        began = time.monotonic()
        assert answering(urls, 2.0) == [server.url("good")] * 3
        assert time.monotonic() - began < 6


def test_a_name_server_that_is_silent_is_not_waited_for(monkeypatch):
    def silent(*_, **__):
        time.sleep(5)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    began = time.monotonic()
    assert answering(["https://mirror.example/file"], 0.2) == []
    assert time.monotonic() - began < 2
