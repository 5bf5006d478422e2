"""The ansatz that a network is told: a circuit, a name, or a function that makes one, with what is ignored refused."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from qlearn._checks import as_count
from qlearn.learning.neural_networks.ansatz_tables import ANSATZE
from qlearn.qubits import Circuit

OwnAnsatz = str | Circuit | Callable[[int, int], Circuit]


def own_circuit(
    ansatz: OwnAnsatz,
    n_qubits: int | None,
    layers: int,
    entanglement: str | Sequence[Sequence[int]],
    wires: int,
) -> Circuit:
    """Return the circuit that `ansatz` stands for, of `n_qubits` wires where they are given, else of `wires`.

    Examples
    --------
    >>> from qlearn.qubits import Parameter
    >>> own_circuit(lambda n, layers: Circuit(n).ry(Parameter("t"), 0), None, 2, "circular", 1)
    Circuit(1).ry(t, 0)
    """
    if isinstance(ansatz, Circuit):
        if n_qubits is not None and n_qubits != ansatz.n_qubits:
            raise ValueError(
                f"n_qubits must be {ansatz.n_qubits} or None, not {n_qubits}: so many has the ansatz"
            )
        if layers != 2:
            raise ValueError(
                f"layers must be left out, not {layers}: the ansatz is a circuit and has its own"
            )
        _refuse_entanglement(entanglement, "is a circuit and has its own gates")
        return ansatz
    if isinstance(ansatz, str):
        if ansatz not in ANSATZE:
            raise ValueError(
                f"ansatz must be one of {', '.join(ANSATZE)}, a Circuit with free angles, or a function of (n_qubits, layers) "
                f"that makes one, not {ansatz!r}"
            )
        make: Any = ANSATZE[ansatz]
    elif callable(ansatz) and not isinstance(ansatz, type):
        make = ansatz
    else:
        raise TypeError(
            f"ansatz must be a name, a Circuit or a function of (n_qubits, layers), not {ansatz!r}"
        )
    given: dict[str, Any] = {}
    if entanglement != "circular":
        if "entanglement" not in inspect.signature(make).parameters:
            _refuse_entanglement(entanglement, "takes none")
        given["entanglement"] = entanglement
    n = wires if n_qubits is None else as_count(n_qubits, "n_qubits")
    circuit = make(n, as_count(layers, "layers"), **given)
    if not isinstance(circuit, Circuit):
        raise TypeError(f"ansatz must make a Circuit, not {type(circuit).__name__}")
    if n_qubits is not None and circuit.n_qubits != n_qubits:
        raise ValueError(f"ansatz must make a circuit of n_qubits={n_qubits} wires, not {circuit.n_qubits}")
    return circuit


def _refuse_entanglement(entanglement: Any, why: str) -> None:
    if entanglement != "circular":
        raise ValueError(f"entanglement must be left out, not {entanglement!r}: the ansatz {why}")
