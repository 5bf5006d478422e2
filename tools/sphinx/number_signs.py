"""Numbers in a line of text as books set them: a true minus, a power of ten, and a space that holds before a per cent.

Nor does one end between a formula and a bracket before it or a comma behind it, where a browser would break it.

Cells hand numbers to the prose as Python writes them, and :func:`qlearn.plotting.show_table` sets its own; here the text
follows. Alt texts stay as they are: they are read aloud.
"""

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

PASTED = "pasted-text"
"""The class that MyST-NB gives to what a cell has handed to the text."""

_MINUS = re.compile(r"(?<![\w.)])-(?=\.?\d)")
_MINUS_IN_WORDS = re.compile(r"(?<=[\s(])-(?=\.?\d)|(?<=\b[a-zA-Z] )-(?= \d)")  # -0.3, and n - 1
_POWER = re.compile(r"(?<![\w.,])(\d[\d.,]*)e([+-]?)0*(\d+)\b")
_PER_CENT = re.compile(r"(?<=\d) ?(?=%(?!\w))")
_SPACE = "\N{NO-BREAK SPACE}"
_OPENS = re.compile(r"[(\[‘“]+\Z")
_STOPS = re.compile(r"[,.;:?!)\]’”%]+")
_SHORT = 60  # signs of a formula: without MathJax a longer one has to break
_AS_WRITTEN = (
    nodes.FixedTextElement,
    nodes.literal,
    nodes.math,
    nodes.raw,
    nodes.comment,
    addnodes.desc_signature,
)


def pieces(text: str, pasted: bool = True) -> list[nodes.Node]:
    r"""Return a number that a cell has handed over, or a text with numbers, as it stands in a line.

    Examples
    --------
    >>> [str(piece) for piece in pieces("-0.040 ± 0.033")]
    ['−0.040\xa0±\xa00.033']
    >>> [str(piece) for piece in pieces("3e-05")]
    ['3\xa0×\xa010', '<superscript>−5</superscript>']
    >>> [str(piece) for piece in pieces("n - 1 of them, 3 - 5 words", pasted=False)]
    ['n − 1 of them, 3 - 5 words']
    """
    text = (_MINUS if pasted else _MINUS_IN_WORDS).sub("\N{MINUS SIGN}", text)
    text = _PER_CENT.sub(_SPACE, text).replace(" ± ", f"{_SPACE}±{_SPACE}")
    found: list[nodes.Node] = []
    end = 0
    for power in _POWER.finditer(text):
        exponent = power[2].replace("-", "\N{MINUS SIGN}").strip("+") + power[3]
        found += [
            nodes.Text(f"{text[end : power.start()]}{power[1]}{_SPACE}×{_SPACE}10"),
            nodes.superscript("", exponent),
        ]
        end = power.end()
    if end < len(text):
        found.append(nodes.Text(text[end:]))
    return found


def _is_code(node: nodes.Node | None) -> bool:
    """Return whether a text in it is to stay as it is written: a signature's pieces lie some steps within it."""
    while node is not None:
        if isinstance(node, _AS_WRITTEN):
            return True
        node = node.parent
    return False


class NumberSigns(SphinxPostTransform):
    """Sets the numbers of a page, when it is written: HTML and paper alike."""

    default_priority = 900  # what cells of other pages have handed over is there by then

    def run(self, **kwargs: object) -> None:
        """Change the texts that are no code."""
        for text in list(self.document.findall(nodes.Text)):
            parent = text.parent
            if _is_code(parent):
                continue
            start = _SPACE if text.startswith(" %") and parent.index(text) else text[:1]
            made = pieces(start + text[1:], PASTED in parent.get("classes", ()))
            if len(made) != 1 or made[0].astext() != text:
                parent.replace(text, made)
                if PASTED in parent.get(
                    "classes", ()
                ):  # or a power would be bold: the pages drop this mark of all others
                    parent["classes"].remove(PASTED)
        for formula in list(self.document.findall(nodes.math)):
            hold(formula)


def hold(formula: nodes.math) -> None:
    """Put a formula and the signs that touch it into one element, which no line parts."""
    line = formula.parent
    at = line.index(formula)
    before: Any = line[at - 1] if at else None
    after: Any = line[at + 1] if at + 1 < len(line) else None
    opens = _OPENS.search(before) if isinstance(before, nodes.Text) else None
    stops = _STOPS.match(after) if isinstance(after, nodes.Text) else None
    if len(formula.astext()) > _SHORT or not (opens or stops):
        return
    held = nodes.inline("", "", classes=["unbroken"])
    formula.replace_self(held)
    if opens:
        line.replace(before, [nodes.Text(before[: opens.start()])])
        held += nodes.Text(opens[0])
    held += formula
    if stops:
        line.replace(after, [nodes.Text(after[stops.end() :])])
        held += nodes.Text(stops[0])


def setup(app: Sphinx) -> None:
    """Connect."""
    app.add_post_transform(NumberSigns)
