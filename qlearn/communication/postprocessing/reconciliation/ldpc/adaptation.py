"""Rate adaptation: which code, and how much of it, for a key of some length and error rate."""

from dataclasses import dataclass
from math import ceil, sqrt

from scipy.optimize import brentq

from qlearn._checks import as_count, as_probability
from qlearn.communication.entropy import binary_entropy
from qlearn.communication.postprocessing.reconciliation.ldpc.codes import BASE, RATES, SIZES, Code, load

SHORTEST = 256
"""Bits of the shortest key: the smallest code says 114 parities, which leaves little of fewer bits."""

FRAME = 1 << 17
"""The most bits of a frame, unless another number is asked for."""

# Measured: what these codes need at first, above Shannon's least, and how it grows as errors get few.
_EXCESS, _SPREAD = 0.11, 0.8
# And how much more a frame takes that could not do with it.
_FIRST_ASKED, _SPREAD_ASKED = 0.02, 0.2
# Every shipped code has more untainted variables than this share of its checks.
_MOST_PUNCTURED = 0.25
# Codes whose cost differs by less are as good as each other.
_AS_GOOD = 1.005


@dataclass(frozen=True, eq=False)
class Adaptation:
    r"""A code fitted to a key: `bits` variables are bits of the key, `punctured` are coins, the rest is zero.

    *Puncturing* fills variables with coins that only Alice knows, and each of them hides one parity;
    *shortening* fills variables with zeros, so that all parities are about fewer bits. Of each piece of the key
    the syndrome says

    .. math:: \text{disclosed} = m - p

    bits, whatever the mother code's own rate is.

    Parameters
    ----------
    code : Code
        The mother code, of m checks.
    frames : int
        Pieces that the key is cut into.
    bits : int
        Bits of the key in each piece; the last may have fewer.
    punctured : int
        p, variables of each piece that are filled with coins.
    qber : float
        The error rate that Bob should expect.

    Taught in :doc:`/communication/secret_key`.
    """

    code: Code
    frames: int
    bits: int
    punctured: int
    qber: float

    @property
    def shortened(self) -> int:
        """Variables of each piece that are zero."""
        return self.code.variables - self.bits - self.punctured

    @property
    def disclosed(self) -> int:
        """Bits that the syndrome of one piece says about the key."""
        return self.code.checks - self.punctured

    @property
    def asked(self) -> int:
        """Bits that Bob asks for first, of each piece that he cannot decode: the spread of what a piece takes."""
        return ceil(self.disclosed * (_FIRST_ASKED + _SPREAD_ASKED / sqrt(self.bits * self.qber)))


def share_to_tell(qber: float, bits: int) -> float:
    r"""Return how many bits Alice should tell at first, for each bit of a frame.

    .. math:: h(Q) \left( 1.11 + \frac{0.8}{\sqrt{n Q}} \right)

    An infinite code could do with :math:`h(Q)`. These take some per cent more, and the fewer errors a frame has,
    the more their number varies. It is enough for most frames; for the rest Bob asks for more.

    Parameters
    ----------
    qber : float
        Q, above 0.
    bits : int
        n.

    Returns
    -------
    float

    Examples
    --------
    >>> share_to_tell(0.05, 2**14)
    0.3259

    Taught in :doc:`/communication/secret_key`.
    """
    return float(binary_entropy(qber)) * (1 + _EXCESS + _SPREAD / sqrt(bits * qber))


def rate_for(share: float, bits: int) -> float:
    """Return the error rate for which a share of bits is told, the inverse of :func:`share_to_tell`.

    Examples
    --------
    >>> rate_for(share_to_tell(0.05, 2**14), 2**14)
    0.05

    Taught in :doc:`/communication/secret_key`.
    """
    if share >= share_to_tell(0.5, bits):
        return 0.5
    return float(brentq(lambda qber: share_to_tell(qber, bits) - share, 1e-12, 0.5, xtol=1e-9))


def adapt(n: int, qber: float, frame: int = FRAME) -> Adaptation:
    """Choose a code for a key, cut the key into equal frames, and puncture and shorten the code to fit.

    Parameters
    ----------
    n : int
        Bits of the key, at least 256.
    qber : float
        Estimated error rate.
    frame : int
        The most bits a frame may have, at least 256.

    Returns
    -------
    Adaptation
        Among those that disclose least, the one that uses most of its code. At most a quarter of the checks can be
        hidden by coins, so with error rates below about 0.4 % it tells more than is needed (3.6 times Shannon's
        least at 0.1 %): Cascade does better there.

    Raises
    ------
    ValueError, TypeError
        If the key is too short, or so wrong that correcting it would tell all of it.

    Examples
    --------
    >>> fit = adapt(100_000, 0.03)
    >>> fit.code, fit.frames, fit.bits, fit.punctured, fit.shortened
    (Code(109440, 0.8), 1, 100000, 26, 9414)

    References
    ----------
    Elkouss, Martinez-Mateo, Lancho and Martin, 2010, arXiv:1006.2660.

    Taught in :doc:`/communication/secret_key`.
    """
    n, frame = as_count(n, "n", SHORTEST), as_count(frame, "frame", SHORTEST)
    # No error in an estimate does not promise none outside it.
    rate_of_errors = max(as_probability(qber, "qber"), 1 / n)
    share = share_to_tell(min(0.5, rate_of_errors), min(n, frame))
    if share >= 1:
        raise ValueError(
            f"qber must leave something to keep, but at {qber} correcting a bit takes {share:.2f} bits: "
            "find the errors first"
        )
    fits = [
        _fit(n, rate_of_errors, min(frame, length), length, rate)
        for length in [BASE * size for size in SIZES]
        for rate in RATES
    ]
    least = min(frames * told for frames, _, _, told, *_ in fits)
    good = [fit for fit in fits if fit[0] * fit[3] <= _AS_GOOD * least]
    frames, bits, punctured, _, length, rate = min(good, key=_waste)
    return Adaptation(load(length, rate), frames, bits, punctured, rate_of_errors)


def _waste(fit: tuple[int, int, int, int, int, float]) -> float:
    """Return what share of the variables and, twice, of the checks a fit leaves unused."""
    _, bits, punctured, told, length, _ = fit
    return 1 - (bits + punctured) / length + 2 * punctured / (punctured + told)


def _fit(n: int, qber: float, most: int, length: int, rate: float) -> tuple[int, int, int, int, int, float]:
    """Return frames, bits, punctured and disclosed bits of a frame for one of the codes, and which it is."""
    checks = round((1 - rate) * length)
    share = share_to_tell(qber, min(n, most))
    bits = ceil(n / ceil(n / max(1, min(most, int(checks / share)))))
    told = ceil(bits * share_to_tell(qber, bits))
    punctured = min(max(0, checks - told), int(_MOST_PUNCTURED * checks), length - bits)
    return ceil(n / bits), bits, punctured, checks - punctured, length, rate
