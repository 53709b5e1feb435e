"""The plain form of a widget: controls of ipywidgets and a still image.

It stands in where the page cannot load the live form, which anywidget brings to it. A kernel cannot
ask a page what it has. But a live form reports as soon as it is shown; if none does so while the
kernel has had nothing to do for some time, there is none.
"""

import asyncio
import json
import time
from base64 import b64encode
from collections.abc import Callable
from html import escape

import ipywidgets
from IPython import get_ipython

PATIENCE = 10.0  # seconds without anything to do
TICK = 0.5  # seconds

WHY = (
    "This page could not load the live form of {name}(), so here are plain controls and a still "
    "image. Its extension <b>anywidget</b> is missing or switched off in the program that "
    "serves this page: install requirements.txt there (<code>make lab</code> does), restart it, "
    "and reload the page."
)

_watching: set[asyncio.Task] = set()  # the event loop itself keeps no task alive


def kernel_is_quiet(heard: Callable[[], bool], then: Callable[[], None]) -> None:
    """Call `then` once the kernel was idle for `PATIENCE` while `heard()` stayed false.

    Only in a kernel: elsewhere there is no page that could answer.
    """
    shell = get_ipython()
    if getattr(shell, "kernel", None) is None:
        return
    task = asyncio.get_running_loop().create_task(_wait(shell, heard, then))
    _watching.add(task)
    task.add_done_callback(_watching.discard)


async def _wait(shell: object, heard: Callable[[], bool], then: Callable[[], None]) -> None:
    quiet = 0.0
    while quiet < PATIENCE:
        cells, before = shell.execution_count, time.monotonic()
        await asyncio.sleep(TICK)
        if heard():
            return
        busy = time.monotonic() - before > 2 * TICK or shell.execution_count != cells
        quiet = 0.0 if busy else quiet + TICK
    then()


class Plain(ipywidgets.VBox):
    """A control for each trait that a scene of `live` keeps, and below them its still image."""

    def __init__(self, live: object) -> None:
        self._live, self._filling = live, False
        self._controls = {name: self._control(name) for name in live.state()}
        self._alert, self._image = ipywidgets.HTML(), ipywidgets.HTML()
        why = ipywidgets.HTML(f"<p>{WHY.format(name=type(live).__name__.lower())}</p>")
        super().__init__([why, *self._controls.values(), self._alert, self._image])
        live.observe(lambda change: self._show(), [*self._controls, "view", "error"])
        self._show()

    def _control(self, name: str) -> ipywidgets.Widget:
        """A list where there is one to choose from, else what suits the type of the trait."""
        value, label = self._written(name), name.replace("_", " ")
        kinds = {bool: ipywidgets.Checkbox, int: ipywidgets.IntText, float: ipywidgets.FloatText}
        if options := self._live.options(name):
            control = ipywidgets.Dropdown(options=options, value=value, description=label)
        else:
            control = kinds.get(type(value), ipywidgets.Text)(value=value, description=label)
        control.style.description_width = "initial"
        control.observe(lambda change: self._changed(name, change["new"]), "value")
        return control

    def _written(self, name: str) -> object:
        """The value of a trait as its control has it: a list as text."""
        value = getattr(self._live, name)
        return value if isinstance(value, bool | int | float | str) else json.dumps(value)

    def _read(self, name: str, value: object) -> object:
        """The other way round. Raises ValueError for text that is no such list."""
        now = getattr(self._live, name)
        if isinstance(now, bool | int | float | str):
            return value
        value = json.loads(value)
        if not isinstance(value, type(now)):
            raise ValueError(f"{name} is no {type(value).__name__}")
        return value

    def _changed(self, name: str, value: object) -> None:
        """As from the page: what fails is said, and the control put right."""
        if self._filling:
            return
        try:
            self._live.set_state({name: self._read(name, value)})
        except ValueError:
            self._live.error = f"{name} is written like this: {self._written(name)}"
        self._show()

    def _show(self) -> None:
        self._filling = True  # what the controls say now is no wish of the user
        for name, control in self._controls.items():
            options = self._live.options(name)
            if options and tuple(options) != tuple(control.options):
                control.options = options
            control.value = self._written(name)
        self._filling = False
        self._alert.value = f"<p role='alert'>{escape(self._live.error)}</p>"
        still = self._live.still()
        data = b64encode(still.png()).decode()
        self._image.value = (
            f'<img alt="{escape(still.alt)}" src="data:image/png;base64,{data}" width="100%">'
        )
