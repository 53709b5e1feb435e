"""How soon the image follows the control: explore() against `interact` with matplotlib.

Both run in one JupyterLab in headless Chromium, with AlexNet at 224 × 224 on a photograph. A
figure is the time from the control's event in the page to the frame that shows the new image,
the median of N. The usual way is what most notebooks do: `interact` over the layers, one axes a
map, 64 maps. Then MANY changes in a row, one as soon as the other is painted: what the memory of
kernel and page grows by, once all images and layers have been seen (Linux: private memory).

    python benchmarks/widgets.py
"""

import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import conftest  # noqa: E402, F401  offline, one thread, as in the tests
from tests.helpers.lab import opened_lab  # noqa: E402

N = 21
MANY = 2000
LAYERS = ("conv1", "relu1", "pool1", "conv2", "relu2", "conv5")
IMAGES = ("coffee", "camera", "palace", "rocket", "astronaut", "house", "cat")

OURS = """
from course_utils import explore, load_network
from course_utils.widgets.shared.choices import NETWORKS
from course_utils.widgets.explore.seen import SEEN
explore(load_network("alexnet", weights=None))
"""
USUAL = """
import matplotlib.pyplot as plt
from ipywidgets import interact
from course_utils import activations, load_network

network = load_network("alexnet", weights=None)

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

# Many changes, each as soon as the one before is painted: every tenth of the image.
CHANGES = """async ([layers, images, count]) => {
    const root = document.querySelector(".course-widget");
    const choose = async (name, value) => {
        const before = root.dataset.seq;
        const select = root.querySelector(`select[name=${name}]`);
        select.value = value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
        while (root.dataset.seq === before) await new Promise(requestAnimationFrame);
    };
    for (let i = 0; i < count; i++) {
        if (i % 10) await choose("layer", layers[i % layers.length]);
        else await choose("image", images[(i / 10) % images.length]);
    }
    while (root.hasAttribute("aria-busy")) await new Promise(requestAnimationFrame);
}"""

# The slider that lays the open map over the image: milliseconds until it is drawn.
OVERLAY = """async () => {
    const slider = document.querySelector(".cw-cover input");
    const times = [];
    for (let i = 0; i < 100; i++) {
        const start = performance.now();
        slider.value = i;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        document.querySelector(".cw-overlay").getBoundingClientRect();
        times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[50];
}"""

PRIVATE = """sum(int(line.split()[1]) for line in open("/proc/{}/smaps_rollup")
if line.startswith("Private_")) / 1024"""

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


def memory_growth(notebook, browser) -> tuple[float, float]:
    """What kernel and page hold more after MANY changes than before, in MB."""
    page = notebook.page.context.new_cdp_session(notebook.page)
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    renderers = [process["id"] for process in processes if process["type"] == "renderer"]

    def held() -> tuple[float, float]:
        page.send("HeapProfiler.collectGarbage")
        kernel = float(notebook.ask(PRIVATE.format("self").replace("\n", " ")))
        return kernel, sum(eval(PRIVATE.format(pid).replace("\n", " ")) for pid in renderers)

    for image in IMAGES:  # everything is seen once, and what can be kept is kept
        ours(notebook, "image", image)
        for layer in LAYERS:
            ours(notebook, "layer", layer)
    notebook.page.evaluate(CHANGES, [LAYERS, IMAGES, 200])
    before = held()
    notebook.page.evaluate(CHANGES, [LAYERS, IMAGES, MANY])
    return tuple(after - value for after, value in zip(held(), before, strict=True))


def report(what: str, ms: float, goal: float, than: float | None = None) -> None:
    ratio = f"{than / ms:6.0f} times faster" if than else ""
    print(f"{what:58} {ms:7.1f} ms   goal {goal:4.0f} ms{ratio}", flush=True)


def main() -> None:
    with opened_lab() as lab:
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
        report("explore(): a layer of an image already seen", layer, 40, slow)
        image = cycle(
            IMAGES,
            lambda name: ours(notebook, "image", name),
            before=lambda: notebook.ask("SEEN.clear()"),
        )
        report("explore(): a new image", image, 60)
        network = cycle(
            ("efficientnet_lite0", "lenet"),
            lambda name: ours(notebook, "network", name),
            before=lambda: notebook.ask("(SEEN.clear(), NETWORKS.clear())"),
        )
        report("explore(): a new network, its weights on disk", network, 500)
        report("explore(): pointing at a unit, no kernel", notebook.page.evaluate(HOVER), 16)
        notebook.page.locator(".cw-maps canvas[tabindex]").click(position={"x": 9, "y": 9})
        report("explore(): a map over the image", notebook.page.evaluate(OVERLAY), 16)
        ours(notebook, "network", "alexnet-imagenet")
        kernel, page = memory_growth(notebook, lab.browser)
        print(f"\n{MANY:,} changes in a row: kernel {kernel:+.1f} MB (goal under 20 MB)")
        print(f"{'':24} page {page:+.1f} MB (goal under 50 MB)")


if __name__ == "__main__":
    main()
