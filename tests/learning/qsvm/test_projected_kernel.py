"""The projected kernel: reduced density matrices, compared; three oracles, and no negative eigenvalue."""

import pickle
from itertools import combinations

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import Statevector, partial_trace as qiskit_trace
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import SVC

from qlearn.learning.qsvm import FidelityKernel, ProjectedKernel
from qlearn.learning.qsvm.projected_kernel import gaussian, local_paulis
from qlearn.qubits import bloch_vector, partial_trace, random_state


def rows(n, q, seed=0):
    return np.random.default_rng(seed).uniform(0, 2 * np.pi, (n, q))


@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_distances_of_features_are_those_of_reduced_density_matrices(q, locality, seed):
    a, b = random_state(q, 2, seed)
    features = local_paulis(np.array([a, b]), locality)
    k = min(locality, q)
    expected = sum(
        np.linalg.norm(partial_trace(a, kept) - partial_trace(b, kept)) ** 2
        for kept in combinations(range(q), k)
    )
    assert np.sum((features[0] - features[1]) ** 2) == pytest.approx(expected, abs=1e-12)


def test_features_of_one_wire_are_its_arrow():
    states = random_state(1, 5, rng=1)
    np.testing.assert_allclose(local_paulis(states, 1) * np.sqrt(2), bloch_vector(states), atol=1e-12)


def test_seeing_all_wires_together_is_the_fidelity_in_an_exponent():
    # |rho - rho'|^2 = 2 - 2 |<psi|psi'>|^2 for pure states
    X = rows(6, 3)
    fidelity = FidelityKernel().gram(X)
    projected = ProjectedKernel(locality=3, gamma=0.7).gram(X)
    np.testing.assert_allclose(projected, np.exp(-0.7 * (2 - 2 * fidelity)), atol=1e-12)
    np.testing.assert_array_equal(ProjectedKernel(locality=9, gamma=0.7).gram(X), projected)


def test_qiskit_and_pennylane_say_the_same():
    X, kernel = rows(3, 3, seed=4), ProjectedKernel(gamma=0.4)

    def reduced(x):
        state = Statevector(kernel.circuit(x).to_qiskit())
        # our amplitudes in Qiskit's order: wire w of ours is qubit 2 - w of theirs
        return np.array([qiskit_trace(state, [q for q in range(3) if q != 2 - w]).data for w in range(3)])

    @qml.qnode(qml.device("default.qubit", wires=3))
    def arrows(state):
        qml.StatePrep(state, wires=range(3))
        return [qml.expval(P(w)) for w in range(3) for P in (qml.PauliX, qml.PauliY, qml.PauliZ)]

    matrices = [reduced(x) for x in X]
    expected = [[np.exp(-0.4 * np.sum(np.abs(a - b) ** 2)) for b in matrices] for a in matrices]
    np.testing.assert_allclose(kernel.gram(X), expected, atol=1e-10)
    theirs = [arrows(kernel.circuit(x).run()) for x in X]
    np.testing.assert_allclose(kernel.features(X) * np.sqrt(2), theirs, atol=1e-10)


def test_closed_form_of_the_map_without_couplings():
    # H and P(2x): an arrow on the equator at 2x, so |rho - rho'|^2 = 2 sin^2(x - x') for each wire
    X = rows(7, 3, seed=2)
    distance = np.sum(2 * np.sin(X[:, None] - X[None]) ** 2, axis=-1)
    np.testing.assert_allclose(
        ProjectedKernel("z", reps=1, gamma=0.3).gram(X), np.exp(-0.3 * distance), atol=1e-12
    )


@given(st.integers(1, 4), st.integers(2, 25), st.floats(0.01, 20), st.integers(0, 2**32 - 1))
def test_gram_is_symmetric_unit_and_positive(q, n, gamma, seed):
    K = ProjectedKernel(gamma=gamma).gram(rows(n, q, seed))
    assert (K == K.T).all()
    assert (np.diag(K) == 1).all()
    assert np.linalg.eigvalsh(K).min() >= -1e-10
    assert 0 <= K.min() <= K.max() <= 1


def test_wires_of_random_states_point_nowhere():
    """Haar: the mean of |r|^2 is 3 / (2^q + 1) for each wire. 400 states of 6 qubits, 6 sd of the mean (2e-9)."""
    for q in (2, 6):
        arrows = 2 * local_paulis(random_state(q, 400, rng=q), 1) ** 2
        squares = arrows.reshape(400, q, 3).sum(axis=2).mean(axis=1)
        assert abs(squares.mean() - 3 / (2**q + 1)) < 6 * squares.std() / 20


def test_gaussian_is_scikit_learns():
    A, B = rows(6, 4), rows(5, 4, seed=1)
    np.testing.assert_allclose(gaussian(A, B, gamma=0.2), rbf_kernel(A, B, gamma=0.2), atol=1e-14)
    np.testing.assert_allclose(gaussian(A, None, gamma=0.2), rbf_kernel(A, gamma=0.2), atol=1e-14)


def test_blocks_of_states_leave_no_seam(monkeypatch):
    X = rows(23, 3)
    whole = ProjectedKernel().features(X)
    monkeypatch.setattr("qlearn.learning.qsvm.projected_kernel._BLOCK", 40)  # five rows at a time
    np.testing.assert_allclose(ProjectedKernel().features(X), whole, atol=1e-14)


def test_scikit_learn_takes_it_as_a_kernel_and_pickle_too():
    X = rows(20, 2)
    y = X[:, 0] > np.pi
    machine = SVC(kernel=pickle.loads(pickle.dumps(ProjectedKernel("z", reps=1)))).fit(X, y)
    assert machine.predict(X).shape == (20,)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: ProjectedKernel(gamma=0), ValueError, "gamma must be above 0"),
        (lambda: ProjectedKernel(gamma="scale"), TypeError, "gamma must be a number"),
        (lambda: ProjectedKernel(locality=0), ValueError, "locality must be at least 1"),
        (lambda: ProjectedKernel("xx"), ValueError, "encoding must be"),
        (lambda: ProjectedKernel(max_gib=-1), ValueError, "max_gib must be"),
        (lambda: ProjectedKernel().gram(np.zeros((2, 40))), ValueError, "40 qubits; .*Reduce the features"),
        (lambda: ProjectedKernel().features(np.zeros((2, 2000))), ValueError, "max_gib is 4"),
        (lambda: ProjectedKernel().gram([[np.nan]]), ValueError, "NaN or infinity"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
