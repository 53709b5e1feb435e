"""A term that a lesson links to is one click away, explained."""

from playwright.sync_api import expect


def test_a_linked_term_opens_the_glossary_at_its_place_and_readable(lab):
    page = lab.open("01_cnn_backbones").page
    page.evaluate("() => jupyterapp.shell.currentWidget.content.scrollToItem(2)")  # its first term
    link = page.locator(".jp-RenderedMarkdown a[href*='docs/glossary.md']").first
    link.scroll_into_view_if_needed()
    term = link.inner_text()
    link.click()
    heading = page.locator(".jp-MarkdownViewer").get_by_role("heading", name=term, exact=False)
    expect(heading.first).to_be_in_viewport()
