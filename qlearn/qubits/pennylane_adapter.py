"""The PennyLane engine: the same circuit as a QNode on any device.

Taught in :doc:`/qubits/superposition`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_angles
from qlearn.qubits.gates import Operation, Steps
from qlearn.qubits.parameter import Parameter, ParameterExpression
from qlearn.qubits.parameter_values import named_values, refusal

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
        found = _found(qml, circuit, values, named)
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


def _found(qml: Any, circuit: Steps, values: tuple[Any, ...], named: dict[str, Any]) -> dict[Parameter, Any]:
    """Return the values that a QNode was called with, as they came: PennyLane follows them to a gradient."""
    free = tuple(dict.fromkeys(parameter for step in circuit.operations for parameter in step.parameters))
    if len(values) > 1 or (values and named):
        raise TypeError("a circuit's QNode takes one array of values, or keywords, not both and not several")

    def convert(value: Any, name: str) -> Any:
        return value if hasattr(value, "shape") and hasattr(value, "ndim") else as_angles(value, name)

    found = named_values(free, values[0] if values else named, convert)
    if deep := [parameter for parameter, value in found.items() if value.ndim > 1]:
        raise ValueError(
            f"the values of {deep[0]} must be a number or one axis of them, the batch that PennyLane takes, not of shape "
            f"{tuple(found[deep[0]].shape)}: call once for each row"
        )
    if missing := [parameter for parameter in free if parameter not in found]:
        raise ValueError(refusal(missing, "run"))
    tensor = next((value for value in found.values() if type(value).__module__.startswith("torch")), None)
    if tensor is None:
        return found
    # a tensor of PyTorch and an array of NumPy do not multiply
    return {
        p: _like(qml, value, tensor) if isinstance(value, np.ndarray) else value for p, value in found.items()
    }


def _queue(qml: Any, step: Any, wires: list[int], found: dict[Parameter, Any]) -> None:
    if step.unitary is not None:
        qml.QubitUnitary(step.unitary, wires=wires)
    elif step.name in {"sdg", "tdg"}:
        qml.adjoint(getattr(qml, step.name[0].upper()))(wires=wires)
    else:
        angles = []
        if isinstance(step.angle, ParameterExpression):
            # numbers, for the values may be tensors of a library that takes no array of another
            total = 0.0
            for term, weight in step.angle.terms:
                of = found[term[0]] * found[term[1]] if isinstance(term, tuple) else found[term]
                total = total + _like(qml, weight, of) * of
            angles = [total + _like(qml, step.angle.offset, total)]
        elif step.angle is not None:
            angles = [step.angle if step.angle.ndim else float(step.angle)]
        getattr(qml, _NAMES[step.name])(*angles, wires=wires)


def _like(qml: Any, number: Any, other: Any) -> Any:
    return qml.math.convert_like(np.array(number), other) if np.ndim(number) else float(number)


def device_shots(device: Any, shots: int | None) -> int | None:
    """Return how often a device shall run each circuit; refuse a number of our own beside one of the device."""
    import pennylane as qml

    if not isinstance(device, qml.devices.Device):
        raise TypeError(
            f"device must be a device of PennyLane, such as qml.device('default.qubit'), not {type(device).__name__}"
        )
    own = device.shots.total_shots
    if own is not None and shots is not None:
        raise ValueError(
            f"shots must be given once: the device has {own} of its own, and shots={shots} came beside it"
        )
    return shots if own is None else own


def device_frequencies(
    circuit: Steps, bases: Sequence[str], device: Any, shots: int | None
) -> list[NDArray[np.float64]]:
    """Return the share of each outcome in each basis, shapes (..., 2**n), by one call of a PennyLane device.

    Parameters
    ----------
    circuit : Circuit
        Without classical bits, of any batch shape: a batch is broadcast.
    bases : sequence of str
        A letter for each wire; I is read as Z.
    device : pennylane device
        Runs all of it.
    shots : int or None
        Runs of each circuit in each basis; None gives the exact probabilities of a simulator.

    Returns
    -------
    list of ndarray of float64
        One for each basis.
    """
    import pennylane as qml

    def reading(basis: str) -> Callable[[list[Any]], None]:
        def read(labels: list[Any]) -> None:
            for label, letter in zip(labels, basis, strict=True):
                if letter in "XY":
                    if letter == "Y":
                        qml.adjoint(qml.S)(wires=label)
                    qml.Hadamard(wires=label)
            qml.probs(wires=labels)

        return read

    results = _execute(circuit, device, shots, [reading(basis) for basis in bases])
    shape = (*circuit.shape, 1 << circuit.n_qubits)
    return [np.array(results[k :: len(bases)], dtype=float).reshape(shape) for k in range(len(bases))]


def device_means(circuit: Steps, words: Sequence[str], device: Any) -> NDArray[np.float64]:
    """Return the exact mean values of Pauli strings, shape (..., k), by one call of a PennyLane simulator."""
    import pennylane as qml

    def read(labels: list[Any]) -> None:
        for word in words:
            qml.expval(qml.pauli.string_to_pauli_word(word, dict(zip(labels, range(len(word)), strict=True))))

    results = _execute(circuit, device, None, [read])
    found = np.array([np.reshape(result, (len(words), -1)) for result in results], dtype=float)
    return np.moveaxis(found, 1, -1).reshape(*circuit.shape, len(words))


def _execute(
    circuit: Steps, device: Any, shots: int | None, readings: Sequence[Callable[[list[Any]], None]]
) -> Sequence[Any]:
    """Run the circuit once with each reading, a batch by broadcast wherever no gate is masked; all in one call."""
    import pennylane as qml

    n, batch = circuit.n_qubits, circuit.shape
    if device.wires is not None and len(device.wires) < n:
        raise ValueError(f"device must have at least the circuit's {n} wires, not {len(device.wires)}")
    labels = list(range(n) if device.wires is None else device.wires)[:n]
    steps = [_unmasked(step) for step in circuit.operations]
    masked = any(step.where is not None for step in steps)
    # a batch of one is a circuit: of a PhaseShift with one angle in an array default.mixed 0.45 loses the axis
    if batch and (masked or np.prod(batch) == 1):
        each = [circuit.at(index).operations for index in np.ndindex(batch)]
    elif batch:
        each = [tuple(_flat(step, batch) for step in steps)]
    else:
        each = [circuit.at(()).operations]
    tapes = []
    for operations in each:
        for read in readings:
            with qml.queuing.AnnotatedQueue() as queue:
                for step in operations:
                    _queue(qml, step, [labels[wire] for wire in step.wires], {})
                read(labels)
            tapes.append(qml.tape.QuantumScript.from_queue(queue, shots=shots))
    return qml.execute(tapes, device, diff_method=None)


def _unmasked(step: Operation) -> Operation:
    """Return a turn under a mask as a turn by nothing where the mask is 0; other steps as they are."""
    if isinstance(step.where, np.ndarray) and step.angle is not None:
        return replace(step, angle=step.angle * step.where, where=None)
    return step


def _flat(step: Operation, batch: tuple[int, ...]) -> Operation:
    """Return the step with its arrays on the one batch axis that PennyLane takes."""
    angle: Any = step.angle
    unitary = step.unitary
    if angle is not None and angle.ndim:
        angle = np.broadcast_to(angle, batch).reshape(-1)
    if unitary is not None and unitary.ndim > 2:
        unitary = np.broadcast_to(unitary, (*batch, *unitary.shape[-2:])).reshape(-1, *unitary.shape[-2:])
    return replace(step, angle=angle, unitary=unitary)
