"""The simulator of many layered circuits: rotations of a layer as two dense matrices, forward and back."""

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from qlearn.learning.barren_plateaus.random_circuits import START, LayeredCircuits

_PAULIS = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


class Halves:
    r"""Turn all wires of many circuits at once.

    .. math:: \bigotimes_{w=0}^{n-1} u_w = A \otimes B, \qquad
              (A \otimes B)\,|\psi\rangle \;\leftrightarrow\; A\,\Psi\,B^{\mathsf T}

    The state of n wires is written as a matrix :math:`\Psi` with one half of the wires for its rows and
    the other for its columns: for 10 wires two products of 32 x 32 matrices do the work of ten gates.

    Parameters
    ----------
    n_qubits : int
        Number of wires, at least 2.

    Examples
    --------
    >>> halves = Halves(2)
    >>> about_y = halves.factors(np.array([[1, 1]]), np.array([[np.pi, 0.0]]))  # flips wire 0
    >>> halves.turn(np.eye(1, 4)[None], about_y).real.round(6)[0] + 0.0
    array([[0., 0., 1., 0.]])
    """

    def __init__(self, n_qubits: int) -> None:
        split = n_qubits // 2
        self._groups = range(split), range(split, n_qubits)
        self._dims = 1 << split, 1 << (n_qubits - split)
        self._paulis = [_pauli_columns(len(group)) for group in self._groups]

    def factors(
        self, axes: NDArray[np.intp], angles: NDArray[np.float64]
    ) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
        """Return A and the transpose of B of each circuit, of axes and angles (samples, n_qubits)."""
        half = angles[..., None, None] / 2
        turns = np.cos(half) * np.eye(2) - 1j * np.sin(half) * _PAULIS[axes]
        left, right = (reduce(_kron, [turns[:, wire] for wire in group]) for group in self._groups)
        return left[:, None], right.swapaxes(1, 2)

    def turn(
        self, states: NDArray[np.complex128], factors: tuple[NDArray[np.complex128], NDArray[np.complex128]]
    ) -> NDArray[np.complex128]:
        """Turn states of shape (samples, rows, 2**n): all rows of a sample by the same circuit."""
        samples, rows, _ = states.shape
        left, right = self._dims
        turned = states.reshape(samples, rows * left, right) @ factors[1]
        return (factors[0] @ turned.reshape(samples, rows, left, right)).reshape(states.shape)

    def overlaps(self, bras: NDArray[np.complex128], kets: NDArray[np.complex128]) -> NDArray[np.float64]:
        """Return the sums over the rows of Im <bra|P_w|ket> for X, Y, Z, shape (samples, n_qubits, 3)."""
        samples, rows, _ = kets.shape
        left, right = self._dims
        bras = bras.conj()
        # What is left of |ket><bra| on one half when the other is traced out.
        first = bras.reshape(samples, rows, left, right) @ kets.reshape(samples, rows, left, right).swapaxes(
            2, 3
        )
        second = bras.reshape(samples, -1, right).swapaxes(1, 2) @ kets.reshape(samples, -1, right)
        reduced = first.sum(axis=1).reshape(samples, -1), second.reshape(samples, -1)
        traces = [(rho @ paulis).imag for rho, paulis in zip(reduced, self._paulis, strict=True)]
        return np.concatenate(traces, axis=1).reshape(samples, -1, 3)


def _kron(a: NDArray, b: NDArray) -> NDArray:
    """Return the Kronecker product of each pair of matrices, (samples, p, p) and (samples, q, q)."""
    size = a.shape[-1] * b.shape[-1]
    return (a[:, :, None, :, None] * b[:, None, :, None, :]).reshape(-1, size, size)


def _pauli_columns(n: int) -> NDArray[np.complex128]:
    """Return X_w, Y_w, Z_w for each of n wires, flattened into columns (4**n, 3 n)."""
    single = [
        np.kron(np.kron(np.eye(1 << w), pauli), np.eye(1 << (n - 1 - w)))
        for w in range(n)
        for pauli in _PAULIS
    ]
    return np.array(single).reshape(3 * n, -1).T


def product_states(angles: NDArray[np.float64]) -> NDArray[np.complex128]:
    r"""Return :math:`\bigotimes_w R_Y(a_w)|0\rangle` for angles of shape (..., n), shape (..., 2**n).

    Examples
    --------
    >>> product_states(np.array([0.0, np.pi])).real.round(6)
    array([0., 1., 0., 0.])
    """
    made = np.ones((*angles.shape[:-1], 1))
    for wire in range(angles.shape[-1]):
        half = angles[..., wire, None] / 2
        amplitudes = np.concatenate([np.cos(half), np.sin(half)], axis=-1)
        made = (made[..., :, None] * amplitudes[..., None, :]).reshape(*made.shape[:-1], -1)
    return made.astype(np.complex128)


