"""Resource ledger: what each stage took and gave, in bits, seconds and joules, on one page and as files."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from itertools import pairwise
from typing import Any

from qlearn._checks import as_real

_DASH = "-"
_COLUMNS = ("stage", "bits in", "bits spent", "bits out", "seconds", "CPU s", "joules")


@dataclass(frozen=True)
class ResourceEntry:
    """One stage.

    Parameters
    ----------
    stage : str
        Its name.
    bits_in, bits_out : int or None
        Bits that it began and ended with; None where it handles none.
    seconds, cpu_seconds : float or None
        By the clock, and of processors, all processes together; None: not measured.
    simulated : bool
        Whether the processor stood in for a device. Then its joules say nothing of the device's, and are not estimated.
    """

    stage: str
    bits_in: int | None = None
    bits_out: int | None = None
    seconds: float | None = None
    cpu_seconds: float | None = None
    simulated: bool = False

    @property
    def bits_spent(self) -> int | None:
        """Bits that went in and did not come out."""
        return None if self.bits_in is None or self.bits_out is None else self.bits_in - self.bits_out


@dataclass(frozen=True)
class ResourceLedger:
    r"""All stages in order. What one stage puts out the next takes in, so that the spent bits add up.

    .. math:: E = P\,t_\text{CPU}

    Joules are an estimate: :math:`P` watts for each second that a processor core worked, the same for all stages.

    Parameters
    ----------
    entries : sequence of ResourceEntry
        In order.
    watts : float
        :math:`P`, of one busy core. An assumption: put your machine's own.

    Examples
    --------
    >>> ledger = ResourceLedger([ResourceEntry("sift", 1000, 500, 0.1, 0.1), ResourceEntry("key", 500, 200, 0.4, 0.2)], watts=10)
    >>> ledger.bits_spent, ledger.joules
    (800, 3.0)
    >>> print(ledger)
    stage  bits in  bits spent  bits out  seconds  CPU s  joules
    sift     1,000         500       500     0.10   0.10     1.0
    key        500         300       200     0.40   0.20     2.0
    all                    800               0.50   0.30     3.0
    joules: 10 W for each CPU second, an assumption
    """

    entries: Sequence[ResourceEntry]
    watts: float

    def __post_init__(self) -> None:
        as_real(self.watts, "watts", least=0)

    def energy(self, entry: ResourceEntry) -> float | None:
        """Return the joules of a stage, None where they are not estimated."""
        return None if entry.cpu_seconds is None or entry.simulated else self.watts * entry.cpu_seconds

    @property
    def bits_spent(self) -> int:
        """Bits spent by all stages."""
        return sum(entry.bits_spent or 0 for entry in self.entries)

    @property
    def seconds(self) -> float:
        """Seconds by the clock."""
        return sum(entry.seconds or 0.0 for entry in self.entries)

    @property
    def cpu_seconds(self) -> float:
        """Seconds of processors."""
        return sum(entry.cpu_seconds or 0.0 for entry in self.entries)

    @property
    def joules(self) -> float:
        """Joules of all stages that are estimated."""
        return sum(self.energy(entry) or 0.0 for entry in self.entries)

    def broken_arrows(self) -> list[str]:
        """Return the stages that take in another number of bits than the stage before them put out; empty if all fit."""
        handling = [entry for entry in self.entries if entry.bits_out is not None]
        return [after.stage for before, after in pairwise(handling) if after.bits_in != before.bits_out]

    def rows(self) -> list[dict[str, Any]]:
        """Return one dictionary a stage: what JSON and CSV hold; None where nothing was measured or estimated."""
        return [
            asdict(entry) | {"bits_spent": entry.bits_spent, "joules": self.energy(entry)}
            for entry in self.entries
        ]

    def to_json(self, **about: Any) -> str:
        """Return it as JSON, with what else is to be said of the run."""
        return json.dumps(about | {"watts": self.watts, "stages": self.rows()}, indent=2) + "\n"

    def to_csv(self) -> str:
        """Return it as CSV, one line a stage; an empty field where nothing was measured or estimated."""
        text = io.StringIO()
        names = [*ResourceEntry.__dataclass_fields__, "bits_spent", "joules"]
        writer = csv.DictWriter(text, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows())
        return text.getvalue()

    def _cells(self) -> list[tuple[str, ...]]:
        body = [
            (
                entry.stage,
                *(_bits(value) for value in (entry.bits_in, entry.bits_spent, entry.bits_out)),
                _number(entry.seconds, 2),
                _number(entry.cpu_seconds, 2),
                _number(self.energy(entry), 1),
            )
            for entry in self.entries
        ]
        total = (f"{self.bits_spent:,}", "", f"{self.seconds:.2f}", f"{self.cpu_seconds:.2f}")
        return [*body, ("all", "", *total, f"{self.joules:.1f}")]

    @property
    def _says(self) -> str:
        text = f"joules: {self.watts:g} W for each CPU second, an assumption"
        if any(entry.simulated for entry in self.entries):
            text += f"; {_DASH} where a processor stood in for a device"
        return text

    def __str__(self) -> str:
        rows = [_COLUMNS, *self._cells()]
        wide = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
        lines = [
            "  ".join(
                cell.ljust(w) if i == 0 else cell.rjust(w)
                for i, (cell, w) in enumerate(zip(row, wide, strict=True))
            )
            for row in rows
        ]
        return "\n".join([*(line.rstrip() for line in lines), self._says])

    def _repr_html_(self) -> str:
        """Show it as a table, in a box that scrolls by itself on a narrow screen."""

        def row(tag: str, cells: Iterable[str]) -> str:
            sides = ("left", *["right"] * (len(_COLUMNS) - 1))
            shown = (
                f"<{tag} style='padding:0.1em 0.4em;text-align:{side}'>{escape(cell)}</{tag}>"
                for cell, side in zip(cells, sides, strict=True)
            )
            return f"<tr>{''.join(shown)}</tr>"

        body = "".join(row("td", cells) for cells in self._cells())
        return (
            "<div style='overflow-x:auto'><table class='qlearn-ledger'>"
            f"<thead>{row('th', _COLUMNS)}</thead><tbody>{body}</tbody></table>"
            f"<p>{escape(self._says)}</p></div>"
        )


def _bits(value: int | None) -> str:
    return _DASH if value is None else f"{value:,}"


def _number(value: float | None, digits: int) -> str:
    return _DASH if value is None else f"{value:.{digits}f}"
