"""Write a plain HTML edition of the course: every lesson, the glossary, the notes for teachers.

make site            writes the folder site/

It opens from a memory stick: images are in the pages, formulas are MathML, and nothing is asked
of a network or of a kernel. Widgets appear as the still images that the notebooks hold,
questions with their answers folded away; what answers a prediction is folded until the reader has
chosen. Pages print well too.
"""

import argparse
import html
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
from latex2mathml.converter import convert as mathml
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter

from docs.predictions import folded

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TEXTS = [ROOT / "docs" / "glossary.md", ROOT / "docs" / "teaching.md"]
STYLE, SCRIPT = (Path(__file__).with_name(f"site.{kind}") for kind in ("css", "js"))
WIDGET = "application/vnd.jupyter.widget-view+json"

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^\s$](?:[^$\n]*[^\s$])?)\$", re.DOTALL)
CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)


def main(folder: Path) -> None:
    """Write the edition to `folder`, which is made anew if it is an edition already."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "index.html").is_file():
        raise SystemExit(f"{folder} holds other files: name an empty folder with --to.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sources = [*LESSONS, *TEXTS]
    titles = {path: title(path) for path in sources}
    for path in sources:
        page = _page(titles[path], rendered(path), _navigation(path, titles))
        (folder / f"{path.stem}.html").write_text(page, encoding="utf-8")
    index = _page("CNN backbones", _contents(titles), "")
    (folder / "index.html").write_text(index, encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    print(f"{len(sources) + 1} pages, {size:.0f} MB: open {folder / 'index.html'}")


def read(path: Path) -> NotebookNode:
    """A notebook, or a text as a notebook of one Markdown cell."""
    if path.suffix == ".ipynb":
        return nbformat.read(path, as_version=4)
    cell = nbformat.v4.new_markdown_cell(path.read_text(encoding="utf-8"))
    return nbformat.v4.new_notebook(cells=[cell])


def title(path: Path) -> str:
    """What its first heading says."""
    return re.search(r"^# (.+)$", read(path).cells[0].source, re.MULTILINE)[1]


def rendered(path: Path) -> str:
    """The body of the page of a notebook or a text, as HTML."""
    notebook, aside = read(path), []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _outside_code(cell.source, lambda text: _without_formulas(text, aside))
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)  # what is left is its still form
    notebook.cells = folded(notebook.cells, lambda html: _put_aside(html, aside))
    body, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    body = re.sub(r"⟦(\d+)⟧", lambda match: aside[int(match[1])], body)
    body = re.sub(r'(?<=<h)(\d) id="([^"]+)"', lambda m: f'{m[1]} id="{m[2].lower()}"', body)
    return re.sub(r'<a ([^>]*?)href="([^"]+)"([^>]*)>(.*?)</a>', _link, body, flags=re.DOTALL)


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


def _contents(titles: dict[Path, str]) -> str:
    items = "".join(f"<li>{_to(path, text)}</li>" for path, text in titles.items())
    return (
        "<h1>Classic CNN backbones</h1><p>The lessons as plain pages, to read and to print. What "
        "one can touch is shown as an image here: the notebooks have it live.</p>"
        f'<ul class="contents">{items}</ul>'
    )


def _page(name: str, body: str, navigation: str) -> str:
    style = STYLE.read_text(encoding="utf-8") + HtmlFormatter().get_style_defs(".highlight")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(name)}</title><style>{style}</style></head>\n"
        f"<body>{navigation}<main>{body}</main>{navigation}"
        f"<script>{SCRIPT.read_text(encoding='utf-8')}</script></body></html>\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write a plain HTML edition of the course.")
    parser.add_argument("--to", type=Path, default=ROOT / "site", help="the folder, site/ if none")
    main(parser.parse_args().to)
