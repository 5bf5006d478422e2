"""Counted matrices: unbiased, as noisy as theory says, and positive when there were shots enough."""

import numpy as np
import pytest

from qlearn.learning.qsvm import FidelityKernel, counted_gram, shots_for_psd


def exact(n, q, seed=0):
    return FidelityKernel().gram(np.random.default_rng(seed).uniform(0, 2 * np.pi, (n, q)))


def test_mean_and_variance_are_those_of_a_binomial():
    # 2000 counted entries of one value: mean within 6 sd (2e-9), variance within 6 sd, which is sqrt(2/n) of it
    k, shots, n = 0.3, 50, 2000
    counted = counted_gram(np.full((n, 1), k), shots, rng=1)
    sd = np.sqrt(k * (1 - k) / shots)
    assert abs(counted.mean() - k) < 6 * sd / np.sqrt(n)
    assert abs(counted.var() / sd**2 - 1) < 6 * np.sqrt(2 / n)


def test_a_symmetric_matrix_stays_symmetric_and_keeps_its_diagonal():
    K = exact(30, 3)
    counted = counted_gram(K, 100, rng=2)
    assert (counted == counted.T).all()
    assert (np.diag(counted) == np.diag(K).clip(max=1)).all()
    assert set(np.round(100 * counted[np.triu_indices(30, 1)], 9) % 1) == {0.0}
    assert (counted_gram(K, 100, rng=2) == counted).all()
    assert counted_gram(K[:4], 100, rng=2).shape == (4, 30)


def test_certain_entries_have_no_noise():
    np.testing.assert_array_equal(counted_gram(np.eye(5), 3, rng=0), np.eye(5))


def test_zero_eigenvalues_spread_to_a_semicircle():
    """60 rows of two qubits have 44 eigenvalues 0; noise of sd s moves the lowest to about -2 s sqrt(44)."""
    K = exact(60, 2)
    shots = 1000
    lowest = np.mean([np.linalg.eigvalsh(counted_gram(K, shots, rng=seed))[0] for seed in range(40)])
    variance = (K * (1 - K) / shots)[~np.eye(60, dtype=bool)].mean()
    assert lowest == pytest.approx(-2 * np.sqrt(44 * variance), rel=0.15)


@pytest.mark.parametrize("ridge", [0.0, 0.3])
def test_after_the_stated_shots_no_eigenvalue_is_negative(ridge):
    """Failure 0.01 allows 2 of 200 on average (more than 14: 1e-8); a twentieth of the shots fails nearly always."""
    K = exact(25, 4)
    shots = shots_for_psd(K, ridge=ridge, failure=0.01)

    def failures(shots):
        return sum(np.linalg.eigvalsh(counted_gram(K, shots, rng=seed))[0] + ridge < 0 for seed in range(200))

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
        (lambda: counted_gram(np.eye(2), -5), ValueError, "shots must be at least 1, not -5"),
        (lambda: counted_gram(np.eye(2), 0), ValueError, "shots must be at least 1"),
        (lambda: counted_gram(np.eye(2), 10.5), TypeError, "shots must be a whole number"),
        (lambda: counted_gram([[1.2]], 10), ValueError, "K must be finite and between"),
        (lambda: counted_gram([[-0.2]], 10), ValueError, "K must be finite and between"),
        (lambda: counted_gram([0.5], 10), ValueError, "K must be a matrix"),
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
    assert np.linalg.eigvalsh(counted_gram(full, shots, rng=0))[0] > 0
    # All 44 zeros would have to rise. Normal noise lifts each of 44 directions with chance 1/2, each for itself: 6e-14
    for many in (shots, 10**6):
        assert np.linalg.eigvalsh(counted_gram(singular, many, rng=0))[0] < 0
