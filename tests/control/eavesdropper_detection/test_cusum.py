"""CUSUM: the reference values, a chain of many states, simulation, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.stats import binom, norm

from qlearn.control.eavesdropper_detection import (
    average_run_length,
    count_reference,
    count_run_length,
    error_log_likelihood,
    threshold_for,
    two_sided_run_length,
)


@pytest.mark.parametrize(
    ("h", "shift", "length"),
    [
        (4, 0, 335.3676),
        (4, 0.5, 26.679),
        (4, 1, 8.3832),
        (4, 2, 3.3428),
        (5, 0, 930.887),
        (5, 0.5, 38.01),
        (5, 1, 10.3760),
        (5, 2, 4.0089),
    ],
)
def test_run_lengths_of_the_tables(h, shift, length):
    assert average_run_length(0.5, h, shift) == pytest.approx(length, rel=4e-5)


def test_two_sides_alarm_twice_as_often():
    assert two_sided_run_length(0.5, 4) == pytest.approx(167.6838, abs=5e-5)
    assert two_sided_run_length(0.5, 5) == pytest.approx(465.4435, abs=5e-5)
    assert two_sided_run_length(0.5, 4, 1.0) == two_sided_run_length(0.5, 4, -1.0) < 8.3832
    # the other side would run for longer than a float can tell
    assert two_sided_run_length(0.5, 5, 3.0) == pytest.approx(average_run_length(0.5, 5, 3.0))


@given(st.floats(0, 1), st.floats(0.5, 5), st.lists(st.floats(-4, 4), min_size=1, max_size=60))
def test_when_one_side_alarms_the_other_is_at_rest(k, h, x):
    """What makes the sum of the two rates of alarm exact."""
    up = down = 0.0
    for value in x:
        up, down = max(0.0, up + value - k), max(0.0, down - value - k)
        assert min(up, down) == 0 or up + down <= h + 1e-9
        if max(up, down) > h:
            assert min(up, down) == 0
            break


def chain(k, h, shift, states=1000):
    """Brook and Evans: the sum on a grid of many states, extrapolated from two grids."""

    def grid(m):
        width = 2 * h / (2 * m - 1)
        at = width * np.arange(m)
        edges = at[None, :] - at[:, None] + k - shift
        chances = norm.cdf(edges + width / 2) - norm.cdf(edges - width / 2)
        chances[:, 0] = norm.cdf(edges[:, 0] + width / 2)
        return np.linalg.solve(np.eye(m) - chances, np.ones(m))[0]

    return (4 * grid(states) - grid(states // 2)) / 3


@pytest.mark.parametrize(
    ("k", "h", "shift"), [(0.25, 3.0, 0.0), (1.0, 2.5, 0.7), (0.0, 6.0, -0.2), (0.5, 8.0, 0.5)]
)
def test_agrees_with_a_markov_chain_of_many_states(k, h, shift):
    assert average_run_length(k, h, shift) == pytest.approx(chain(k, h, shift), rel=1e-5)


def test_a_lower_threshold_of_nothing_alarms_at_the_first_block_above_the_reference():
    assert average_run_length(0.5, 1e-9) == pytest.approx(1 / norm.sf(0.5))


@given(st.floats(0, 1.2), st.floats(0.5, 8), st.floats(0, 3))
@settings(max_examples=30)
def test_a_shift_is_seen_sooner_and_a_higher_threshold_later(k, h, shift):
    here = average_run_length(k, h, shift)
    assert 1 <= here < average_run_length(k, h + 0.5, shift)
    assert average_run_length(k, h, shift + 0.5) < here


def test_thresholds_of_the_reference():
    assert threshold_for(1000) == pytest.approx(5.070704, abs=5e-7)
    assert average_run_length(0.5, threshold_for(1000), 1.0) == pytest.approx(10.5171, abs=5e-5)
    assert threshold_for(1e4) == pytest.approx(7.360786, abs=5e-7)
    assert average_run_length(0.5, threshold_for(1e4), 1.0) == pytest.approx(15.0937, abs=5e-5)
    assert two_sided_run_length(0.25, threshold_for(500, 0.25, two_sided=True)) == pytest.approx(500)
    assert average_run_length(0.5, threshold_for(1e10)) == pytest.approx(1e10, rel=1e-3)


def test_counts_of_the_reference():
    assert count_reference(1000, 0.02, 0.03) == pytest.approx(24.6716, abs=5e-5)
    lengths = [count_run_length(1000, p, 25, 25) for p in (0.02, 0.025, 0.03)]
    assert lengths == pytest.approx([266570.5, 37.697, 5.685], rel=2e-5)


def test_one_state_is_one_tail():
    assert count_run_length(100, 0.1, 10, 1) == pytest.approx(1 / binom.sf(10, 100, 0.1))
    assert count_run_length(10, 1.0, 0, 1) == 1.0


def test_counts_against_simulation():
    # 4000 runs of some 38 blocks, sd of a run below 40: standard error 0.6; 6 of them
    rng, runs = np.random.default_rng(3), 4000
    sums, length = np.zeros(runs), np.zeros(runs)
    going = np.ones(runs, dtype=bool)
    while going.any():
        length[going] += 1
        sums[going] = np.maximum(0, sums[going] + rng.binomial(1000, 0.025, going.sum()) - 25)
        going &= sums < 25
    assert abs(length.mean() - count_run_length(1000, 0.025, 25, 25)) < 6 * 0.6


@given(st.integers(1, 400), st.floats(0.01, 0.3), st.floats(0.02, 0.3), st.integers(0, 400))
def test_likelihood_ratio_is_that_of_two_binomials(n, p0, more, errors):
    errors, p1 = min(errors, n), p0 + more
    ours = error_log_likelihood(errors, n, p0, p1)
    assert ours == pytest.approx(
        binom.logpmf(errors, n, p1) - binom.logpmf(errors, n, p0), rel=1e-7, abs=1e-7
    )
    # the CUSUM of counts is the same, on another scale
    scale = np.log(p1 * (1 - p0) / (p0 * (1 - p1)))
    assert ours == pytest.approx(scale * (errors - count_reference(n, p0, p1)), rel=1e-7, abs=1e-7)


def test_missing_blocks_are_nan():
    said = error_log_likelihood([3.0, np.nan, 1.0, 0.0], [100.0, 100.0, np.nan, 0.0], 0.02, 0.03)
    assert np.isnan(said).tolist() == [False, True, True, True]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: average_run_length(-0.1, 4), "reference must be"),
        (lambda: average_run_length(0.5, 0), "threshold must be above 0"),
        (lambda: average_run_length(0.5, 4, np.inf), "shift must be"),
        (lambda: average_run_length(3.0, 30.0), "threshold must be lower"),
        (lambda: threshold_for(1.0), "arl0 must be"),
        (lambda: threshold_for(3.0, reference=1.0), "reference must be lower"),
        (lambda: count_reference(1000, 0.03, 0.02), "0 < p0 < p1 < 1"),
        (lambda: count_run_length(1000, 0.02, -1, 5), "reference must be at least 0"),
        (lambda: count_run_length(1000, 0.02, 5, 0), "threshold must be at least 1"),
        (lambda: count_run_length(1000, 0.0, 5, 5), "threshold must be lower"),
        (lambda: error_log_likelihood([5], [4], 0.02, 0.03), "error rate above 1"),
        (lambda: error_log_likelihood([-1], [4], 0.02, 0.03), "errors must be"),
        (lambda: error_log_likelihood([1], [np.inf], 0.02, 0.03), "sifted must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def siegmund(k, h):
    """Siegmund's approximation, within some percent."""
    b = h + 1.166
    return (np.exp(2 * k * b) - 2 * k * b - 1) / (2 * k * k) if k else b * b


