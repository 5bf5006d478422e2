"""The simulator of many layered circuits: states forward through the layers, derivatives back."""

import numpy as np
from numpy.typing import NDArray

from qlearn.learning.barren_plateaus.random_circuits import START, LayeredCircuits
from qlearn.qubits.paulis import IXYZ
from qlearn.qubits.rotation_layers import RotationLayer, product_states


def rotations(axes: NDArray[np.intp], angles: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the matrices of rotations by angles about axes (0, 1, 2 for x, y, z), shape (..., 2, 2)."""
    half = angles[..., None, None] / 2
    return np.cos(half) * IXYZ[0] - 1j * np.sin(half) * IXYZ[1:][axes]


def encoded_states(rows: NDArray[np.float64]) -> NDArray[np.complex128]:
    r"""Return :math:`\bigotimes_w R_Y(a_w)|0\rangle` for angles of shape (..., n), shape (..., 2**n)."""
    half = rows / 2
    return product_states(np.stack([np.cos(half), np.sin(half)], axis=-1)).astype(np.complex128)


def start_states(circuits: LayeredCircuits) -> NDArray[np.complex128]:
    """Return the start of each circuit, RY(pi/4) on every wire, shape (samples, 1, 2**n)."""
    start = encoded_states(np.full(circuits.n_qubits, START))
    return np.broadcast_to(start, (circuits.samples, 1, start.size))


class LayeredSimulator:
    r"""States after a batch of circuits, and the derivatives of their cost.

    .. math:: \frac{\partial}{\partial\theta}\langle\psi|U^\dagger C\,U|\psi\rangle
              = \operatorname{Im}\,\langle\lambda|P|\phi\rangle

    where :math:`\phi` is the state behind the rotation :math:`e^{-i\theta P/2}`, and :math:`\lambda` is
    :math:`C\,U|\psi\rangle` carried back to the same place. All derivatives of a circuit cost about three
    times as much as its cost.

    Examples
    --------
    >>> from qlearn.learning.barren_plateaus.random_circuits import draw_circuits
    >>> circuits = draw_circuits(2, 4, samples=3, init="identity", rng=1)
    >>> simulator = LayeredSimulator(circuits)
    >>> bool(np.allclose(simulator.forward(start_states(circuits)), start_states(circuits)))
    True

    References
    ----------
    Jones, Gacon, "Efficient calculation of gradients in classical simulations of variational quantum
    algorithms", 2020, arXiv:2009.02823.
    """

    def __init__(self, circuits: LayeredCircuits) -> None:
        self.circuits = circuits
        n = circuits.n_qubits
        # Each circuit has matrices of its own, and making small ones is the smaller part.
        self._rotations = RotationLayer(n, together=1)
        bits = np.arange(1 << n) >> np.arange(n)[::-1, None] & 1
        # Every CZ changes the sign where both of its wires are 1.
        self._signs = 1.0 - 2.0 * (sum(bits[v] & bits[w] for v, w in circuits.pairs) % 2)
        self._coupled = bool(circuits.pairs)

    def layer(self, states: NDArray[np.complex128], number: int) -> NDArray[np.complex128]:
        """Return the states (samples, rows, 2**n) after one layer."""
        mirrored = self.circuits.mirrored[number]
        if mirrored:
            states = self._couple(states)
        states = self.rotate(states, number)
        return states if mirrored else self._couple(states)

    def rotate(self, states: NDArray[np.complex128], number: int, sign: int = 1) -> NDArray[np.complex128]:
        """Return the states after the rotations of one layer, or before them (`sign` -1)."""
        gates = rotations(self.circuits.axes[:, number], sign * self.circuits.angles[:, number])
        return self._rotations.apply(states, self._rotations.factors(gates))

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
                both = self._couple(both)
            overlaps = self._rotations.pauli_overlaps(both[:, rows:], both[:, :rows])
            picked = np.take_along_axis(overlaps, circuits.axes[:, number, :, None], axis=2)
            gradient[:, number - keep] = picked[..., 0]
            if number > keep:
                both = self.rotate(both, number, sign=-1)
                if circuits.mirrored[number]:
                    both = self._couple(both)
        return gradient

    def _couple(self, states: NDArray[np.complex128]) -> NDArray[np.complex128]:
        return states * self._signs if self._coupled else states
