"""Density matrices: what is known of a part or a mixture, how close two states are, and how well they can be told apart.

Taught in :doc:`/qubits/measurement`.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probability, as_states, as_wires, is_coarse, n_qubits_of, norm_tolerance


def as_pure_or_mixed(x: ArrayLike, name: str = "state") -> tuple[NDArray[np.complex128], bool]:
    """Return a checked array and whether it holds density matrices (True) or state vectors (False).

    An array of shape (..., d, d) could be either. No valid input is both: d normalised rows have squares
    that sum to d, a density matrix's sum to its purity, at most 1. Where there is nothing to sum, an empty
    batch, it is taken for density matrices. What came in single precision is forgiven
    its rounding and leaves as a state in double precision.
    """
    array = np.asarray(x)
    if array.ndim < 2 or array.shape[-1] != array.shape[-2] or array.dtype.kind not in "buifc":
        return as_states(array, name), False
    if not array.size:
        n_qubits_of(array, name)
        return array.astype(np.complex128), True
    tolerance, coarse = norm_tolerance(array.dtype), is_coarse(array.dtype)
    norms = np.linalg.norm(array.astype(np.complex128, copy=False), axis=-1)
    if np.allclose(norms, 1, atol=tolerance):
        return as_states(array, name), False
    array = array.astype(np.complex128, copy=False)
    n_qubits_of(array, name)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite; it holds NaN or infinity")
    traces = np.trace(array, axis1=-2, axis2=-1)
    # A square array may be either, so a refusal says what is wrong with both.
    as_vectors = f"; read as state vectors, one a row, their lengths are {_some(norms)}, not all 1"
    if np.abs(traces - 1).max() > tolerance:
        worst = traces.flat[np.abs(traces - 1).argmax()]
        raise ValueError(
            f"{name} must be normalised: as a density matrix its trace is {worst:.6g}, not 1{as_vectors}"
        )
    if np.abs(array - _adjoint(array)).max() > tolerance:
        raise ValueError(
            f"{name} must be Hermitian as a density matrix (equal to its conjugate transpose){as_vectors}"
        )
    lowest = np.linalg.eigvalsh(array).min()
    if lowest < -tolerance:
        raise ValueError(
            f"{name} must have no negative probability; as a density matrix its lowest eigenvalue is {lowest:.3g}"
            f"{as_vectors}"
        )
    return (refined(array) if coarse else array), True


def refined(rho: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Make a density matrix of single precision one in double: Hermitian, positive, of trace 1."""
    values, vectors = np.linalg.eigh((rho + _adjoint(rho)) / 2)
    weights = values.clip(0)
    weights /= weights.sum(-1, keepdims=True)
    return np.asarray((vectors * weights[..., None, :]) @ _adjoint(vectors), dtype=np.complex128)


def _some(values: NDArray, most: int = 4) -> str:
    shown = ", ".join(f"{value:.4g}" for value in values.flat[:most])
    return shown + ", ..." * (values.size > most)


def as_comparable(
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


def _adjoint(matrices: NDArray) -> NDArray:
    return np.swapaxes(matrices, -1, -2).conj()


def density(state: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the density matrix of a state vector.

    .. math:: \rho = |\psi\rangle\langle\psi|

    Parameters
    ----------
    state : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors; density matrices are checked and returned as they are.

    Returns
    -------
    ndarray of complex128, shape (..., 2**n, 2**n)

    Examples
    --------
    >>> density([1, 0]).real
    array([[1., 0.],
           [0., 0.]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), eq. 2.138.
    """
    array, mixed = as_pure_or_mixed(state)
    return array if mixed else array[..., :, None] * array[..., None, :].conj()


def partial_trace(state: ArrayLike, keep: int | Iterable[int]) -> NDArray[np.complex128]:
    r"""Return what the kept wires know of a state: their reduced density matrix.

    .. math:: \rho_A = \operatorname{tr}_B \rho, \qquad
              (\rho_A)_{a a'} = \sum_b \rho_{ab,\,a'b}

    Parameters
    ----------
    state : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices.
    keep : int or iterable of int
        Wires to keep, in the order that the result shall have.

    Returns
    -------
    ndarray of complex128, shape (..., 2**k, 2**k)

    Examples
    --------
    >>> pair = np.array([1, 0, 0, 1]) / np.sqrt(2)
    >>> partial_trace(pair, keep=0).real.round(3)
    array([[0.5, 0. ],
           [0. , 0.5]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), eq. 2.178.
    """
    array, mixed = as_pure_or_mixed(state)
    n = n_qubits_of(array)
    kept = as_wires(keep, n, "keep")
    order = (*kept, *(wire for wire in range(n) if wire not in kept))
    d, rest = 1 << len(kept), 1 << (n - len(kept))
    batch = array.shape[: array.ndim - (2 if mixed else 1)]
    b = len(batch)
    if mixed:
        axes = [*range(b), *(b + w for w in order), *(b + n + w for w in order)]
        blocks = array.reshape(*batch, *[2] * (2 * n)).transpose(axes).reshape(*batch, d, rest, d, rest)
        return np.einsum("...abcb->...ac", blocks)
    psi = (
        array.reshape(*batch, *[2] * n)
        .transpose([*range(b), *(b + w for w in order)])
        .reshape(*batch, d, rest)
    )
    return psi @ _adjoint(psi)


def fidelity(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    r"""Return how close two states are: 1 for the same, 0 for perfectly distinguishable ones.

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
    (first, first_mixed), (second, second_mixed) = as_comparable(a, b)
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
    values, vectors = np.linalg.eigh(rho)
    return (vectors * np.sqrt(values.clip(0))[..., None, :]) @ _adjoint(vectors)


def helstrom(a: ArrayLike, b: ArrayLike, prior: float = 0.5) -> NDArray[np.float64]:
    r"""Return the best probability to tell two states apart with one copy.

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
    first, second = (density(state) for state, _ in as_comparable(a, b))
    return (1 + np.abs(np.linalg.eigvalsh(p * first - (1 - p) * second)).sum(-1)) / 2
