"""Rotation layers: a gate of one qubit on every wire, applied as one or two dense matrices; product states.

Taught in :doc:`/learning/neural_networks`.
"""

from collections.abc import Sequence
from functools import lru_cache, reduce

import numpy as np
from numpy.typing import NDArray

from qlearn.qubits.paulis import IXYZ

Factors = tuple[NDArray[np.complex128], ...]

# Up to 32 x 32 one dense product is cheapest; beyond, two smaller ones on halves of the wires.
_WIRES_TOGETHER = 5

# Products of few numbers are looked up and multiplied entry by entry: the calls cost more there than the numbers.
_FEW = 2**14


class RotationLayer:
    r"""A layer of gates of one qubit, one on every wire, as the Kronecker product of two matrices.

    .. math:: \bigotimes_{w=0}^{n-1} u_w = A \otimes B, \qquad
              (A \otimes B)\,|\psi\rangle \;\leftrightarrow\; A\,\Psi\,B^{\mathsf T}

    The state of n wires is written as a matrix :math:`\Psi`, one half of the wires for its rows and the other for its
    columns: for 10 wires two products of 32 x 32 matrices do the work of ten gates, at the speed of BLAS. Up to
    `together` wires there is one matrix for all.

    Parameters
    ----------
    n_qubits : int
        Number of wires.
    together : int
        Most wires that one matrix acts on; with more they are halved. The best number for a product is 5; where each
        state has matrices of its own, so that making them counts, it is 1.

    Examples
    --------
    >>> layer = RotationLayer(2)
    >>> flips = layer.factors(np.array([[[0, 1], [1, 0]], [[1, 0], [0, 1]]]))  # X on wire 0, nothing on wire 1
    >>> layer.apply(np.eye(1, 4), flips).real
    array([[0., 0., 1., 0.]])
    """

    def __init__(self, n_qubits: int, together: int = _WIRES_TOGETHER) -> None:
        split = 0 if n_qubits <= together else n_qubits // 2
        self._groups = [group for group in (range(split), range(split, n_qubits)) if group]
        self._dims = 1 << split, 1 << (n_qubits - split)
        self._paulis = [_pauli_columns(len(group)) for group in self._groups]

    def factors(self, gates: NDArray[np.complex128]) -> Factors:
        """Return A and B (or B alone), shape (..., 2**wires, 2**wires), of gates of shape (..., n_qubits, 2, 2)."""
        if len(self._groups) == 1:
            return (_product(gates),)
        return tuple(_product(gates[..., group.start : group.stop, :, :]) for group in self._groups)

    def apply(self, states: NDArray[np.complex128], factors: Factors) -> NDArray[np.complex128]:
        """Return the states, shape (..., rows, 2**n), after the layer: all rows of one index by the same matrices."""
        if len(factors) == 1:
            return states @ factors[0].mT
        left, right = self._dims
        batch = states.shape[:-2]
        moved = states.reshape(*batch, -1, right) @ factors[1].mT
        moved = factors[0][..., None, :, :] @ moved.reshape(*batch, -1, left, right)
        return moved.reshape(states.shape)

    def undo(self, states: NDArray[np.complex128], factors: Factors) -> NDArray[np.complex128]:
        """Return the states before the layer."""
        if len(factors) == 1:
            return states @ factors[0].conj()
        return self.apply(states, tuple(factor.conj().mT for factor in factors))

    def pull(self, bras: NDArray[np.complex128], factors: Factors) -> NDArray[np.complex128]:
        """Return <bra| U, the rows of bras before the layer U."""
        if len(factors) == 1:
            return bras @ factors[0]
        return self.apply(bras, tuple(factor.mT for factor in factors))

    def pauli_overlaps(
        self, bras: NDArray[np.complex128], kets: NDArray[np.complex128]
    ) -> NDArray[np.float64]:
        """Return Im <bra|P_w|ket> for P of X, Y, Z, summed over the rows of (..., rows, 2**n), shape (..., n, 3)."""
        batch = kets.shape[:-2]
        reduced = [rho.reshape(*batch, -1) for rho in self.reduced(bras.conj(), kets)]
        return self._traces(reduced).reshape(*batch, -1, 3)

    def reduced(self, bras: NDArray[np.complex128], kets: NDArray[np.complex128]) -> Factors:
        """Return what is left of ``|ket><bra|``, summed over the rows, on each half when the other is traced out.

        The rows of `bras` are here those of <bra|.
        """
        if len(self._groups) == 1:
            return (bras.mT @ kets,)
        left, right = self._dims
        batch = kets.shape[:-2]
        rows = bras.reshape(*batch, -1, left, right) @ kets.reshape(*batch, -1, left, right).mT
        return rows.sum(axis=-3), bras.reshape(*batch, -1, right).mT @ kets.reshape(*batch, -1, right)

    def overlaps_of_layers(self, reduced: Sequence[Factors]) -> NDArray[np.float64]:
        """Return what :meth:`pauli_overlaps` does, shape (layers, n, 3), of what :meth:`reduced` left of each layer."""
        # Each layer is a matrix of one row: its product rounds as if it were alone.
        rows = [np.concatenate(half).reshape(len(half), 1, -1) for half in zip(*reduced, strict=True)]
        return self._traces(rows).reshape(len(reduced), -1, 3)

    def _traces(self, reduced: Sequence[NDArray[np.complex128]]) -> NDArray[np.float64]:
        traces = [(rho @ paulis).imag for rho, paulis in zip(reduced, self._paulis, strict=True)]
        return traces[0] if len(traces) == 1 else np.concatenate(traces, axis=-1)


