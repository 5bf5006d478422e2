"""Geometric difference, model complexity and training error: how far a quantum kernel can be ahead of a classical one."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_real, as_reals, same_length
from qlearn.learning.qsvm.shot_noise import as_kernel_matrix

_SINGULAR = 1e-10


def geometric_difference(K_classical: ArrayLike, K_quantum: ArrayLike, *, ridge: float = 0.0) -> float:
    r"""Return the geometric difference between two kernels on the same rows.

    .. math:: g = \sqrt{ \Big\| \sqrt{K_Q}\, \sqrt{K_C}\, (K_C + \lambda I)^{-2} \sqrt{K_C}\, \sqrt{K_Q}
              \Big\|_\infty } \;\stackrel{\lambda = 0}{=}\; \sqrt{ \big\| \sqrt{K_Q}\, K_C^{-1} \sqrt{K_Q} \big\|_\infty }

    The norm is the largest eigenvalue, and both matrices are first scaled to trace n. *Without a ridge*, and for
    every labelling, the classical model is at most :math:`g^2` times as complex as the quantum one
    (:func:`model_complexity`). So g near 1 says that *no labels exist* which are simple for the quantum kernel and
    much less so for the classical one; a large g says that some targets are :math:`g^2` times as complex
    for the classical one (:func:`hardest_targets`); whether these are simple for the quantum one, and yours among
    them, it does not say.

    A ridge lets the classical model miss its training targets, and g falls with it: with :math:`\lambda \gg n`
    it is near 0 for all pairs, for a model that learns nothing. What is bounded then is the classical complexity with
    the ridge by the quantum one *without*, :math:`s_C(\lambda) \le g^2 s_Q(0)`; with one ridge for both, the ratio
    may be larger than :math:`g^2`. And a small g says nothing of the targets that the classical model *misses*: that is
    the part of :func:`training_difference`, which grows with the ridge while g falls. Both must be small.

    Parameters
    ----------
    K_classical, K_quantum : array_like, shape (n, n)
        Kernel matrices of the same rows.
    ridge : float
        :math:`\lambda \ge 0`, against the error that a classical model may leave on its training rows.

    Returns
    -------
    float
        At least 1 without a ridge.

    Examples
    --------
    >>> import numpy as np
    >>> geometric_difference(np.diag([1.5, 0.5]), np.eye(2))  # the root of 1 / 0.5
    1.4142135623730951

    References
    ----------
    Huang et al., "Power of data in quantum machine learning", 2021, arXiv:2011.01938, the geometric difference of
    the main text, and its form with regularisation in the supplement.
    """
    return float(np.linalg.norm(_factor_and_root(K_classical, K_quantum, ridge, _inverse_root)[0], 2))


def training_difference(K_classical: ArrayLike, K_quantum: ArrayLike, *, ridge: float) -> float:
    r"""Return how much a classical kernel with a ridge may miss of targets that are simple for a quantum one.

    .. math:: g_{\text{tra}} = \lambda \sqrt{ \Big\| \sqrt{K_Q}\, (K_C + \lambda I)^{-2} \sqrt{K_Q} \Big\|_\infty }
              \;=\; \max_y \sqrt{ \frac{n E_C(y)}{s_Q(y)} }

    The partner of :func:`geometric_difference`, and like it needs no label. The norm is the largest eigenvalue, both
    matrices are first scaled to trace n, :math:`E_C` is the :func:`training_error` of the classical kernel with the
    ridge and :math:`s_Q` the :func:`model_complexity` of the quantum one without. E is never above the mean square of the
    targets, so where :math:`g_{\text{tra}}^2 s_Q/n` reaches that, this says nothing.

    Parameters
    ----------
    K_classical, K_quantum, ridge
        As in :func:`geometric_difference`; the ridge is needed.

    Returns
    -------
    float
        From 0, without a ridge, to the root of the largest eigenvalue of `K_quantum`, scaled to trace n, where the ridge
        is so large that every target is missed.

    Examples
    --------
    >>> import numpy as np
    >>> training_difference(np.diag([1.5, 0.5]), np.eye(2), ridge=0.5)  # half of the second target is missed
    0.5
    >>> training_difference(np.diag([1.5, 0.5]), np.eye(2), ridge=0)
    0.0

    References
    ----------
    Huang et al., "Power of data in quantum machine learning", 2021, arXiv:2011.01938, supplement: the geometric
    difference of the training error.
    """
    return float(np.linalg.norm(_factor_and_root(K_classical, K_quantum, ridge, _residual_fraction)[0], 2))


def hardest_targets(
    K_classical: ArrayLike, K_quantum: ArrayLike, *, ridge: float = 0.0
) -> NDArray[np.float64]:
    r"""Return the targets, shape (n,), of the largest ratio of classical to quantum model complexity.

    .. math:: y = \sqrt{K_Q}\, v, \qquad v = \text{the leading eigenvector of }
              \sqrt{K_Q}\, \sqrt{K_C}\, (K_C + \lambda I)^{-2} \sqrt{K_C}\, \sqrt{K_Q}

    Their complexity is 1 for the quantum kernel without a ridge and :math:`g^2` for the classical one with it.
    A proof that such targets
    exist, made with both kernels in hand: no evidence about targets that nature makes. For classes, cut at
    the median.

    Parameters
    ----------
    K_classical, K_quantum, ridge
        As in :func:`geometric_difference`.

    Returns
    -------
    ndarray of float64, shape (n,)
        Real numbers of both signs; the sign of the whole is that in which the largest is positive.

    Examples
    --------
    >>> import numpy as np
    >>> hardest_targets(np.diag([1.5, 0.5]), np.eye(2)) + 0  # where the classical kernel hardly looks
    array([0., 1.])

    References
    ----------
    Huang et al., 2021, arXiv:2011.01938, section on engineered data sets.
    """
    factor, root = _factor_and_root(K_classical, K_quantum, ridge, _inverse_root)
    v = np.linalg.svd(factor)[0][:, 0]
    y = root @ v
    return y * np.sign(y[np.abs(y).argmax()])


def model_complexity(K: ArrayLike, y: ArrayLike, *, ridge: float = 0.0) -> float:
    r"""Return the model complexity: the squared length of the weights with which a kernel fits the targets.

    .. math:: s = y^{\mathsf T} \sqrt K\, (K + \lambda I)^{-2} \sqrt K\, y
              \;\stackrel{\lambda = 0}{=}\; y^{\mathsf T} K^{-1} y

    With K scaled to trace n. Without a ridge the model fits every
    target, and its error on new rows is bounded by a multiple of :math:`\sqrt{s/n}`. With a ridge the bound is that
    *plus* the error that is left on the training rows,

    .. math:: \text{error} \;\le\; \sqrt{E} + c \sqrt{s/n} + \dots

    with E of :func:`training_error` (the dots fall as :math:`1/\sqrt n` and do not depend on the kernel). So a small
    s alone promises nothing: a large ridge makes s small for a model that has learned nothing.

    Parameters
    ----------
    K : array_like, shape (n, n)
        A kernel matrix.
    y : array_like, shape (n,)
        Targets, for classes -1 and 1.
    ridge : float
        :math:`\lambda \ge 0`.

    Returns
    -------
    float

    Examples
    --------
    >>> import numpy as np
    >>> model_complexity(np.eye(4), [1, -1, 1, 1])  # all rows unlike: learning by heart
    4.0
    >>> model_complexity(np.kron(np.eye(2), np.full((2, 2), 0.9)) + 0.1 * np.eye(4), [1, 1, -1, -1])
    2.105...

    References
    ----------
    Huang et al., 2021, arXiv:2011.01938.
    """
    values, along = _eigenbasis(K, y)
    weights = _inverse_root(values, ridge, "K") * along
    return float(weights @ weights)


def training_error(K: ArrayLike, y: ArrayLike, *, ridge: float = 0.0) -> float:
    r"""Return the mean square that a model with this kernel and ridge leaves on its own targets.

    .. math:: E = \frac{\lambda^2}{n}\, y^{\mathsf T} (K + \lambda I)^{-2}\, y

    With K scaled to trace n. It belongs beside :func:`model_complexity`: 0 is a perfect fit, the mean square of y
    (1 for classes -1 and 1) a model that has learned nothing.

    Parameters
    ----------
    K, y, ridge
        As in :func:`model_complexity`.

    Returns
    -------
    float

    Examples
    --------
    >>> import numpy as np
    >>> training_error(np.eye(4), [1, -1, 1, 1], ridge=1.0)  # all rows unlike: half of each target is missed
    0.25
    >>> training_error(np.eye(4), [1, -1, 1, 1])
    0.0

    References
    ----------
    Huang et al., 2021, arXiv:2011.01938, the first term of the bound with regularisation in the supplement.
    """
    values, along = _eigenbasis(K, y)
    return float(np.mean((_residual_fraction(values, ridge, "K") * along) ** 2))


def _eigenbasis(K: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the eigenvalues of a kernel matrix and the targets along its eigenvectors."""
    targets = as_reals(y, "y")
    values, vectors = _spectrum(K, "K")
    same_length(vectors, targets, "K and y")
    if targets.ndim != 1:
        raise ValueError(f"y must have shape (n,): a target for each row, not {targets.shape}")
    return values, vectors.T @ targets


