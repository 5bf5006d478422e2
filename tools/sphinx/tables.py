"""Tables: each scrolls in a box that a keyboard can reach, and long ones may be put into another order.

A table of a notebook (:func:`qlearn.plotting.show_table`) brings its box; one that is written in Markdown gets it here.
"""

import re
from html import escape
from typing import Any

from sphinx.application import Sphinx

LONG = 6
WRITTEN = re.compile(r'<table class="table">.*?</table>', re.S)
ORDERED = re.compile(
    r'<table (?:border="1" )?class="(?:sortable|dataframe|table)">(?P<table>.*?)</table>', re.S
)
HEADING = re.compile(r'<th class="head[^>]*>(.*?)</th>', re.S)


def boxed(body: str) -> str:
    """Put each table that was written in Markdown into a box, which is called by its headings.

    Examples
    --------
    >>> boxed('<table class="table"><tr><th class="head"><p>who</p></th></tr></table>')[:73]
    '<div class="table-box" role="region" tabindex="0" aria-label="Table: who">'
    """

    def box(found: re.Match[str]) -> str:
        heads = [re.sub(r"<[^>]+>", "", head).strip() for head in HEADING.findall(found[0])]
        label = escape(", ".join(filter(None, heads)), quote=True).replace("&amp;", "&")
        return (
            f'<div class="table-box" role="region" tabindex="0" aria-label="Table: {label}">{found[0]}</div>'
        )

    return WRITTEN.sub(box, body)


def is_long(body: str) -> bool:
    """Tell whether a page has a table whose rows a reader may want in another order."""
    return any(found["table"].count("<tr") > LONG for found in ORDERED.finditer(body))


def mend(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Box the tables of a page, and give it the script that orders rows if one is long."""
    if "<table" not in context.get("body", ""):
        return
    context["body"] = boxed(context["body"])
    if is_long(context["body"]):
        app.add_js_file("tables.mjs", type="module")


def setup(app: Sphinx) -> None:
    """Connect."""
    app.connect("html-page-context", mend)
