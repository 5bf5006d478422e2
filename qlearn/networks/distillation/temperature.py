r"""Temperature: soft labels from a teacher's scores, and the loss of a student who learns them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_softmax, softmax

from qlearn._checks import as_probability, as_real, as_reals

_COLDEST, _HOTTEST = 1e-100, 1e6
_LEAST = np.finfo(np.float64).min


def soft_labels(logits: ArrayLike, temperature: float = 1.0) -> NDArray[np.float64]:
    r"""Return the probabilities that scores have at a temperature, shape (..., n_classes).

    .. math:: p_k = \frac{e^{v_k/T}}{\sum_j e^{v_j/T}}

    At T = 1 they are the model's own. A high T brings all classes closer to each other, and shows which wrong ones the
    model holds for nearly right; T towards 0 leaves the largest score alone: the hard label.

    Parameters
    ----------
    logits : array_like, shape (..., n_classes)
        The scores v, one a class, in nats: what a softmax takes. A number added to all of them changes nothing.
    temperature : float
        T, 1e-100 to 1e6.

    Returns
    -------
    ndarray of float64, shape (..., n_classes)

    Examples
    --------
    >>> soft_labels([2, 1, 0]).round(3), soft_labels([2, 1, 0], temperature=4).round(3)
    (array([0.665, 0.245, 0.09 ]), array([0.419, 0.326, 0.254]))

    References
    ----------
    Hinton, Vinyals, Dean, "Distilling the knowledge in a neural network", 2015, arXiv:1503.02531, equation 1.
    """
    v, T = _as_logits(logits, "logits"), as_temperature(temperature)
    return softmax(_cooled(v, T), axis=-1)


def distillation_loss(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    *,
    y: ArrayLike | None = None,
    hard_share: float = 0.0,
    scaled: bool = True,
) -> float:
    r"""Return how far a student is from its teacher and, in part, from the labels: nats, mean over the rows.

    .. math:: L = (1-h)\,T^2\, \mathrm{KL}\bigl(p^{(T)} \,\|\, q^{(T)}\bigr) - h \log q^{(1)}_y

    with the soft labels p of the teacher, q of the student. The relative entropy is the cross-entropy of Hinton et al. less
    the teacher's own entropy, which no student changes: it is 0 when the student repeats the teacher.

    Parameters
    ----------
    student_logits, teacher_logits : array_like, shape (n, n_classes)
        Scores z and v in nats.
    temperature : float
        T, 1e-100 to 1e6.
    y : array_like of int, shape (n,), optional
        The column of each row's true class, -1 where it is not known: such a row learns from the teacher alone.
    hard_share : float
        h, the share of the labels, 0 to 1; above 0 it needs `y`.
    scaled : bool
        Whether the soft part has the factor :math:`T^2`. Its gradient shrinks as :math:`1/T^2`, so without the factor a
        change of temperature would also change the step and the weight beside the labels.

    Returns
    -------
    float

    Examples
    --------
    >>> distillation_loss([[0.5, 0, -0.2]], [[0.5, 0, -0.2]], temperature=3)
    0.0
    >>> round(distillation_loss([[0.5, 0, -0.2]], [[2, 1, 0]], y=[0], hard_share=0.5), 6)  # the mean of both parts
    0.419915

    References
    ----------
    Hinton, Vinyals, Dean, 2015, arXiv:1503.02531, section 2.
    """
    z, v, T, labels, h = _as_arguments(student_logits, teacher_logits, temperature, y, hard_share)
    log_p, log_q = log_softmax(_cooled(v, T), axis=1), log_softmax(_cooled(z, T), axis=1)
    # At a high T entropies of size one would differ by 1/T^2, and the factor T^2 would raise their rounding: as the sum of p
    # ln(p/q) + q - p, whose terms are not negative, they do not cancel.
    apart, p, q = log_q - log_p, np.exp(log_p), np.exp(log_q)
    near = np.clip(apart, -1, 1)
    terms = np.where(near == apart, p * (np.expm1(near) - near), q - p - p * apart)
    soft = terms.sum(axis=1)
    known = labels >= 0
    share = np.where(known, h, 0.0)
    hard = -log_softmax(_cooled(z, 1.0), axis=1)[np.arange(len(z)), labels] if h else np.zeros(len(z))
    return float(np.mean((1 - share) * (T * T if scaled else 1.0) * soft + np.where(known, h * hard, 0.0)))


def distillation_gradient(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    *,
    y: ArrayLike | None = None,
    hard_share: float = 0.0,
    scaled: bool = True,
) -> NDArray[np.float64]:
    r"""Return the gradient of :func:`distillation_loss` in the student's scores, shape (n, n_classes).

    .. math:: \frac{\partial L}{\partial z} = \frac1n\Bigl((1-h)\,T^2\,\frac{q^{(T)}-p^{(T)}}{T}
              + h\,\bigl(q^{(1)} - e_y\bigr)\Bigr), \qquad
              T\,(q^{(T)}-p^{(T)}) \;\to\; \frac{(z-\bar z)-(v-\bar v)}{C} \quad (T\to\infty)

    At a high temperature distillation among C classes is thus a regression of the scores, each set less its mean.

    Parameters
    ----------
    student_logits, teacher_logits, temperature, y, hard_share, scaled
        As in :func:`distillation_loss`.

    Returns
    -------
    ndarray of float64, shape (n, n_classes)

    Examples
    --------
    >>> distillation_gradient([[0.5, 0, -0.2]], [[2, 1, 0]]).round(6)
    array([[-0.189756,  0.043668,  0.146088]])
    >>> distillation_gradient([[0.5, 0, -0.2]], [[2, 1, 0]], temperature=1e4).round(3)  # the limit -1/5, -1/30, 7/30
    array([[-0.2  , -0.033,  0.233]])

    References
    ----------
    Hinton, Vinyals, Dean, 2015, arXiv:1503.02531, equations 2 to 4.
    """
    z, v, T, labels, h = _as_arguments(student_logits, teacher_logits, temperature, y, hard_share)
    return loss_and_gradient(z, *soft_targets(v, T), T, labels, h, scaled)[1]


def soft_targets(v: NDArray[np.float64], T: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a teacher's soft labels and the negative entropy of each row (nats): what does not change in training.

    Examples
    --------
    >>> soft_targets(np.zeros((1, 2)), 1.0)
    (array([[0.5, 0.5]]), array([-0.69314718]))
    """
    log_p = log_softmax(_cooled(v, T), axis=1)
    p = np.exp(log_p)
    # Where p is 0 its logarithm is finite as long as the scores are: 0 times it is 0.
    return p, (p * log_p).sum(axis=1)


