"""A drift of which nothing is known: its memory and its noises by maximum likelihood, from noisy measurements alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

from qlearn.control.channel_estimation.kalman import KalmanFilter

_FEWEST = 20


@dataclass(frozen=True)
class DriftFit:
    """A fitted model of drift and measurement; made by :func:`fit_gauss_markov`.

    Attributes
    ----------
    mean : float
        What the drift returns to.
    a, process_noise, measurement_noise : float
        As of :func:`~qlearn.control.channel_estimation.kalman_steady_state`.
    log_likelihood : float
        In nats.
    missing : ndarray of int
        Steps without a measurement, which were only predicted.
    """

    mean: float
    a: float
    process_noise: float
    measurement_noise: float
    log_likelihood: float
    missing: NDArray[np.intp]

    def kalman_filter(self) -> KalmanFilter:
        """Return the Kalman filter of this model for measurements from which `mean` was taken, settled at the start."""
        return KalmanFilter(
            self.a, self.process_noise, self.measurement_noise, 0.0, self.process_noise / (1 - self.a**2)
        )


def fit_gauss_markov(measurements: ArrayLike) -> DriftFit:
    r"""Return the Gauss-Markov drift and the white noise that make a record of n measurements most likely.

    .. math:: \max_{0<a<1,\, q,\, r}\; -\tfrac12 \sum_t \Bigl[ \log 2\pi S_t + \frac{(z_t - \hat z_t)^2}{S_t} \Bigr]

    with the predictions :math:`\hat z_t` of the Kalman filter of (a, q, r) and their variances :math:`S_t`. The mean of
    the record is taken off first. A drift whose sign alternates, with a below 0, is not looked for: from such a record
    comes white noise, with hardly any memory.

    Parameters
    ----------
    measurements : array_like of float, shape (n,)
        At least 20 that are not NaN; NaN where nothing was measured.

    Returns
    -------
    DriftFit

    Raises
    ------
    ValueError
        If there are too few, one is infinite, or all are equal.

    Examples
    --------
    >>> from qlearn.control.channel_estimation import gauss_markov
    >>> rng = np.random.default_rng(2)
    >>> x = gauss_markov(4000, 0.9, 0.19, rng=rng)
    >>> fit = fit_gauss_markov(x + rng.normal(scale=0.5, size=4000))
    >>> round(fit.a, 1), round(fit.process_noise, 1), round(fit.measurement_noise, 1)
    (0.9, 0.2, 0.3)

    References
    ----------
    J. Durbin and S. J. Koopman, *Time Series Analysis by State Space Methods* (2012), section 7.2.
    """
    z = np.asarray(measurements, float)
    if z.ndim != 1 or np.isinf(z).any():
        raise ValueError("measurements must be one axis of finite numbers, NaN where one is missing")
    seen = z[~np.isnan(z)]
    if len(seen) < _FEWEST:
        raise ValueError(
            f"measurements must hold at least {_FEWEST} numbers, not {len(seen)}: three parameters are fitted"
        )
    mean, variance = float(seen.mean()), float(seen.var())
    if not variance > 0:
        raise ValueError("measurements must not all be equal: there is no drift to fit")
    centred = ((z - mean) / np.sqrt(variance)).tolist()

    def cost(parameters: NDArray[np.float64]) -> float:
        a, q, r = _unpacked(parameters)
        return -_log_likelihood(centred, a, q, r)

    starts = [
        np.array([logit(memory), np.log(share), np.log(1 - share)])
        for memory, share in ((0.9, 0.5), (0.5, 0.8))
    ]
    fits = [
        minimize(cost, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6})
        for start in starts
    ]
    found = min(fits, key=lambda fit: float(fit.fun))
    a, q, r = _unpacked(found.x)
    nats = -float(found.fun) - len(seen) * np.log(variance) / 2
    return DriftFit(mean, a, q * variance, r * variance, float(nats), np.flatnonzero(np.isnan(z)))


def _unpacked(parameters: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return a, q, r from the logit of a, and the logarithms of the settled variance and of r."""
    a = float(np.clip(expit(parameters[0]), 1e-6, 1 - 1e-6))
    settled, r = np.exp(np.clip(parameters[1:], -14, 14))
    return a, float(settled * (1 - a**2)), float(r)


def _log_likelihood(z: list[float], a: float, q: float, r: float) -> float:
    """Return what the Kalman filter gives, of one number and in floats: a fit runs it some hundred times."""
    mean, variance, squares = 0.0, q / (1 - a * a), 0.0
    spreads: list[float] = []
    for measured in z:
        if measured == measured:  # not NaN
            spread = variance + r
            surprise = measured - mean
            squares += surprise * surprise / spread
            spreads.append(spread)
            gain = variance / spread
            mean += gain * surprise
            variance = gain * r
        mean, variance = a * mean, a * a * variance + q
    log_variances = float(np.log(spreads).sum()) + len(spreads) * float(np.log(2 * np.pi))
    return -(log_variances + squares) / 2
