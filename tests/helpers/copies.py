"""Every widget three times, as a class may have it: two views of one, and another of its kind."""

from playwright.sync_api import expect

from course_utils import widgets
from tests.helpers.widgets import CALLS, answered

NAMES = [name for name in CALLS if name in widgets.__all__]
MADE = {**CALLS, "browse": "browse()"}  # without a network nothing comes later by itself

# For each widget a control, and what a user does with it.
CONTROLS = {
    "browse": ("select[name=chosen]", "second"),
    "convolve": ("select[name=kernel]", "second"),
    "draw": ("input[type=checkbox] >> nth=1", "check"),
    "explore": ("select[name=layer]", "second"),
    "kernels": ("input[type=checkbox]", "check"),
    "predict": (".cw-options button >> nth=1", "click"),
    "preprocess": ("select[name=to_tensor]", "second"),
    "quiz": (".cw-options button >> nth=1", "click"),
    "receptive_field": ("select[name=layer]", "second"),
    "teach": ("input[type=checkbox]", "check"),
    "train": ("select[name=layer]", "second"),
}

# One cell, as in a lesson: each widget twice, and beside them one more of its kind.
SHOW = """
from course_utils.widgets import *
shown = {}
for name, make in CALLS:
    shown[name], other = make(), make()
    shown[name].add_class(f"test-{name}")
    other.add_class(f"other-{name}")
    display(shown[name], shown[name], other)
"""

# What the controls of a widget say.
STATE = """root => [...root.querySelectorAll("select, input, [aria-pressed]")].map(e =>
    e.matches("select") ? e.value
    : e.matches("[type=checkbox], [type=radio]") ? e.checked
    : e.getAttribute("aria-pressed") ?? e.value)"""

CALLS_OF_ALL = ", ".join(f"({name!r}, lambda: {MADE[name]})" for name in NAMES)
CELL = SHOW.replace("CALLS", f"[{CALLS_OF_ALL}]")


def copies(notebook, name: str) -> list:
    """The two views of a widget, then the other one."""
    views = notebook.page.locator(f".test-{name}.course-widget")
    other = notebook.page.locator(f".other-{name}.course-widget")
    other.wait_for()
    expect(views).to_have_count(2)
    return [views.nth(0), views.nth(1), other]


def use(widget, name: str) -> None:
    """Do something with the widget's control."""
    where, what = CONTROLS[name]
    control = widget.locator(where).first
    if what == "second":
        control.select_option(index=1)
    else:
        control.check() if what == "check" else control.click()


def same(first, second, before: list) -> None:
    """Wait until two views say the same, and no longer what they said before."""
    for view in (first, second):
        answered(view)
    told = [None, before]
    for _ in range(50):
        told = [first.evaluate(STATE), second.evaluate(STATE)]
        if told[0] == told[1] != before:
            return
        first.page.wait_for_timeout(100)
    assert told[0] == told[1] != before
