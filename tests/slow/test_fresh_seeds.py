"""The properties that the quick tests try with a few fixed examples, with many fresh ones."""

import subprocess
import sys

import pytest

from tests.helpers import ROOT
from tests.helpers.sources import imports, shown, within


@pytest.mark.timeout(900)
def test_properties_hold_for_fresh_examples():
    files = [shown(p) for p in within("tests") if any(i.module == "hypothesis" for i in imports(p))]
    options = ["-q", "-m", "hypothesis", "--hypothesis-profile=fresh", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--timeout=600", *options, *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
