"""Optional stopping: how much oftener a bound fails if one looks at the errors before one decides, exactly."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betaincinv
from scipy.stats import binom

from qlearn._checks import as_count, as_failure, as_probability

# What is left out at each look: far below every failure that anybody states, and above the smallest float64.
_LEFT_OUT = 1e-30


def error_bound(errors: NDArray[np.int64] | int, tested: int, failure: float) -> NDArray[np.float64]:
    r"""Return the upper bound of an error rate that a sample fixed beforehand proves (Clopper and Pearson), shape of `errors`.

    .. math:: P\bigl(\operatorname{Bin}(n, u) \le k\bigr) = \varepsilon

    Parameters
    ----------
    errors : int or array_like of int
        Errors k among the tested bits.
    tested : int
        Bits n.
    failure : float
        :math:`\varepsilon`, the chance that the bound lies below the truth.

    Returns
    -------
    ndarray of float

    Examples
    --------
    >>> error_bound([0, 5], 100, 0.05).round(4)
    array([0.0295, 0.1023])

    References
    ----------
    Clopper and Pearson, 1934, doi:10.1093/biomet/26.4.404.
    """
    size, level = as_count(tested, "tested"), as_failure(failure)
    seen = np.asarray(errors)
    if seen.dtype.kind not in "ui" or (seen < 0).any() or (seen > size).any():
        raise ValueError(f"errors must be whole numbers from 0 to the {size} bits tested, not {errors!r}")
    return np.where(seen >= size, 1.0, betaincinv(seen + 1, np.maximum(size - seen, 1), 1 - level))


def stopping_failure(
    error: float, tested: int, looks: int, failure: float, *, limit: float | None = None
) -> float:
    r"""Return the chance that a session which ends when its errors look good is accepted with a bound that is wrong.

    .. math:: P\Bigl(\exists\, j \le J: \; u_\varepsilon(k_j, j n) < e,\; u_\varepsilon(k_j, j n) \le e^*\Bigr)

    After each chunk of `tested` bits Alice and Bob bound the error rate from all that was compared so far, each time at the
    failure :math:`\varepsilon`, and stop with a key as soon as the bound is at most :math:`e^*`. Eve sets the true rate e
    just above. Of one look the failure is at most :math:`\varepsilon`. Of many it is more, and of endlessly many it is certain
    (law of the iterated logarithm). It is counted by going through all numbers of errors, chunk by chunk: nothing is sampled.

    Parameters
    ----------
    error : float
        True error rate e of the line.
    tested : int
        Bits that are compared between two looks.
    looks : int
        Most looks J.
    failure : float
        :math:`\varepsilon` of each look. For all looks together take the J-th part of it.
    limit : float, optional
        :math:`e^*`. None: any bound below the truth is taken, the worst case.

    Returns
    -------
    float

    Examples
    --------
    >>> [round(stopping_failure(0.05, 1000, looks, 0.01), 4) for looks in (1, 10, 50)]
    [0.0093, 0.0412, 0.0753]
    >>> stopping_failure(0.05, 1000, 50, 0.01 / 50) < 0.01  # the repair, and its price is in the bound
    True

    References
    ----------
    Robbins, "Some aspects of the sequential design of experiments", 1952, doi:10.1090/S0002-9904-1952-09620-8.
    """
    rate, chunk, most = as_probability(error, "error"), as_count(tested, "tested"), as_count(looks, "looks")
    as_failure(failure)
    if limit is not None:
        as_probability(limit, "limit")
    one = binom.pmf(np.arange(_reach(chunk, rate)), chunk, rate)
    # Chances of each number of errors so far, among the sessions that go on.
    going, failed = np.ones(1), 0.0
    for look in range(1, most + 1):
        going = np.convolve(going, one)
        n = chunk * look
        going = going[: n + 1]
        errors = np.arange(going.size)
        # The bound lies below a rate just where so few errors are too unlikely at that rate: no need to invert it.
        wrong = bdtr(errors, n, rate) < failure
        ends = wrong if limit is None else bdtr(errors, n, limit) <= failure
        failed += float(going[ends & wrong].sum())
        going = np.where(ends, 0.0, going)[: _reach(n, rate)]
    return failed


def _reach(n: int, rate: float) -> int:
    """Return so many numbers of errors, from 0, that more come with less than the chance that is left out."""
    return int(min(binom.isf(_LEFT_OUT, n, rate) + 1, n)) + 1


def selection_failure(parts: int, failure: float) -> float:
    r"""Return how often the bound of the best-looking of several parts can be wrong, if all are alike.

    .. math:: 1 - (1 - \varepsilon)^m

    Of equal parts that with the fewest errors is the one whose bound is wrong, as soon as any is. It is the most that there can
    be, reached where each bound is wrong with just that probability; one of whole errors is wrong a little less often
    (:func:`stopping_failure` of one look), so put that number in for what happens.

    Parameters
    ----------
    parts : int
        m, each of which was tested on its own bits.
    failure : float
        :math:`\varepsilon` of each, stated or exact.

    Returns
    -------
    float

    Examples
    --------
    >>> round(selection_failure(20, 0.01), 4), selection_failure(20, 0.01 / 20) < 0.01
    (0.1821, True)
    """
    count, level = as_count(parts, "parts"), as_failure(failure)
    return float(-np.expm1(count * np.log1p(-level)))
