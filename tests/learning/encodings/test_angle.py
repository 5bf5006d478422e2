"""Angle encoding: fast path = circuit = Qiskit = PennyLane, and a kernel of cosines."""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import Statevector

from qlearn.learning.encodings import AngleEncoding, Encoding
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel

AXES = ("x", "y", "z")


@given(st.sampled_from(AXES), st.integers(1, 5), st.integers(0, 2), st.integers(0, 2**32 - 1))
def test_the_fast_path_is_the_circuit(axis, q, spare, seed):
    X = np.random.default_rng(seed).uniform(-4, 4, (3, q))
    encoding = AngleEncoding(axis, bandwidth=0.7, wires=q + spare)
    np.testing.assert_allclose(encoding.states(X), encoding.circuit(X).run(), atol=1e-12)
    assert encoding.circuit(X).shape == (3,)


@pytest.mark.parametrize("axis", AXES)
def test_qiskit_and_pennylane_prepare_the_same_state(axis):
    x = np.array([0.4, -1.3, 2.9])
    encoding = AngleEncoding(axis)
    ours, circuit = encoding.states([x])[0], encoding.circuit(x)
    np.testing.assert_allclose(Statevector(circuit.to_qiskit()).data, ours, atol=1e-12)

    @qml.qnode(qml.device("default.qubit", wires=3))
    def embedded():
        if axis == "z":
            for wire in range(3):
                qml.Hadamard(wire)
        qml.AngleEmbedding(x, wires=range(3), rotation=axis.upper())
        return qml.state()

    np.testing.assert_allclose(embedded(), ours, atol=1e-12)


@pytest.mark.parametrize("axis", AXES)
def test_the_kernel_is_a_product_of_cosines(axis):
    X = np.random.default_rng(1).uniform(-3, 3, (6, 4))
    gram = FidelityKernel(AngleEncoding(axis, bandwidth=0.5)).gram(X)
    np.testing.assert_allclose(gram, np.prod(np.cos((X[:, None] - X) / 4) ** 2, axis=-1), atol=1e-12)


def test_no_state_is_entangled():
    state = AngleEncoding().states([[0.3, 1.2]])[0].reshape(2, 2)
    assert np.linalg.svd(state, compute_uv=False)[1] < 1e-12


def test_it_is_an_encoding_and_equal_to_its_like():
    assert isinstance(AngleEncoding(), Encoding)
    assert AngleEncoding("x") == AngleEncoding("x") != AngleEncoding("y")


def test_wrapping_is_asked_for():
    far = np.array([[0.3 + 2 * np.pi]])
    with pytest.raises(ValueError, match=r"out of range for the encoding: 6\.583 radians"):
        AngleEncoding().states(far)
    near = AngleEncoding().states([[0.3]])
    np.testing.assert_allclose(AngleEncoding(wrap=True).states(far), -near, atol=1e-12)
    np.testing.assert_allclose(AngleEncoding().states([[np.pi * (1 + 1e-12)]]), [[0, 1]], atol=1e-10)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"axis": "n"}, ValueError, "axis must be one of x, y, z"),
        ({"bandwidth": 0}, ValueError, "every row gives the same state"),
        ({"bandwidth": "wide"}, TypeError, "bandwidth must be a number"),
        ({"wires": 0}, ValueError, "wires must be at least 1"),
        ({"wires": 2.5}, TypeError, "wires must be a whole number"),
    ],
)
def test_refuses_parameters(arguments, error, says):
    with pytest.raises(error, match=says):
        AngleEncoding(**arguments)


@pytest.mark.parametrize(
    ("X", "error", "says"),
    [
        ([[np.nan, 1.0]], ValueError, "NaN or infinity"),
        ([1.0, 2.0], ValueError, "a row for each sample"),
        ([[1e308, 1e308]], ValueError, "too large for an angle"),
        (np.zeros((2, 0)), ValueError, "at least one"),
        ([["a"]], TypeError, "real numbers"),
        (np.zeros((1, 4)), ValueError, "more than the qubits can hold: wires=3.*PCA"),
    ],
)
def test_refuses_rows(X, error, says):
    with pytest.raises(error, match=says):
        AngleEncoding(wires=3, bandwidth=10).states(X)


def test_refuses_states_that_no_memory_holds():
    with pytest.raises(ValueError, match="more than memory holds"):
        AngleEncoding().states(np.zeros((1, 60)))
