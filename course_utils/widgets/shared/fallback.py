"""What a page shows that cannot load anywidget: a still image, and what is missing."""

from base64 import b64encode
from html import escape

import ipywidgets

PATIENCE = 10  # seconds that the page may take to load the widget

MISSING = (
    "This page could not load {name}(). Its extension <b>anywidget</b> is missing or switched off "
    "in the program that serves this page: install requirements.txt there (<code>make lab</code> "
    "does), restart it, and reload the page. Until then, this is a still image of it."
)

# The page decides by itself: the image appears after some seconds, unless a widget is beside it.
STYLE = f"""<style>
.course-still {{ visibility: hidden; max-height: 0; animation: course-still 0s {PATIENCE}s both }}
@keyframes course-still {{ to {{ visibility: visible; max-height: none }} }}
.course-box:has(.course-widget) > .course-still {{ display: none }}
</style>"""


def with_still(
    widget: ipywidgets.DOMWidget, name: str, png: bytes, description: str
) -> ipywidgets.VBox:
    """A box with `widget`, and its still image for a page that cannot load the widget.

    png: the image; description: its alternative text.
    """
    image = f'<img alt="{escape(description)}" width="100%" src="data:image/png;base64,'
    html = f"{STYLE}<p role='alert'>{MISSING.format(name=name)}</p>"
    still = ipywidgets.HTML(f'{html}{image}{b64encode(png).decode()}">')
    still.add_class("course-still")
    box = ipywidgets.VBox([widget, still], layout={"overflow": "visible"})
    box.add_class("course-box")
    return box
