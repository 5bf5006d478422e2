"""Trained gates of one qubit, all layers of a circuit at once: their matrices, and their slopes from overlaps with Paulis."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qlearn.qubits.paulis import IXYZ

Gate = tuple[str, int] | NDArray[np.complex128]
"""What turns a qubit: an axis x, y or z with the place of its angle, or a fixed matrix (2, 2)."""

_AXES = "xyz"

# Numbers that are arrays already: others would be made arrays in every step of a training.
_HALF, _TURN = np.array(0.5), np.array(-0.5j)


def rotations(angles: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the matrices RY(b) RZ(a), shape (..., 2, 2), of angles (a, b) on the last axis.

    Examples
    --------
    >>> rotations(np.array([0.0, np.pi])).real.round(6) + 0.0
    array([[ 0., -1.],
           [ 1.,  0.]])
    """
    half, phase = angles[..., 1] * _HALF, np.exp(angles[..., 0] * _TURN)
    gates = np.empty((*angles.shape[:-1], 2, 2), dtype=np.complex128)
    gates[..., 0, 0] = upper = np.cos(half) * phase
    gates[..., 1, 0] = lower = np.sin(half) * phase
    gates[..., 1, 1] = upper.conj()
    gates[..., 0, 1] = -lower.conj()
    return gates


