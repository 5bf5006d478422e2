"""Sequential test: Wald's, which takes as many bits as it needs, by his bounds and exactly."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from qlearn._checks import as_real
from qlearn.control.eavesdropper_detection.cusum import as_two_rates

# What may be left undecided when the exact count stops.
_UNDECIDED = 1e-13
_MOST_BITS = 1_000_000


def _as_risks(alpha: Any, beta: Any) -> tuple[float, float]:
    """Return the two chances of error, each above 0, together below 1."""
    first, second = as_real(alpha, "alpha"), as_real(beta, "beta")
    if not (first > 0 and second > 0 and first + second < 1):
        raise ValueError(
            f"alpha and beta must be above 0 and sum to less than 1, not {first:g} and {second:g}: a coin does as well"
        )
    return first, second


def wald_bounds(alpha: float, beta: float) -> tuple[float, float]:
    r"""Return the two bounds of Wald's test on the log-likelihood ratio, in nats: lower, upper.

    .. math:: a = \ln\frac{\beta}{1-\alpha}, \qquad b = \ln\frac{1-\beta}{\alpha}

    Up to b the test goes on; at b or above it says "Eve", at a or below "nobody". With these bounds the true
    chances obey :math:`\alpha' \le \alpha/(1-\beta)`, :math:`\beta' \le \beta/(1-\alpha)` and
    :math:`\alpha' + \beta' \le \alpha + \beta`.

    Parameters
    ----------
    alpha, beta : float
        Chances to say "Eve" of nobody, and "nobody" of Eve; above 0, together below 1.

    Returns
    -------
    tuple of (float, float)

    Examples
    --------
    >>> [round(x, 4) for x in wald_bounds(0.001, 0.001)]
    [-6.9068, 6.9068]

    References
    ----------
    Wald, Ann. Math. Stat. 16, 117 (1945), doi:10.1214/aoms/1177731118.
    """
    alpha, beta = _as_risks(alpha, beta)
    return float(np.log(beta / (1 - alpha))), float(np.log((1 - beta) / alpha))


def wald_samples(p0: float, p1: float, alpha: float, beta: float) -> tuple[float, float]:
    r"""Return how many bits Wald's test takes on average by his approximation: without and with Eve.

    .. math:: E_0 = \frac{(1-\alpha)\,a + \alpha\,b}{-D(p_0\|p_1)}, \qquad
              E_1 = \frac{\beta\,a + (1-\beta)\,b}{D(p_1\|p_0)}

    It takes the sum to stop *at* a bound, and is a little low: :func:`sprt_properties` counts the overshoot too.

    Parameters
    ----------
    p0, p1 : float
        Error rates without and with Eve.
    alpha, beta : float
        As in :func:`wald_bounds`.

    Returns
    -------
    tuple of (float, float)
        Bits.

    Examples
    --------
    >>> [round(x, 2) for x in wald_samples(0.02, 0.05, 0.001, 0.001)]
    [567.65, 423.44]

    References
    ----------
    Wald, Ann. Math. Stat. 16, 117 (1945), doi:10.1214/aoms/1177731118.
    """
    p0, p1 = as_two_rates(p0, p1)
    alpha, beta = _as_risks(alpha, beta)
    low, high = wald_bounds(alpha, beta)
    wrong, right = np.log(p1 / p0), np.log1p(-p1) - np.log1p(-p0)
    quiet, attacked = (p * wrong + (1 - p) * right for p in (p0, p1))
    return float(((1 - alpha) * low + alpha * high) / quiet), float(
        (beta * low + (1 - beta) * high) / attacked
    )


@dataclass(frozen=True)
class SprtProperties:
    """What a sequential test does at one true error rate.

    Parameters
    ----------
    samples : float
        Bits that it takes on average.
    says_eve : float
        Chance that it ends with "Eve".
    longest : int
        Bits after which less than 1e-13 of the runs were undecided.

    Examples
    --------
    >>> exact = sprt_properties(0.02, 0.05, 0.001, 0.001, p=0.05)
    >>> round(exact.samples, 2), round(wald_samples(0.02, 0.05, 0.001, 0.001)[1], 2), exact.longest
    (443.98, 423.44, 7334)
    """

    samples: float
    says_eve: float
    longest: int


def sprt_properties(p0: float, p1: float, alpha: float, beta: float, *, p: float) -> SprtProperties:
    r"""Return exactly how long Wald's test takes, and what it says, if the true error rate is `p`.

    After n bits the log-likelihood ratio is fixed by the number of errors, so the runs that go on are a
    distribution over a narrow band of counts, which is carried from bit to bit until it has emptied. Nothing is
    approximated but the last 1e-13 of it.

    Parameters
    ----------
    p0, p1 : float
        Error rates that the test is made for.
    alpha, beta : float
        Chances of error that its bounds are made for.
    p : float
        The true rate, 0 to 1.

    Returns
    -------
    SprtProperties

    Raises
    ------
    ValueError
        If a parameter is out of range, or the test has not ended after a million bits.

    Examples
    --------
    >>> quiet = sprt_properties(0.02, 0.05, 0.001, 0.001, p=0.02)
    >>> round(quiet.samples, 2), round(quiet.says_eve, 6)
    (569.16, 0.000733)

    References
    ----------
    Wald, Ann. Math. Stat. 16, 117 (1945), doi:10.1214/aoms/1177731118.
    """
    p0, p1 = as_two_rates(p0, p1)
    low, high = wald_bounds(alpha, beta)
    p = as_real(p, "p", least=0, most=1)
    wrong, right = np.log(p1 / p0), np.log1p(-p1) - np.log1p(-p0)
    # going[i] is the chance to be undecided with first + i errors
    going, first = np.ones(1), 0
    samples, says_eve, bits = 0.0, 0.0, 0
    while (left := float(going.sum())) > _UNDECIDED:
        if bits == _MOST_BITS:
            raise ValueError(
                f"p0 and p1 must lie further apart: after {_MOST_BITS} bits {left:.2g} is undecided"
            )
        samples += left
        bits += 1
        going = np.convolve(going, [1 - p, p])
        errors = first + np.arange(len(going))
        ratio = errors * wrong + (bits - errors) * right
        says_eve += float(going[ratio >= high].sum())
        inside = (ratio > low) & (ratio < high)
        if not inside.any():
            break
        at = int(np.argmax(inside))
        going, first = going[inside], first + at
    return SprtProperties(samples, min(says_eve, 1.0), bits)
