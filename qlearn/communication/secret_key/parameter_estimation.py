"""Parameter estimation: compare some bits in public, and bound the errors of all the others."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_rng
from qlearn._types import Bits
from qlearn.communication._error_rates import count_by_basis, highest_rate, rates_by_basis
from qlearn.communication.bb84.sifting import SiftedKeys
from qlearn.communication.bb84.transmission import Origin
from qlearn.communication.secret_key.finite_key import (
    as_sizes,
    failure_of_one_basis,
    sample_sizes,
    serfling_deviation,
)
from qlearn.communication.secret_key.public_channel import (
    ChannelError,
    NoKey,
    Program,
    PublicChannel,
    Receive,
    Send,
    converse,
    packed_size,
    unpacked,
)
from qlearn.qubits.entropies import binary_entropy

_OTHER = {"Z": "X", "X": "Z"}
STEP = "estimate"
_LENT = 100
"""Bits at the rate of both bases that are added to the sample of each, to say what to expect of it."""
_ENOUGH = 2000
"""Compared bits that say by themselves how high the error rate of a basis may be."""


@dataclass(frozen=True, eq=False)
class PhaseErrorBound:
    """Errors among the compared bits of each basis, and bounds on the phase errors of the kept ones: both parties know them.

    Parameters
    ----------
    sizes : dict of {"Z": int, "X": int}
        Bits compared in each basis. They are public now, and out of the key.
    errors : dict of {"Z": int, "X": int}
        Errors seen among them.
    kept : dict of {"Z": int, "X": int}
        Bits that were not compared.
    phase_errors : dict of {"Z": float, "X": float}
        How many *phase* errors the kept bits of each basis may have: errors that they would have shown in
        the other basis, bounded by the sample taken there. Eve's knowledge is bounded by these.
    """

    sizes: dict[str, int]
    errors: dict[str, int]
    kept: dict[str, int]
    phase_errors: dict[str, float]

    @classmethod
    def of(
        cls, sizes: dict[str, int], errors: dict[str, int], kept: dict[str, int], failure: float
    ) -> "PhaseErrorBound":
        """Bound the phase errors of each basis by the sample of the other, each up to a chance of `failure`."""
        phase = dict.fromkeys("ZX", 0.0)
        for basis, n in kept.items():
            k = sizes[_OTHER[basis]]
            if n:
                rate = errors[_OTHER[basis]] / k + float(serfling_deviation(n, k, failure)) if k else 0.5
                phase[basis] = n * min(0.5, rate)
        return cls(sizes, errors, kept, phase)

    @property
    def qber_by_basis(self) -> dict[str, float]:
        """Error rate seen in the sample of each basis; nan where nothing was compared."""
        return rates_by_basis(self.errors, self.sizes)

    @property
    def qber(self) -> float:
        """Error rate to expect in the kept bits: that of each basis, weighted by what is kept of it.

        A basis of which few bits were compared says little: one error among five is no 20 %. So 100 bits with the
        rate of both bases together are counted besides those of each. No security rests on this number.
        """
        everywhere = sum(self.errors.values()) / sum(self.sizes.values())
        rate = {b: (self.errors[b] + _LENT * everywhere) / (self.sizes[b] + _LENT) for b in self.kept}
        return sum(self.kept[b] * rate[b] for b in self.kept) / sum(self.kept.values())

    @property
    def expected(self) -> float:
        """Error rate to correct for: what was seen, but at least one error in a sample as large as this one.

        No errors in a sample does not promise none outside it.
        """
        return min(0.5, max(self.qber, 1 / sum(self.sizes.values())))

    def highest(self, chance: float) -> float:
        """Return the error rate of the kept bits above which so few errors are seen only with this chance.

        A basis of which little was compared is taken to be as noisy as both together: that is for the correction
        to find out, and no security rests on it.
        """
        rate = {}
        for basis in self.kept:
            of = (basis,) if self.sizes[basis] >= _ENOUGH else tuple(self.sizes)
            rate[basis] = highest_rate(
                sum(self.errors[b] for b in of), sum(self.sizes[b] for b in of), chance
            )
        return sum(n * rate[b] for b, n in self.kept.items()) / sum(self.kept.values())

    @property
    def would_do(self) -> bool:
        """Whether the rates seen would leave a key if they were exact, and nothing else had to be paid."""
        everywhere = sum(self.errors.values()) / sum(self.sizes.values())
        left = 0.0
        for basis, other in _OTHER.items():
            phase = self.qber_by_basis[other] if self.sizes[other] else everywhere
            left += self.kept[basis] * (1 - float(binary_entropy(min(0.5, phase))))
        return left > sum(self.kept.values()) * float(binary_entropy(min(0.5, self.qber)))

    def secret_bits(self, kept: dict[str, int] | None = None) -> float:
        r"""Return the bits of the kept key that Eve cannot know, before anything else was said about it.

        .. math:: \sum_b n_b \left(1 - h\!\left(\frac{E_b}{n_b}\right)\right)

        with :math:`E_b` the phase errors that basis :math:`b` may have.

        Parameters
        ----------
        kept : dict of {"Z": int, "X": int}, optional
            Bits of each basis that are still in the key, where some were dropped later. The worst is
            assumed: that no phase error was among the dropped ones. None: all that remained.

        Returns
        -------
        float
            Bits of smooth min-entropy.
        """
        sizes = self.kept if kept is None else kept
        rates = {b: min(0.5, self.phase_errors[b] / n) if n else 0.5 for b, n in sizes.items()}
        return sum(n * (1 - float(binary_entropy(rates[b]))) for b, n in sizes.items())


@dataclass(frozen=True, eq=False)
class EstimationResult(PhaseErrorBound):
    """The bounds that the compared bits give, and the keys without them.

    Parameters
    ----------
    sizes, errors, kept, phase_errors
        As in :class:`PhaseErrorBound`.
    remaining : SiftedKeys
        What was not compared, in its old order: of Alice's key without the bits that she named, of Bob's without
        those that he was asked for. The keys themselves are used up: part of them is public. What is said by hand of the
        remaining ones from here on (:func:`reconcile`, :func:`verify`, :func:`amplify` get arrays) nobody notes down: go on
        by hand, or give them to :func:`distill`, and never both.
    """

    remaining: SiftedKeys


def estimate(
    sifted: SiftedKeys,
    sizes: dict[str, int] | None = None,
    *,
    security: float = 1e-10,
    channel: PublicChannel | None = None,
    rng: Any = None,
) -> EstimationResult:
    r"""Compare a random sample of each basis in public, and take it out of the keys.

    Alice draws the positions after the last pulse and names them, Bob answers with his bits, she counts.
    The errors that the kept bits of Z would have shown *in X* are bounded by the sample of X, and the other
    way round (:func:`serfling_deviation`):

    .. math:: E_Z = n_Z\,(e_X + \mu_X), \qquad E_X = n_X\,(e_Z + \mu_Z)

    Both hold together except with probability :math:`(\varepsilon_\text{sec}/4)^2`. That the sample vouches
    for other bits, measured in another basis, needs what BB84 gives: the basis of each pulse is a coin that
    Eve sees only after the pulse has passed her. So which of the pulses that are kept in Z or compared in X are
    the latter, is a random choice among them.

    Parameters
    ----------
    sifted : SiftedKeys
        Keys of a transmission, whose sifting was authenticated, or will be.
    sizes : dict of {"Z": int, "X": int}, optional
        Bits to compare of each basis; they may depend on how many there are, never on what they say. None:
        what :func:`sample_sizes` advises.
    security : float
        :math:`\varepsilon_\text{sec}` of the key to come.
    channel : PublicChannel, optional
        Where they speak. None: a line of their own.
    rng : None, int or numpy.random.Generator
        Alice's coins.

    Returns
    -------
    EstimationResult

    Raises
    ------
    NoKey
        If the keys are too short to compare anything and keep anything.
    ValueError
        If the keys were used up by an earlier session or estimate: a second sample would publish bits that it left.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> keys = bb84.sift(bb84.exchange(400_000, noise=0.02, rng=1))
    >>> seen = estimate(keys, rng=2)
    >>> round(seen.qber, 2), 0.5 < seen.secret_bits() / len(seen.remaining) < 0.86
    (0.02, True)
    >>> seen.sizes == sample_sizes(keys.bits_by_basis)
    True

    References
    ----------
    Tomamichel et al., 2012, arXiv:1103.4130. Serfling, 1974, doi:10.1214/aos/1176342611.
    """
    if not isinstance(sifted, SiftedKeys):
        raise TypeError(f"sifted must be SiftedKeys, as sift returns them, not {type(sifted).__name__}")
    failure, rng = failure_of_one_basis(security), as_rng(rng)
    if sizes is not None:
        as_sizes(sizes, "sizes")
    line = PublicChannel() if channel is None else channel
    sifted.origin.claim()
    rounds, published = line.rounds, ""
    try:
        (seen, hers), (_, his) = converse(
            line,
            estimate_as_alice(sifted.alice, sifted.bases, sizes, security, rng),
            estimate_as_bob(sifted.bob, sifted.bases, failure),
        )
        published = f"{sum(seen.sizes.values()):,} of them were compared in public"
    finally:  # a comparison that broke off has published bits too
        broken = "a comparison of some of them in public broke off" if line.rounds > rounds else ""
        sifted.origin.spent = published or broken
    fresh = Origin(sifted.origin.light)
    remaining = SiftedKeys(sifted.alice[hers], sifted.bob[his], sifted.bases[hers], fresh)
    return EstimationResult(seen.sizes, seen.errors, seen.kept, seen.phase_errors, remaining)


Kept = NDArray[np.bool_]


def estimate_as_alice(
    bits: Bits, bases: Bits, sizes: dict[str, int] | None, security: float, rng: np.random.Generator
) -> Program[tuple[PhaseErrorBound, Kept]]:
    """Draw a sample, name it, hear Bob's bits, count and say the errors; return them, and which bits stay."""
    have = _count(bases)
    compared = dict(sample_sizes(have, security=security) if sizes is None else sizes)
    _refuse_too_few(have, compared)
    chosen = _choose(bases, compared, rng)
    yield Send(STEP, np.packbits(chosen))
    size = sum(compared.values())
    his = unpacked((yield Receive(STEP, packed_size(size))), size)
    errors = count_by_basis(bits[chosen] ^ his, bases[chosen])
    yield Send(STEP, np.array([errors["Z"], errors["X"]], dtype="<i8").view(np.uint8))
    kept = {b: have[b] - compared[b] for b in "ZX"}
    return PhaseErrorBound.of(compared, errors, kept, failure_of_one_basis(security)), ~chosen


