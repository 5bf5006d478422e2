"""Make slides of the chapters that have a deck: `.venv/bin/python tools/slides.py`, after the pages are built.

A deck is `book/<part>/<chapter>.slides.yml`: a list of slides, each with a `title` and some of

    points: [...]    lines on the slide, in Markdown, with numbers as ``{glue:text}`name``` and formulas in dollars
    show: cell-id    what this cell of the chapter has shown: a picture (a live one where the page has it), a table, text
    code: cell-id    its source
    notes: [...]     cells of prose, for the speaker

So nothing on a slide is computed or drawn twice. The slides lie beside the pages, in `_build/html/slides`, and need
nothing from elsewhere: reveal.js (MIT, `book/_slides`) and MathJax come with the book.
"""

import base64
import re
import sys
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import nbformat
import yaml
from docutils import nodes
from jupyter_cache import get_cache
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
BUILD = ROOT / "_build"
LABELLED = re.compile(r"\[([^\]]*)\]\((?!https?:|\.\./)[^)\s]*\)")
NOTEBOOK = re.compile(r"\]\((?:\.\./)+([\w/]+)\.ipynb")
KEYS = {"title", "points", "show", "code", "notes"}
RAISED = str.maketrans("−0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tools" / "sphinx")]

import number_signs  # noqa: E402 - and one to set numbers
import readers_edition  # noqa: E402 - one way to put numbers, names and references in their places
from slide_links import decks  # noqa: E402

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: slides</title>
<link rel="icon" href="{up}_static/favicon.svg">
<link rel="stylesheet" href="{up}_static/reveal/reveal.css">
<link rel="stylesheet" href="{up}_static/reveal/slides.css">
<style>{colours}
{live_style}</style>
<script>window.MathJax = {{startup: {{typeset: true}}, options: {{enableMenu: false}}}};</script>
<script async src="{up}_static/mathjax/tex-mml-chtml.js"></script>
</head>
<body>
<div class="reveal"><div class="slides">
{slides}
</div></div>
<script type="module">
import Reveal from '{up}_static/reveal/reveal.esm.js';
import Notes from '{up}_static/reveal/notes.esm.js';
const deck = new Reveal({{hash: true, width: 1280, height: 720, margin: 0.04, center: false, slideNumber: 'c/t',
  transition: 'none', backgroundTransition: 'none', plugins: [Notes], pdfSeparateFragments: false,
  keyboardCondition: event => !event.target.closest('.live')}});  // its keys are its own
