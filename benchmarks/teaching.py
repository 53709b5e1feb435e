"""How soon teach() has learned a student's own classes, and how often it answers, in JupyterLab.

IMAGES images of digits play the student's own, EfficientNet-Lite0 is the backbone. Features:
seconds from the cell to the features of all images. Head: seconds that its training takes then.
Live: images of Chromium's camera, a moving picture, that are answered a second, within SECONDS; and
the same where it says where it looks.

Measured on an x86-64 machine with two cores, one run: features 12.5 s, head 0.22 s, 8.2 answers a
second, 6.8 with where it looks.

    python benchmarks/teaching.py
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import conftest  # noqa: E402, F401  offline, one thread, as in the tests
from tests.helpers.lab import opened_lab  # noqa: E402
from tests.helpers.own_images import write_folder  # noqa: E402

IMAGES, CLASSES, SECONDS = 200, 4, 8
HEAD, LIVE = 1, 8  # the goals: seconds, answers a second
CELL = """
import time
from course_utils import teach
start = time.perf_counter()
w = teach({folder!r})
while w.learner.taught is None:
    time.sleep(0.01)
features = time.perf_counter() - start - w.learner.seconds
"""
COUNT = """async seconds => {
    const root = document.querySelector(".course-widget");
    const answers = () => Number(root.dataset.answers ?? 0);
    const start = answers();
    await new Promise(done => setTimeout(done, 1000 * seconds));
    return (answers() - start) / seconds;
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as home, opened_lab() as lab:
        folder = write_folder(Path(home, "my_images"), counts=(IMAGES // CLASSES,) * CLASSES)
        notebook = lab.notebook([CELL.format(folder=str(folder)), "w"])
        assert notebook.run_all() == []
        widget = notebook.page.locator(".course-widget[data-seq]")
        widget.get_by_role("button", name="Camera on").click()
        notebook.page.wait_for_timeout(1000)
        live = notebook.page.evaluate(COUNT, SECONDS)
        widget.get_by_label("where it looks").check()
        notebook.page.wait_for_timeout(1000)
        looks = notebook.page.evaluate(COUNT, SECONDS)
        features = float(notebook.ask("features"))
        head = float(notebook.ask("w.learner.seconds"))
    print(f"teach(): {IMAGES} images of {CLASSES} classes, EfficientNet-Lite0")
    print(
        f"  features of all             {features:5.1f} s, {1000 * features / IMAGES:.0f} ms each"
    )
    print(f"  head                        {head:5.2f} s (goal: {HEAD})")
    print(f"  live answers a second       {live:5.1f} (goal: {LIVE})")
    print(f"  with where it looks         {looks:5.1f} (goal: {LIVE})")


if __name__ == "__main__":
    main()
