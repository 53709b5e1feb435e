"""A data folder with all that lessons and tests need; nothing is downloaded.

    python -m tests.helpers.data_folder FOLDER

puts into it MNIST and CIFAR-10, which comes from your own data folder, or from what COURSE_CIFAR10
names, or from ../shared/data. If there is none, the stand-in takes its place, a line says so, and
the exit status is 1.
"""

import json
import os
import runpy
import shutil
import sys
from pathlib import Path

from course_utils import CourseError
from course_utils.datasets import arrays, load_digits
from course_utils.datasets.cifar10 import ARRAYS, NEEDED, OFFICIAL, OFFICIAL_STAMP
from course_utils.datasets.mapped import kept
from tests.helpers import ROOT

SHARED = ROOT.parent / "shared" / "data"
MISSING = "CIFAR-10 is not on this machine: `make weights NAMES=cifar10` fetches it (170 MB)."


def main(folder: Path) -> str:
    """Fill the data folder; what is missing, as a sentence."""
    os.environ["COURSE_OFFLINE"] = "1"
    own = _own()
    os.environ["COURSE_DATA"] = str(folder)
    load_digits()
    if not own and not SHARED.is_dir():
        arrays("stand-in")
        return MISSING
    if own:
        _link(own, folder / OFFICIAL)
    else:
        read = runpy.run_path(str(SHARED / "make_cifar10_archive.py"))["read"]
        assert _is_official(kept(OFFICIAL, OFFICIAL_STAMP, read, NEEDED))
    return ""


def _own() -> Path | None:
    """The folder of arrays that `load_cifar10` takes for this user, if they are the real ones."""
    copy = "#sha256=" in os.environ.get("COURSE_CIFAR10", "")
    try:
        folder = arrays("auto" if copy else "official")
    except CourseError:
        return None
    return folder if _is_official(folder) else None


def _is_official(folder: Path) -> bool:
    return json.loads((folder / "stamp.json").read_text())["sha256"] == ARRAYS


def _link(there: Path, here: Path) -> None:
    here.parent.mkdir(parents=True, exist_ok=True)
    try:
        here.symlink_to(there, target_is_directory=True)
    except OSError:  # Windows wants a privilege for it
        shutil.copytree(there, here)


if __name__ == "__main__":
    if missing := main(Path(sys.argv[1])):
        print(missing)
        sys.exit(1)
