"""What stands around the text of every page: its description for a search engine, no script that it does not need, a 404."""

import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 200
# A megabyte and a half that draws icons which the style sheet has drawn already, before the page is painted.
ICON_SCRIPT = re.compile(r'\s*<script src="[^"]*vendor/fontawesome/[^"]*/js/all\.min\.js[^"]*"></script>')


def description(doctree: nodes.document | None) -> str:
    """Return the first paragraph of a page that says something, as one line of text, cut at a word."""
    if doctree is None:
        return ""
    for paragraph in doctree.findall(nodes.paragraph):
        if _within(paragraph, nodes.Admonition, nodes.admonition, nodes.table, nodes.footnote):
            continue
        text = " ".join(paragraph.astext().split())
        if len(text) > 40 and "\\" not in text:
            return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " ..."
    return ""


def _within(node: nodes.Node, *kinds: Any) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kinds):
            return True
    return False


def describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the description into the head of a page."""
    if text := description(doctree):
        context["metatags"] = context.get("metatags", "") + (
            f'\n<meta name="description" content="{escape(text)}">'
            f'\n<meta property="og:title" content="{escape(re.sub("<[^>]+>", "", context.get("title", "")))}">'
            f'\n<meta property="og:description" content="{escape(text)}">'
        )


def open_the_readers_edition(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let the buttons of a chapter open and download the notebook that reads well anywhere, not the source."""
    options = app.config.html_theme_options
    source = f"{options['repository_branch']}?urlpath=tree/{options['path_to_docs'].strip('/')}/"
    shown = f"/blob/{options['repository_branch']}/{options['path_to_docs'].strip('/')}/"
    branch = app.config.readers_edition_branch
    ways = {
        f"/{source}": f"/{branch}?urlpath=tree/",
        shown: f"/blob/{branch}/",
    }

    def mend(buttons: list[dict[str, Any]]) -> None:
        for button in buttons:
            mend(button.get("buttons", []))
            url = button.get("url", "")
            if not url.endswith(".ipynb"):
                continue
            for old, new in ways.items():
                if "mybinder.org" in url or "colab" in url:
                    url = url.replace(old, new)
            button["url"] = re.sub(r"(^|/)_sources/", r"\1notebooks/", url)

    mend(context.get("header_buttons", []))


NOT_FOUND = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>No such page</title>
<base href="{root}">
<link rel="icon" href="_static/favicon.svg">
<style>
body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; }}
body {{ color: #222; background: #fff; }}
a {{ color: #0b5cad; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #eee; background: #121212; }} a {{ color: #8ab8f0; }} }}
</style>
</head>
<body>
<h1>No such page</h1>
<p>The state that this address points to is orthogonal to every page of the book. It may have moved:</p>
<ul>
<li><a href="index.html">{title}</a>: the front page</li>
<li><a href="course_map.html">The course map</a>: every chapter</li>
<li><a href="search.html">Search</a></li>
</ul>
</body>
</html>
"""


def finish(app: Sphinx, error: Exception | None) -> None:
    """Write the page for addresses that lead nowhere, and take the icon script out of the others."""
    if error is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    name = urlparse(app.config.html_theme_options["repository_url"]).path.rstrip("/").rpartition("/")[2]
    (out / "404.html").write_text(
        NOT_FOUND.format(root=f"/{name}/", title=escape(app.config.html_title or app.config.project)),
        encoding="utf8",
    )
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf8")
        lighter = ICON_SCRIPT.sub("", text)
        if lighter != text:
            page.write_text(lighter, encoding="utf8")
    for script in out.glob("_static/vendor/fontawesome/*/js/*.js"):
        script.unlink()
