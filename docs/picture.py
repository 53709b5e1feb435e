"""Take the README's picture: `explore()` in JupyterLab, in a real browser.

make picture
"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import conftest  # noqa: F401 - sets up the surroundings of the tests: offline, no settings of yours
from tests.helpers.lab import BROWSERS, FLAGS, Lab, Server

CELLS = [
    "from course_utils import explore",
    'explore("efficientnet_lite0", "coffee")',
]
PICTURE = Path(__file__).with_name("course.png")


def main() -> None:
    program = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        server = Server(Path(folder))
        try:
            notebook = Lab(server, browser).notebook(CELLS)
            notebook.page.set_viewport_size({"width": 1280, "height": 1200})  # all of it in sight
            if errors := notebook.run_all():
                raise SystemExit(str(errors))
            notebook.page.wait_for_timeout(1000)  # the canvas is painted
            notebook.cell(1).screenshot(path=PICTURE)
        finally:
            server.stop()
            browser.close()


if __name__ == "__main__":
    main()
