"""Denoising: Wiener's filter and its error, windows for a learned one, and a signal for which no linear filter is the best."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve_toeplitz

from qlearn._checks import as_count, as_probability, as_real, as_reals, as_rng


def wiener_error(a: float, noise: float) -> float:
    r"""Return the least mean squared error of a linear filter that sees all past and future, for AR(1) in white noise.

    .. math:: \epsilon = \frac1{2\pi}\int_{-\pi}^{\pi} \frac{S(\omega)\,r}{S(\omega)+r}\,d\omega
              = \frac{r(1-a^2)}{\sqrt{\bigl((1-a^2)+r(1+a^2)\bigr)^2-4a^2r^2}}

    The signal has variance 1 and the correlation :math:`a^{|k|}` at k steps, the noise has variance r. If both are
    Gaussian, no filter of any kind has a smaller error.

    Parameters
    ----------
    a : float
        What is left of the signal after a step, above -1 and below 1.
    noise : float
        Variance r of the noise, at least 0.

    Returns
    -------
    float

    Examples
    --------
    >>> round(wiener_error(0.9, 1.0), 6), round(wiener_error(0.0, 1.0), 6)
    (0.217945, 0.5)

    References
    ----------
    Wiener, "Extrapolation, Interpolation, and Smoothing of Stationary Time Series", 1949.
    """
    a, r = _as_process(a, noise)
    if r == 0:
        return 0.0
    q = 1 - a**2
    return float(r * q / np.sqrt((q + r * (1 + a**2)) ** 2 - 4 * a**2 * r**2))


def wiener_weights(a: float, noise: float, taps: int, ahead: int | None = None) -> NDArray[np.float64]:
    r"""Return the weights of the best linear filter over a window of an AR(1) signal in white noise, shape (taps,).

    .. math:: \bigl(R + r\,1\bigr)\,w = R_{\cdot j}, \qquad R_{ik} = a^{|i-k|}

    Parameters
    ----------
    a, noise
        As in :func:`wiener_error`.
    taps : int
        Length of the window.
    ahead : int, optional
        How many of the taps come after the sample that is wanted. None: half of them, rounded down.

    Returns
    -------
    ndarray of float, shape (taps,)
        In the order of time.

    Examples
    --------
    >>> wiener_weights(0.9, 1.0, 3).round(4)
    array([0.225 , 0.2975, 0.225 ])

    References
    ----------
    Haykin, "Adaptive Filter Theory", 2002, chapter 2.
    """
    a, r = _as_process(a, noise)
    lags, place = _lags(a, taps, ahead)
    column = lags.copy()
    column[0] += r
    return solve_toeplitz(column, a ** np.abs(np.arange(lags.size) - place))


def fir_error(weights: ArrayLike, a: float, noise: float, ahead: int | None = None) -> float:
    r"""Return the mean squared error of any linear filter over a window, for AR(1) in white noise.

    .. math:: \epsilon = 1 - 2\,w^{\mathsf T} R_{\cdot j} + w^{\mathsf T}(R + r\,1)\,w

    Parameters
    ----------
    weights : array_like of float, shape (taps,)
        In the order of time.
    a, noise, ahead
        As in :func:`wiener_weights`.

    Returns
    -------
    float

    Examples
    --------
    >>> round(fir_error(wiener_weights(0.9, 1.0, 5), 0.9, 1.0), 6)
    0.246082
    >>> round(fir_error(np.full(5, 1 / 5), 0.9, 1.0), 6)  # a plain mean
    0.283528
    """
    a, r = _as_process(a, noise)
    w = as_reals(weights, "weights")
    if w.ndim != 1 or not w.size:
        raise ValueError(f"weights must have shape (taps,), not {w.shape}")
    lags, place = _lags(a, w.size, ahead)
    i = np.arange(w.size)
    table = lags[np.abs(i[:, None] - i)]
    return float(1 - 2 * w @ lags[np.abs(i - place)] + w @ table @ w + r * w @ w)


def centred_windows(x: ArrayLike, taps: int) -> NDArray[np.float64]:
    """Return the window about each sample of a signal, shape (n, taps); the ends are mirrored.

    A model that is fitted on these rows and asked row by row is slid along the signal: with one hidden layer it is a
    convolutional network of one convolution, a filter for each hidden unit.

    Parameters
    ----------
    x : array_like of float, shape (n,)
        The signal, longer than half a window.
    taps : int
        Length of a window, an odd number.

    Returns
    -------
    ndarray of float, shape (n, taps)

    Examples
    --------
    >>> centred_windows([1.0, 2.0, 3.0, 4.0], taps=3)
    array([[2., 1., 2.],
           [1., 2., 3.],
           [2., 3., 4.],
           [3., 4., 3.]])
    """
    signal, width = as_reals(x, "x"), as_count(taps, "taps")
    if width % 2 == 0:
        raise ValueError(f"taps must be odd, so that a window has a middle, not {width}")
    if signal.ndim != 1 or signal.size <= width // 2:
        raise ValueError(
            f"x must have one axis and more than {width // 2} samples, half a window, not the shape {signal.shape}"
        )
    padded = np.pad(signal, width // 2, mode="reflect")
    return np.lib.stride_tricks.sliding_window_view(padded, width).copy()


def telegraph(n: int, switch: float, rng: Any = None) -> NDArray[np.float64]:
    r"""Return a random telegraph signal, +1 and -1 in turn, shape (n,).

    .. math:: P(s_{t+1} \ne s_t) = f, \qquad \langle s_t s_{t+k}\rangle = (1-2f)^k

    It has the spectrum of an AR(1) process with a = 1 - 2f, so the same linear filter is the best for both; but
    it is not Gaussian.

    Parameters
    ----------
    n : int
        Samples.
    switch : float
        Probability f to change the sign from one sample to the next.
    rng : None, int or numpy.random.Generator
        Source of the changes.

    Returns
    -------
    ndarray of float, shape (n,)

    Examples
    --------
    >>> telegraph(8, 0.3, rng=0)
    array([ 1., -1.,  1., -1., -1., -1., -1., -1.])
    """
    n, f, draw = as_count(n, "n"), as_probability(switch, "switch"), as_rng(rng)
    changes = draw.random(n) < f
    changes[0] = draw.random() < 0.5
    signs = np.where(np.cumsum(changes) % 2, -1.0, 1.0)
    return signs


def telegraph_mean(y: ArrayLike, switch: float, noise: float) -> NDArray[np.float64]:
    r"""Return the mean of telegraph signals given all of their noisy samples, shape (..., n).

    .. math:: \langle s_t \rangle_y = P(s_t = 1|y) - P(s_t = -1|y)

    No estimate has a smaller mean squared error. The probabilities come from the forward-backward algorithm, a sweep
    along the samples and one back.

    Parameters
    ----------
    y : array_like of float, shape (..., n)
        Signals in white Gaussian noise, time on the last axis.
    switch : float
        As in :func:`telegraph`.
    noise : float
        Variance of the noise, above 0.

    Returns
    -------
    ndarray of float, shape (..., n)

    Examples
    --------
    >>> telegraph_mean([0.9, 1.2, -0.1, 1.1], switch=0.05, noise=0.5).round(2)
    array([1.  , 1.  , 0.99, 1.  ])

    References
    ----------
    Rabiner, "A tutorial on hidden Markov models", 1989, doi:10.1109/5.18626.
    """
    values, f = as_reals(y, "y"), as_probability(switch, "switch")
    r = as_real(noise, "noise", above=0.0)
    if not values.ndim or not values.size:
        raise ValueError(f"y must have shape (..., n), at least one sample, not {values.shape}")
    evidence = values / r  # of half log-odds
    forward, backward = np.zeros_like(evidence), np.zeros_like(evidence)
    with np.errstate(divide="ignore"):
        stay, change = np.log(1 - f), np.log(f)
    for t in range(1, evidence.shape[-1]):
        forward[..., t] = _pass(forward[..., t - 1] + evidence[..., t - 1], stay, change)
        backward[..., -t - 1] = _pass(backward[..., -t] + evidence[..., -t], stay, change)
    return np.tanh(forward + evidence + backward)


def _pass(odds: NDArray[np.float64], stay: float, change: float) -> NDArray[np.float64]:
    """Return half log-odds one step away; in logarithms, for certainty must not overflow."""
    return (np.logaddexp(stay + odds, change - odds) - np.logaddexp(change + odds, stay - odds)) / 2


def _as_process(a: Any, noise: Any) -> tuple[float, float]:
    value = as_real(a, "a")
    if not abs(value) < 1:
        raise ValueError(
            f"a must lie between -1 and 1, not {value:g}: from 1 on the signal has no settled variance"
        )
    return value, as_real(noise, "noise", least=0.0)


def _lags(a: float, taps: Any, ahead: Any) -> tuple[NDArray[np.float64], int]:
    """Return the correlations of a window and the place of the wanted sample in it."""
    width = as_count(taps, "taps")
    after = width // 2 if ahead is None else as_count(ahead, "ahead", least=0)
    if after >= width:
        raise ValueError(
            f"ahead must be below taps = {width}, not {after}: the wanted sample lies in the window"
        )
    return a ** np.arange(width, dtype=np.float64), width - 1 - after
