"""Live figures: a still picture that a reader can turn, where the page can run a script.

A figure with the class `live-NAME` (or `live-NAME--VARIANT`) is brought to life by `_static/live/NAME.mjs`; without
JavaScript, on paper and in the notebook it is the picture that it was.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "book" / "_static" / "live"
KIND = re.compile(r"live-([a-z0-9_]+)(?:--([a-z_]+))?")
SQUEEZED = re.compile(r"live-([a-z0-9]+)-([a-z]+)")
_logger = logging.getLogger(__name__)


def mend_variants(app: Sphinx, doctree: nodes.document) -> None:
    """Write `live-NAME--VARIANT` as it was: the option of a directive makes one hyphen of two."""
    for figure in doctree.findall(nodes.figure):
        figure["classes"] = [
            f"live-{match[1]}--{match[2]}" if (match := SQUEEZED.fullmatch(word)) else word
            for word in figure["classes"]
        ]


def names(doctree: nodes.document | None) -> list[str]:
    """Return the names of the live figures of a page, in its order."""
    if doctree is None:
        return []
    found = [KIND.fullmatch(word) for figure in doctree.findall(nodes.figure) for word in figure["classes"]]
    return [match[1] for match in found if match]


def version() -> str:
    """Return a short digest of all modules: a browser that kept an older one asks again."""
    digest = hashlib.sha256()
    for path in sorted(MODULES.rglob("*.mjs")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def tell_the_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give a page with live figures the module that starts them."""
    wanted = names(doctree)
    for name in wanted:
        if not (MODULES / f"{name}.mjs").exists():
            _logger.warning("live-%s: there is no book/_static/live/%s.mjs", name, name, location=pagename)
    if wanted:
        source = context["pathto"]("_static/live/start.mjs", resource=True)
        context["body"] += f'\n<script type="module" src="{source}?v={version()}"></script>\n'


def setup(app: Sphinx) -> None:
    """Connect."""
    app.connect("doctree-read", mend_variants)
    app.connect("html-page-context", tell_the_page, priority=600)