@pytest.mark.parametrize(("k", "h"), [(0.5, 20), (0.5, 23), (0.25, 45), (0.1, 94), (0.01, 200), (0.0, 200)])
def test_long_runs_have_their_digits(k, h):
    assert average_run_length(k, h) == pytest.approx(siegmund(k, h), rel=0.03)


@pytest.mark.parametrize("h", [26, 30, 40, 60, 90])
@pytest.mark.parametrize("k", [0.3, 0.5, 1.0])
def test_runs_beyond_all_digits_are_refused_and_never_a_number(k, h):
    # e^60 blocks and more are a singular system, of which plausible numbers come
    if siegmund(k, h) > 2e11:
        with pytest.raises(ValueError, match="threshold must be lower"):
            average_run_length(k, h)
    with pytest.raises(ValueError, match="threshold must be lower"):
        count_run_length(1000, 0.02, 25, 5 * h)


def test_thresholds_that_would_take_gigabytes_are_refused_at_once():
    with pytest.raises(ValueError, match="threshold"):
        average_run_length(0.5, 201.0)
    with pytest.raises(ValueError, match="at most 2000 errors"):
        count_run_length(10_000, 0.02, 220, 2001)
    with pytest.raises(ValueError, match="no block would raise the sum"):
        count_run_length(10, 0.1, 10, 3)
    with pytest.raises(ValueError, match="reference must be higher"):
        threshold_for(1e5, 0.0)
    assert threshold_for(2000, 0.0) == pytest.approx(np.sqrt(2000) - 1.166, rel=1e-3)


def test_masked_blocks_are_missing():
    ratios = error_log_likelihood(np.ma.array([20, 30], mask=[False, True]), 1000, 0.02, 0.03)
    assert np.isfinite(ratios).tolist() == [True, False]
