"""Images of the camera a second that explore() shows live, in JupyterLab in headless Chromium.

The camera is Chromium's, with a moving picture. Counted are the images whose maps are painted
within SECONDS.

Measured on an x86-64 machine with two cores, one run: AlexNet at 224 × 224 7.4, EfficientNet-Lite0
8.6, LeNet 12.2, AlexNet for 32 × 32 12.4, VGG16 for 32 × 32 10.4. Chromium shares the two cores.

    python benchmarks/live.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import conftest  # noqa: E402, F401  offline, one thread, as in the tests
from tests.helpers.lab import Lab, opened_lab  # noqa: E402

SECONDS = 8
GOALS = {  # images a second
    "alexnet-imagenet": 8,
    "efficientnet_lite0": 8,
    "lenet": 15,
    "alexnet": 15,
    "vgg16": 15,
}
COUNT = """async seconds => {
    const root = document.querySelector(".course-widget");
    const seq = () => Number(root.dataset.seq);
    const start = seq();
    await new Promise(done => setTimeout(done, 1000 * seconds));
    return (seq() - start) / seconds;
}"""


def rate(lab: Lab, name: str) -> float:
    """Images a second with the network of this name; of ImageNet's untrained weights do as well."""
    network, _, dataset = name.partition("-")
    options = f", weights=None, dataset={dataset!r}" if dataset else ""
    load = f"from course_utils import explore, load_network\nn = load_network({network!r}{options})"
    notebook = lab.notebook([load, "explore(n, 'coffee')"])
    assert notebook.run_all() == []
    widget = notebook.page.locator(".course-widget[data-seq]")
    widget.get_by_role("button", name="Camera…").click()
    widget.get_by_role("button", name="Live").click()
    notebook.page.wait_for_timeout(1000)
    found = notebook.page.evaluate(COUNT, SECONDS)
    lab.close()
    return found


def main() -> None:
    with opened_lab() as lab:
        print("explore(), live: images a second")
        for name, goal in GOALS.items():
            print(f"  {name:20} {rate(lab, name):5.1f} (goal: {goal})", flush=True)


if __name__ == "__main__":
    main()
