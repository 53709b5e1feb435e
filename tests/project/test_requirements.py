"""What the course needs is pinned, and every import is a direct dependency."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import (
    PackageNotFoundError,
    distributions,
    packages_distributions,
    requires,
    version,
)

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from course_utils.torch_index import CPU_BUILDS
from tests.helpers import ROOT
from tests.helpers.sources import imports, project_files, shown

FOR_STUDENTS = ("course_utils", "notebooks")


def lines_of(file: str) -> list[str]:
    """The lines of a requirements file that are no comment."""
    lines = (line.strip() for line in (ROOT / file).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def normal(name: str) -> str:
    """A distribution's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(*files: str) -> dict[str, str]:
    """{name: version} of what some requirements files pin."""
    pins = (line.split("==") for file in files for line in lines_of(file) if "==" in line)
    return {normal(name): version for name, version in pins}


def test_every_requirement_is_pinned():
    constraints, *packages, own = lines_of("requirements.txt")
    assert (constraints, own) == ("-c constraints.txt", "-e .")
    student, *more = lines_of("requirements-dev.txt")
    assert student == "-r requirements.txt"
    every = packages + more + lines_of("constraints.txt")
    assert [r for r in every if not re.fullmatch(r"[\w.-]+==[\w.]+", r)] == []


def test_the_pinned_versions_are_installed():
    """So that a run proves something about requirements.txt. A local build (+cpu) is the same."""
    pins = pinned("requirements.txt", "requirements-dev.txt")
    assert {name: version(name).partition("+")[0] for name in pins} == pins


@pytest.mark.parametrize("files", [("requirements.txt",), ("requirements-dev.txt",)])
def test_what_is_needed_in_turn_is_pinned_too(files):
    """For students as for tests; but CUDA, which torch pins itself, and what builds packages."""
    named, pins = pinned(*files), pinned(*files, "constraints.txt")
    installed = {normal(package.name) for package in distributions()}
    loose = in_turn(named) & installed - {*pins, *pinned("requirements.txt")}
    assert {
        n for n in loose if not n.startswith(("cuda", "nvidia", "triton", "setuptools"))
    } == set()


@pytest.mark.parametrize("python", ["3.11.0", "3.11.2", "3.12.0", "3.13.0", "3.14.0"])
def test_each_python_that_is_promised_may_take_what_is_pinned(python):
    """Debian 12 has 3.11.2, and its pip searches without end if one version wants 3.11.5."""
    pins = {*pinned("requirements.txt", "requirements-dev.txt", "constraints.txt")}
    wanted = {d.name: d.metadata["Requires-Python"] for d in distributions()}
    refuse = {
        name: condition
        for name, condition in wanted.items()
        if condition and normal(name) in pins and python not in SpecifierSet(condition)
    }
    assert refuse == {}


def in_turn(names: Iterable[str]) -> set[str]:
    """What these distributions require, and what that requires in turn, here."""
    found: set[str] = set()
    todo = [*names]
    while todo:
        with suppress(PackageNotFoundError):
            for line in requires(todo.pop()) or []:
                requirement = Requirement(line)
                name = normal(requirement.name)
                wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
                if wanted and name not in found:
                    found.add(name)
                    todo.append(name)
    return found


def test_pyproject_names_what_the_package_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {normal(Requirement(line).name) for line in project["dependencies"]}
    assert named == {*pinned("requirements.txt")}


def test_environment_yml_cannot_drift():
    """It names Python and pip, and leaves the rest to requirements.txt."""
    text = (ROOT / "environment.yml").read_text()
    entries = re.findall(r"^ *- (.+)$", text.partition("dependencies:")[2], re.MULTILINE)
    index = f"--extra-index-url {CPU_BUILDS}"
    assert entries == ["python=3.11", "pip", "pip:", index, "-r requirements.txt"]


def test_every_import_is_a_direct_dependency():
    """What is imported is pinned: for the package and the lessons where a student gets it."""
    code = [path for path in project_files() if path.suffix == ".py"]
    own = {path.stem for path in code} | {path.relative_to(ROOT).parts[0] for path in code}
    known = packages_distributions()
    student = pinned("requirements.txt")
    everyone = student | pinned("requirements-dev.txt", "constraints.txt")
    missing = set()
    for path in project_files():
        if path.suffix not in (".py", ".ipynb"):
            continue
        pins = student if path.relative_to(ROOT).parts[0] in FOR_STUDENTS else everyone
        tops = {one.module.partition(".")[0] for one in imports(path)}
        for top in tops - own - sys.stdlib_module_names:
            if not {normal(name) for name in known.get(top, ())} & {*pins}:
                missing.add(f"{shown(path)} imports {top}")
    assert missing == set()


def test_an_editable_install_notes_a_relative_path_so_that_it_has_plain_letters_anywhere(tmp_path):
    """Python up to 3.12 on Windows does not start with an absolute one like C:\\Users\\홍길동."""
    course = tmp_path / "홍길동"
    course.mkdir()
    for name in ("pyproject.toml", "editable.py"):
        shutil.copy(ROOT / name, course)
    shutil.copytree(ROOT / "course_utils", course / "course_utils")
    code = "import editable, sysconfig; sysconfig.get_path = lambda name: '.venv/lib/site-packages'"
    command = [sys.executable, "-c", f"{code}; print(editable.build_editable('.'))"]
    name = subprocess.run(command, cwd=course, capture_output=True, text=True, check=True).stdout
    with zipfile.ZipFile(course / name.strip()) as built:
        assert built.read("course_utils.pth") == b"../../.."
