"""The PennyLane engine: the same circuit as a QNode on any device.

Taught in :doc:`/qubits/superposition`.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from qlearn._checks import as_angles
from qlearn.qubits.gates import Steps
from qlearn.qubits.parameter import Parameter, ParameterExpression, named_values, refusal

if TYPE_CHECKING:
    from pennylane import QNode as QNode

_NAMES = {
    "x": "PauliX",
    "y": "PauliY",
    "z": "PauliZ",
    "h": "Hadamard",
    "s": "S",
    "t": "T",
    "rx": "RX",
    "ry": "RY",
    "rz": "RZ",
    "p": "PhaseShift",
    "cx": "CNOT",
    "cz": "CZ",
    "cp": "ControlledPhaseShift",
    "crx": "CRX",
    "cry": "CRY",
    "crz": "CRZ",
    "rxx": "IsingXX",
    "ryy": "IsingYY",
    "rzz": "IsingZZ",
    "ccx": "Toffoli",
    "swap": "SWAP",
}


def to_pennylane(circuit: Steps, device: Any = None, shots: int | None = None) -> "QNode":
    """Return the circuit as a PennyLane QNode.

    PennyLane counts wires as we do. Without classical bits the QNode returns the state; with them it
    returns samples of the bits, uint8 of shape (shots, bits).

    Parameters
    ----------
    circuit : Circuit
        A circuit without masks. Array angles of one axis stay a batch; of more, take ``circuit.at(i)``.
    device : pennylane device, optional
        None is ``default.qubit`` with the circuit's wires.
    shots : int, optional
        How often to sample; needed with classical bits, and only there.

    Returns
    -------
    pennylane.QNode
        Call it without arguments. That of a circuit with free parameters is called as
        :meth:`~qlearn.qubits.Circuit.bind` is, with an array in the order of `circuit.parameters`, or by keywords:
        ``node(theta=values)``. Its state can be differentiated by PennyLane.

    Examples
    --------
    >>> from qlearn.qubits import Circuit
    >>> Circuit(1).h(0).to_pennylane()().real.round(3)
    array([0.707, 0.707])
    >>> from qlearn.qubits import Parameter
    >>> Circuit(1).ry(Parameter("t"), 0).to_pennylane()(t=[0, np.pi]).real.round(3)
    array([[1., 0.],
           [0., 1.]])

    References
    ----------
    Bergholm et al., *PennyLane* (2018), arXiv:1811.04968.
    """
    import pennylane as qml

    if any(isinstance(step.where, np.ndarray) for step in circuit.operations) and circuit.shape != ():
        raise ValueError(
            "circuit holds a mask over the batch, which PennyLane cannot take: choose circuit.at(i)"
        )
    if len(circuit.shape) > 1:
        raise ValueError(
            f"circuit has a batch of shape {circuit.shape}; PennyLane takes one axis: choose circuit.at(i)"
        )
    if circuit.shape == ():
        circuit = circuit.at(())  # a mask of one element is a gate, or none
    if circuit.bits and shots is None:
        raise ValueError("shots must be given for a circuit that measures bits: how often shall it run?")
    if not circuit.bits and shots is not None:
        raise ValueError("shots must be None for a circuit without bits: its QNode returns the state")

    def function(*values: Any, **named: Any) -> Any:
        found = _found(circuit, values, named)
        written: dict[int, Any] = {}
        for step in circuit.operations:
            wires = list(step.wires)
            if step.bit is not None:
                written[step.bit] = qml.measure(wires[0])
            elif isinstance(step.where, int):
                qml.cond(
                    written[step.where], lambda step=step, wires=wires: _queue(qml, step, wires, found)
                )()
            else:
                _queue(qml, step, wires, found)
        return qml.sample(list(written.values())) if circuit.bits else qml.state()

    order = list(dict.fromkeys(step.bit for step in circuit.operations if step.bit is not None))
    if circuit.bits and not order:
        raise ValueError("circuit has classical bits but measures nothing: add .measure(wire, bit)")
    device = device or qml.device("default.qubit", wires=circuit.n_qubits)
    if not circuit.bits:
        return qml.QNode(function, device)
    # PennyLane's own choice runs the whole circuit once a shot; following each branch once is 500 times faster.
    method = "tree-traversal" if device.name in {"default.qubit", "lightning.qubit"} else None
    node = qml.QNode(function, device, mcm_method=method)
    return _BitSamples(qml.set_shots(node, shots=shots), order, circuit.bits)


class _BitSamples:
    """A QNode whose samples are put in the order of the classical bits; bits never written stay 0."""

    def __init__(self, node: Any, order: list[int], bits: int) -> None:
        self.node, self.order, self.bits = node, order, bits

    def __call__(self, *values: Any, **named: Any) -> np.ndarray:
        drawn = np.asarray(self.node(*values, **named)).reshape(-1, len(self.order))
        samples = np.zeros((len(drawn), self.bits), dtype=np.uint8)
        samples[:, self.order] = drawn
        # Tree traversal returns the shots branch by branch. One fixed shuffle makes their order mean nothing.
        return np.random.default_rng(0).permutation(samples)


def _found(circuit: Steps, values: tuple[Any, ...], named: dict[str, Any]) -> dict[Parameter, Any]:
    """Return the values that a QNode was called with, as they came: PennyLane follows them to a gradient."""
    free = tuple(dict.fromkeys(parameter for step in circuit.operations for parameter in step.parameters))
    if len(values) > 1 or (values and named):
        raise TypeError("a circuit's QNode takes one array of values, or keywords, not both and not several")

    def convert(value: Any, name: str) -> Any:
        return value if hasattr(value, "shape") and hasattr(value, "ndim") else as_angles(value, name)

    found = named_values(free, values[0] if values else named, convert)
    if missing := [parameter for parameter in free if parameter not in found]:
        raise ValueError(refusal(missing, "run"))
    return found


def _queue(qml: Any, step: Any, wires: list[int], found: dict[Parameter, Any]) -> None:
    if step.unitary is not None:
        qml.QubitUnitary(step.unitary, wires=wires)
    elif step.name in {"sdg", "tdg"}:
        qml.adjoint(getattr(qml, step.name[0].upper()))(wires=wires)
    else:
        angles = []
        if isinstance(step.angle, ParameterExpression):
            angles = [step.angle.offset + sum(weight * found[p] for p, weight in step.angle.terms)]
        elif step.angle is not None:
            angles = [step.angle if step.angle.ndim else float(step.angle)]
        getattr(qml, _NAMES[step.name])(*angles, wires=wires)
