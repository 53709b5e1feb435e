"""Firefox and WebKit, driven by what both speak: the commands of W3C WebDriver.

Firefox takes them on a socket of its own (Marionette), WebKit from its driver over HTTP. A page
has the few methods of Playwright's page that `StaticPage` and `Notebook` use.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from tests.helpers.lab import free_port

MINI_BROWSER = "webkit2gtk-4.*/MiniBrowser"  # WebKit's own browser, below /usr/lib
KEYS = {
    name: chr(code)
    for name, code in {
        "Backspace": 0xE003,
        "Tab": 0xE004,
        "Enter": 0xE007,
        "Escape": 0xE00C,
        "Space": 0x20,
        "PageUp": 0xE00E,
        "PageDown": 0xE00F,
        "End": 0xE010,
        "Home": 0xE011,
        "ArrowLeft": 0xE012,
        "ArrowUp": 0xE013,
        "ArrowRight": 0xE014,
        "ArrowDown": 0xE015,
    }.items()
}

# An expression, or a function and its argument -> [value, error].
EVALUATE = """
const [code, argument, done] = arguments;
(async () => {
    const value = window.eval(`(${code})`);
    return typeof value === "function" ? value(argument) : value;
})().then(value => done([value ?? null, null]), error => done([null, `${error}\\n${error.stack}`]));
"""
# Into each page: what went wrong in it, and the visible element of a selector and a name.
EQUIP = """() => {
    const named = e => [e.ariaLabel, e.labels?.[0]?.textContent, e.textContent].join(" ");
    window.part = (selector, name) => {
        const [css, place] = selector.split(" >> nth=");
        const fits = e => e.checkVisibility() && named(e).includes(name);
        return [...document.querySelectorAll(css)].filter(fits)[place ?? 0];
    };
    window.faults = [];
    window.addEventListener("error", event => faults.push(event.message));
    window.addEventListener("unhandledrejection", event => faults.push(String(event.reason)));
}"""


class Marionette:
    """A headless Firefox."""

    def __init__(self) -> None:
        program = found("firefox-esr", "firefox")
        self.folder = tempfile.TemporaryDirectory(prefix="firefox-")
        profile = Path(self.folder.name)
        settings = {"marionette.port": 0, "media.navigator.streams.fake": True}
        settings |= {"media.navigator.permission.disabled": True}
        lines = (f'user_pref("{key}", {json.dumps(value)});' for key, value in settings.items())
        (profile / "user.js").write_text("\n".join(lines))
        command = [program, "--headless", "--marionette", "--no-remote", "--profile", profile]
        self.process = started(command)
        port = waited_for(lambda: (profile / "MarionetteActivePort").read_text())
        self.socket = socket.create_connection(("127.0.0.1", int(port)))
        self.stream = self.socket.makefile("rb")
        self.count = 0
        self._read()  # its greeting

    def _read(self) -> Any:
        digits = b""
        while (byte := self.stream.read(1)) != b":":
            digits += byte
        return json.loads(self.stream.read(int(digits)))

    def command(self, name: str, **parameters: Any) -> Any:
        self.count += 1
        message = json.dumps([0, self.count, f"WebDriver:{name}", parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{error['error']}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def begin(self) -> None:
        self.command("NewSession")

    def stop(self) -> None:
        self.socket.close()
        ended(self.process)
        self.folder.cleanup()


class WebKitDriver:
    """WebKitGTK's browser in an X server without a screen."""

    PATHS: ClassVar = {
        "Navigate": "url",
        "SetTimeouts": "timeouts",
        "SetWindowRect": "window/rect",
        "ExecuteAsyncScript": "execute/async",
        "PerformActions": "actions",
        "TakeScreenshot": "screenshot",
    }

    def __init__(self) -> None:
        driver, server = found("WebKitWebDriver"), found("Xvfb")
        browser = next(Path("/usr/lib").glob(f"*/{MINI_BROWSER}"), None)
        if browser is None:
            raise LookupError(f"no {MINI_BROWSER} found")
        self.browser, port = str(browser), free_port()
        ours, theirs = os.pipe()
        screen = ["-screen", "0", "2200x1400x24", "-nolisten", "tcp", "-displayfd", str(theirs)]
        self.server = started([server, *screen], pass_fds=[theirs])
        os.close(theirs)
        with open(ours) as display:
            environment = os.environ | {"DISPLAY": f":{display.readline().strip()}"}
        self.process = started([driver, f"--port={port}"], env=environment)
        self.address = f"http://127.0.0.1:{port}"
        waited_for(lambda: self._send("GET", "/status"))

    def _send(self, method: str, path: str, body: dict | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=150) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise RuntimeError(f"{value['error']}: {value['message']}") from None

    def begin(self) -> None:
        arguments = ["--automation", "--enable-media-stream=true"]
        arguments += ["--enable-mock-capture-devices=true"]
        options = {"binary": self.browser, "args": arguments}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        session = self._send("POST", "/session", wanted)["sessionId"]
        self.session = f"/session/{session}"

    def command(self, name: str, **parameters: Any) -> Any:
        if name == "TakeScreenshot":
            return self._send("GET", f"{self.session}/screenshot")
        return self._send("POST", f"{self.session}/{self.PATHS[name]}", parameters)

    def stop(self) -> None:
        with suppress(RuntimeError, OSError):
            self._send("DELETE", self.session)
        ended(self.process)
        ended(self.server)


