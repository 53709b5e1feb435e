"""Take the README's picture: `explore()` in JupyterLab, in a real browser.

make picture
"""

from pathlib import Path

import conftest  # noqa: F401 - sets up the surroundings of the tests: offline, no settings of yours
from tests.helpers.lab import opened_lab

CELLS = [
    "from course_utils import explore",
    'explore("efficientnet_lite0", "coffee")',
]
PICTURE = Path(__file__).with_name("course.png")


def main() -> None:
    with opened_lab() as lab:
        notebook = lab.notebook(CELLS)
        notebook.page.set_viewport_size({"width": 1280, "height": 1200})  # all of it in sight
        if errors := notebook.run_all():
            raise SystemExit(str(errors))
        notebook.page.wait_for_timeout(1000)  # the canvas is painted
        notebook.cell(1).screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
