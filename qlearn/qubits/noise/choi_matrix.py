"""The Choi matrix: a channel as one matrix, which shows whether physics allows it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import is_coarse, norm_tolerance
from qlearn.qubits.noise.kraus import Channel, trace_keeping

# Eigenvalues below this are rounding: an operator of norm 1e-6 or less is not told apart from none.
_ROUNDING = 1e-12


def choi(channel: Channel) -> NDArray[np.complex128]:
    r"""Return the Choi matrix of a channel.

    .. math:: J = \sum_{ij} |i\rangle\langle j| \otimes \mathcal E\bigl(|i\rangle\langle j|\bigr)

    It is d times the state that half of a maximally entangled pair becomes in the channel. That one state
    knows everything about the channel: completely positive is :math:`J \ge 0`, trace-preserving is
    :math:`\operatorname{tr}_{\text{out}} J = \mathbb 1`.

    Parameters
    ----------
    channel : Channel
        On k qubits.

    Returns
    -------
    ndarray of complex128, shape (..., 4**k, 4**k)
        The input is the more significant half of the index; the trace is d = 2**k. Some books divide by d.

    Examples
    --------
    >>> from qlearn.qubits.noise import amplitude_damping
    >>> choi(amplitude_damping(0.36)).real.round(2)
    array([[1.  , 0.  , 0.  , 0.8 ],
           [0.  , 0.  , 0.  , 0.  ],
           [0.  , 0.  , 0.36, 0.  ],
           [0.8 , 0.  , 0.  , 0.64]])

    References
    ----------
    Choi, Linear Algebra Appl. 10, 285 (1975), doi:10.1016/0024-3795(75)90075-0; its theorem 1 is :func:`from_choi`,
    theorem 2 :func:`is_cptp`.
    """
    d = channel.kraus.shape[-1]
    vectors = channel.kraus.mT.reshape(*channel.kraus.shape[:-2], d * d)
    return np.einsum("...ma,...mb->...ab", vectors, vectors.conj())


def is_cptp(matrix: ArrayLike) -> NDArray[np.bool_]:
    r"""Tell whether a Choi matrix belongs to a map that physics allows.

    .. math:: J = J^\dagger \ge 0 \quad\text{(completely positive)}, \qquad
              \operatorname{tr}_{\text{out}} J = \mathbb 1 \quad\text{(trace-preserving)}

    Parameters
    ----------
    matrix : array_like, shape (..., 4**k, 4**k)
        Choi matrices as :func:`choi` writes them.

    Returns
    -------
    ndarray of bool, shape (...)

    Examples
    --------
    The transpose of a density matrix is a density matrix, and yet nothing in nature transposes: half of an
    entangled pair would get a negative probability.

    >>> transpose = np.eye(4)[[0, 2, 1, 3]]
    >>> bool(is_cptp(transpose))
    False
    """
    array = _as_choi(matrix)
    tolerance = norm_tolerance(np.asarray(matrix).dtype)
    skew, trace_error, lowest = _faults(array)
    return (skew <= tolerance) & (trace_error <= tolerance) & (lowest >= -tolerance)


def from_choi(matrix: ArrayLike) -> Channel:
    r"""Return the channel that a Choi matrix describes, with as few Kraus operators as possible.

    .. math:: J = \sum_k \lambda_k\,|v_k\rangle\langle v_k|
              \quad\Rightarrow\quad K_k = \sqrt{\lambda_k}\,\operatorname{mat}(v_k)

    So a channel on k qubits never needs more than 4**k operators, however many stories led to it.

    Parameters
    ----------
    matrix : array_like, shape (..., 4**k, 4**k)
        As :func:`choi` writes it. A batch has as many operators as the member that needs most.

    Returns
    -------
    Channel

    Examples
    --------
    >>> from qlearn.qubits.noise import bit_flip
    >>> six = bit_flip(0.1).then(bit_flip(0.2)).then(bit_flip(0.3))
    >>> six, from_choi(choi(six))
    (Channel(n_qubits=1, shape=(), operators=8), Channel(n_qubits=1, shape=(), operators=2))
    """
    array, given = _as_choi(matrix), np.asarray(matrix).dtype
    tolerance, coarse = norm_tolerance(given), is_coarse(given)
    skew, trace_error, lowest = _faults(array)
    if skew.max(initial=0) > tolerance:
        raise ValueError("matrix must be Hermitian, or the map makes density matrices that are not")
    if lowest.min(initial=0) < -tolerance:
        raise ValueError(
            f"matrix must have no negative eigenvalue; the lowest is {lowest.min():.3g}. The map is not completely "
            "positive: half of an entangled pair would get a negative probability"
        )
    if trace_error.max(initial=0) > tolerance:
        raise ValueError(
            "matrix must keep the trace: its partial trace over the output (the second half of the index) must be "
            f"the identity, and an entry of it is off by {trace_error.max():.3g}"
        )
    values, vectors = np.linalg.eigh(array)
    needed = int((values > (tolerance if coarse else _ROUNDING)).any(tuple(range(values.ndim - 1))).sum())
    kept = np.sqrt(values[..., -needed:].clip(0))[..., None, :] * vectors[..., -needed:]
    d = 1 << (array.shape[-1].bit_length() // 2)
    operators = kept.mT.reshape(*kept.shape[:-2], needed, d, d)
    operators = operators.mT
    return Channel(trace_keeping(operators) if coarse else operators)


def _as_choi(matrix: ArrayLike) -> NDArray[np.complex128]:
    array = np.asarray(matrix)
    size = array.shape[-1] if array.ndim else 0
    square = array.ndim >= 2 and array.shape[-2] == size and array.dtype.kind in "buifc"
    if not square or size < 4 or size & (size - 1) or size.bit_length() % 2 == 0:
        raise ValueError(
            f"matrix must be a Choi matrix of shape (..., 4**k, 4**k) for k qubits, not of shape {array.shape}"
        )
    if not np.isfinite(array).all():
        raise ValueError("matrix must be finite; it holds NaN or infinity")
    return array.astype(np.complex128)


def _faults(array: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Return how far each matrix is from Hermitian and from keeping the trace, and its lowest eigenvalue."""
    adjoint = array.mT.conj()
    d = 1 << (array.shape[-1].bit_length() // 2)
    reduced = np.einsum("...iaja->...ij", array.reshape(*array.shape[:-2], d, d, d, d))
    return (
        np.abs(array - adjoint).max((-1, -2)),
        np.abs(reduced - np.eye(d)).max((-1, -2)),
        np.linalg.eigvalsh((array + adjoint) / 2)[..., 0],
    )
