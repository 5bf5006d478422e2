"""Turbulence: a transmittance whose logarithm drifts, as through air; and the clicks of reference light by which it shows."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, xlogy

from qlearn._checks import as_real, as_reals


def lognormal_transmittance(drift: ArrayLike, mean: float, spread: float) -> NDArray[np.float64]:
    r"""Return the transmittance of a path through weak turbulence, shape (...), from a drift of variance 1.

    .. math:: \eta = \min\bigl(1,\; \bar\eta\, e^{\sigma x - \sigma^2/2}\bigr)

    With :math:`x \sim N(0, 1)` the mean of :math:`\eta` is :math:`\bar\eta`, apart from the cut at 1: nothing is
    amplified on the way.

    Parameters
    ----------
    drift : array_like of float, shape (...)
        x, for instance of :func:`~qlearn.control.channel_estimation.gauss_markov` with ``process_noise = 1 - a**2``.
    mean : float
        Mean transmittance, above 0 and at most 1.
    spread : float
        Standard deviation of its natural logarithm. The law is one of weak turbulence, where the scintillation index
        :math:`e^{\sigma^2} - 1` is below 1: spreads below 0.83.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> lognormal_transmittance([-1, 0, 1], mean=0.1, spread=0.5).round(4)
    array([0.0535, 0.0882, 0.1455])

    References
    ----------
    L. C. Andrews and R. L. Phillips, *Laser Beam Propagation through Random Media* (2005), chapter 5.
    """
    x = as_reals(drift, "drift")
    mean = as_real(mean, "mean", above=0.0, most=1.0)
    spread = as_real(spread, "spread", least=0.0)
    return np.asarray(np.minimum(1.0, mean * np.exp(spread * x - spread**2 / 2)))


def click_log_likelihood(clicks: ArrayLike, expected: ArrayLike) -> NDArray[np.float64]:
    r"""Return the log likelihood of counts of reference light, in nats, shape (n, k), at each of k expectations.

    .. math:: \log P(c\,|\,\lambda) = c \log\lambda - \lambda - \log c!

    Parameters
    ----------
    clicks : array_like of float, shape (n,)
        Counts, 0 or more; NaN where a block was not counted, which makes its row NaN.
    expected : array_like of float, shape (k,)
        Mean counts :math:`\lambda`, above 0: one for each state of a grid.

    Returns
    -------
    ndarray of float, shape (n, k)

    Raises
    ------
    ValueError
        If a count is negative or no whole number: that is beyond the physical.

    Examples
    --------
    >>> click_log_likelihood([0, 2], [1.0, 2.0]).round(3)
    array([[-1.   , -2.   ],
           [-1.693, -1.307]])
    """
    counts = np.asarray(clicks, float)
    seen = counts[~np.isnan(counts)]
    if counts.ndim != 1 or (seen < 0).any() or (seen != np.floor(seen)).any() or np.isinf(seen).any():
        raise ValueError(
            f"clicks must be one axis of whole numbers, 0 or more, NaN where none was counted, not {counts}"
        )
    mean = as_reals(expected, "expected")
    if mean.ndim != 1 or not (mean > 0).all():
        raise ValueError("expected must be one axis of mean counts above 0: one for each state")
    rows = counts[:, None]
    return np.asarray(xlogy(rows, mean) - mean - gammaln(rows + 1))
