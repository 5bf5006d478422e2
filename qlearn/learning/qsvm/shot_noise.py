"""Shot noise in kernel matrices: what finite shots and a noisy device leave of them, and the repair to semidefinite."""

from math import ceil, log
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_failure, as_probability, as_real, as_reals, as_rng

_ROUNDING = 1e-6
# The diagonal of float32 matrices is off by so much.
_UNIT = 1e-5


def sampled_gram(
    K: ArrayLike, shots: int | None, n_qubits: int | None = None, *, noise: float = 0.0, rng: Any = None
) -> NDArray[np.float64]:
    r"""Return the kernel matrix that a quantum computer estimates from finite shots, with depolarising noise if asked.

    .. math:: \tilde K_{ij} = (1 - p)\, K_{ij} + p\, 2^{-q}, \qquad
              \hat K_{ij} \sim \frac{1}{s}\, \mathrm{Binomial}(s, \tilde K_{ij}), \qquad
              \operatorname{sd} = \sqrt{\tilde K_{ij} (1 - \tilde K_{ij}) / s}

    p is the probability that a run of the compute-uncompute circuit ends in the maximally mixed state. Of a
    symmetric matrix, rows against themselves, each pair is estimated once and the diagonal, which is known, is kept: so
    the matrix stays symmetric, but seldom positive semidefinite. On a device (`n_qubits` given) that asks for ones on the
    diagonal; a matrix with others is estimated entry by entry.

    Parameters
    ----------
    K : array_like, shape (n, m)
        Exact probabilities, for example from :meth:`~qlearn.learning.FidelityKernel.gram`.
    shots : int or None
        Runs of the circuit for each entry, s, at least 1; None is infinitely many.
    n_qubits : int, optional
        Number of qubits, q: needed with noise.
    noise : float
        p, between 0 and 1.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of float64, shape (n, m)

    Examples
    --------
    >>> sampled_gram([[1.0, 0.25], [0.25, 1.0]], shots=100, rng=1)
    array([[1.  , 0.25],
           [0.25, 1.  ]])
    >>> sampled_gram([[1.0, 0.2]], shots=None, n_qubits=2, noise=0.1)
    array([[0.925, 0.205]])

    What was counted need not be a kernel any more; the nearest one is one step away:

    >>> close_by = sampled_gram(np.full((4, 4), 0.9) + 0.1 * np.eye(4), shots=20, rng=0)
    >>> bool(np.linalg.eigvalsh(close_by)[0] < 0), bool(np.linalg.eigvalsh(to_psd(close_by))[0] > -1e-12)
    (True, True)

    References
    ----------
    Havlicek et al., 2019, arXiv:1804.11326, section on estimating the kernel. Hubregtsen et al., "Training quantum
    embedding kernels on near-term quantum computers", 2022, arXiv:2105.02276, section on device noise.
    """
    s = None if shots is None else as_count(shots, "shots")
    exact = as_reals(K, "K", least=-_ROUNDING, most=1 + _ROUNDING).clip(0, 1)
    if exact.ndim != 2:
        raise ValueError(f"K must be a matrix, not of shape {exact.shape}")
    p = as_probability(noise, "noise")
    if n_qubits is None and p:
        raise ValueError("n_qubits must be given with noise: what noise leaves of an entry is 2**-n_qubits")
    seen = exact if n_qubits is None else (1 - p) * exact + p * 2.0 ** -as_count(n_qubits, "n_qubits")
    n = len(exact)
    symmetric = n == exact.shape[1] and (exact == exact.T).all()
    if (
        n_qubits is not None
    ):  # what noise leaves of a diagonal is known where each row meets itself, and only there
        symmetric = symmetric and n > 1 and np.allclose(np.diag(exact), 1, atol=_UNIT)
    if n == 1 and not np.isclose(exact[0, 0], 1, atol=_UNIT):
        symmetric = False  # a row against another one
    if not symmetric:
        return counted_entries(seen, s, rng)
    table = np.zeros((n, n))
    if s is not None and n_qubits is None:
        generator = as_rng(rng)
        for i in range(n - 1):
            table[i, i + 1 :] = generator.binomial(s, seen[i, i + 1 :]) / s
    else:  # a device that is described counts the whole table, of which one half is kept: so published seeds have it
        table += np.triu(counted_entries(seen, s, rng), 1)
    for i in range(n - 1):
        table[i + 1 :, i] = table[i, i + 1 :]
    own = np.diag(exact)
    np.fill_diagonal(table, np.where(np.isclose(own, 1, atol=_UNIT), 1, own))
    return table


def counted_entries(probabilities: NDArray[np.float64], shots: int | None, rng: Any) -> NDArray[np.float64]:
    """Return each of some probabilities as a share of so many runs, all counted apart; None is infinitely many.

    Examples
    --------
    >>> counted_entries(np.array([[0.2]]), shots=10, rng=0)
    array([[0.3]])
    """
    if shots is None:
        return probabilities
    # Rounding may leave a probability just beyond 0 or 1.
    return as_rng(rng).binomial(shots, probabilities.clip(0, 1)) / shots


