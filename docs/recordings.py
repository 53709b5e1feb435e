"""What the widgets of a lesson answer, recorded for pages that no kernel stands behind.

While a site is built, each widget is made as its cell makes it, and asked for every choice of a
list (`plans.py`); the traits that answer are kept. player.js gives them to the same front end. A
recording is many small scripts, which pages load from file:// too: `recorded(name, size, "…")`, in
it, deflated, the length of a head (four bytes), the head as JSON, buffers. Large buffers have a
file of their own, named after what is in it, so that equal ones are stored once.
"""

import ast
import json
import os
import re
import time
import zlib
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anywidget
import ipywidgets
import nbformat
import numpy as np
import torch
from nbformat import NotebookNode

from docs.plans import PLANS, Plan
from docs.training import Event, record_training

ROOT = Path(__file__).parents[1]
WIDGET = "application/vnd.jupyter.widget-view+json"
LARGE = 32_768  # bytes of a buffer that gets a file of its own
CALL = re.compile(rf"\b({'|'.join(PLANS)})\(")
ASKS = re.compile(r"\b(predict|quiz)\(")
FULL = 400_000  # bytes of small things in one file
SOURCES = ("course_utils/**/*.py", "data/weights/*", "docs/[prt]*.py")

Live = dict[str, dict[str, str]]  # {cell: {"kind": …, "start": the file that it begins with}}
State = dict[str, Any]  # {trait: value}; JSON, and for bytes a tuple of their `Store.kept` parts


class Store:
    """A folder of files; what is equal is stored once. names: of all that were asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.names = folder, set[str]()

    def write(self, head: dict[str, Any], buffers: list[bytes]) -> str:
        """Write a file, unless it is there; its name."""
        text = json.dumps({**head, "sizes": [*map(len, buffers)]}).encode()
        data = b"".join([len(text).to_bytes(4, "little"), text, *buffers])
        name = sha256(data).hexdigest()[:16]
        path = self.folder / f"{name}.js"
        if name not in self.names and not path.is_file():
            packed = zlib.compress(data)
            script = f'recorded("{name}",{len(packed)},"{characters(packed)}");\n'
            part = path.with_suffix(f".{os.getpid()}")  # two lessons may write the same
            part.write_bytes(b"\xfe\xff" + script.encode("utf-16-be"))
            part.replace(path)
        self.names.add(name)
        return name

    def kept(self, *parts: bytes) -> tuple[str | bytes, ...]:
        """The parts of a value: the name of its file for each large one."""
        return tuple(self.write({}, [part]) if len(part) >= LARGE else part for part in parts)


def characters(data: bytes) -> str:
    """Bytes as characters of 15 bits each, from U+0100: in UTF-16 a fifth less than base64."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    rows = np.pad(bits, (0, -len(bits) % 15)).reshape(-1, 15)
    pairs = np.packbits(np.pad(rows, ((0, 0), (1, 0))), axis=1)
    return (pairs.view(">u2") + 256).astype(">u2").tobytes().decode("utf-16-be")