class LongitudeTurns:
    r"""RZ, then RY, on every wire of every layer, in closed form: what :class:`TrainedTurns` does for any gates.

    Examples
    --------
    >>> turns = LongitudeTurns(np.arange(2).reshape(1, 1, 2))
    >>> turns.slopes(np.array([0.0, np.pi / 2]), np.array([[[0.25, 0.5, 0.75]]]))  # overlaps with X, Y, Z
    array([[[0.25, 0.5 ]]])
    """

    def __init__(self, places: NDArray[np.intp]) -> None:
        self.places = places
        """The place of each slope's angle."""
        self._in_order = np.array_equal(places.ravel(), np.arange(places.size))

    def _pairs(self, angles: NDArray[np.float64]) -> NDArray[np.float64]:
        return angles.reshape(self.places.shape) if self._in_order else angles[self.places]

    def gates(self, angles: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the gates, shape (layers, n_qubits, 2, 2)."""
        return rotations(self._pairs(angles))

    def slopes(self, angles: NDArray[np.float64], overlaps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the slopes, of the shape of :attr:`places`, from Im <bra|P|ket> behind each gate, (layers, n, 3)."""
        about_y, slopes = self._pairs(angles)[..., 1], np.empty(self.places.shape)
        # RY comes last and its axis is y; RZ came before it, and RY has tilted its axis from z towards x.
        tilted, straight = np.sin(about_y), np.cos(about_y)
        tilted *= overlaps[..., 0]
        straight *= overlaps[..., 2]
        np.add(tilted, straight, out=slopes[..., 0])
        slopes[..., 1] = overlaps[..., 1]
        return slopes


class TrainedTurns:
    r"""Any gates of one qubit, in order, on every wire of every layer.

    .. math:: u = R_K \cdots R_1, \qquad R_k = \cos\tfrac{\theta_k}{2}\,F_k + \sin\tfrac{\theta_k}{2}\,G_k

    The fixed gates between two rotations are part of :math:`F` and :math:`G`. Behind the whole gate a loss changes with
    :math:`\theta_K` by the overlap with the axis of its rotation; each gate that is taken off turns the overlaps with
    X, Y, Z like a vector in space, and the next axis is read.

    Examples
    --------
    >>> turns = TrainedTurns([[[("x", 0)]]])
    >>> turns.gates(np.array([np.pi])).imag.round(6) + 0.0  # -iX
    array([[[[ 0., -1.],
             [-1.,  0.]]]])

    References
    ----------
    Nielsen, Chuang, "Quantum Computation and Quantum Information", 2010, section 4.2 (rotations as turns in space).
    """

    def __init__(self, layers: Sequence[Sequence[Sequence[Gate]]]) -> None:
        shape = len(layers), len(layers[0])
        most = max(sum(isinstance(gate, tuple) for gate in gates) for layer in layers for gates in layer)
        self._fixed = np.broadcast_to(np.eye(2, dtype=np.complex128), (most, *shape, 2, 2)).copy()
        self._turned = np.zeros_like(self._fixed)
        self.places = np.full((most, *shape), -1)
        """The place of each slope's angle, -1 where there is none."""
        self._axes = np.zeros((most, *shape, 3))
        # The turn in space of gate k is space[0] + cos space[1] + sin space[2].
        self._space = np.zeros((3, most, *shape, 3, 3))
        self._space[0] += np.eye(3)
        for b, layer in enumerate(layers):
            for w, gates in enumerate(layer):
                self._compile(b, w, gates)
        self._used = np.maximum(self.places, 0)
        self._half = np.where(
            self.places < 0, 0.0, 0.5
        )  # where a wire has fewer rotations, the rest turn by nothing

    def _compile(self, b: int, w: int, gates: Sequence[Gate]) -> None:
        before, last = np.eye(2, dtype=np.complex128), -1
        for gate in gates:
            if not isinstance(gate, tuple):
                before = gate @ before
                continue
            last += 1
            here, axis = (last, b, w), _AXES.index(gate[0])
            along = np.eye(3)[axis]
            across = np.cross(along, np.eye(3)).T  # the matrix of v -> axis x v
            plane = np.eye(3) - np.outer(along, along)
            turned = in_space(before)
            self.places[here], self._axes[here] = gate[1], along
            self._fixed[here], self._turned[here] = before, -1j * IXYZ[1 + axis] @ before
            self._space[(slice(None), *here)] = np.stack([np.outer(along, along), plane, across]) @ turned
            before = np.eye(2, dtype=np.complex128)
        here = (max(last, 0), b, w)
        self._fixed[here], self._turned[here] = before @ self._fixed[here], before @ self._turned[here]
        turned = in_space(before)
        self._axes[here] = turned @ self._axes[here]
        self._space[(slice(None), *here)] = turned @ self._space[(slice(None), *here)]

    def gates(self, angles: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the gates, shape (layers, n_qubits, 2, 2)."""
        half = (angles[self._used] * self._half)[..., None, None]
        parts = np.cos(half) * self._fixed
        parts += np.sin(half) * self._turned
        whole = parts[0]
        for part in parts[1:]:
            whole = part @ whole
        return whole

    def slopes(self, angles: NDArray[np.float64], overlaps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the slopes, of the shape of :attr:`places`, from Im <bra|P|ket> behind each gate, (layers, n, 3)."""
        slopes = np.empty(self.places.shape)
        for k in reversed(range(len(slopes))):
            np.add.reduce(overlaps * self._axes[k], axis=-1, out=slopes[k])
            if k:
                theta = angles[self._used[k]][..., None, None]
                still, plane, across = self._space[:, k]
                turn = still + np.cos(theta) * plane + np.sin(theta) * across
                overlaps = (overlaps[..., None, :] @ turn)[..., 0, :]
        return slopes


def in_space(gate: NDArray[np.complex128]) -> NDArray[np.float64]:
    r"""Return the turn in space of a gate of one qubit, shape (3, 3): :math:`u\,(v\cdot\sigma)\,u^\dagger = (Rv)\cdot\sigma`.

    Examples
    --------
    >>> in_space(np.array([[1, 1], [1, -1]]) / 2**0.5).round(6) + 0.0  # Hadamard: X and Z change places
    array([[ 0.,  0.,  1.],
           [ 0., -1.,  0.],
           [ 1.,  0.,  0.]])
    """
    paulis = IXYZ[1:]
    return np.asarray(np.einsum("iab,jba->ij", paulis, gate @ paulis @ gate.conj().T).real / 2)


def turns_of(layers: Sequence[Sequence[Sequence[Gate]]]) -> TrainedTurns | LongitudeTurns:
    """Return what turns these layers: in closed form where each wire has RZ, then RY.

    Examples
    --------
    >>> type(turns_of([[[("z", 0), ("y", 1)]]])).__name__
    'LongitudeTurns'
    """
    kinds = {
        tuple(g[0] if isinstance(g, tuple) else "" for g in gates) for layer in layers for gates in layer
    }
    if kinds == {("z", "y")}:
        return LongitudeTurns(np.array([[[g[1] for g in gates] for gates in layer] for layer in layers]))
    return TrainedTurns(layers)
