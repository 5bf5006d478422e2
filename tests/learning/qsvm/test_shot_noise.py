"""Counted matrices: unbiased, as noisy as theory says, and positive when there were shots enough.

The kernel that a noisy device counts, against Aer and against its own statistics.

Repair: the nearest matrix without negative eigenvalues, and refusal of what needs it.
"""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit import transpile
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, depolarizing_error

from qlearn.learning.qsvm import sampled_gram, shots_for_psd, to_psd
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel
from qlearn.learning.qsvm.shot_noise import as_kernel_matrix, as_symmetric


def exact(n, q, seed=0):
    return FidelityKernel().gram(np.random.default_rng(seed).uniform(0, 2 * np.pi, (n, q)))


def test_mean_and_variance_are_those_of_a_binomial():
    # 2000 counted entries of one value: mean within 6 sd (2e-9), variance within 6 sd, which is sqrt(2/n) of it
    k, shots, n = 0.3, 50, 2000
    counted = sampled_gram(np.full((n, 1), k), shots, rng=1)
    sd = np.sqrt(k * (1 - k) / shots)
    assert abs(counted.mean() - k) < 6 * sd / np.sqrt(n)
    assert abs(counted.var() / sd**2 - 1) < 6 * np.sqrt(2 / n)


def test_a_symmetric_matrix_stays_symmetric_and_keeps_its_diagonal():
    K = exact(30, 3)
    counted = sampled_gram(K, 100, rng=2)
    assert (counted == counted.T).all()
    assert (np.diag(counted) == 1).all()
    assert set(np.round(100 * counted[np.triu_indices(30, 1)], 9) % 1) == {0.0}
    assert (sampled_gram(K, 100, rng=2) == counted).all()
    assert sampled_gram(K[:4], 100, rng=2).shape == (4, 30)


def test_certain_entries_have_no_noise():
    np.testing.assert_array_equal(sampled_gram(np.eye(5), 3, rng=0), np.eye(5))


def test_zero_eigenvalues_spread_to_a_semicircle():
    """60 rows of two qubits have 44 eigenvalues 0; noise of sd s moves the lowest to about -2 s sqrt(44)."""
    K = exact(60, 2)
    shots = 1000
    lowest = np.mean([np.linalg.eigvalsh(sampled_gram(K, shots, rng=seed))[0] for seed in range(40)])
    variance = (K * (1 - K) / shots)[~np.eye(60, dtype=bool)].mean()
    assert lowest == pytest.approx(-2 * np.sqrt(44 * variance), rel=0.15)


