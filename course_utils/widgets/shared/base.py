"""The base of all widgets: errors that show, scenes, a still image."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, cast

import anywidget
import ipywidgets
import traitlets as t

from ...errors import CourseError, nearest
from ...figures import CourseFigure
from . import lifetime, scenes
from .fallback import with_still


def sentence(error: Exception) -> str:
    """An error in words: what a user can put right as it is, a bug with its kind."""
    if isinstance(error, CourseError):
        return str(error)
    return f"Something went wrong that should not: {type(error).__name__}: {error}"


def check_choice(what: str, value: str, choices: Iterable[str]) -> None:
    """Raise a `CourseError` if `value` is none of the choices; `what` says of what."""
    if value not in (names := [*choices]):
        known = [name for name in names if name]
        raise CourseError(
            f"There is no {what} {value!r}.{nearest(value, known)} There are {', '.join(known)}."
        )


class CourseWidget(anywidget.AnyWidget):
    """A widget that can be presented, says what went wrong, and has a still image.

    A subclass sets all its traits before `super().__init__()`, which sends them to the page; what
    they are then is what "Reset" brings back.

    KEPT: the traits that make up a scene, in the order in which they are set.
    error: a sentence that the page shows; "" if all is well.
    start: the scene at the start, {trait: value}. scenes: those that were saved, as in scenes.py.
    """

    KEPT: ClassVar[tuple[str, ...]] = ()

    _box: ipywidgets.VBox | None = None

    error = t.Unicode().tag(sync=True)
    start = t.Dict().tag(sync=True)
    scenes = t.List(t.Dict()).tag(sync=True)

    def __init_subclass__(cls, **options: Any) -> None:
        """Read the bundle: given its path, anywidget keeps every widget for ever."""
        for name in ("_esm", "_css"):
            if isinstance(path := vars(cls).get(name), Path):
                setattr(cls, name, path.read_text("utf-8"))
        super().__init_subclass__(**options)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(lambda widget, content, buffers: self.receive(content, buffers))

    # --- For a subclass ---

    def still(self) -> CourseFigure:
        """What the widget shows now, as a figure."""
        raise NotImplementedError

    def handle_message(self, content: dict, buffers: list) -> None:
        """What the page sends beside traits; a subclass handles its own and passes on the rest.

        {"scenes": "list" | "save" | "delete", …}, or {"set": traits}: a change of traits that
        comes at once, even if an earlier one is under way.
        """
        kind = type(self).__name__.lower()
        match content:
            case {"set": traits}:
                self.set_state(traits)
            case {"scenes": "list"}:
                self.scenes = scenes.saved(kind)
            case {"scenes": "save", "name": name, "page": page}:
                self.scenes = scenes.save(kind, name, self.state(), page)
            case {"scenes": "delete", "name": name}:
                self.scenes = scenes.delete(kind, name)

    # --- Scenes ---

    def state(self) -> dict[str, Any]:
        """What a scene keeps, {trait: value}."""
        return {name: getattr(self, name) for name in self.KEPT}

    @t.default("start")
    def _state_at_the_start(self) -> dict[str, Any]:
        return self.state()

    # --- Changes from the page: nobody would see what they raise, so the widget says it ---

    def set_state(self, sync_data: dict) -> None:
        """Take over traits from the page. What fails is said, and the page's controls put right."""
        before = {name: getattr(self, name) for name in sync_data if name in self.keys}
        try:
            super().set_state(sync_data)
        except Exception as error:
            self._undo_invalid(before)
            self.error = sentence(error)
            self.send_state([name for name in sync_data if name in self.keys])
        else:
            self.error = ""

    def _undo_invalid(self, before: dict[str, Any]) -> None:
        """Take back what is not valid: traitlets does so only for errors of its own."""
        for name, value in before.items():
            try:
                setattr(self, name, getattr(self, name))
            except Exception:
                setattr(self, name, value)

    def receive(self, content: dict, buffers: list) -> None:
        """Handle a message of the page; what fails shows in the widget."""
        try:
            self.handle_message(content, buffers)
        except Exception as error:
            self.error = sentence(error)

    def close(self) -> None:
        """End the widget, and what belongs to it in the page."""
        box, self._box = self._box, None
        super().close()
        for part in (*box.children[1:], box) if box else ():
            part.close()

    # --- In a page ---

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        """The widget, and for pages that no kernel stands behind a still image."""
        lifetime.showing(self)
        data, metadata = cast(tuple[dict, dict], super()._repr_mimebundle_(**kwargs))
        still = self.still()
        png = still.png()
        if self._box is None:
            self._box = with_still(self, type(self).__name__.lower(), png, still.alt)
        data["application/vnd.jupyter.widget-view+json"]["model_id"] = self._box.model_id
        return {**data, "image/png": png}, {**metadata, "image/png": {"alt": still.alt}}
