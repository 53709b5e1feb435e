"""What all widgets share: scenes that are kept, errors that are said, the still image."""

import json
import re
import threading
from base64 import b64encode
from pathlib import Path

import pytest
import traitlets as t

from course_utils import CourseError, explore, widgets
from course_utils.figures.style import CourseFigure
from course_utils.widgets.shared import scenes
from course_utils.widgets.shared.base import CourseWidget
from course_utils.widgets.shared.fallback import with_still


class Tiny(CourseWidget):
    """A widget with a trait of each kind, and two ways to fail."""

    KEPT = ("word", "size", "on", "cells")
    _esm = "export default { render() {} };"

    word = t.Unicode("cat").tag(sync=True)
    size = t.Int(3).tag(sync=True)
    on = t.Bool(False).tag(sync=True)
    cells = t.List(t.Int(), [1, 2]).tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.observe(self._resized, "size")

    def _resized(self, change):
        if change["new"] == 13:
            raise ZeroDivisionError("thirteen")

    @t.validate("word")
    def _known(self, proposal):
        if proposal["value"] not in ("cat", "dog"):
            raise CourseError("There is no such word.")
        return proposal["value"]

    def still(self):
        return CourseFigure(1, f"{self.word} <{self.size}>", 1)


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    return tmp_path / "scenes"


@pytest.fixture
def tiny():
    return Tiny()


def hears(widget, **content):
    """A message from the page."""
    widget.receive(content, [])


def names(widget):
    return [scene["name"] for scene in widget.scenes]


# --- Scenes --------------------------------------------------------------------------------------


def test_scene_keeps_the_state_and_what_the_page_knows(tiny):
    tiny.word, tiny.on = "dog", True
    hears(tiny, scenes="save", name="  edge   detectors ", page={"open": 12})
    tomorrow = Tiny()
    hears(tomorrow, scenes="list")
    assert tomorrow.scenes == [
        {
            "name": "edge detectors",
            "state": {"word": "dog", "size": 3, "on": True, "cells": [1, 2]},
            "page": {"open": 12},
        }
    ]


def test_scene_of_the_same_name_takes_its_place_and_others_stay(tiny):
    for name in ("a", "b", "c"):
        hears(tiny, scenes="save", name=name, page={})
    tiny.size = 8
    hears(tiny, scenes="save", name="b", page={})
    assert names(tiny) == ["a", "b", "c"]
    assert [scene["state"]["size"] for scene in tiny.scenes] == [3, 8, 3]
    hears(tiny, scenes="delete", name="a")
    assert names(tiny) == ["b", "c"]


def test_each_kind_of_widget_has_its_own_list(tiny):
    hears(tiny, scenes="save", name="mine", page={})
    other = explore("lenet")
    hears(other, scenes="list")
    assert other.scenes == []


def test_scene_without_a_name_is_refused_in_a_sentence(tiny):
    hears(tiny, scenes="save", name=" ", page={})
    assert "needs a name" in tiny.error
    assert tiny.scenes == []


@pytest.mark.parametrize("damage", ["[{", '{"name": 1}', '[{"name": "x"}]', "7"])
def test_damaged_file_is_said_and_never_lost(tiny, folder, damage):
    file = folder / "tiny.json"
    folder.mkdir()
    file.write_text(damage)
    hears(tiny, scenes="list")
    assert str(file) in tiny.error
    assert file.read_text() == damage
    hears(tiny, scenes="save", name="new", page={})
    assert names(tiny) == ["new"]
    assert (folder / "tiny.json.broken-1").read_text() == damage


def test_file_is_written_whole_or_not_at_all(tiny, folder, monkeypatch):
    hears(tiny, scenes="save", name="old", page={})
    before = (folder / "tiny.json").read_bytes()

    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("course_utils.storage.files.publish", full)
    hears(tiny, scenes="save", name="new", page={})
    assert "disk is too full" in tiny.error
    assert (folder / "tiny.json").read_bytes() == before
    assert names(tiny) == ["old"]


def test_notebooks_that_save_at_once_lose_nothing():
    def save(who):
        for i in range(5):
            scenes.save("tiny", f"{who}{i}", {}, {})

    threads = [threading.Thread(target=save, args=(who,)) for who in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {f"{who}{i}" for who in "abc" for i in range(5)}
    assert {scene["name"] for scene in scenes.saved("tiny")} == expected


def test_reset_goes_back_to_what_was_asked_for():
    widget = explore("lenet", "coffee", "conv2")
    widget.layer = "pool1"
    assert widget.start == {**widget.state(), "layer": "conv2"}
    json.dumps(widget.start)  # a scene can hold it


# --- Errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"word": "horse"}, "There is no such word."),
        ({"size": "much"}, "TraitError"),
        ({"size": 13}, "ZeroDivisionError: thirteen"),
    ],
)
def test_error_of_a_change_from_the_page_is_said_and_the_widget_works_on(tiny, change, said):
    tiny.set_state(change)
    assert said in tiny.error
    tiny.set_state({"word": "dog"})
    assert (tiny.word, tiny.error) == ("dog", "")


def test_page_is_put_right_after_a_change_that_failed(tiny, monkeypatch):
    sent = []
    monkeypatch.setattr(tiny, "send_state", lambda key=None: sent.append(key))
    tiny.set_state({"word": "horse"})
    assert ["word"] in sent
    assert tiny.word == "cat"


def test_error_of_a_message_is_said(tiny, monkeypatch):
    monkeypatch.setattr(scenes, "saved", lambda kind: 1 / 0)
    hears(tiny, scenes="list")
    assert "ZeroDivisionError" in tiny.error


# --- A page without anywidget --------------------------------------------------------------------


def test_box_holds_the_widget_and_a_still_image_that_says_what_is_missing(tiny):
    widget, still = with_still(tiny, "tiny", b"pixels", "cat <3>").children
    assert widget is tiny
    assert "could not load tiny()" in still.value
    assert "anywidget" in still.value
    assert 'alt="cat &lt;3&gt;"' in still.value
    assert b64encode(b"pixels").decode() in still.value


def test_page_is_given_the_box_and_for_one_without_a_kernel_the_still_image(tiny):
    data, metadata = tiny._repr_mimebundle_()
    view = "application/vnd.jupyter.widget-view+json"
    assert data[view]["model_id"] != tiny.model_id
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"] == {"alt": "cat <3>"}
    again, _ = tiny._repr_mimebundle_()  # shown twice: in one box
    assert again[view] == data[view]


# --- The look ------------------------------------------------------------------------------------


STYLES = sorted(Path(widgets.__file__).parent.glob("*/*.css"))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.parent.name)
def test_nothing_moves_for_those_who_asked_for_no_motion(path):
    allowed = r"@media \(prefers-reduced-motion: no-preference\) \{.*?\n\}"
    rest = re.sub(allowed, "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"\b(transition|animation|scroll-behavior)\b", rest)
