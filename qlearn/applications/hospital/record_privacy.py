r"""Record privacy: gradients clipped patient by patient and blurred, so that no one patient shows in the sum."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import expit, log_ndtr, ndtr

from qlearn._checks import as_count, as_failure, as_real, as_reals, as_rng, same_length
from qlearn._types import Array
from qlearn.networks.secure_aggregation.privacy import noise_share


def clipped_gradient_sum(X: ArrayLike, y: ArrayLike, theta: ArrayLike, most: float) -> Array:
    r"""Return the sum of the gradients of logistic regression, each no longer than `most`, shape (n_features + 1,).

    .. math:: \sum_i g_i \min\!\Bigl(1, \frac{C}{\lVert g_i\rVert}\Bigr), \qquad
              g_i = \bigl(\sigma(\theta\cdot(x_i, 1)) - y_i\bigr)\,(x_i, 1)

    One patient more or less moves it by at most :math:`C`, whatever is in the record. To clip the *sum* of a hospital bounds
    what a hospital does, and not what a patient does.

    Parameters
    ----------
    X : array_like of float, shape (n, n_features)
        Patients of one hospital, on the common scale.
    y : array_like of 0/1, shape (n,)
        Labels.
    theta : array_like of float, shape (n_features + 1,)
        Weights, and the offset as the last number.
    most : float
        :math:`C`, above 0.

    Returns
    -------
    ndarray of float64, shape (n_features + 1,)

    Examples
    --------
    >>> clipped_gradient_sum([[0.0], [3.0]], [0, 1], [0.0, 0.0], most=1.0).round(3)
    array([-0.949,  0.184])

    References
    ----------
    Abadi et al., "Deep learning with differential privacy", 2016, arXiv:1607.00133, algorithm 1.
    """
    rows, labels = _rows(X, y)
    weights, bound = as_reals(theta, "theta"), as_real(most, "most", above=0)
    if weights.shape != (rows.shape[1] + 1,):
        raise ValueError(
            f"theta must have {rows.shape[1] + 1} numbers, a weight for each feature and the offset, not shape {weights.shape}"
        )
    inputs = np.column_stack([rows, np.ones(len(rows))])
    # Of parts of the largest, whose sums and squares do not overflow: a record of huge numbers is clipped like any other.
    largest, heaviest = np.abs(inputs).max(axis=1), max(float(np.abs(weights).max()), 1.0)
    parts = inputs / largest[:, None]
    norms = np.linalg.norm(parts, axis=1)
    with np.errstate(over="ignore"):
        errors = expit(parts @ (weights / heaviest) * heaviest * largest) - labels
        lengths = np.minimum(np.abs(errors) * largest * norms, bound)
    return (parts / norms[:, None]).T @ (np.sign(errors) * lengths)


def _rows(X: ArrayLike, y: ArrayLike) -> tuple[Array, NDArray[Any]]:
    rows, labels = as_reals(X, "X"), np.asarray(y)
    if rows.ndim != 2 or labels.ndim != 1:
        raise ValueError(
            f"X and y must have shapes (n, n_features) and (n,), not {rows.shape} and {labels.shape}"
        )
    same_length(rows, labels, "X and y")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError(f"y must be 0 or 1, not {np.unique(labels).tolist()}")
    return rows, labels


def private_descent(
    parts: Sequence[tuple[ArrayLike, ArrayLike]],
    rounds: int,
    step: float,
    most: float,
    multiplier: float,
    rng: Any = None,
    *,
    honest: int | None = None,
) -> Array:
    r"""Train logistic regression over hospitals by sums in which no patient shows, shape (n_features + 1,).

    .. math:: \theta \leftarrow \theta - \frac{\eta}{n} \sum_u \Bigl(\sum_{i \in u} \operatorname{clip}_C(g_i)
              + \mathcal N\bigl(0, z^2 C^2 / m\bigr)\Bigr)

    Each hospital adds its share of the noise before its words are masked, so that nobody ever holds a sum without noise:
    :func:`~qlearn.networks.secure_aggregation.noise_share`. The number n of all patients is taken for public.
    :func:`gaussian_epsilon` says what the rounds give away together.

    Parameters
    ----------
    parts : sequence of (X, y)
        The patients of each hospital, on the common scale; y of 0 and 1.
    rounds : int
        Steps; all patients take part in each.
    step : float
        :math:`\eta`.
    most : float
        :math:`C`, the longest gradient of a patient.
    multiplier : float
        :math:`z`, the noise of the sum in units of C; 0 trains without noise.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes. A seed that somebody knows takes the noise away.
    honest : int, optional
        :math:`m`, how many hospitals add noise that nobody else knows, at least: those that may fall out or work with the
        server are not among them. None: all, which promises nothing against a hospital that takes its own share off.

    Returns
    -------
    ndarray of float64, shape (n_features + 1,)
        Weights, and the offset as the last number.

    Examples
    --------
    >>> parts = [([[-1.0], [1.0]], [0, 1]), ([[-2.0], [2.0]], [0, 1])]
    >>> theta = private_descent(parts, rounds=50, step=1.0, most=1.0, multiplier=0.0)
    >>> bool(theta[0] > 1)
    True

    References
    ----------
    Abadi et al., 2016, arXiv:1607.00133. Dwork et al., 2006, doi:10.1007/11761679_29 (noise that many add together).
    """
    tables = [_rows(*part) for part in parts]
    widths = {rows.shape[1] for rows, _ in tables}
    if len(widths) != 1:
        raise ValueError(
            f"parts must be hospitals, at least one, with equal features, not {sorted(widths)} of them"
        )
    count, length = as_count(rounds, "rounds"), as_real(step, "step", above=0)
    as_real(multiplier, "multiplier", least=0)
    adding = len(tables) if honest is None else as_count(honest, "honest")
    if adding > len(tables):
        raise ValueError(f"honest must be at most the {len(tables)} hospitals, not {honest}")
    generator = as_rng(rng)
    theta = np.zeros(widths.pop() + 1)
    total = sum(len(labels) for _, labels in tables)
    for _ in range(count):
        sums = [
            clipped_gradient_sum(rows, labels, theta, most)
            + noise_share(theta.size, multiplier, most, adding, generator)
            for rows, labels in tables
        ]
        theta = theta - length / total * np.sum(sums, axis=0)
    return theta


def gaussian_epsilon(multiplier: float, rounds: int, delta: float) -> float:
    r"""Return the epsilon of so many noisy sums in which all take part: exact, where accountants give bounds.

    .. math:: \delta(\varepsilon) = \Phi\Bigl(\frac\mu2 - \frac\varepsilon\mu\Bigr)
              - e^\varepsilon\,\Phi\Bigl(-\frac\mu2 - \frac\varepsilon\mu\Bigr), \qquad \mu = \frac{\sqrt T}{z}

    T Gaussian sums are one with :math:`1/\sqrt T` of the noise. A record is added or removed; to replace one is twice as far.
    Exact for real numbers and for noise that nobody knows: of shares, only those count that come from the honest (the argument
    `honest` of :func:`private_descent`), and rounding to words is not in it.

    Parameters
    ----------
    multiplier : float
        :math:`z`: standard deviation of the noise of the sum, in units of the longest contribution.
    rounds : int
        :math:`T`.
    delta : float
        :math:`\delta`.

    Returns
    -------
    float
        0 if delta alone is enough.

    Examples
    --------
    >>> round(gaussian_epsilon(2.0, rounds=10, delta=1e-5), 6)
    7.511276

    References
    ----------
    Balle and Wang, "Improving the Gaussian mechanism for differential privacy", 2018, arXiv:1805.06530, theorem 8.
    """
    mu = _mu(multiplier, rounds)
    failure = as_failure(delta, "delta")

    def excess(epsilon: float) -> float:
        far = float(np.exp(epsilon + log_ndtr(-mu / 2 - epsilon / mu)))
        return float(ndtr(mu / 2 - epsilon / mu)) - far - failure

    if excess(0.0) <= 0:
        return 0.0
    # At this epsilon the first term alone is below delta.
    most = mu * (mu / 2 + np.sqrt(-2 * np.log(failure)) + 1)
    return float(brentq(excess, 0.0, most, xtol=1e-12))


def largest_advantage(multiplier: float, rounds: int) -> float:
    r"""Return the largest advantage that a test for a patient's membership can have, whatever it knows but the noise.

    .. math:: \max\,(\text{true} - \text{false positives}) = 2\,\Phi\Bigl(\frac{\sqrt T}{2z}\Bigr) - 1

    It holds against somebody who has seen every noisy sum and knows all other patients: to tell two normal laws apart that lie
    :math:`\mu = \sqrt T/z` standard deviations from each other. Who made a share of the noise knows that share: z is what the
    others make.

    Parameters
    ----------
    multiplier, rounds
        As in :func:`gaussian_epsilon`.

    Returns
    -------
    float

    Examples
    --------
    >>> round(largest_advantage(2.0, rounds=4), 4)
    0.3829

    References
    ----------
    Dong, Roth and Su, "Gaussian differential privacy", 2019, arXiv:1905.02383, section 2.
    """
    return float(2 * ndtr(_mu(multiplier, rounds) / 2) - 1)


def _mu(multiplier: float, rounds: int) -> float:
    """Return by how many standard deviations one record moves what all rounds say of it."""
    return float(np.sqrt(as_count(rounds, "rounds")) / as_real(multiplier, "multiplier", above=0))