def _product(gates: NDArray) -> NDArray:
    """Return the Kronecker product of all gates, shape (..., n, 2, 2), as matrices (..., 2**n, 2**n)."""
    *batch, n, _, _ = gates.shape
    numbers = gates.reshape(-1, 4 * n)
    if len(numbers) << 2 * n > _FEW:
        return reduce(_kron, [gates[..., wire, :, :] for wire in range(n)])
    first, *others = _entries(n)
    product = numbers.take(first, axis=1)
    for places in others:
        product *= numbers.take(places, axis=1)
    return product.reshape(*batch, 1 << n, 1 << n)


@lru_cache(maxsize=16)
def _entries(n: int) -> NDArray[np.intp]:
    """Return which number of each of n gates is in each entry of their product, shape (n, 4**n); nobody may write to it."""
    row, column = np.divmod(np.arange(4**n), 2**n)
    places = np.array([4 * w + 2 * (row >> n - 1 - w & 1) + (column >> n - 1 - w & 1) for w in range(n)])
    places.setflags(write=False)
    return places


def _kron(a: NDArray, b: NDArray) -> NDArray:
    """Return the Kronecker product of each pair of matrices, (..., p, p) and (..., q, q)."""
    size = a.shape[-1] * b.shape[-1]
    return (a[..., :, None, :, None] * b[..., None, :, None, :]).reshape(*a.shape[:-2], size, size)


@lru_cache(maxsize=16)
def _pauli_columns(n: int) -> NDArray[np.complex128]:
    """Return X_w, Y_w, Z_w for each of n wires, flattened into columns (4**n, 3 n); nobody may write to them."""
    on_wire = [
        np.kron(np.kron(np.eye(1 << wire), pauli), np.eye(1 << (n - 1 - wire)))
        for wire in range(n)
        for pauli in IXYZ[1:]
    ]
    columns = np.array(on_wire).reshape(3 * n, -1).T.copy()
    columns.setflags(write=False)
    return columns


def product_states(qubits: NDArray) -> NDArray:
    r"""Return the product :math:`\bigotimes_w (q_{w0}|0\rangle + q_{w1}|1\rangle)`, shape (..., 2**n).

    Parameters
    ----------
    qubits : ndarray, shape (..., n, 2)
        Amplitudes of 0 and 1 of each wire.

    Returns
    -------
    ndarray, shape (..., 2**n)
        Of the type of `qubits`.

    Examples
    --------
    >>> product_states(np.array([[0.6, 0.8], [0.0, 1.0]]))
    array([0. , 0.6, 0. , 0.8])
    """
    # A product for each amplitude: wires double the state one by one.
    states = np.ones((*qubits.shape[:-2], 1), dtype=qubits.dtype)
    for wire in reversed(range(qubits.shape[-2])):
        pairs = qubits[..., wire, :, None] * states[..., None, :]
        states = pairs.reshape(*qubits.shape[:-2], 2 * states.shape[-1])
    return states
