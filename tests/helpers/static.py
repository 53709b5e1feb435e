"""A page that shows real widgets without JupyterLab, as quick as a page loads.

The Python side of a widget lives in the test's own process. Its traits and messages go to the page
over HTTP, and back; between them stands a small model with the interface of anywidget's.
"""

import ast
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, RLock, Thread
from typing import Any

import anywidget
from comm.base_comm import BaseComm
from ipywidgets.widgets.widget import Widget
from playwright.sync_api import Browser

from tests.helpers.lab import RESULTS

HERE = Path(__file__).parent
THEMES = Path(sys.prefix, "share/jupyter/lab/themes/@jupyterlab")
FILES = {
    "/": ("text/html", HERE / "static_page.html"),
    "/page.js": ("text/javascript", HERE / "static_page.js"),
    "/light.css": ("text/css", THEMES / "theme-light-extension/index.css"),
    "/dark.css": ("text/css", THEMES / "theme-dark-extension/index.css"),
}
PATIENCE = 5  # seconds that the page's question for messages stays open


class Line:
    """What goes from Python to the page: numbered messages, kept until the page has them."""

    def __init__(self) -> None:
        self._messages: dict[int, bytes] = {}
        self.count = 0
        self._new = Condition()

    def put(self, message: dict, buffers: list | None = None) -> None:
        """Send a message; it may come from any thread."""
        with self._new:
            self.count += 1
            self._messages[self.count] = packed({**message, "number": self.count}, buffers or [])
            self._new.notify_all()

    def after(self, number: int) -> bytes:
        """All messages after this one, which the page has; none if none comes for a while."""
        with self._new:
            for known in [known for known in self._messages if known <= number]:
                del self._messages[known]
            self._new.wait_for(lambda: self._messages, PATIENCE)
            return b"".join(self._messages.values())


def packed(message: dict, buffers: list) -> bytes:
    """A message as bytes: length, JSON, buffers; the JSON holds the lengths of the buffers."""
    parts = [bytes(memoryview(buffer).cast("B")) for buffer in buffers]
    head = json.dumps({**message, "lengths": [len(part) for part in parts]}).encode()
    return b"".join([len(head).to_bytes(4, "little"), head, *parts])


def unpacked(data: bytes) -> tuple[dict, list[memoryview]]:
    """One packed message: (its JSON, its buffers)."""
    end = 4 + int.from_bytes(data[:4], "little")
    message = json.loads(data[4:end])
    buffers = []
    for length in message["lengths"]:
        buffers.append(memoryview(data)[end : end + length])
        end += length
    return message, buffers


class PageComm(BaseComm):
    """The line of one widget to the page."""

    def __init__(self, line: Line, **kwargs: Any) -> None:
        self.line = line
        super().__init__(target_name="jupyter.widget", **kwargs)

    def publish_msg(
        self, msg_type: str, data=None, metadata=None, buffers=None, **keys: Any
    ) -> None:
        if msg_type == "comm_msg":
            self.line.put({"id": self.comm_id, **data}, buffers)


class StaticPage:
    """A page with widgets; to a test it looks like a notebook (`lab.Notebook`) with these cells.

    page: Playwright's page. console: what the browser's console reported as an error.
    """

    def __init__(self, browser: Browser, cells: list[str], **options: Any) -> None:
        """options: what the page is, beside its size, as Playwright calls it (`has_touch=True`)."""
        self.cells = [ast.parse(cell) for cell in cells]
        self.names: dict[str, Any] = {"__name__": "__static__", "display": self._display}
        self._shown: list[Widget] = []
        self._line, self._kernel = Line(), RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, daemon=True).start()
        self.page = browser.new_page(viewport={"width": 1280, "height": 900}, **options)
        self.console: list[str] = []
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("console", self._note)
        self.page.goto(f"http://127.0.0.1:{self._server.server_port}/")
        self.page.wait_for_function("() => window.show")

    def _note(self, message) -> None:
        if message.type == "error" and "favicon" not in message.location["url"]:
            self.console.append(message.text)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (Handler,), {"line": self._line, "receive": self._receive})

    def _receive(self, message: dict, buffers: list[memoryview]) -> None:
        """A message of the page to a widget; one at a time, as a kernel takes them."""
        widget = next(w for w in self._shown if w.model_id == message["id"])
        with self._kernel:
            widget.comm.handle_msg({"content": {"data": message}, "buffers": buffers})

    def _display(self, *widgets: Widget) -> None:
        for widget in widgets:
            if not isinstance(widget.comm, PageComm):
                widget.comm = PageComm(self._line)
                widget.send_state()
            self._shown.append(widget)

    def run_all(self) -> list[str]:
        """Run the cells in this process, and show what they display. What they raise is raised."""
        self._shown.clear()
        self.page.evaluate("clear()")
        with self._kernel:
            for cell in self.cells:
                self._run(cell)
        self.page.evaluate("ids => show(ids)", [widget.model_id for widget in self._shown])
        return []

    def _run(self, cell: ast.Module) -> None:
        *first, last = cell.body
        if not isinstance(last, ast.Expr):
            first.append(last)
        exec(compile(ast.Module(first, []), "cell", "exec"), self.names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), self.names)
            if isinstance(value, anywidget.AnyWidget):
                self._display(value)

    def ask(self, expression: str) -> str:
        """`str(expression)`, once Python has all that the page has sent so far, and back again."""
        self.page.evaluate("sent()")
        with self._kernel:
            answer = str(eval(expression, self.names))
        self.page.evaluate("last => heard(last)", self._line.count)
        return answer

    def set_theme(self, theme: str) -> None:
        """JupyterLab's "light" or "dark" theme."""
        self.page.evaluate("theme => setTheme(theme)", theme)

    def keys_heard(self) -> list[str]:
        """The keys pressed so far that JupyterLab would hear."""
        return self.page.evaluate("keysHeard")

    def screenshot(self, name: str) -> Path:
        """Photograph the window into test-results/NAME.png."""
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def close(self) -> None:
        self.page.close()
        self._server.shutdown()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    """Gives the page its files and its messages, and takes what it sends."""

    protocol_version = "HTTP/1.1"
    line: Line
    receive: Callable[[dict, list[memoryview]], None]

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?after=")
        if path == "/messages":
            self._answer("application/octet-stream", self.line.after(int(query)))
        elif path in FILES:
            kind, file = FILES[path]
            self._answer(f"{kind}; charset=utf-8", file.read_bytes())
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            type(self).receive(*unpacked(data))
        finally:
            self._answer("text/plain", b"")

    def _answer(self, kind: str, data: bytes) -> None:
        with suppress(ConnectionError):  # the page has gone
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""