@pytest.mark.parametrize("ridge", [0.0, 0.3])
def test_after_the_stated_shots_no_eigenvalue_is_negative(ridge):
    """Failure 0.01 allows 2 of 200 on average (more than 14: 1e-8); a twentieth of the shots fails nearly always."""
    K = exact(25, 4)
    shots = shots_for_psd(K, ridge=ridge, failure=0.01)

    def failures(shots):
        return sum(np.linalg.eigvalsh(sampled_gram(K, shots, rng=seed))[0] + ridge < 0 for seed in range(200))

    assert failures(shots) <= 14
    assert failures(shots // 20) > 100


def test_shots_grow_as_the_inverse_square_of_what_noise_may_take():
    K = exact(40, 2)  # lowest eigenvalue 0
    few, many = (shots_for_psd(K, ridge=ridge) for ridge in (0.01, 0.001))
    assert many / few == pytest.approx(100, rel=0.01)
    assert shots_for_psd(K, ridge=0.1, failure=1e-6) > shots_for_psd(K, ridge=0.1, failure=0.1)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: sampled_gram(np.eye(2), -5), ValueError, "shots must be at least 1, not -5"),
        (lambda: sampled_gram(np.eye(2), 0), ValueError, "shots must be at least 1"),
        (lambda: sampled_gram(np.eye(2), 10.5), TypeError, "shots must be a whole number"),
        (lambda: sampled_gram([[1.2]], 10), ValueError, "K must be finite and between"),
        (lambda: sampled_gram([[-0.2]], 10), ValueError, "K must be finite and between"),
        (lambda: sampled_gram([0.5], 10), ValueError, "K must be a matrix"),
        (lambda: shots_for_psd(np.ones((3, 3))), ValueError, "smallest eigenvalue.*Give a ridge"),
        (lambda: shots_for_psd([[1, 2], [2, 1]]), ValueError, "positive semidefinite"),
        (lambda: shots_for_psd(np.eye(2), ridge=-1), ValueError, "ridge must be"),
        (lambda: shots_for_psd(np.eye(2), failure=0), ValueError, "failure must lie between"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_enough_shots_keep_a_table_positive_whose_lowest_eigenvalue_is_and_none_one_that_has_zeros():
    # The noise pushes an eigenvalue down by its own lowest one at most (Weyl), and that is bounded: once in a million
    full, singular = exact(40, 6), exact(60, 2)
    lowest = np.linalg.eigvalsh(full)[0]
    assert lowest > 0.1
    shots = shots_for_psd(full, ridge=lowest, failure=1e-6)
    assert np.linalg.eigvalsh(sampled_gram(full, shots, rng=0))[0] > 0
    # All 44 zeros would have to rise. Normal noise lifts each of 44 directions with chance 1/2, each for itself: 6e-14
    for many in (shots, 10**6):
        assert np.linalg.eigvalsh(sampled_gram(singular, many, rng=0))[0] < 0


def test_depolarising_the_last_state_is_what_aer_does_with_it():
    kernel, X = FidelityKernel(), np.array([[0.4, 1.3], [1.0, 0.7]])
    circuit = kernel.circuit(X[0]).then(kernel.circuit(X[1]).inverse()).to_qiskit()
    both = depolarizing_error(0.3, 2).to_instruction()
    circuit.append(both, [0, 1])
    circuit.save_probabilities()
    device = AerSimulator(method="density_matrix")
    theirs = device.run(transpile(circuit, device, optimization_level=0)).result().data()["probabilities"][0]
    exact = kernel.gram(X[:1], X[1:])
    assert sampled_gram(exact, None, 2, noise=0.3).item() == pytest.approx(theirs, abs=1e-12)


def test_noise_on_every_gate_is_near_a_power_of_it():
    # each gate depolarises its own wires, so the whole state survives with more than the product of the chances
    kernel, X = FidelityKernel("z", reps=1), np.array([[0.4]])
    circuit = kernel.circuit(X[0]).then(kernel.circuit([1.0]).inverse()).to_qiskit()
    model = NoiseModel()
    model.add_all_qubit_quantum_error(depolarizing_error(0.02, 1), ["h", "p"])
    circuit.save_probabilities()
    device = AerSimulator(method="density_matrix", noise_model=model)
    theirs = device.run(transpile(circuit, device, optimization_level=0)).result().data()["probabilities"][0]
    exact = kernel.gram(X, [[1.0]])
    assert sampled_gram(exact, None, 1, noise=1 - 0.98**4).item() == pytest.approx(theirs, abs=1e-12)


def test_counts_have_the_spread_of_counts():
    # 40,000 entries of 1/4 at 100 shots: the mean has a standard error of .00022, five of them .0011
    counted = sampled_gram(np.full((200, 201), 0.25), 100, rng=0)
    assert counted.mean() == pytest.approx(0.25, abs=0.0011)
    assert counted.std() == pytest.approx(np.sqrt(0.25 * 0.75 / 100), rel=0.03)


def test_a_symmetric_matrix_with_another_diagonal_keeps_it():
    exact = np.array([[0.9, 0.25], [0.25, 0.8]])
    counted = sampled_gram(exact, 100, rng=1)
    assert (counted == counted.T).all()
    assert np.diag(counted).tolist() == [0.9, 0.8]
    # On a device such a diagonal is no row against itself: each entry is estimated, for itself.
    device = sampled_gram(np.full((20, 20), 0.5), 10, n_qubits=1, rng=1)
    assert (device != device.T).any()
    assert len(np.unique(np.diag(device))) > 1


def test_a_matrix_that_is_not_symmetric_is_estimated_entry_by_entry():
    exact = np.eye(20) + np.triu(np.full((20, 20), 0.5), 1)
    counted = sampled_gram(exact, 10, rng=1)
    assert (np.tril(counted, -1) == 0).all()
    assert len(np.unique(counted[np.triu_indices(20, 1)])) > 3


def test_a_symmetric_table_stays_one():
    K = FidelityKernel().gram(np.random.default_rng(0).uniform(0, 3, (12, 2)))
    counted = sampled_gram(K, 50, 2, noise=0.1, rng=1)
    assert (counted == counted.T).all()
    assert (np.diag(counted) == 1).all()


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (([[1.2]], None, 1), ValueError, "K must be finite and between"),
        (([1.0], None, 1), ValueError, "K must be a matrix"),
        (([[1.0]], None, 0), ValueError, "n_qubits must be at least 1"),
        (([[1.0]], None, 1, {"noise": 1.5}), ValueError, "noise must be a probability"),
        (([[1.0]], None, None, {"noise": 0.1}), ValueError, "n_qubits must be given with noise"),
        (([[1.0]], -5, 1), ValueError, "shots must be at least 1"),
    ],
)
def test_refuses_device(arguments, error, says):
    *positional, options = arguments if isinstance(arguments[-1], dict) else (*arguments, {})
    with pytest.raises(error, match=says):
        sampled_gram(*positional, **options)


