"""Measurement: the chances of its outcomes, the state that is left after it, and the mean value of an observable.

Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 2.2.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_rng, as_states, as_unitary, as_wires, n_qubits_of
from qlearn.qubits.density_matrices import as_pure_or_mixed
from qlearn.qubits.engine import apply, as_tensor
from qlearn.qubits.gates import BASES
from qlearn.qubits.paulis import as_pauli_word, pauli_action

Basis = str | ArrayLike


class Measurement(NamedTuple):
    """What a measurement gives: the outcomes, and the states it leaves behind."""

    outcomes: NDArray[np.uint8]
    """One bit for each measured wire, shape (..., k)."""
    state: NDArray[np.complex128]
    """What is left, shape (..., 2**n)."""


def probabilities(
    state: ArrayLike, wires: int | Iterable[int] | None = None, basis: Basis = "Z"
) -> NDArray[np.float64]:
    r"""Return the probability of every outcome (the Born rule).

    .. math:: p(k) = \lVert \langle b_k|\psi\rangle \rVert^2

    where :math:`|b_k\rangle` are the basis states of the measured wires; wires that are not measured are
    summed over.

    Parameters
    ----------
    state : array_like, shape (..., 2**n)
        Normalised state vectors.
    wires : int or iterable of int, optional
        Measured wires, in the order of the outcome's bits; None means all.
    basis : str or array_like
        ``"X"``, ``"Y"`` or ``"Z"`` for all wires, one letter for each wire (``"XZ"``), a unitary of shape
        (2, 2) whose columns are the two basis states, or one of shape (2**k, 2**k) that measures the k
        wires together.

    Returns
    -------
    ndarray of float64, shape (..., 2**k)

    Examples
    --------
    >>> probabilities([0.6, 0.8])
    array([0.36, 0.64])
    >>> probabilities([0.6, 0.8], basis="X").round(3)
    array([0.98, 0.02])

    References
    ----------
    Born, Z. Phys. 37, 863 (1926), doi:10.1007/BF01397477.
    """
    states = as_states(state)
    n = n_qubits_of(states)
    measured = as_wires(wires, n)
    rotations = _rotations(basis, measured)
    return _born(_rotated(states, n, rotations), measured).reshape(*states.shape[:-1], 1 << len(measured))


def measure(
    state: ArrayLike, wires: int | Iterable[int] | None = None, basis: Basis = "Z", rng: Any = None
) -> Measurement:
    r"""Measure wires of each state once: draw an outcome and collapse.

    .. math:: |\psi\rangle \;\to\; \frac{\Pi_k|\psi\rangle}{\sqrt{p(k)}} \quad\text{with probability } p(k)

    Parameters
    ----------
    state : array_like, shape (..., 2**n)
        Normalised state vectors; each is one copy, measured once.
    wires : int or iterable of int, optional
        Measured wires, in the order of the outcome's bits; None means all.
    basis : str or array_like
        As in :func:`probabilities`.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Measurement
        ``outcomes``, uint8 of shape (..., k), and ``state``, complex128 of shape (..., 2**n).

    Examples
    --------
    >>> outcomes, after = measure([[0.6, 0.8]] * 4, rng=1)
    >>> outcomes[:, 0]
    array([1, 1, 0, 1], dtype=uint8)
    >>> after[0].real
    array([0., 1.])
    """
    states = as_states(state)
    n = n_qubits_of(states)
    measured = as_wires(wires, n)
    rotations = _rotations(basis, measured)
    tensor = _rotated(states, n, rotations)
    bits = collapse(tensor, measured, as_rng(rng))
    for matrix, targets in rotations:  # back from the measured basis
        apply(tensor, matrix, targets)
    return Measurement(bits.reshape(*states.shape[:-1], len(measured)), tensor.reshape(states.shape))


def sample(
    state: ArrayLike,
    shots: int,
    wires: int | Iterable[int] | None = None,
    basis: Basis = "Z",
    rng: Any = None,
) -> NDArray[np.uint8]:
    r"""Measure many copies of each state.

    Parameters
    ----------
    state : array_like, shape (..., 2**n)
        Normalised state vectors.
    shots : int
        Copies to measure; each is used up.
    wires : int or iterable of int, optional
        Measured wires; None means all.
    basis : str or array_like
        As in :func:`probabilities`.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of uint8, shape (..., shots, k)

    Examples
    --------
    >>> sample([1, 0], shots=3).tolist()
    [[0], [0], [0]]
    """
    shots = as_count(shots, "shots")
    p = probabilities(state, wires, basis)
    bits = _bits(draw_outcomes(p.reshape(-1, p.shape[-1]), shots, as_rng(rng)), p.shape[-1])
    return bits.reshape(*p.shape[:-1], shots, bits.shape[-1])


def sampled_mean(mean: ArrayLike, shots: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return expectation values of outcomes +1 and -1 as so many shots estimate them.

    Examples
    --------
    >>> sampled_mean([1.0, -1.0, 0.0], 100, np.random.default_rng(0))
    array([ 1. , -1. ,  0.1])
    """
    return 2 * rng.binomial(shots, ((1 + np.asarray(mean)) / 2).clip(0, 1)) / shots - 1


