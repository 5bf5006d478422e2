"""The growing table of a protocol: Alice knows / on the channel, Eve sees / Bob knows.

Taught in :doc:`/communication/bb84`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn.plotting.styles import COLORS

Row = tuple[str, str, Sequence[Any]]

_HEADINGS = {
    "alice": "Alice knows",
    "channel": "On the channel",
    "eve": "Eve sees",
    "bob": "Bob knows",
    "public": "Said in public",
}

# Own paper and ink: notebook and book themes colour tables in ways that hide a highlight.
_STYLE = """<style>
.qlearn-table{overflow-x:auto;width:fit-content;max-width:100%;background:#fff;color:#1a1a1a;margin:.5em 0;padding:.25em}
.qlearn-table table{border-collapse:collapse;margin:0;font-size:.95em;width:auto;display:table}
.qlearn-table caption{caption-side:top;text-align:left;color:#1a1a1a;padding:.25em;white-space:normal}
.qlearn-table caption span{position:sticky;left:.25em;display:inline-block;max-width:min(100%,75vw)}
.qlearn-table tr,.qlearn-table tbody tr:nth-child(odd),.qlearn-table tbody tr:hover{background:#fff}
.qlearn-table th,.qlearn-table td{padding:.15em .5em;border:0;color:#1a1a1a;background:#fff;text-align:center;
font-variant-numeric:tabular-nums;white-space:nowrap}
.qlearn-table th.what{text-align:left;font-weight:400;position:sticky;left:0;padding-left:1em}
.qlearn-table th.who{text-align:left;padding:.35em .5em .1em;border-left:.3em solid}
.qlearn-table th.who span{position:sticky;left:.5em}
.qlearn-table thead th{font-weight:400;color:#555;border-bottom:1px solid #999}
.qlearn-table .kept{background:#FBF3C0;font-weight:700;color:#1a1a1a}
html[data-theme=dark] .qlearn-table,html[data-theme=dark] .qlearn-table :is(caption,tr,td,th){background:#1a1c1f;color:#e8e8e8}
html[data-theme=dark] .qlearn-table tbody tr:is(:nth-child(odd),:hover){background:#1a1c1f}
html[data-theme=dark] .qlearn-table thead th{color:#a8a8a8}
html[data-theme=dark] .qlearn-table .kept{background:#5a4b00;color:#fff}
</style>"""


@dataclass(frozen=True)
class ProtocolTable:
    """A table of what each party knows, one column a pulse or run; made by :func:`protocol_table`.

    A notebook shows it as HTML that scrolls inside its own box, any other place as aligned text.

    Parameters
    ----------
    rows : tuple of (str, str, tuple of str)
        Who knows it, what it is, and its values.
    kept : tuple of int
        Highlighted columns.
    caption : str
        What the table shows.
    each : str
        What a column is.

    Examples
    --------
    >>> protocol_table([("alice", "bit", [0, 1])])
                 1  2
    Alice knows
      bit        0  1
    """

    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    kept: tuple[int, ...] = ()
    caption: str = ""
    each: str = "pulse"

    def grow(
        self, *rows: Row, highlight: ArrayLike | None = None, caption: str | None = None
    ) -> "ProtocolTable":
        """Return the table with `rows` added below; `highlight` and `caption` replace the old ones if given.

        Parameters
        ----------
        *rows : tuple of (str, str, sequence)
            As in :func:`protocol_table`.
        highlight : array_like, optional
            As in :func:`protocol_table`; None keeps the columns highlighted so far.
        caption : str, optional
            None keeps the caption.

        Returns
        -------
        ProtocolTable
        """
        grown = protocol_table([*self.rows, *rows], highlight=highlight)
        return replace(
            grown,
            kept=self.kept if highlight is None else grown.kept,
            caption=self.caption if caption is None else caption,
            each=self.each,
        )

    def _repr_html_(self) -> str:
        columns = range(len(self.rows[0][2]))
        tone = {column: ' class="kept"' if column in self.kept else "" for column in columns}
        head = "".join(f'<th scope="col"{tone[column]}>{column + 1}</th>' for column in columns)
        body, before = [], None
        for who, what, values in self.rows:
            if who != before:
                body.append("</tbody><tbody>" if before else "<tbody>")
                ink = COLORS.get(who.lower(), COLORS["grey"])
                body.append(
                    f'<tr><th class="who" scope="rowgroup" colspan="{len(columns) + 1}" style="border-left-color:{ink}">'
                    f"<span>{escape(_heading(who))}</span></th></tr>"
                )
                before = who
            cells = "".join(f"<td{tone[column]}>{escape(value)}</td>" for column, value in enumerate(values))
            body.append(f'<tr><th class="what" scope="row">{escape(what)}</th>{cells}</tr>')
        caption = escape(self.caption)
        return (
            f'{_STYLE}<div class="qlearn-table" role="region" tabindex="0" aria-label="{caption or "Protocol table"}">'
            f"<table>{f'<caption><span>{caption}</span></caption>' if caption else ''}"
            f'<thead><tr><th class="what" scope="col">{escape(self.each)}</th>{head}</tr></thead>'
            f"{''.join(body)}</tbody></table></div>"
        )

    def __repr__(self) -> str:
        left = max(
            [len(_heading(who)) for who, _, _ in self.rows] + [len(what) + 2 for _, what, _ in self.rows]
        )
        columns = list(zip(*(values for _, _, values in self.rows), strict=True))
        widths = [max(len(value) for value in (str(i + 1), *column)) for i, column in enumerate(columns)]

        def line(first: str, values: Iterable[str]) -> str:
            cells = "".join(f"  {value:>{width}}" for value, width in zip(values, widths, strict=True))
            return f"{first:<{left}}{cells}".rstrip()

        lines = [self.caption] if self.caption else []
        lines.append(line("", [str(i + 1) for i in range(len(widths))]))
        before = None
        for who, what, values in self.rows:
            if who != before:
                lines.append(_heading(who))
                before = who
            lines.append(line(f"  {what}", values))
        if self.kept:
            lines.append(line("", ["^" if i in self.kept else "" for i in range(len(widths))]))
        return "\n".join(lines)


def protocol_table(
    rows: Iterable[Row], *, highlight: ArrayLike | None = None, caption: str = "", each: str = "pulse"
) -> ProtocolTable:
    """Show what each party knows, pulse by pulse.

    Parameters
    ----------
    rows : iterable of (who, what, values)
        `who` is "alice", "channel", "eve", "bob", "public" (they get their headings and colours) or any
        heading; `what` names the row; `values` has one entry a column. True and False become a tick and a
        dot, None a blank. Rows that follow each other with the same `who` share a heading.
    highlight : array_like of bool or int, optional
        The columns to highlight: a mask with one entry a column, or column numbers from 0.
    caption : str
        What to see, in one sentence.
    each : str
        What a column is: a pulse, a run.

    Returns
    -------
    ProtocolTable
        Shown by a notebook; its :meth:`ProtocolTable.grow` adds rows as the protocol goes on.

    Examples
    --------
    >>> table = protocol_table([("alice", "bit", [0, 1, 1]), ("channel", "state", ["0", "-", "1"])])
    >>> table.grow(("bob", "same basis", [True, False, True]), highlight=[True, False, True])
                    1  2  3
    Alice knows
      bit           0  1  1
    On the channel
      state         0  -  1
    Bob knows
      same basis    ✓  ·  ✓
                    ^     ^
    """
    shown = tuple(
        (str(who), str(what), tuple(_text(value) for value in values)) for who, what, values in rows
    )
    if not shown or not shown[0][2]:
        raise ValueError("rows must hold at least one (who, what, values) with at least one value")
    width = len(shown[0][2])
    for who, what, values in shown:
        if len(values) != width:
            raise ValueError(
                f"rows must have one value a column: {shown[0][1]!r} has {width}, {what!r} of {who!r} has {len(values)}"
            )
    return ProtocolTable(shown, _columns(highlight, width), caption, each)


def _heading(who: str) -> str:
    return _HEADINGS.get(who.lower(), who)


def _text(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "✓" if value else "·"
    return "" if value is None else str(value)


def _columns(highlight: ArrayLike | None, width: int) -> tuple[int, ...]:
    if highlight is None:
        return ()
    chosen = np.atleast_1d(np.asarray(highlight))
    if chosen.dtype == bool:
        if chosen.shape != (width,):
            raise ValueError(
                f"highlight must have one True or False for each of {width} columns, not shape {chosen.shape}"
            )
        return tuple(int(column) for column in np.flatnonzero(chosen))
    if chosen.size and (chosen.dtype.kind not in "ui" or chosen.min() < 0 or chosen.max() >= width):
        raise ValueError(
            f"highlight must be column numbers of 0 to {width - 1}, or a mask of bool, not {highlight}"
        )
    return tuple(sorted({int(column) for column in chosen}))