def shots_for_psd(K: ArrayLike, *, ridge: float = 0.0, failure: float = 0.01) -> int:
    r"""Return shots an entry after which a counted matrix, plus a ridge, is positive semidefinite.

    .. math:: s = \frac{2 \ln(n/\varepsilon)}{t^2} \Big( V + \frac t3 \Big), \qquad
              t = \lambda_{\min}(K) + r, \qquad V = \max_i \sum_{j \ne i} K_{ij} (1 - K_{ij})

    The counted matrix is the exact one plus a sum of independent matrices, one for each shot of each pair.
    Bernstein's inequality for such sums bounds the chance :math:`\varepsilon` that an eigenvalue falls by t. The
    bound is safe: :math:`s \approx 4V/t^2`, where the semicircle of random eigenvalues just reaches
    down by t, is what a typical matrix takes. A matrix with an eigenvalue 0 (n rows of q qubits with
    :math:`n > 4^q` always has) needs infinitely many without a ridge.

    Parameters
    ----------
    K : array_like, shape (n, n)
        The exact kernel matrix.
    ridge : float
        What is added to the diagonal after counting, at least 0.
    failure : float
        Chance that it fails nevertheless, between 0 and 1.

    Returns
    -------
    int

    Examples
    --------
    >>> shots_for_psd([[1.0, 0.25], [0.25, 1.0]])
    9
    >>> shots_for_psd([[1.0, 0.999], [0.999, 1.0]])  # nearly the same row twice
    14119
    >>> shots_for_psd([[1.0, 0.999], [0.999, 1.0]], ridge=0.1)
    37

    References
    ----------
    Tropp, "User-friendly tail bounds for sums of random matrices", 2012, arXiv:1004.4389, theorem 1.4.
    """
    matrix = as_kernel_matrix(K)
    extra, chance = as_real(ridge, "ridge", least=0), as_failure(failure)
    n = len(matrix)
    t = float(np.linalg.eigvalsh(matrix)[0]) + extra
    if t < 1e-9 * n:
        raise ValueError(
            f"K has the smallest eigenvalue {t - extra:.3g}: whatever the shots, noise makes half of such eigenvalues "
            "negative. Give a ridge above 0, which will be added to the diagonal of the counted matrix"
        )
    spread = matrix * (1 - matrix)
    np.fill_diagonal(spread, 0)
    return ceil(2 * log(n / chance) * (spread.sum(axis=1).max() + t / 3) / t**2)


# Rounding moves an eigenvalue of n rows by about n times the last digit.
_TOLERANCE = {np.dtype(np.float32): 1e-6, np.dtype(np.float64): 1e-9}


def as_symmetric(K: ArrayLike, name: str = "K") -> NDArray[np.float64]:
    """Return `K` as a square, finite and symmetric float64 matrix."""
    matrix = np.asarray(K)
    if matrix.dtype.kind not in "buif":
        raise TypeError(f"{name} must be a matrix of real numbers, not of {matrix.dtype}")
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(
            f"{name} must be a square matrix, a row and a column for each sample, not {matrix.shape}"
        )
    if not np.isfinite(matrix).all():
        raise ValueError(f"{name} must be finite; it holds NaN or infinity")
    if not np.allclose(matrix, matrix.T, atol=1e-6):
        raise ValueError(f"{name} must be symmetric: row i is as like row j as row j is like row i")
    return matrix.astype(np.float64, copy=False)


def as_kernel_matrix(K: ArrayLike, name: str = "K") -> NDArray[np.float64]:
    """Return `K` as a positive semidefinite float64 matrix, up to rounding; refuse what no kernel makes.

    Examples
    --------
    >>> as_kernel_matrix([[1, 2], [2, 1]])
    Traceback (most recent call last):
        ...
    ValueError: K must be positive semidefinite, and its smallest eigenvalue is -1: no states have these ...
    """
    tolerance = _TOLERANCE.get(np.asarray(K).dtype, _TOLERANCE[np.dtype(np.float64)])
    matrix = as_symmetric(K, name)
    lowest = float(np.linalg.eigvalsh(matrix)[0])
    if lowest < -tolerance * len(matrix) * max(1.0, float(np.abs(matrix).max())):
        raise ValueError(
            f"{name} must be positive semidefinite, and its smallest eigenvalue is {lowest:.3g}: no states have these "
            "overlaps. If shot noise did that, repair the matrix with to_psd, or take more shots (shots_for_psd)"
        )
    return matrix


def to_psd(K: ArrayLike, how: Literal["clip", "shift"] = "clip") -> NDArray[np.float64]:
    r"""Return a positive semidefinite matrix near a symmetric one: what shot noise has broken, repaired.

    .. math:: K = V \Lambda V^{\mathsf T} \;\mapsto\; V \max(\Lambda, 0)\, V^{\mathsf T}
              \qquad\text{or}\qquad K - \min(\lambda_{\min}, 0)\, I

    Clipping is the nearest positive semidefinite matrix in the sum of squares, but it mixes all rows, so the
    rows of a test set no longer belong to the same kernel. Shifting changes the diagonal alone, and acts on a
    support vector machine as softer margins do.

    Parameters
    ----------
    K : array_like, shape (n, n)
        Symmetric and finite.
    how : {"clip", "shift"}
        Which of the two.

    Returns
    -------
    ndarray of float64, shape (n, n)
        K itself, up to rounding, if it has no negative eigenvalue.

    Examples
    --------
    >>> to_psd([[1, 2], [2, 1]])
    array([[1.5, 1.5],
           [1.5, 1.5]])
    >>> to_psd([[1, 2], [2, 1]], how="shift")
    array([[2., 2.],
           [2., 2.]])

    References
    ----------
    Higham, "Computing a nearest symmetric positive semidefinite matrix", 1988,
    doi:10.1016/0024-3795(88)90223-6. Hubregtsen et al., 2021, arXiv:2105.02276, section on post-processing.
    """
    if how not in ("clip", "shift"):
        raise ValueError(f"how must be 'clip' or 'shift', not {how!r}")
    matrix = as_symmetric(K)
    if how == "shift":
        lowest = min(0.0, float(np.linalg.eigvalsh(matrix)[0]))
        return matrix - lowest * np.eye(len(matrix))
    values, vectors = np.linalg.eigh(matrix)
    clipped: NDArray[Any] = (vectors * values.clip(min=0)) @ vectors.T
    return (clipped + clipped.T) / 2
