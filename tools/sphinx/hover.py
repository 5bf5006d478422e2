"""Cards over links: what a term means, which work is cited, what a figure shows, without leaving the line.

`hover.mjs` shows them. A citation carries its text in the link, a figure stands in the page; what the terms mean is one small
file beside the glossary, fetched when the first card is asked for.
"""

import json
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

GLOSSARY = "appendix/glossary"
ENTRY = re.compile(r'<dt id="(?P<id>term-[^"]+)">(?P<term>.*?)</dt>\s*<dd>(?P<text>.*?)</dd>', re.S)
LINKS = re.compile(
    r'<a class="reference internal" href="(?:[^"]*#term-|[^"]*bibliography\.html#[^"]*" title=|#fig-)'
)


def meanings(body: str) -> dict[str, str]:
    """Return for each anchor of the glossary's page what its card says, as HTML without paragraphs.

    Examples
    --------
    >>> meanings('<dt id="term-wire">wire<a class="headerlink" href="#x">#</a></dt><dd><p>A place.</p></dd>')
    {'term-wire': '<b>wire</b> A place.'}
    """
    found = {}
    for entry in ENTRY.finditer(body):
        term = re.sub(r"<a .*?</a>", "", entry["term"], flags=re.S).strip()
        text = re.sub(r"\s+", " ", re.sub(r"</?p>", " ", entry["text"])).strip()
        found[entry["id"]] = f"<b>{term}</b> {text}"
    return found


def prepare(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Write what the terms mean beside the page that says it, and give the script to pages with such links."""
    body = context.get("body", "")
    if pagename == GLOSSARY:
        path = Path(app.outdir) / f"{GLOSSARY}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(meanings(body), ensure_ascii=False), encoding="utf8")
    if LINKS.search(body):
        app.add_js_file("hover.mjs", type="module")


def setup(app: Sphinx) -> None:
    """Connect."""
    app.connect("html-page-context", prepare)
