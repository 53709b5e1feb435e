"""Without a Python that it can use, make says what is missing in one sentence."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.helpers import ROOT
from tests.helpers.makefile import empty_checkout, make

if shutil.which("make") is None:
    pytest.skip("there is no make on this machine", allow_module_level=True)


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("exit 127", "found no Python"),
        ('case "$2" in *ensurepip,*) exit 1;; *) echo Python 3.9.2;; esac', "found Python 3.9.2"),
    ],
)
def test_without_a_fitting_python_it_says_in_one_sentence_what_to_install(tmp_path, script, found):
    checkout = empty_checkout(tmp_path / "my course")
    python = checkout.parent / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    done = make(checkout, str(python))
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Please install Python 3.11, 3.12, 3.13 or 3.14 with its venv module" in done.stderr
    assert found in done.stderr


def test_make_lab_says_in_a_moment_that_cifar10_is_not_here(tmp_path):
    dry = subprocess.run(["make", "-n", "lab"], cwd=ROOT, capture_output=True, text=True)
    line = next(line for line in dry.stdout.splitlines() if "before_lab" in line)
    own = {"COURSE_DATA": str(tmp_path), "PYTHONPROFILEIMPORTTIME": "1"}
    command = line.replace(".venv/bin/python", sys.executable)
    done = subprocess.run(
        command, shell=True, cwd=ROOT, capture_output=True, text=True, env=os.environ | own
    )
    assert done.stdout.startswith("CIFAR-10 (170 MB) is not here"), done.stderr
    assert done.stdout.endswith("make weights NAMES=cifar10\n")
    assert "course_utils.storage" in done.stderr  # the list of imports
    assert not {"torch", "numpy", "httpx"} & {*done.stderr.split()}
