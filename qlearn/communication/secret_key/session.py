"""One session: two programs of steps that take a state and return the next, and the ledger of what each of them costs."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import ceil, floor
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_rng
from qlearn._types import Bits
from qlearn.communication.secret_key.authentication import AuthenticationKey, authenticate
from qlearn.communication.secret_key.finite_key import as_security
from qlearn.communication.secret_key.ledger import Ledgerkeeper
from qlearn.communication.secret_key.privacy_amplification import amplify_as_alice, amplify_as_bob
from qlearn.communication.secret_key.public_channel import (
    Disclosed,
    NoKey,
    Note,
    Program,
    PublicChannel,
    converse,
)
from qlearn.communication.secret_key.reconciliation._interface import Reconciler
from qlearn.communication.secret_key.reconciliation.methods import as_method
from qlearn.communication.secret_key.verification import tag_bits, verify_as_alice, verify_as_bob
from qlearn.qubits.entropies import binary_entropy

Keep = NDArray[np.bool_]
FALSE_ALARM = 1e-6
"""The chance that an honest session is given up because its sample was luckier than its key."""
AlicesPart = TypeVar("AlicesPart")
BobsPart = TypeVar("BobsPart")


@dataclass(frozen=True, eq=False)
class Terms:
    """What both parties agree on before a session, as for :func:`~qlearn.communication.secret_key.distill`, and Alice's coins."""

    security: float
    correctness: float
    reconciliation: str
    authentication_key: AuthenticationKey
    channel: PublicChannel | None
    rng: Any

    def __post_init__(self) -> None:
        if not isinstance(self.authentication_key, AuthenticationKey):
            raise TypeError(
                "authentication_key must be an AuthenticationKey, which remembers what is spent, not "
                f"{type(self.authentication_key).__name__}: AuthenticationKey(bits)"
            )
        self.authentication_key.refuse_in_a_fork()
        as_method(self.reconciliation, "reconciliation")
        if self.channel is not None and not isinstance(self.channel, PublicChannel):
            raise TypeError(f"channel must be a PublicChannel or None, not {type(self.channel).__name__}")
        as_security(self.security, "security")
        as_security(self.correctness, "correctness")
        object.__setattr__(self, "rng", as_rng(self.rng))

    @property
    def reconciler(self) -> Reconciler:
        """The two programs that correct errors."""
        return as_method(self.reconciliation, "reconciliation")

    @property
    def cost(self) -> int:
        """Bits that the authentication of the session spends."""
        return self.authentication_key.session_bits


@dataclass(frozen=True, eq=False)
class AssessedKey:
    """What one party holds after estimation.

    Parameters
    ----------
    key : ndarray of uint8, shape (n,)
        Its bits that are to become the key.
    qber, worst : float
        Error rate that both expect among them, and the highest that the sample leaves open: above it, a sample like this one
        comes once in a million sessions. No security rests on it; who finds more gives up, before he works for nothing.
    secret : callable
        Gets a mask of the bits that stay (None: all of them); returns how many of these Eve cannot know, before
        anything was said about them.
    margin : float
        Bits that the proof gives up besides.
    compared, seen : int, str
        Bits that were published for the estimate, and what was seen, in words.
    reason : str
        Why there can be no key, if that is known by now.
    short : bool
        Whether the rates seen, taken for exact, would leave a key: if there is none then, the session was too short.
    """

    key: Bits = field(repr=False)
    qber: float
    worst: float
    secret: Callable[[Keep | None], float]
    margin: float
    compared: int
    seen: str
    reason: str
    short: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, eq=False)
class KeyAfterCorrection:
    """What one party holds after reconciliation: the key, and the bits about it given away, as the party knows it.

    Alice asks the line for these, Bob reckons from what he heard. `frame` is the bits of a frame.
    """

    seen: AssessedKey
    key: Bits = field(repr=False)
    disclosed: int
    frame: int


