"""What stands in the head of every page: what it is about, its address, its picture, for search engines and shared links."""

import json
import re
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlparse

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

LONGEST = 200
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# A megabyte and a half that draws icons which the style sheet has drawn already, before the page is painted.
ICON_SCRIPT = re.compile(r'\s*<script src="[^"]*vendor/fontawesome/[^"]*/js/all\.min\.js[^"]*"></script>')
_FIGURE = re.compile(r"<figure\b.*?<img\b([^>]*)>", re.S)


def name_the_site(app: Sphinx, config: Config) -> None:
    """Say where the book stands: as `site` tells, or where GitHub puts the pages of its repository."""
    owner, name = urlparse(config.html_theme_options["repository_url"]).path.strip("/").split("/")[:2]
    config.site = f"{config.site or f'https://{owner.lower()}.github.io/{name}'}".rstrip("/") + "/"
    config.html_baseurl = config.site  # Sphinx makes the canonical address of each page of it


def description(doctree: nodes.document | None) -> str:
    """Return what a page is about as one line, cut at a word: what a chapter's card promises, or its first paragraph."""
    if doctree is None:
        return ""
    cards = [node for node in doctree.findall(nodes.Element) if "chapter-card" in node.get("classes", [])]
    first = [paragraph for card in cards[:1] for paragraph in card.findall(nodes.paragraph)][:1]
    for paragraph in [*first, *doctree.findall(nodes.paragraph)]:
        if not cards and _within(paragraph, nodes.Admonition, nodes.admonition, nodes.table, nodes.footnote):
            continue
        text = " ".join(paragraph.astext().split())
        if len(text) > 40 and "\\" not in text:
            return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " ..."
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
    """Put into the head of a page what it is about and who made it."""
    text = description(doctree)
    if not text:
        return
    title = unescape(re.sub("<[^>]+>", "", context.get("title", "")))
    book = app.config.html_title or app.config.project
    chapter = bool(app.env.toc_secnumbers.get(pagename, {}).get(""))
    address = urljoin(app.config.site, quote(f"{pagename}.html"))
    about = {
        "description": text,
        "og:type": "article" if chapter else "website",
        "og:site_name": book,
        "og:title": title,
        "og:description": text,
        "og:url": address,
        "og:locale": "en",
    }
    tags = [
        f'<meta {"property" if name.startswith("og:") else "name"}="{name}" content="{escape(content)}">'
        for name, content in about.items()
    ]
    if chapter:
        said = {
            "@context": "https://schema.org",
            "@type": ["Chapter", "LearningResource"],
            "name": re.sub(r"^\d+\. ", "", title),
            "position": title.partition(".")[0],
            "description": text,
            "url": address,
            "inLanguage": "en",
            "license": LICENCE,
            "isAccessibleForFree": True,
            "author": {"@type": "Organization", "name": app.config.author},
            "isPartOf": {"@type": "Book", "name": book, "url": app.config.site},
        }
        data = json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
        tags.append(f'<script type="application/ld+json">{data}</script>')
    context["metatags"] = context.get("metatags", "") + "\n" + "\n".join(tags)


def picture(page: str, images: Path) -> tuple[str, str] | None:
    """Return the file and the words of a page's first figure: as large and as plain a file of it as there is."""
    for attributes in _FIGURE.findall(page):
        source, words = (re.search(rf'\b{name}="([^"]*)"', attributes) for name in ("src", "alt"))
        if source is None or "/_images/" not in f"/{source[1]}":
            continue
        file = source[1].rpartition("/")[2]
        stem = re.sub(r"(-light|-dark)?(-[12]x)?\.\w+$", "", file)
        whole = [f"{stem}.png"]
        if stem != file.partition(".")[0]:  # what the page shows has a shorter name than what it was made of
            whole += sorted(path.name for path in images.glob(f"{stem}*.png"))
        found = [name for name in (*whole, f"{stem}-light-2x.webp", file) if (images / name).exists()]
        if found:
            return found[0], unescape(words[1]) if words else ""
    return None


def put_icons_and_picture(page: str, name: str, site: str, images: Path) -> str:
    """Return a page whose head names its picture and the icons of the book."""
    if 'rel="apple-touch-icon"' in page:
        return page
    root = "../" * name.count("/")
    tags = [
        f'<link rel="icon" type="image/png" sizes="32x32" href="{root}_static/icon-32.png">',
        f'<link rel="apple-touch-icon" href="{root}_static/icon-180.png">',
        f'<link rel="manifest" href="{root}site.webmanifest">',
        f'<link rel="alternate" type="application/atom+xml" title="Changes" href="{root}feed.xml">',
    ]
    if 'property="og:title"' in page:
        found = picture(page, images)
        file, words = (
            (f"_images/{found[0]}", found[1]) if found else ("_static/icon-512.png", "The book's sign")
        )
        tags += [
            f'<meta property="og:image" content="{urljoin(site, file)}">',
            f'<meta property="og:image:alt" content="{escape(words)}">',
            f'<meta name="twitter:card" content="{"summary_large_image" if found else "summary"}">',
        ]
    return page.replace("</head>", "\n".join(tags) + "\n</head>", 1)


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


def finish(app: Sphinx, error: Exception | None) -> None:
    """Put picture and icons into the pages, and take the icon script out of them."""
    if error is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf8")
        better = ICON_SCRIPT.sub("", text)
        if (
            out / "_static" not in page.parents and page.name != "404.html"
        ):  # templates of the theme, and a page of its own
            name = page.relative_to(out).as_posix()
            better = put_icons_and_picture(better, name, app.config.site, out / "_images")
        if better != text:
            page.write_text(better, encoding="utf8")
    for script in out.glob("_static/vendor/fontawesome/*/js/*.js"):
        script.unlink()


def setup(app: Sphinx) -> None:
    """Connect."""
    app.add_config_value("site", "", "html")
    app.add_config_value("readers_edition_branch", "", "html")
    app.add_js_file("keys.mjs", type="module")
    app.connect("config-inited", name_the_site)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", open_the_readers_edition, priority=900)  # the theme has made its buttons
    app.connect("build-finished", finish)
