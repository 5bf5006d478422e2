"""The losses of classifiers and regressors, cross-entropy and squared error, each with its gradient."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

_ZERO = np.zeros(())  # an array that is one already: a number would be made one in every step


def cross_entropy(
    scores: NDArray[np.float64], y: NDArray[np.intp], weights: NDArray[np.float64] | None = None
) -> tuple[float, NDArray[np.float64]]:
    r"""Return the mean cross-entropy (nats) of class scores (N, 1) or (N, n_classes), and its gradient in them.

    .. math:: L = -\frac1N \sum_i \log p_{i,y_i}, \qquad
              \frac{\partial L}{\partial s_{ik}} = \frac{p_{ik} - \delta_{k y_i}}{N}

    with class indices y. Of one column p is the logistic function, for class 1; of more it is their softmax. With
    `weights` (N,) both terms of row i are multiplied by its weight; N stays the number of rows.

    Examples
    --------
    >>> import numpy as np
    >>> loss, gradient = cross_entropy(np.zeros((2, 1)), np.array([0, 1]))
    >>> round(loss, 6), gradient.ravel()
    (0.693147, array([ 0.25, -0.25]))
    """
    n = len(y)
    if scores.shape[1] == 1:
        score = scores[:, 0]
        losses = np.logaddexp(_ZERO, np.where(y, -score, score))
        slope = expit(scores)
        slope -= y[:, None]
        slope /= n
        return _weighted(losses, slope, weights)
    # scipy's softmax and log_softmax, in one: the same operations, and each of them once.
    shifted = scores - np.maximum.reduce(scores, axis=1, keepdims=True)
    gradient = np.exp(shifted, order="C")  # row after row, whatever the order of the scores
    totals = np.add.reduce(gradient, axis=1, keepdims=True)
    gradient /= totals
    gradient /= n
    # Where the scores of the true classes lie, row after row.
    true = np.arange(0, gradient.size, gradient.shape[1])
    true += y
    lessened = gradient.take(true)
    lessened -= 1 / n
    gradient.put(true, lessened)
    losses = np.log(totals[:, 0])
    losses -= shifted.take(true)
    return _weighted(losses, gradient, weights)


def _weighted(
    losses: NDArray[np.float64], gradient: NDArray[np.float64], weights: NDArray[np.float64] | None
) -> tuple[float, NDArray[np.float64]]:
    """Return the mean of the rows' losses and its gradient, each row by its weight."""
    if weights is not None:
        losses = losses * weights
        gradient *= weights[:, None]
    return float(np.add.reduce(losses)) / len(losses), gradient


def squared_error(
    scores: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64] | None = None,
) -> tuple[float, NDArray[np.float64]]:
    r"""Return the mean squared error of scores (N, k), summed over the k outputs, and its gradient in them.

    .. math:: L = \frac1N \sum_{ik} (s_{ik} - t_{ik})^2, \qquad
              \frac{\partial L}{\partial s_{ik}} = \frac{2\,(s_{ik} - t_{ik})}{N}

    With `weights` (N,) both terms of row i are multiplied by its weight; N stays the number of rows.

    Examples
    --------
    >>> squared_error(np.array([[1.0], [3.0]]), np.array([[1.0], [1.0]]))
    (2.0, array([[0.],
           [2.]]))
    """
    missed, n = scores - targets, len(targets)
    squares, slope = np.square(missed), 2 * missed / n
    if weights is not None:
        return _weighted(np.add.reduce(squares, axis=1), slope, weights)
    return float(np.add.reduce(squares, axis=None)) / n, slope