@dataclass(frozen=True, eq=False)
class VerifiedKey(KeyAfterCorrection):
    """What one party holds after verification: the same, the tags among what is disclosed, and which bits stay."""

    keep: Keep = field(repr=False)


@dataclass(frozen=True, eq=False)
class Session(ABC, Generic[AlicesPart, BobsPart]):
    """Two programs, :meth:`alice` and :meth:`bob`, side by side: each step takes what a party holds and returns the next.

    How the pulses are sifted, and what the compared bits prove, is the business of a subclass: it depends on the
    light. What follows does not. Neither program has anything but what that party measured or sent, and what it heard.
    Alice's also notes for the ledger what each step cost (:class:`Note`).
    """

    terms: Terms

    @abstractmethod
    def assess_as_alice(self, part: AlicesPart) -> Program[AssessedKey]:
        """Sift and estimate, as Alice."""

    @abstractmethod
    def assess_as_bob(self, part: BobsPart) -> Program[AssessedKey]:
        """Sift and estimate, as Bob."""

    def settle_as_alice(self, held: VerifiedKey) -> Program[AssessedKey]:
        """Talk once more, when the errors are corrected: nothing to say, unless the proof wants it."""
        yield from ()
        return held.seen

    def settle_as_bob(self, held: VerifiedKey) -> Program[AssessedKey]:
        """Talk once more, when the errors are corrected: nothing to say, unless the proof wants it."""
        yield from ()
        return held.seen

    def alice(self, part: AlicesPart) -> Program[Bits]:
        """Go through the steps as Alice, up to a key whose first bits pay for the authentication."""
        seen = yield from self.assess_as_alice(part)
        corrected = yield from self.reconcile_as_alice(seen)
        verified = yield from self.verify_as_alice(corrected)
        return (yield from self.amplify_as_alice(verified))

    def bob(self, part: BobsPart) -> Program[Bits]:
        """Go through the steps as Bob, who reckons for himself: he keeps no bit that he cannot account for."""
        seen = yield from self.assess_as_bob(part)
        corrected = yield from self.reconcile_as_bob(seen)
        verified = yield from self.verify_as_bob(corrected)
        return (yield from self.amplify_as_bob(verified))

    def reconcile_as_alice(self, seen: AssessedKey) -> Program[KeyAfterCorrection]:
        """Answer Bob's questions, while that leaves anything."""
        yield Note("estimate", "compared in public", -seen.compared)
        budget = self._budget(seen)
        yield Note("reconcile")
        frame = yield from self.terms.reconciler.alice(
            seen.key, seen.qber, worst=seen.worst, most=budget, rng=self.terms.rng
        )
        disclosed = yield Disclosed("reconcile")
        yield Note("reconcile", "said to correct errors", -disclosed)
        return KeyAfterCorrection(seen, seen.key, disclosed, frame)

    def reconcile_as_bob(self, seen: AssessedKey) -> Program[KeyAfterCorrection]:
        """Correct his key."""
        self._budget(seen)
        key, disclosed, frame = yield from self.terms.reconciler.bob(seen.key, seen.qber, worst=seen.worst)
        return KeyAfterCorrection(seen, key, disclosed, frame)

    def verify_as_alice(self, held: KeyAfterCorrection) -> Program[VerifiedKey]:
        """Say the tags of her frames, drop the frames that differ, and settle what the proof has left open."""
        yield Note("verify")
        good = yield from verify_as_alice(held.key, held.frame, self.terms.correctness, self.terms.rng)
        keep = _kept(good, held.frame, held.key.size)
        tags = yield Disclosed("verify")
        yield Note("verify", "tags of the frames", -tags)
        if not good.all():
            dropped = int(np.count_nonzero(~keep))
            yield Note("verify", f"frames that differ: {np.count_nonzero(~good)} of {good.size}", -dropped)
        checked = VerifiedKey(held.seen, held.key, held.disclosed + tags, held.frame, keep)
        return replace(checked, seen=(yield from self.settle_as_alice(checked)))

    def verify_as_bob(self, held: KeyAfterCorrection) -> Program[VerifiedKey]:
        """Compare the tags of his frames with hers, drop the frames that differ, and settle what is open."""
        good = yield from verify_as_bob(held.key, held.frame, self.terms.correctness)
        keep = _kept(good, held.frame, held.key.size)
        frames, bits = tag_bits(held.key.size, held.frame, self.terms.correctness)
        checked = VerifiedKey(held.seen, held.key, held.disclosed + frames * bits, held.frame, keep)
        return replace(checked, seen=(yield from self.settle_as_bob(checked)))

    def amplify_as_alice(self, held: VerifiedKey) -> Program[Bits]:
        """Hash what stays to what is secret of it."""
        yield Note("amplify")
        length, secrecy = self._length(held), ceil(held.seen.margin)
        left = int(np.count_nonzero(held.keep)) - held.disclosed
        yield Note("amplify", "what Eve may know", length + secrecy - left)
        yield Note("amplify", "margin of the hashing", -secrecy)
        self._refuse_if_short(length)
        return (yield from amplify_as_alice(held.key[held.keep], length, self.terms.rng))

    def amplify_as_bob(self, held: VerifiedKey) -> Program[Bits]:
        """Hash what stays to what is secret of it, as he knows it."""
        length = self._length(held)
        self._refuse_if_short(length)
        return (yield from amplify_as_bob(held.key[held.keep], length))

    def _budget(self, seen: AssessedKey) -> int:
        """Return how much may be said to correct the errors, or stop if even Shannon's least is too much."""
        if seen.reason:
            raise NoKey("estimate", seen.reason)
        left = floor(seen.secret(None) - seen.margin) - self.terms.cost
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

    def _length(self, held: VerifiedKey) -> int:
        if not held.keep.any():
            raise NoKey("verify", "no frame of the two keys agrees: the correction of errors failed")
        secret = held.seen.secret(None if held.keep.all() else held.keep)
        return floor(secret - held.seen.margin) - held.disclosed

    def _refuse_if_short(self, length: int) -> None:
        if length <= self.terms.cost:
            raise NoKey(
                "amplify",
                f"{max(0, length)} bits would be secret, and the authentication of the session costs {self.terms.cost}: "
                "send more pulses, or find the errors",
            )


