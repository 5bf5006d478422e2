"""The variational form: reaches the spectrum, never passes it, and its circuit does what it says."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import DensityMatrix

from qlearn.learning.components import variational_qpca
from qlearn.qubits import fidelity, partial_trace, random_state


def mixed(n, seed):
    """A random full-rank state of n qubits."""
    return partial_trace(random_state(2 * n, rng=seed), range(n))


@pytest.mark.parametrize("seed", range(3))
def test_finds_spectrum_and_eigenvectors_of_two_qubits(seed):
    rho = mixed(2, seed)
    values, vectors = np.linalg.eigh(rho)
    found = variational_qpca(rho, 4, layers=6, rng=seed)
    np.testing.assert_allclose(found.values, values[::-1], atol=1e-4)
    assert fidelity(found.states, vectors.T[::-1]).min() > 0.999
    assert found.losses[-1] == pytest.approx(float(values[::-1] @ np.arange(4)), abs=1e-4)


@given(st.integers(0, 50), st.sampled_from(["circular", "none"]))
def test_sums_never_pass_those_of_the_eigenvalues(seed, entanglement):
    rho = mixed(2, seed)
    found = variational_qpca(rho, 4, layers=1, entanglement=entanglement, epochs=20, rng=seed)
    assert (np.cumsum(found.values) <= np.cumsum(np.linalg.eigvalsh(rho)[::-1]) + 1e-10).all()


def test_its_circuit_shows_the_values_in_qiskit():
    rho = mixed(2, 9)
    found = variational_qpca(rho, 4, layers=3, epochs=30, rng=1)
    after = DensityMatrix(rho).evolve(found.circuit.to_qiskit())
    np.testing.assert_allclose(after.probabilities(), found.values, atol=1e-12)


def test_without_entanglement_a_correlated_mixture_keeps_its_secret():
    bells = np.array([[1, 0, 0, 1], [1, 0, 0, -1]]) / np.sqrt(2)
    rho = 0.8 * np.outer(bells[0], bells[0]) + 0.2 * np.outer(bells[1], bells[1])
    entangled = variational_qpca(rho, 1, layers=4, rng=0)
    product = variational_qpca(rho, 1, layers=4, entanglement="none", rng=0)
    assert entangled.values[0] == pytest.approx(0.8, abs=1e-3)
    assert product.values[0] <= 0.5 + 1e-9  # no product state overlaps a Bell state by more than a half


def test_same_seed_same_circuit():
    first, second = (variational_qpca(mixed(1, 2), 2, layers=2, epochs=5, rng=3) for _ in "ab")
    assert first.losses == second.losses


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"n_components": 3}, "n_components must be at most 2"),
        ({"layers": 0}, "layers must be at least 1"),
        ({"entanglement": "much"}, "entanglement must be one of"),
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"learning_rate": 0.0}, "learning_rate must be above 0"),
        ({"rho": [[0.5, 0.1], [0.2, 0.5]]}, "Hermitian"),
    ],
)
def test_refuses(changes, says):
    with pytest.raises(ValueError, match=says):
        variational_qpca(**{"rho": np.diag([0.7, 0.3]), "n_components": 1, **changes})
