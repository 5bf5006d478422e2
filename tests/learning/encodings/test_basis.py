"""Basis encoding: fast path = circuit = Qiskit = PennyLane, and a kernel that asks for equality."""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import Statevector

from qlearn.learning.encodings import BasisEncoding, Encoding
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel
from qlearn.qubits import ket


@given(st.integers(1, 4), st.integers(1, 2), st.integers(0, 2), st.integers(0, 2**32 - 1))
def test_the_fast_path_is_the_circuit(d, bits, spare, seed):
    X = np.random.default_rng(seed).integers(0, 2**bits, (3, d))
    encoding = BasisEncoding(bits, wires=bits * d + spare)
    np.testing.assert_array_equal(encoding.states(X), encoding.circuit(X).run())
    assert encoding.circuit(X).shape == (3,)


def test_it_is_the_ket_of_the_bits():
    np.testing.assert_array_equal(BasisEncoding().states([[1, 0, 1]])[0], ket("101"))
    np.testing.assert_array_equal(BasisEncoding(bits=3).states([[6, 1]])[0], ket("110001"))
    assert isinstance(BasisEncoding(), Encoding)


def test_qiskit_and_pennylane_prepare_the_same_state():
    x = np.array([1, 0, 1])
    ours, circuit = BasisEncoding().states([x])[0], BasisEncoding().circuit(x)
    np.testing.assert_array_equal(Statevector(circuit.to_qiskit()).data, ours)

    @qml.qnode(qml.device("default.qubit", wires=3))
    def embedded():
        qml.BasisEmbedding(x, wires=range(3))
        return qml.state()

    np.testing.assert_array_equal(embedded(), ours)


def test_the_kernel_only_asks_whether_rows_are_equal():
    X = np.array([[0, 1], [1, 1], [0, 1]])
    np.testing.assert_array_equal(FidelityKernel(BasisEncoding()).gram(X), [[1, 0, 1], [0, 1, 0], [1, 0, 1]])


@pytest.mark.parametrize(
    ("X", "says"),
    [
        ([[0.5]], r"out of range for the encoding: 0\.5 is no whole number from 0 to 3"),
        ([[4]], "4 is no whole number.*KBinsDiscretizer"),
        ([[-1]], "-1 is no whole number"),
        ([[np.nan]], "NaN or infinity"),
        ([[1, 1, 1]], "more than the qubits can hold: wires=4, and each feature takes 2"),
        ([1, 1], "a row for each sample"),
    ],
)
def test_refuses_rows(X, says):
    with pytest.raises(ValueError, match=says):
        BasisEncoding(bits=2, wires=4).states(X)


@pytest.mark.parametrize("arguments", [{"bits": 0}, {"bits": 54}, {"wires": 0}, {"bits": 3, "wires": 2}])
def test_refuses_parameters(arguments):
    with pytest.raises(ValueError, match=r"bits must be|wires"):
        BasisEncoding(**arguments)


def test_refuses_states_that_no_memory_holds():
    with pytest.raises(ValueError, match="more than memory holds"):
        BasisEncoding(bits=50).states([[3]])
