"""Distances between states: fidelity, trace distance, and Helstrom's bound on telling two of them apart.

Taught in :doc:`/qubits/measurement`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probability, n_qubits_of
from qlearn.qubits.density_matrices import as_matrices, as_pure_or_mixed


def _as_comparable(
    a: ArrayLike, b: ArrayLike
) -> tuple[tuple[NDArray[np.complex128], bool], tuple[NDArray[np.complex128], bool]]:
    """Return two states, checked as by :func:`as_pure_or_mixed`, of one size and with batches that broadcast."""
    first, second = as_pure_or_mixed(a, "a"), as_pure_or_mixed(b, "b")
    sizes = [n_qubits_of(array) for array, _ in (first, second)]
    if sizes[0] != sizes[1]:
        raise ValueError(f"a and b must have the same number of qubits, not {sizes[0]} and {sizes[1]}")
    batches = [array.shape[: array.ndim - 1 - mixed] for array, mixed in (first, second)]
    try:
        np.broadcast_shapes(*batches)
    except ValueError:
        raise ValueError(
            f"a and b must have batches that broadcast, not {batches[0]} and {batches[1]}"
        ) from None
    return first, second


def fidelity(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    r"""Return the fidelity of two states, squared: 1 for the same, 0 for perfectly distinguishable ones.

    .. math:: F = |\langle a|b\rangle|^2, \qquad F = \langle a|\rho|a\rangle, \qquad
              F = \Bigl(\operatorname{tr}\sqrt{\sqrt\rho\,\sigma\sqrt\rho}\Bigr)^2

    This is the squared (Jozsa) fidelity, the probability that one pure state passes for the other; some
    books and programs give its square root.

    Parameters
    ----------
    a, b : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices in any mix, with batches that broadcast.

    Returns
    -------
    ndarray of float64, shape (...)
        Values in [0, 1].

    Examples
    --------
    >>> float(fidelity([1, 0], [np.sqrt(.5), np.sqrt(.5)]).round(12))
    0.5

    References
    ----------
    Jozsa, J. Mod. Opt. 41, 2315 (1994), doi:10.1080/09500349414552171.
    """
    (first, first_mixed), (second, second_mixed) = _as_comparable(a, b)
    if not first_mixed and not second_mixed:
        value = np.abs(np.einsum("...i,...i->...", first.conj(), second)) ** 2
    elif first_mixed and second_mixed:
        root = _square_root(first)
        value = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(0)).sum(-1) ** 2
    else:
        psi, rho = (second, first) if first_mixed else (first, second)
        value = np.einsum("...i,...ij,...j->...", psi.conj(), rho, psi).real
    return np.clip(value, 0, 1)  # rounding alone leaves [0, 1]


def _square_root(rho: NDArray) -> NDArray:
    """Return the positive square root of density matrices."""
    values, vectors = np.linalg.eigh(rho)
    return (vectors * np.sqrt(values.clip(0))[..., None, :]) @ vectors.mT.conj()


def trace_distance(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    r"""Return the trace distance of two states: 0 for the same, 1 for perfectly distinguishable ones.

    .. math:: D(\rho, \sigma) = \tfrac12 \lVert \rho - \sigma \rVert_1 = \tfrac12\sum_i |\lambda_i|

    The best measurement tells two equally likely states apart with probability :math:`(1 + D)/2`
    (:func:`helstrom`): a coin throw for D = 0, certainty for D = 1. No channel makes it larger. On the Bloch
    ball it is half the distance between the two points.

    Taught in :doc:`/qubits/noise`.

    Parameters
    ----------
    a, b : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices, with batches that broadcast.

    Returns
    -------
    ndarray of float64, shape (...)
        Values in [0, 1].

    Examples
    --------
    >>> float(trace_distance([1, 0], [0.6, 0.8]).round(12))
    0.8

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 9.2.1.
    """
    first, second = (as_matrices(*state) for state in _as_comparable(a, b))
    half = np.abs(np.linalg.eigvalsh(first - second)).sum(-1) / 2
    return np.clip(half, 0, 1)  # rounding alone leaves [0, 1]


def helstrom(a: ArrayLike, b: ArrayLike, prior: float = 0.5) -> NDArray[np.float64]:
    r"""Return Helstrom's bound: the best probability to tell two states apart with one copy.

    .. math:: P = \tfrac12\bigl(1 + \lVert p\,\rho_a - (1-p)\,\rho_b\rVert_1\bigr)
              \;=\; \tfrac12\Bigl(1 + \sqrt{1 - 4p(1-p)\,|\langle a|b\rangle|^2}\Bigr) \text{ for pure states}

    No measurement, however clever, does better; orthogonal states reach 1, equal states the larger of p and 1 - p.

    Parameters
    ----------
    a, b : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices.
    prior : float
        Probability of state `a` before the measurement.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> float(helstrom([1, 0], [np.sqrt(.5), np.sqrt(.5)]).round(6))
    0.853553

    References
    ----------
    Helstrom, J. Stat. Phys. 1, 231 (1969), doi:10.1007/BF01007479.
    """
    p = as_probability(prior, "prior")
    first, second = (as_matrices(*state) for state in _as_comparable(a, b))
    return (1 + np.abs(np.linalg.eigvalsh(p * first - (1 - p) * second)).sum(-1)) / 2
