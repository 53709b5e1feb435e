"""The widgets' bundles are what esbuild makes of their modules now."""

import filecmp
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers import ROOT

WIDGETS = Path("course_utils/widgets")


def test_bundles_are_current(tmp_path: Path) -> None:
    if not (shutil.which("npm") and (ROOT / "node_modules").is_dir()):
        assert not os.environ.get("CI"), "CI needs Node.js, and `npm ci` before this test"
        pytest.skip("needs Node.js and `make widgets`")
    outdir = f"--outdir={tmp_path}"
    subprocess.run(["npm", "run", "--silent", "build", "--", outdir], cwd=ROOT, check=True)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    assert made, "esbuild wrote nothing"
    committed = [path.relative_to(ROOT / WIDGETS) for path in (ROOT / WIDGETS).rglob("static/*.*")]
    assert made == sorted(committed)
    old = [path for path in made if not filecmp.cmp(tmp_path / path, ROOT / WIDGETS / path, False)]
    assert not old, f"`make widgets` bundles anew: {', '.join(map(str, old))}"
