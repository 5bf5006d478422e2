"""Control charts: how long Shewhart's limits and an exponentially weighted mean keep quiet, and how soon they see a shift."""

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from qlearn._checks import as_real
from qlearn.control.eavesdropper_detection.cusum import absorption_time, length_or_longest

# The kernel is a normal density: some nodes for each of its widths, and never few.
_LEAST_NODES = 200
_NODES_A_WIDTH = 4
# The narrower the kernel and the wider the limits, the more nodes its quadrature takes.
_LEAST_WEIGHT = 0.02
_WIDEST = 40.0


def shewhart_run_length(limit: float, shift: float = 0.0) -> float:
    r"""Return the average run length of Shewhart's chart, which looks at each block by itself, in blocks.

    .. math:: \frac1L = \Pr(|x| > c) = \Phi(-c - \delta) + \Phi(-c + \delta), \qquad x \sim N(\delta, 1)

    Parameters
    ----------
    limit : float
        c, on both sides, above 0, in standard deviations.
    shift : float
        :math:`\delta`, in standard deviations.

    Returns
    -------
    float
        Blocks.

    Examples
    --------
    >>> round(shewhart_run_length(3.0), 3), round(shewhart_run_length(3.0, shift=1.0), 3)
    (370.398, 43.895)

    References
    ----------
    Shewhart, *Economic Control of Quality of Manufactured Product* (1931).
    """
    limit, shift = as_real(limit, "limit", above=0), as_real(shift, "shift")
    chance = float(norm.cdf(-limit - shift) + norm.cdf(-limit + shift))
    if chance < np.finfo(float).tiny:
        raise ValueError(
            f"limit must be lower, not {limit:g}: the chance of an alarm is below the smallest number"
        )
    return 1 / chance


def ewma_run_length(weight: float, limit: float, shift: float = 0.0) -> float:
    r"""Return the average run length of a chart of an exponentially weighted mean, in blocks.

    .. math:: z_t = (1-\lambda) z_{t-1} + \lambda x_t, \qquad
              \text{alarm when } |z_t| > c\,\sqrt{\frac{\lambda}{2-\lambda}}, \qquad x_t \sim N(\delta, 1)

    The limit is that of the settled mean, c of its standard deviations, and :math:`z_0 = 0`. The run length solves

    .. math:: L(u) = 1 + \frac1\lambda\int_{-h}^{h} L(x)\,\varphi\Bigl(\frac{x - (1-\lambda)u}{\lambda} - \delta\Bigr)dx .

    Parameters
    ----------
    weight : float
        :math:`\lambda`, of the newest block, 0.02 to 1. With 1 it is Shewhart's chart.
    limit : float
        c, above 0, at most 40.
    shift : float
        :math:`\delta`, in standard deviations.

    Returns
    -------
    float
        Blocks.

    Examples
    --------
    >>> round(ewma_run_length(0.1, 2.814), 1), round(ewma_run_length(0.1, 2.814, shift=1.0), 1)
    (499.6, 10.3)

    References
    ----------
    Crowder, Technometrics 29, 401 (1987), doi:10.1080/00401706.1987.10488267.
    """
    weight = as_real(weight, "weight", least=_LEAST_WEIGHT, most=1.0)
    limit, shift = as_real(limit, "limit", above=0, most=_WIDEST), as_real(shift, "shift")
    edge = limit * np.sqrt(weight / (2 - weight))
    nodes, weights = np.polynomial.legendre.leggauss(
        max(_LEAST_NODES, int(_NODES_A_WIDTH * 2 * edge / weight))
    )
    nodes, weights = edge * nodes, edge * weights
    starts = np.concatenate([[0.0], nodes])
    # The first column is the start at 0, a state that is never entered again but by way of the nodes.
    kernel = norm.pdf((nodes - (1 - weight) * starts[:, None]) / weight - shift) * weights / weight
    low, high = ((end - (1 - weight) * starts) / weight - shift for end in (-edge, edge))
    stays = np.where(low > 0, norm.sf(low) - norm.sf(high), norm.cdf(high) - norm.cdf(low))
    return absorption_time(np.column_stack([np.zeros(len(starts)), kernel]), stays, "limit")


def ewma_limit_for(arl0: float, weight: float = 0.1) -> float:
    """Return the limit c at which :func:`ewma_run_length` is `arl0` without a shift.

    Parameters
    ----------
    arl0 : float
        Blocks between false alarms, 2 to 1e10.
    weight : float
        As there.

    Returns
    -------
    float
        In standard deviations of the settled mean.

    Examples
    --------
    >>> limit = ewma_limit_for(1000, weight=0.1)
    >>> round(limit, 3), round(ewma_run_length(0.1, limit), 6), round(ewma_run_length(0.1, limit, shift=1.0), 2)
    (3.059, 1000.0, 11.74)

    References
    ----------
    The root of :func:`ewma_run_length`.
    """
    wanted = as_real(arl0, "arl0", least=2.0, most=1e10)
    weight = as_real(weight, "weight", least=_LEAST_WEIGHT, most=1.0)

    def excess(limit: float) -> float:
        return float(np.log(length_or_longest(ewma_run_length, weight, limit) / wanted))

    return float(brentq(excess, 1e-6, 7.0, xtol=1e-12))


def shewhart_limit_for(arl0: float) -> float:
    r"""Return the limit c at which :func:`shewhart_run_length` is `arl0` without a shift: :math:`-\Phi^{-1}(1/(2L))`.

    Parameters
    ----------
    arl0 : float
        Blocks between false alarms, 2 to 1e10.

    Returns
    -------
    float
        In standard deviations.

    Examples
    --------
    >>> limit = shewhart_limit_for(1000)
    >>> round(limit, 4), round(shewhart_run_length(limit), 6)
    (3.2905, 1000.0)

    References
    ----------
    Shewhart, *Economic Control of Quality of Manufactured Product* (1931).
    """
    return float(-norm.ppf(0.5 / as_real(arl0, "arl0", least=2.0, most=1e10)))
