"""What all widgets share: scenes that are kept, errors that are said, the plain form."""

import asyncio
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from html import escape
from types import SimpleNamespace

import pytest
import traitlets as t

from course_utils import CourseError, explore, kernels, preprocess, receptive_field
from course_utils.figures.style import CourseFigure
from course_utils.widgets.shared import plain, scenes
from course_utils.widgets.shared.base import SHARED, CourseWidget
from course_utils.widgets.shared.plain import Plain, kernel_is_quiet


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
        if proposal["value"] not in self.options("word"):
            raise CourseError("There is no such word.")
        return proposal["value"]

    def options(self, name):
        return ["cat", "dog"] if name == "word" else []

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
    """A message from the page, as ipywidgets delivers it."""
    widget._handle_custom_msg(content, [])


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

    monkeypatch.setattr(scenes, "publish", full)
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


# --- The plain form ------------------------------------------------------------------------------


def controls(form):
    return {c.description: c for c in form.children if getattr(c, "description", "")}


def text(form):
    return " ".join(child.value for child in form.children if isinstance(child.value, str))


def test_plain_form_has_a_control_for_each_trait_and_follows_them(tiny):
    form = Plain(tiny)
    kinds = {name: type(control).__name__ for name, control in controls(form).items()}
    assert kinds == {"word": "Dropdown", "size": "IntText", "on": "Checkbox", "cells": "Text"}
    controls(form)["word"].value = "dog"
    assert tiny.word == "dog"
    assert 'alt="dog &lt;3&gt;"' in text(form)
    tiny.size = 5
    assert controls(form)["size"].value == 5
    assert 'alt="dog &lt;5&gt;"' in text(form)
    assert "anywidget" in text(form)


def test_plain_form_takes_a_list_as_it_is_written(tiny):
    form = Plain(tiny)
    cells = controls(form)["cells"]
    assert cells.value == "[1, 2]"
    cells.value = "[3, -4]"
    assert tiny.cells == [3, -4]
    tiny.cells = [5]
    assert cells.value == "[5]"
    said = "cells is written like this: [5]"
    for wrong, why in (("[3, ", said), ("3", said), ('["three"]', "three")):
        cells.value = wrong
        assert tiny.cells == [5]
        assert cells.value == "[5]"
        assert why in text(form)
    cells.value = "[6]"
    assert "three" not in text(form)


def test_plain_form_says_errors_and_works_on(tiny):
    form = Plain(tiny)
    controls(form)["size"].value = 13
    assert "thirteen" in text(form)
    controls(form)["word"].value = "dog"
    assert "thirteen" not in text(form)


def test_plain_form_of_explore_chooses_network_and_image():
    widget = explore("lenet", "coffee")
    form = Plain(widget)
    assert "vgg16" in controls(form)["network"].options
    controls(form)["image"].value = "cat"
    assert "for cat" in repr(widget)
    assert "for cat" in text(form)


@pytest.mark.parametrize(
    ("make", "name", "value"),
    [
        (lambda: kernels("lenet"), "own scale", True),
        (lambda: preprocess("coffee", "lenet"), "to tensor", "scales"),
        (lambda: receptive_field("lenet"), "layer", "conv1"),
    ],
)
def test_every_widget_has_a_plain_form(make, name, value):
    widget = make()
    form = Plain(widget)
    assert controls(form)[name].value != value
    controls(form)[name].value = value
    assert getattr(widget, name.replace(" ", "_")) == value
    assert widget.error == ""
    assert escape(widget.still().alt) in text(form)


@pytest.mark.parametrize("heard", [True, False])
def test_plain_form_stands_in_only_if_no_page_answers(monkeypatch, heard):
    called = []

    async def wait():
        kernel_is_quiet(lambda: heard, lambda: called.append(1))
        await asyncio.gather(*plain._watching)

    _in_a_kernel(monkeypatch, SimpleNamespace(kernel=object(), execution_count=1))
    _run(wait())
    assert called == ([] if heard else [1])


def test_kernel_that_runs_cells_is_not_quiet(monkeypatch):
    counts = iter(range(1000))

    class Shell:
        kernel = object()
        execution_count = property(lambda self: next(counts) if not answered else 0)

    answered = []
    asked = iter(range(50))

    def heard():
        return next(asked) > 40 and not answered.append(1)

    _in_a_kernel(monkeypatch, Shell())
    called = []

    async def wait():
        kernel_is_quiet(heard, lambda: called.append(1))
        await asyncio.gather(*plain._watching)

    _run(wait())
    assert called == []  # 40 ticks are more patience than there is


def _run(coroutine):
    """In a thread of its own: the browser of other tests keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()


def _in_a_kernel(monkeypatch, shell):
    monkeypatch.setattr(plain, "get_ipython", lambda: shell)
    monkeypatch.setattr(plain, "TICK", 0.001)
    monkeypatch.setattr(plain, "PATIENCE", 0.01)


def test_bundle_shows_the_form_that_can_be_replaced(tiny):
    data, _ = tiny._repr_mimebundle_()
    view = data["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == tiny._box.model_id
    assert tiny._box.children == (tiny,)
    tiny._box.children = [Plain(tiny)]
    hears(tiny, ready=True)  # the live form comes late
    assert tiny._box.children == (tiny,)


# --- The look ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SHARED.parent.rglob("*.css")), ids=lambda path: path.name)
def test_nothing_moves_for_those_who_asked_for_no_motion(path):
    allowed = r"@media \(prefers-reduced-motion: no-preference\) \{.*?\n\}"
    rest = re.sub(allowed, "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"\b(transition|animation|scroll-behavior)\b", rest)
