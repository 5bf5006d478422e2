"""State preparation: any state, to rounding, at the number of gates that is promised.

Amplitude encoding: the row is the state; the circuit that loads it costs what it says.
"""

from collections import Counter

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import Statevector

from qlearn.exercises.learning.encodings import with_length
from qlearn.learning.encodings import AmplitudeEncoding, Encoding, prepare
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel
from qlearn.qubits import bell_state, random_state


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_prepares_any_state_with_its_global_phase(n_qubits, seed):
    state = random_state(n_qubits, rng=seed)
    np.testing.assert_allclose(prepare(state).run(), state, atol=1e-12)


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_real_amplitudes_need_no_turn_about_z(n_qubits, seed):
    size = 2**n_qubits
    state = np.random.default_rng(seed).normal(size=size)
    state[0] = 0  # an empty branch has no angle of its own
    state /= np.linalg.norm(state)
    circuit = prepare(state)
    np.testing.assert_allclose(circuit.run(), state, atol=1e-12)
    counts = Counter(step.name for step in circuit.operations)
    assert counts == Counter({"ry": size - 1, "cx": size - 2})


def test_complex_amplitudes_cost_twice_as_much():
    counts = Counter(step.name for step in prepare(random_state(4, rng=0)).operations)
    assert counts == {"ry": 15, "rz": 15, "cx": 28, "p": 1}


def test_a_batch_of_states_is_a_batch_of_circuits():
    states = random_state(3, size=(2, 4), rng=5)
    circuit = prepare(states)
    assert circuit.shape == (2, 4)
    np.testing.assert_allclose(circuit.run(), states, atol=1e-12)


def test_qiskit_and_pennylane_agree():
    state = random_state(3, rng=9)
    circuit = prepare(state)
    np.testing.assert_allclose(Statevector(circuit.to_qiskit()).data, state, atol=1e-12)
    np.testing.assert_allclose(circuit.to_pennylane()(), state, atol=1e-12)

    @qml.qnode(qml.device("default.qubit", wires=3))
    def theirs():
        qml.MottonenStatePreparation(state, wires=range(3))
        return qml.state()

    # theirs leaves the global phase out
    assert abs(np.vdot(theirs(), state)) == pytest.approx(1, abs=1e-10)


def test_basis_states_and_bell_states():
    for state in (*np.eye(4), bell_state("psi-")):
        np.testing.assert_allclose(prepare(state).run(), state, atol=1e-12)


@pytest.mark.parametrize(
    ("state", "says"),
    [([1, 1], "must be normalised"), ([1, 0, 0], "2, 4, 8"), ([np.nan, 0], "must be finite")],
)
def test_refuses(state, says):
    with pytest.raises(ValueError, match=says):
        prepare(state)


@given(st.integers(1, 17), st.integers(0, 1), st.integers(0, 2**32 - 1))
def test_the_fast_path_is_the_circuit(d, spare, seed):
    X = np.random.default_rng(seed).normal(size=(3, d))
    encoding = AmplitudeEncoding(AmplitudeEncoding().n_qubits(d) + spare)
    circuit = encoding.circuit(X)
    np.testing.assert_allclose(encoding.states(X), circuit.run(), atol=1e-12)
    counts = Counter(step.name for step in circuit.operations)
    assert counts == Counter(encoding.gate_count(d))


def test_qiskit_and_pennylane_prepare_the_same_state():
    x = np.array([0.4, -1.3, 2.9, 0.0, 5.0])
    ours = AmplitudeEncoding().states([x])[0]
    circuit = AmplitudeEncoding().circuit(x)
    np.testing.assert_allclose(Statevector(circuit.to_qiskit()).data, ours, atol=1e-12)

    @qml.qnode(qml.device("default.qubit", wires=3))
    def embedded():
        qml.AmplitudeEmbedding(x, wires=range(3), pad_with=0, normalize=True)
        return qml.state()

    np.testing.assert_allclose(embedded(), ours, atol=1e-12)


def test_the_kernel_is_the_squared_cosine():
    X = np.random.default_rng(2).normal(size=(6, 5))
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    np.testing.assert_allclose(FidelityKernel(AmplitudeEncoding()).gram(X), (unit @ unit.T) ** 2, atol=1e-12)


@pytest.mark.parametrize(("d", "q"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (1024, 10), (1025, 11)])
def test_qubits_are_the_logarithm(d, q):
    assert AmplitudeEncoding().n_qubits(d) == q
    assert isinstance(AmplitudeEncoding(), Encoding)


def test_no_square_overflows_or_vanishes():
    X = np.array([[3e-200, 4e-200], [3e300, 4e300], [5e-324, 0.0]])
    np.testing.assert_allclose(AmplitudeEncoding().states(X), [[0.6, 0.8], [0.6, 0.8], [1, 0]], atol=1e-12)


@pytest.mark.parametrize(
    ("X", "error", "says"),
    [
        ([[1.0, 0.0], [0.0, 0.0]], ValueError, r"row of zeros \(row 1\)"),
        (np.ones((1, 9)), ValueError, "more than the qubits can hold: wires=3 has 8 amplitudes"),
        ([[np.inf, 1.0]], ValueError, "NaN or infinity"),
        ([1.0, 2.0], ValueError, "a row for each sample"),
        ([[1j, 0]], TypeError, "real numbers"),
    ],
)
def test_refuses_rows(X, error, says):
    with pytest.raises(error, match=says):
        AmplitudeEncoding(3).states(X)


@pytest.mark.parametrize(
    ("wires", "error", "says"), [(0, ValueError, "at least 1"), (1.5, TypeError, "whole number")]
)
def test_refuses_parameters(wires, error, says):
    with pytest.raises(error, match="wires must be.*" + says):
        AmplitudeEncoding(wires)


def test_refuses_states_that_no_memory_holds():
    with pytest.raises(ValueError, match="more than memory holds"):
        AmplitudeEncoding(50).states([[1.0]])


def test_the_length_of_a_row_comes_back_as_a_feature_also_of_the_longest_row():
    # sqrt(longest**2 - |x|**2) of the longest row itself is the root of 0, or by rounding of a bit less
    for seed in range(200):
        X = np.random.default_rng(seed).normal(size=(20, 3))
        longest = np.linalg.norm(X, axis=1).max()
        rows = with_length(X, longest)
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), longest, rtol=1e-7)
