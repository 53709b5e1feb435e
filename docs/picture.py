"""Take the README's pictures: `explore()` in JupyterLab, in a real browser; one still, one moving.

make picture
"""

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator

import conftest  # noqa: F401 - sets up the surroundings of the tests: offline, no settings of yours
from tests.helpers.lab import Notebook, opened_lab
from tests.helpers.widgets import answered, choose

CELLS = [
    "from course_utils import explore",
    'w = explore("efficientnet_lite0", "coffee")\nw',
]
STEPS = [  # what is chosen, and for how many milliseconds one looks at it
    ({}, 1800),
    ({"layer": "conv4"}, 1200),
    ({"layer": "conv16"}, 1200),
    ({"layer": "conv1"}, 1000),
    ({"image": "cat"}, 1600),
    ({"channel": 1}, 1600),
    ({"channel": 12}, 1600),
    ({"channel": -1, "image": "rocket"}, 1600),
]
STILL, MOVING = (Path(__file__).with_name(name) for name in ("course.png", "explore.webp"))
WIDTH = 900  # pixels of the moving picture


def frames(notebook: Notebook, widget: Locator) -> Iterator[Image.Image]:
    """A picture of the widget after each step."""
    for chosen, _ in STEPS:
        for name, value in chosen.items():
            if name == "channel":
                notebook.ask(f"setattr(w, {name!r}, {value})")
            else:
                choose(widget, name, value)
                answered(widget)
        notebook.page.wait_for_timeout(700)  # the canvas is painted
        yield taken(widget)


def taken(element: Locator) -> Image.Image:
    return Image.open(io.BytesIO(element.screenshot())).convert("RGB")


def main() -> None:
    with opened_lab() as lab:
        notebook = lab.notebook(CELLS)
        notebook.page.set_viewport_size({"width": 1440, "height": 1000})
        if errors := notebook.run_all():
            raise SystemExit(str(errors))
        notebook.page.wait_for_timeout(1000)
        still = taken(notebook.cell(1)).quantize(256)
        still.save(STILL, optimize=True)
        moving = [*frames(notebook, notebook.cell(1).locator(".course-widget"))]
    size = WIDTH, max(frame.height for frame in moving) * WIDTH // moving[0].width
    first, *others = (frame.resize(size, Image.Resampling.LANCZOS) for frame in moving)
    times = [time for _, time in STEPS]
    first.save(MOVING, save_all=True, append_images=others, duration=times, loop=0, quality=70)
    print(f"{MOVING.name}: {MOVING.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
