"""The style of one widget never changes another: each looks beside all others as it does alone."""

import pytest

from tests.helpers.static import StaticPage
from tests.helpers.widgets import CALLS

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


@pytest.fixture(scope="module")
def notebook(browser):
    """All widgets on one page."""
    show = "\n".join(
        f"w = {call}\nw.add_class('test-{name}')\ndisplay(w)" for name, call in CALLS.items()
    )
    notebook = StaticPage(browser, ["from course_utils.widgets import *", show])
    notebook.run_all()
    for name in CALLS:
        notebook.page.locator(f".test-{name}.course-widget").wait_for()
    yield notebook
    notebook.close()


@pytest.mark.parametrize("mode", ["", "cw-presenting"], ids=["page", "presenter"])
@pytest.mark.parametrize("name", CALLS)
def test_a_widget_beside_all_others_looks_as_it_does_alone(notebook, name, mode):
    widget = notebook.page.locator(f".test-{name}.course-widget")
    widget.evaluate("(root, mode) => mode && root.classList.add(mode)", mode)
    try:
        assert widget.evaluate(DIFFERENCES) == []
    finally:
        widget.evaluate("(root, mode) => mode && root.classList.remove(mode)", mode)
