"""A table of results: real rows and columns in a notebook, aligned text anywhere else.

Taught in :doc:`/communication/fibre`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, isfinite, isnan, log10
from numbers import Integral, Real
from typing import Any

import numpy as np

Heading = str | tuple[str, str]
"""What stands over a column: its name, or (what several columns share, its name)."""

Format = str | Callable[[Any], str]
"""How a value is written: a format specification such as ".2f", or a function that returns the text."""

_LONG = 6
"""From so many rows on a reader may want another order."""

_SPAN, _LARGE = 3, 7
"""Powers of ten between two numbers, and of one, from which on decimals are no longer easy to read."""

_NUMBER = re.compile(
    r"(?:[<>=≤≥~≈] ?)?[+-]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?(?: ?± ?[\d.,]+(?:e[+-]?\d+)?)? ?%?|–|[+-]?∞"
)
_IMAGINARY = re.compile(r"-?(?:[\d.,]+ [+-] )?(?:[\d.,]+ )?i")
_POWER = re.compile(r"e([+-]?)0*(\d+)")
_PER_CENT = re.compile(r"(?<=\d) ?%")

# Short, for it is repeated with each table; the book's own style sheet says the rest.
_STYLE = (
    "<style>.qlearn-results{overflow-x:auto;max-width:100%}.qlearn-results table{border-collapse:collapse}"
    ".qlearn-results :is(th,td){text-align:left;vertical-align:top;padding:.2em 1em .2em 0}"
    ".qlearn-results .n{text-align:right;font-variant-numeric:tabular-nums}.qlearn-results td.n{white-space:nowrap}"
    ".qlearn-results caption{caption-side:top;text-align:left}</style>"
)


@dataclass(frozen=True)
class Table:
    """A table of results, made by :func:`show_table`: HTML in a notebook, aligned text anywhere else.

    Parameters
    ----------
    head : tuple of (str, str)
        Of each column what it shares with its neighbours (or ""), and its name.
    rows, foot : tuple of tuple of str
        What stands in the cells; the rows of `foot` stay below a line.
    numeric : tuple of bool
        Which columns hold numbers, and stand to the right.
    caption : str
        What the table shows.
    sort : bool
        Whether a page may let its reader order the rows.

    Examples
    --------
    >>> table = show_table(["basis", "errors"], [("Z", 0.2505), ("X", 0.2507)])
    >>> table.rows
    (('Z', '0.251'), ('X', '0.251'))
    """

    head: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    caption: str = ""
    sort: bool = True

    def _repr_html_(self) -> str:
        sortable = ' class="sortable"' if self.sort and len(self.rows) >= _LONG else ""
        caption = escape(self.caption)
        label = caption or "Table: " + escape(", ".join(name for _, name in self.head))
        parts = [
            f'{_STYLE}<div class="qlearn-results" role="region" tabindex="0" aria-label="{label}">'
            f"<table{sortable}>{f'<caption>{caption}</caption>' if caption else ''}<thead>"
        ]
        if self._groups():
            cells = (
                f'<th scope="colgroup" colspan="{wide}">{escape(name)}</th>' if name else "<td></td>" * wide
                for name, wide in self._groups()
            )
            parts.append(f"<tr>{''.join(cells)}</tr>")
        parts.append(self._line([name for _, name in self.head], '<th scope="col"{}>{}</th>'))
        parts.append("</thead><tbody>")
        parts += [self._line(row) for row in self.rows]
        parts.append("</tbody>")
        if self.foot:
            parts.append(f"<tfoot>{''.join(self._line(row) for row in self.foot)}</tfoot>")
        return "".join([*parts, "</table></div>"])

    def _line(self, cells: Sequence[str], head: str = "") -> str:
        made = []
        for column, (cell, numeric) in enumerate(zip(cells, self.numeric, strict=True)):
            kind = ' class="n"' if numeric else ""
            text = escape(cell)
            if head:
                made.append(head.format(kind, text))
                continue
            if numeric and (_NUMBER.fullmatch(cell) or _IMAGINARY.fullmatch(cell)):
                # What a machine reads stays beside what people read, where the two differ.
                kind += f' data-value="{escape(cell)}"' if "e" in cell else ""
                text = _set(text)
            made.append(f"<td{kind}>{text}</td>" if column else f'<th scope="row"{kind}>{text}</th>')
        return f"<tr>{''.join(made)}</tr>"

    def _groups(self) -> list[tuple[str, int]]:
        """Return what neighbouring columns share, and how many they are; nothing if no columns share anything."""
        found: list[tuple[str, int]] = []
        for group, _ in self.head:
            if found and found[-1][0] == group:
                found[-1] = group, found[-1][1] + 1
            else:
                found.append((group, 1))
        return found if any(name for name, _ in found) else []

    def __repr__(self) -> str:
        names = tuple(name for _, name in self.head)
        lines = (names, *self.rows, *self.foot)
        wide = [max(len(line[column]) for line in lines) for column in range(len(names))]
        over, start = "", 0
        for group, columns in self._groups():
            room = sum(wide[start : start + columns]) + 2 * (columns - 1)
            # A heading that is wider than what it stands over makes the last of its columns wider.
            wide[start + columns - 1] += max(0, len(group) - room)
            over += f"{group:<{max(room, len(group))}}  "
            start += columns

        def text(cells: Sequence[str]) -> str:
            shown = (
                f"{cell:>{room}}" if numeric else f"{cell:<{room}}"
                for cell, room, numeric in zip(cells, wide, self.numeric, strict=True)
            )
            return "  ".join(shown).rstrip()

        shown = [text(names), *map(text, self.rows)]
        if self.foot:
            shown += ["-" * (sum(wide) + 2 * (len(wide) - 1)), *map(text, self.foot)]
        return "\n".join([*filter(None, (self.caption, over.rstrip())), *shown])


def show_table(
    columns: Sequence[Heading],
    rows: Iterable[Sequence[Any]] | Mapping[str, Any],
    *,
    foot: Iterable[Sequence[Any]] = (),
    caption: str = "",
    formats: Format | Mapping[Heading, Format] | None = None,
    sort: bool = True,
) -> Table:
    """Lay out results as a table, one row a thing that was tried, one column a quantity.

    Put it last in a cell, or hand it to ``display``. Numbers stand to the right with equal decimals in a column; a
    column whose cells mostly read as numbers is one of numbers, also if they came as text.

    Parameters
    ----------
    columns : sequence of str or (str, str)
        The headings, with units: "key (kbit/s)". A pair is (what neighbouring columns share, the heading).
    rows : iterable of sequences, or mapping
        One sequence a row, with one value a column; of a mapping the keys are the first column, and each value is the
        rest of its row (or the one value, where there are two columns). The first column names the row. Text stays as
        it is; True and False become yes and no, None a blank, nan a dash; whole numbers get commas at the thousands;
        complex numbers are written as by hand, -0.354 i; anything else is written as ``print`` writes it, such as an
        :class:`~qlearn.evidence.Average`.
    foot : iterable of sequences
        Sums and the like: below a line, in no other order.
    caption : str
        What to see, in one sentence.
    formats : str, callable or mapping, optional
        How numbers are written: one for all columns but the first, or by heading. None: as many decimals as give the
        largest of a column three digits and the smallest two; powers of ten where they lie far from each other.
    sort : bool
        False where the order of the rows says something. (A page offers other orders from six rows on.)

    Returns
    -------
    Table

    Examples
    --------
    >>> show_table(
    ...     ["attack", "QBER", "Eve's bits"],
    ...     {"none": (0.0, 0), "every pulse": (0.25, 1_000)},
    ...     formats={"QBER": ".1%"},
    ... )
    attack        QBER  Eve's bits
    none          0.0%           0
    every pulse  25.0%       1,000

    >>> show_table(
    ...     ["km", ("by pulse", "μ"), ("by pulse", "kbit/s"), ("by second", "μ"), ("by second", "kbit/s")],
    ...     [(0, 0.52, 101.3, 0.17, 163.8), (100, 0.51, 2.4, 0.38, 2.5)],
    ... )
         by pulse       by second
     km      μ  kbit/s      μ  kbit/s
      0  0.520   101.3  0.170   163.8
    100  0.510     2.4  0.380     2.5
    """
    head = _headings(columns)
    given = [(name, *_rest(value)) for name, value in rows.items()] if isinstance(rows, Mapping) else rows
    body, below = _checked(given, head, "rows"), _checked(foot, head, "foot")
    if not body:
        raise ValueError("rows must hold at least one row")
    ways = _formats(formats, head)
    written = [_column([row[column] for row in (*body, *below)], way) for column, way in enumerate(ways)]
    lines = tuple(zip(*(texts for texts, _ in written), strict=True))
    numeric = tuple(numbers for _, numbers in written)
    return Table(head, lines[: len(body)], lines[len(body) :], numeric, str(caption), bool(sort))


def _headings(columns: Sequence[Heading]) -> tuple[tuple[str, str], ...]:
    if isinstance(columns, str) or not columns:
        raise ValueError(f"columns must be a sequence of headings, at least one, not {columns!r}")
    head = []
    for column in columns:
        pair = ("", column) if isinstance(column, str) else column
        if not (isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise TypeError(f"columns must be names, or pairs (what columns share, name), not {column!r}")
        head.append(pair)
    if twice := {pair[1] for pair in head if head.count(pair) > 1}:
        raise ValueError(f"columns must differ: {', '.join(sorted(twice))} stands twice")
    return tuple(head)


def _rest(value: Any) -> Sequence[Any]:
    return tuple(value) if isinstance(value, list | tuple | np.ndarray) else (value,)


def _checked(
    rows: Iterable[Sequence[Any]], head: Sequence[tuple[str, str]], name: str
) -> list[tuple[Any, ...]]:
    lines = []
    for row in rows:
        if isinstance(row, str):
            raise TypeError(f"{name} must hold sequences, one value a column, not the text {row!r}")
        lines.append(tuple(row))
        if len(lines[-1]) != len(head):
            raise ValueError(
                f"{name} must have one value for each of {len(head)} columns; row {len(lines)} has {len(lines[-1])}: "
                f"{lines[-1]!r}"
            )
    return lines


def _formats(
    formats: Format | Mapping[Heading, Format] | None, head: Sequence[tuple[str, str]]
) -> list[Format | None]:
    """Return how each column is written; None lets its numbers decide."""
    if formats is None:
        return [None] * len(head)
    if not isinstance(formats, Mapping):
        return [None, *[formats] * (len(head) - 1)]
    known = {*head, *(name for _, name in head)}
    if strange := [column for column in formats if column not in known]:
        names = ", ".join(name for _, name in head)
        raise ValueError(f"formats must be given by heading, of {names}, not {strange[0]!r}")
    return [formats.get((group, name), formats.get(name)) for group, name in head]


def _column(values: Sequence[Any], way: Format | None) -> tuple[list[str], bool]:
    """Return the texts of a column, and whether they are numbers."""
    if way is None:
        floats = [abs(float(v)) for v in values if isinstance(v, Real) and not isinstance(v, Integral)]
        way = _places([size for size in floats if size and isfinite(size)]) if floats else ","
        texts = [_text(v, way if isinstance(v, Real) else "") for v in values]
    else:
        texts = [_text(value, way) for value in values]
    said = [text for text in texts if text]
    if any(isinstance(value, complex) for value in values):
        return texts, True
    return texts, 2 * sum(_NUMBER.fullmatch(text) is not None for text in said) > len(said)


def _text(value: Any, way: Format) -> str:
    """Return what stands in a cell."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, np.ndarray):
        raise TypeError(
            f"rows must hold one value a cell, not an array of shape {value.shape}: give its values"
        )
    if isinstance(value, Real) and not isfinite(value):
        return "–" if isnan(value) else "∞" if float(value) > 0 else "-∞"
    if not isinstance(way, str):
        return str(way(value))
    try:
        return _complex(value, way) if isinstance(value, complex) else format(value, way)
    except (TypeError, ValueError) as error:
        raise ValueError(f"formats must be able to write {value!r}; {way!r} is not: {error}") from error


