"""From decision values to probabilities: by a temperature, and where classes were weighted by offsets too."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_expit, log_softmax

from qlearn._checks import as_real, same_length
from qlearn.learning._estimators import as_sample_weight

# exp(-7) to exp(7): beyond, probabilities are 1/2 or 0 and 1 to three digits already.
_WIDEST = 7.0


def probabilities(
    decisions: ArrayLike, temperature: float, offsets: ArrayLike | None = None
) -> NDArray[np.float64]:
    r"""Return the probability of each class, shape (n, n_classes), from decision values, a temperature and offsets.

    .. math:: p_c(x) = \frac{e^{f_c(x) / T + b_c}}{\sum_{c'} e^{f_{c'}(x) / T + b_{c'}}}, \qquad
              p_1(x) = \frac{1}{1 + e^{-f(x) / T - b_1 + b_0}} \text{ for two classes}

    Decision values are (n,) for two classes, else (n, n_classes). Offsets say how common each class is, which those of a
    machine that weighted its classes do not. Without them the most probable class is the one with the largest decision
    value, at every temperature.

    Examples
    --------
    >>> probabilities([0.0, 2.0], temperature=1.0).round(3)
    array([[0.5  , 0.5  ],
           [0.119, 0.881]])

    References
    ----------
    Guo et al., "On calibration of modern neural networks", 2017, arXiv:1706.04599.
    """
    return np.exp(log_probabilities(decisions, temperature, offsets))


def log_probabilities(
    decisions: ArrayLike, temperature: float, offsets: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Return the logarithms of :func:`probabilities`, shape (n, n_classes): finite also where these are too small for a float.

    Examples
    --------
    >>> log_probabilities([0.0, 2000.0], temperature=1.0).round(3) + 0
    array([[-6.93e-01, -6.93e-01],
           [-2.00e+03,  0.00e+00]])
    """
    if as_real(temperature, "temperature", least=0) == 0:
        raise ValueError("temperature must be above 0: decision values are divided by it")
    values = np.asarray(decisions, dtype=np.float64)
    classes = 2 if values.ndim == 1 else values.shape[1]
    shifts = np.zeros(classes) if offsets is None else np.asarray(offsets, dtype=np.float64)
    if shifts.shape != (classes,):
        raise ValueError(
            f"offsets must be one number for each of the {classes} classes, not shape {shifts.shape}"
        )
    return _log_probabilities(values, temperature, shifts)


def fit_temperature(
    decisions: ArrayLike, classes: ArrayLike, sample_weight: ArrayLike | None = None
) -> float:
    r"""Return the temperature under which labels (0, 1, ...) of held-out rows are most likely.

    .. math:: T = \arg\min_T \; - \sum_i w_i \log p_{y_i}(x_i)

    with the weight of each row, `sample_weight`, or 1.

    Examples
    --------
    >>> sure, doubtful = fit_temperature([-1, 1, 1, 2], [0, 1, 1, 1]), fit_temperature([-1, 1, 1, -2], [0, 1, 0, 1])
    >>> sure < doubtful
    True

    References
    ----------
    Guo et al., "On calibration of modern neural networks", 2017, arXiv:1706.04599.
    """
    values, right, shares = _held_out(decisions, classes, sample_weight)

    def loss(log_temperature: float) -> float:
        logs = np.take_along_axis(_log_probabilities(values, np.exp(log_temperature)), right, axis=1)[:, 0]
        return -float(logs @ shares)

    return float(np.exp(minimize_scalar(loss, bounds=(-_WIDEST, _WIDEST), method="bounded").x))


def fit_temperature_and_offsets(
    decisions: ArrayLike, classes: ArrayLike, sample_weight: ArrayLike | None = None
) -> tuple[float, NDArray[np.float64]]:
    r"""Return the temperature and the offsets, of mean 0, under which held-out labels are most likely.

    .. math:: T, b = \arg\min_{T, b} \; - \sum_i w_i \log p_{y_i}(x_i)

    A machine with ``class_weight="balanced"`` puts its border where both classes would be if they were equally common.
    A temperature alone leaves one half at that border; with offsets the mean probability of every class is its share
    among the held-out rows. (That is the condition of the optimum for b.)

    Examples
    --------
    >>> f, y = [-1.0, -0.5, 0.5, 1.0, 0.4, -0.4], [0, 0, 0, 1, 1, 0]  # one in three; but half of the f are positive
    >>> temperature, offsets = fit_temperature_and_offsets(f, y)
    >>> probabilities(f, temperature, offsets).mean(axis=0).round(3)
    array([0.667, 0.333])

    References
    ----------
    Platt, "Probabilistic outputs for support vector machines", 1999. Guo et al., 2017, arXiv:1706.04599.
    """
    values, right, shares = _held_out(decisions, classes, sample_weight)
    n_classes = 2 if values.ndim == 1 else values.shape[1]
    is_right = right == np.arange(n_classes)
    # By the decision values times 1/T + b, in which the loss is a bowl.
    columns = np.stack([0 * values, values], axis=1) if values.ndim == 1 else values

    def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logs = _log_probabilities(values, 1 / at[0], at[1:])
        pull = (np.exp(logs) - is_right) * shares[:, None]
        return -float(logs[is_right] @ shares), np.append((pull * columns).sum(), pull.sum(axis=0))

    start = np.append(1 / fit_temperature(values, right[:, 0], shares), np.zeros(n_classes))
    edge = np.exp(_WIDEST)
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[(1 / edge, edge)] + [(-_WIDEST, _WIDEST)] * n_classes,
        options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 1000},
    ).x  # fmt: skip
    return float(1 / found[0]), found[1:] - found[1:].mean()


def _held_out(
    decisions: ArrayLike, classes: ArrayLike, sample_weight: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the decision values, the labels as a column, and the share of each row in the loss."""
    values, right = np.asarray(decisions, dtype=np.float64), np.asarray(classes, dtype=np.int64)[:, None]
    same_length(values, right, "decisions and classes")
    if not len(values):
        raise ValueError("decisions must have at least one row: no labels have no most likely temperature")
    weights = as_sample_weight(sample_weight, values)
    shares = np.full(len(values), 1 / len(values)) if weights is None else weights / weights.sum()
    return values, right, shares


def _log_probabilities(
    decisions: NDArray[np.float64], temperature: float, offsets: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    if decisions.ndim == 1:
        odds = decisions / temperature
        if offsets is not None:
            odds = odds + offsets[1] - offsets[0]
        return np.stack([log_expit(-odds), log_expit(odds)], axis=1)
    return log_softmax(decisions / temperature + (0 if offsets is None else offsets), axis=1)
