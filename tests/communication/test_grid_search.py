"""Brightness: a search that finds the peak of a curve that has one, for each transmittance its own."""

import numpy as np

from qlearn.communication._grid_search import best_rate


def test_finds_peaks():
    arms = np.geomspace(1e-4, 0.9, 12).reshape(3, 4)

    def hill(mu, arm):
        return np.exp(-((np.log(mu) - np.log(0.3 * np.sqrt(arm))) ** 2)) * arm

    where, best = best_rate(hill, arms, 1e-4, 2.0)
    np.testing.assert_allclose(best, arms, rtol=1e-3)
    np.testing.assert_allclose(where, 0.3 * np.sqrt(arms), rtol=0.02)


def test_never_below_nothing():
    assert (best_rate(lambda mu, arm: -mu, np.ones(3), 1e-3, 1.0)[1] == 0).all()


def test_peaks_at_the_edge():
    where, best = best_rate(lambda mu, arm: mu * arm, np.array([1.0, 2.0]), 1e-3, 2.0)
    np.testing.assert_allclose(best, [2.0, 4.0])
    np.testing.assert_allclose(where, 2.0)
