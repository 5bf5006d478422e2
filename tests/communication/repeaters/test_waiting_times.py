"""Waiting times: the exact law against exact fractions, at every size; the 3/2 rule measured against it."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication import repeaters


def exact_mean(n, p):
    """The alternating sum with 150 digits, of which cancellation takes 60 at most here."""
    with localcontext() as context:
        context.prec = 150
        q = 1 - Decimal(p)
        return sum((-1) ** (k + 1) * comb(n, k) / (1 - q**k) for k in range(1, n + 1))


def exact_variance(n, p):
    with localcontext() as context:
        context.prec = 150
        q, mean = 1 - Decimal(p), exact_mean(n, p)
        factorial = sum((-1) ** (k + 1) * comb(n, k) * 2 * q**k / (1 - q**k) ** 2 for k in range(1, n + 1))
        return factorial + mean - mean**2  # E[T(T-1)] + E[T] - E[T]^2


@pytest.mark.parametrize(
    ("n", "p", "mean", "variance", "quantiles", "rule"),
    [
        (2, 0.1, 14.736842, 112.686981, (12, 35, 51), 15),
        (2, 0.01, 149.748744, 12375.19, (123, 366, 527), 150),
        (3, 0.1, 17.900563, 122.697032, (15, 39, 55), 19.0151),
        (3, 0.01, 182.915131, 13475.20, (158, 406, 568), 190.1507),
        (4, 0.1, 20.273378, 128.326907, (18, 42, 57), 22.5),
        (4, 0.01, 207.789922, 14093.95, (183, 435, 596), 225),
        (5, 0.1, 22.171623, 131.930231, (20, 44, 59), 25.637),
        (8, 0.1, 26.295784, 137.68, (24, 48, 64), 33.75),
        (8, 0.01, 270.924509, 15121.69, None, 337.5),
        (16, 0.1, 32.587248, None, None, 50.625),
        (16, 0.01, 336.879703, None, None, 506.25),
    ],
)
def test_published_table(n, p, mean, variance, quantiles, rule):
    assert abs(repeaters.waiting_time_mean(n, p) - mean) < 1e-6
    if variance:
        np.testing.assert_allclose(repeaters.waiting_time_variance(n, p), variance, atol=6e-3, rtol=0)
    if quantiles:
        assert repeaters.waiting_time_quantile([0.5, 0.95, 0.99], n, p).tolist() == list(quantiles)
    np.testing.assert_allclose(repeaters.three_halves_rule(n, p), rule, rtol=2e-5)
    assert repeaters.three_halves_rule(n, p) > repeaters.waiting_time_mean(n, p)


def test_law_at_points():
    pmf = repeaters.waiting_time_pmf([1, 2, 3, 4, 5], 2, 0.1)
    np.testing.assert_allclose(pmf, [0.01, 0.0261, 0.037341, 0.04482621, 0.04943123], atol=1e-8, rtol=0)
    for t, n, p, value in [(10, 2, 0.1, 0.42421977), (20, 4, 0.1, 0.59540911), (100, 3, 0.01, 0.25480111)]:
        assert abs(repeaters.waiting_time_cdf(t, n, p) - value) < 1e-8


@pytest.mark.parametrize(
    ("n", "p"),
    [(n, p) for n in (1, 2, 7, 64) for p in (1e-9, 1e-3, 0.3, 0.999, 1 - 2**-40, 1.0)]
    + [(200, 1e-9), (200, 0.3)],
)
def test_mean_and_variance_keep_their_digits(n, p):
    np.testing.assert_allclose(float(repeaters.waiting_time_mean(n, p)), float(exact_mean(n, p)), rtol=1e-12)
    np.testing.assert_allclose(
        float(repeaters.waiting_time_variance(n, p)), float(exact_variance(n, p)), rtol=1e-10, atol=0
    )


def test_the_alternating_sum_in_floats_would_not():
    n, p, q = 64, 1e-3, 1 - 1e-3
    naive = sum((-1) ** (k + 1) * comb(n, k) / (1 - q**k) for k in range(1, n + 1))
    assert abs(naive / float(exact_mean(n, p)) - 1) > 1


@settings(max_examples=25)
@given(st.integers(1, 40), st.floats(1e-12, 1), st.integers(1, 60))
def test_pmf_is_the_difference_of_the_cdf(n, p, t):
    with localcontext() as context:
        context.prec = 1000  # 40 links that all come in a slot of chance 1e-12
        q = 1 - Decimal(p)
        wanted = (1 - q**t) ** n - (1 - q ** (t - 1)) ** n if t > 1 else (1 - q) ** n
    np.testing.assert_allclose(
        float(repeaters.waiting_time_pmf(t, n, p)), float(wanted), rtol=1e-9, atol=1e-300
    )


@settings(max_examples=25)
@given(st.integers(1, 20), st.floats(0.001, 1), st.floats(0, 0.999999))
def test_quantile_is_the_first_slot_that_reaches_the_share(n, p, share):
    t = float(repeaters.waiting_time_quantile(share, n, p))
    assert repeaters.waiting_time_cdf(t, n, p) >= share
    assert t == 1 or repeaters.waiting_time_cdf(t - 1, n, p) < share


def test_arrays_of_chances():
    p = np.array([[0.1, 0.01], [1.0, 1e-9]])
    means = repeaters.waiting_time_mean(3, p)
    assert means.shape == p.shape
    assert means[0, 0] == repeaters.waiting_time_mean(3, 0.1)


def test_samples_follow_the_law():
    # chi-square of n = 2e5 draws in 12 classes, 11 degrees of freedom: above 57 with probability 4e-8
    n, p, size = 5, 0.1, 200_000
    draws = repeaters.waiting_time_samples(n, p, size, rng=1)
    edges = np.unique(repeaters.waiting_time_quantile(np.arange(1, 12) / 12, n, p))
    chances = np.diff(repeaters.waiting_time_cdf(edges, n, p), prepend=0, append=1)
    found = np.bincount(np.searchsorted(edges, draws), minlength=len(chances))
    assert len(chances) == 12
    assert ((found - size * chances) ** 2 / (size * chances)).sum() < 57
    assert (draws >= 1).all()
    assert (draws == np.floor(draws)).all()
    assert (repeaters.waiting_time_samples(3, 1.0, 4) == 1).all()


def test_two_small_chains_in_fractions():
    # the alternating sum without any rounding
    q = 1 - Fraction(1, 10)
    for n in (2, 5):
        wanted = sum((-1) ** (k + 1) * comb(n, k) / (1 - q**k) for k in range(1, n + 1))
        np.testing.assert_allclose(float(repeaters.waiting_time_mean(n, 0.1)), float(wanted), rtol=1e-14)


@pytest.mark.parametrize(
    ("p", "cutoff", "mean"),
    [
        (0.1, 1, 42.142857),
        (0.1, 5, 20.751172),
        (0.1, 10, 17.073365),
        (0.01, 50, 224.986115),
        (0.01, 100, 178.245037),
    ],
)
def test_cutoff(p, cutoff, mean):
    assert abs(repeaters.cutoff_waiting_time(p, cutoff) - mean) < 1e-6


def test_cutoff_limits():
    assert abs(repeaters.cutoff_waiting_time(0.2, 0) - 25) < 1e-12  # both in one slot
    np.testing.assert_allclose(
        repeaters.cutoff_waiting_time(1e-6, 1e9), repeaters.waiting_time_mean(2, 1e-6), rtol=1e-12
    )


def test_ages():
    np.testing.assert_allclose(repeaters.age_mean(2, [0.1, 0.01]), [9.473684, 99.497487], atol=1e-6, rtol=0)
    found = [repeaters.age_decay(2, p, t) for p, t in [(0.1, 10), (0.1, 100), (0.01, 100), (0.01, 1000)]]
    np.testing.assert_allclose(found, [0.51437754, 0.91348299, 0.50126781, 0.90950661], atol=1e-8, rtol=0)


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (2, 0.2), (3, 0.35), (4, 0.5)])
def test_ages_by_brute_force(n, p):
    times = np.array(np.meshgrid(*[np.arange(1, {1: 99, 2: 150, 3: 70, 4: 30}[n])] * n)).reshape(n, -1)
    chance = (p * (1 - p) ** (times - 1.0)).prod(axis=0)
    ages = (times.max(axis=0) - times).sum(axis=0)
    np.testing.assert_allclose(repeaters.age_mean(n, p), chance @ ages, atol=1e-6)
    np.testing.assert_allclose(repeaters.age_decay(n, p, 7.0), chance @ np.exp(-ages / 7), atol=1e-6)


@settings(max_examples=25)
@given(st.integers(1, 30), st.floats(1e-9, 1))
def test_ages_add_up(n, p):
    with localcontext() as context:
        context.prec = 150
        total = float(n * exact_mean(n, p) - n / Decimal(p))
    np.testing.assert_allclose(float(repeaters.age_mean(n, p)), total, rtol=1e-9, atol=1e-300)


def test_decay_of_slow_memories_keeps_its_digits():
    # 1 - E exp(-A/T) -> E[A]/T
    lost = 1 - float(repeaters.age_decay(3, 1e-6, 1e13))
    np.testing.assert_allclose(lost, float(repeaters.age_mean(3, 1e-6)) / 1e13, rtol=1e-4)
    assert repeaters.age_decay(3, 0.1, np.inf) - 1 < 1e-14


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: repeaters.waiting_time_mean(2, 0.0), "p must be above 0.*never succeeds"),
        (lambda: repeaters.waiting_time_mean(2, 1.5), "p must be success probabilities"),
        (lambda: repeaters.waiting_time_mean(0, 0.1), "n must be at least 1"),
        (lambda: repeaters.waiting_time_mean(1001, 0.1), "at most 1000 links"),
        (lambda: repeaters.waiting_time_variance(2, 0.0), "above 0"),
        (lambda: repeaters.waiting_time_cdf(1.5, 2, 0.1), "whole slots, not 1.5"),
        (lambda: repeaters.waiting_time_pmf(-1, 2, 0.1), "t must be finite and at least 0"),
        (lambda: repeaters.waiting_time_quantile(1.0, 2, 0.1), "share must be below 1"),
        (lambda: repeaters.waiting_time_samples(2, 0.0, 5), "p must be above 0"),
        (lambda: repeaters.three_halves_rule(2, 0.0), "above 0"),
        (lambda: repeaters.cutoff_waiting_time(0.1, -1), "cutoff must be"),
        (lambda: repeaters.age_mean(2, 0.0), "above 0"),
        (lambda: repeaters.age_decay(2, 0.1, 0), "lifetime must be above 0 slots"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("n", [2.0, "2", True])
def test_refuses_what_is_no_number_of_links(n):
    with pytest.raises(TypeError, match="n must be a whole number"):
        repeaters.waiting_time_mean(n, 0.1)
