"""What a line may not part: a formula and the sign that follows it, a number and its %.

A browser may break a line on both sides of a formula, so that a comma or a bracket begins the next one.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

AFTER = re.compile(r"[.,;:!?)\]”’%]+")
"""Signs that stay with the formula before them."""
BEFORE = re.compile(r"[(\[“‘]+\Z")
"""Signs that stay with the formula after them."""


def join(tree: nodes.Element) -> None:
    r"""Put each formula of a line and the signs that touch it into one element, which no line parts.

    Examples
    --------
    >>> line = nodes.paragraph("", "", nodes.Text("if ("), nodes.math("", "p"), nodes.Text("), 5 % of"))
    >>> join(line)
    >>> [child.astext() for child in line], line[1]["classes"]
    (['if ', '(p),', ' 5\xa0% of'], ['joined'])
    """
    for formula in list(tree.findall(nodes.math)):
        line, at = formula.parent, formula.parent.index(formula)
        before = line[at - 1].astext() if at and isinstance(line[at - 1], nodes.Text) else ""
        after = line[at + 1].astext() if at + 1 < len(line) and isinstance(line[at + 1], nodes.Text) else ""
        opens, closes = BEFORE.search(before), AFTER.match(after)
        if opens is None and closes is None:
            continue
        whole = nodes.inline(classes=["joined"])
        line[at] = whole
        if opens is not None:
            whole += nodes.Text(opens[0])
            line[at - 1] = nodes.Text(before[: opens.start()])
        whole += formula
        if closes is not None:
            whole += nodes.Text(closes[0])
            line[at + 1] = nodes.Text(after[closes.end() :])
    for text in list(tree.findall(nodes.Text)):
        if isinstance(text.parent, (nodes.literal, nodes.math, nodes.FixedTextElement, nodes.raw)):
            continue
        held = re.sub(r"(?<=\d) %", "\u00a0%", text.astext())
        if held.startswith(" %") and _number_before(text):
            held = "\u00a0" + held[1:]
        if held != text.astext():
            text.parent.replace(text, nodes.Text(held))


def _number_before(text: nodes.Text) -> bool:
    at = text.parent.index(text)
    return at > 0 and text.parent[at - 1].astext()[-1:].isdigit()


def mend(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Join what a page of the web holds; LaTeX knows by itself."""
    if app.builder.format == "html":
        join(doctree)


def setup(app: Sphinx) -> None:
    """Connect, after all that looks for words in a page."""
    app.connect("doctree-resolved", mend, priority=900)