class Engine:
    """A browser with one window. LookupError if a program for it is missing."""

    def __init__(self, driver: Callable[[], Marionette | WebKitDriver]) -> None:
        self.driver = driver()
        self.driver.begin()
        self.driver.command("SetTimeouts", script=120_000)

    def new_page(self, viewport: dict[str, int]) -> "Page":
        page = Page(self.driver)
        page.close()
        page.set_viewport_size(viewport)
        return page

    def stop(self) -> None:
        self.driver.stop()


class Page:
    """What the window shows; its methods are Playwright's."""

    def __init__(self, driver: Marionette | WebKitDriver) -> None:
        self.command = driver.command
        self.mouse = self.keyboard = self

    def on(self, *_: object) -> None:
        """Errors are gathered in the page: see `faults`."""

    def goto(self, address: str) -> None:
        self.command("Navigate", url=address)
        self.evaluate(EQUIP)

    def faults(self) -> list[str]:
        """The errors that nothing in the page caught."""
        return self.evaluate("faults")

    def evaluate(self, code: str, argument: Any = None) -> Any:
        """The value of an expression, or of a function that gets the argument."""
        value, error = self.command("ExecuteAsyncScript", script=EVALUATE, args=[code, argument])
        if error:
            raise RuntimeError(f"{code}: {error}")
        return value

    def wait_for_function(self, code: str, arg: Any = None, timeout: float = 30_000) -> None:
        """Wait until it is true."""
        true = f"async argument => Boolean(await ({code})(argument))"
        deadline = time.monotonic() + timeout / 1000
        while time.monotonic() < deadline:
            if self.evaluate(true, arg):
                return
            time.sleep(0.03)
        raise TimeoutError(f"not true within {timeout / 1000:.0f} s: {code} of {arg}")

    def wait_for_selector(self, selector: str, **options: Any) -> None:
        options.pop("state", None)
        self.wait_for_function("css => !!document.querySelector(css)", selector, **options)

    def set_viewport_size(self, size: dict[str, int]) -> None:
        """Again and again: the window follows late, and only it can say how wide its frame is."""
        wanted = [size["width"], size["height"]]
        deadline = time.monotonic() + 60
        while (inner := self.evaluate("[innerWidth, innerHeight]")) != wanted:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the window has {inner} pixels, not {wanted}")
            outer = self.evaluate("[outerWidth, outerHeight]")
            width, height = (w + o - i for w, o, i in zip(wanted, outer, inner, strict=True))
            self.command("SetWindowRect", width=width, height=height)
            time.sleep(0.1)

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.command("TakeScreenshot")))

    def close(self) -> None:
        """Leave it; the window stays."""
        self.command("Navigate", url="about:blank")

    def part(self, selector: str, name: str = "") -> "Part":
        """The first visible element of a selector whose label or text has this name in it."""
        return Part(self, selector, name)

    # --- Mouse and keyboard ---

    def _act(self, kind: str, *actions: dict) -> None:
        source = {"type": kind, "id": kind, "actions": list(actions)}
        if kind == "pointer":
            source["parameters"] = {"pointerType": "mouse"}
        self.command("PerformActions", actions=[source])

    def move(self, x: float, y: float) -> None:
        where = {"x": round(x), "y": round(y), "origin": "viewport"}
        self._act("pointer", {"type": "pointerMove", "duration": 0, **where})

    def down(self) -> None:
        self._act("pointer", {"type": "pointerDown", "button": 0})

    def up(self) -> None:
        self._act("pointer", {"type": "pointerUp", "button": 0})

    def click(self, x: float, y: float) -> None:
        self.move(x, y)
        self.down()
        self.up()

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        self._act("key", {"type": "keyDown", "value": value}, {"type": "keyUp", "value": value})


