"""A real JupyterLab server, and one notebook open in it in a real browser."""

import ast
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import nbformat
from playwright.sync_api import Browser, Locator, sync_playwright

from tests.helpers import ROOT

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
JUPYTER = str(ROOT / "course_utils/widgets/jupyter")  # as make lab sets it
RESULTS = ROOT / "test-results"  # where screenshots go; git ignores it

# Messages of JupyterLab itself that say nothing about the course.
NOT_OURS = re.compile(
    r"favicon|/api/translation|Failed to load resource|ResizeObserver|restore the debugger state"
)

WIDGETS_SHOWN = """() => ![...document.querySelectorAll('.jp-OutputArea')]
    .some(area => area.innerText.includes('Loading widget'))"""

SCROLL_TO_START = "() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0; }"
SCROLL_ON = """() => {
    const panel = document.querySelector('.jp-WindowedPanel-outer');
    const before = panel.scrollTop;
    panel.scrollTop += panel.clientHeight - 40;
    return panel.scrollTop > before;
}"""


Cells = Sequence[str | nbformat.NotebookNode]


class Server:
    """JupyterLab on a free port of 127.0.0.1, in a copy of the notebooks: the checkout stays clean.

    The tree is that of the project, so that `../data` and links between files work.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("notebooks", "data", "docs"):
            skip = shutil.ignore_patterns(".ipynb_checkpoints")
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=skip)
        self.token = os.urandom(16).hex()
        self.address = f"http://127.0.0.1:{free_port()}"
        self.log = folder / "server.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                    f"--ServerApp.port={self.address.rpartition(':')[2]}",
                    "--ServerApp.port_retries=0",
                    f"--ServerApp.root_dir={folder}",
                    f"--IdentityProvider.token={self.token}",
                    "--LabApp.expose_app_in_browser=True",
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=os.environ | dict.fromkeys(("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"), JUPYTER),
            )
        self._wait()

    def _wait(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.check()
            try:
                self.get("api/status")
                return
            except OSError:
                time.sleep(0.2)
        raise TimeoutError(f"JupyterLab does not answer:\n{self.log.read_text()}")

    def check(self) -> None:
        """Raise if the server is gone: a page that waits for a dead one waits for ever."""
        if self.process.poll() is not None:
            raise RuntimeError(f"JupyterLab ended:\n{self.log.read_text()}")

    def get(self, path: str, method: str = "GET") -> bytes:
        """Ask the server's REST interface."""
        request = urllib.request.Request(
            f"{self.address}/{path}",
            headers={"Authorization": f"token {self.token}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def sessions(self) -> list[dict]:
        """The notebooks with a running kernel."""
        return json.loads(self.get("api/sessions"))

    def stop_kernels(self) -> None:
        """Kernels outlive their page, and each holds a gigabyte."""
        for session in self.sessions():
            with suppress(urllib.error.HTTPError):  # it has ended by itself in the meantime
                self.get(f"api/sessions/{session['id']}", method="DELETE")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.stop_kernels()
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Notebook:
    """One notebook open in JupyterLab.

    page: Playwright's page, for everything that is not here. blocked: addresses it cannot reach.
    console: what the browser's console reported as an error.
    """

    def __init__(
        self, server: Server, browser: Browser, path: str, theme: str, blocked: str = ""
    ) -> None:
        self.server, self.path = server, path
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        if blocked:
            self.page.route(blocked, lambda route: route.abort())
        self.console: list[str] = []
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("console", self._note)
        self.page.goto(f"{server.address}/lab/tree/{quote(path)}?reset&token={server.token}")
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        self.wait_idle()
        self.set_theme(theme)

    def _note(self, message) -> None:
        if message.type == "error" and not NOT_OURS.search(message.text + message.location["url"]):
            self.console.append(message.text)

    def wait_idle(self, seconds: float = 60) -> None:
        """Wait until the kernel has nothing to do. JupyterLab's own sign says idle too early."""
        self._wait_for(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status"
            " === 'idle'",
            seconds,
        )

    def _wait_for(self, condition: str, seconds: float) -> None:
        self.server.check()
        self.page.wait_for_function(condition, timeout=seconds * 1000)

    def set_theme(self, theme: str) -> None:
        """ "light" or "dark"."""
        light = str(theme == "light").lower()
        self.page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
            f"JupyterLab {theme.capitalize()}",
        )
        self.page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")

    def run_all(self, seconds: float = 120) -> list[str]:
        """Run all cells and wait for the end; the errors that cells raised, none if all is well."""
        self.start_all()
        return self.ended(seconds)

    def start_all(self) -> None:
        """Have all cells run, and do not wait for them."""
        self.page.evaluate(
            "() => { window.runEnded = false;"
            " jupyterapp.commands.execute('notebook:run-all-cells')"
            ".finally(() => { window.runEnded = true; }); }"
        )

    def ended(self, seconds: float) -> list[str]:
        """Wait until all cells have run; the errors that they raised."""
        self._wait_for("() => window.runEnded", seconds)
        self.wait_shown()
        return self.errors()

    def wait_shown(self) -> None:
        """Wait until the widgets are there: the page builds them after the kernel is done."""
        self.wait_idle()
        self._wait_for(WIDGETS_SHOWN, 30)

    def run(self, index: int) -> None:
        """Run the cell at this place, and wait until the kernel has done so."""
        self.page.evaluate(
            "index => { const { content } = jupyterapp.shell.currentWidget;"
            " content.activeCellIndex = index; content.deselectAll();"
            " return jupyterapp.commands.execute('notebook:run-cell'); }",
            index,
        )
        self.wait_idle()

    def outputs(self) -> list[dict]:
        """All outputs of all code cells, as the notebook's file has them."""
        return self.page.evaluate(
            "() => [...jupyterapp.shell.currentWidget.content.model.cells]"
            ".flatMap(cell => cell.outputs?.toJSON() ?? [])"
        )

    def errors(self) -> list[str]:
        """The error outputs of the cells, and widgets that JupyterLab could not show."""
        raised = [
            f"{output['ename']}: {output['evalue']}"
            for output in self.outputs()
            if output["output_type"] == "error"
        ]
        shown = self.page.evaluate(
            "() => [...document.querySelectorAll('.jp-OutputArea')].map(area => area.innerText)"
        )
        broken = re.compile(r"Error displaying widget|model not found|Error creating widget")
        return raised + [match[0] for text in shown for match in broken.finditer(text)]

    def cell(self, index: int) -> Locator:
        """The cell at this place, text cells counted too; `cell(0).locator("canvas")` and so on."""
        cell = self.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']")
        cell.scroll_into_view_if_needed()
        return cell

    def ask(self, expression: str) -> str:
        """`str(expression)` as the notebook's kernel evaluates it now, between cells."""
        answer = self.page.evaluate(
            """async code => {
                const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
                const future = kernel.requestExecute(
                    { code: '', silent: true, user_expressions: { answer: code } });
                return (await future.done).content.user_expressions.answer;
            }""",
            f"str(({expression}))",
        )
        if answer["status"] == "error":
            raise RuntimeError(f"{answer['ename']}: {answer['evalue']}")
        return ast.literal_eval(answer["data"]["text/plain"])

    def screenshot(self, name: str) -> Path:
        """Photograph the window into test-results/NAME.png."""
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def photograph(self, name: str) -> list[Path]:
        """Photograph the whole notebook, a window at a time: NAME-01.png, NAME-02.png, ..."""
        self.page.set_viewport_size({"width": 1280, "height": 1700})
        self.page.evaluate(SCROLL_TO_START)
        pages, more = [], True
        while more:
            self.page.wait_for_timeout(300)  # cells are laid out as they come into view
            pages.append(self.screenshot(f"{name}-{len(pages) + 1:02}"))
            more = self.page.evaluate(SCROLL_ON)
        return pages

    def close(self) -> None:
        self.page.close()
        self.server.check()
        self.server.stop_kernels()


@contextmanager
def opened_lab() -> "Iterator[Lab]":
    """For a script: a JupyterLab of its own in a browser of its own, closed at the end."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit("This needs Chromium or Chrome (Debian: sudo apt install chromium).")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        server = Server(Path(folder))
        lab = Lab(server, browser)
        try:
            yield lab
        finally:
            lab.close()
            server.stop()
            browser.close()


class Lab:
    """Opens notebooks, and closes them all at the end of a test."""

    def __init__(self, server, browser) -> None:
        self.server, self.browser, self.opened = server, browser, []

    def open(self, name: str, theme: str = "light") -> Notebook:
        """Open a lesson: `lab.open("02_lenet")`."""
        return self._open(f"notebooks/{name.removesuffix('.ipynb')}.ipynb", theme)

    def notebook(self, cells: Cells, theme: str = "light", blocked: str = "") -> Notebook:
        """Open a new notebook, beside the lessons, with these cells; a text is a code cell.

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


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def write_notebook(path: Path, cells: Cells) -> None:
    """A notebook with these cells, not yet run; a text is a code cell."""
    code = nbformat.v4.new_code_cell
    notebook = nbformat.v4.new_notebook(
        cells=[code(cell) if isinstance(cell, str) else cell for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, path)
