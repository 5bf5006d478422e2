"""An arrangement of gates that takes features: what an evolutionary search changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals, as_signs, as_wires
from qlearn.qubits import Circuit

ROTATIONS = ("rx", "ry", "rz")
COUPLINGS = ("cx", "cz")
_KNOWN = ROTATIONS + COUPLINGS


@dataclass(frozen=True)
class Gate:
    r"""One gate: a rotation by an angle, to which a weighted feature may be added, or a coupling of two wires.

    .. math:: R_P(a) \quad\text{or}\quad R_P(a + w\,x_k) \quad\text{or}\quad CX,\ CZ

    Parameters
    ----------
    name : {"rx", "ry", "rz", "cx", "cz"}
        Which gate.
    wires : tuple of int
        One wire for a turn, control and target for a coupling.
    angle : float
        In radians; turns only.
    feature : int, optional
        Which feature is added to the angle; turns only.
    weight : float
        What the feature is multiplied by.

    Raises
    ------
    ValueError
        If an angle or a weight is not finite, or a coupling is given an angle, a feature or a weight: it has no place
        for them.

    Examples
    --------
    >>> Gate("ry", (0,), 0.5, feature=1)
    Gate(name='ry', wires=(0,), angle=0.5, feature=1, weight=1.0)
    """

    name: str
    wires: tuple[int, ...]
    angle: float = 0.0
    feature: int | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not (isfinite(self.angle) and isfinite(self.weight)):
            raise ValueError(
                f"angle and weight of {self.name} must be finite, not {self.angle} and {self.weight}: a turn by no "
                "number has no answer"
            )
        if self.name in COUPLINGS and (self.angle or self.feature is not None or self.weight != 1):
            raise ValueError(
                f"{self.name} couples two wires and does not turn: it must have no angle, feature or weight, not "
                f"angle={self.angle}, feature={self.feature}, weight={self.weight}"
            )

    def angle_for(self, rows: NDArray[np.float64]) -> float | NDArray[np.float64]:
        """Return the angle for rows of shape (..., n_features): one number, or one for each row."""
        return self.angle if self.feature is None else self.angle + self.weight * rows[..., self.feature]


@dataclass(frozen=True)
class Arrangement:
    r"""A list of gates that makes a :class:`~qlearn.qubits.Circuit` of every row, and an answer of it.

    .. math:: f(x) = \langle 0|\,U(x)^\dagger Z_0\, U(x)\,|0\rangle, \qquad \text{class} = \operatorname{sign} f(x)

    Parameters
    ----------
    n_qubits : int
        Number of wires.
    n_features : int
        Number of features of a row.
    gates : tuple of Gate
        First to last.

    Examples
    --------
    >>> flip = Arrangement(1, 1, (Gate("ry", (0,), feature=0),))
    >>> flip.answers([[0.0], [np.pi]]).round(6)
    array([ 1., -1.])
    """

    n_qubits: int
    n_features: int
    gates: tuple[Gate, ...] = ()

    def __post_init__(self) -> None:
        as_count(self.n_qubits, "n_qubits")
        as_count(self.n_features, "n_features")
        for gate in self.gates:
            if gate.name not in _KNOWN:
                known = ", ".join(_KNOWN)
                raise ValueError(f"gates must be {known}, not {gate.name!r}")
            wires = gate.wires
            # The first test is the second one made quick: a search builds many thousand arrangements.
            one = len(wires) == 1 and type(wires[0]) is int and 0 <= wires[0] < self.n_qubits
            if not one and (
                not all(type(wire) is int and 0 <= wire < self.n_qubits for wire in wires)
                or len(set(wires)) != len(wires)
            ):
                wires = as_wires(wires, self.n_qubits, f"wires of {gate.name}")
            if len(wires) != (1 if gate.name in ROTATIONS else 2):
                raise ValueError(
                    f"wires of {gate.name} must be {1 if gate.name in ROTATIONS else 2}, not {wires}"
                )
            if gate.feature is not None and not 0 <= gate.feature < self.n_features:
                raise ValueError(
                    f"feature of {gate.name} must be one of the {self.n_features} features, not {gate.feature}"
                )

    @property
    def depth(self) -> int:
        """Steps that the circuit takes when gates on different wires run at the same time."""
        until = [0] * self.n_qubits
        for gate in self.gates:
            end = 1 + max(until[wire] for wire in gate.wires)
            for wire in gate.wires:
                until[wire] = end
        return max(until)

    @property
    def couplings(self) -> int:
        """Number of gates on two wires."""
        return sum(gate.name in COUPLINGS for gate in self.gates)

    def circuit(self, X: ArrayLike) -> Circuit:
        """Return the circuit of a row, or one batch of circuits of many rows.

        Parameters
        ----------
        X : array_like, shape (..., n_features)
            Features in radians.

        Returns
        -------
        Circuit
        """
        rows = self._rows(X)
        made = Circuit(self.n_qubits)
        for gate in self.gates:
            if gate.name in COUPLINGS:
                made = getattr(made, gate.name)(*gate.wires)
            else:
                made = getattr(made, gate.name)(gate.angle_for(rows), *gate.wires)
        return made

    def answers(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the expectation of Z on wire 0 of the circuit of each row.

        Parameters
        ----------
        X : array_like, shape (n, n_features)
            Features in radians.

        Returns
        -------
        ndarray of float64, shape (n,)

        Raises
        ------
        ValueError
            If a weight times a feature is too large for a number.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            answers = expectations(self.gates, self.n_qubits, self._rows(X).reshape(-1, self.n_features))
        if not np.isfinite(answers).all():
            raise ValueError(
                "X must be small enough that a weight times a feature is a number: an angle overflows"
            )
        return answers

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the accuracy: the fraction of rows whose label, -1 or 1, is the sign of the answer."""
        return float(np.mean(np.where(self.answers(X) >= 0, 1, -1) == as_labels(y, len(np.asarray(X)))))

    def trimmed(self) -> "Arrangement":
        r"""Return the same answers from fewer gates: what does nothing at the start or at the end is dropped.

        At the start every wire is in the state 0, and a wire stays there until it is turned about x or y or is the
        target of a CX. So long, a turn about z, a CZ, or a CX that this wire controls, does nothing to it.
        At the end a gate counts only if later gates connect one of its wires with wire 0. And what stands at the very
        end and commutes with Z on wire 0, a turn about z, a CZ or a CX that wire 0 controls, changes no answer.
        Gates in the middle are not looked at: two of them may still undo each other.

        Returns
        -------
        Arrangement
        """
        begun: list[Gate] = []
        idle = set(range(self.n_qubits))  # wires that are still in the state 0
        for gate in self.gates:
            first = gate.wires[0]
            if (first in idle and gate.name in ("rz", "cz", "cx")) or (
                gate.name == "cz" and gate.wires[1] in idle
            ):
                continue
            begun.append(gate)
            if gate.name != "rz":
                idle.discard(gate.wires[-1])
        kept: list[Gate] = []
        reaches = {0}
        diagonal = True  # so far, seen from the end, everything kept commutes with Z on wire 0
        for gate in reversed(begun):
            if not reaches & set(gate.wires):
                continue
            if diagonal and (gate.name in ("rz", "cz") or (gate.name == "cx" and gate.wires[0] == 0)):
                continue
            diagonal = False
            reaches |= set(gate.wires)
            kept.append(gate)
        if len(kept) == len(self.gates):
            return self
        return Arrangement(self.n_qubits, self.n_features, tuple(reversed(kept)))

    def _rows(self, X: ArrayLike) -> NDArray[np.float64]:
        rows = as_reals(X, "X")
        if rows.shape[-1:] != (self.n_features,):
            raise ValueError(
                f"X must have {self.n_features} features on its last axis, not shape {rows.shape}"
            )
        return rows


