"""The ad hoc data of Havlicek et al.: made so that one quantum kernel can tell its classes apart."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import unitary_group

from qlearn._checks import as_count, as_real, as_rng
from qlearn.learning.encodings.encoding import as_rows
from qlearn.learning.encodings.feature_maps import ZZFeatureMap

_DRAWS = 1 << 12
# 2**20 points: a gap that leaves fewer than a few in a hundred thousand is out of reach, and is said to be.
_PATIENCE = 1 << 8
_MOST_FEATURES = 10


@dataclass(frozen=True)
class AdHocData:
    """Rows and labels for training and for testing, and the rule that labelled them.

    Parameters
    ----------
    X_train, X_test : ndarray, shape (2 * n_train, n_features) and (2 * n_test, n_features)
        Features between 0 and 2 pi; class 0 first.
    y_train, y_test : ndarray of int, shape (2 * n_train,) and (2 * n_test,)
        Classes 0 and 1, equally often.
    observable : ndarray of complex128, shape (2**n_features, 2**n_features)
        The rotated parity whose sign is the class.
    """

    X_train: NDArray[np.float64]
    y_train: NDArray[np.int64]
    X_test: NDArray[np.float64]
    y_test: NDArray[np.int64]
    observable: NDArray[np.complex128]

    def __repr__(self) -> str:
        return f"AdHocData({len(self.X_train)} training rows, {len(self.X_test)} test rows, {self.X_train.shape[1]} features)"


def parity_expectation(X: ArrayLike, observable: NDArray[np.complex128]) -> NDArray[np.float64]:
    r"""Return the expectation of an observable in the states that the ZZ map with two layers makes of rows.

    .. math:: f(x) = \langle \psi(x) | V^\dagger Z^{\otimes q} V | \psi(x) \rangle

    Parameters
    ----------
    X : array_like, shape (n, q)
        Finite features.
    observable : ndarray, shape (2**q, 2**q)
        Hermitian; with the eigenvalues 1 and -1 the result lies between them.

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> import numpy as np
    >>> parity_expectation([[0.0, np.pi]], np.diag([1.0, -1.0, -1.0, 1.0])).round(6) + 0
    array([1.])

    References
    ----------
    Havlicek et al., 2019, arXiv:1804.11326.
    """
    rows, matrix = as_rows(X), np.asarray(observable)
    size = 1 << min(rows.shape[1], 60)
    if matrix.shape != (size, size):
        raise ValueError(
            f"observable must have shape ({size}, {size}) for {rows.shape[1]} features, not {matrix.shape}"
        )
    if matrix.dtype.kind not in "buifc" or not np.allclose(matrix, matrix.conj().T):
        raise ValueError("observable must be Hermitian and finite: equal to its conjugate transpose")
    return _expectation(rows, matrix)


def _expectation(X: NDArray[np.float64], observable: NDArray[np.complex128]) -> NDArray[np.float64]:
    states = ZZFeatureMap().states(X)
    return np.einsum("ni,ij,nj->n", states.conj(), observable, states, optimize=True).real


def ad_hoc_data(
    n_train: int = 20, n_test: int = 20, *, n_features: int = 2, gap: float = 0.3, rng: Any = None
) -> AdHocData:
    r"""Draw points whose class is the sign of a random parity in the quantum feature space.

    .. math:: y(x) = 0 \text{ if } f(x) > \Delta, \qquad y(x) = 1 \text{ if } f(x) < -\Delta, \qquad
              f(x) = \langle \psi(x) | V^\dagger Z^{\otimes q} V | \psi(x) \rangle

    V is drawn from the Haar measure, :math:`\psi` is the ZZ map with two layers, and points with
    :math:`|f| \le \Delta` (the gap) are left out. So a hyperplane with a margin separates the classes in
    the feature space of *this* map: the data is a proof of principle, not evidence for other data.

    Parameters
    ----------
    n_train, n_test : int
        Points of each class, at least 1.
    n_features : int
        Features and qubits, 2 to 10. The values of f shrink as qubits are added, so a wide gap soon
        leaves nothing.
    gap : float
        From 0 up to, but without, 1.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes; it draws V first, then the points.

    Returns
    -------
    AdHocData

    Examples
    --------
    >>> data = ad_hoc_data(n_train=20, n_test=5, rng=7)
    >>> data.X_train.shape, data.y_test
    ((40, 2), array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]))
    >>> f = parity_expectation(data.X_test, data.observable)
    >>> bool((f[:5] > 0.3).all() and (f[5:] < -0.3).all())
    True

    References
    ----------
    Havlicek et al., "Supervised learning with quantum-enhanced feature spaces", 2019, arXiv:1804.11326.
    """
    n_train, n_test = as_count(n_train, "n_train"), as_count(n_test, "n_test")
    q = as_count(n_features, "n_features", least=2)
    if q > _MOST_FEATURES:
        raise ValueError(
            f"n_features must be 2 to {_MOST_FEATURES}, not {q}: hardly a point clears a gap beyond that"
        )
    if as_real(gap, "gap", least=0) >= 1:
        raise ValueError(f"gap must be below 1, the largest expectation of a parity, not {gap}")
    generator = as_rng(rng)

    parity = np.array([1 - 2 * (index.bit_count() % 2) for index in range(1 << q)])
    V = unitary_group.rvs(1 << q, random_state=generator)
    observable = V.conj().T @ (parity[:, None] * V)
    wanted = n_train + n_test
    found: tuple[list[Any], list[Any]] = ([], [])
    for _ in range(_PATIENCE):
        points = generator.uniform(0, 2 * np.pi, (_DRAWS, q))
        f = _expectation(points, observable)
        found[0].extend(points[f > gap])
        found[1].extend(points[f < -gap])
        fewest = min(len(found[0]), len(found[1]))
        if fewest >= wanted:
            break
    else:
        raise ValueError(
            f"gap {gap} left {fewest} points of one class in {_DRAWS * _PATIENCE} draws with {q} features, "
            f"and {wanted} are needed: take a smaller gap or fewer features"
        )
    X = np.array([points[:wanted] for points in found])
    y = np.repeat([0, 1], [n_train, n_train]), np.repeat([0, 1], [n_test, n_test])
    return AdHocData(X[:, :n_train].reshape(-1, q), y[0], X[:, n_train:].reshape(-1, q), y[1], observable)
