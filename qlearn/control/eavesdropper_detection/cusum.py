"""CUSUM: a sum that grows while something is off, how soon it alarms, and how long it keeps quiet, exactly."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import xlogy
from scipy.stats import binom, norm

from qlearn._checks import as_count, as_real, as_reals
from qlearn._types import Array

# Gauss-Legendre nodes: the kernel is a normal density of width 1, so some a unit of length, and never few.
_NODES_A_UNIT = 8
_LEAST_NODES = 40
# Beyond it a run length has no digits left: 1 - K is singular to rounding.
_LONGEST = 1e11
# Below it no rounding is to blame.
_SURE = 1e6
# The equations are as many as the threshold is long: beyond these they would take gigabytes and minutes.
_HIGHEST = 200.0
_MOST_STATES = 2000


def average_run_length(reference: float, threshold: float, shift: float = 0.0) -> float:
    r"""Return the average run length of a one-sided CUSUM of normal numbers: blocks until it alarms, on average.

    .. math:: S_t = \max(0,\; S_{t-1} + x_t - k), \qquad \text{alarm when } S_t > h, \qquad x_t \sim N(\delta, 1)

    From :math:`S = z` the run length solves a Fredholm equation of the second kind,

    .. math:: L(z) = 1 + L(0)\,\Phi(k - \delta - z) + \int_0^h L(x)\,\varphi(x - z + k - \delta)\,dx ,

    here by Gauss-Legendre quadrature, which for this smooth kernel is right to some ten digits. Without a shift it is the
    mean time between false alarms, with one the mean delay, of a sum that starts at 0.

    Parameters
    ----------
    reference : float
        k, at least 0, in standard deviations: half the shift that one wants to see soon.
    threshold : float
        h, above 0, at most 200, in standard deviations.
    shift : float
        :math:`\delta`, the mean of the numbers, in standard deviations.

    Returns
    -------
    float
        Blocks, at least 1.

    Raises
    ------
    ValueError
        If a parameter is out of range, or the run is so long (beyond 1e11) that rounding leaves no digits.

    Examples
    --------
    >>> round(average_run_length(0.5, 4.0), 2), round(average_run_length(0.5, 4.0, shift=1.0), 3)
    (335.37, 8.383)

    References
    ----------
    Page, Biometrika 41, 100 (1954), doi:10.1093/biomet/41.1-2.100.
    """
    k = as_real(reference, "reference", least=0)
    h = as_real(threshold, "threshold", above=0, most=_HIGHEST)
    drift = k - as_real(shift, "shift")
    half, weights = np.polynomial.legendre.leggauss(max(_LEAST_NODES, int(_NODES_A_UNIT * h)))
    nodes, weights = h * (half + 1) / 2, h * weights / 2
    starts = np.concatenate([[0.0], nodes])
    chances = np.column_stack([norm.cdf(drift - starts), weights * norm.pdf(nodes - starts[:, None] + drift)])
    return absorption_time(chances, norm.cdf(h - starts + drift), "threshold")


def absorption_time(chances: Array, stays: Array, name: str) -> float:
    """Return the steps until a chain with these chances of going on, in sum `stays`, ends, from its first state."""
    with np.errstate(all="ignore"):
        # A quadrature is off in its last digits, and a long run is one over what a row's sum lacks of 1.
        kernel = chances * np.nan_to_num(stays / chances.sum(axis=1))[:, None]
        length = _solved(kernel)
        # Of a singular system comes any number, a plausible one too. A chain that is also stopped every 1e12 steps is regular.
        if not 0 < length < _SURE and not 0 < _solved(kernel * (1 - 0.1 / _LONGEST)) < _LONGEST:
            length = np.inf
    if not 0 < length < np.inf:
        raise ValueError(
            f"{name} must be lower: the run is longer than {_LONGEST:g} blocks, and rounding leaves no digits of it"
        )
    return max(length, 1.0)


def length_or_longest(run_length: Callable[[float, float], float], first: float, second: float) -> float:
    """Return the run length, or the longest there is where it is longer than rounding leaves digits of."""
    try:
        return run_length(first, second)
    except ValueError:
        return _LONGEST


def _solved(kernel: Array) -> float:
    try:
        return float(np.linalg.solve(np.eye(len(kernel)) - kernel, np.ones(len(kernel)))[0])
    except np.linalg.LinAlgError:
        return np.inf


def two_sided_run_length(reference: float, threshold: float, shift: float = 0.0) -> float:
    r"""Return the average run length of two CUSUMs, one for numbers that rise and one for numbers that fall.

    .. math:: \frac1L = \frac1{L_+(\delta)} + \frac1{L_-(\delta)}, \qquad L_-(\delta) = L_+(-\delta)

    Exact for sums with one reference and one threshold, for when one of them alarms the other is at 0: as long as both are
    positive, their sum only falls, by 2k a block, and it began with one of them at 0 and the other at h at most.

    Parameters
    ----------
    reference, threshold, shift
        As for :func:`average_run_length`.

    Returns
    -------
    float
        Blocks.

    Examples
    --------
    >>> round(two_sided_run_length(0.5, 5.0), 2)
    465.44

    References
    ----------
    Kemp, J. R. Stat. Soc. B 23, 149 (1961); proved above.
    """
    toward = average_run_length(reference, threshold, abs(as_real(shift, "shift")))
    try:
        away = average_run_length(reference, threshold, -abs(shift))
    except ValueError:  # longer than rounding leaves digits of: it adds nothing then
        away = np.inf
    return 1 / (1 / toward + 1 / away)


def threshold_for(arl0: float, reference: float = 0.5, *, two_sided: bool = False) -> float:
    r"""Return the threshold h at which a CUSUM raises a false alarm once in `arl0` blocks on average.

    Parameters
    ----------
    arl0 : float
        Blocks between false alarms, 2 to 1e10.
    reference : float
        k, in standard deviations. Near 0 the threshold grows as the root of `arl0`; one above 200 is refused.
    two_sided : bool
        Whether both directions alarm.

    Returns
    -------
    float
        In standard deviations.

    Examples
    --------
    >>> round(threshold_for(1000), 6)
    5.070704
    >>> round(two_sided_run_length(0.5, threshold_for(1000, two_sided=True)), 6)
    1000.0

    References
    ----------
    The root of :func:`average_run_length`.
    """
    wanted = as_real(arl0, "arl0", least=2.0, most=1e10)
    k = as_real(reference, "reference", least=0.0)

    def length(k: float, h: float) -> float:
        return length_or_longest(two_sided_run_length if two_sided else average_run_length, k, h)

    low, high = 1e-9, 1.0
    if length(k, low) > wanted:
        raise ValueError(
            f"reference must be lower for arl0 = {wanted:g}: with {k:g} even the lowest threshold alarms only "
            f"once in {length(k, low):.4g} blocks"
        )
    while length(k, high) < wanted:
        if high == _HIGHEST:
            raise ValueError(
                f"reference must be higher for arl0 = {wanted:g}: with {k:g} the threshold would be above {_HIGHEST:g} "
                "standard deviations"
            )
        low, high = high, min(1.5 * high, _HIGHEST)
    return float(brentq(lambda h: np.log(length(k, h) / wanted), low, high, xtol=1e-12))


def count_reference(n: int, p0: float, p1: float) -> float:
    r"""Return the reference K of a CUSUM of counts that is the likelihood ratio of two error rates.

    .. math:: K = n\,\frac{\ln\frac{1-p_0}{1-p_1}}{\ln\frac{p_1(1-p_0)}{p_0(1-p_1)}}

    A block of n bits with X errors adds :math:`X - K` to the sum, which is its log-likelihood ratio but for a factor; K lies
    between :math:`n p_0` and :math:`n p_1`.

    Parameters
    ----------
    n : int
        Bits a block.
    p0, p1 : float
        Error rates without and with Eve, 0 < p0 < p1 < 1.

    Returns
    -------
    float
        Errors a block.

    Examples
    --------
    >>> round(count_reference(1000, 0.02, 0.03), 4)
    24.6716
    >>> round(count_run_length(1000, 0.03, reference=25, threshold=25), 3)
    5.685

    References
    ----------
    Page, Biometrika 41, 100 (1954), doi:10.1093/biomet/41.1-2.100; Moustakides, Ann. Stat. 14, 1379 (1986),
    doi:10.1214/aos/1176350164 (no other rule with as rare false alarms has a shorter worst delay).
    """
    n, (p0, p1) = as_count(n, "n"), as_two_rates(p0, p1)
    quiet, odds = np.log1p(-p0) - np.log1p(-p1), np.log(p1 / p0)
    return float(n * quiet / (odds + quiet))


def as_two_rates(p0: Any, p1: Any) -> tuple[float, float]:
    """Return two error rates, the first one lower, both possible and neither certain."""
    low, high = as_real(p0, "p0"), as_real(p1, "p1")
    if not 0 < low < high < 1:
        raise ValueError(
            f"p0 and p1 must satisfy 0 < p0 < p1 < 1, not {low:g} and {high:g}: without and with Eve"
        )
    return low, high


def count_run_length(n: int, p: float, reference: int, threshold: int) -> float:
    r"""Return the average run length of a CUSUM of error counts, in blocks.

    .. math:: S_t = \max(0,\; S_{t-1} + X_t - K), \qquad \text{alarm when } S_t \ge H, \qquad X_t \sim \text{Bin}(n, p)

    With whole K and H the sum is a Markov chain on 0, ..., H - 1, and the run length the solution of H equations.

    Parameters
    ----------
    n : int
        Bits a block.
    p : float
        Their true error rate, 0 to 1.
    reference, threshold : int
        K, at least 0 and below n, and H, 1 to 2000, in errors. A fraction :math:`K = a/b` is a chain of b-ths: scale the counts.

    Returns
    -------
    float
        Blocks.

    Examples
    --------
    >>> k = round(count_reference(1000, 0.02, 0.03))
    >>> [round(count_run_length(1000, p, k, threshold=25), 3) for p in (0.025, 0.03)]
    [37.697, 5.685]

    References
    ----------
    Brook and Evans, Biometrika 59, 539 (1972), doi:10.1093/biomet/59.3.539.
    """
    n, k, h = as_count(n, "n"), as_count(reference, "reference", least=0), as_count(threshold, "threshold")
    p = as_real(p, "p", least=0, most=1)
    if k >= n:
        raise ValueError(f"reference must be below n = {n}, not {k}: no block would raise the sum")
    if h > _MOST_STATES:
        raise ValueError(
            f"threshold must be at most {_MOST_STATES} errors, not {h}: so many equations are solved"
        )
    states = np.arange(h)
    counts = states[None, :] - states[:, None] + k
    chances = binom.pmf(counts, n, p)
    chances[:, 0] = binom.cdf(k - states, n, p)
    return absorption_time(chances, binom.cdf(h - 1 - states + k, n, p), "threshold")


def error_log_likelihood(errors: ArrayLike, sifted: ArrayLike, p0: float, p1: float) -> Array:
    r"""Return the log-likelihood ratio of each block's errors, in nats, shape (...): what a CUSUM or a sequential test adds up.

    .. math:: \Lambda = X \ln\frac{p_1}{p_0} + (n - X)\ln\frac{1-p_1}{1-p_0}

    Blocks may differ in size. One that is missing, or in which nothing was sifted, gives nan, which the online detectors
    skip and note.

    Parameters
    ----------
    errors, sifted : array_like, shape (...)
        Counts; nan, or masked, where the block is missing.
    p0, p1 : float
        Error rates without and with Eve, 0 < p0 < p1 < 1.

    Returns
    -------
    ndarray of float, shape (...)

    Raises
    ------
    ValueError
        If a count is negative, infinite, or there are more errors than bits.

    Examples
    --------
    >>> error_log_likelihood([20, 30, float("nan")], 1000, 0.02, 0.03).round(2)
    array([-1.94,  2.22,   nan])

    References
    ----------
    Wald, Ann. Math. Stat. 16, 117 (1945), doi:10.1214/aoms/1177731118.
    """
    p0, p1 = as_two_rates(p0, p1)
    wrong, total = (
        np.asarray(np.ma.asarray(x, dtype=float).filled(np.nan), dtype=float) for x in (errors, sifted)
    )
    missing = np.isnan(wrong) | np.isnan(total)
    as_reals(np.where(np.isnan(wrong), 0.0, wrong), "errors", least=0)
    as_reals(np.where(np.isnan(total), 0.0, total), "sifted", least=0)
    if (wrong > total).any():
        at = np.unravel_index(int(np.argmax(wrong > total)), missing.shape)
        raise ValueError(
            f"errors must not exceed sifted: {np.broadcast_to(wrong, missing.shape)[at]:g} of "
            f"{np.broadcast_to(total, missing.shape)[at]:g} bits is an error rate above 1"
        )
    ratio = xlogy(wrong, p1 / p0) + (total - wrong) * (np.log1p(-p1) - np.log1p(-p0))
    return np.asarray(np.where(missing | (total == 0), np.nan, ratio))
