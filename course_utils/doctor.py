"""Can the course run here? `python -m course_utils.doctor` says so in one screen.

What is installed, which data and weights are here and are what they should be, what is missing,
and the command that gets it. Exit status 0 only if every lesson can run. It also works where
nothing is installed yet: whatever a check needs is imported inside it.
"""

import re
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from .errors import CourseError

ROOT = Path(__file__).parents[1]
WIDTH = 98  # columns of the screen
OK, NOTE, PROBLEM = "ok", "--", "!!"


class Finding(NamedTuple):
    """A line of the report. NOTE: the course runs, but could do better; PROBLEM: it cannot run."""

    mark: str
    what: str
    said: str


def python() -> Iterator[Finding]:
    """Whether the version of Python fits."""
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info < (3, 15)
    wanted = "" if good else ": Python 3.11 to 3.14 is needed; install it, then `make lab`"
    yield Finding(OK if good else PROBLEM, "Python", f"{version} in {sys.prefix}{wanted}")


def packages() -> Iterator[Finding]:
    """Whether what requirements.txt names is installed, in these versions."""
    lines = (ROOT / "requirements.txt").read_text("utf-8")
    pins = re.findall(r"^([\w-]+)==(\S+)", lines, re.MULTILINE)
    installed = {name: _version(name) for name, _ in pins}
    missing = [name for name, version in installed.items() if version is None]
    other = [
        f"{name} {installed[name]} instead of {wanted}"
        for name, wanted in pins
        if installed[name] not in (None, wanted)
    ]
    if missing:
        yield Finding(PROBLEM, "packages", f"missing: {', '.join(missing)}. {_INSTALL}")
    if other:
        yield Finding(NOTE, "packages", f"other versions: {', '.join(other)}. {_INSTALL}")
    if not missing and not other:
        yield Finding(OK, "packages", f"all {len(pins)} as in requirements.txt")
    if installed["jupyterlab"]:
        yield Finding(OK, "JupyterLab", f"{installed['jupyterlab']}: `make lab` opens it")


_INSTALL = "Install requirements.txt: `make lab` does."


def _version(package: str) -> str | None:
    """The installed version, without what says for which processor it was built ("+cpu")."""
    try:
        return metadata.version(package).partition("+")[0]
    except metadata.PackageNotFoundError:
        return None


def torch() -> Iterator[Finding]:
    """Whether PyTorch can be imported, which is where a broken install shows."""
    import torch

    yield Finding(OK, "torch", f"{torch.__version__}, {torch.get_num_threads()} threads")


def surroundings() -> Iterator[Finding]:
    """What works on this machine only in part: downloads, letters in figures, two processes."""
    from .figures import style
    from .storage import check_surroundings

    try:
        check_surroundings()
    except CourseError as error:
        yield Finding(NOTE, "downloads", str(error))
    if not style.can_draw_any_letter():
        what = "Korean, Japanese and Chinese ones are boxes in figures; install a font such as"
        yield Finding(NOTE, "letters", f"{what} Noto Sans CJK")
    if sys.platform == "win32":
        yield Finding(NOTE, "two processes", "launch() in lesson 7 needs Linux, macOS or WSL")


def images() -> Iterator[Finding]:
    """Whether every sample image opens."""
    from .images import open_image, sample_images

    names = sample_images()
    for name in names:
        open_image(name)
    yield Finding(OK, "images", ", ".join(names))


def data_folder() -> Iterator[Finding]:
    """Where data and weights are kept, and whether there is room for more."""
    from .storage import can_write, folders, megabytes, offline, writable_folder

    first = folders()[0]
    writable = writable_folder()
    free = shutil.disk_usage(writable).free
    if writable.parent == Path(tempfile.gettempdir()):
        lost = "temporary: what is fetched and solved may be gone tomorrow. Set COURSE_DATA"
        yield Finding(NOTE, "data folder", lost)
    yield Finding(OK, "data folder", f"{first}{'' if can_write(first) else ', read-only'}")
    if writable != first:
        yield Finding(OK, "what is missing", f"is kept in {writable}")
    yield Finding(OK if free > 1e9 else NOTE, "free disk", megabytes(free))
    if offline():
        yield Finding(
            NOTE, "network", "COURSE_OFFLINE forbids it. Unset it to fetch what is missing"
        )