class Pack:
    """What goes into one file: small buffers, and answers."""

    def __init__(self) -> None:
        self.answers: list[State] = []
        self.small: dict[bytes, int] = {}
        self.size = 0

    def packed(self, state: State) -> State:
        """A state as JSON; bytes as {"$": [[file, number in it], …]}, small ones of this file."""
        return {name: self._value(value) for name, value in state.items()}

    def add(self, state: State) -> int:
        """Add an answer; its number."""
        self.answers.append(self.packed(state))
        self.size += len(json.dumps(self.answers[-1]))
        return len(self.answers) - 1

    def _value(self, value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        return {"$": [[p, 0] if isinstance(p, str) else ["", self._small(p)] for p in value]}

    def _small(self, part: bytes) -> int:
        if part not in self.small:
            self.small[part] = len(self.small)
            self.size += len(part)
        return self.small[part]


class Recorder:
    """Asks a widget as its page does, and keeps what the page would get."""

    def __init__(self, widget: anywidget.AnyWidget, store: Store) -> None:
        self.widget, self.store, self.seq = widget, store, 0

    def record(self) -> str:
        """Record all plans of the widget; the name of the file that a page begins with."""
        kind, self.first = kind_of(self.widget), self._state()
        tables = [self._table(plan) for plan in PLANS[kind]]
        pack, state = Pack(), {**self.first, "scenes": []}
        if "view" in state:
            state |= {"seq": 0, "view": {**state["view"], "seq": 0}}
        if kind == "questions":  # what its maker once chose is nobody else's affair
            state["chosen"] = [-1] * len(self.widget.items)
        if kind == "draw":
            state["weights"] = self.store.kept(weights_of(self.widget))
        head: dict[str, Any] = {"tables": tables, "state": pack.packed(state)}
        if kind == "train":
            head["training"] = [self._event(event, pack) for event in record_training(self.widget)]
        return self.store.write(head, [*pack.small])

    def _event(self, event: Event, pack: Pack) -> Event:
        """A message of a training, its bytes as a state has them."""
        buffers = {str(i): self.store.kept(b) for i, b in enumerate(event["buffers"])}
        content = json.loads(json.dumps(event["content"]))
        return {**event, "content": content, "buffers": [*pack.packed(buffers).values()]}

    def _state(self) -> State:
        """All that the page has, without the number of its request."""
        names = {*self.widget.keys} - {*ipywidgets.DOMWidget.class_trait_names()} - {"seq"}
        state = self.widget.get_state({name for name in names if name[0] != "_"})
        return {name: self._kept(name, value) for name, value in state.items()}

    def _kept(self, name: str, value: Any) -> Any:
        if isinstance(value, bytes | memoryview):
            sizes = getattr(self.widget, "view", {}).get("steps", ()) if name == "pixels" else ()
            return self.store.kept(*cut(bytes(value), sizes))
        if name == "view":
            value = {k: v for k, v in value.items() if k != "seq"}
        return json.loads(json.dumps(value))

    def _table(self, plan: Plan) -> dict[str, Any]:
        """The answers to all requests of a plan, by what is chosen; then the start is back."""
        answers: dict[str, State] = {}
        start = self._choice(plan)
        for change in [*plan.requests(self.widget), start]:
            asked = key(plan, {**self._choice(plan), **change})
            self._ask(change)
            if not getattr(self.widget, "error", ""):
                state = self._state()
                for each in (asked, key(plan, self._choice(plan))):
                    answers.setdefault(each, state)
        self.first = answers[key(plan, start)]  # before anything stood beside it
        table = {"keys": plan.keys, "once": plan.once, "nearest": plan.nearest}
        return {**table, "answers": self._written(answers, {*plan.once})}

    def _choice(self, plan: Plan) -> dict[str, Any]:
        return {name: getattr(self.widget, name) for name in plan.keys}

    def _ask(self, change: dict[str, Any]) -> None:
        self.seq += 1
        numbered = {"seq": self.seq} if hasattr(self.widget, "seq") else {}
        self.widget.set_state({**change, **numbered})

    def _written(self, answers: dict[str, State], always: set[str]) -> dict[str, list]:
        """Where each answer is, [file, number in it]; of traits that vary, and some others."""
        states = {id(state): state for state in answers.values()}
        first = next(iter(states.values()))
        varying = always | {n for state in states.values() for n in first if state[n] != first[n]}
        places, packs = dict[int, tuple[int, int]](), [Pack()]
        for id_, state in states.items():
            if packs[-1].size > FULL:
                packs.append(Pack())
            number = packs[-1].add({name: state[name] for name in sorted(varying)})
            places[id_] = len(packs) - 1, number
        names = [self.store.write({"answers": p.answers}, [*p.small]) for p in packs]
        found = {each: places[id(state)] for each, state in answers.items()}
        return {each: [names[pack], number] for each, (pack, number) in found.items()}


def key(plan: Plan, choice: dict[str, Any]) -> str:
    """A choice as the page spells it."""
    values = [choice[name] for name in plan.keys]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def cut(data: bytes, steps: Any) -> list[bytes]:
    """Images of steps, one after the other, each for itself: many choices share most of them."""
    parts, at = [], 0
    for step in steps:
        if step["state"] == "done":
            parts.append(data[at : (at := at + step["height"] * step["width"] * 3)])
    return parts or [data]


def weights_of(widget: Any) -> bytes:
    """The weights and biases of the network that reads, float32, from first to last."""
    network = widget.network_named(widget.network)
    return b"".join(p.detach().numpy().tobytes() for p in network.parameters())


def kind_of(widget: anywidget.AnyWidget) -> str:
    """The folder of a widget: "explore"."""
    return type(widget).__module__.split(".")[2]


# --- The cells of a lesson ---


def widgets_of(cells: list[NotebookNode]) -> Iterator[tuple[str, anywidget.AnyWidget]]:
    """Run code cells, as far as a widget needs them; the id of each that ends in one, and it."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells:
        *first, last = ast.parse(cell.source).body or [ast.Pass()]
        if not isinstance(last, ast.Expr):
            first.append(last)
        exec(compile(ast.Module(first, []), cell.id, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), cell.id, "eval"), names)
            if isinstance(value, anywidget.AnyWidget) and kind_of(value) in PLANS:
                yield cell.id, value


def needed(notebook: NotebookNode, computing: bool) -> list[NotebookNode]:
    """The code cells that its widgets need: what comes after the last one that computes is not."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [c for c in cells if any(WIDGET in output.get("data", {}) for output in c.outputs)]
    last = [c for c in shown if computing and CALL.search(c.source)][-1:]
    end = cells.index(last[0]) + 1 if last else 0
    ask = nbformat.v4.new_code_cell("from course_utils import predict, quiz")
    return [*cells[:end], ask, *(c for c in cells[end:] if c in shown and ASKS.search(c.source))]


def fingerprint(cells: list[NotebookNode]) -> str:
    """Changes with whatever a recording depends on: the lesson, the widgets, the networks."""
    found = sha256(torch.__version__.encode())
    for cell in cells:
        found.update(cell.source.encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


def record(notebook: NotebookNode, folder: Path, computing: bool = True) -> Path:
    """Record the widgets of a notebook, unless that is done.

    folder: of all recordings. Returns a list in it: {"cells": Live, "files": names}.
    """
    cells = needed(notebook, computing)
    listed = folder / f"{fingerprint(cells)}.json"
    if not listed.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        store, live, began = Store(folder), Live(), time.perf_counter()
        with TemporaryDirectory() as here, chdir(here), redirect_stdout(None):
            for cell, widget in widgets_of(cells):
                live[cell] = {"kind": kind_of(widget), "start": Recorder(widget, store).record()}
        listed.write_text(json.dumps({"cells": live, "files": sorted(store.names)}))
        print(f"{len(live)} widgets recorded in {time.perf_counter() - began:.0f} s")
    return listed
