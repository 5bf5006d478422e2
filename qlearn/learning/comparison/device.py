"""A kernel matrix as a noisy device counts it: depolarised, then estimated from shots."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probability, as_reals, as_rng


def counted_kernel(
    K: ArrayLike, n_qubits: int, *, noise: float = 0.0, shots: int | None = None, rng: Any = None
) -> NDArray[np.float64]:
    r"""Return the kernel matrix that a depolarising device would count.

    .. math:: \tilde K_{ij} = (1 - p)\, K_{ij} + p\, 2^{-q}, \qquad
              \hat K_{ij} \sim \text{Binomial}(\text{shots}, \tilde K_{ij}) / \text{shots}

    p is the probability that a run of the compute-uncompute circuit ends in the maximally mixed state. A
    symmetric matrix with a diagonal of 1, rows against themselves, is counted once for each pair, and its
    diagonal is known. (A single entry is one pair, and is counted.)

    Parameters
    ----------
    K : array_like, shape (n, m)
        Exact squared overlaps, between 0 and 1.
    n_qubits : int
        Number of qubits, q.
    noise : float
        p, between 0 and 1.
    shots : int, optional
        Runs an entry; None is infinitely many.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of float64, shape (n, m)

    Raises
    ------
    ValueError, TypeError
        If an entry or p is no probability, or a number is not a count.

    Examples
    --------
    >>> counted_kernel([[1.0, 0.5], [0.5, 1.0]], 1, noise=0.5)
    array([[1. , 0.5],
           [0.5, 1. ]])
    >>> counted_kernel([[1.0, 0.2]], 2, noise=0.1)
    array([[0.925, 0.205]])

    References
    ----------
    Hubregtsen et al., "Training quantum embedding kernels on near-term quantum computers", 2022,
    arXiv:2105.02276, section on device noise.

    Taught in :doc:`/learning/comparison`.
    """
    exact = as_reals(K, "K", least=-1e-12, most=1 + 1e-12).clip(0, 1)
    if exact.ndim != 2:
        raise ValueError(f"K must be a matrix of overlaps, not of shape {exact.shape}")
    p = as_probability(noise, "noise")
    seen = (1 - p) * exact + p * 2.0 ** -as_count(n_qubits, "n_qubits")
    if shots is not None:
        seen = as_rng(rng).binomial(as_count(shots, "shots"), seen) / shots
    square = exact.shape[0] == exact.shape[1] > 1
    if square and (exact == exact.T).all() and np.allclose(np.diag(exact), 1, atol=1e-12):
        seen = np.triu(seen, 1)
        seen = seen + seen.T + np.eye(len(seen))
    return seen