def _complex(value: complex, way: str) -> str:
    """Return a complex number as it is written by hand: a part that is nothing is left out, and a single i has no 1."""
    real, imaginary = (format(part, way) for part in (value.real, abs(value.imag)))
    if not float(imaginary):
        return format(0.0, way) if not float(real) else real
    unit = "i" if float(imaginary) == 1 and way.endswith("0f") else f"{imaginary} i"
    if not float(real):
        return f"{'-' if value.imag < 0 else ''}{unit}"
    return f"{real} {'-' if value.imag < 0 else '+'} {unit}"


def _places(sizes: Sequence[float]) -> str:
    """Return the format that gives the largest three digits and the smallest two, if it is not a long one."""
    if not sizes:
        return ".2f"
    large, small = (floor(log10(size)) for size in (max(sizes), min(sizes)))
    decimals = max(0, 2 - large, 1 - small)
    return ".1e" if large - small > _SPAN or large >= _LARGE else f",.{decimals}f"


def _set(text: str) -> str:
    """Set a number as books do: a true minus, a power of ten, a space before a per cent, no line ends before its error."""
    text = _POWER.sub(lambda found: f"&nbsp;×&nbsp;10<sup>{found[1].strip('+')}{found[2]}</sup>", text)
    text = _PER_CENT.sub("&nbsp;%", text)
    return text.replace("-", "\N{MINUS SIGN}").replace(" ± ", "&nbsp;±&nbsp;")
