"""One session: two parties, the steps from pulses to equal secret keys, and the ledger of what each of them costs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from math import ceil, floor
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Bits
from qlearn.communication.key_rate import binary_entropy
from qlearn.communication.secret_key.authentication import AuthenticationKey, authenticate
from qlearn.communication.secret_key.privacy_amplification import amplify_as_alice, amplify_as_bob
from qlearn.communication.secret_key.public_channel import NoKey, PublicChannel, Turn, converse
from qlearn.communication.secret_key.reconciliation.results import Reconciler
from qlearn.communication.secret_key.verification import tag_bits, verify_as_alice, verify_as_bob


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


Keep = NDArray[np.bool_]
ONCE_IN = 1e-6
"""The chance that an honest session is given up because its sample was luckier than its key."""
AlicesPart = TypeVar("AlicesPart")
BobsPart = TypeVar("BobsPart")

STEPS = ("sift", "estimate", "reconcile", "verify", "amplify", "authenticate")
"""The steps of a session, in order."""


@dataclass(frozen=True, eq=False)
class Assessed:
    """What one party holds after estimation.

    Parameters
    ----------
    key : ndarray of uint8, shape (n,)
        Its bits that are to become the key.
    qber : float
        Error rate that both expect among them.
    worst : float
        The highest that the sample leaves open: above it, a sample like this one comes once in a million sessions. No
        security rests on it; who finds more errors than that gives up, before he works for nothing.
    secret : callable
        Gets a mask of the bits that stay (None: all of them); returns how many of these Eve cannot know, before
        anything was said about them.
    margin : float
        Bits that the proof gives up besides.
    compared : int
        Bits that were published for the estimate.
    seen : str
        What was seen, in words.
    reason : str
        Why there can be no key, if that is known by now.
    short : bool
        Whether the rates seen, taken for exact, would leave a key: if there is none then, the session was too short.
    """

    key: Bits
    qber: float
    worst: float
    secret: Callable[[Keep | None], float]
    margin: float
    compared: int
    seen: str
    reason: str
    short: bool = field(default=False, kw_only=True)


@dataclass(eq=False)
class Session(ABC, Generic[AlicesPart, BobsPart]):
    """One run through the steps; `step` and `ledger` say how far it came, whatever ends it.

    How the pulses are sifted, and what the compared bits prove, is the business of a subclass: it depends on the
    light. What follows does not: Alice's program is :meth:`_alice` and Bob's :meth:`_bob`, side by side, and each of
    them has what it measured or sent, and what it heard.
    """

    line: PublicChannel
    rng: np.random.Generator
    security: float
    correctness: float
    reconciler: Reconciler
    progress: Callable[[], object]
    step: str = STEPS[0]
    ledger: Ledger = field(default_factory=Ledger)

    @abstractmethod
    def assess_as_alice(self, part: AlicesPart) -> Turn[Assessed]:
        """Sift and estimate, as Alice."""

    @abstractmethod
    def assess_as_bob(self, part: BobsPart) -> Turn[Assessed]:
        """Sift and estimate, as Bob."""

    def settle_as_alice(self, seen: Assessed, key: Bits, keep: Keep) -> Turn[Assessed]:
        """Talk once more, when the errors are corrected: nothing to say, unless the proof wants it."""
        yield from ()
        return seen

    def settle_as_bob(self, seen: Assessed, key: Bits, keep: Keep) -> Turn[Assessed]:
        """Talk once more, when the errors are corrected: nothing to say, unless the proof wants it."""
        yield from ()
        return seen

    def run(self, alices: AlicesPart, bobs: BobsPart, pool: AuthenticationKey) -> tuple[Bits, Bits]:
        """Go through the steps, or raise NoKey at the one that fails."""
        cost = pool.session_bits
        self._refuse_unless_paid(pool, cost)
        alice, bob = converse(self.line, self._alice(alices, cost), self._bob(bobs, cost))
        self.begin("authenticate")
        self._refuse_unless_paid(pool, cost)  # another session may have drawn on the account meanwhile
        forged = authenticate(self.line, pool)
        pool.refill(alice[:cost])
        self.note("renews the authentication key", -cost)
        chances = {"secrecy": self.security, "correctness": self.correctness, "authentication": forged}
        self.ledger = Ledger(self.ledger.entries, chances)
        self.progress()
        return alice[cost:], bob[cost:]

    def begin(self, step: str) -> None:
        """Note that a step begins: the ones before are done."""
        if step != self.step:
            self.progress()
        self.step = step

    def note(self, what: str, bits: float) -> None:
        """Add a line to the ledger."""
        self.ledger = self.ledger.add(self.step, what, int(bits))

    def note_what_was_said(self, before: Mapping[str, int]) -> None:
        """Note what a step that did not end gave away: it cannot be taken back.

        `before` is what the line had disclosed when the session began.
        """
        for step in ("reconcile", "verify"):
            bits = self.line.disclosed.get(step, 0) - before.get(step, 0)
            if bits and step not in self.ledger.by_step:
                self.ledger = self.ledger.add(step, "said before the session ended", -bits)

    def _refuse_unless_paid(self, pool: AuthenticationKey, cost: int) -> None:
        if pool.left < cost:
            raise NoKey(
                "authenticate",
                f"the authentication key has {pool.left} bits left and a session spends {cost}: share new ones",
            )

    def _alice(self, part: AlicesPart, cost: int) -> Turn[Bits]:
        seen = yield from self.assess_as_alice(part)
        self.note("compared in public", -seen.compared)
        budget = self._budget(seen, cost)

        self.begin("reconcile")
        said, frame = yield from self.reconciler.alice(
            seen.key, seen.qber, worst=seen.worst, most=budget, rng=self.rng
        )
        self.note("said to correct errors", -said)

        self.begin("verify")
        good = yield from verify_as_alice(seen.key, frame, self.correctness, self.rng)
        keep = _kept(good, frame, seen.key.size)
        said += self._tags(seen.key.size, frame)
        self.note("tags of the frames", -self._tags(seen.key.size, frame))
        if not good.all():
            dropped = int(np.count_nonzero(~keep))
            self.note(f"frames that differ: {np.count_nonzero(~good)} of {good.size}", -dropped)
        seen = yield from self.settle_as_alice(seen, seen.key, keep)

        self.begin("amplify")
        length = self._length(seen, keep, said)
        secrecy = ceil(seen.margin)
        self.note("what Eve may know", length + secrecy - self.ledger.left)
        self.note("margin of the hashing", -secrecy)
        self._refuse_if_short(length, cost)
        return (yield from amplify_as_alice(seen.key[keep], length, self.rng))

    def _bob(self, part: BobsPart, cost: int) -> Turn[Bits]:
        seen = yield from self.assess_as_bob(part)
        self._budget(seen, cost)
        key, said, frame = yield from self.reconciler.bob(seen.key, seen.qber, worst=seen.worst)
        good = yield from verify_as_bob(key, frame, self.correctness)
        keep = _kept(good, frame, key.size)
        said += self._tags(key.size, frame)
        seen = yield from self.settle_as_bob(seen, key, keep)
        # He reckons for himself: whatever he was told, he keeps no bit that he cannot account for.
        length = self._length(seen, keep, said)
        self._refuse_if_short(length, cost)
        return (yield from amplify_as_bob(key[keep], length))

    def _budget(self, seen: Assessed, cost: int) -> int:
        """Return how much may be said to correct the errors, or stop if even Shannon's least is too much."""
        if seen.reason:
            raise NoKey("estimate", seen.reason)
        left = floor(seen.secret(None) - seen.margin) - cost
        least = seen.key.size * float(binary_entropy(min(0.5, seen.qber)))
        if left <= least:
            why = (
                "so few errors would leave a key in a long session; here the sample is too small to exclude many "
                "more, and the rest leave no secret. Send more pulses"
                if seen.short
                else "that many errors, in a sample of that size, leave no secret. Find the errors, or send more pulses"
            )
            raise NoKey("estimate", f"of {seen.compared} compared bits {seen.seen} are wrong: {why}")
        return left

    def _tags(self, n: int, frame: int) -> int:
        frames, bits = tag_bits(n, frame, self.correctness)
        return frames * bits

    def _length(self, seen: Assessed, keep: Keep, said: int) -> int:
        if not keep.any():
            raise NoKey("verify", "no frame of the two keys agrees: the correction of errors failed")
        return floor(seen.secret(None if keep.all() else keep) - seen.margin) - said

    def _refuse_if_short(self, length: int, cost: int) -> None:
        if length <= cost:
            raise NoKey(
                "amplify",
                f"{max(0, length)} bits would be secret, and the authentication of the session costs {cost}: "
                "send more pulses, or find the errors",
            )


def _kept(good: Keep, frame: int, size: int) -> Keep:
    """Return which bits stay: those of the frames that agree."""
    return np.repeat(good, min(frame, size))[:size]


def refuse_if_constant(bits: Bits, who: str, security: float) -> None:
    """Stop where all bits are the same, unless chance explains it: that is no random source."""
    if bits.size and (bits == bits[0]).all() and 2.0 ** (1 - bits.size) < security:
        raise NoKey("sift", f"{who} {bits.size} bits are all {bits[0]}: no random source does that")