def test_a_single_entry_is_a_pair_and_is_counted():
    # one test row that equals the one training row: a device cannot know it
    assert sampled_gram([[1.0]], None, 2, noise=0.9)[0, 0] == pytest.approx(0.1 + 0.9 / 4)


def symmetric(n, seed):
    A = np.random.default_rng(seed).normal(size=(n, n))
    return A + A.T


@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_clipped_is_positive_and_no_positive_matrix_is_nearer(n, seed):
    K = symmetric(n, seed)
    nearest = to_psd(K)
    assert np.linalg.eigvalsh(nearest).min() >= -1e-10
    rng = np.random.default_rng(seed)
    for _ in range(5):
        A = rng.normal(size=(n, n))
        other = nearest + 0.1 * A @ A.T - 0.1 * rng.random() * nearest
        assert np.linalg.norm(K - other) >= np.linalg.norm(K - nearest) - 1e-9


def test_pennylane_repairs_the_same_way():
    K = symmetric(9, 3)
    np.testing.assert_allclose(to_psd(K), qml.kernels.threshold_matrix(K), atol=1e-12)
    np.testing.assert_allclose(to_psd(K, "shift"), qml.kernels.displace_matrix(K), atol=1e-12)


@pytest.mark.parametrize("how", ["clip", "shift"])
def test_a_kernel_matrix_is_left_alone(how):
    K = FidelityKernel().gram(np.random.default_rng(0).uniform(0, 6, (12, 3)))
    np.testing.assert_allclose(to_psd(K, how), K, atol=1e-12)


def test_shift_changes_the_diagonal_alone():
    K = symmetric(6, 1)
    difference = to_psd(K, "shift") - K
    np.testing.assert_allclose(difference, difference[0, 0] * np.eye(6), atol=1e-12)
    assert np.linalg.eigvalsh(to_psd(K, "shift"))[0] == pytest.approx(0, abs=1e-10)


def test_rounding_is_forgiven_and_more_than_rounding_is_not():
    X = np.random.default_rng(0).uniform(0, 6, (200, 2))  # rank 16: 184 eigenvalues that are 0 up to rounding
    for dtype in ("complex128", "complex64"):
        K = FidelityKernel(dtype=dtype).gram(X)
        assert as_kernel_matrix(K).dtype == np.float64
    with pytest.raises(ValueError, match=r"smallest eigenvalue is -0\.001.*to_psd.*shots_for_psd"):
        as_kernel_matrix(np.diag([1.0, -0.001]))


@pytest.mark.parametrize(
    ("K", "error", "says"),
    [
        ([[1, 2, 3]], ValueError, "square"),
        ([1.0], ValueError, "square"),
        (np.zeros((0, 0)), ValueError, "square"),
        ([[1, np.nan], [np.nan, 1]], ValueError, "finite"),
        ([[1, 0.5], [0.4, 1]], ValueError, "symmetric"),
        ([[1, 1j], [-1j, 1]], TypeError, "real numbers"),
    ],
)
def test_refuses_what_is_no_symmetric_matrix(K, error, says):
    for call in (as_symmetric, as_kernel_matrix, to_psd):
        with pytest.raises(error, match=says):
            call(K)


def test_refuses_another_repair():
    with pytest.raises(ValueError, match="how must be 'clip' or 'shift'"):
        to_psd([[1.0]], how="flip")


def test_infinitely_many_shots_are_the_limit_and_noise_pulls_to_the_mixed_state():
    K = exact(6, 2)
    np.testing.assert_array_equal(sampled_gram(K, None), np.where(np.eye(6, dtype=bool), 1, K))
    noisy = sampled_gram(K, None, 2, noise=1.0)
    np.testing.assert_allclose(noisy, np.where(np.eye(6, dtype=bool), 1, 0.25))
    np.testing.assert_allclose(sampled_gram(K, 10**9, 2, noise=1.0, rng=0), noisy, atol=1e-4)
