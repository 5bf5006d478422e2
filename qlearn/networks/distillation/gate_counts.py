r"""What a model costs: its parameters, qubits and gates, and the circuits that one gradient takes."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qlearn.qubits import Circuit
from qlearn.qubits.gates import CONTROLLED, PAIR_ROTATIONS

_TWO_WIRES = {"swap", *PAIR_ROTATIONS, *(name for name, (_, controls) in CONTROLLED.items() if controls == 1)}


@dataclass(frozen=True)
class ModelCost:
    """The size of a model, as counts that do not depend on the machine.

    Parameters
    ----------
    parameters : int
        Numbers that training changes.
    qubits : int
        Width of the circuit; 0 for a classical model.
    gates : dict of str to int
        Gates by kind, encoding included.
    depth : int
        Steps of the circuit when gates on different wires run at the same time.
    gradient_circuits : int
        Circuits (each with its shots) that one row's gradient takes on a device by the parameter-shift rule: two for each
        angle that depends on a trained parameter, and one for the readout. Those are the ansatz's angles; of a hybrid the
        encoding's, too, by which the gradient reaches the dense layers before the circuit.
    """

    parameters: int
    qubits: int = 0
    gates: dict[str, int] = field(default_factory=dict)
    depth: int = 0
    gradient_circuits: int = 0

    @property
    def n_gates(self) -> int:
        """All gates."""
        return sum(self.gates.values())

    @property
    def two_qubit_gates(self) -> int:
        """Gates on two wires: those that cost the most fidelity."""
        return sum(n for name, n in self.gates.items() if name in _TWO_WIRES)


def circuit_depth(circuit: Circuit[Any]) -> int:
    """Return the steps that a circuit takes when gates on different wires run at the same time.

    Parameters
    ----------
    circuit : Circuit
        Without measurements that later gates wait for.

    Returns
    -------
    int

    Examples
    --------
    >>> circuit_depth(Circuit(3).h(0).h(1).cx(0, 1).x(2))
    2
    """
    until = [0] * circuit.n_qubits
    for operation in circuit.operations:
        end = 1 + max(until[wire] for wire in operation.wires)
        for wire in operation.wires:
            until[wire] = end
    return max(until)


def model_cost(model: Any) -> ModelCost:
    """Count the parameters of a model that was set up, and the qubits and gates of its circuit, if it has one.

    Parameters
    ----------
    model : estimator
        With `get_parameters`: :class:`~qlearn.learning.QNNClassifier` and its kin, or
        :class:`~qlearn.networks.federated.ScikitClassifier`.

    Returns
    -------
    ModelCost

    Examples
    --------
    >>> from qlearn.learning import QNNClassifier
    >>> cost = model_cost(QNNClassifier(layers=2).initialise(3, [0, 1], rng=0))
    >>> cost.parameters, cost.qubits, cost.gates, cost.depth, cost.gradient_circuits
    (16, 3, {'h': 3, 'rz': 9, 'ry': 6, 'cx': 6}, 12, 25)

    References
    ----------
    Schuld, Bergholm, Gogolin, Izaac, Killoran, "Evaluating analytic gradients on quantum hardware", 2019, arXiv:1811.11184
    (two circuits an angle).
    """
    if not hasattr(model, "get_parameters"):
        raise TypeError(
            "model must have get_parameters, as models trained by gradients and ScikitClassifier have, not "
            f"{type(model).__name__}"
        )
    arrays = model.get_parameters()
    if not getattr(model, "with_circuit", True):
        # The ablation keeps the angles that it draws, and trains the others alone.
        arrays = [*arrays[:-3], *arrays[-2:]]
    n_parameters = sum(p.size for p in arrays)
    if not hasattr(model, "ansatz_") or not getattr(model, "with_circuit", True):
        return ModelCost(n_parameters)
    encoded = getattr(model, "encoding", "phase") != "state"
    circuit = model.circuit(np.ones(model.n_features_in_)) if encoded else model.circuit()
    gates = Counter(operation.name for operation in circuit.operations)
    # A hybrid's encoding turns by what its dense layers say, which is trained as well.
    hybrid = hasattr(model, "with_circuit")
    turned = sum(operation.angle is not None for operation in circuit.operations)
    angles = turned if hybrid else int(np.prod(model.ansatz_.shape))
    return ModelCost(n_parameters, circuit.n_qubits, dict(gates), circuit_depth(circuit), 2 * angles + 1)
