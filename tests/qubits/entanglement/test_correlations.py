"""Correlations of pairs: against expectation values, Qiskit's and our own."""

import numpy as np
import pytest
from qiskit.quantum_info import DensityMatrix, Pauli

from qlearn.qubits import bell_state, density, expectation, ket, partial_trace, random_state
from qlearn.qubits.entanglement import concurrence, correlations

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


def test_mixtures_of_products_have_singular_values_that_add_to_one_at_most():
    products = np.einsum("na,nb->nab", *random_state(1, size=(2, 60), rng=2)).reshape(20, 3, 4)
    mixtures = density(products).mean(1)
    sums = np.linalg.svd(correlations(mixtures), compute_uv=False).sum(-1)
    assert (sums <= 1 + 1e-12).all()
    assert (concurrence(mixtures) < 1e-7).all()


def test_correlation_in_two_bases_is_no_mark_of_entanglement_by_itself():
    by_lot = density(np.stack([ket(label) for label in ("00", "11", "++", "--")])).mean(0)
    np.testing.assert_allclose(correlations(by_lot), np.diag([0.5, 0, 0.5]), atol=1e-15)
    np.testing.assert_allclose(partial_trace(by_lot, 0), np.eye(2) / 2, atol=1e-15)
    assert concurrence(by_lot) < 1e-7
    angle = np.deg2rad(20)  # entangled, and its half is no fair coin
    weak = np.cos(angle) * ket("00") + np.sin(angle) * ket("11")
    assert concurrence(weak) == pytest.approx(0.643, abs=5e-4)
    assert partial_trace(weak, 0)[0, 0].real == pytest.approx(0.883, abs=5e-4)


def test_refuses_what_is_no_pair():
    with pytest.raises(ValueError, match="state must be of two qubits"):
        correlations([1, 0])
    with pytest.raises(ValueError, match="state must be normalised"):
        correlations([1, 0, 0, 1])
