"""The simulator of a trainable circuit: rotations of a layer as dense matrices, forward and back for all samples."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count
from qlearn.qubits.entanglement_patterns import Pairs
from qlearn.qubits.rotation_layers import Factors, RotationLayer

OBSERVABLES = ("local", "global")


def observable_strings(observables: str | Sequence[str], n_qubits: int) -> list[str]:
    """Return the measured products of Z, one letter I or Z for each wire: of every wire, of all, or those that are given.

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


def rotations(angles: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the matrices RY(b) RZ(a), shape (..., 2, 2), of angles (a, b) on the last axis.

    Examples
    --------
    >>> rotations(np.array([0.0, np.pi])).real.round(6) + 0.0
    array([[ 0., -1.],
           [ 1.,  0.]])
    """
    half = angles[..., 1] / 2
    cos, sin, phase = np.cos(half), np.sin(half), np.exp(-0.5j * angles[..., 0])
    gates = np.empty((*angles.shape[:-1], 2, 2), dtype=np.complex128)
    gates[..., 0, 0], gates[..., 1, 0] = cos * phase, sin * phase
    gates[..., 0, 1], gates[..., 1, 1] = -gates[..., 1, 0].conj(), gates[..., 0, 0].conj()
    return gates


def permutation(pairs: Pairs, n_qubits: int) -> NDArray[np.intp]:
    """Return from where each amplitude comes when CNOTs, in order, move it: shape (2**n,).

    Examples
    --------
    >>> permutation([(0, 1)], 2)
    array([0, 1, 3, 2])
    """
    index = np.arange(1 << n_qubits)
    for control, target in reversed(pairs):
        index = index ^ ((index >> (n_qubits - 1 - control) & 1) << (n_qubits - 1 - target))
    return index


class Tape(NamedTuple):
    """The states and matrices that the forward pass keeps for the backward pass."""

    states: NDArray[np.complex128]
    final: NDArray[np.complex128]
    rotated: list[NDArray[np.complex128]]
    factors: list[Factors]
    angles: NDArray[np.float64]


class AnsatzSimulator:
    r"""Expectation values of layers of rotations and CNOTs, and their gradient: the fast path of a circuit.

    A gate followed by its CNOTs is two matrix products and a permutation. Without re-uploading the circuit is
    one linear map U for all samples, so it is followed on whichever is smaller: the samples, or the
    :math:`2^n` basis states. In the second case a step costs two more products however deep the circuit is.

    Examples
    --------
    >>> simulator = AnsatzSimulator(1, [], ["Z"], reupload=False)
    >>> angles = np.array([[[0.0, np.pi / 3]]])  # one layer: RY by 60 degrees takes Z from 1 to 1/2
    >>> z, tape = simulator.forward(angles, np.array([[1.0 + 0j, 0.0]]))
    >>> z, simulator.backward(tape, np.ones((1, 1)), features=False)[0]
    (array([[0.5]]), array([[[ 0.   , -0.866]]]))

    References
    ----------
    Jones, Gacon, 2020, arXiv:2009.02823 (the adjoint sweep).
    """

    def __init__(self, n_qubits: int, pairs: Pairs, strings: list[str], reupload: bool) -> None:
        self._reupload, self._scale = reupload, 2 ** (n_qubits / 2)
        self._layer = RotationLayer(n_qubits)
        self._signs = eigenvalues(observable_strings("local", n_qubits))
        self._readout = eigenvalues(strings)
        self._permutation = permutation(pairs, n_qubits)
        self._inverse = np.argsort(self._permutation)

    def forward(
        self, angles: NDArray[np.float64], states: NDArray[np.complex128]
    ) -> tuple[NDArray[np.float64], Tape]:
        """Return the expectation values, shape (samples, observables), and the tape for :meth:`backward`."""
        factors = list(zip(*self._layer.factors(rotations(angles)), strict=True))
        rows = np.eye(states.shape[1], dtype=np.complex128) if self._contracts(states) else states
        rotated = []
        for depth, layer in enumerate(factors):
            if self._reupload and depth:
                rows = rows * self._phases(states)
            rotated.append(self._layer.apply(rows, layer))
            rows = rotated[-1].take(self._permutation, axis=1)
        final = states @ rows if self._contracts(states) else rows
        z = (final.real**2 + final.imag**2) @ self._readout.T
        return z, Tape(states, final, rotated, factors, angles)

    def backward(
        self, tape: Tape, dz: NDArray[np.float64], *, features: bool
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the gradients in the angles and, if asked, in the features (else zeros)."""
        states, final, rotated, factors, angles = tape
        back = (dz @ self._readout) * final
        slopes = np.zeros((len(states), len(self._signs)))
        if self._contracts(states):
            if features:
                whole = rotated[-1].take(self._permutation, axis=1)
                slopes = self._z_overlaps(states, back @ whole.conj().T)
            back = states.conj().T @ back
        overlaps = [np.empty(0)] * len(angles)
        for depth in reversed(range(len(angles))):
            back = back.take(self._inverse, axis=1)
            overlaps[depth] = self._layer.pauli_overlaps(back, rotated[depth])
            encoded = features and not self._contracts(states) and (self._reupload or not depth)
            if depth or encoded:
                back = self._layer.undo(back, factors[depth])
            if encoded:
                kets = (
                    states
                    if not depth
                    else rotated[depth - 1].take(self._permutation, axis=1) * self._phases(states)
                )
                slopes += self._z_overlaps(kets, back)
            if depth and self._reupload:
                back = back * self._phases(states).conj()
        x, y, z = np.array(overlaps).transpose(2, 0, 1)
        about_y = angles[..., 1]
        # RY comes last and its axis is y; RZ came before it, and RY has tilted its axis from z towards x.
        return np.stack([np.sin(about_y) * x + np.cos(about_y) * z, y], axis=-1), slopes

    def _phases(self, states: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the rotations about z that made `states` of equal amplitudes."""
        return states * self._scale

    def _z_overlaps(self, kets: NDArray, bras: NDArray) -> NDArray[np.float64]:
        """Return Im <bra|Z_w|ket> of each row, shape (samples, n_qubits)."""
        return (bras.conj() * kets).imag @ self._signs.T

    def _contracts(self, states: NDArray) -> bool:
        return not self._reupload and len(states) > states.shape[1]
