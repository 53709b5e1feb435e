"""A widget ends when its cell has run again and no name holds it: then nobody can see it any more.

ipywidgets and IPython's `Out` keep every widget as long as the kernel lives. A cell that is run ten
times would keep ten: 50 MB each for `explore("lenet", "photo.jpg")`, 280 MB and a thread each for
`train("vgg16")`.
"""

import gc
from typing import Any

import ipywidgets
from IPython import get_ipython

_shown: dict[str, list[ipywidgets.Widget]] = {}  # by the id of the cell that shows them
_now: list[ipywidgets.Widget] = []  # by the cell that is running
_hidden: list[ipywidgets.Widget] = []  # in no cell; a name held them when they were last looked at


def showing(widget: ipywidgets.Widget) -> None:
    """Note that the cell that is running shows `widget`. Without cells with an id: nothing."""
    shell = get_ipython()
    parent: dict = getattr(shell, "get_parent", dict)()
    if parent.get("metadata", {}).get("cellId"):  # of no cell: a callback
        _now.append(widget)
        if _ran not in shell.events.callbacks["post_run_cell"]:
            shell.events.register("post_run_cell", _ran)


def _ran(result: Any) -> None:
    """End what the cell showed before, unless a cell still shows it or a name still holds it."""
    cell = result.info.cell_id
    if cell is None:
        return
    _hidden.extend(_shown.get(cell, []))
    _shown[cell] = [*_now]
    _now.clear()
    visible = {id(widget) for widgets in _shown.values() for widget in widgets}
    names = get_ipython().user_ns
    gone = {id(w): w for w in _hidden if id(w) not in visible and not _named(w, names)}
    _hidden[:] = [w for w in _hidden if id(w) not in visible and id(w) not in gone]
    for widget in gone.values():
        _forget(widget, names)
        widget.close()
    if gone:
        del widget
        gone.clear()
        gc.collect()  # widgets and their callbacks hold one another; what they hold is large


def _named(widget: ipywidgets.Widget, names: dict[str, Any]) -> bool:
    """Whether a name of the user's own holds it, or a list or dict with such a name."""
    own = (v for name, v in names.items() if name[0] != "_" and name not in ("In", "Out"))
    return any(value is widget or _holds(value, widget) for value in own)


def _holds(value: Any, widget: ipywidgets.Widget) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple | set):
        return False
    return any(one is widget for one in value)


def _forget(widget: ipywidgets.Widget, names: dict[str, Any]) -> None:
    """Take it out of what IPython keeps of outputs: `Out`, `_`, `_12`."""
    shell = get_ipython()
    kept = (names, shell.user_ns_hidden, names.get("Out", {}), vars(shell.displayhook))
    for store in kept:
        for name in [name for name, value in store.items() if value is widget]:
            store[name] = ""
