"""A training that is killed with SIGKILL at a random moment ends as if nothing had happened."""

import json
import os
import subprocess
import sys

import pytest

from tests.helpers import ROOT


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")
def test_killed_at_20_random_moments_and_resumed_the_weights_are_the_same_bit_for_bit(tmp_path):
    program = [sys.executable, "-m", "tests.helpers.resume", str(tmp_path), "20"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["killed"]) == 20
    for training in found["killed"]:
        assert training["digest"] == found["whole"], training
        assert len(training["left"]) == 3, "three checkpoints, and nothing unfinished"
    assert len({training["line"] for training in found["killed"]}) == 20
    parts = sorted(training["line"] / training["of"] for training in found["killed"])
    assert parts[0] < 0.2, "some are killed early"
    assert parts[-1] > 0.8, "and some late"
