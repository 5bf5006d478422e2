"""P-values of tests of randomness: what a test returns, and whether many of them are spread as they should be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincc

from qlearn._checks import as_bits, as_probabilities
from qlearn._types import Array, Bits

_RAREST = 1e-200  # chance of a class: a square of counts can still be divided by it


@dataclass(frozen=True, eq=False, repr=False)
class RandomnessTest:
    """Result of one test of SP 800-22: a statistic and a P-value for each of its parts.

    A P-value is the chance that fair, independent bits give a statistic at least as far off. It is an approximation for long
    sequences, and it says nothing of whether somebody knows the bits.
    """

    statistics: Array
    """What was computed, shape (parts,): each test says what it is."""
    p_values: Array
    """The P-value of each part, shape (parts,)."""

    @property
    def p_value(self) -> float:
        """One P-value for all parts: the smallest times their number, at most 1 (Bonferroni); NIST judges each part apart."""
        return min(1.0, float(self.p_values.min()) * self.p_values.size)

    def __repr__(self) -> str:
        parts = "" if self.p_values.size == 1 else f", parts={self.p_values.size}"
        return f"RandomnessTest(p_value={self.p_value:.6f}{parts})"


def result(statistics: Any, p_values: Any) -> RandomnessTest:
    """Return a result of floats, whatever came."""
    return RandomnessTest(
        np.atleast_1d(np.asarray(statistics, float)), np.atleast_1d(np.asarray(p_values, float))
    )


def chi_square(counts: NDArray[Any], probabilities: ArrayLike) -> RandomnessTest:
    """Return Pearson's test of counts on the last axis against the probabilities of the classes."""
    p = np.asarray(probabilities, float)
    expected = counts.sum(axis=-1, keepdims=True) * p
    statistic = ((counts - expected) ** 2 / expected).sum(axis=-1)
    return result(statistic, gammaincc((counts.shape[-1] - 1) / 2, statistic / 2))


def as_classes(probabilities: Any, named: Mapping[str, Sequence[float]]) -> Array:
    """Return the probabilities of classes, given by the name of a table or as numbers."""
    classes = len(next(iter(named.values())))
    if isinstance(probabilities, str):
        if probabilities not in named:
            raise ValueError(
                f"probabilities must be one of {', '.join(named)} or {classes} numbers, not {probabilities!r}"
            )
        p = np.asarray(named[probabilities], float)
        if not p.min() > _RAREST:
            raise ValueError(
                f"probabilities must be above {_RAREST:g}, but with these parameters a class has {p.min():g}: choose them so "
                "that each class is to be expected"
            )
        return p
    p = as_probabilities(probabilities, "probabilities")
    # The published tables are rounded to four digits and sum to 1 within them.
    if p.shape != (classes,) or not (p > _RAREST).all() or abs(p.sum() - 1) > 1e-3:
        raise ValueError(
            f"probabilities must be {classes} numbers above 0 that sum to 1, not {probabilities}"
        )
    return p


def as_sequence(bits: ArrayLike, least: int, advice: str) -> Bits:
    """Return bits as uint8, at least so many; the advice says what NIST recommends."""
    sequence = as_bits(bits, "bits")
    if sequence.size < least:
        raise ValueError(f"bits must be at least {least} here, not {sequence.size}; NIST recommends {advice}")
    return sequence


def uniformity(p_values: ArrayLike) -> float:
    r"""Return the P-value of the hypothesis that P-values are uniform between 0 and 1.

    .. math:: \chi^2 = \sum_{i=1}^{10}\frac{(F_i - s/10)^2}{s/10}, \qquad
              P_T = Q\!\left(\tfrac92, \tfrac{\chi^2}2\right)

    with :math:`F_i` how many of the `s` P-values lie in the i-th tenth. Sequences of a fair source pass each test with
    P-values all over the interval: a source whose P-values are all near 1 is as suspect as one whose are near 0. NIST
    calls :math:`P_T \ge 0.0001` uniform. That is for long sequences: a count of 128 bits takes few values, and so does its
    P-value, which is then not uniform for a fair source either. Of :func:`dft` thousands of P-values still show it at 10 000.

    Parameters
    ----------
    p_values : array_like of float, shape (s,)
        One for each of at least 55 sequences, all of the same test.

    Returns
    -------
    float

    Examples
    --------
    >>> import numpy as np
    >>> uniformity((np.arange(100) + 0.5) / 100)
    1.0
    >>> uniformity(np.full(100, 0.5)) < 1e-100
    True
    >>> from qlearn.communication.random_numbers import monobit
    >>> coins = np.random.default_rng(1).integers(0, 2, (200, 10_000))
    >>> round(uniformity([monobit(bits).p_value for bits in coins]), 3)
    0.77

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 4.2.2.
    """
    p = as_probabilities(p_values, "p_values", "P-values")
    if p.ndim != 1 or p.size < 55:
        raise ValueError(
            f"p_values must be at least 55 P-values on one axis, not of shape {p.shape}: five for each tenth"
        )
    counts = np.bincount(np.minimum((10 * p).astype(int), 9), minlength=10)
    return float(chi_square(counts, np.full(10, 0.1)).p_values[0])
