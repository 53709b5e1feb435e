"""How soon the picture follows the control: explore() against `interact` with matplotlib.

Both run in one JupyterLab in headless Chromium, with AlexNet at 224 × 224 on a photograph. A
figure is the time from the control's event in the page to the frame that shows the new picture,
the median of N. The usual way is what most notebooks do: `interact` over the layers, one axes a
map, 64 maps.

    python benchmarks/widgets.py
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

import conftest  # noqa: E402, F401  offline, one thread, as in the tests
from tests.browser.conftest import BROWSERS, FLAGS, Lab  # noqa: E402
from tests.browser.lab import Server  # noqa: E402

N = 21
LAYERS = ("conv1", "relu1", "pool1", "conv2", "relu2", "conv5")
PICTURES = ("coffee", "camera", "motorcycle", "rocket", "astronaut", "house", "cat")

OURS = """
from course_utils import explore
from course_utils.widgets.base import NETWORKS
from course_utils.widgets.explore import SEEN
explore()
"""
USUAL = """
import matplotlib.pyplot as plt
from ipywidgets import interact
from course_utils import activations, load_network

network = load_network("alexnet")

def show(layer):
    maps = activations(network, "cat")[layer][0]
    figure, axes = plt.subplots(8, 8, figsize=(8, 8))
    for ax, one in zip(axes.flat, maps):
        ax.imshow(one)
        ax.axis("off")
    plt.show()

interact(show, layer=["conv1", "relu1", "pool1", "conv2", "relu2", "conv5"]);
"""

# Choose in a <select>, wait until `watched` changes and the frame after that is drawn: ms.
CHOOSE = """async ([select, watched, value]) => {
    const list = document.querySelector(select);
    const changed = new Promise(done => {
        const observer = new MutationObserver(() => {
            if (!document.querySelector(watched.wait)) return;
            observer.disconnect();
            done();
        });
        observer.observe(document.querySelector(watched.root),
            { subtree: true, childList: true, attributes: true });
    });
    const start = performance.now();
    list.value = value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
    await changed;
    const image = document.querySelector(watched.image ?? "nothing");
    if (image) await image.decode();
    await new Promise(requestAnimationFrame);
    await new Promise(done => setTimeout(done));
    return performance.now() - start;
}"""

HOVER = """() => {
    const canvas = document.querySelector(".cw-maps canvas[role=img]");
    const box = canvas.getBoundingClientRect();
    const times = [];
    for (let i = 0; i < 200; i++) {
        const start = performance.now();
        canvas.dispatchEvent(new PointerEvent("pointermove", {
            clientX: box.left + (box.width * i) / 200, clientY: box.top + (box.height * i) / 200,
            movementX: 1 }));
        document.querySelector(".cw-readout").getBoundingClientRect();
        times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[100];
}"""


def ours(notebook, name: str, value: str) -> float:
    """Milliseconds until explore() shows a choice."""
    root = ".course-widget"
    seq = int(notebook.page.locator(root).get_attribute("data-seq")) + 1
    watched = {"root": root, "wait": f"{root}[data-seq='{seq}']"}
    return notebook.page.evaluate(CHOOSE, [f"select[name={name}]", watched, value])


def usual(notebook, value: str) -> float:
    """Milliseconds until `interact` shows a choice: its old figure goes, the new one is loaded."""
    page = notebook.page
    page.evaluate("document.querySelector('.widget-output img').id = 'old'")
    image = ".widget-output img:not(#old)"
    watched = {"root": ".widget-interact", "wait": image, "image": image}
    return page.evaluate(CHOOSE, [".widget-dropdown select", watched, value])


def cycle(values: tuple[str, ...], measure, before=lambda: None) -> float:
    """The median of N changes, after one round to warm up."""
    times = []
    for i in range(len(values) + N):
        before()
        times.append(measure(values[(i + 1) % len(values)]))
    return statistics.median(times[len(values) :])


def report(what: str, ms: float, goal: float, than: float | None = None) -> None:
    ratio = f"{than / ms:6.0f} times faster" if than else ""
    print(f"{what:58} {ms:7.1f} ms   goal {goal:4.0f} ms{ratio}", flush=True)


def main() -> None:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit("This needs Chromium or Chrome (Debian: sudo apt install chromium).")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        lab = Lab(server, browser)
        try:
            notebook = lab.notebook([USUAL])
            assert notebook.run_all() == []
            notebook.page.wait_for_selector(".widget-output img")
            slow = cycle(LAYERS, lambda layer: usual(notebook, layer))
            print(f"interact, one matplotlib axes a map, 64 maps: {slow:.0f} ms, median of {N}\n")
            notebook.close()
            notebook = lab.notebook([OURS])
            assert notebook.run_all() == []
            notebook.page.wait_for_selector(".course-widget[data-seq]")
            layer = cycle(LAYERS, lambda layer: ours(notebook, "layer", layer))
            report("explore(): a layer of a picture already seen", layer, 40, slow)
            picture = cycle(
                PICTURES,
                lambda name: ours(notebook, "picture", name),
                before=lambda: notebook.ask("SEEN.clear()"),
            )
            report("explore(): a new picture", picture, 120)
            network = cycle(
                ("efficientnet_lite0", "lenet"),
                lambda name: ours(notebook, "network", name),
                before=lambda: notebook.ask("(SEEN.clear(), NETWORKS.clear())"),
            )
            report("explore(): a new network, its weights on disk", network, 500)
            report("explore(): pointing at a unit, no kernel", notebook.page.evaluate(HOVER), 16)
        finally:
            lab.close()
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
