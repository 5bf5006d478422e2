"""Binomial power: how many right guesses are too many for luck, and which leak a test of so many rows would have found.

Everything here is about one test: n guesses of fair bits, judged by the number that are right.
"""

from math import ceil, sqrt

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_count, as_failure, as_probabilities, as_real
from qlearn._types import Array

_LEVEL = 0.01


def least_right(n: int, *, level: float = _LEVEL) -> int:
    r"""Return the number of right guesses of n fair bits that luck reaches with at most the chance `level`.

    .. math:: k = \min\{j : \Pr(\mathrm{Bin}(n, \tfrac12) \ge j) \le \alpha\}

    Parameters
    ----------
    n : int
        Guesses.
    level : float
        :math:`\alpha`, the chance of an alarm without a leak.

    Returns
    -------
    int
        Up to n + 1: then not even n right ones would be an alarm.

    Examples
    --------
    >>> least_right(10_000)
    5117
    >>> least_right(5)  # five of five happen by luck in 1 of 32
    6
    """
    from scipy.stats import binom

    return int(binom.isf(as_failure(level, "level"), as_count(n, "n"), 0.5)) + 1


def detection_power(n: int, accuracy: ArrayLike, *, level: float = _LEVEL) -> Array:
    r"""Return the chance that a reader who is right so often is found by a test of n guesses, shape (...).

    .. math:: \Pr(\mathrm{Bin}(n, a) \ge k_\alpha)

    Parameters
    ----------
    n : int
        Guesses.
    accuracy : array_like of float, shape (...)
        a, the chance of a right guess, as the *trained model* has it. A leak that it does not read has 1/2 here.
    level : float
        The chance of an alarm without a leak; see :func:`least_right`.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> detection_power(10_000, [0.50, 0.51, 0.52]).round(3)
    array([0.01 , 0.371, 0.953])
    """
    from scipy.stats import binom

    a = as_probabilities(accuracy, "accuracy", "chances of a right guess")
    return np.asarray(binom.sf(least_right(n, level=level) - 1, n, a))


def trials_needed(accuracy: float, *, power: float = 0.9, level: float = _LEVEL) -> int:
    r"""Return how many guesses a test needs to find a reader who is right so often.

    .. math:: n = \left(\frac{z_\alpha / 2 + z_\beta \sqrt{a(1-a)}}{a - 1/2}\right)^2

    rounded up, with the normal quantiles of the level and of the miss :math:`\beta = 1 - \text{power}`. Counts are whole, so
    the exact power climbs like a saw: at a = 0.51 it passes 0.9 at 32,561 guesses, falls under it again by a thousandth,
    and stays above from 32,682 on, half a per cent after 32,538. Where n is below some hundred, ask
    :func:`detection_power`.

    Parameters
    ----------
    accuracy : float
        a, above 1/2 and below 1.
    power : float
        The chance that it is found; above `level`.
    level : float
        The chance of an alarm without a leak.

    Returns
    -------
    int

    Examples
    --------
    >>> trials_needed(0.51), trials_needed(0.501)
    (32538, 3254230)
    """
    from scipy.stats import norm

    a = as_real(accuracy, "accuracy", above=0.5, most=1)
    if a == 1:
        raise ValueError("accuracy must be below 1: a reader who never errs needs no such formula")
    _refuse_weak(power, level)
    z, missed = norm.isf(level), norm.isf(1 - power)
    return ceil(((z / 2 + missed * sqrt(a * (1 - a))) / (a - 0.5)) ** 2)


def smallest_leak(n: int, *, power: float = 0.9, level: float = _LEVEL) -> float:
    """Return the accuracy that a test of n guesses would have found with this power: what finding nothing excludes.

    It excludes that *this model* is right so often; it says nothing of other readers.

    Parameters
    ----------
    n : int
        Guesses.
    power : float
        The chance that it would have been found; above `level`.
    level : float
        The chance of an alarm without a leak.

    Returns
    -------
    float
        Above 1/2; infinite where so few guesses could not have raised an alarm at all.

    Examples
    --------
    >>> round(smallest_leak(10_000), 4)
    0.518
    >>> smallest_leak(5)
    inf
    """
    from scipy.special import betaincinv

    n, k = as_count(n, "n"), least_right(n, level=level)
    _refuse_weak(power, level)
    # Pr(Bin(n, a) >= k) is the regularised incomplete beta function of a.
    return float(betaincinv(k, n - k + 1, power)) if k <= n else float("inf")


def _refuse_weak(power: float, level: float) -> None:
    if as_failure(power, "power") <= as_failure(level, "level"):
        raise ValueError(f"power must be above level={level:g}, which luck alone reaches, not {power:g}")