def estimate_as_bob(bits: Bits, bases: Bits, failure: float) -> Program[tuple[PhaseErrorBound, Kept]]:
    """Hear which bits to compare, say them, hear how many are wrong; return that, and which bits stay."""
    chosen = unpacked((yield Receive(STEP, packed_size(bits.size))), bits.size).view(bool)
    yield Send(STEP, np.packbits(bits[chosen]))
    heard = (yield Receive(STEP, 16)).view("<i8")
    errors = {"Z": int(heard[0]), "X": int(heard[1])}
    compared, have = _count(bases[chosen]), _count(bases)
    kept = {b: have[b] - compared[b] for b in "ZX"}
    if (
        not all(0 <= errors[b] <= compared[b] for b in "ZX")
        or not any(compared.values())
        or not any(kept.values())
    ):
        raise ChannelError(
            STEP,
            f"{errors} errors among {compared} compared bits of {have}: somebody altered the conversation",
        )
    return PhaseErrorBound.of(compared, errors, kept, failure), ~chosen


def _count(bases: Bits) -> dict[str, int]:
    return count_by_basis(np.ones_like(bases), bases)


def _choose(bases: Bits, sizes: dict[str, int], rng: np.random.Generator) -> np.ndarray:
    chosen = np.zeros(bases.size, dtype=bool)
    for number, basis in enumerate("ZX"):
        where = np.flatnonzero(bases == number)
        chosen[rng.choice(where, sizes[basis], replace=False, shuffle=False)] = True
    return chosen


def _refuse_too_few(bits: dict[str, int], compared: dict[str, int]) -> None:
    for basis in "ZX":
        if compared[basis] > bits[basis]:
            raise NoKey(
                "estimate",
                f"{compared[basis]} bits of {basis} were to be compared, and there are {bits[basis]}: send more pulses",
            )
    if not sum(compared.values()) or sum(compared.values()) >= sum(bits.values()):
        raise NoKey(
            "estimate",
            f"{bits['Z']} sifted bits in Z and {bits['X']} in X are too few: whatever part of them is compared, "
            "the rest is worth no key. Send more pulses",
        )
