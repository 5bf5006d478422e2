"""Mutations of an arrangement: insert, delete, change or rewire a gate, or change an angle a little."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qlearn._checks import as_count, as_real, as_rng
from qlearn.learning.circuit_search.arrangement import COUPLINGS, ROTATIONS, Arrangement, Gate

KINDS = ("insert", "delete", "change", "rewire", "turn")
# Most gates have an angle, and an angle has to be found more often than a place.
_UP_TO = np.cumsum([0.2, 0.15, 0.1, 0.1])
_LARGEST_WEIGHT = 2.0


@dataclass(frozen=True)
class GateSet:
    """Which gates a search may use, and on what.

    Parameters
    ----------
    n_qubits, n_features : int
        Wires of the circuits and features of the rows.
    most_gates : int
        Longest arrangement.
    couplings : bool
        Whether gates on two wires are allowed: False is the ablation without entanglement. Turns are drawn and mutated
        as with them.
    step : float
        Standard deviation, in radians, by which an angle is turned (and a weight is changed).

    Examples
    --------
    >>> GateSet(n_qubits=2, n_features=2).gate(np.random.default_rng(1)).name
    'rx'
    """

    n_qubits: int
    n_features: int
    most_gates: int = 16
    couplings: bool = True
    step: float = 0.3

    def __post_init__(self) -> None:
        for name in ("n_qubits", "n_features", "most_gates"):
            as_count(getattr(self, name), name)
        if as_real(self.step, "step") <= 0:
            raise ValueError(
                f"step must be above 0 radians, not {self.step}: an angle that is turned must move"
            )

    def gate(self, rng: np.random.Generator) -> Gate:
        """Draw a gate: a coupling with chance 1/3 if there may be one, else a turn, half of them by a feature."""
        # The chance is drawn with couplings and without: where one gate set draws a turn, the other draws the same.
        couple = self.n_qubits > 1 and rng.random() < 1 / 3
        if couple and self.couplings:
            return Gate(COUPLINGS[rng.integers(2)], self.wires(2, rng))
        feature = int(rng.integers(self.n_features)) if rng.random() < 1 / 2 else None
        angle, weight = (
            float(rng.uniform(-np.pi, np.pi)),
            float(rng.uniform(-_LARGEST_WEIGHT, _LARGEST_WEIGHT)),
        )
        name, wires = ROTATIONS[rng.integers(3)], self.wires(1, rng)
        return Gate(name, wires, angle, feature, 1.0 if feature is None else weight)

    def wires(self, count: int, rng: np.random.Generator) -> tuple[int, ...]:
        """Draw different wires, in any order."""
        if count == 1:
            return (int(rng.integers(self.n_qubits)),)
        return tuple(int(wire) for wire in rng.permutation(self.n_qubits)[:count])


def random_arrangement(gate_set: GateSet, *, gates: int | None = None, rng: Any = None) -> Arrangement:
    """Return an arrangement of gates drawn one by one.

    Parameters
    ----------
    gate_set : GateSet
        What it may be made of.
    gates : int, optional
        How many gates; None draws a number from 1 to the most that are allowed.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Arrangement

    Examples
    --------
    >>> len(random_arrangement(GateSet(2, 2), gates=3, rng=0).gates)
    3
    """
    generator = as_rng(rng)
    if gates is None:
        gates = int(generator.integers(1, gate_set.most_gates + 1))
    if as_count(gates, "gates") > gate_set.most_gates:
        raise ValueError(
            f"gates must be at most the {gate_set.most_gates} that the gate set allows, not {gates}"
        )
    drawn = tuple(gate_set.gate(generator) for _ in range(gates))
    return Arrangement(gate_set.n_qubits, gate_set.n_features, drawn)


def mutate(
    parent: Arrangement, gate_set: GateSet, *, kind: str | None = None, rng: Any = None
) -> Arrangement:
    """Return a child: the parent with one gate inserted, deleted, changed, rewired or turned.

    Parameters
    ----------
    parent : Arrangement
        Not changed.
    gate_set : GateSet
        What the child may be made of.
    kind : {"insert", "delete", "change", "rewire", "turn"}, optional
        None draws one. Where it cannot be done (nothing to delete, no room, no angle), a gate is changed
        instead, or the first one inserted.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Arrangement

    Examples
    --------
    >>> gate_set = GateSet(2, 2)
    >>> parent = random_arrangement(gate_set, gates=3, rng=0)
    >>> [len(mutate(parent, gate_set, kind=kind, rng=1).gates) for kind in KINDS]
    [4, 2, 3, 3, 3]

    References
    ----------
    Ur Rehman et al., "Evolutionary algorithms and quantum computing: recent advances, opportunities, and
    challenges", 2025, doi:10.1109/ACCESS.2025.3530952.
    """
    if kind is not None and kind not in list(KINDS):
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
    generator, gates = as_rng(rng), list(parent.gates)
    kind = KINDS[int(np.searchsorted(_UP_TO, generator.random()))] if kind is None else kind
    if not gates or (kind == "insert" and len(gates) < gate_set.most_gates):
        gates.insert(int(generator.integers(len(gates) + 1)), gate_set.gate(generator))
        return Arrangement(parent.n_qubits, parent.n_features, tuple(gates))
    at = int(generator.integers(len(gates)))
    gate = gates[at]
    if kind == "delete" and len(gates) > 1:
        del gates[at]
    elif kind == "rewire" and gate_set.n_qubits > 1:
        wires = gate.wires
        while wires == gate.wires:
            wires = gate_set.wires(len(wires), generator)
        gates[at] = replace(gate, wires=wires)
    elif kind == "turn" and gate.name in ROTATIONS:
        by = gate_set.step * generator.normal(size=2)
        weight = gate.weight if gate.feature is None else gate.weight + float(by[1])
        gates[at] = replace(gate, angle=gate.angle + float(by[0]), weight=weight)
    else:
        gates[at] = gate_set.gate(generator)
    return Arrangement(parent.n_qubits, parent.n_features, tuple(gates))
