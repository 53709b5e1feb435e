"""Write the course as pages that answer: every lesson, the glossary, the notes for teachers.

make site            writes the folder site/

It opens from a memory stick: images are in the pages, formulas are MathML, and nothing is asked
of a network or of a kernel. Widgets play what their Python answered while the site was built
(recordings.py); what answers a prediction is folded until the reader has chosen. Pages print well.
A second build takes over the recordings whose lesson, widgets and networks are as they were.
"""

import argparse
import html
import json
import multiprocessing
import os
import re
import shutil
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from latex2mathml.converter import convert as mathml
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter

from docs.predictions import folded
from docs.recordings import WIDGET, Live, record

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TEXTS = [ROOT / "docs" / "glossary.md", ROOT / "docs" / "teaching.md"]
STYLE = Path(__file__).with_name("site.css")
SCRIPTS = [Path(__file__).with_name(name) for name in ("player.js", "lenet.js", "training.js")]
WIDGETS = ROOT / "course_utils" / "widgets"

WELCOME = """# Classic CNN backbones

LeNet, AlexNet, VGG and what came after, in nine lessons that you can touch. Write a digit: LeNet
reads it here, in this page, and you see what each of its layers makes of it.

These pages need no installation and no network. In JupyterLab you can give the networks images of
your own, change the code, and train."""

HINT = '<p class="hint">The widgets answer in this page. What is grey works in JupyterLab.</p>'
STILL = '<p class="hint">This is a still image. In JupyterLab the widget works.</p>'
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^\s$](?:[^$\n]*[^\s$])?)\$", re.DOTALL)
CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)


def main(
    folder: Path, lessons: list[Path] = LESSONS, computing: bool = True, processes: int = 2
) -> None:
    """Write the edition to `folder`, which is made anew if it is an edition already.

    computing: record the widgets that compute, too; else they are stills, and only questions live.
    """
    sources = [*lessons, *TEXTS]
    notebooks = {path: read(path) for path in sources}
    titles = {path: title(notebook) for path, notebook in notebooks.items()}
    around = {path: (titles[path], _navigation(path, titles)) for path in sources}
    front = Path("index.html")
    notebooks[front], around[front] = _contents(notebooks), ("CNN backbones", "")
    write(folder, notebooks, around, computing, processes)


def write(
    folder: Path,
    notebooks: dict[Path, NotebookNode],
    around: dict[Path, tuple[str, str]],
    computing: bool = True,
    processes: int = 1,
) -> None:
    """Write a page for each notebook, with a title and a navigation around it, and recordings."""
    _clear(folder)
    live = _recorded([*notebooks.values()], folder / "recordings", computing, processes)
    for (path, notebook), places in zip(notebooks.items(), live, strict=True):
        name, navigation = around[path]
        page = _page(name, HINT * bool(places) + rendered(notebook, places), navigation)
        (folder / f"{path.stem}.html").write_text(page, encoding="utf-8")
    _add_scripts(folder)
    _say(folder)


def write_one(folder: Path, code: str) -> None:
    """Write a page of one widget and no text: what a teacher sends before the first hour."""
    notebook = nbformat.v4.new_notebook(cells=[live_cell(code)])
    front = Path("index.html")
    write(folder, {front: notebook}, {front: (code, "")})


def live_cell(code: str) -> NotebookNode:
    """The cell of a widget, as in an executed lesson, but without its code."""
    names: dict[str, Any] = {}
    exec("from course_utils import *", names)
    data, metadata = eval(code, names)._repr_mimebundle_()
    if "image/png" in data:
        data["image/png"] = b64encode(data["image/png"]).decode()
    output = nbformat.v4.new_output("execute_result", data, metadata=metadata)
    source = f"from course_utils import *\n\n{code}"
    hidden = {"transient": {"remove_source": True}}
    return nbformat.v4.new_code_cell(source, outputs=[output], metadata=hidden)


