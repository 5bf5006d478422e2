"""Distillation of laser light: from pulses with decoys to a secret key, the leak measured."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, tee
from math import ceil, log2
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Bits
from qlearn.communication._error_rates import highest_rate
from qlearn.communication.bb84.transmission import Origin
from qlearn.communication.photons.counts import Counts
from qlearn.communication.photons.decoy_states import yields_exist
from qlearn.communication.photons.finite_keys import DISTINGUISHABLE, DecoyBounds, decoy_bounds, smoothing
from qlearn.communication.photons.source import Source
from qlearn.communication.photons.transmission import LaserTransmission
from qlearn.communication.secret_key.authentication import AuthenticationKey
from qlearn.communication.secret_key.distillation import DistilledKey, hold
from qlearn.communication.secret_key.public_channel import (
    ChannelError,
    NoKey,
    Note,
    Program,
    PublicChannel,
    Receive,
    Send,
    packed_size,
    unpacked,
)
from qlearn.communication.secret_key.session import (
    FALSE_ALARM,
    AssessedKey,
    Keep,
    Session,
    Terms,
    VerifiedKey,
    refuse_if_constant,
)
from qlearn.communication.secret_key.sifting import (
    AlicePulses,
    BobPulses,
    Sifted,
    sift_as_alice,
    sift_as_bob,
)

_KEY, _TEST = 0, 1  # the bits of Z become the key, those of X are the test


def distill(
    transmissions: LaserTransmission | Iterable[LaserTransmission],
    *,
    security: float = 1e-10,
    correctness: float = 1e-15,
    reconciliation: Literal["cascade", "ldpc"] = "cascade",
    authentication_key: AuthenticationKey,
    channel: PublicChannel | None = None,
    rng: Any = None,
) -> DistilledKey:
    r"""Make a secret key of laser pulses with decoys: sift, estimate, reconcile, verify, amplify, authenticate.

    .. math:: \ell = \Bigl\lfloor s_0 + s_1 \bigl(1 - h(\phi)\bigr)
              - 6 \log_2 \frac{b}{\varepsilon_\text{sec}} \Bigr\rfloor - \text{leak} - t - \text{authentication}

    Alice says the intensity of each sifted pulse together with the bases, when Bob has measured. All bits of X are
    compared; their errors, by intensity, bound what Eve knows of the bits of Z (:func:`finite_key`), which become the
    key. *leak* parities or syndrome bits and :math:`t` tag bits are counted as they are said.

    No key is made where no yields (:func:`yields_exist`) explain the clicks of both bases and the errors of X.

    With three intensities that is all. With two (*one decoy*) the bound needs the errors of Z as well: Bob counts them
    when his key is corrected, by intensity, and says the numbers, which are paid for like a tag. Then yields have to
    explain these, too. A frame that could not be corrected counts as wrong in every bit, and then leaves the key.

    Parameters
    ----------
    transmissions : LaserTransmission or iterable of LaserTransmission
        What :func:`exchange` left, or a :func:`stream`, all of one source; only the clicks are kept. Used up by the session.
    security, correctness, reconciliation, authentication_key, channel, rng
        As for :func:`~qlearn.communication.secret_key.distill`.

    Returns
    -------
    DistilledKey
        Equal keys, or None with the step and the reason.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from qlearn.communication import random_bits
    >>> from qlearn.communication.photons import LINKS, stream
    >>> link = replace(LINKS["lim2014"], afterpulse=0.0)
    >>> source = Source((0.63, 0.21), (0.36, 0.64), p_x=0.32)  # one decoy
    >>> sent = stream(3_000_000, link=link, transmittance=0.8, source=source, rng=1)
    >>> made = distill(sent, security=1e-6, authentication_key=AuthenticationKey(random_bits(512, rng=2)), rng=3)
    >>> made.length > 5_000, (made.alice == made.bob).all()
    (True, np.True_)

    References
    ----------
    Three intensities: Lim et al., 2014, arXiv:1311.7129. Two: Rusca et al., 2018, arXiv:1801.03443. Both protocols,
    with the acceptance test mended and a length of their own: Wiesemann et al., Quantum 10, 2037 (2026),
    arXiv:2405.16578.
    """
    terms = Terms(security, correctness, reconciliation, authentication_key, channel, rng)
    if not isinstance(transmissions, Iterable | LaserTransmission):
        raise TypeError(
            "transmissions must be a LaserTransmission or several, not "
            f"{type(transmissions).__name__}: single photons go through qlearn.communication.secret_key.distill"
        )
    chunks = iter([transmissions] if isinstance(transmissions, LaserTransmission) else transmissions)
    first = next(chunks, None)
    if first is None:
        raise ValueError("transmissions must hold at least one LaserTransmission, and there is none")
    source = _fresh(first, None).source
    origins: list[Origin] = []
    ours, theirs = tee(_taken(chain([first], chunks), source, origins))
    parts = (
        (
            AlicePulses(one.transmission.alice_bits, one.transmission.alice_bases, one.intensities)
            for one in ours
        ),
        (
            BobPulses(one.transmission.detected, one.transmission.bob_bits, one.transmission.bob_bases)
            for one in theirs
        ),
    )
    return hold(LaserSession(terms, source), parts, origins)


def _fresh(laser: Any, source: Source | None) -> LaserTransmission:
    if not isinstance(laser, LaserTransmission):
        raise TypeError(
            f"transmissions must be LaserTransmission, as exchange returns it, not {type(laser).__name__}"
        )
    if source is not None and laser.source != source:
        raise ValueError(f"transmissions must come from one source, not from {source} and {laser.source}")
    laser.transmission.origin.refuse_if_spent()
    return laser


def _taken(
    chunks: Iterable[LaserTransmission], source: Source, origins: list[Origin]
) -> Iterator[LaserTransmission]:
    """Yield the pulses, and note where they came from as they are taken."""
    for laser in chunks:
        if isinstance(laser, LaserTransmission):
            laser.transmission.origin.refuse_if_among(origins)
        origin = _fresh(laser, source).transmission.origin
        origin.claim()
        origins.append(origin)
        yield laser


@dataclass(frozen=True, eq=False)
class LaserSession(Session[Iterable[AlicePulses], Iterable[BobPulses]]):
    """A session of laser pulses: the bits of Z give key, vouched for by all bits of X and by the decoys."""

    source: Source

    def assess_as_alice(self, part: Iterable[AlicePulses]) -> Program[AssessedKey]:
        """Sift, hear Bob's bits of X, and say how many of them are wrong, by intensity."""
        mine = self._refused_if_unknown((yield from sift_as_alice(part)))
        yield Note("sift", "bits whose bases agree", mine.bits.size)
        refuse_if_constant(mine.bits, "Alice's", self.terms.security)
        yield Note("estimate")
        test, size = _test(mine), int(np.count_nonzero(mine.bases == _TEST))
        his = unpacked((yield Receive("estimate", packed_size(size))), size)
        wrong = self._by_intensity(mine.bits[test] ^ his, mine, test)
        yield Send("estimate", wrong.astype("<i8").view(np.uint8))
        return self._assessed(mine, wrong)

    def assess_as_bob(self, part: Iterable[BobPulses]) -> Program[AssessedKey]:
        """Sift, say the bits of X, and hear how many of them are wrong, by intensity."""
        mine = self._refused_if_unknown((yield from sift_as_bob(part, decoys=True)))
        refuse_if_constant(mine.bits, "Bob's", self.terms.security)
        test = _test(mine)
        yield Send("estimate", np.packbits(mine.bits[test]))
        return self._assessed(mine, (yield from self._receive_errors("estimate", mine, test)))

    def settle_as_alice(self, held: VerifiedKey) -> Program[AssessedKey]:
        """With two intensities, hear from Bob how many bits of the key were wrong."""
        seen = held.seen
        assert isinstance(seen, _AssessedLaser)
        if len(self.source.intensities) == 3:
            return seen
        wrong = yield from self._receive_errors("verify", seen.sifted, ~_test(seen.sifted))
        return self._settled(seen, wrong, held.keep)

    def settle_as_bob(self, held: VerifiedKey) -> Program[AssessedKey]:
        """With two intensities, count and say how many bits of the key were wrong."""
        seen = held.seen
        assert isinstance(seen, _AssessedLaser)
        if len(self.source.intensities) == 3:
            return seen
        errors = ((held.key ^ seen.key) | ~held.keep).astype(np.uint8)
        wrong = self._by_intensity(errors, seen.sifted, ~_test(seen.sifted))
        cost = self._cost_of_counts(seen.sifted)
        yield Send("verify", wrong.astype("<i8").view(np.uint8), disclosed=cost)
        return self._settled(seen, wrong, held.keep)

    def _refused_if_unknown(self, mine: Sifted) -> Sifted:
        k = len(self.source.intensities)
        if mine.intensities is not None and mine.intensities.size and mine.intensities.max() >= k:
            raise ChannelError(
                "sift", f"Alice announced an intensity that none of her {k} is: somebody altered it"
            )
        return mine

    def _by_intensity(self, ones: Bits, mine: Sifted, where: Keep) -> NDArray[np.int64]:
        assert mine.intensities is not None
        bright = mine.intensities[where][ones.view(bool)]
        return np.bincount(bright, minlength=len(self.source.intensities))

    def _receive_errors(self, step: str, mine: Sifted, where: Keep) -> Program[NDArray[np.int64]]:
        k = len(self.source.intensities)
        wrong = (yield Receive(step, 8 * k)).view("<i8").astype(np.int64)
        of = self._by_intensity(np.ones(int(np.count_nonzero(where)), dtype=np.uint8), mine, where)
        if not ((wrong >= 0) & (wrong <= of)).all():
            raise ChannelError(
                step, f"{wrong.tolist()} errors of {of.tolist()} bits: somebody altered the conversation"
            )
        return wrong

    def _assessed(self, mine: Sifted, wrong: NDArray[np.int64]) -> "_AssessedLaser":
        k = len(self.source.intensities)
        assert mine.intensities is not None
        sifted = np.bincount(2 * mine.intensities + mine.bases, minlength=2 * k).reshape(k, 2).astype(float)
        rates = np.divide(wrong, sifted[:, _TEST], out=np.zeros(k), where=sifted[:, _TEST] > 0)
        # Until the key is corrected its errors are guessed by those of the test, intensity by intensity.
        guessed = sifted[:, _KEY] * rates
        counts = Counts(sifted=sifted, errors=np.column_stack([guessed, wrong]))
        bits = mine.bits[~_test(mine)]
        qber = float(guessed.sum() / max(1, bits.size))
        seen = f"{wrong.sum() / max(1, sifted[:, _TEST].sum()):.1%} in X"
        # A guess is no count: the yields have to explain the clicks, and the errors of the test.
        found = self._proved(counts, replace(counts, errors=np.column_stack([np.zeros(k), wrong])))
        return _AssessedLaser(
            key=bits,
            qber=min(0.5, max(qber, 1 / max(2, bits.size))),
            # What is tested is the other basis: the key may have twice its errors, if the line treats them differently.
            worst=max(
                2 * qber, highest_rate(int(wrong.sum()), max(1, int(sifted[:, _TEST].sum())), FALSE_ALARM)
            ),
            secret=partial(_secret, found),
            margin=smoothing(self.source, self.terms.security),
            compared=int(sifted[:, _TEST].sum()),
            seen=seen,
            reason=found.reason,
            sifted=mine,
            counts=counts,
        )

    def _settled(self, seen: "_AssessedLaser", wrong: NDArray[np.int64], keep: Keep) -> "_AssessedLaser":
        errors = np.column_stack([wrong, seen.counts.errors[:, _TEST]])
        counts = replace(seen.counts, errors=errors)
        found = self._proved(counts, counts)
        if found.reason:
            dropped = (
                "" if keep.all() else f" (of the key {np.count_nonzero(~keep):,} bits could not be corrected)"
            )
            raise NoKey("verify", found.reason + dropped)
        cost = self._cost_of_counts(seen.sifted)
        return replace(seen, counts=counts, secret=lambda stays: max(0.0, _secret(found, stays) - cost))

    def _cost_of_counts(self, mine: Sifted) -> int:
        """Return how many bits Bob's counts of errors hold at most: Eve hears them too, and they are about the key."""
        key = ~_test(mine)
        of = self._by_intensity(np.ones(int(np.count_nonzero(key)), dtype=np.uint8), mine, key)
        return sum(ceil(log2(n + 1)) for n in of.tolist())

    def _proved(self, counts: Counts, counted: Counts) -> DecoyBounds:
        """Return what the counts prove, if some yields explain what of them was counted."""
        if not yields_exist(counted, source=self.source):
            return DecoyBounds(0.0, 0.0, 0.5, DISTINGUISHABLE)
        return decoy_bounds(counts.sifted, counts.errors, self.source, self.terms.security, _KEY, _TEST)


@dataclass(frozen=True, eq=False)
class _AssessedLaser(AssessedKey):
    """What a party holds, with the counts behind it."""

    sifted: Sifted
    counts: Counts


def _test(mine: Sifted) -> Keep:
    where: Keep = mine.bases == _TEST
    return where


def _secret(found: DecoyBounds, keep: Keep | None) -> float:
    """Return what is secret of the bits that stay: each that leaves takes one with it, at worst."""
    gone = 0 if keep is None else int(np.count_nonzero(~keep))
    return max(0.0, found.secret - gone)
