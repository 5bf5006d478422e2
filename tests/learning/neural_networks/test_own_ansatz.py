"""The ansatz that a network is told: names, circuits and functions, and every way in which an option would be ignored."""

import pytest

from qlearn.learning.neural_networks import ANSATZE
from qlearn.learning.neural_networks._own_ansatz import own_circuit
from qlearn.qubits import Circuit, Parameter

T = Parameter("t")


@pytest.mark.parametrize("name", list(ANSATZE))
def test_a_name_is_its_table_entry(name):
    circuit = own_circuit(name, None, 3, "circular", 4)
    assert repr(circuit) == repr(ANSATZE[name](4, 3))
    assert own_circuit(name, 5, 1, "circular", 4).n_qubits == 5


def test_a_pattern_is_handed_on_where_one_is_taken():
    circuit = own_circuit("real_amplitudes", None, 1, "full", 3)
    assert [step.wires for step in circuit.operations if step.name == "cx"] == [(0, 1), (0, 2), (1, 2)]
    pairs = own_circuit(
        lambda n, layers, entanglement: Circuit(n).ry(T, 0).cx(*entanglement[0]), None, 1, [(1, 0)], 2
    )
    assert pairs.operations[-1].wires == (1, 0)


def test_a_function_makes_one():
    made = own_circuit(lambda n, layers: Circuit(n).ry(layers * T, 0), None, 3, "circular", 2)
    assert repr(made) == "Circuit(2).ry(3*t, 0)"


def test_a_circuit_stays_as_it_is():
    circuit = Circuit(2).ry(T, 0)
    assert own_circuit(circuit, None, 2, "circular", 5) is circuit
    assert own_circuit(circuit, 2, 2, "circular", 5) is circuit


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (("amplitudes", None, 2, "circular", 2), ValueError, "ansatz must be one of hardware_efficient, real_amplitudes"),
        ((3, None, 2, "circular", 2), TypeError, "ansatz must be a name, a Circuit or a function"),
        ((Circuit, None, 2, "circular", 2), TypeError, "ansatz must be a name, a Circuit or a function"),
        ((lambda n, layers: "circuit", None, 2, "circular", 2), TypeError, "ansatz must make a Circuit, not str"),
        ((lambda n, layers: Circuit(3), 2, 2, "circular", 2), ValueError, "a circuit of n_qubits=2 wires, not 3"),
        ((Circuit(2).ry(T, 0), 3, 2, "circular", 2), ValueError, "n_qubits must be 2 or None, not 3: so many has the ansatz"),
        ((Circuit(2).ry(T, 0), None, 3, "circular", 2), ValueError, "layers must be left out, not 3"),
        ((Circuit(2).ry(T, 0), None, 2, "full", 2), ValueError, "entanglement must be left out, not 'full': the ansatz is"),
        (("strongly_entangling", None, 2, "full", 2), ValueError, "entanglement must be left out.*takes none"),
        ((lambda n, layers: Circuit(n), None, 2, "full", 2), ValueError, "takes none"),
        (("real_amplitudes", None, 0, "circular", 2), ValueError, "layers must be at least 1"),
        (("real_amplitudes", 0, 1, "circular", 2), ValueError, "n_qubits must be at least 1"),
    ],
)  # fmt: skip
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        own_circuit(*arguments)


def test_a_list_of_pairs_is_no_default():
    with pytest.raises(ValueError, match="entanglement must be left out"):
        own_circuit(Circuit(2).ry(T, 0), None, 2, [(0, 1)], 2)