def as_labels(y: ArrayLike, rows: int) -> NDArray[np.float64]:
    """Return `y` as labels -1 and 1, one for each row."""
    signs = as_reals(y, "y")
    if signs.shape != (rows,):
        raise ValueError(f"y must hold one label for each of the {rows} rows, not shape {signs.shape}")
    return as_signs(signs)


def expectations(gates: Sequence[Gate], n_qubits: int, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Return :math:`\langle Z\rangle` on wire 0 after the gates, for each row of angles, shape (n,).

    A search tries thousands of short circuits on the same rows. Here the rows are the last axis, so that one
    gate is a few operations on whole slices, and nothing is checked: an arrangement has done that.

    Examples
    --------
    >>> from qlearn.learning.circuit_search.arrangement import Gate
    >>> expectations([Gate("ry", (0,), feature=0)], 1, np.array([[0.0], [np.pi / 3]])).round(6)
    array([1. , 0.5])
    """
    state = np.zeros((1 << n_qubits, len(rows)), dtype=np.complex128)
    state[0] = 1
    for gate in gates:
        if gate.name in ("cx", "cz"):
            _couple(state.reshape(*[2] * n_qubits, len(rows)), gate.name, gate.wires)
            continue
        halves = state.reshape(1 << gate.wires[0], 2, -1, len(rows))
        zero, one = halves[:, 0], halves[:, 1]
        half = np.multiply(gate.angle_for(rows), 0.5)
        if gate.name == "rz":
            phase = np.exp(-1j * half)
            zero *= phase
            one *= phase.conj()
            continue
        cos, sin = np.cos(half), np.sin(half)
        into_zero, into_one = (-1j * sin, -1j * sin) if gate.name == "rx" else (-sin, sin)
        turned = cos * zero + into_zero * one
        one *= cos
        one += into_one * zero
        zero[...] = turned
    weights = state.real**2 + state.imag**2
    return weights[: 1 << n_qubits - 1].sum(axis=0) - weights[1 << n_qubits - 1 :].sum(axis=0)


def _couple(tensor: NDArray[np.complex128], name: str, wires: tuple[int, ...]) -> None:
    where: list[int | slice] = [slice(None)] * tensor.ndim
    where[wires[0]] = where[wires[1]] = 1
    both = tensor[tuple(where)]
    if name == "cz":
        both *= -1
        return
    where[wires[1]] = 0
    alone = tensor[tuple(where)]
    kept = alone.copy()
    alone[...] = both
    both[...] = kept
