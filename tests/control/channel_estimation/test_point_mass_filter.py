"""Bayes on a grid: the Kalman filter where all is Gaussian, sums by hand where it is not, gaps, and refusals."""

import numpy as np
import pytest
from scipy.stats import norm

from qlearn.control.channel_estimation import (
    KalmanFilter,
    click_log_likelihood,
    gauss_markov,
    grid_filter,
    lognormal_transmittance,
)

GRID = np.linspace(-6, 6, 241)


def test_is_the_kalman_filter_where_all_is_gaussian():
    rng = np.random.default_rng(1)
    z = gauss_markov(40, 0.9, 0.19, rng=rng) + rng.normal(scale=0.7, size=40)
    z[7] = np.nan
    told = grid_filter(norm(GRID, 0.7).logpdf(z[:, None]), GRID, 0.9, 0.19)
    due = KalmanFilter(0.9, 0.19, 0.49, 0.0, 1.0).run(z)
    assert np.allclose(told.updated @ GRID, due.means[:, 0], atol=1e-6)
    assert np.allclose(told.predicted @ GRID, due.predicted_means[:, 0], atol=1e-6)
    spread = told.updated @ GRID**2 - (told.updated @ GRID) ** 2
    assert np.allclose(spread, due.covariances[:, 0, 0], atol=1e-6)
    assert told.log_likelihood == pytest.approx(due.log_likelihood, abs=1e-6)
    assert told.missing.tolist() == [7]


def test_two_steps_of_counts_by_hand():
    means = 5 * np.exp(0.5 * GRID)
    counts = np.array([9.0, 2.0])
    told = grid_filter(click_log_likelihood(counts, means), GRID, 0.8, 0.36)
    prior = norm.pdf(GRID)
    first = prior * means**9 * np.exp(-means)
    move = norm.pdf(GRID[None, :], 0.8 * GRID[:, None], 0.6)
    second = (first @ move) * means**2 * np.exp(-means)
    assert np.allclose(told.updated[0], first / first.sum(), atol=1e-9)
    assert np.allclose(told.updated[1], second / second.sum(), atol=1e-6)


def test_it_errs_less_than_a_filter_that_takes_counts_for_gaussian():
    # 6000 steps: over 40 other seeds the mean squares differed by .0358 with the deviation .0045, so a sign has a false
    # alarm of 1e-15; mean square less believed variance had the deviation .0059: 6 sigma, 2e-9
    rng = np.random.default_rng(4)
    a, q, bright = 0.9, 0.19, 4.0
    x = gauss_markov(6000, a, q, rng=rng)
    clicks = rng.poisson(bright * np.exp(0.8 * x - 0.32))
    grid = np.linspace(-5, 5, 101)
    told = grid_filter(click_log_likelihood(clicks, bright * np.exp(0.8 * grid - 0.32)), grid, a, q)
    logs = np.log(clicks + 0.5) - np.log(bright) + 0.32
    plain = KalmanFilter(a, q, (1 / bright) / 0.64, 0.0, 1.0).run(logs / 0.8)
    ours = ((told.updated @ grid - x) ** 2).mean()
    assert ours < ((plain.means[:, 0] - x) ** 2).mean()
    # and it knows how much it errs
    believed = (told.updated @ grid**2 - (told.updated @ grid) ** 2).mean()
    assert abs(ours - believed) < 6 * 0.0059


def test_lognormal_turbulence():
    x = np.array([-1.0, 0.0, 2.0])
    assert np.allclose(lognormal_transmittance(x, 0.1, 0.4), 0.1 * np.exp(0.4 * x - 0.08))
    assert lognormal_transmittance(20.0, 0.5, 0.5) == 1.0


FLAT = np.zeros((2, 241))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: grid_filter(FLAT, GRID, 1.0, 0.1), "a must lie between"),
        (lambda: grid_filter(FLAT, GRID, 0.9, 0.0), "process_noise must"),
        (lambda: grid_filter(FLAT, GRID[::-1], 0.9, 0.19), "rising grid"),
        (lambda: grid_filter(FLAT, GRID, 0.9, 1e-4), "no further apart"),
        (lambda: grid_filter(FLAT, GRID / 6, 0.9, 0.19), "three settled deviations"),
        (lambda: grid_filter(FLAT[:, :5], GRID, 0.9, 0.19), "one for each state"),
        (lambda: grid_filter(np.where(np.arange(241) == 3, np.nan, FLAT), GRID, 0.9, 0.19), "all of a row"),
        (lambda: grid_filter(FLAT + np.inf, GRID, 0.9, 0.19), "below infinity"),
        (lambda: grid_filter(FLAT - np.inf, GRID, 0.9, 0.19), "step 0 fits no state"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
