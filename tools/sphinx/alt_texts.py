"""Numbers in the alt texts of figures, put there by the run that drew the figure.

An alt text is plain text, so MyST reads no roles in it. A chapter writes there what it writes in its prose and captions,

    "alt": "Points that fall to {glue:text}`photons_reach` kilometres."

and the build puts the glued value of the same page in its place, with a format where one is asked for
(``{glue:text}`photons_reach:.0f```).
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core.variables import format_plain_text
from sphinx.application import Sphinx
from sphinx.util import logging

_GLUED = re.compile(r"\{glue:text\}`([^`:]+)(?::([^`]+))?`")
_ROLE = re.compile(r"\{[\w:.-]+\}`[^`]*`")
_logger = logging.getLogger(__name__)


def filled(alt: str, values: Mapping[str, str]) -> str:
    """Return `alt` with each ``{glue:text}`name``` replaced by its value; refuse what it could not read aloud.

    `values` holds what each name was glued to, as Python shows it (text within its quotes).
    """

    def value(found: re.Match[str]) -> str:
        name, form = found[1], found[2] or "s"
        if name not in values:
            raise ValueError(f"the alt text names {name!r}, which no cell of the page glues")
        try:
            return format_plain_text(values[name], form)
        except ValueError as wrong:
            raise ValueError(
                f"{name!r} is glued to {values[name]}, no number for {form!r}: {wrong}"
            ) from wrong

    text = _GLUED.sub(value, alt)
    if left := _ROLE.search(text):
        raise ValueError(f"an alt text is plain: of all roles it may hold {{glue:text}} alone, not {left[0]}")
    return text


def glued_values(folder: Path, page: str) -> dict[str, str]:
    """Return what the run of `page` glued, from the file that MyST-NB leaves of it."""
    path = folder / f"{page}.glue.json"
    if not path.exists():
        return {}
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf8"))
    return {
        name: output["data"]["text/plain"] for name, output in kept.items() if "text/plain" in output["data"]
    }


def fill_alts(app: Sphinx, doctree: nodes.document) -> None:
    """Fill the alt texts of a page when it has been read; what cannot be filled is a warning, which stops the build."""
    values = None
    for image in doctree.findall(nodes.image):
        if "{" not in image.get("alt", ""):
            continue
        if values is None:
            values = glued_values(Path(app.env.mystnb_config.output_folder), app.env.docname)
        try:
            image["alt"] = filled(image["alt"], values)
        except ValueError as wrong:
            _logger.warning("%s", wrong, location=image, type="house", subtype="alt")