def run(
    session: Session[AlicesPart, BobsPart],
    parts: tuple[AlicesPart, BobsPart],
    line: PublicChannel,
    book: Ledgerkeeper,
) -> tuple[Bits, Bits]:
    """Let both programs talk, and authenticate what was said: return two equal keys, or raise NoKey at the step that fails."""
    terms, pool, cost = session.terms, session.terms.authentication_key, session.terms.cost
    _refuse_unless_paid(pool, cost)
    alice, bob = converse(line, session.alice(parts[0]), session.bob(parts[1]), note=book)
    book(Note("authenticate"))
    _refuse_unless_paid(pool, cost)  # another session may have drawn on the account meanwhile
    forged = authenticate(line, pool)
    pool.refill(alice[:cost])
    book(Note("authenticate", "renews the authentication key", -cost))
    book.close({"secrecy": terms.security, "correctness": terms.correctness, "authentication": forged})
    return alice[cost:], bob[cost:]


def _refuse_unless_paid(pool: AuthenticationKey, cost: int) -> None:
    if pool.left < cost:
        raise NoKey(
            "authenticate",
            f"the authentication key has {pool.left} bits left and a session spends {cost}: share new ones",
        )


def _kept(good: Keep, frame: int, size: int) -> Keep:
    """Return which bits stay: those of the frames that agree."""
    return np.repeat(good, min(frame, size))[:size]


def refuse_if_constant(bits: Bits, who: str, security: float) -> None:
    """Stop where all bits are the same, unless chance explains it: that is no random source."""
    if bits.size and (bits == bits[0]).all() and 2.0 ** (1 - bits.size) < security:
        raise NoKey("sift", f"{who} {bits.size} bits are all {bits[0]}: no random source does that")
