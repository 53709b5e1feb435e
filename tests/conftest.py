"""Tests of what a student sees: a real JupyterLab, a real browser.

    def test_sum(lab):
        notebook = lab.notebook(["1 + 1"], theme="dark")    # or lab.open("02_lenet")
        assert notebook.run_all() == []                      # the errors: cells and widgets
        assert notebook.cell(0).locator("pre").last.inner_text() == "2"
        assert notebook.ask("6 * 7") == "42"                 # what the kernel says, as text
        notebook.page.keyboard.press("ArrowDown")            # Playwright's page
        notebook.screenshot("sum")                           # test-results/sum.png
        assert notebook.console == []                        # errors in the browser's console

After each test its pages are closed and its kernels shut down; server and browser live as long as
the run. Without a browser these tests are skipped, in CI they fail.
"""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.helpers.lab import BROWSERS, FLAGS, Lab, Server


@pytest.fixture(scope="session")
def browser():
    """Chromium as the machine has it: Playwright's own download is not used."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium or Chrome found (Debian: sudo apt install chromium)")
    try:
        playwright = sync_playwright().start()
    except Exception as error:  # all it says is that a connection was closed
        pytest.skip(f"Playwright does not start (Debian: sudo apt install libatomic1): {error}")
    browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
    yield browser
    browser.close()
    playwright.stop()


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory):
    """One JupyterLab for all tests of a run."""
    server = Server(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture
def lab(server, browser):
    lab = Lab(server, browser)
    yield lab
    lab.close()
