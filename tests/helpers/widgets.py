"""What the tests of the widgets share: read what is painted, wait for an answer, measure."""

import re

from playwright.sync_api import Locator, expect

from tests.helpers.engines import Part

# Colours of text against what lies behind it, by the formula of WCAG 2.1; the worst comes first.
# One call for each widget; a new one belongs here, too.
CALLS = {
    "browse": "browse(network='lenet')",
    "convolve": "convolve()",
    "draw": "draw()",
    "explore": "explore('lenet', 'coffee')",
    "kernels": "kernels('lenet')",
    "predict": "predict('01.window')",
    "preprocess": "preprocess('coffee', 'lenet')",
    "quiz": "quiz('01')",
    "receptive_field": "receptive_field('lenet')",
    "teach": "teach('no_such_folder')",
    "train": "train()",
}
KERNEL = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"
CONTRAST = """root => {
    const parse = text => {
        const numbers = text.match(/[\\d.]+/g).map(Number);
        return numbers.length === 3 ? [...numbers, 1] : numbers;
    };
    const over = ([r, g, b, share], back) =>
        [r, g, b].map((value, i) => value * share + back[i] * (1 - share));
    const behind = element => {
        const layers = [];
        for (let e = element; e; e = e.parentElement) {
            const color = parse(getComputedStyle(e).backgroundColor);
            layers.push(color);
            if (color[3] === 1) break;
        }
        return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255]);
    };
    const light = rgb => {
        const linear = v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        const [r, g, b] = rgb.map(v => linear(v / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const speaks = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    return [...root.querySelectorAll("*")]
        .filter(e => e.checkVisibility() && speaks(e) && !e.matches("option, .cw-zero"))
        .map(e => {
            const back = behind(e);
            const [a, b] = [light(over(parse(getComputedStyle(e).color), back)), light(back)];
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.textContent];
        })
        .sort((a, b) => a[0] - b[0]);
}"""

# Parts of a widget that stick out of it, or out of the window, to the right; not what scrolls.
STICKING_OUT = """root => {
    const edge = Math.min(root.getBoundingClientRect().right, innerWidth) + 1;
    return [...root.querySelectorAll("*")]
        .filter(e => e.checkVisibility() && !e.parentElement.closest(".cw-scrolls"))
        .filter(e => e.getBoundingClientRect().right > edge)
        .map(e => e.outerHTML.slice(0, 80));
}"""


def shown(notebook, place: int = 0) -> Locator:
    """The widget in a notebook, once it is painted."""
    widget = notebook.page.locator(".course-widget[data-seq]").nth(place)
    widget.wait_for()
    return widget


def answered(widget: Locator) -> None:
    """Wait until the last change is painted."""
    expect(widget).not_to_have_attribute("aria-busy", "true", timeout=30_000)


def choose(widget: Locator, name: str, value: str) -> None:
    """Choose from a list by its label, and wait until it is painted."""
    widget.locator(f"select[name={name}]").select_option(value)
    answered(widget)


def started(notebook, theme: str, width: int, height: int, **names: object) -> tuple:
    """Run the notebook anew with these values for its names: (notebook, its widget in view)."""
    notebook.set_theme(theme)
    notebook.page.set_viewport_size({"width": width, "height": height})
    notebook.ask(f"globals().update({names!r})")
    assert notebook.run_all() == []
    widget = shown(notebook)
    widget.scroll_into_view_if_needed()
    return notebook, widget


def painted(canvas: Locator | Part) -> str:
    """The sha256 of what a canvas shows, RGBA."""
    return canvas.evaluate(
        """async canvas => {
            const context = canvas.getContext("2d");
            const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
            const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
            return [...hash].map(byte => byte.toString(16).padStart(2, "0")).join("");
        }"""
    )


def number(text: str) -> float:
    """The number at the end of a text: "channel 3, row 1, column 2: ≈ −0.12" -> -0.12."""
    return float(re.search(r"[-−\d.e]+$", text)[0].replace("−", "-"))


def drop(widget: Locator, name: str, data: bytes) -> None:
    """Drop a file on the widget, as from a file manager."""
    widget.evaluate(
        """(root, [name, data]) => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(data)], name));
            const options = { bubbles: true, cancelable: true, dataTransfer: files };
            for (const type of ["dragenter", "dragover", "drop"])
                root.dispatchEvent(new DragEvent(type, options));
        }""",
        [name, list(data)],
    )
