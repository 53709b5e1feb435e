"""What the dashboard costs: train() in an open page against fit() alone, pictures per second.

LeNet in a real JupyterLab in headless Chromium, one thread; both train the same epochs on the same
pictures in one kernel, in turns. Seconds are those of the whole training, validation included.
The figures are medians of N pairs. The stand-in will do: no pixel changes the speed.

    python benchmarks/dashboard.py
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

N = 7
COST, UPDATES = 0.05, 4  # goals: share of the speed at most, updates a second at least

CELL = """
import time
from course_utils import load_cifar10, load_network, train
from course_utils.training import fit

recipe = {"epochs": 2, "precision": "float32", "device": "cpu"}
w = train("lenet", load_cifar10("train"), **recipe)

def alone():
    network = load_network("lenet", weights=None, dataset="cifar10")
    start = time.perf_counter()
    fit(network, *w.parts, **recipe)
    return time.perf_counter() - start

def watched():
    start = time.perf_counter()
    w.go()
    w.wait()
    return time.perf_counter() - start

w
"""

# Count how often the curves are painted anew.
COUNT = """() => {
    window.painted = 0;
    const chart = document.querySelector(".cw-chart");
    new MutationObserver(() => { window.painted += 1; }).observe(chart, { childList: true });
}"""


def measure(notebook) -> tuple[float, float, float]:
    """Pictures a second alone and watched, and updates of the page a second."""
    pictures = 2 * int(notebook.ask("len(w.parts[0])"))
    alone = float(notebook.ask("alone()"))
    notebook.page.evaluate("window.painted = 0")
    watched = float(notebook.ask("watched()"))
    return pictures / alone, pictures / watched, notebook.page.evaluate("painted") / watched


def main() -> None:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit("This needs Chromium or Chrome (Debian: sudo apt install chromium).")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        lab = Lab(server, browser)
        try:
            notebook = lab.notebook([CELL])
            assert notebook.run_all() == []
            notebook.page.wait_for_selector(".course-widget[data-seq]")
            notebook.page.evaluate(COUNT)
            measure(notebook)  # to warm up
            pairs = [measure(notebook) for _ in range(N)]
        finally:
            lab.close()
            browser.close()
            server.stop()
    alone, watched, updates = map(statistics.median, zip(*pairs, strict=True))
    cost = 1 - statistics.median(w / a for a, w, _ in pairs)
    print(f"fit() alone      {alone:8,.0f} pictures/s, median of {N}")
    print(f"train() watched  {watched:8,.0f} pictures/s")
    print(f"cost of the dashboard {cost:6.1%}   goal {COST:.0%} at most")
    print(f"updates a second      {updates:6.1f}   goal {UPDATES} at least")


if __name__ == "__main__":
    main()
