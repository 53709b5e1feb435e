"""The doctor says in one screen whether the course can run, and what to do if not."""

import os
import subprocess
import sys
import tempfile

import numpy as np
import pytest

from course_utils import doctor, storage
from course_utils.datasets.mapped import make
from course_utils.doctor import NOTE, OK, PROBLEM, examine, main
from course_utils.figures import style
from course_utils.networks import REGISTRY, weights
from course_utils.storage import files
from tests.helpers.weights import name_for, saved, stand_in, state


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("COURSE_OFFLINE", raising=False)
    monkeypatch.delenv("COURSE_CIFAR10", raising=False)
    (tmp_path / "weights").mkdir()
    return tmp_path


def found(what: str) -> doctor.Finding:
    return next(finding for finding in examine() if finding.what == what)


def one_screen(text: str) -> bool:
    lines = text.splitlines()
    return len(lines) < 40 and max(map(len, lines)) < 100


def test_a_good_machine(capsys, folder):
    assert main() == 0
    said = capsys.readouterr().out
    assert one_screen(said)
    assert PROBLEM not in said
    assert said.endswith("The course can run here; what -- says is optional.\n")
    for part in (*(network.title for network in REGISTRY.values()), "CIFAR-10", "JupyterLab"):
        assert part in said
    assert str(folder) in said


def test_a_machine_with_nothing_but_python():
    done = subprocess.run(
        [sys.executable, "-S", "-m", "course_utils.doctor"],  # -S: without what pip installs
        cwd=doctor.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert one_screen(done.stdout)
    assert "!! packages            missing: torch," in done.stdout
    assert "`make lab` does" in done.stdout


def test_a_package_that_is_installed_but_broken(monkeypatch, folder):
    """As torch is without a library of the system's that it wants."""
    program = folder / "run.py"
    program.write_text(
        "import runpy, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'torch': raise OSError('libgomp.so.1: no such file')\n"
        "sys.meta_path.insert(0, Finder())\n"
        "runpy.run_module('course_utils.doctor', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True)
    assert done.returncode == 1
    assert "!! torch               libgomp.so.1: no such file" in done.stdout


def test_the_package_can_be_imported_on_a_bare_machine_and_says_what_to_do():
    program = "import course_utils\ntry: course_utils.load_network\n"
    program += "except course_utils.CourseError as error: print(error)"
    command = [sys.executable, "-S", "-c", program]
    done = subprocess.run(command, cwd=doctor.ROOT, capture_output=True, text=True)
    assert "not fully installed (No module named" in done.stdout, done.stderr
    assert "make lab" in done.stdout


def test_another_version_is_said_and_stops_nothing(monkeypatch):
    real = doctor.metadata.version
    monkeypatch.setattr(
        doctor.metadata, "version", lambda name: "1.0" if name == "pillow" else real(name)
    )
    assert found("packages").mark == NOTE
    assert "pillow 1.0 instead of" in found("packages").said


def test_a_build_for_another_processor_is_the_same_version(monkeypatch):
    real = doctor.metadata.version
    monkeypatch.setattr(doctor.metadata, "version", lambda name: real(name) + "+cpu")
    assert found("packages").mark == OK


def test_an_old_python(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    finding = next(doctor.python())
    assert finding.mark == PROBLEM
    assert "3.11" in finding.said


def test_a_bad_file_of_weights_stops_the_course_until_it_is_fetched_again(folder, capsys):
    (folder / "weights" / "vgg16-397923af.pth").write_bytes(b"<html>")
    assert main() == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "!! VGG16" in said
    assert "was cut off or changed" in said
    assert "`make weights` fetches it again" in said
    assert said.endswith("cannot run here yet: see !!.")


def test_good_weights_are_said(folder, monkeypatch):
    content = saved(state())
    variant = stand_in(name_for(content), monkeypatch)
    assert found("AlexNet").mark == NOTE
    (folder / "weights" / variant.file).write_bytes(content)
    assert found("AlexNet") == (OK, "AlexNet", "trained, verified")


def test_a_shipped_file_that_is_missing(monkeypatch, folder):
    monkeypatch.setattr(weights, "SHIPPED", folder)
    assert found("LeNet").mark == PROBLEM
    assert "git checkout" in found("LeNet").said


def test_folders_that_cannot_be_written_to(monkeypatch, folder):
    monkeypatch.setattr(files, "can_write", lambda path: False)
    assert found("data folder").mark == PROBLEM
    assert "Set COURSE_DATA" in found("data folder").said


def test_a_read_only_shared_folder(monkeypatch, folder):
    for module in (storage, files):
        monkeypatch.setattr(module, "can_write", lambda path: path != folder)
    monkeypatch.setattr(files, "own_cache", lambda: folder / "own")
    (folder / "own").mkdir()
    assert found("data folder") == (OK, "data folder", f"{folder}, read-only")
    assert str(folder / "own") in found("what is missing").said


def test_course_data_that_cannot_be_made(monkeypatch):
    monkeypatch.setenv("COURSE_DATA", os.devnull)
    assert found("data folder").mark == PROBLEM


def test_offline_is_said(monkeypatch):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert "COURSE_OFFLINE" in found("network").said


def test_cifar10_that_the_teacher_names(monkeypatch):
    assert "not here; it is fetched (170 MB) on first use" in found("CIFAR-10").said
    monkeypatch.setenv("COURSE_CIFAR10", "/media/stick")
    assert "/media/stick" in found("CIFAR-10").said


def test_cifar10_that_is_here_is_verified(folder):
    batch = np.zeros((10, 32, 32, 3), np.uint8), np.arange(10)
    stamp = {"source": "official", "name": "CIFAR-10", "classes": []}
    arrays = make("cifar10/official", stamp, lambda work: lambda split: [batch], size=0)
    assert found("CIFAR-10") == (OK, "CIFAR-10", "the real data, verified")
    path = arrays / "train-images.bin"
    path.write_bytes(b"\1" + path.read_bytes()[1:])
    assert found("cifar10").mark == PROBLEM
    assert "has changed on the disk. Delete the folder" in found("cifar10").said


def test_make_lab_says_in_a_line_that_cifar10_is_not_here(monkeypatch, capsys, folder):
    doctor.before_lab()
    said = capsys.readouterr().out
    assert said.startswith("CIFAR-10 (170 MB) is not here")
    assert said.endswith("make weights NAMES=cifar10\n")
    assert said.count("\n") == 1
    monkeypatch.setenv("COURSE_CIFAR10", "/media/stick")
    doctor.before_lab()
    monkeypatch.delenv("COURSE_CIFAR10")
    (folder / "cifar-10-python.tar.gz").touch()
    doctor.before_lab()
    assert capsys.readouterr().out == ""


def test_what_works_in_part_only(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    monkeypatch.setattr(style, "FONTS", ())
    monkeypatch.setattr("sys.platform", "win32")
    assert "SSL_CERT_FILE" in found("downloads").said
    assert "install a font such as Noto" in found("letters").said
    assert "WSL" in found("two processes").said
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(files, "own_cache", lambda: tmp_path / "cnn-course-1000")
    monkeypatch.delenv("COURSE_DATA")
    assert any("gone tomorrow" in finding.said for finding in doctor.data_folder())
