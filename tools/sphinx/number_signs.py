"""Numbers in a line of text as books set them: a true minus, a power of ten, and no line ends before an error or a per cent.

Cells hand numbers to the prose as Python writes them, and :func:`qlearn.plotting.show_table` sets its own; here the text
follows. Alt texts stay as they are: they are read aloud.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

PASTED = "pasted-text"
"""The class that MyST-NB gives to what a cell has handed to the text."""

_MINUS = re.compile(r"(?<![\w.)])-(?=\.?\d)")
_POWER = re.compile(r"(?<=\d)e([+-]?)0*(\d+)\b")
_PER_CENT = re.compile(r"(?<=\d) (?=%)")
_SPACE = "\N{NO-BREAK SPACE}"


def pieces(text: str) -> list[nodes.Node]:
    r"""Return a number, or a text with numbers, as it stands in a line.

    Examples
    --------
    >>> [str(piece) for piece in pieces("-0.040 ± 0.033")]
    ['−0.040\xa0±\xa00.033']
    >>> [str(piece) for piece in pieces("3e-05")]
    ['3\xa0×\xa010', '<superscript>−5</superscript>']
    """
    text = _MINUS.sub("\N{MINUS SIGN}", text).replace(" ± ", f"{_SPACE}±{_SPACE}")
    found: list[nodes.Node] = []
    end = 0
    for power in _POWER.finditer(text):
        exponent = power[1].replace("-", "\N{MINUS SIGN}").strip("+") + power[2]
        found += [
            nodes.Text(f"{text[end : power.start()]}{_SPACE}×{_SPACE}10"),
            nodes.superscript("", exponent),
        ]
        end = power.end()
    if end < len(text):
        found.append(nodes.Text(text[end:]))
    return found


class NumberSigns(SphinxPostTransform):
    """Sets the numbers of a page, when it is written: HTML and paper alike."""

    default_priority = 900  # what cells of other pages have handed over is there by then

    def run(self, **kwargs: object) -> None:
        """Change the texts."""
        for text in list(self.document.findall(nodes.Text)):
            parent = text.parent
            if PASTED in parent.get("classes", ()):
                parent.replace(text, pieces(_PER_CENT.sub(_SPACE, text)))
            elif _PER_CENT.search(text) and not isinstance(
                parent, (nodes.FixedTextElement, nodes.literal, nodes.math, nodes.raw, nodes.comment)
            ):
                parent.replace(text, nodes.Text(_PER_CENT.sub(_SPACE, text)))


def setup(app: Sphinx) -> None:
    """Connect."""
    app.add_post_transform(NumberSigns)
