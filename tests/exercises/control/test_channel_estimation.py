"""The exercises on channel estimation: right answers of another style, and what only looks right."""

import numpy as np
import pytest
from scipy.stats import beta as beta_law, binom

from qlearn.communication.bb84 import asymptotic_rate
from qlearn.control.channel_estimation import (
    KalmanFilter,
    average_qber,
    fisher_information,
    maximum_likelihood_noise,
)
from qlearn.exercises.control.channel_estimation import (
    beta_mean,
    bits_of_drift,
    fisher_qubit,
    kalman_step,
    mle_noise,
)


def by_the_filter(mean, variance, measured, a, q, r):
    link = KalmanFilter(a, q, r, mean, variance)
    before = link.predict(link.start_mean, link.start_covariance)
    after, spread, _ = link.update(*before, measured)
    return after[0], spread[0, 0]


def by_precisions(mean, variance, measured, a, q, r):
    mean, variance = a * mean, a * variance * a + q
    if measured != measured:
        return [mean, variance]
    weights = np.array([1 / variance, 1 / r]) if variance else np.array([1, 0])
    return weights @ [mean, measured] / weights.sum(), 1 / weights.sum() if variance else 0.0


@pytest.mark.parametrize("answer", [by_the_filter, by_precisions])
def test_a_kalman_step_of_another_style_passes(answer):
    assert kalman_step.check(answer)


def test_the_library_solves_its_own_exercises():
    assert mle_noise.check(maximum_likelihood_noise)
    assert fisher_qubit.check(fisher_information)
    assert bits_of_drift.check(lambda variance: asymptotic_rate(average_qber(variance)))


def test_an_exact_sum_over_counts_passes():
    def summed(n, q, alpha, beta):
        k = np.arange(n + 1)
        return binom.pmf(k, n, q) @ (beta_law(alpha + k, beta + n - k).mean() - q) ** 2

    assert beta_mean.check(summed)


def test_a_simulation_does_not():
    def simulated(n, q, alpha, beta):
        k = np.random.default_rng(0).binomial(n, q, 10_000)
        return np.mean(((alpha + k) / (n + alpha + beta) - q) ** 2)

    assert not beta_mean.check(simulated)


@pytest.mark.parametrize(
    ("exercise", "answer", "says"),
    [
        (mle_noise, lambda errors, n: min(1, 2 * errors // n), ""),
        (mle_noise, lambda errors, n: 0.1, ""),
        (fisher_qubit, lambda p: 1 / (2 * p), "no"),
        (fisher_qubit, lambda p: 4 / (p * (2 - p)) / 4.2, ""),
        (bits_of_drift, lambda variance: 1.0 if variance == 0 else 0.0, ""),
        (bits_of_drift, lambda variance: asymptotic_rate(average_qber(variance)) * (variance < 0.1235), ""),
        (kalman_step, lambda mean, variance, measured, a, q, r: (a * mean, a**2 * variance + q), ""),
        (kalman_step, lambda *step: by_the_filter(*step[:2], step[2] or np.nan, *step[3:]), "of 0"),
        (
            kalman_step,
            lambda *step: by_the_filter(*step[:2], step[2] if abs(step[2]) < 20 else np.nan, *step[3:]),
            "",
        ),
    ],
)
def test_what_only_looks_right_is_refused(exercise, answer, says):
    told = exercise.check(answer)
    assert not told
    assert says in told.message
