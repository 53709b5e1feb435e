"""How soon the sum follows the window: convolve() against `interact` with matplotlib.

Both run in one JupyterLab in headless Chromium. A figure for convolve() is the time that the page
takes for one step of the window, from the event of the mouse to the laid out tables with every
product: the median of 200 steps over the whole image. "Painted" adds the frame that shows it.
Of the usual way, `interact` over the row with image, window and products drawn by matplotlib,
it is the time from the event to the new image, the median of 21.

    python benchmarks/convolve.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from widgets import cycle, report, usual  # noqa: E402

import conftest  # noqa: E402, F401  offline, one thread, as in the tests
from tests.helpers.lab import opened_lab  # noqa: E402

OURS = "from course_utils import convolve\nconvolve('cat', longest=96, **settings)"
USUAL = """
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import interact
from course_utils import open_image

image = np.array(open_image("cat").resize((96, 64)).convert("L")).astype(float)
kernel = np.array([[-1, 0, 1]] * 3)

def show(row):
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
    left.imshow(image, cmap="gray")
    left.add_patch(plt.Rectangle((9.5, int(row) - 0.5), 3, 3, fill=False, color="red"))
    products = image[int(row) : int(row) + 3, 10:13] * kernel
    right.imshow(products, cmap="RdBu")
    for (i, j), product in np.ndenumerate(products):
        right.text(j, i, f"{product:.0f}")
    right.set_title(f"sum {products.sum():.0f}")
    plt.show()

interact(show, row=["0", "10", "20", "30", "40", "50"]);
"""

CASES = {
    "edges 3 × 3, grey: 9 products": {"kernel": "edges"},
    "gaussian 7 × 7, RGB: 147 products": {"kernel": "gaussian", "size": 7, "channels": 3},
    "AlexNet's first layer: 363 products": {"kernel": "first layer", "network": "alexnet"},
}

# [median, painted median] in ms of 200 steps of the window, with the button of the mouse held.
STEPS = """async () => {
    const canvas = document.querySelector(".cw-plates canvas");
    const total = document.querySelector(".cw-total");
    const box = canvas.getBoundingClientRect();
    const [laidOut, painted] = [[], []];
    for (let i = 0; i < 200; i++) {
        const said = total.textContent;
        const [x, y] = [(7 * i) % 200, i].map(step => 0.15 + (0.7 * step) / 200);
        const start = performance.now();
        canvas.dispatchEvent(new PointerEvent("pointermove", { buttons: 1,
            clientX: box.left + box.width * x, clientY: box.top + box.height * y }));
        await null;
        await null;
        total.getBoundingClientRect();
        laidOut.push(performance.now() - start);
        if (i && total.textContent === said) throw new Error("the window did not move");
        await new Promise(requestAnimationFrame);
        await new Promise(done => setTimeout(done));
        painted.push(performance.now() - start);
    }
    return [laidOut, painted].map(times => times.sort((a, b) => a - b)[100]);
}"""


def main() -> None:
    with opened_lab() as lab:
        notebook = lab.notebook([USUAL])
        assert notebook.run_all() == []
        notebook.page.wait_for_selector(".widget-output img")
        slow = cycle(("10", "20", "30", "40", "50", "0"), lambda row: usual(notebook, row))
        print(f"interact, image and 9 products with matplotlib: {slow:.0f} ms\n")
        notebook.close()
        notebook = lab.notebook([OURS])
        for name, settings in CASES.items():
            notebook.ask(f"globals().update(settings={settings})")
            assert notebook.run_all() == []
            notebook.page.wait_for_selector(".course-widget[data-seq]")
            step, painted = notebook.page.evaluate(STEPS)
            report(name, step, 16, slow)
            print(f"{'':36} painted after {painted:.1f} ms")


if __name__ == "__main__":
    main()
