"""What a page of the site got for its widgets, to be compared with what Python computes now."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Page

SHOWN = {"application/vnd.jupyter.widget-view+json": {"model_id": ""}, "image/png": "AAAA"}

# The traits of the model at a place, bytes as their sha256.
TRAITS = """async place => {
    const hex = byte => byte.toString(16).padStart(2, "0");
    const told = async value => {
        if (!(value instanceof DataView)) return value;
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
        const hash = await crypto.subtle.digest("SHA-256", bytes);
        return [...new Uint8Array(hash)].map(hex).join("");
    };
    const all = Object.entries(place.model.state);
    return Object.fromEntries(await Promise.all(all.map(async ([k, v]) => [k, await told(v)])));
}"""


# A request {trait: value} at a place, as its front end makes it; until it is answered.
ASK = """async (place, choice) => {
    const { model } = place;
    for (const [name, value] of Object.entries(choice)) model.set(name, value);
    model.set("seq", model.get("seq") + 1);
    model.save_changes();
    while (model.get("view").seq < model.get("seq")) await new Promise((f) => setTimeout(f, 5));
}"""


def lesson(path: Path, *cells: str) -> Path:
    """A notebook of widgets."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A lesson")])
    for cell in cells:
        metadata = {"image/png": {"alt": "a still"}}
        output = nbformat.v4.new_output("execute_result", {**SHOWN}, metadata=metadata)
        notebook.cells.append(nbformat.v4.new_code_cell(cell, outputs=[output]))
    nbformat.write(notebook, path)
    return path


def begun(page: Page, number: int = 0) -> Any:
    """A place of the page, once its widget is there."""
    place = page.locator(".recorded").nth(number)
    place.scroll_into_view_if_needed()
    page.wait_for_function("n => document.querySelectorAll('.recorded')[n].model", arg=number)
    return place


def traits(place: Any) -> dict[str, Any]:
    """What a place of a page shows, {trait: value}; bytes as their sha256."""
    found: dict[str, Any] = place.evaluate(TRAITS)
    return found


def computed(widget: Any, names: Any) -> dict[str, Any]:
    """The same of a widget."""
    state = {name: getattr(widget, name) for name in names}
    return {name: _told(value) for name, value in state.items()}


def _told(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return sha256(value).hexdigest()
    return json.loads(json.dumps(value))


def unnumbered(state: dict[str, Any]) -> dict[str, Any]:
    """A state without the number of its request."""
    view = {name: value for name, value in state.get("view", {}).items() if name != "seq"}
    return {**state, "view": view, "seq": 0}
