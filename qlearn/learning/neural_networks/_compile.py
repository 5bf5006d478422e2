"""A circuit with free angles, compiled into groups of gates for the engine."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.learning.neural_networks._engine import Dense, Diagonal, Featured, Group, Move, Turn
from qlearn.learning.neural_networks._readout import z_signs
from qlearn.learning.neural_networks._trained_turns import Gate, LongitudeTurns, TrainedTurns, turns_of
from qlearn.qubits import Circuit
from qlearn.qubits.gates import CONTROLLED, FIXED, Operation
from qlearn.qubits.parameter import Parameter, ParameterExpression
from qlearn.qubits.paulis import PAULIS
from qlearn.qubits.rotation_layers import RotationLayer, product_states

FEATURES = "x"
"""The vector whose elements are features: ``x[0]`` is column 0."""

_TURN, _MOVE, _DENSE, _DIAGONAL, _FEATURED = "turn", "move", "dense", "diagonal", "featured"
# Gates that take Z to X and to Y: an axis of any turn is that of a diagonal one between two of them.
_FROM_Z = {"x": FIXED["h"], "y": FIXED["s"] @ FIXED["h"]}
_AXIS = {"rx": "x", "ry": "y", "rz": "z", "p": "z", "crx": "x", "cry": "y", "crz": "z", "cp": "p"} | {
    "rxx": "x", "ryy": "y", "rzz": "z",
}  # fmt: skip


@dataclass
class _Draft:
    """A group while it grows: gates by wire, or a list of what it does in order."""

    kind: str
    turns: dict[int, list[Gate]] = field(default_factory=dict)
    steps: list[Any] = field(default_factory=list)


class Phases:
    r"""The phases by which features turn a group of diagonal gates.

    .. math:: e^{-\frac{i}{2}\sum_j (w_j\cdot x)\, D_j}

    Parameters
    ----------
    weights : ndarray of float64, shape (n_features, n_generators)
    generators : ndarray of float64, shape (n_generators, 2**n)
        Diagonals.
    of_wires : bool
        Whether the generators are Z of each wire: then a state's phases are a product, which doubles wire by wire.
    """

    def __init__(self, weights: NDArray[np.float64], generators: NDArray[np.float64], of_wires: bool) -> None:
        self._weights, self._generators, self._of_wires = weights, generators, of_wires

    def forward(self, X: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the phases of each row of features, shape (samples, 2**n)."""
        angles = X @ self._weights
        if self._of_wires:
            zero = np.exp(-0.5j * angles)
            return product_states(np.stack([zero, zero.conj()], axis=-1))
        exponent = (angles @ self._generators) / 2
        phases = np.empty(exponent.shape, dtype=np.complex128)
        phases.real, phases.imag = np.cos(exponent), -np.sin(exponent)
        return phases

    def backward(self, overlaps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the slopes in the features from Im of bra times ket, shape (samples, 2**n)."""
        return (overlaps @ self._generators.T) @ self._weights.T

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Phases)
            and np.array_equal(self._weights, other._weights)
            and np.array_equal(self._generators, other._generators)
        )

    __hash__ = None  # type: ignore[assignment]


class Compiled:
    """What the engine needs of a circuit: its groups, how angles come from parameters, and phases from features.

    Examples
    --------
    >>> from qlearn.qubits import parameters
    >>> t, x = parameters("t", 2), parameters("x", 1)
    >>> compiled = Compiled(Circuit(1).h(0).rz(x[0], 0).ry(t[0], 0).rx(2 * t[1], 0))
    >>> [type(group).__name__ for group in compiled.groups], compiled.n_features, compiled.parameters
    (['Turn', 'Featured', 'Turn'], 1, (t[0], t[1]))
    """

    def __init__(self, circuit: Circuit) -> None:
        self._n = circuit.n_qubits
        self.parameters = tuple(p for p in circuit.parameters if p.vector != FEATURES)
        self.n_features = n_features(circuit)
        self._place = {parameter: place for place, parameter in enumerate(self.parameters)}
        self._drafts: list[_Draft] = []
        self._front = [-1] * self._n
        self._angles: list[
            tuple[NDArray[np.float64], float]
        ] = []  # weights of the parameters, and the offset
        for operation in circuit.operations:
            self._add(operation)
        self.weights = np.array([w for w, _ in self._angles]).reshape(-1, len(self.parameters))
        self.offsets = np.array([offset for _, offset in self._angles])
        self.phases: list[Phases] = []
        self.turns: TrainedTurns | LongitudeTurns | None = None
        self.groups = self._groups()

    # What each gate is made of.

    def _add(self, operation: Operation) -> None:
        name, wires = operation.name, operation.wires
        if operation.unitary is not None:
            if len(wires) == 1:
                self._turn(wires[0], operation.unitary)
            else:
                self._draft(_DENSE, wires).steps.append((operation.unitary, wires))
        elif operation.angle is not None:
            for angle in self._parts(operation.angle):
                self._angled(name, wires, angle)
        elif len(wires) == 1:
            self._turn(wires[0], FIXED[name])
        else:
            self._draft(_MOVE, wires).steps.append(self._moves(name, wires))

    def _parts(self, angle: Any) -> Iterable[Any]:
        """Part an angle into its number and trained parameters, and its features: turns about one axis commute."""
        if not isinstance(angle, ParameterExpression):
            return [float(angle)]
        trained = [(p, w) for p, w in angle.terms if p.vector != FEATURES]
        of_features = [(p.index[0], w) for p, w in angle.terms if p.vector == FEATURES]
        number = float(angle.offset)
        parts: list[Any] = [ParameterExpression(trained, number)] if trained else [number] if number else []
        return parts + ([of_features] if of_features else [])

    def _angled(self, name: str, wires: tuple[int, ...], angle: Any) -> None:
        axis, free = _AXIS[name], isinstance(angle, ParameterExpression)
        if len(wires) == 1 and not isinstance(angle, list):
            self._turn(wires[0], (axis, self._slot(angle)) if free else _fixed_turn(axis, angle))
            return
        # Every other gate with an angle is a diagonal one between fixed turns of its targets.
        targets = wires if name not in CONTROLLED else wires[1:]
        turned = [_FROM_Z[axis]] if axis in _FROM_Z else []
        for target, matrix in product(targets, turned):
            self._turn(target, matrix.conj().T)
        one = [(self._bits(wire) == 1).astype(float) for wire in wires]
        signs = [1 - 2 * bits for bits in one]
        if name == "cp":
            generator = -2 * one[0] * one[1]
        elif name in CONTROLLED:
            generator = one[0] * signs[1]
        else:
            generator = reduce(np.multiply, signs)
        if isinstance(angle, list):
            self._draft(_FEATURED, wires).steps.append((angle, generator, wires))
        elif free:
            self._draft(_DIAGONAL, wires).steps.append((self._slot(angle), generator))
        else:
            self._draft(_MOVE, wires).steps.append((None, np.exp(-0.5j * angle * generator)))
        for target, matrix in product(targets, turned):
            self._turn(target, matrix)

    def _slot(self, angle: ParameterExpression) -> int:
        row = np.zeros(len(self.parameters))
        for parameter, weight in angle.terms:
            row[self._place[parameter]] = weight
        self._angles.append((row, float(angle.offset)))
        return len(self._angles) - 1

    def _bits(self, wire: int) -> NDArray[np.intp]:
        return np.arange(1 << self._n) >> (self._n - 1 - wire) & 1

    def _moves(
        self, name: str, wires: tuple[int, ...]
    ) -> tuple[NDArray[np.intp] | None, NDArray[np.complex128] | None]:
        """Return from where a fixed gate takes each amplitude, and by what it multiplies it."""
        j, bits = np.arange(1 << self._n), [self._bits(wire) for wire in wires]
        if name == "cz":
            return None, np.where(bits[0] & bits[1], -1.0 + 0j, 1.0)
        if name == "swap":
            differ = bits[0] ^ bits[1]
            return j ^ sum(differ << (self._n - 1 - wire) for wire in wires), None
        controls = reduce(np.bitwise_and, bits[:-1])
        return j ^ (controls << (self._n - 1 - wires[-1])), None

    # Where each gate goes: into the first group of its kind that nothing on its wires comes after.

    def _turn(self, wire: int, gate: Gate) -> None:
        self._draft(_TURN, (wire,)).turns.setdefault(wire, []).append(gate)

    def _draft(self, kind: str, wires: Sequence[int]) -> _Draft:
        first = max(0, *(self._front[wire] for wire in wires))
        places = (k for k in range(first, len(self._drafts)) if self._drafts[k].kind == kind)
        place = next(places, len(self._drafts))
        if place == len(self._drafts):
            self._drafts.append(_Draft(kind))
        for wire in wires:
            self._front[wire] = place
        return self._drafts[place]

    # The groups themselves.

    def _groups(self) -> list[Group]:
        layer = RotationLayer(self._n)
        groups: list[Group] = []
        trained: list[list[list[Gate]]] = []
        for draft in self._drafts:
            if draft.kind == _TURN:
                gates = [draft.turns.get(wire, []) for wire in range(self._n)]
                if any(isinstance(gate, tuple) for sequence in gates for gate in sequence):
                    groups.append(Turn(layer, len(trained)))
                    trained.append(gates)
                else:
                    eye = np.eye(2, dtype=np.complex128)
                    fixed = np.array([reduce(_then, sequence, eye) for sequence in gates])
                    if np.abs(fixed - eye).max() > 1e-14:  # a turn and back leave nothing to do
                        groups.append(Turn(layer, -1, fixed))
            elif draft.kind == _MOVE:
                groups.append(self._move(draft.steps))
            elif draft.kind == _DENSE:
                groups += [Dense(matrix, wires, self._n) for matrix, wires in draft.steps]
            elif draft.kind == _DIAGONAL:
                places, generators = zip(*draft.steps, strict=True)
                number = sum(isinstance(group, Diagonal) for group in groups)
                groups.append(Diagonal(number, places, np.array(generators)))
            else:
                phases = self._phases(draft.steps)
                if phases not in self.phases:
                    self.phases.append(phases)
                groups.append(Featured(self.phases.index(phases)))
        self.turns = turns_of(trained) if trained else None
        return groups

    def _move(self, steps: list[Any]) -> Move:
        source, phase = np.arange(1 << self._n), np.ones(1 << self._n, dtype=np.complex128)
        for moved, factor in steps:
            source, phase = (source, phase) if moved is None else (source[moved], phase[moved])
            phase = phase if factor is None else phase * factor
        return Move(source, None if (phase == 1).all() else phase)

    def _phases(self, steps: list[Any]) -> Phases:
        if all(len(wires) == 1 for _, _, wires in steps):
            weights = np.zeros((self.n_features, self._n))
            for terms, _, (wire,) in steps:
                for feature, weight in terms:
                    weights[feature, wire] += weight
            return Phases(weights, z_signs(self._n), of_wires=True)
        weights = np.zeros((self.n_features, len(steps)))
        for j, (terms, _, _) in enumerate(steps):
            for feature, weight in terms:
                weights[feature, j] += weight
        return Phases(weights, np.array([generator for _, generator, _ in steps]), of_wires=False)


def _fixed_turn(axis: str, angle: float) -> NDArray[np.complex128]:
    """Return exp(-i angle P / 2) for the Pauli matrix P of an axis; a phase gate is one about z, but for a global phase."""
    return np.cos(angle / 2) * np.eye(2) - 1j * np.sin(angle / 2) * PAULIS[axis.upper()]


def _then(before: Any, gate: Any) -> Any:
    return gate @ before


def n_features(circuit: Circuit) -> int:
    """Return how many features a circuit takes: x[0] up to the last; refuse gaps, and an x without a number.

    Examples
    --------
    >>> from qlearn.qubits import parameters
    >>> n_features(Circuit(1).ry(parameters("x", 1)[0], 0))
    1
    """
    free = circuit.parameters
    if Parameter(FEATURES) in free:
        raise ValueError(
            f"ansatz must name its features {FEATURES}[0], {FEATURES}[1], as parameters({FEATURES!r}, 2) does: the "
            f"parameter {FEATURES} has no column"
        )
    used = [parameter.index for parameter in free if parameter.vector == FEATURES]
    if any(len(index) != 1 for index in used):
        raise ValueError(
            f"ansatz must name its features by one number, {FEATURES}[0], not {FEATURES}[{','.join(map(str, used[0]))}]: X has "
            "one axis of columns"
        )
    columns = {index[0] for index in used}
    missing = sorted(set(range(max(columns, default=-1) + 1)) - columns)
    if missing:
        raise ValueError(
            f"ansatz must use each feature up to {FEATURES}[{max(columns)}], and {FEATURES}[{missing[0]}] does not occur: "
            "no column of X may be ignored"
        )
    return len(columns)


def checked_ansatz(circuit: Any) -> Circuit:
    """Return a circuit that can be trained, or say why it cannot.

    Examples
    --------
    >>> checked_ansatz(Circuit(1).h(0))
    Traceback (most recent call last):
        ...
    ValueError: ansatz must have a free angle to train, such as ry(Parameter('theta'), 0), and Circuit(1).h(0) has none
    """
    refusals: list[tuple[Callable[[Operation], bool], str]] = [
        (lambda step: step.bit is not None or isinstance(step.where, int), "measurements"),
        (lambda step: step.where is not None, "a mask (where=)"),
        (lambda step: step.shape != (), "arrays of angles or matrices"),
    ]
    if not isinstance(circuit, Circuit):
        raise TypeError(f"ansatz must be a Circuit, not {type(circuit).__name__}")
    for step in circuit.operations:
        for is_so, what in refusals:
            if is_so(step):
                raise ValueError(
                    f"ansatz must be one circuit of gates for all samples, without {what}, and {step} has them: what is "
                    f"measured is the business of observables, and a batch comes from features {FEATURES}[0], ..."
                )
    n_features(circuit)
    if all(parameter.vector == FEATURES for parameter in circuit.parameters):
        raise ValueError(
            "ansatz must have a free angle to train, such as ry(Parameter('theta'), 0), and "
            f"{circuit if len(circuit.operations) < 5 else 'this circuit'} has none"
        )
    return circuit