await deck.initialize();
</script>
{live}</body>
</html>
"""


def read(path: Path) -> list[dict[str, Any]]:
    """Return the slides of a deck; refuse a key that no slide has."""
    slides: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf8"))
    for number, slide in enumerate(slides, start=1):
        if wrong := set(slide) - KEYS:
            raise ValueError(
                f"{path.name}, slide {number}: {', '.join(sorted(wrong))}; a slide has {sorted(KEYS)}"
            )
        if "title" not in slide:
            raise ValueError(f"{path.name}, slide {number} has no title")
    return slides


def _formula(said: str, options: dict[str, Any]) -> str:
    around = ("\\[", "\\]") if options["display_mode"] else ("\\(", "\\)")
    return f"{around[0]}{escape(said)}{around[1]}"


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=_formula)


def html_of(text: str, inline: bool = False) -> str:
    r"""Return Markdown as HTML, its formulas as MathJax reads them.

    Examples
    --------
    >>> html_of("half of $n$", inline=True)
    'half of <span class="math inline">\\(n\\)</span>'
    """
    said: str = _markdown().renderInline(text) if inline else _markdown().render(text)
    return said


def set_number(text: str) -> str:
    r"""Return what a cell has handed over as the pages set it, in signs that Markdown and alt texts take.

    Examples
    --------
    >>> set_number("-2e-15")
    '−2\xa0×\xa010⁻¹⁵'
    """
    return "".join(
        piece.astext() if isinstance(piece, nodes.Text) else piece.astext().translate(RAISED)
        for piece in number_signs.pieces(text)
    )


class Slides(readers_edition.Chapter):
    """The slides of one chapter of a built book."""

    def __init__(self, name: str, build: Path) -> None:
        super().__init__(name, build)
        path = BOOK / f"{name}.ipynb"
        ran = get_cache(build / ".jupyter_cache").merge_match_into_notebook(
            nbformat.read(path, as_version=4)
        )[1]
        self.ran = {cell["id"]: cell for cell in ran.cells}
        self.values = {name: set_number(value) for name, value in self.values.items()}

    def text(self, source: str) -> str:
        """Return Markdown with everything in its place; what leads to a label of the chapter is its words alone."""
        up = "../" * (self.name.count("/") + 1)
        return LABELLED.sub(r"\1", NOTEBOOK.sub(rf"]({up}\1.html", super().text(source)))

    def _doc(self, text: str) -> str:
        """Return a link to a page, where the reader's edition has one to a notebook."""
        named = re.fullmatch(r"(.+?)\s*<(.+)>", text)
        title, target = (named[1], named[2]) if named else ("", text)
        page = target.lstrip("/") if target.startswith("/") else f"{Path(self.name).parent}/{target}"
        up = "../" * (self.name.count("/") + 1)
        return f"[{title or readers_edition.title_of(page)}]({up}{page}.html)"

    def cell(self, name: str) -> Any:
        """Return a cell by its id; refuse one that the chapter does not have."""
        if name not in self.ran:
            raise ValueError(f"{self.name}.slides.yml: the chapter has no cell {name!r}")
        return self.ran[name]

    def shown(self, name: str) -> str:
        """Return what a cell has shown, as HTML; where it drew, the picture stands alone."""
        cell = self.cell(name)
        parts = []
        seen = [output for output in cell["outputs"] if readers_edition._shows(output)]
        drawn = [output for output in seen if "image/png" in output.get("data", {})]
        for output in drawn or seen:
            data = output.get("data", {})
            if "image/png" in data:
                parts.append(self.picture(cell, data["image/png"]))
            elif "text/html" in data:
                parts.append("".join(data["text/html"]))
            else:
                text = "".join(data.get("text/plain", output.get("text", "")))
                parts.append(f"<pre>{escape(text.rstrip())}</pre>")
        if not parts:
            raise ValueError(f"{self.name}.slides.yml: the cell {name!r} shows nothing")
        return "\n".join(parts)

    def picture(self, cell: Any, png: str) -> str:
        """Return a figure with its alt text, in the class that makes it live where there is one."""
        about = cell["metadata"].get("mystnb", {})
        alt = readers_edition.alt_texts.filled(about.get("image", {}).get("alt", ""), self.values)
        kind = about.get("figure", {}).get("classes", "")
        content = base64.b64encode(base64.b64decode("".join(png))).decode()
        size = f'width="{about["image"]["width"]}"' if "width" in about.get("image", {}) else ""
        return f'<figure class="{escape(kind)}"><img {size} alt="{escape(alt)}" src="data:image/png;base64,{content}"></figure>'

    def slide(self, slide: dict[str, Any], first: bool) -> str:
        """Return one slide."""
        level = "h1" if first else "h2"
        parts = [f"<{level}>{html_of(self.text(slide['title']), inline=True)}</{level}>"]
        if points := slide.get("points"):
            said = "".join(f"<li>{html_of(self.text(str(point)), inline=True)}</li>" for point in points)
            parts.append(f"<ul>{said}</ul>")
        if name := slide.get("code"):
            source = readers_edition.code_cells.without_glue("".join(self.cell(name)["source"]))
            parts.append(f'<div class="code">{highlight(source, PythonLexer(), HtmlFormatter())}</div>')
        if name := slide.get("show"):
            parts.append(f'<div class="shown">{self.shown(name)}</div>')
        if notes := slide.get("notes"):
            prose = "\n\n".join(self.text("".join(self.cell(name)["source"])) for name in notes)
            parts.append(f'<aside class="notes">{html_of(prose)}</aside>')
        return f"<section{' class=opening' if first else ''}>" + "\n".join(parts) + "</section>"

    def page(self, slides: list[dict[str, Any]]) -> str:
        """Return the page of all slides."""
        up = "../" * (self.name.count("/") + 1)
        said = "\n".join(self.slide(slide, number == 0) for number, slide in enumerate(slides))
        style = (BOOK / "_static" / "live.css").read_text(encoding="utf8")
        live = (
            f'<script type="module" src="{up}_static/live/start.mjs"></script>\n'
            if 'class="live-' in said
            else ""
        )
        return PAGE.format(
            title=escape(readers_edition.title_of(self.name)),
            up=up,
            colours=HtmlFormatter(style="default").get_style_defs(".code"),
            slides=said,
            live=live,
            live_style=style if live else "",
        )


def write(build: Path = BUILD) -> Iterator[Path]:
    """Write the slides of every built chapter that has a deck."""
    for name, path in decks().items():
        if not (build / "html" / f"{name}.html").exists():
            continue
        target = build / "html" / "slides" / f"{name}.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Slides(name, build).page(read(path)), encoding="utf8")
        yield target


def main() -> int:
    """Write them, and say how many there are."""
    if not (BUILD / "html" / "index.html").exists():
        print("qlearn: slides are made of the built book: make book SERVE=0 comes first", file=sys.stderr)
        return 1
    print(f"{len(list(write()))} chapters have slides, in _build/html/slides")
    return 0


if __name__ == "__main__":
    sys.exit(main())
