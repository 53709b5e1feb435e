"""Scenes: what a teacher prepared in a widget, kept under a name in the data folder.

One file for each kind of widget, `scenes/explore.json`: a list of

    {"name": "edge detectors", "state": {"layer": "conv1", …}, "page": {"open": 12, …}}

state: traits of the widget. page: what only the page knows, such as the map that is shown large.
"""

import json
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from ...errors import CourseError
from ...storage import cannot_write, folders, locked, writable_folder, write_whole

LONGEST = 60  # letters of a name

Scenes = list[dict[str, Any]]


def saved(kind: str) -> Scenes:
    """The scenes of a kind of widget: one's own, else those of a shared read-only folder.

    Raises `CourseError` if the file cannot be read; the file stays as it is.
    """
    paths = [folder / _file(kind) for folder in reversed(folders())]
    return next((_read(path) for path in paths if path.exists()), [])


def save(kind: str, name: str, state: dict[str, Any], page: dict[str, Any]) -> Scenes:
    """Keep a scene at the end of the list, or in the place of the one with its name.

    A file that cannot be read is set aside, not lost. Raises `CourseError` if `name` is empty or
    nothing can be written.
    """
    name = " ".join(name.split())[:LONGEST]
    if not name:
        raise CourseError("A scene needs a name. Type one, such as “edge detectors”, then save.")
    scene = {"name": name, "state": state, "page": page}

    def with_it(scenes: Scenes) -> Scenes:
        names = [kept["name"] for kept in scenes]
        return [scene if n == name else kept for n, kept in zip(names, scenes, strict=True)] + (
            [] if name in names else [scene]
        )

    return _change(kind, with_it)


def delete(kind: str, name: str) -> Scenes:
    """Take a scene off the list. Raises `CourseError` if nothing can be written."""
    return _change(kind, lambda scenes: [kept for kept in scenes if kept["name"] != name])


def _file(kind: str) -> Path:
    return Path("scenes", f"{kind}.json")


def _change(kind: str, change: Callable[[Scenes], Scenes]) -> Scenes:
    """Read, change and write the list while no other notebook does."""
    path = writable_folder() / _file(kind)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path):
            scenes = change(_read_or_set_aside(kind, path))
            text = json.dumps(scenes, indent=1, ensure_ascii=False)
            write_whole(path, text.encode())
    except OSError as error:
        raise cannot_write(error, path) from None
    return scenes


def _read_or_set_aside(kind: str, path: Path) -> Scenes:
    try:
        return saved(kind)
    except CourseError:
        if path.exists():
            names = (path.with_name(f"{path.name}.broken-{i}") for i in count(1))
            os.replace(path, next(name for name in names if not name.exists()))
        return []


def _read(path: Path) -> Scenes:
    try:
        scenes = json.loads(path.read_text("utf-8"))
        for scene in scenes:
            if [type(scene[part]) for part in ("name", "state", "page")] != [str, dict, dict]:
                raise ValueError("it is no list of scenes")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CourseError(
            f"The saved scenes in {path} cannot be read ({type(error).__name__}: {error}). Repair "
            "the file, or save a scene: then this file is kept beside the new one as "
            f"{path.name}.broken-1."
        ) from None
    return scenes
