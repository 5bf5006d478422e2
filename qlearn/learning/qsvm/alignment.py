"""Kernel-target alignment: whether a kernel finds alike what has the same label."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.multiclass import type_of_target

from qlearn._checks import same_length
from qlearn.learning.qsvm.psd import as_symmetric


def kernel_alignment(K: ArrayLike, y: ArrayLike, *, centred: bool = True) -> float:
    r"""Return the alignment of a kernel matrix with labels: the cosine of the angle between it and the ideal one.

    .. math:: A = \frac{\langle K, T \rangle_F}{\|K\|_F\, \|T\|_F}, \qquad T_{ij} = y_i\, y_j

    T is the matrix of a kernel that knows the labels: classes -1 and 1 (for more classes, the overlap of their
    columns of zeros and ones), or real targets. Centred, both matrices first lose the means of their rows and
    columns; otherwise a kernel that finds everything alike looks good wherever one class is large.

    Parameters
    ----------
    K : array_like, shape (n, n)
        A symmetric kernel matrix.
    y : array_like, shape (n,)
        Classes of any type, or real targets.
    centred : bool
        Whether means are taken out first.

    Returns
    -------
    float
        1 for a matrix that is proportional to T, 0 for one that says nothing about the labels.

    Raises
    ------
    ValueError, TypeError
        If K is not symmetric, there is not one label a row, or a matrix has nothing left after centring: a
        single class, or all rows alike.

    Examples
    --------
    >>> kernel_alignment([[1, 1, 0], [1, 1, 0], [0, 0, 1]], ["a", "a", "b"])
    1.0
    >>> round(kernel_alignment([[1, 0, 0], [0, 1, 0], [0, 0, 1]], ["a", "a", "b"]), 4)
    0.7071

    References
    ----------
    Cristianini et al., "On kernel-target alignment", NIPS 14, 2001. Cortes et al., 2012, arXiv:1203.0550
    (centred). Hubregtsen et al., 2021, arXiv:2105.02276 (for quantum kernels).

    Taught in :doc:`/learning/qsvm`.
    """
    matrix, ideal = as_symmetric(K), target_matrix(y, centred=centred)
    same_length(matrix, ideal, "K and y")
    if centred:
        matrix = centre(matrix)
    norm = float(np.linalg.norm(matrix))
    if norm < 1e-12 * len(matrix):
        raise ValueError("K finds all rows equally alike: an alignment of nothing is not defined")
    return float(np.vdot(matrix, ideal)) / norm


def target_matrix(y: ArrayLike, *, centred: bool = True) -> NDArray[np.float64]:
    """Return the matrix of the kernel that knows the labels, scaled to norm 1.

    Taught in :doc:`/learning/qsvm`.
    """
    labels = np.asarray(y)
    if labels.ndim != 1 or not labels.size:
        raise ValueError(f"y must have shape (n,): a label for each row, not {labels.shape}")
    columns: NDArray[Any]
    kind = type_of_target(labels, input_name="y")
    if kind == "unknown":
        raise ValueError(f"Unknown label type for y: {labels!r}")
    if kind.startswith("continuous"):
        columns = labels.astype(np.float64)[:, None]
    else:
        classes, which = np.unique(labels, return_inverse=True)
        columns = np.eye(len(classes))[which]
        if len(classes) <= 2:
            columns = 1.0 - 2.0 * columns[:, :1]
    ideal = columns @ columns.T
    if centred:
        ideal = centre(ideal)
    norm = float(np.linalg.norm(ideal))
    if norm < 1e-12 * len(labels):
        raise ValueError(
            "y must hold at least two classes (or values), got 1 class: it says nothing about likeness"
        )
    return ideal / norm


def centre(K: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a symmetric matrix less the means of its rows and columns: a kernel of points around their mean.

    Taught in :doc:`/learning/qsvm`.
    """
    means = K.mean(axis=0)
    return K - means - means[:, None] + means.mean()


def alignment_gradient(
    K: NDArray[np.float64], ideal: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    r"""Return the centred alignment and its derivative by each entry of the kernel matrix.

    .. math:: \frac{\partial A}{\partial K} = \frac{1}{\|K_c\|} \Big( \hat T - A\, \frac{K_c}{\|K_c\|} \Big)

    Parameters
    ----------
    K : ndarray, shape (n, n)
        Symmetric.
    ideal : ndarray, shape (n, n)
        From :func:`target_matrix`, centred.

    Returns
    -------
    (float, ndarray of float64, shape (n, n))
        The derivative is symmetric, and centred as the alignment is.

    Taught in :doc:`/learning/qsvm`.
    """
    matrix = centre(K)
    norm = max(float(np.linalg.norm(matrix)), 1e-300)
    value = float(np.vdot(matrix, ideal)) / norm
    return value, (ideal - value / norm * matrix) / norm
