"""Costs: counts in closed form, and those of Qiskit for the same circuit."""

import pytest
from hypothesis import given, settings, strategies as st
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from qlearn.learning import QNNClassifier
from qlearn.learning.neural_networks import HybridClassifier, SoftmaxClassifier
from qlearn.networks.distillation import model_cost
from qlearn.networks.distillation.gate_counts import ModelCost, circuit_depth
from qlearn.networks.federated import ScikitClassifier
from qlearn.qubits import Circuit, gates


@settings(max_examples=20)
@given(st.integers(2, 5), st.integers(1, 4), st.sampled_from(["phase", "reuploading"]))
def test_counts_are_those_of_the_formula(n, layers, encoding):
    cost = model_cost(QNNClassifier(layers=layers, encoding=encoding).initialise(n, [0, 1], rng=0))
    assert cost.parameters == 2 * n * layers + n + 1
    assert cost.qubits == n
    assert cost.gradient_circuits == 4 * n * layers + 1
    turns = n * layers if encoding == "reuploading" else n
    assert cost.n_gates == n + turns + 2 * n * layers + cost.two_qubit_gates
    # two wires have one CNOT; a ring of more has as many as wires
    assert cost.two_qubit_gates == layers * (n if n > 2 else 1)


@pytest.mark.parametrize(("n", "layers"), [(2, 1), (4, 3)])
def test_gates_and_depth_are_those_of_qiskit(n, layers):
    model = QNNClassifier(layers=layers).initialise(n, [0, 1], rng=0)
    theirs = model.circuit([0.1] * n).to_qiskit()
    cost = model_cost(model)
    assert cost.depth == theirs.depth()
    assert cost.gates == {name: count for name, count in theirs.count_ops().items() if name != "barrier"}


def test_an_encoding_that_refuses_zeros_is_counted():
    cost = model_cost(QNNClassifier(encoding="amplitude", layers=1).initialise(4, [0, 1], rng=0))
    assert cost.gates == {"ry": 3 + 2, "cx": 2 + 1, "rz": 2}


def test_depth_of_gates_side_by_side_and_in_a_row():
    assert circuit_depth(Circuit(3)) == 0
    assert circuit_depth(Circuit(3).h(0).h(1).h(2)) == 1
    assert circuit_depth(Circuit(3).cx(0, 1).cx(1, 2)) == 2
    assert circuit_depth(Circuit(3).ccx(0, 1, 2).h(0)) == 2


def test_classical_models_have_parameters_alone():
    assert model_cost(SoftmaxClassifier().initialise(4, [0, 1, 2])).parameters == 4 * 3 + 3
    net = model_cost(HybridClassifier(5, with_circuit=False).initialise(3, [0, 1], rng=0))
    assert (net.parameters, net.qubits, net.n_gates, net.gradient_circuits) == (3 * 5 + 5 + 5 + 1, 0, 0, 0)
    perceptron = ScikitClassifier(MLPClassifier([7])).initialise(2, [0, 1], rng=0)
    assert model_cost(perceptron).parameters == 2 * 7 + 7 + 7 + 1


def test_hybrids_count_both_halves_and_states_need_no_encoding():
    hybrid = model_cost(HybridClassifier(2, layers=1).initialise(3, [0, 1], rng=0))
    assert hybrid.parameters == (3 * 2 + 2) + 4 + (2 + 1)
    assert hybrid.qubits == 2
    # Four angles of the ansatz, and two of the encoding, through which the dense layer before it learns.
    assert hybrid.gradient_circuits == 2 * (4 + 2) + 1
    twice = model_cost(HybridClassifier(2, layers=3, reupload=True).initialise(3, [0, 1], rng=0))
    assert twice.gradient_circuits == 2 * (3 * 4 + 3 * 2) + 1
    on_states = model_cost(QNNClassifier(encoding="state", layers=1).initialise(4, [0, 1], rng=0))
    assert on_states.gates == {"rz": 2, "ry": 2, "cx": 1}


def test_refuses():
    with pytest.raises(TypeError, match="model must have get_parameters"):
        model_cost(LogisticRegression())
    with pytest.raises(NotFittedError):
        model_cost(QNNClassifier())


def test_every_gate_on_two_wires_counts_as_one():
    every = {*gates.FIXED, *gates.ANGLED, *gates.CONTROLLED}
    two = {"swap", "cx", "cz", "cp", "crx", "cry", "crz", "rxx", "ryy", "rzz"}
    for name in every:
        assert ModelCost(0, 3, {name: 2}).two_qubit_gates == (2 if name in two else 0)
