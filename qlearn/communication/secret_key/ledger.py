"""The ledger: where every bit of a session went, step by step, and who writes it while the session runs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape

from qlearn.communication.secret_key.public_channel import Note

STEPS = ("sift", "estimate", "reconcile", "verify", "amplify", "authenticate")
"""The steps of a session, in order."""


@dataclass(frozen=True)
class LedgerEntry:
    """One line of the ledger.

    Parameters
    ----------
    step : str
        "sift", "estimate", "reconcile", "verify", "amplify" or "authenticate".
    what : str
        What happened, in a few words.
    bits : int
        Bits it added to the key, or (below 0) took from it.
    """

    step: str
    what: str
    bits: int


@dataclass(frozen=True)
class Ledger:
    """All entries of a session; what is left is their sum.

    A notebook shows it as a table, `print` as aligned text.

    Parameters
    ----------
    entries : tuple of LedgerEntry
        In order.
    security : mapping of str to float
        The probabilities with which something may be wrong, by what it is.

    Examples
    --------
    >>> book = Ledger().add("sift", "bits in matching bases", 1000).add("estimate", "compared in public", -100)
    >>> print(book)
    step      what                      bits  left
    sift      bits in matching bases  +1,000 1,000
    estimate  compared in public        -100   900
    """

    entries: tuple[LedgerEntry, ...] = ()
    security: Mapping[str, float] = field(default_factory=dict)

    def add(self, step: str, what: str, bits: int) -> "Ledger":
        """Return the ledger with one more line."""
        return replace(self, entries=(*self.entries, LedgerEntry(step, what, int(bits))))

    @property
    def left(self) -> int:
        """Bits of the key after the last entry."""
        return sum(entry.bits for entry in self.entries)

    @property
    def balances(self) -> tuple[int, ...]:
        """Bits left after each entry."""
        total, balances = 0, []
        for entry in self.entries:
            total += entry.bits
            balances.append(total)
        return tuple(balances)

    @property
    def by_step(self) -> dict[str, int]:
        """Bits added or (below 0) taken, by step, in the order of the steps."""
        sums: dict[str, int] = {}
        for entry in self.entries:
            sums[entry.step] = sums.get(entry.step, 0) + entry.bits
        return sums

    @property
    def total_security(self) -> float:
        """Sum of all the probabilities: how far the session may be from a perfect one."""
        return sum(self.security.values())

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (entry.step, entry.what, f"{entry.bits:+,}", f"{left:,}")
            for entry, left in zip(self.entries, self.balances, strict=True)
        ]

    def __str__(self) -> str:
        rows = [("step", "what", "bits", "left"), *self._rows()]
        wide = [max(len(row[i]) for row in rows) for i in range(4)]
        lines = [f"{r[0]:{wide[0]}}  {r[1]:{wide[1]}}  {r[2]:>{wide[2]}} {r[3]:>{wide[3]}}" for r in rows]
        lines += [f"{name}: {value:.1e}" for name, value in self.security.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Show it as a table, in a box that scrolls by itself on a narrow screen."""
        room = "padding:0.1em 0.4em;text-align"
        sides = ("left", "left", "right", "right")

        def row(tag: str, cells: Iterable[str]) -> str:
            shown = (
                f"<{tag} style='{room}:{side}'>{escape(cell)}</{tag}>"
                for cell, side in zip(cells, sides, strict=True)
            )
            return f"<tr>{''.join(shown)}</tr>"

        head = row("th", ("step", "what", "bits", "left"))
        body = "".join(row("td", cells) for cells in self._rows())
        foot = "".join(
            f"<tr><td colspan='4' style='{room}:left'>{escape(name)}: {value:.1e}</td></tr>"
            for name, value in self.security.items()
        )
        return (
            "<div style='overflow-x:auto'><table class='qlearn-ledger'>"
            f"<thead>{head}</thead><tbody>{body}{foot}</tbody></table></div>"
        )


class Ledgerkeeper:
    """Who keeps the ledger of a session while it runs, and says how far it came, whatever ends it: `progress` counts steps."""

    def __init__(self, progress: Callable[[], object]) -> None:
        self.step = STEPS[0]
        self.ledger = Ledger()
        self._progress = progress

    def __call__(self, note: Note) -> None:
        """Write down what a party notes; a step that begins ends the one before."""
        if note.step != self.step:
            self._progress()
        self.step = note.step
        if note.what:
            self.ledger = self.ledger.add(note.step, note.what, note.bits)

    def close(self, security: Mapping[str, float]) -> None:
        """End the session with a key, and note what may be wrong with it."""
        self.ledger = replace(self.ledger, security=security)
        self._progress()

    def break_off(self, disclosed: Mapping[str, int]) -> None:
        """Note what a step that did not end has given away, of all that the line counted: it cannot be taken back."""
        for step in ("reconcile", "verify"):
            if disclosed.get(step) and step not in self.ledger.by_step:
                self.ledger = self.ledger.add(step, "said before the session ended", -disclosed[step])
