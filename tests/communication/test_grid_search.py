"""Grid search: it finds the peak of curves that have one, for each transmittance its own."""

import numpy as np

from qlearn.communication._grid_search import grid_maximum


def test_finds_peaks():
    arms = np.geomspace(1e-4, 0.9, 12).reshape(3, 4)

    def hill(mu):
        return np.exp(-((np.log(mu) - np.log(0.3 * np.sqrt(arms))) ** 2)) * arms

    where, best = grid_maximum(hill, arms.shape, 1e-4, 2.0)
    np.testing.assert_allclose(best, arms, rtol=1e-3)
    np.testing.assert_allclose(where, 0.3 * np.sqrt(arms), rtol=0.02)


def test_more_rounds_come_nearer():
    def hill(x):
        return -((x - 0.3) ** 2)

    far, near = (abs(grid_maximum(hill, (), 1e-4, 2.0, rounds * (25,))[0] - 0.3) for rounds in (2, 6))
    assert near < 1e-6 < far


def test_a_curve_that_is_nowhere_above_nothing_has_its_least_loss():
    where, best = grid_maximum(lambda mu: -mu * np.ones(3), (3,), 1e-3, 1.0)
    np.testing.assert_allclose(where, 1e-3)
    np.testing.assert_allclose(best, -1e-3)


def test_peaks_at_the_edge():
    where, best = grid_maximum(lambda mu: mu * np.array([1.0, 2.0]), (2,), 1e-3, 2.0)
    np.testing.assert_allclose(best, [2.0, 4.0])
    np.testing.assert_allclose(where, 2.0)
