"""How strong is the noise? Estimates from a count of errors: maximum likelihood, Bayes, and the exact error of each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, xlog1py, xlogy
from scipy.stats import beta

from qlearn._checks import (
    as_choice,
    as_count,
    as_probabilities,
    as_probability,
    as_real,
    as_reals,
    as_trials,
    same_length,
)
from qlearn.control.channel_estimation.estimation_bounds import SHARES, Probe, error_chance


def maximum_likelihood_noise(errors: ArrayLike, n: ArrayLike, probe: Probe = "qubit") -> NDArray[np.float64]:
    r"""Return the strength of depolarising noise that makes a count of errors most likely, shape (...).

    .. math:: \hat p = \min\Bigl(1,\; \frac{k}{s\,n}\Bigr), \qquad s = \tfrac12 \text{ (qubit)},\ \tfrac34 \text{ (pair)}

    Parameters
    ----------
    errors : array_like of int, shape (...)
        Probes k that came out wrong.
    n : array_like of int, shape (...)
        Probes sent.
    probe : {"qubit", "bell"}
        As for :func:`~qlearn.control.channel_estimation.fisher_information`.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> maximum_likelihood_noise([0, 5, 70], 100)
    array([0. , 0.1, 1. ])
    """
    as_choice(probe, SHARES, "probe")
    errors, trials = _as_errors(errors, n)
    return np.asarray(np.minimum(1.0, errors / (SHARES[probe] * trials)))


@dataclass(frozen=True)
class BetaPosterior:
    r"""What is believed of an error rate after a count: a Beta law.

    .. math:: e \sim \mathrm{Beta}(\alpha, \beta), \qquad \mathbb E[e] = \frac{\alpha}{\alpha + \beta}

    Parameters
    ----------
    alpha, beta : float
        Pseudo-counts of errors and of successes, above 0.

    Examples
    --------
    >>> believed = BetaPosterior(alpha=1 + 2, beta=1 + 98)  # 2 errors in 100, nothing believed before
    >>> round(believed.mean, 5), [round(end, 4) for end in believed.interval(0.95)]
    (0.02941, [0.0062, 0.0697])
    """

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        as_real(self.alpha, "alpha", above=0.0)
        as_real(self.beta, "beta", above=0.0)

    @property
    def mean(self) -> float:
        """The estimate of least mean square error, averaged over the belief."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def deviation(self) -> float:
        """The standard deviation of the belief."""
        return float(beta(self.alpha, self.beta).std())

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the ends between which the rate lies with this belief, as much of it on either side."""
        outside = (1 - as_probability(level, "level")) / 2
        low, high = beta(self.alpha, self.beta).ppf([outside, 1 - outside])
        return float(low), float(high)

    def update(self, errors: int, n: int) -> "BetaPosterior":
        """Return the belief after `errors` more errors in `n` more probes."""
        count, trials = (int(x) for x in _as_errors(errors, n))
        return BetaPosterior(self.alpha + count, self.beta + trials - count)


def posterior_mean_noise(
    n: int, strengths: ArrayLike, weights: ArrayLike | None = None, probe: Probe = "qubit"
) -> NDArray[np.float64]:
    r"""Return the mean strength of depolarising noise given each count 0 to n of errors, shape (n + 1,).

    .. math:: \hat p(k) = \frac{\sum_j w_j\, p_j\, B_n(k; s p_j)}{\sum_j w_j\, B_n(k; s p_j)}

    with the binomial law B. If strengths turn up with these weights, no function of the count has a smaller mean square
    error: this is what a learner that is trained on such strengths can at best become.

    Parameters
    ----------
    n : int
        Probes sent.
    strengths : array_like of float, shape (m,)
        Strengths that may turn up.
    weights : array_like of float, shape (m,), optional
        How often; None: all alike.
    probe : {"qubit", "bell"}
        As for :func:`~qlearn.control.channel_estimation.fisher_information`.

    Returns
    -------
    ndarray of float, shape (n + 1,)

    Examples
    --------
    >>> posterior_mean_noise(2, [0.0, 0.2]).round(3)  # one error, and it cannot have been 0
    array([0.09, 0.2 , 0.2 ])
    """
    n = as_count(n, "n")
    p, w = _weighted(strengths, weights)
    joint = w * count_law(n, error_chance(p, probe)).T
    total = joint.sum(axis=1)
    # A count that no strength allows never comes: whatever stands there is never used.
    return np.asarray(
        np.where(total > 0, joint @ p, np.average(p, weights=w)) / np.where(total > 0, total, 1.0)
    )


def mean_squared_error(table: ArrayLike, strengths: ArrayLike, probe: Probe = "qubit") -> NDArray[np.float64]:
    r"""Return the exact mean square error of an estimator of depolarising noise at each strength, shape (m,).

    .. math:: \mathrm{MSE}(p) = \sum_{k=0}^{n} \binom nk e^k (1-e)^{n-k}\,\bigl(\hat p(k) - p\bigr)^2

    A sum over all counts: nothing is simulated, so learned estimators can be compared to all digits.

    Parameters
    ----------
    table : array_like of float, shape (n + 1,)
        The estimator: what it answers to 0, 1, ..., n errors.
    strengths : array_like of float, shape (m,)
        True strengths p.
    probe : {"qubit", "bell"}
        As for :func:`~qlearn.control.channel_estimation.fisher_information`.

    Returns
    -------
    ndarray of float, shape (m,)

    Examples
    --------
    >>> plain = maximum_likelihood_noise(np.arange(101), 100)
    >>> pulled = 2 * (np.arange(101) + 1) / 102  # twice the mean of a Beta(1, 1) belief about the error rate
    >>> mean_squared_error(plain, [0.05]).round(6), mean_squared_error(pulled, [0.05]).round(6)
    (array([0.000975]), array([0.001284]))
    """
    answers = as_reals(table, "table")
    if answers.ndim != 1 or len(answers) < 2:
        raise ValueError(
            f"table must be the answers to 0, 1, ..., n errors, n at least 1, not of shape {answers.shape}"
        )
    p, _ = _weighted(strengths, None)
    n = len(answers) - 1
    law = count_law(n, error_chance(p, probe)).T
    return np.asarray((law * (answers[:, None] - p) ** 2).sum(axis=0))


def count_law(n: int, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the binomial chances of 0 to n errors, shape (..., n + 1), also where a chance is as small as floats are.

    >>> count_law(2, np.array([0.5, 5e-324])).round(3)
    array([[0.25, 0.5 , 0.25],
           [1.  , 0.  , 0.  ]])
    """
    k = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    e = np.asarray(chances)[..., None]
    return np.asarray(np.exp(ways + xlogy(k, e) + xlog1py(n - k, -e)))


def _as_errors(errors: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    trials = as_trials(n).astype(float)
    counts = as_reals(errors, "errors", least=0.0)
    if (counts != np.floor(counts)).any() or (counts > trials).any():
        raise ValueError(
            f"errors must be whole numbers from 0 to the n = {trials} probes that were sent, not {counts}"
        )
    return counts, trials


def _weighted(
    strengths: ArrayLike, weights: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return strengths and their shares, which sum to 1."""
    p = as_probabilities(strengths, "strengths", "strengths of noise")
    if p.ndim != 1 or not p.size:
        raise ValueError(f"strengths must have one axis and at least one entry, not shape {p.shape}")
    w = np.ones(len(p)) if weights is None else as_reals(weights, "weights", least=0.0)
    same_length(p, np.atleast_1d(w), "strengths and weights")
    if not w.sum() > 0:
        raise ValueError("weights must not all be 0: something has to turn up")
    return p, w / w.sum()
