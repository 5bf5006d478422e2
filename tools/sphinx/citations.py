"""Citations as a page sets them: who wrote with many others is named with "et al.", and the list of them is none of items."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

_OTHERS = re.compile(r" and others(?=, \d{4}\Z|\Z)")


class EtAl(SphinxPostTransform):
    """A work of which the bibliography names the first authors, and others, is cited as one whose authors it names all."""

    default_priority = 20  # what is cited has its names by then

    def run(self, **kwargs: Any) -> None:
        """Change the words of the links."""
        for text in list(self.document.findall(nodes.Text)):
            if isinstance(text.parent, nodes.reference) and (found := _OTHERS.search(text)):
                words = [nodes.Text(text[: found.start()] + " "), nodes.emphasis("", "et al.")]
                rest = text[found.end() :]
                text.parent.replace(text, [*words, nodes.Text(rest)] if rest else words)


def mend_list(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Drop the role that docutils gives a list of citations: its children are no list items, and readers aloud stumble."""
    if "body" in context:
        context["body"] = context["body"].replace(
            '<div role="list" class="citation-list">', '<div class="citation-list">'
        )


def setup(app: Sphinx) -> None:
    """Connect."""
    app.add_post_transform(EtAl)
    app.connect("html-page-context", mend_list)
