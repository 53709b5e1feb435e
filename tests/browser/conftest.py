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

import itertools
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.lab import Notebook, Server, write_notebook

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a camera that shows a test image
    "--use-fake-ui-for-media-stream",  # and nobody has to allow it
)


class Lab:
    """Opens notebooks, and closes them all at the end of a test."""

    def __init__(self, server, browser) -> None:
        self.server, self.browser, self.opened = server, browser, []

    def open(self, name: str, theme: str = "light") -> Notebook:
        """Open a lesson: `lab.open("02_lenet")`."""
        return self._open(f"notebooks/{name.removesuffix('.ipynb')}.ipynb", theme)

    def notebook(self, cells: list[str], theme: str = "light", blocked: str = "") -> Notebook:
        """Open a new notebook, beside the lessons, with these code cells.

        blocked: addresses that the page cannot reach, as a pattern of Playwright's `route`.
        """
        scratch = self.server.folder / "notebooks"
        scratch.mkdir(exist_ok=True)
        free = (f"scratch{i}.ipynb" for i in itertools.count())
        path = next(scratch / name for name in free if not (scratch / name).exists())
        write_notebook(path, cells)
        return self._open(f"notebooks/{path.name}", theme, blocked)

    def again(self, notebook: Notebook) -> Notebook:
        """Open a notebook once more, as a second tab of the browser would."""
        return self._open(notebook.path, "light")

    def _open(self, path: str, theme: str, blocked: str = "") -> Notebook:
        self.server.check()
        self.opened.append(Notebook(self.server, self.browser, path, theme, blocked))
        return self.opened[-1]

    def close(self) -> None:
        for notebook in self.opened:
            notebook.close()


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
