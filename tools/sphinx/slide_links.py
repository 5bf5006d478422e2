"""Links to the slides of a chapter, from its menu of downloads and from *For lecturers*; `tools/slides.py` makes them."""

from html import escape
from pathlib import Path
from typing import Any

import lecturers
from docutils import nodes
from sphinx.application import Sphinx

BOOK = Path(__file__).resolve().parents[2] / "book"


def decks() -> dict[str, Path]:
    """Return the chapters that have slides, as communication/bb84, with the file of each, in the order of the book."""
    found = {
        str(path.relative_to(BOOK)).removesuffix(".slides.yml"): path for path in BOOK.glob("*/*.slides.yml")
    }
    return {name: found[name] for name in lecturers.standing() if name in found}


def listed() -> str:
    """Return the list of all slides for *For lecturers*, as HTML in Markdown: Sphinx knows no page of theirs."""
    items = "".join(
        f'<li><a href="slides/{name}.html">{escape(lecturers.chapter(name).title)}</a></li>\n'
        for name in decks()
    )
    return f"```{{raw}} html\n<ul>\n{items}</ul>\n```\n"


def add_to_menu(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the slides into the menu of downloads, and call what prints the page by what it gives."""
    for group in context.get("header_buttons", ()):
        if group.get("label") != "download-buttons":
            continue
        for button in group["buttons"]:
            if button["label"] == "download-pdf-button":
                button["text"], button["tooltip"] = "PDF of this page", "Print, or save as PDF"
        if pagename in decks():
            up = "../" * pagename.count("/")
            slides = {
                "type": "link",
                "url": f"{up}slides/{pagename}.html",
                "text": "Slides",
                "tooltip": "Slides of this chapter; S opens the speaker's notes",
                "icon": "fas fa-chalkboard",
                "label": "download-slides-button",
            }
            group["buttons"].append(slides)


def setup(app: Sphinx) -> None:
    """Connect, after the theme has made its buttons."""
    app.connect("html-page-context", add_to_menu, priority=910)
