"""Correlations of pairs: against expectation values, Qiskit's and our own."""

import numpy as np
import pytest
from qiskit.quantum_info import DensityMatrix, Pauli

from qlearn.qubits import bell_state, expectation, partial_trace, random_state
from qlearn.qubits.entanglement import correlations

LETTERS = "XYZ"


def test_equal_expectation_values_qiskits_and_ours():
    pairs = partial_trace(random_state(4, size=5, rng=1), [0, 1])
    for pair, matrix in zip(pairs, correlations(pairs), strict=True):
        for i, a in enumerate(LETTERS):
            for j, b in enumerate(LETTERS):
                assert matrix[i, j] == pytest.approx(expectation(pair, a + b), abs=1e-12)
                # Qiskit's label and its states are both written from the last wire to the first.
                assert matrix[i, j] == pytest.approx(
                    DensityMatrix(pair).expectation_value(Pauli(a + b)).real, abs=1e-12
                )


@pytest.mark.parametrize(
    ("name", "signs"),
    [("phi+", (1, -1, 1)), ("phi-", (-1, 1, 1)), ("psi+", (1, 1, -1)), ("psi-", (-1, -1, -1))],
)
def test_bell_states_agree_or_differ_along_every_axis(name, signs):
    np.testing.assert_allclose(correlations(bell_state(name)), np.diag(signs), atol=1e-15)


def test_refuses_what_is_no_pair():
    with pytest.raises(ValueError, match="state must be of two qubits"):
        correlations([1, 0])
    with pytest.raises(ValueError, match="state must be normalised"):
        correlations([1, 0, 0, 1])
