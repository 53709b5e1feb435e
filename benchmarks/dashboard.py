"""What the dashboard costs: train() in an open page against fit() alone, images per second.

LeNet in a real JupyterLab in headless Chromium, one thread; both train the same epochs on the same
images in one kernel, in turns. Seconds are those of the whole training, validation included; the
figures are medians of N pairs. On a machine that does other things as well, the processor time of
the kernel says more: it is printed beside. The stand-in will do: no pixel changes the speed.

    python benchmarks/dashboard.py
"""

import ast
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import conftest  # noqa: E402, F401  offline, one thread, as in the tests
from tests.helpers.lab import opened_lab  # noqa: E402

N = 7
COST, UPDATES = 0.05, 4  # goals: share of the speed at most, updates a second at least

CELL = """
import time
from course_utils import load_cifar10, load_network, train
from course_utils.training import fit

recipe = {"epochs": 2, "precision": "float32", "device": "cpu"}
w = train("lenet", load_cifar10("train"), **recipe)

def timed(action):
    start, work = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - start, time.process_time() - work

def alone():
    network = load_network("lenet", weights=None, dataset="cifar10")
    return timed(lambda: fit(network, *w.parts, **recipe))

def watched():
    return timed(lambda: (w.go(), w.wait()))

w
"""

# Count how often the curves are painted anew.
COUNT = """() => {
    window.painted = 0;
    const chart = document.querySelector(".cw-chart");
    new MutationObserver(() => { window.painted += 1; }).observe(chart, { childList: true });
}"""


def measure(notebook) -> tuple[float, float, float, float]:
    """Seconds alone and watched, the ratio of processor time, updates of the page a second."""
    alone, work_alone = ast.literal_eval(notebook.ask("alone()"))
    notebook.page.evaluate("window.painted = 0")
    watched, work = ast.literal_eval(notebook.ask("watched()"))
    return alone, watched, work / work_alone, notebook.page.evaluate("painted") / watched


def main() -> None:
    with opened_lab() as lab:
        notebook = lab.notebook([CELL])
        assert notebook.run_all() == []
        notebook.page.wait_for_selector(".course-widget[data-seq]")
        notebook.page.evaluate(COUNT)
        measure(notebook)  # to warm up
        pairs = [measure(notebook) for _ in range(N)]
        images = 2 * int(notebook.ask("len(w.parts[0])"))
    alone, watched, work, updates = map(statistics.median, zip(*pairs, strict=True))
    cost = 1 - statistics.median(a / w for a, w, _, _ in pairs)
    print(f"fit() alone       {images / alone:8,.0f} images/s, median of {N}")
    print(f"train(), watched  {images / watched:8,.0f} images/s")
    print(f"cost of the dashboard    {cost:6.1%}   goal {COST:.0%} at most")
    print(f"in processor time        {work - 1:6.1%}")
    print(f"updates of the page      {updates:6.1f}/s goal {UPDATES} at least")


if __name__ == "__main__":
    main()
