"""The simulator of a trainable circuit: rotations of a layer as dense matrices, forward and back for all samples."""

from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count
from qlearn.learning.neural_networks.entanglement_patterns import Pairs, moves

OBSERVABLES = ("local", "global")


def observable_strings(observables: str | Sequence[str], n_qubits: int) -> list[str]:
    """Return the measured products, one letter I or Z for each wire.

    Parameters
    ----------
    observables : {"local", "global"} or sequence of str
        "local": Z on each wire by itself, n numbers. "global": the product of all Z, one number, +1 for an
        even count of ones and -1 for an odd one. Or strings of I and Z, such as ``["ZZI", "IIZ"]``.
    n_qubits : int
        Number of wires.

    Returns
    -------
    list of str

    Examples
    --------
    >>> observable_strings("local", 2), observable_strings("global", 3)
    (['ZI', 'IZ'], ['ZZZ'])

    References
    ----------
    Cerezo, Sone, Volkoff, Cincio, Coles, 2021, arXiv:2001.00550, where local and global costs part.
    """
    n = as_count(n_qubits, "n_qubits")
    if isinstance(observables, str) and observables in OBSERVABLES:
        return ["I" * w + "Z" + "I" * (n - 1 - w) for w in range(n)] if observables == "local" else ["Z" * n]
    strings: list[Any] = list(observables) if isinstance(observables, list | tuple) else []
    if not strings or not all(
        isinstance(s, str) and len(s) == n and set(s) <= set("IZ") and "Z" in s for s in strings
    ):
        raise ValueError(
            f"observables must be 'local', 'global' or strings of {n} letters I and Z, at least one Z in each "
            f"(such as {['Z' + 'I' * (n - 1)]!r}), not {observables!r}. To measure X or Y, turn the wire first"
        )
    return strings


def eigenvalues(strings: Sequence[str]) -> NDArray[np.float64]:
    """Return the eigenvalue +-1 of each product on each basis state, shape (len(strings), 2**n).

    Examples
    --------
    >>> eigenvalues(["ZI", "ZZ"])
    array([[ 1.,  1., -1., -1.],
           [ 1., -1., -1.,  1.]])
    """
    n = len(strings[0])
    bits = np.arange(1 << n) >> np.arange(n)[::-1, None] & 1
    read = np.array([[letter == "Z" for letter in string] for string in strings], dtype=np.int64)
    return (1 - 2 * (read @ bits % 2)).astype(np.float64)


# Up to 32 x 32 one dense product is cheapest; beyond, two smaller ones on halves of the wires.
_WIRES_TOGETHER = 5


class WireGroups:
    r"""The wires of a circuit in one or two groups, each turned by one dense matrix.

    .. math:: \bigotimes_{w=0}^{n-1} u_w = A \otimes B, \qquad
              A = \bigotimes_{w < n/2} u_w, \quad B = \bigotimes_{w \ge n/2} u_w

    One product of two 16 x 16 matrices does the work of eight gates in turn, at the speed of BLAS. Up to
    5 wires form a single group.

    Parameters
    ----------
    n_qubits : int
        Number of wires.

    Examples
    --------
    >>> flip = np.full((1, 2, 2), [0, np.pi])  # RY(pi) on both wires of one layer
    >>> wires = WireGroups(2)
    >>> wires.turn(np.eye(1, 4), wires.factors(flip)[0]).real.round(6)
    array([[0., 0., 0., 1.]])
    """

    def __init__(self, n_qubits: int) -> None:
        split = 0 if n_qubits <= _WIRES_TOGETHER else n_qubits // 2
        self._groups = [range(split), range(split, n_qubits)] if split else [range(n_qubits)]
        self._dims = 1 << split, 1 << (n_qubits - split)
        self._paulis = [_paulis(len(group)) for group in self._groups]

    def factors(self, angles: NDArray[np.float64]) -> list[tuple[NDArray[np.complex128], ...]]:
        """Return for each layer the transposed matrix of each group, of angles (layers, n_qubits, 2)."""
        half = angles[..., 1] / 2
        cos, sin, phase = np.cos(half), np.sin(half), np.exp(-0.5j * angles[..., 0])
        # RY(b) RZ(a) = [[cos p, -sin p*], [sin p, cos p*]], here transposed.
        turns = np.empty((*angles.shape[:2], 2, 2), dtype=np.complex128)
        turns[..., 0, 0], turns[..., 0, 1] = cos * phase, sin * phase
        turns[..., 1, 0], turns[..., 1, 1] = -turns[..., 0, 1].conj(), turns[..., 0, 0].conj()
        groups = [reduce(_kron, [turns[:, wire] for wire in group]) for group in self._groups]
        return list(zip(*groups, strict=True))

    def turn(self, rows: NDArray, factors: Sequence[NDArray]) -> NDArray[np.complex128]:
        """Turn each row, a state of shape (2**n,), by the factors of one layer."""
        left, right = self._dims
        turned = rows.reshape(-1, right) @ factors[-1]
        if left > 1:
            turned = factors[0].T @ turned.reshape(-1, left, right)
        return turned.reshape(rows.shape)

    def pauli_overlaps(self, kets: NDArray, bras: NDArray) -> NDArray[np.float64]:
        """Return the sums over the rows of Im <bra|X_w|ket>, and so for Y and Z, shape (n_qubits, 3)."""
        left, right = self._dims
        bras = bras.conj()
        reduced = [bras.reshape(-1, right).T @ kets.reshape(-1, right)]
        if left > 1:
            halves = bras.reshape(-1, left, right) @ kets.reshape(-1, left, right).swapaxes(1, 2)
            reduced.insert(0, halves.sum(axis=0))
        traces = [(rho.ravel() @ paulis).imag for rho, paulis in zip(reduced, self._paulis, strict=True)]
        return np.concatenate(traces).reshape(-1, 3)


