"""Estimates of a strength: exact errors, by hand and by SciPy, and what is refused."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import beta, binom

from qlearn.control.channel_estimation import (
    BetaPosterior,
    cramer_rao,
    maximum_likelihood_noise,
    mean_squared_error,
    posterior_mean_noise,
)
from qlearn.control.channel_estimation.noise_strength import count_law


@given(st.integers(1, 60), st.sampled_from(["qubit", "bell"]), st.floats(0, 1))
def test_no_strength_is_more_likely_than_the_estimate(n, probe, rival):
    share = {"qubit": 0.5, "bell": 0.75}[probe]
    for k in {0, n // 3, n}:
        p = float(maximum_likelihood_noise(k, n, probe))

        def likelihood(p, k=k):
            return (share * p) ** k * (1 - share * p) ** (n - k)

        assert likelihood(p) >= likelihood(rival) * (1 - 1e-9)


def test_the_published_comparison_near_no_noise():
    # as an error rate: q = .025, n = 100; the mean of a Beta(1, 1) belief against the share of errors
    counts = np.arange(101)
    pulled = mean_squared_error(2 * (counts + 1) / 102, [0.05])[0] / 4
    plain = mean_squared_error(maximum_likelihood_noise(counts, 100), [0.05])[0] / 4
    assert pulled == pytest.approx(3.2103e-4, abs=1e-8)
    assert plain == pytest.approx(2.4375e-4, abs=1e-8)


@given(st.floats(0, 0.3), st.integers(1, 80))
def test_the_share_of_errors_reaches_the_bound(p, n):
    table = 2 * np.arange(n + 1) / n
    assert mean_squared_error(table, [p])[0] == pytest.approx(float(cramer_rao(p, n)), rel=1e-9, abs=1e-15)


@given(st.integers(1, 12), st.floats(0, 1), st.integers(0, 1000))
def test_the_exact_error_is_a_sum_over_counts(n, p, seed):
    table = np.random.default_rng(seed).random(n + 1)
    e = 0.75 * p
    due = sum(comb(n, k) * e**k * (1 - e) ** (n - k) * (table[k] - p) ** 2 for k in range(n + 1))
    assert mean_squared_error(table, [p], "bell")[0] == pytest.approx(due, rel=1e-9, abs=1e-15)


@given(st.integers(1, 20), st.integers(0, 1000))
def test_no_table_beats_the_posterior_mean_on_its_own_strengths(n, seed):
    rng = np.random.default_rng(seed)
    strengths, weights = rng.random(5), rng.random(5) + 0.1
    weights /= weights.sum()
    best = posterior_mean_noise(n, strengths, weights)
    other = np.clip(best + rng.normal(scale=0.05, size=n + 1), 0, 1)
    assert (
        weights @ mean_squared_error(best, strengths)
        <= weights @ mean_squared_error(other, strengths) + 1e-15
    )


def test_the_smallest_strength_that_a_float_can_hold():
    table = np.array([0.0, 1.0, 1.0])
    assert mean_squared_error(table, [5e-324]).tolist() == [0.0]
    assert posterior_mean_noise(2, [5e-324, 0.2])[1] == pytest.approx(0.2)


@given(st.integers(1, 200), st.floats(0, 1))
def test_counts_follow_the_binomial_law_of_scipy(n, p):
    due = binom.pmf(np.arange(n + 1), n, round(p / 2, 6))
    assert np.allclose(count_law(n, np.array(round(p / 2, 6))), due, rtol=1e-9, atol=1e-15)


def test_a_fine_even_prior_is_a_cut_beta_law():
    fine = np.linspace(0, 1, 20_001)
    # e = p/2 is even on 0 to 1/2: a Beta(k + 1, n - k + 1) law cut at 1/2
    n, k = 10, 3
    law = beta(k + 1, n - k + 1)
    due = 2 * law.expect(lambda e: e, lb=0, ub=0.5) / law.cdf(0.5)
    assert posterior_mean_noise(n, fine)[k] == pytest.approx(due, rel=1e-4)


def test_a_count_that_cannot_come_gets_the_mean_of_the_prior():
    assert posterior_mean_noise(2, [0.0], None).tolist() == [0.0, 0.0, 0.0]


def test_a_belief_is_a_beta_law():
    believed = BetaPosterior(1, 1).update(2, 100)
    assert (believed.alpha, believed.beta) == (3, 99)
    assert believed.mean == pytest.approx(3 / 102)
    assert believed.deviation == pytest.approx(np.sqrt(3 * 99 / (102**2 * 103)))
    low, high = believed.interval(0.9)
    assert beta.cdf([low, high], 3, 99) == pytest.approx([0.05, 0.95])
    assert BetaPosterior(1, 1).update(1, 50).update(1, 50) == believed


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: maximum_likelihood_noise(5, 4), "errors must be whole numbers from 0 to"),
        (lambda: maximum_likelihood_noise(0.5, 4), "errors must be whole numbers"),
        (lambda: maximum_likelihood_noise(-1, 4), "errors must"),
        (lambda: maximum_likelihood_noise(1, 4, "photon"), "probe must be one of"),
        (lambda: BetaPosterior(0, 1), "alpha must"),
        (lambda: BetaPosterior(1, 1).update(3, 2), "errors must"),
        (lambda: BetaPosterior(1, 1).interval(2), "level must"),
        (lambda: posterior_mean_noise(3, [0.1, 0.2], [0, 0]), "weights must not all be 0"),
        (lambda: posterior_mean_noise(3, [0.1, 0.2], [1]), "must have the same length"),
        (lambda: posterior_mean_noise(3, []), "at least one entry"),
        (lambda: mean_squared_error([0.1], [0.1]), "table must be the answers"),
        (lambda: mean_squared_error([0.1, np.nan], [0.1]), "table must"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
