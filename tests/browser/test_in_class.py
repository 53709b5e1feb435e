"""Two copies of each widget on a page move together; nothing jumps meanwhile."""

import pytest

from tests.helpers.copies import CELL, CONTROLS, NAMES, STATE, copies, same, use
from tests.helpers.static import StaticPage
from tests.helpers.widgets import answered

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
def notebook(browser):
    notebook = StaticPage(browser, [CELL])
    notebook.run_all()
    yield notebook
    notebook.close()


def test_every_widget_has_a_control_here():
    assert {*NAMES} <= {*CONTROLS}


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
    if name == "train":  # the mistakes, in a tab of their own, come a little later than all else
        widget.get_by_text("validation images right").wait_for(state="attached")
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
