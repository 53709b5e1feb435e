"""Without a Python that it can use, make says what is missing in one sentence."""

import shutil

import pytest

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