class Part:
    """An element of a page, looked up each time; x and y are shares of its width and height."""

    def __init__(self, page: Page, selector: str, name: str) -> None:
        self.page, self.where = page, [selector, name]

    def evaluate(self, code: str, argument: Any = None) -> Any:
        """The value of a function that gets the element and the argument."""
        function = f"([css, name, argument]) => ({code})(part(css, name), argument)"
        return self.page.evaluate(function, [*self.where, argument])

    def wait_for(self, condition: str = "e => e", argument: Any = None) -> None:
        """Wait until this function of the element and the argument is true."""
        function = f"([css, name, argument]) => ({condition})(part(css, name), argument)"
        self.page.wait_for_function(function, [*self.where, argument])

    def text(self) -> str:
        return self.evaluate("e => e.innerText")

    def place(self, x: float = 0.5, y: float = 0.5) -> list[float]:
        """Where in the window such a point of it is, once it is there and in view."""
        self.wait_for()
        return self.evaluate(
            """async (e, [x, y]) => {
                e.scrollIntoView({ block: "center", behavior: "instant" });
                for (const _ of "12") await new Promise(requestAnimationFrame); // it is there now
                const { left, top, width, height } = e.getBoundingClientRect();
                return [left + x * width, top + y * height];
            }""",
            [x, y],
        )

    def point(self, x: float = 0.5, y: float = 0.5) -> None:
        """Move the mouse there, in two steps: the first may only tell the page where it is."""
        left, top = self.place(x, y)
        self.page.move(left - 2, top)
        self.page.move(left, top)

    def click(self, x: float = 0.5, y: float = 0.5) -> None:
        self.page.click(*self.place(x, y))

    def choose(self, value: str) -> None:
        """Of a list."""
        self.evaluate(
            "(e, value) => { e.value = value; e.dispatchEvent(new Event('change')); }", value
        )

    def drag(self, *points: tuple[float, float]) -> None:
        """Press the mouse at the first point, and let go at the last."""
        first, *rest = [self.place(x, y) for x, y in points]
        self.page.move(*first)
        self.page.down()
        for point in rest:
            self.page.move(*point)
        self.page.up()


def found(*names: str) -> str:
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        raise LookupError(f"no {names[0]} found")
    return program


def started(command: list, **options: Any) -> subprocess.Popen:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, **quiet, **options)


def ended(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def waited_for(answer: Callable[[], Any], seconds: float = 60) -> Any:
    """The first answer that is no error and not empty."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):
            if value := answer():
                return value
        time.sleep(0.05)
    raise TimeoutError("the browser does not start")
