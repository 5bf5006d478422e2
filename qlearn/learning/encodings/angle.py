"""Angle encoding: a feature is the angle by which its own qubit turns."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.learning.encodings.encoding import as_bandwidth, as_features, as_rows, as_wire_count, room_for
from qlearn.qubits import Circuit

Axis = Literal["x", "y", "z"]
_AXES = ("x", "y", "z")


@dataclass(frozen=True)
class AngleEncoding:
    r"""Angle encoding: a qubit for each feature, rotated by it.

    .. math::

        |\psi(x)\rangle = \bigotimes_w R_a(s\,x_w)\,|0\rangle \;\; (a = x, y), \qquad
        |\psi(x)\rangle = \bigotimes_w R_z(s\,x_w)\,|+\rangle, \qquad
        |\langle\psi(x)|\psi(x')\rangle|^2 = \prod_w \cos^2 \frac{s\,(x_w - x'_w)}{2}

    with s the `bandwidth`. A turn about z leaves :math:`|0\rangle` where it is, so for that axis a Hadamard
    comes first. It costs one gate a feature and no entanglement: a laptop computes the kernel by q cosines.

    Angles that differ by :math:`2\pi` give the same state. So angles outside :math:`\pm\pi` are refused:
    there two rows that are far apart would be taken for one.

    Parameters
    ----------
    axis : {"y", "x", "z"}
        The axis of the turn. The kernel is the same for all three; "y" makes real amplitudes.
    bandwidth : float
        Multiplies the features, above 0.
    wires : int, optional
        Number of qubits; those without a feature stay in their first state. None is one for each feature.
    wrap : bool
        Take angles of any size, around the circle: right for features that are angles themselves.

    Raises
    ------
    ValueError, TypeError
        If an argument is none of these; by the methods, if features are not finite, are more than the
        wires, or turn by more than :math:`\pi` without `wrap`.

    Examples
    --------
    >>> AngleEncoding().states([[np.pi / 2, np.pi]]).round(3) + 0
    array([[0.   +0.j, 0.707+0.j, 0.   +0.j, 0.707+0.j]])
    >>> AngleEncoding("x").circuit([0.5, 1.0])
    Circuit(2).rx(0.5, 0).rx(1, 1)

    References
    ----------
    Stoudenmire and Schwab, "Supervised learning with tensor networks", 2016, arXiv:1605.05775 (their local map
    is the turn about y, written as a vector).
    Schuld and Killoran, 2019, arXiv:1803.07128.
    """

    axis: Axis = "y"
    bandwidth: float = 1.0
    wires: int | None = None
    wrap: bool = False

    def __post_init__(self) -> None:
        if self.axis not in _AXES:
            raise ValueError(f"axis must be one of {', '.join(_AXES)}, not {self.axis!r}")
        as_bandwidth(self.bandwidth)
        if self.wires is not None:
            as_wire_count(1, self.wires)

    def n_qubits(self, n_features: int) -> int:
        """Return the number of wires that rows of so many features take: `wires`, or one for each."""
        return as_wire_count(n_features, self.wires)

    def angles(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the angle of every wire that turns, shape (..., q) in radians; refuse what would wrap."""
        features = as_features(X)
        self.n_qubits(features.shape[-1])
        return scaled_angles(features, self.bandwidth, self.wrap)

    def largest_scales(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the factor on each feature that makes its largest angle a quarter turn, shape (q,); inf with `wrap`."""
        return angle_scales(as_rows(X), self.bandwidth, self.wrap)

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit of one row (shape (q,)), or the batch of circuits of rows (shape (..., q))."""
        angles = np.moveaxis(self.angles(x), -1, 0)
        circuit = Circuit(self.n_qubits(len(angles)))
        if self.axis == "z":
            for wire in range(circuit.n_qubits):
                circuit = circuit.h(wire)
        for wire, angle in enumerate(angles):
            circuit = getattr(circuit, f"r{self.axis}")(angle, wire)
        return circuit

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the state of every row, shape (n, 2**n_qubits): the fast path of ``circuit(X).run()``, equal to 1e-12."""
        half = self.angles(as_rows(X)) / 2
        n, q = half.shape
        wires = self.n_qubits(q)
        room_for(n, wires)
        zero, one = _amplitudes(self.axis, np.pad(half, ((0, 0), (0, wires - q))))
        states = np.ones((n, 1), dtype=np.complex128)
        for wire in range(wires):
            states = np.stack([states * zero[:, wire, None], states * one[:, wire, None]], axis=-1)
            states = states.reshape(n, -1)
        return states


def scaled_angles(features: NDArray[np.float64], bandwidth: float, wrap: bool) -> NDArray[np.float64]:
    """Return features times bandwidth, as angles in radians: finite, and without `wrap` within a half turn."""
    with np.errstate(over="ignore"):
        angles = bandwidth * features
    largest = float(np.abs(angles).max(initial=0))
    if not np.isfinite(largest):
        raise ValueError("X times bandwidth is too large for an angle: scale the features to the order of 1")
    # MinMaxScaler((-pi, pi)) may land a rounding error outside.
    if not wrap and largest > np.pi * (1 + 1e-9):
        raise ValueError(
            f"X has angles out of range for the encoding: {largest:.4g} radians, and beyond pi they wrap around "
            "onto those of other rows. Scale the features, as with MinMaxScaler((-1.5, 1.5), clip=True), lower "
            "the bandwidth, or say wrap=True if the features are angles"
        )
    return angles


def angle_scales(rows: NDArray[np.float64], bandwidth: float, wrap: bool) -> NDArray[np.float64]:
    """Return the factor on each feature that makes its largest angle a quarter turn: room for angles twice as large."""
    if wrap:
        return np.full(rows.shape[1], np.inf)
    return np.pi / 2 / np.maximum(np.abs(bandwidth * rows).max(axis=0), 1e-300)


def _amplitudes(axis: str, half: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """Return the amplitudes of 0 and 1 of each qubit, for half the angle of its turn."""
    if axis == "z":
        phase = np.exp(1j * half) / np.sqrt(2)
        return phase.conj(), phase
    return np.cos(half), np.sin(half) * (-1j if axis == "x" else 1)
