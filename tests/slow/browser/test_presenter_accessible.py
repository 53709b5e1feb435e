"""axe-core finds nothing to complain about in any widget in presenter mode."""

import re

import pytest
from playwright.sync_api import expect

from tests.helpers.axe import complaints
from tests.helpers.static import StaticPage
from tests.helpers.widgets import CALLS

PRESENTED = [name for name in CALLS if name not in ("predict", "quiz")]


@pytest.mark.parametrize("name", PRESENTED)
def test_widget_is_accessible_in_presenter_mode(browser, name):
    """On a page of its own: what one widget does to its page cannot stop the next."""
    show = f"widget = {CALLS[name]}\nwidget.add_class('test-{name}')\ndisplay(widget)"
    notebook = StaticPage(browser, ["from course_utils.widgets import *", show])
    try:
        notebook.run_all()
        notebook.set_theme("dark")  # where a colour that was forgotten shows
        widget = notebook.page.locator(f".test-{name}.course-widget")
        widget.locator(".cw-toggle").click()
        expect(widget).to_have_class(re.compile("cw-presenting"))
        notebook.screenshot(f"presenter-{name}")
        notebook.page.keyboard.press("a")  # the answers, which are hidden at first
        assert complaints(notebook, f".test-{name}.course-widget") == []
        notebook.page.keyboard.press("Escape")
        expect(widget).not_to_have_class(re.compile("cw-presenting"))
    finally:
        notebook.close()
