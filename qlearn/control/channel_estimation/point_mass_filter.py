"""Bayes' rule on a grid: the optimal filter of one drifting number whose measurements are not Gaussian."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_real, as_reals


@dataclass(frozen=True)
class GridBelief:
    """What is believed at each of n steps over k states of a grid; made by :func:`grid_filter`.

    Attributes
    ----------
    states : ndarray of float, shape (k,)
        The grid.
    predicted : ndarray of float, shape (n, k)
        Chances of the states before the measurement of a step.
    updated : ndarray of float, shape (n, k)
        And after it.
    log_likelihood : float
        Of all measurements, in nats.
    missing : ndarray of int
        Steps without a measurement.
    """

    states: NDArray[np.float64]
    predicted: NDArray[np.float64]
    updated: NDArray[np.float64]
    log_likelihood: float
    missing: NDArray[np.intp]


def grid_filter(log_likelihoods: ArrayLike, states: ArrayLike, a: float, process_noise: float) -> GridBelief:
    r"""Return the belief about a Gauss-Markov drift at each step, from measurements of any law.

    .. math:: P(x_{t+1} \mid z_{\le t}) = \sum_{x} T(x_{t+1}|x)\,P(x \mid z_{\le t}), \qquad
              P(x_t \mid z_{\le t}) \propto P(z_t|x_t)\,P(x_t \mid z_{<t})

    on a grid of states, from the settled law of the drift on. As the grid becomes fine and wide, its means become those
    of least mean square error for *any* law of measurement; where that law is Gaussian they are the Kalman filter's.

    Parameters
    ----------
    log_likelihoods : array_like of float, shape (n, k)
        Of what was measured at each step, were the drift at each state of the grid; minus infinity where it could not
        be. A row of NaN where nothing was measured: then it only predicts.
    states : array_like of float, shape (k,)
        The grid, rising and even; finer than the root of `process_noise`.
    a : float
        What is left of the state after a step, between -1 and 1.
    process_noise : float
        Variance of a step, above 0.

    Returns
    -------
    GridBelief

    Raises
    ------
    ValueError
        If the grid is too coarse or too narrow for the drift, or a measurement fits no state of it.

    Examples
    --------
    >>> states = np.linspace(-5, 5, 201)
    >>> z = np.array([1.0, 2.0, np.nan])  # Gaussian here, to compare: unit noise
    >>> told = grid_filter(-((z[:, None] - states) ** 2) / 2, states, a=0.9, process_noise=0.19)
    >>> (told.updated @ states).round(3), told.missing
    (array([0.5  , 1.028, 0.925]), array([2]))

    References
    ----------
    R. S. Bucy and K. D. Senne, Automatica 7, 287 (1971), doi:10.1016/0005-1098(71)90121-X.
    """
    grid = as_reals(states, "states")
    logs = np.asarray(log_likelihoods, float)
    a = as_real(a, "a", least=-1.0, most=1.0)
    q = as_real(process_noise, "process_noise", above=0.0)
    if abs(a) == 1:
        raise ValueError("a must lie between -1 and 1: a random walk settles nowhere, and leaves every grid")
    if grid.ndim != 1 or len(grid) < 3 or not (np.diff(grid) > 0).all():
        raise ValueError(f"states must be a rising grid of at least 3 numbers, not of shape {grid.shape}")
    step = np.diff(grid)
    if np.ptp(step) > 1e-6 * step.mean() or step.mean() > np.sqrt(q):
        raise ValueError(
            f"states must be even, and no further apart than the root of process_noise, {np.sqrt(q):.3g}"
        )
    settled = np.sqrt(q / (1 - a**2))
    if -grid[0] < 3 * settled or grid[-1] < 3 * settled:
        raise ValueError(f"states must reach three settled deviations, {3 * settled:.3g}, to both sides of 0")
    if logs.ndim != 2 or logs.shape[1] != len(grid) or not len(logs):
        raise ValueError(
            f"log_likelihoods must have shape (n, {len(grid)}), one for each state, not {logs.shape}"
        )
    if (logs == np.inf).any():
        raise ValueError("log_likelihoods must be below infinity: no measurement is infinitely likely")
    gone = np.isnan(logs).all(axis=1)
    if np.isnan(logs[~gone]).any():
        raise ValueError("log_likelihoods must be NaN in all of a row or in none of it")

    move = np.exp(-((grid[None, :] - a * grid[:, None]) ** 2) / (2 * q))
    move /= move.sum(axis=1, keepdims=True)
    belief = np.exp(-(grid**2) / (2 * settled**2))
    belief /= belief.sum()
    predicted, updated, nats = np.empty(logs.shape), np.empty(logs.shape), 0.0
    for t, row in enumerate(logs):
        predicted[t] = belief
        if not gone[t]:
            top = row.max()
            joint = belief * np.exp(row - top) if np.isfinite(top) else np.zeros_like(belief)
            total = joint.sum()
            if not total > 0:
                raise ValueError(
                    f"the measurement of step {t} fits no state of the grid: widen it, or look at the data"
                )
            belief = joint / total
            nats += float(top + np.log(total))
        updated[t] = belief
        belief = belief @ move
    return GridBelief(grid, predicted, updated, nats, np.flatnonzero(gone))