def cifar10() -> Iterator[Finding]:
    """Whether CIFAR-10 is the real one, and unharmed."""
    import os

    from .datasets import find, verify

    official, named = find("cifar10/official"), os.environ.get("COURSE_CIFAR10")
    if official:
        verify(official)
        yield Finding(OK, "CIFAR-10", "the real data, verified")
    elif named:
        there = "://" in named or Path(named.partition("#")[0]).expanduser().exists()
        what = "to be taken from" if there else "not there:"
        yield Finding(NOTE, "CIFAR-10", f"{what} {named}, as COURSE_CIFAR10 says")
    else:
        get = "it is fetched (170 MB) on first use, or by python -m course_utils.fetch cifar10"
        yield Finding(NOTE, "CIFAR-10", f"not here; {get}")


def before_lab() -> None:
    """For `make lab`: a line if CIFAR-10 is not here. In a moment: nothing large is imported."""
    import os

    from .storage import folders

    kept = ("cifar10/official", "cifar-10-python.tar.gz", "cifar-10-batches-py")
    try:
        here = any((folder / name).exists() for folder in folders() for name in kept)
    except CourseError as error:
        return print(error)
    if not here and not os.environ.get("COURSE_CIFAR10"):
        print(
            "CIFAR-10 (170 MB) is not here: a lesson fetches it when it first needs it, or takes a "
            "stand-in without a connection. Ahead of time: make weights NAMES=cifar10"
        )


def weights() -> Iterator[Finding]:
    """Which networks have trained weights, each file verified."""
    from .networks import REGISTRY, candidates, preferred

    for name, network in REGISTRY.items():
        for dataset, variant in network.variants.items():
            finding = _weights(name, network.title_of(dataset), variant)
            first = variant is preferred(network)[1]
            if variant.shipped and not first and not candidates(variant):
                finding = finding._replace(mark=NOTE)  # the first form runs without it
            yield finding


def _weights(name: str, title: str, variant) -> Finding:
    from .networks import candidates, remedy, size_of, verify
    from .storage import megabytes

    problem = f"{variant.file} is missing."
    for path in candidates(variant):
        try:
            verify(path)
            return Finding(OK, title, "trained, verified")
        except CourseError as error:
            problem = str(error)
    if variant.url and not candidates(variant):
        get = f"its weights ({megabytes(size_of(variant))}): python -m course_utils.fetch {name}"
        return Finding(NOTE, title, f"untrained; {get}")
    return Finding(PROBLEM, title, f"{problem} {remedy(variant)}")


CHECKS = (python, packages, torch, surroundings, images, data_folder, cifar10, weights)


def examine() -> Iterator[Finding]:
    """All findings, as they are made. A check that cannot be made is a problem found."""
    for check in CHECKS:
        try:
            yield from check()
        except (CourseError, ImportError, OSError) as error:
            yield Finding(PROBLEM, check.__name__.replace("_", " "), str(error))


def main() -> int:
    """Print the report; return the exit status."""
    problems = 0
    for finding in examine():
        problems += finding.mark == PROBLEM
        print(_line(finding), flush=True)
    bad, good = f"cannot run here yet: see {PROBLEM}", f"can run here; what {NOTE} says is optional"
    print(f"\nThe course {bad if problems else good}.")
    return min(problems, 1)


def _line(finding: Finding) -> str:
    return textwrap.fill(
        finding.said,
        WIDTH,
        initial_indent=f"{finding.mark} {finding.what:19} ",
        subsequent_indent=" " * 23,
        break_on_hyphens=False,
    )


if __name__ == "__main__":
    sys.exit(main())