def start_states(circuits: LayeredCircuits) -> NDArray[np.complex128]:
    """Return the start of each circuit, RY(pi/4) on every wire, shape (samples, 1, 2**n)."""
    start = product_states(np.full(circuits.n_qubits, START))
    return np.broadcast_to(start, (circuits.samples, 1, start.size))


class LayeredSimulator:
    r"""Follow states through a batch of circuits, and derivatives back.

    .. math:: \frac{\partial}{\partial\theta}\langle\psi|U^\dagger C\,U|\psi\rangle
              = \operatorname{Im}\,\langle\lambda|P|\phi\rangle

    where :math:`\phi` is the state behind the turn :math:`e^{-i\theta P/2}`, and :math:`\lambda` is
    :math:`C\,U|\psi\rangle` carried back to the same place. All derivatives of a circuit cost about three
    times as much as its cost.

    Parameters
    ----------
    circuits : LayeredCircuits
        The circuits.

    Examples
    --------
    >>> from qlearn.learning.barren_plateaus.random_circuits import draw_circuits
    >>> circuits = draw_circuits(2, 4, samples=3, init="identity", rng=1)
    >>> sweep = LayeredSimulator(circuits)
    >>> bool(np.allclose(sweep.forward(start_states(circuits)), start_states(circuits)))
    True

    References
    ----------
    Jones, Gacon, "Efficient calculation of gradients in classical simulations of variational quantum
    algorithms", 2020, arXiv:2009.02823.
    """

    def __init__(self, circuits: LayeredCircuits) -> None:
        self.circuits = circuits
        self._halves = Halves(circuits.n_qubits)
        index = np.arange(1 << circuits.n_qubits)
        # Every CZ of the ladder changes the sign where two neighbours are both 1.
        self._signs = 1.0 - 2.0 * (np.bitwise_count(index & index >> 1) & 1)

    def layer(self, states: NDArray[np.complex128], number: int) -> NDArray[np.complex128]:
        """Return the states (samples, rows, 2**n) after one layer."""
        mirrored = self.circuits.mirrored[number]
        if mirrored:
            states = self._ladder(states)
        states = self.turns(states, number)
        return states if mirrored else self._ladder(states)

    def turns(self, states: NDArray[np.complex128], number: int, sign: int = 1) -> NDArray[np.complex128]:
        """Return the states after the turns of one layer, or before them (`sign` -1)."""
        axes, angles = self.circuits.axes[:, number], sign * self.circuits.angles[:, number]
        return self._halves.turn(states, self._halves.factors(axes, angles))

    def forward(self, states: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the states (samples, rows, 2**n) after all layers."""
        for number in range(self.circuits.depth):
            states = self.layer(states, number)
        return states

    def backward(
        self, final: NDArray[np.complex128], bras: NDArray[np.complex128], keep: int = 0
    ) -> NDArray[np.float64]:
        """Return the derivatives of the layers from `keep` on, summed over the rows.

        Parameters
        ----------
        final : ndarray of complex128, shape (samples, rows, 2**n)
            From :meth:`forward`.
        bras : ndarray of complex128, shape (samples, rows, 2**n)
            The observable of the cost, applied to `final`.
        keep : int
            The first layer whose derivatives are wanted.

        Returns
        -------
        ndarray of float64, shape (samples, depth - keep, n_qubits)
        """
        circuits, rows = self.circuits, final.shape[1]
        both = np.concatenate([final, bras], axis=1)
        gradient = np.empty((circuits.samples, circuits.depth - keep, circuits.n_qubits))
        for number in reversed(range(keep, circuits.depth)):
            if not circuits.mirrored[number]:
                both = self._ladder(both)
            overlaps = self._halves.overlaps(both[:, rows:], both[:, :rows])
            picked = np.take_along_axis(overlaps, circuits.axes[:, number, :, None], axis=2)
            gradient[:, number - keep] = picked[..., 0]
            if number > keep:
                both = self.turns(both, number, sign=-1)
                if circuits.mirrored[number]:
                    both = self._ladder(both)
        return gradient

    def _ladder(self, states: NDArray[np.complex128]) -> NDArray[np.complex128]:
        return states * self._signs if self.circuits.entangled else states