def collapse(tensor: NDArray, wires: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Measure wires of a (batch, 2, ..., 2) tensor in the Z basis, in place; return bits (batch, k)."""
    p = _born(tensor, wires)
    index = draw_outcomes(p, 1, rng)[:, 0]
    bits = _bits(index, p.shape[1])
    scale = 1 / np.sqrt(np.take_along_axis(p, index[:, None], axis=1)[:, 0])
    shape = (-1, *[1] * (tensor.ndim - 1))
    for axis, bit in zip(wires, bits.T, strict=True):
        agrees = np.arange(2) == bit[:, None]
        along = [len(bit), *[1] * (tensor.ndim - 1)]
        along[1 + axis] = 2
        tensor *= agrees.reshape(along)
    tensor *= scale.reshape(shape)
    return bits


def _rotations(basis: Basis, wires: tuple[int, ...]) -> list[tuple[NDArray, tuple[int, ...]]]:
    """Return (matrix, wires) pairs that turn the computational basis into the measured one."""
    k = len(wires)
    if isinstance(basis, str):
        letters = basis * k if len(basis) == 1 else basis
        if len(letters) != k or set(letters) - set(BASES):
            raise ValueError(
                f"basis must be X, Y or Z, or one such letter for each of the {k} measured wires, not {basis!r}"
            )
        return [
            (BASES[letter], (wire,)) for letter, wire in zip(letters, wires, strict=True) if letter != "Z"
        ]
    columns = np.asarray(basis)
    if columns.shape not in {(2, 2), (1 << k, 1 << k)} or columns.dtype.kind not in "buifc":
        raise ValueError(
            f"basis must be a letter, or a unitary of shape (2, 2) or {(1 << k, 1 << k)} "
            f"whose columns are the basis states, not an array of shape {columns.shape}"
        )
    columns = as_unitary(columns, "basis must be unitary: its columns must be orthogonal and of length 1")
    return [(columns, (wire,)) for wire in wires] if len(columns) == 2 else [(columns, wires)]


def _rotated(states: NDArray, n: int, rotations: list[tuple[NDArray, tuple[int, ...]]]) -> NDArray:
    """Copy the states, written in the measured basis, as a (batch, 2, ..., 2) tensor."""
    tensor = as_tensor(states.copy(), n)
    for matrix, wires in rotations:
        apply(tensor, matrix.conj().T, wires)
    return tensor


def _born(tensor: NDArray, wires: tuple[int, ...]) -> NDArray[np.float64]:
    """Return probabilities (batch, 2**k) of the wires' outcomes."""
    weights = tensor.real**2 + tensor.imag**2
    k = len(wires)
    moved = np.moveaxis(weights, [1 + wire for wire in wires], range(1, 1 + k))
    return moved.reshape(len(tensor), 1 << k, 1 << (tensor.ndim - 1 - k)).sum(-1)


def draw_outcomes(p: NDArray[np.float64], shots: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw outcome numbers (batch, shots) from probabilities (batch, outcomes) by their cumulative sums."""
    limits = np.cumsum(p, axis=1)
    limits /= limits[:, -1:]  # the last is exactly 1: an outcome of probability 0 is never drawn
    u = rng.random((len(p), shots))
    index = np.zeros(u.shape, dtype=np.int64)
    if p.shape[1] <= len(p):
        for limit in limits.T[:-1]:
            index += u >= limit[:, None]
    else:
        for place, row, x in zip(index, limits, u, strict=True):
            place[:] = np.searchsorted(row, x, side="right")
    return index


def _bits(index: NDArray[np.int64], outcomes: int) -> NDArray[np.uint8]:
    """Spell outcome numbers as bits, most significant first, on a new last axis."""
    return (index[..., None] >> np.arange(outcomes.bit_length() - 2, -1, -1) & 1).astype(np.uint8)


def expectation(state: ArrayLike, observable: str) -> NDArray[np.float64]:
    r"""Return the mean value of a product of Pauli operators.

    .. math:: \langle P\rangle = \langle\psi|P|\psi\rangle = \operatorname{tr}(\rho P)

    +1 and -1 are the two answers of each Pauli operator; this is the average over many copies.

    Parameters
    ----------
    state : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices.
    observable : str
        One letter of I, X, Y, Z for each wire, such as ``"ZZI"``.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> float(expectation([0.6, 0.8], "Z").round(12))
    -0.28
    """
    array, mixed = as_pure_or_mixed(state)
    n = n_qubits_of(array)
    flip, phase = pauli_action(as_pauli_word(observable, n, "observable"))
    j = np.arange(1 << n)
    if mixed:
        return (phase * array[..., j, j ^ flip]).sum(-1).real
    return (array[..., j ^ flip].conj() * phase * array).sum(-1).real
