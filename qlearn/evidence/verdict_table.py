"""Verdicts: the closing table of a page that compares.

Taught in :doc:`/learning/comparison`.
"""

import re
from dataclasses import dataclass
from html import escape
from math import inf

from qlearn._checks import as_count
from qlearn.evidence.significance import Difference, places
from qlearn.evidence.statistical_power import detectable_difference

_HEAD = ("claim", "evidence", "difference", "seen 4 times in 5", "verdict")
_MINUS = re.compile(r"(?<![\w.)])-(?=\.?\d)")


@dataclass(frozen=True)
class Verdicts:
    """A table of what was claimed, what was measured, and what follows; made by :func:`verdicts`.

    A notebook shows it as a table, any other place as aligned text.

    Parameters
    ----------
    rows : tuple of tuple of str
        Five cells a row: claim, evidence, difference, the difference that would be seen four times in five, verdict.
    """

    rows: tuple[tuple[str, ...], ...]

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
        body = "".join(
            f'<tr><th scope="row">{escape(claim)}</th>{"".join(f"<td>{_unbroken(cell)}</td>" for cell in cells)}</tr>'
            for claim, *cells in self.rows
        )
        return (
            '<div class="qlearn-verdicts" role="region" tabindex="0" aria-label="Claims and verdicts" '
            'style="overflow-x:auto"><table>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def __repr__(self) -> str:
        table = (_HEAD, *self.rows)
        widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in table
        )


def verdicts(*rows: tuple[str, str, Difference], questions: int | None = None) -> Verdicts:
    """Lay out comparisons: what was claimed, how it was tried, what came out, what would be seen, what follows.

    A difference of the size in the column *seen 4 times in 5* is found with that chance; a smaller one may be, too, by luck.

    Parameters
    ----------
    *rows : tuple of (str, str, Difference)
        The claim; the evidence: what was paired, on what, how often; and the difference.
    questions : int, optional
        How many comparisons share the level of 5 %. None: as many as there are rows.

    Returns
    -------
    Verdicts

    Examples
    --------
    >>> from qlearn.evidence import paired
    >>> gap = paired([0.9, 0.8, 0.9, 0.7, 0.9, 0.8, 0.9], [0.5, 0.6, 0.5, 0.5, 0.6, 0.5, 0.5])
    >>> verdicts(("CNOTs help", "7 seeds", gap))
    claim       evidence  difference      seen 4 times in 5  verdict
    CNOTs help  7 seeds   +0.314 ± 0.034  0.120              ahead
    """
    if not rows:
        raise ValueError("rows must hold at least one (claim, evidence, difference)")
    shared = len(rows) if questions is None else as_count(questions, "questions")
    return Verdicts(
        tuple(
            (
                claim,
                evidence,
                f"{difference}",
                _detectable(detectable_difference(difference, level=0.05 / shared), places(difference.error)),
                difference.verdict(questions=shared),
            )
            for claim, evidence, difference in rows
        )
    )


def _unbroken(cell: str) -> str:
    """Return the cell for HTML: a true minus, and no line ends between a number and its error."""
    return _MINUS.sub("\N{MINUS SIGN}", escape(cell)).replace(" ± ", "&nbsp;±&nbsp;")


def _detectable(size: float, decimals: int) -> str:
    return f"{size:.{decimals}f}" if size < inf else "nothing"