def _factor_and_root(
    K_classical: ArrayLike,
    K_quantum: ArrayLike,
    ridge: float,
    weight: Callable[[NDArray[np.float64], float, str], NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return sqrt(K_Q) times a function of K_C and the ridge, up to a rotation on its right, and sqrt(K_Q)."""
    classical, vectors = _spectrum(K_classical, "K_classical")
    quantum, axes = _spectrum(K_quantum, "K_quantum")
    same_length(classical, quantum, "K_classical and K_quantum")
    root = (axes * np.sqrt(quantum)) @ axes.T
    return (root @ vectors) * weight(classical, ridge, "K_classical"), root


def _spectrum(K: ArrayLike, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    matrix = as_kernel_matrix(K, name)
    trace = np.trace(matrix)
    if trace <= 0:
        raise ValueError(f"{name} must have a trace above 0: it says nothing about any row")
    values, vectors = np.linalg.eigh(matrix * (len(matrix) / trace))
    return values.clip(min=0), vectors


def _inverse_root(values: NDArray[np.float64], ridge: float, name: str) -> NDArray[np.float64]:
    """Return the length of weights that each direction takes: 1 / sqrt(K) without a ridge."""
    return np.sqrt(values) / _regularised(values, ridge, name)


def _residual_fraction(values: NDArray[np.float64], ridge: float, name: str) -> NDArray[np.float64]:
    """Return the fraction of a target that each direction misses: 0 without a ridge."""
    return ridge / _regularised(values, ridge, name)


def _regularised(values: NDArray[np.float64], ridge: float, name: str) -> NDArray[np.float64]:
    extra = as_real(ridge, "ridge", least=0)
    if extra == 0 and values[0] < _SINGULAR * values[-1]:
        raise ValueError(
            f"{name} is singular (its eigenvalues span a factor of 1e10 or more), and its inverse means nothing: "
            "give a ridge above 0, of the size of the training error you allow"
        )
    return values + extra
