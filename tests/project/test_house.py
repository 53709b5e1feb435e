"""The house keeps its rules: the direction of imports, faces of rooms, and small files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import ROOT
from tests.helpers.sources import (
    PACKAGE,
    Import,
    imports,
    module_of,
    project_files,
    shown,
    tree_of,
    within,
)

# The flow of the course: a room imports only from rooms above it.
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
    "my_lessons",
    "torch_index",
)

MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION = 300, 40

REGISTRIES = "pypi org|pythonhosted org|debian org|ubuntu com|npmjs org|npmjs com"
REGISTRY = re.compile(
    "|".join(rf"\b{re.escape(host)}" for host in REGISTRIES.replace(" ", ".").split("|"))
)
# Folders of one machine: a home, a temporary folder, the folder of this checkout.
ONE_MACHINE = re.compile(
    rf"(?<![\w.~])/(?:root|home/\w+|Users/\w+|tmp|work)/|{re.escape(str(ROOT))}\b"
)


def room_of(module: str | tuple[str, ...]) -> str:
    """ "networks" for "course_utils.networks.vgg"; "" for course_utils itself and the rest."""
    parts = module.split(".") if isinstance(module, str) else module
    return parts[1] if parts[0] == "course_utils" and len(parts) > 1 else ""


def ours(path: Path) -> Iterator[tuple[str, Import]]:
    """(room, import) of everything that a file imports from course_utils."""
    for one in imports(path):
        if one.module == "course_utils" and one.name in ORDER:
            yield one.name, one
        elif one.module.partition(".")[0] == "course_utils":
            yield room_of(one.module), one


def test_every_room_has_its_place_in_the_order():
    rooms = {room_of(module_of(path)) for path in within("course_utils")} - {""}
    assert rooms <= {*ORDER}


def test_imports_go_down_the_list_and_never_up():
    upwards = set()
    for path in within("course_utils"):
        own = room_of(module_of(path))
        for room, one in ours(path) if own else ():  # course_utils itself gathers public names
            if room != own and (not room or ORDER.index(room) > ORDER.index(own)):
                upwards.add(f"{shown(path)} imports {one.module}")
    assert upwards == set()


def test_rooms_lessons_benchmarks_and_docs_import_from_a_room_never_from_a_file_inside():
    inside = set()
    for path in (
        *within("course_utils", "benchmarks", "docs"),
        *within("notebooks", ending=".ipynb"),
    ):
        own = room_of(module_of(path))
        for room, one in ours(path):
            if room != own and one.module.count(".") > 1:
                inside.add(f"{shown(path)} imports from {one.module}")
    assert inside == set()


def test_no_name_with_a_leading_underscore_leaves_its_room():
    private = set()
    for path in within("course_utils", "benchmarks", "docs", "tests"):
        own = room_of(module_of(path))
        for room, one in ours(path):
            words = [*one.module.split("."), one.name]
            if room != own and any(re.match("_[^_]", word) for word in words):
                private.add(f"{shown(path)} imports {'.'.join(words)}")
    assert private == set()


def test_a_widget_imports_nothing_from_another_widget():
    """What two widgets need lies in widgets/shared."""
    taken = set()
    for path in PACKAGE.glob("widgets/*/**/*.py"):
        own = module_of(path)[2]
        for room, one in ours(path):
            widget = (*one.module.split("."), one.name)[2]
            if room == "widgets" and widget not in (own, "shared"):
                taken.add(f"{shown(path)} imports from {widget}")
    assert taken == set()


def test_no_test_imports_from_another_test():
    """What tests share lies in tests/helpers."""
    tests = within("tests", "benchmarks", "docs")
    found = {
        f"{shown(path)} imports {one.module}"
        for path in tests
        for one in imports(path)
        if one.module.startswith("tests.") and one.module.split(".")[1] != "helpers"
    }
    assert found == set()


# --- small ---------------------------------------------------------------------------------------

# Too long today. Take off what you made shorter; nothing is added without a reason beside it.
LONG_FILES: set[str] = set()
LONG_FUNCTIONS: set[str] = set()

JS_FUNCTION = re.compile(  # as the formatter lays it out: it ends with } at the same depth
    r"^( *)(?:export (?:default )?)?(?:async )?(?:"
    r"function (\w+)\(.*|"
    r"(?:const|let) (\w+) = (?:async )?(?:\(.*|\w+ =>.*)|"
    r"(?!if|for|while|switch|catch)(?:static |get |set |async )*([#\w]+)\(.*\)) ?(?:=> )?\{$"
)


def sources() -> list[Path]:
    """What people write in course_utils; static/ holds what esbuild makes of it."""
    written = (*within("course_utils"), *within("course_utils", ending=".js"))
    return [path for path in written if "static" not in path.parts]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """(name, lines) of every function in a Python or JavaScript file."""
    if path.suffix == ".py":
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, node.end_lineno - node.lineno + 1
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    for start, line in enumerate(lines):
        if found := JS_FUNCTION.match(line):
            ends = (i for i in range(start, len(lines)) if re.match(rf"{found[1]}\}}", lines[i]))
            yield found[2] or found[3] or found[4], next(ends) - start + 1


def test_functions_of_javascript_are_found(tmp_path):
    """The test below can fail."""
    path = tmp_path / "one.js"
    path.write_text(
        "export async function draw(a, b = {}) {\n  if (a) {\n  }\n}\n\nclass Frame {\n"
        "  #paint(x) {\n    for (const y of x) {\n    }\n    return 1;\n  }\n}\n"
        "const twice = (x) => {\n  return 2 * x;\n};\n"
    )
    assert [*functions(path)] == [("draw", 4), ("#paint", 5), ("twice", 3)]


def test_no_file_is_long():
    """But for the tables of the exercises: a table is looked up, not read."""
    lines = {shown(p): len(p.read_text(encoding="utf-8").splitlines()) for p in sources()}
    tables = {name for name in lines if re.search(r"exercises/lesson_\d\.py$", name)}
    long = {name for name, count in lines.items() if count > MOST_LINES_OF_A_FILE} - tables
    assert {name: lines[name] for name in long if name not in LONG_FILES} == {}
    assert LONG_FILES - long == set(), "no longer long: take them off the list"


def test_no_function_is_long():
    found = {
        f"{shown(path)}: {name}": count
        for path in sources()
        for name, count in functions(path)
        if count > MOST_LINES_OF_A_FUNCTION
    }
    assert {name: count for name, count in found.items() if name not in LONG_FUNCTIONS} == {}
    assert LONG_FUNCTIONS - {*found} == set(), "no longer long: take them off the list"


# --- what is said and what is not ----------------------------------------------------------------


def public(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """(name, definition) of a module's public classes and functions."""
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node


def test_public_functions_and_classes_have_a_docstring():
    bare = [
        f"{shown(path)}: {name}"
        for path in within("course_utils")
        for name, node in public(path)
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
        found += [f"{shown(path)}: {match[0]}" for match in what.finditer(text)]
    assert found == []
