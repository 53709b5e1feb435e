"""The house keeps its rules: dependencies, the direction of imports, what no file may hold."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import (
    PackageNotFoundError,
    distributions,
    packages_distributions,
    requires,
    version,
)
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.helpers import ROOT

FOR_STUDENTS = ("course_utils", "notebooks")
PACKAGE = ROOT / "course_utils"

# The flow of the course: a part imports only from parts above it.
ORDER = (
    "errors",
    "storage",
    "images",
    "networks",
    "datasets",
    "training",
    "transfer",
    "figures",
    "exercises",
    "widgets",
    "fetch",
    "doctor",
)

REGISTRIES = "pypi org|pythonhosted org|debian org|ubuntu com|npmjs org|npmjs com|pytorch org/whl"
REGISTRY = re.compile(
    "|".join(rf"\b{re.escape(host)}" for host in REGISTRIES.replace(" ", ".").split("|"))
)
# Folders of one machine: a home, a temporary folder, the folder of this checkout.
ONE_MACHINE = re.compile(
    rf"(?<![\w.~])/(?:root|home/\w+|Users/\w+|tmp|work)/|{re.escape(str(ROOT))}\b"
)


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that belongs to the project, committed or about to be."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout: its files cannot be listed")
    paths = {ROOT / name for name in done.stdout.split("\0") if name}
    return tuple(sorted(path for path in paths if path.is_file()))


def code_of(path: Path) -> str:
    """The Python of a module, or of a notebook's code cells without IPython's own lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = (cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")
    lines = "\n".join("".join(cell["source"]) for cell in cells).splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(level, module) of everything that a file imports; level 0 is absolute."""
    for node in ast.walk(ast.parse(code_of(path))):
        if isinstance(node, ast.Import):
            yield from ((0, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.level, node.module
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.level, name.name) for name in node.names)


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


def test_what_is_needed_in_turn_is_pinned_too():
    """But for CUDA, which torch pins itself, and for what builds packages."""
    pins = pinned("requirements.txt", "requirements-dev.txt", "constraints.txt")
    installed = {normal(package.name) for package in distributions()}
    loose = {name for name in in_turn(pins) & installed if name not in pins}
    assert {
        n for n in loose if not n.startswith(("cuda", "nvidia", "triton", "setuptools"))
    } == set()


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
    assert entries == ["python=3.11", "pip", "pip:", "-r requirements.txt"]


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
        tops = {module.partition(".")[0] for level, module in imports(path) if level == 0}
        for top in tops - own - sys.stdlib_module_names:
            if not {normal(name) for name in known.get(top, ())} & {*pins}:
                missing.add(f"{path.relative_to(ROOT)} imports {top}")
    assert missing == set()


def part_of(path: Path) -> str:
    """Which part of the course a module belongs to: its file, or its folder."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_every_part_has_its_place_in_the_order():
    parts = {part_of(path) for path in PACKAGE.rglob("*.py")} - {"__init__"}
    assert parts <= {*ORDER}


def test_imports_go_down_the_list_and_never_up():
    upwards = set()
    for path in PACKAGE.rglob("*.py"):
        if path.parent == PACKAGE and path.stem == "__init__":
            continue  # it gathers the public names
        depth = len(path.relative_to(PACKAGE).parts)
        for level, module in imports(path):
            used = module.split(".")
            if level == 0 and used[0] == "course_utils":
                used = used[1:]
            elif level == 0 or level < depth:
                continue  # another package, or a neighbour within the same part
            if not used or ORDER.index(used[0]) >= ORDER.index(part_of(path)):
                upwards.add(f"{path.relative_to(ROOT)} imports {module}")
    assert upwards == set()


def test_public_functions_and_classes_have_a_docstring():
    bare = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert bare == []


@pytest.mark.parametrize("what", [REGISTRY, ONE_MACHINE], ids=["registry", "machine"])
def test_no_file_names_a_package_registry_or_a_folder_of_one_machine(what):
    found = []
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image or weights
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in what.finditer(text)]
    assert found == []
