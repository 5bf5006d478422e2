"""Tables that a cell has shown as HTML, for LaTeX: heads, rows, numbers to the right, the tones of a protocol's table."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from math import ceil

from sphinx.util import texescape
from sphinx.util.texescape import escape

texescape.init()  # as the builder for LaTeX does it: without, nothing is escaped

LONG = 32  # lines that are too many to stay on one page
LINE = 96  # letters that a line holds in the type of tables, with nothing between columns
GAP = 3  # letters that stand between columns
LEAST = 9  # letters that a column of words has at least
NUMBER = re.compile(r"[-−+±]?[\d.,\s]*\d(\s*(±|%|e).*)?%?$")


@dataclass
class Cell:
    """One cell: its words and how it is marked."""

    text: str = ""
    head: bool = False
    span: int = 1
    classes: tuple[str, ...] = ()
    colour: str = ""


@dataclass
class Table:
    """The rows of a table; the first `heads` stand above its line, the last `feet` under another."""

    rows: list[list[Cell]] = field(default_factory=list)
    heads: int = 0
    feet: int = 0
    caption: str = ""


class Reader(HTMLParser):
    """Reads every table of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Table] = []
        self.into = ""  # what text belongs to
        self.part = ""  # of the table: its head, body or foot

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row, a cell."""
        said = dict(attrs)
        if tag == "table":
            self.found.append(Table())
        if not self.found:
            return
        table = self.found[-1]
        if tag in ("thead", "tbody", "tfoot"):
            self.part = tag
        elif tag == "tr":
            table.rows.append([])
            table.heads += self.part == "thead"
            table.feet += self.part == "tfoot"
        elif tag in ("td", "th"):
            colour = re.search(r"border-left-color:\s*#(\w{6})", said.get("style") or "")
            cell = Cell(
                head=tag == "th",
                span=int(said.get("colspan") or 1),
                classes=tuple((said.get("class") or "").split()),
                colour=colour[1] if colour else "",
            )
            table.rows[-1].append(cell)
            self.into = "cell"
        elif tag == "caption":
            self.into = "caption"
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag in ("td", "th", "caption", "table"):
            self.into = ""
        if tag in ("thead", "tbody", "tfoot"):
            self.part = ""

    def handle_data(self, data: str) -> None:
        """Take the words."""
        if self.into == "cell":
            self.found[-1].rows[-1][-1].text += data
        elif self.into == "caption":
            self.found[-1].caption += data


def _set(cell: Cell, above: bool, first: bool) -> str:
    """Return one cell."""
    text = escape(" ".join(cell.text.split()), "xelatex")
    if cell.colour:
        text = rf"\qlearnwho{{{cell.colour}}}{{{text}}}"
    elif cell.head and above:
        text = rf"\textcolor{{qlearngrey}}{{{text}}}"
    if "kept" in cell.classes:
        text = rf"\cellcolor{{qlearnkept}}{text}"
    if cell.span > 1:
        text = rf"\multicolumn{{{cell.span}}}{{l}}{{{text}}}"
    return text


def widths(longest: list[int], wraps: list[bool]) -> list[float]:
    """Return the share of a line for each column whose words must wrap, so that all fit; 0 for those that need not.

    Examples
    --------
    >>> widths([10, 20], [True, True])
    [0.0, 0.0]
    >>> [round(share, 2) for share in widths([10, 20, 200], [False, True, True])]
    [0.0, 0.0, 0.59]
    """
    room = (
        float(LINE) - GAP * len(longest) - sum(n for n, wrap in zip(longest, wraps, strict=True) if not wrap)
    )
    shares = [0.0] * len(longest)
    words = sorted((n, i) for i, (n, wrap) in enumerate(zip(longest, wraps, strict=True)) if wrap)
    for place, (letters, column) in enumerate(
        words
    ):  # short ones first: what they leave is for the long ones
        fair = max(room / (len(words) - place), LEAST)
        if letters > fair:
            shares[column] = fair / LINE
        room -= min(letters, fair)
    return shares


def latex(table: Table) -> str:
    r"""Return a table for LaTeX, as wide as it wants to be, made smaller where the page is not so wide.

    Examples
    --------
    >>> [table] = read("<table><thead><tr><th>n<th>rate</tr></thead><tbody><tr><td>1<td>0.5</tr></tbody></table>")
    >>> print(latex(table))
    <BLANKLINE>
    \begin{qlearntable}{}
    \begin{tabular}{rr}
    \toprule
    \textcolor{qlearngrey}{n} & \textcolor{qlearngrey}{rate} \\
    \midrule
    1 & 0.5 \\
    \bottomrule
    \end{tabular}
    \end{qlearntable}
    <BLANKLINE>
    """
    width = max(sum(cell.span for cell in row) for row in table.rows)
    body = [row for row in table.rows[table.heads :] if len(row) == width]
    protocol = any("what" in cell.classes for row in table.rows for cell in row)
    sides, longest = [], []
    for column in range(width):
        words = [" ".join(row[column].text.split()) for row in body]
        numbers = [word for word in words if word]
        said = bool(body) and all("n" in row[column].classes for row in body)
        right = said or (bool(numbers) and all(NUMBER.match(word) for word in numbers))
        sides.append("l" if column == 0 and not right else "c" if protocol else "r" if right else "l")
        heads = [row[column].text for row in table.rows[: table.heads] if len(row) == width]
        longest.append(max(map(len, [*words, *heads]), default=0))
    shares = widths(longest, [side == "l" for side in sides])
    for column, share in enumerate(shares):
        if share:
            sides[column] = rf">{{\raggedright\arraybackslash}}p{{{share:.3f}\linewidth}}"
    columns = "".join(sides)
    lines = []
    for number, row in enumerate(table.rows):
        cells = [_set(cell, number < table.heads, not place) for place, cell in enumerate(row)]
        cells += [""] * (width - sum(cell.span for cell in row))
        lines.append(" & ".join(cells) + r" \\")
    if table.feet:
        lines.insert(len(lines) - table.feet, r"\midrule")
    if table.heads:
        lines.insert(table.heads, r"\midrule")
    caption = escape(" ".join(table.caption.split()), "xelatex")
    high = sum(
        max(
            (
                ceil(len(cell.text) / (share * LINE))
                for cell, share in zip(row, shares, strict=False)
                if share
            ),
            default=1,
        )
        for row in table.rows
    )
    if high > LONG:
        head = "\n".join(lines[: table.heads + 1])
        rest = "\n".join(lines[table.heads + 1 :])
        return (
            f"\n\\begin{{qlearnlongtable}}{{{caption}}}\n\\begin{{longtable}}{{{columns}}}\n\\toprule\n{head}\n\\endhead\n"
            f"\\bottomrule\n\\endlastfoot\n{rest}\n\\end{{longtable}}\n\\end{{qlearnlongtable}}\n"
        )
    rows = "\n".join(lines)
    return (
        f"\n\\begin{{qlearntable}}{{{caption}}}\n\\begin{{tabular}}{{{columns}}}\n\\toprule\n{rows}\n\\bottomrule\n"
        "\\end{tabular}\n\\end{qlearntable}\n"
    )


def read(html: str) -> list[Table]:
    """Return every table of a piece of HTML."""
    reader = Reader()
    reader.feed(re.sub(r"<style.*?</style>", "", html, flags=re.S))
    return [table for table in reader.found if table.rows]


def tables(html: str) -> list[str]:
    """Return every table of a piece of HTML, for LaTeX."""
    return [latex(table) for table in read(html)]
