"""What happens in class: two copies on a page, a restarted kernel; nothing jumps meanwhile."""

import pytest
from playwright.sync_api import expect

from course_utils import widgets
from tests.helpers.lab import Lab
from tests.helpers.widgets import CALLS, KERNEL, answered

NAMES = [name for name in CALLS if name in widgets.__all__]
MADE = {**CALLS, "browse": "browse()"}  # without a network nothing comes later by itself

# For each widget a control, and what a user does with it.
CONTROLS = {
    "browse": ("select[name=chosen]", "second"),
    "convolve": ("select[name=kernel]", "second"),
    "explore": ("select[name=layer]", "second"),
    "kernels": ("input[type=checkbox]", "check"),
    "predict": (".cw-options button >> nth=1", "click"),
    "preprocess": ("select[name=to_tensor]", "second"),
    "quiz": (".cw-options button >> nth=1", "click"),
    "receptive_field": ("select[name=layer]", "second"),
    "train": ("select[name=layer]", "second"),
}

# One cell, as in a lesson: each widget twice, and beside them one more of its kind.
CELL = """
from IPython.display import display
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

# Ids that stand twice; groups of radio buttons, and references, that reach over a widget's edge.
CLASHES = """() => {
    const widgets = [...document.querySelectorAll(".course-widget")];
    const ids = widgets.flatMap(w => [...w.querySelectorAll("[id]")].map(e => e.id));
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
    const radios = w => [...w.querySelectorAll("[type=radio]")].map(e => e.name);
    const groups = widgets.map(w => new Set(radios(w)));
    const shared = groups.flatMap((names, i) =>
        [...names].filter(name => groups.some((others, j) => j > i && others.has(name))));
    const lost = widgets.flatMap(w => ["aria-labelledby", "aria-controls", "aria-activedescendant",
            "aria-describedby", "for"].flatMap(kind =>
        [...w.querySelectorAll(`[${kind}]`)].flatMap(e => e.getAttribute(kind).split(" "))
            .filter(id => id && !w.querySelector(`#${CSS.escape(id)}`))));
    return [...twice, ...shared, ...lost];
}"""


@pytest.fixture(scope="module")
def notebook(server, browser):
    lab = Lab(server, browser)
    calls = ", ".join(f"({name!r}, lambda: {MADE[name]})" for name in NAMES)
    notebook = lab.notebook([CELL.replace("CALLS", f"[{calls}]")])
    assert notebook.run_all() == []
    yield notebook
    lab.close()


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


def test_every_widget_has_a_control_here():
    assert {*widgets.__all__} <= {*CONTROLS}


def test_copies_share_no_id_and_no_group_of_buttons(notebook):
    for name in NAMES:
        copies(notebook, name)
    assert notebook.page.evaluate(CLASHES) == []


@pytest.mark.parametrize("name", NAMES)
def test_two_views_move_together_and_another_widget_stays(notebook, name):
    first, second, other = copies(notebook, name)
    before = first.evaluate(STATE)
    use(second, name)
    same(first, second, before)
    assert other.evaluate(STATE) == before


def test_one_cell_brings_all_back_after_a_restart(notebook):
    notebook.page.evaluate(f"{KERNEL}.restart()")
    notebook.wait_idle()
    assert notebook.run_all() == []
    for name in NAMES:
        first, second, other = copies(notebook, name)
        before = other.evaluate(STATE)
        assert first.evaluate(STATE) == before
        use(first, name)
        same(first, second, before)
    assert notebook.console == []


# --- nothing jumps, nothing flickers -------------------------------------------------------------

# Which control changes the image, from which to which; which canvases show it. The first of
# them must change. Images of other proportions take other room: these have the same.
IMAGES = {
    "browse": ("button:text('Next')", (), "canvas[role=img]"),
    "convolve": ("select[name=image]", ("coffee", "cat"), "canvas[role=img]"),
    "explore": (
        "select[name=image]",
        ("coffee", "cat"),
        ".cw-maps canvas[role=img], .cw-image canvas",
    ),
    "preprocess": ("select[name=image]", ("coffee", "cat"), "canvas[role=img]"),
    "receptive_field": ("select[name=image]", ("cat", "coffee"), "canvas[role=img]"),
    "train": ("button[aria-label='Next image']", (), ".cw-image canvas, .cw-maps canvas[role]"),
}

# Watch until `stop()`: parts of the widget that move, and canvases that are empty in a frame.
WATCH = """(root, canvases) => {
    const parts = () => [...root.querySelectorAll("canvas, select, button, input, figcaption, h4,"
        + "table, ol, section, figure, .cw-does, .cw-facts")]
        .filter(e => e.checkVisibility());
    const place = e => {
        const [a, b] = [e.getBoundingClientRect(), root.getBoundingClientRect()];
        const width = e.matches("figcaption, h4") ? 0 : a.width; // that is how long its text is
        return [a.left - b.left, a.top - b.top, width, a.height].map(Math.round).join();
    };
    const before = new Map(parts().map(e => [e, place(e)]));
    const watched = [...root.querySelectorAll(canvases)].filter(e => e.checkVisibility());
    const empty = canvas => {
        const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        return !data.some(value => value);
    };
    const told = { moved: new Set(), empty: new Set(), frames: 0, canvases: watched.length };
    const look = () => {
        told.frames++;
        for (const [e, was] of before)
            if (e.isConnected && e.checkVisibility() && place(e) !== was)
                told.moved.add(`${e.outerHTML.slice(0, 80)}: ${was} -> ${place(e)}`);
        for (const canvas of watched) if (empty(canvas)) told.empty.add(canvas.ariaLabel);
        if (!told.stopped) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    root.stop = () => {
        told.stopped = true;
        return { ...told, moved: [...told.moved], empty: [...told.empty] };
    };
}"""


@pytest.mark.parametrize("name", [name for name in NAMES if name in IMAGES])
def test_nothing_jumps_or_flickers_when_the_image_changes(notebook, name):
    where, images, canvases = IMAGES[name]
    widget = copies(notebook, name)[2]
    widget.scroll_into_view_if_needed()
    control, canvas = widget.locator(where).first, widget.locator(canvases).first
    if images:
        control.select_option(images[0])
        answered(widget)
    before = canvas.evaluate("canvas => canvas.toDataURL()")
    widget.evaluate(WATCH, canvases)
    control.select_option(images[1]) if images else control.click()
    for _ in range(300):
        if canvas.evaluate("canvas => canvas.toDataURL()") != before:
            break
        notebook.page.wait_for_timeout(100)
    answered(widget)
    notebook.page.wait_for_timeout(200)  # a few more frames
    told = widget.evaluate("root => root.stop()")
    assert canvas.evaluate("canvas => canvas.toDataURL()") != before
    assert told["frames"] > 3
    assert told["canvases"] > 0
    assert told["empty"] == []
    assert told["moved"] == []