def loss_and_gradient(
    z: NDArray[np.float64],
    p: NDArray[np.float64],
    negentropy: NDArray[np.float64],
    T: float,
    labels: NDArray[np.intp] | None = None,
    h: float = 0.0,
    scaled: bool = True,
) -> tuple[float, NDArray[np.float64]]:
    """Return both of checked arguments, the teacher's as :func:`soft_targets` has them: what a step of training asks for.

    Examples
    --------
    >>> loss_and_gradient(np.zeros((1, 2)), *soft_targets(np.zeros((1, 2)), 1.0), 1.0, np.array([0]), 1.0)
    (0.6931471805599453, array([[-0.5,  0.5]]))
    """
    n, factor = len(z), T * T if scaled else 1.0
    log_q, q = _log_softmax(z, T)
    apart = negentropy - np.add.reduce(p * log_q, axis=1)
    if labels is None or not h:
        return factor * float(np.add.reduce(apart)) / n, (q - p) * (factor / (T * n))
    rows = np.flatnonzero(labels >= 0)
    hard = np.zeros(n)
    hard[rows] = h
    soft = factor * (1 - hard)
    log_own, own = _log_softmax(z)
    slope = hard[:, None] * own
    slope[rows, labels[rows]] -= h
    value = float(soft @ apart - h * np.add.reduce(log_own[rows, labels[rows]]))
    return value / n, (soft[:, None] * (q - p) / T + slope) / n


def _cooled(v: NDArray[np.float64], T: float) -> NDArray[np.float64]:
    """Return scores less the largest of their row, divided by T: what is too far below it for a float is the least float."""
    with np.errstate(over="ignore"):
        return np.maximum((v - np.maximum.reduce(v, axis=-1, keepdims=True)) / T, _LEAST)


def _log_softmax(z: NDArray[np.float64], T: float = 1.0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return logarithms and softmax of rows: scipy's two functions in one, and a fraction of their time on small arrays."""
    shifted = _cooled(z, T)
    powers = np.exp(shifted)
    totals = np.add.reduce(powers, axis=1, keepdims=True)
    return shifted - np.log(totals), powers / totals


def as_temperature(temperature: Any) -> float:
    """Return a temperature, 1e-100 to 1e6: beyond these all labels are hard, or uniform to the rounding of a loss times T².

    Examples
    --------
    >>> as_temperature(2)
    2.0
    """
    return as_real(as_real(temperature, "temperature", above=0), "temperature", least=_COLDEST, most=_HOTTEST)


def _as_logits(logits: ArrayLike, name: str) -> NDArray[np.float64]:
    v = as_reals(logits, name)
    if v.ndim < 1 or v.shape[-1] < 2:
        raise ValueError(
            f"{name} must have a score for each of at least two classes on the last axis, not the shape {v.shape}. For the one "
            "score s of a model of two classes give the columns 0 and s"
        )
    return v


def _as_arguments(
    student: ArrayLike, teacher: ArrayLike, temperature: Any, y: ArrayLike | None, hard_share: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64], float, NDArray[np.intp], float]:
    z, v = _as_logits(student, "student_logits"), _as_logits(teacher, "teacher_logits")
    if z.ndim != 2 or not len(z) or z.shape != v.shape:
        raise ValueError(
            "student_logits and teacher_logits must have one shape (n, n_classes), a row for each sample, not "
            f"{z.shape} and {v.shape}"
        )
    T, h = as_temperature(temperature), as_probability(hard_share, "hard_share")
    if y is None:
        if h:
            raise ValueError(
                f"y must be given where labels have a share, hard_share={h:g}: they are what it is a share of"
            )
        return z, v, T, np.full(len(z), -1), h
    labels = np.asarray(y)
    if labels.dtype.kind not in "iu" or labels.shape != (len(z),):
        raise ValueError(
            f"y must hold the column of the true class of each of the {len(z)} rows, or -1, not {labels.dtype} of "
            f"shape {labels.shape}"
        )
    labels = labels.astype(np.intp)
    if labels.min() < -1 or labels.max() >= z.shape[1]:
        raise ValueError(
            f"y must hold columns 0 to {z.shape[1] - 1}, or -1 for none; it holds {labels.min()} to {labels.max()}"
        )
    return z, v, T, labels, h