def _paulis(n: int) -> NDArray[np.complex128]:
    """Return X_w, Y_w, Z_w for each of n wires, flattened into columns (4**n, 3 n)."""
    single = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    on_wire = [
        np.kron(np.kron(np.eye(1 << w), s), np.eye(1 << (n - 1 - w))) for w in range(n) for s in single
    ]
    return np.array(on_wire).reshape(3 * n, -1).T.copy()


def _kron(a: NDArray, b: NDArray) -> NDArray:
    """Return the Kronecker products of two stacks of matrices."""
    size = a.shape[-1] * b.shape[-1]
    return (a[:, :, None, :, None] * b[:, None, :, None, :]).reshape(-1, size, size)


class Tape(NamedTuple):
    """What the forward pass keeps for the backward pass."""

    states: NDArray[np.complex128]
    final: NDArray[np.complex128]
    turned: list[NDArray[np.complex128]]
    factors: list[tuple[NDArray[np.complex128], ...]]
    angles: NDArray[np.float64]


class AnsatzSimulator:
    r"""Forward and backward through layers of turns and CNOTs: the fast path of a circuit.

    A gate followed by its CNOTs is two matrix products and a permutation. Without re-uploading the circuit is
    one linear map U for all samples, so it is followed on whichever is smaller: the samples, or the
    :math:`2^n` basis states. In the second case a step costs two more products however deep the circuit is.

    Parameters
    ----------
    n_qubits : int
        Number of wires.
    pairs : list of (int, int)
        CNOTs of each layer, in order.
    strings : list of str
        The measured products of Z.
    reupload : bool
        Whether the features turn the wires before every layer.

    Examples
    --------
    >>> sweeps = AnsatzSimulator(1, [], ["Z"], reupload=False)
    >>> angles = np.array([[[0.0, np.pi / 3]]])  # one layer: RY by 60 degrees takes Z from 1 to 1/2
    >>> z, tape = sweeps.forward(angles, np.array([[1.0 + 0j, 0.0]]))
    >>> z, sweeps.backward(tape, np.ones((1, 1)), features=False)[0]
    (array([[0.5]]), array([[[ 0.   , -0.866]]]))

    References
    ----------
    Jones, Gacon, 2020, arXiv:2009.02823 (the adjoint sweep).
    """

    def __init__(self, n_qubits: int, pairs: Pairs, strings: list[str], reupload: bool) -> None:
        self._reupload, self._scale = reupload, 2 ** (n_qubits / 2)
        self._groups = WireGroups(n_qubits)
        self._signs = eigenvalues(observable_strings("local", n_qubits))
        self._readout = eigenvalues(strings)
        self._moves = moves(pairs, n_qubits)
        self._moves_back = np.argsort(self._moves)

    def forward(
        self, angles: NDArray[np.float64], states: NDArray[np.complex128]
    ) -> tuple[NDArray[np.float64], Tape]:
        """Return the expectation values, shape (samples, observables), and the tape for :meth:`backward`."""
        factors = self._groups.factors(angles)
        rows = np.eye(states.shape[1], dtype=np.complex128) if self._contracts(states) else states
        turned = []
        for depth, layer in enumerate(factors):
            if self._reupload and depth:
                rows = rows * self._phases(states)
            turned.append(self._groups.turn(rows, layer))
            rows = turned[-1].take(self._moves, axis=1)
        final = states @ rows if self._contracts(states) else rows
        z = (final.real**2 + final.imag**2) @ self._readout.T
        return z, Tape(states, final, turned, factors, angles)

    def backward(
        self, tape: Tape, dz: NDArray[np.float64], *, features: bool
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the gradients in the angles and, if asked, in the features (else zeros)."""
        states, final, turned, factors, angles = tape
        back = (dz @ self._readout) * final
        slopes = np.zeros((len(states), len(self._signs)))
        if self._contracts(states):
            if features:
                whole = turned[-1].take(self._moves, axis=1)
                slopes = self._z_overlaps(states, back @ whole.conj().T)
            back = states.conj().T @ back
        overlaps = [np.empty(0)] * len(angles)
        for depth in reversed(range(len(angles))):
            back = back.take(self._moves_back, axis=1)
            overlaps[depth] = self._groups.pauli_overlaps(turned[depth], back)
            encoded = features and not self._contracts(states) and (self._reupload or not depth)
            if depth or encoded:
                back = self._groups.turn(back, [factor.conj().T for factor in factors[depth]])
            if encoded:
                kets = (
                    states
                    if not depth
                    else turned[depth - 1].take(self._moves, axis=1) * self._phases(states)
                )
                slopes += self._z_overlaps(kets, back)
            if depth and self._reupload:
                back = back * self._phases(states).conj()
        x, y, z = np.array(overlaps).transpose(2, 0, 1)
        about_y = angles[..., 1]
        # RY comes last and its axis is y; RZ came before it, and RY has tilted its axis from z towards x.
        return np.stack([np.sin(about_y) * x + np.cos(about_y) * z, y], axis=-1), slopes

    def _phases(self, states: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the turns about z that made `states` of equal amplitudes."""
        return states * self._scale

    def _z_overlaps(self, kets: NDArray, bras: NDArray) -> NDArray[np.float64]:
        """Return Im <bra|Z_w|ket> of each row, shape (samples, n_qubits)."""
        return (bras.conj() * kets).imag @ self._signs.T

    def _contracts(self, states: NDArray) -> bool:
        return not self._reupload and len(states) > states.shape[1]
