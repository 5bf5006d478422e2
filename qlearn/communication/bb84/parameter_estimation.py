"""Parameter estimation: give up some bits to learn how many of the others are wrong."""

from dataclasses import dataclass
from math import ceil, log, log1p
from typing import Any

import numpy as np

from qlearn._checks import as_count, as_failure, as_rng
from qlearn.communication._error_rates import count_by_basis, highest_rate, rates_by_basis
from qlearn.communication.bb84.sifting import SiftedKeys
from qlearn.communication.bb84.transmission import Origin
from qlearn.communication.key_rate import asymptotic_rate as asymptotic_rate, threshold as threshold


@dataclass(frozen=True, eq=False)
class QberEstimate:
    """Errors in a disclosed sample of each basis, bounds on the error rates, and the keys without the sample.

    Parameters
    ----------
    sample_size : int
        Bits disclosed of each basis.
    errors : dict of {"Z": int, "X": int}
        Errors seen among them.
    bounds : dict of {"Z": float, "X": float}
        Error rates that are exceeded only with the stated failure probability.
    remaining : SiftedKeys
        What was not disclosed, in its old order. It is neither corrected nor secret yet. The keys that it was taken
        from are used up: no session takes them any more, and no second estimate.
    """

    sample_size: int
    errors: dict[str, int]
    bounds: dict[str, float]
    remaining: SiftedKeys

    @property
    def qber_by_basis(self) -> dict[str, float]:
        """Error rate seen in the sample of each basis."""
        return rates_by_basis(self.errors, dict.fromkeys(self.errors, self.sample_size))

    @property
    def rate(self) -> float:
        """Secret bits a remaining bit, at the bounds: 0 means stop, this line gives no key."""
        return float(asymptotic_rate(self.bounds["Z"], phase=self.bounds["X"]))


def estimate(
    sifted: SiftedKeys, sample_size: int, *, failure: float = 1e-10, rng: Any = None
) -> QberEstimate:
    r"""Compare a random sample of the bits of each basis in public, and remove it from the keys.

    With :math:`k` errors among :math:`m` compared bits, the error rate of the line is at most the
    :math:`\hat e` at which so few errors would be a rare accident (Clopper and Pearson):

    .. math:: \sum_{i=0}^{k} \binom{m}{i} \hat e^{\,i} (1 - \hat e)^{m-i} = \varepsilon, \qquad
              \hat e = 1 - \varepsilon^{1/m} \ \text{for}\ k = 0

    Each basis has its own sample, because Eve may prefer one and hide in an average. A sample so small that
    even *no* error would leave rates above :func:`~qlearn.communication.bb84.threshold` possible proves
    nothing from which :math:`1 - 2h(e)` leaves a key, and is refused.

    Parameters
    ----------
    sifted : SiftedKeys
        Keys of a transmission.
    sample_size : int
        Bits to disclose of each basis.
    failure : float
        :math:`\varepsilon`, the chance that a worse line shows so few errors in one basis; above 0, below 1. That
        both bounds hold fails with twice as much at most.
    rng : None, int or numpy.random.Generator
        Choice of the sample. In a laboratory it is made after the last pulse, by a public coin.

    Returns
    -------
    QberEstimate
        Its `rate` is 0 where the errors are too many for a key.

    Notes
    -----
    The bound holds for a line that treats every pulse alike, as every line of this chapter does. Against an
    eavesdropper who need not, the sample is one drawn without replacement from a fixed key, and the bound has
    to say so.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> keys = bb84.sift(bb84.exchange(100_000, noise=0.02, rng=1))
    >>> seen = estimate(keys, 5_000, rng=2)
    >>> len(seen.remaining) == len(keys) - 10_000, 0.3 < seen.rate < 0.72
    (True, True)

    References
    ----------
    Clopper and Pearson, "The use of confidence or fiducial limits", Biometrika 26, 404 (1934),
    doi:10.1093/biomet/26.4.404.
    """
    if not isinstance(sifted, SiftedKeys):
        raise TypeError(f"sifted must be SiftedKeys, as sift returns them, not {type(sifted).__name__}")
    m, rng = as_count(sample_size, "sample_size"), as_rng(rng)
    as_failure(failure)
    _refuse_too_few(sifted, m, failure)
    sifted.origin.claim(f"{2 * m:,} of them were compared in public")

    positions = [np.flatnonzero(sifted.bases == basis) for basis in (0, 1)]
    sample = np.concatenate([rng.choice(where, m, replace=False, shuffle=False) for where in positions])
    errors = count_by_basis(sifted.alice[sample] ^ sifted.bob[sample], sifted.bases[sample])
    bounds = {basis: highest_rate(k, m, failure) for basis, k in errors.items()}
    alice, bob, bases = (np.delete(part, sample) for part in (sifted.alice, sifted.bob, sifted.bases))
    remaining = SiftedKeys(alice, bob, bases, Origin(sifted.origin.light))
    return QberEstimate(m, errors, bounds, remaining)


def _refuse_too_few(sifted: SiftedKeys, sample_size: int, failure: float) -> None:
    """Refuse a sample from which no key could follow, however few errors it shows."""
    needed = ceil(log(failure) / log1p(-threshold()))
    if sample_size < needed:
        possible = highest_rate(0, sample_size, failure)
        raise ValueError(
            f"sample_size must be at least {needed} bits of each basis for failure={failure:g}, "
            f"not {sample_size}: even without one error, {sample_size} bits leave error rates up to "
            f"{possible:.1%} possible, and from {threshold():.1%} on 1 - 2 h(e), this way of paying, leaves no key"
        )
    bits = sifted.bits_by_basis
    if min(bits.values()) < sample_size or len(sifted) <= 2 * sample_size:
        raise ValueError(
            f"sifted has {bits['Z']} bits in Z and {bits['X']} in X: too few to disclose {sample_size} "
            "of each and keep a key. Send more pulses"
        )
