"""What the build writes beside the pages: a map for robots, a feed of changes, a manifest, a page for wrong addresses."""

import json
import re
from datetime import datetime
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlparse

from markdown_it import MarkdownIt
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
_VERSION = re.compile(r"^## (\S+) \((\d+ \w+ \d{4})\)\n(.*?)(?=^## |\Z)", re.M | re.S)

NOT_FOUND = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>No such page</title>
<base href="{root}">
<link rel="icon" href="_static/favicon.svg">
<style>
body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; }}
body {{ color: #222; background: #fff; }}
:root {{ color-scheme: light dark; }}
a {{ color: #0b5cad; }}
input, button {{ font: inherit; padding: 0.3rem 0.6rem; max-width: 100%; box-sizing: border-box; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #eee; background: #121212; }} a {{ color: #8ab8f0; }} }}
</style>
</head>
<body>
<main>
<h1>No such page</h1>
<p>The state that this address points to is orthogonal to every page of the book. It may have moved:</p>
<form action="search.html" method="get" role="search">
<label>Search the book <input type="search" name="q"></label> <button>Search</button>
</form>
<ul>
<li><a href="index.html">{title}</a>: the front page</li>
<li><a href="course_map.html">The course map</a>: every chapter</li>
<li><a href="search.html">Search</a></li>
</ul>
</main>
</body>
</html>
"""


class Version(NamedTuple):
    """A version of the changelog."""

    name: str
    day: str
    text: str


def versions(changelog: str) -> list[Version]:
    r"""Return the versions of a changelog, newest first, each with its day as in a calendar of machines.

    >>> versions("# Changelog\n\n## 1.1 (2 May 2026)\n\nMore.\n\n## 1.0 (1 May 2026)\nAll.\n")
    [Version(name='1.1', day='2026-05-02', text='More.'), Version(name='1.0', day='2026-05-01', text='All.')]
    """
    return [
        Version(name, datetime.strptime(day, "%d %B %Y").date().isoformat(), text.strip())
        for name, day, text in _VERSION.findall(changelog)
    ]


def feed(found: list[Version], site: str, title: str) -> str:
    """Return the changes as an Atom feed (RFC 4287): one entry a version, its words as HTML."""
    markdown = MarkdownIt("commonmark")
    entries = "".join(
        f"<entry><id>{site}#{quote(version.name)}</id><title>{escape(version.name)}</title>"
        f"<updated>{version.day}T00:00:00Z</updated>"
        f'<link rel="alternate" href="{site}"/><content type="html">{escape(markdown.render(version.text))}</content></entry>\n'
        for version in found
    )
    newest = max(version.day for version in found)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f"<id>{site}</id><title>{escape(title)}: changes</title><updated>{newest}T00:00:00Z</updated>\n"
        f'<link rel="self" href="{urljoin(site, "feed.xml")}"/><link rel="alternate" href="{site}"/>\n'
        f"<author><name>The qlearn authors</name></author>\n{entries}</feed>\n"
    )


def sitemap(names: list[str], site: str) -> str:
    """Return the addresses of all pages as a sitemap."""
    rows = "".join(
        f"<url><loc>{escape(urljoin(site, quote(f'{name}.html')))}</loc></url>\n" for name in sorted(names)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )


def manifest(title: str) -> str:
    """Return what a phone that keeps the book on its first screen shows there."""
    icons = [{"src": f"_static/icon-{n}.png", "sizes": f"{n}x{n}", "type": "image/png"} for n in (192, 512)]
    said = {
        "name": title,
        "short_name": "qlearn",
        "start_url": "./index.html",
        "display": "browser",
        "icons": icons,
    }
    return json.dumps(said, indent=1) + "\n"


def write(app: Sphinx, error: Exception | None) -> None:
    """Write them."""
    if error is not None or app.builder.name != "html":
        return
    out, site = Path(app.outdir), app.config.site
    title = app.config.html_title or app.config.project
    files = {
        "404.html": NOT_FOUND.format(root=escape(urlparse(site).path), title=escape(title)),
        "sitemap.xml": sitemap(list(app.env.found_docs), site),
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {urljoin(site, 'sitemap.xml')}\n",
        "feed.xml": feed(versions((ROOT / "CHANGELOG.md").read_text(encoding="utf8")), site, title),
        "site.webmanifest": manifest(title),
    }
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf8")


def setup(app: Sphinx) -> None:
    """Connect."""
    app.connect("build-finished", write)
