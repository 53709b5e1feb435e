"""All widgets on one page: axe-core finds no fault in any of them, and none changes another's look.

In both themes; tests/slow does it in presenter mode.
"""

import pytest

from course_utils import widgets
from tests.helpers.axe import complaints
from tests.helpers.static import StaticPage
from tests.helpers.widgets import CALLS

NAMES = [name for name in CALLS if name in widgets.__all__]
PRESENTED = [name for name in NAMES if name not in ("predict", "quiz")]


@pytest.fixture(scope="module")
def notebook(browser):
    """All widgets below one another, each with its name as a class."""
    calls = ", ".join(f"{name}={CALLS[name]}" for name in NAMES)
    show = (
        f"for name, widget in dict({calls}).items():\n"
        "    widget.add_class(f'test-{name}')\n"
        "    display(widget)"
    )
    notebook = StaticPage(browser, ["from course_utils.widgets import *", show])
    notebook.run_all()
    for name in NAMES:
        notebook.page.locator(f".test-{name}.course-widget").wait_for()
    yield notebook
    notebook.close()


def test_every_widget_is_in_the_list():
    assert {*widgets.__all__} <= {*CALLS}


def test_axe_sees_a_fault(notebook):
    """The tool works: an image without an alternative text is found."""
    where = f".test-{NAMES[0]}.course-widget"
    fault = '<p id=fault><img src="data:,"></p>'
    notebook.page.locator(where).evaluate("(w, p) => w.insertAdjacentHTML('beforeend', p)", fault)
    try:
        found = complaints(notebook, where)
    finally:
        notebook.page.evaluate("document.querySelector('#fault').remove()")
    assert any(text.startswith("image-alt") for text in found)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_widget_is_accessible(notebook, name, theme):
    notebook.set_theme(theme)
    assert complaints(notebook, f".test-{name}.course-widget") == []


# What takes the focus and leaves its keys to JupyterLab.
UNGUARDED = """root => [...root.querySelectorAll("select, input, button, [tabindex='0']")]
    .filter(e => !e.closest("[data-lm-suppress-shortcuts]") && !e.matches("[hidden], .cw-name"))
    .map(e => e.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("name", NAMES)
def test_keys_of_every_control_stay_in_the_widget(notebook, name):
    assert notebook.page.locator(f".test-{name}.course-widget").evaluate(UNGUARDED) == []


# Controls and images that lie under the button of presenter mode.
COVERED = """root => {
    const button = root.querySelector(".cw-toggle").getBoundingClientRect();
    return [...root.querySelectorAll("select, input, button, label span, canvas, svg, strong")]
        .filter(e => e.checkVisibility() && !e.matches(".cw-toggle"))
        .filter(e => {
            const box = e.getBoundingClientRect();
            return box.left < button.right && button.left < box.right
                && box.top < button.bottom && button.top < box.bottom;
        })
        .map(e => e.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("name", PRESENTED)
def test_button_of_presenter_mode_covers_nothing(notebook, name):
    """However full the row of controls is: from 1024 pixels on there is room for both."""
    widget = notebook.page.locator(f".test-{name}.course-widget")
    for width in (1024, 1280, 1500, 1920):
        notebook.page.set_viewport_size({"width": width, "height": 900})
        assert widget.evaluate(COVERED) == []
    notebook.page.set_viewport_size({"width": 1280, "height": 900})


# The computed style of every part of a widget with only its own sheet on the page, then with all
# sheets, its own first and last: what differs.
DIFFERENCES = """root => {
    const own = root.previousElementSibling;
    const sheets = [...document.querySelectorAll("main > style")];
    const count = {}; // of parts of a kind, three are enough
    const few = ({ tagName, className }) => {
        const kind = tagName + className;
        return (count[kind] = (count[kind] ?? 0) + 1) <= 3;
    };
    const parts = [root, ...root.querySelectorAll("*:not(svg *, option)")].filter(few);
    const names = [...getComputedStyle(root)].filter(name => !name.startsWith("--"));
    const styles = () => parts.map(part => {
        const style = getComputedStyle(part);
        return names.map(name => `${name}: ${style.getPropertyValue(name)}`).join("; ");
    });
    const home = own.nextSibling;
    for (const sheet of sheets) sheet.media = sheet === own ? "" : "not all";
    const alone = styles();
    for (const sheet of sheets) sheet.media = "";
    const found = new Set();
    for (const place of ["prepend", "append"]) {
        document.querySelector("main")[place](own);
        styles().forEach((style, i) => {
            if (style === alone[i]) return;
            const [before, now] = [alone[i], style].map(text => text.split("; "));
            const changed = now.filter((text, k) => text !== before[k]).join("; ");
            found.add(`${parts[i].tagName}.${parts[i].className} ${changed}`);
        });
    }
    home.before(own);
    return [...found].slice(0, 20);
}"""


@pytest.mark.parametrize("mode", ["", "cw-presenting"], ids=["page", "presenter"])
@pytest.mark.parametrize("name", NAMES)
def test_a_widget_beside_all_others_looks_as_it_does_alone(notebook, name, mode):
    widget = notebook.page.locator(f".test-{name}.course-widget")
    widget.evaluate("(root, mode) => mode && root.classList.add(mode)", mode)
    try:
        assert widget.evaluate(DIFFERENCES) == []
    finally:
        widget.evaluate("(root, mode) => mode && root.classList.remove(mode)", mode)