def _clear(folder: Path) -> None:
    """Make room for a new edition; its recordings may still be right."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "index.html").is_file():
        raise SystemExit(f"{folder} holds other files: name an empty folder with --to.")
    for path in folder.glob("*"):
        if path.is_file():
            path.unlink()
        elif path.name != "recordings":
            shutil.rmtree(path)
    folder.mkdir(parents=True, exist_ok=True)


def _recorded(
    notebooks: list[NotebookNode], folder: Path, computing: bool, processes: int
) -> list[Live]:
    """Record the widgets of notebooks, side by side; remove what no notebook needs any more."""
    jobs = [
        (n, folder, computing) for n in notebooks if any(c.cell_type == "code" for c in n.cells)
    ]
    if processes > 1:
        spawn = multiprocessing.get_context("spawn")  # each lesson begins like a kernel
        with ProcessPoolExecutor(processes, spawn, max_tasks_per_child=1) as pool:
            lists = [*pool.map(record, *zip(*jobs, strict=True))]
    else:
        lists = [record(*job) for job in jobs]
    found = [json.loads(path.read_text()) for path in lists]
    wanted = {*lists, *(folder / f"{name}.js" for each in found for name in each["files"])}
    for path in {*folder.glob("*")} - wanted:
        path.unlink()
    live = {id(job[0]): each["cells"] for job, each in zip(jobs, found, strict=True)}
    return [live.get(id(notebook), {}) for notebook in notebooks]


def _add_scripts(folder: Path) -> None:
    """The player, and the front ends of the widgets as classic scripts."""
    player = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    (folder / "player.js").write_text(player, encoding="utf-8")
    (folder / "widgets").mkdir()
    for path in WIDGETS.glob("*/static/widget.js"):
        kind = path.parents[1].name
        module, _, exported = path.read_text(encoding="utf-8").rpartition("\nexport {")
        front_end = re.search(r"(\w+) as default", exported)[1]
        script = f"(() => {{\n{module}\nkinds.{kind} = {front_end};\n}})();\n"
        (folder / "widgets" / f"{kind}.js").write_text(script, encoding="utf-8")
        shutil.copy(path.with_suffix(".css"), folder / "widgets" / f"{kind}.css")


def _say(folder: Path) -> None:
    """How large all of it is, and what a reader loads first."""
    pages = {path.name: path.stat().st_size / 1e6 for path in folder.glob("*.html")}
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    largest = max(pages, key=lambda name: pages[name])
    print(
        f"{len(pages)} pages, {size:.0f} MB with recordings; the largest page, {largest}, has "
        f"{pages[largest]:.1f} MB: open {folder / 'index.html'}"
    )


def read(path: Path) -> NotebookNode:
    """A notebook, or a text as a notebook of one Markdown cell."""
    if path.suffix == ".ipynb":
        return nbformat.read(path, as_version=4)
    cell = nbformat.v4.new_markdown_cell(path.read_text(encoding="utf-8"))
    return nbformat.v4.new_notebook(cells=[cell])


def title(notebook: NotebookNode) -> str:
    """What its first heading says."""
    return re.search(r"^# (.+)$", notebook.cells[0].source, re.MULTILINE)[1]


def rendered(notebook: NotebookNode, live: Live) -> str:
    """The body of the page of a notebook, as HTML. live: which cells were recorded."""
    aside: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _outside_code(cell.source, lambda text: _without_formulas(text, aside))
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.pop(WIDGET, None) and (cell.id in live or "image/png" in data):
                output.data = {"text/html": _put_aside(_place(output, live.get(cell.id)), aside)}
    notebook.cells = folded(notebook.cells, lambda html: _put_aside(html, aside))
    own = {"clean_html": lambda text: text}  # nbconvert's takes half of the time
    body, _ = HTMLExporter(template_name="basic", filters=own).from_notebook_node(notebook)
    body = re.sub(r"⟦(\d+)⟧", lambda match: aside[int(match[1])], body)
    body = re.sub(r'(?<=<h)(\d) id="([^"]+)"', lambda m: f'{m[1]} id="{m[2].lower()}"', body)
    return re.sub(r'<a ([^>]*?)href="([^"]+)"([^>]*)>(.*?)</a>', _link, body, flags=re.DOTALL)


def _place(output: NotebookNode, place: dict[str, str] | None) -> str:
    """Where a widget is to be shown; until then, on paper and without a place, its still form."""
    still, png = output.data.get("text/html", ""), output.data.get("image/png")
    if png:
        alt = html.escape(output.metadata["image/png"]["alt"])
        still = f'<img alt="{alt}" src="data:image/png;base64,{png.strip()}">'
    if place is None:
        return still + STILL
    data = " ".join(f'data-{name}="{value}"' for name, value in place.items())
    return f'<div class="recorded" {data}>{still}</div>'


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """`change` what is not code: a dollar in code is no formula."""
    parts = CODE.split(text)
    return "".join(part if i % 2 else change(part) for i, part in enumerate(parts))


def _put_aside(html: str, aside: list[str]) -> str:
    """A mark for HTML that what follows would misread."""
    aside.append(html)
    return f"⟦{len(aside) - 1}⟧"


def _without_formulas(text: str, aside: list[str]) -> str:
    """The text with a mark for each formula, which Markdown would misread: a_b, a*b."""

    def mark(match: re.Match) -> str:
        display = "inline" if match[1] is None else "block"
        return _put_aside(mathml(match[1] or match[2], display=display), aside)

    return FORMULA.sub(mark, text)


def _link(match: re.Match) -> str:
    """A link to a page of the edition, or to the world; what is in neither becomes plain text."""
    before, target, after, text = match.groups()
    if re.match(r"https?:|mailto:", target):
        return match[0]
    path, _, anchor = target.partition("#")
    if path and Path(path).name not in {source.name for source in (*LESSONS, *TEXTS)}:
        return text
    place = f"{Path(path).stem}.html" if path else ""
    place += f"#{anchor.lower()}" if anchor else ""
    return f'<a {before}href="{place}"{after}>{text}</a>'


def _navigation(path: Path, titles: dict[Path, str]) -> str:
    """Links to the page before, the contents and the page after."""
    order = list(titles)
    place = order.index(path)
    links = ['<a href="index.html">Contents</a>']
    if place > 0:
        links.insert(0, _to(order[place - 1], "← " + titles[order[place - 1]]))
    if place + 1 < len(order):
        links.append(_to(order[place + 1], titles[order[place + 1]] + " →"))
    return f"<nav>{' '.join(links)}</nav>"


def _to(path: Path, text: str) -> str:
    return f'<a href="{path.stem}.html">{html.escape(text)}</a>'


def _contents(notebooks: dict[Path, NotebookNode]) -> NotebookNode:
    """The first page: something to touch, then each lesson with its minutes and goals."""
    parts = [nbformat.v4.new_markdown_cell(WELCOME), live_cell('draw("lenet")')]
    for path, notebook in notebooks.items():
        first = notebook.cells[0].source
        minutes = re.search(r"\*\*Time\*\* (about \d+ minutes)", first)
        goals = re.search(r"\*\*After this lesson you can\*\*\n((?:- .+\n(?:  .+\n)*)+)", first)
        text = f"## [{title(notebook)}]({path.name})\n\n"
        text += f"{minutes[1].capitalize()}. Afterwards you can\n\n{goals[1]}" if goals else ""
        parts.append(nbformat.v4.new_markdown_cell(text))
    return nbformat.v4.new_notebook(cells=parts)


def _page(name: str, body: str, navigation: str) -> str:
    light = HtmlFormatter(nobackground=True).get_style_defs(".highlight")
    dark = HtmlFormatter(nobackground=True, style="github-dark").get_style_defs(".highlight")
    style = STYLE.read_text(encoding="utf-8") + light
    style += f"@media screen and (prefers-color-scheme: dark) {{{dark}}}"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(name)}</title><style>{style}</style></head>\n"
        f"<body>{navigation}<main>{body}</main>{navigation}"
        '<script src="player.js"></script></body></html>\n'
    )


if __name__ == "__main__":
    from tests.helpers.data_folder import main as fill

    parser = argparse.ArgumentParser(description="Write the course as pages that answer.")
    parser.add_argument("--to", type=Path, default=ROOT / "site", help="the folder, site/ if none")
    parser.add_argument("--widget", help='a page of one widget: \'explore("alexnet", "cat")\'')
    chosen = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    with TemporaryDirectory() as data:  # offline, and without what you have chosen and kept
        if missing := fill(Path(data)):
            print(f"{missing} Lessons 6 and 7 are recorded with its stand-in.")
        if chosen.widget:
            write_one(chosen.to.absolute(), chosen.widget)
        else:
            main(chosen.to.absolute())
