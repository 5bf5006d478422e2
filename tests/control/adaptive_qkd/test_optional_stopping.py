"""Optional stopping: the binomial by hand, sessions that were played, and the repair."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import binom, binomtest

from qlearn.control.adaptive_qkd import error_bound, selection_failure, stopping_failure


@given(st.integers(0, 80), st.floats(1e-6, 0.3))
def test_the_bound_is_clopper_and_pearsons(errors, failure):
    theirs = binomtest(errors, 80, alternative="less").proportion_ci(1 - failure, method="exact").high
    assert error_bound(errors, 80, failure) == pytest.approx(theirs, abs=1e-9)


@given(st.floats(0.01, 0.4), st.integers(5, 60), st.floats(0.001, 0.2))
def test_one_look_is_one_binomial(error, tested, failure):
    by_hand = sum(
        binom.pmf(k, tested, error) for k in range(tested + 1) if binom.cdf(k, tested, error) < failure
    )
    found = stopping_failure(error, tested, 1, failure)
    assert found == pytest.approx(by_hand, abs=1e-12)
    assert found < failure


def test_two_looks_by_hand():
    error, n, failure = 0.3, 12, 0.1
    total = 0.0
    for first in range(n + 1):
        for second in range(n + 1):
            bad = (
                error_bound(first, n, failure) < error or error_bound(first + second, 2 * n, failure) < error
            )
            total += bad * binom.pmf(first, n, error) * binom.pmf(second, n, error)
    assert stopping_failure(error, n, 2, failure) == pytest.approx(total, abs=1e-12)


def test_is_what_sessions_show():
    # 40,000 sessions of 20 looks: sd of the share 0.0016 at 0.12; 5.5 sigma: 4e-8. A limit ends some of them rightly.
    rng, error, n, failure, limit = np.random.default_rng(3), 0.06, 200, 0.02, 0.058
    seen = rng.binomial(n, error, (40_000, 20)).cumsum(axis=1)
    tested = n * np.arange(1, 21)
    bounds = np.stack([error_bound(seen[:, j], int(tested[j]), failure) for j in range(20)], axis=1)
    accepted = bounds <= limit
    failed = accepted.any(axis=1) & (bounds[np.arange(40_000), accepted.argmax(axis=1)] < error)
    exact = stopping_failure(error, n, 20, failure, limit=limit)
    assert abs(failed.mean() - exact) < 5.5 * np.sqrt(exact * (1 - exact) / 40_000)


def test_more_looks_fail_oftener_and_sharing_repairs_it():
    some = [stopping_failure(0.05, 500, looks, 0.01) for looks in (1, 2, 5, 20)]
    assert np.all(np.diff(some) > 0)
    assert some[0] < 0.01 < some[-1]
    for looks in (2, 5, 20):
        assert stopping_failure(0.05, 500, looks, 0.01 / looks) < 0.01


def test_settings_chosen_from_the_past_do_not_fail_oftener():
    # 4000 runs of 10 blocks, the next size chosen by the errors of the last: the share of wrong bounds is below 0.02;
    # at most 0.02 + 5.5 * sqrt(.02 * .98 / 40000) = 0.0239 by chance (4e-8)
    rng, wrong = np.random.default_rng(5), 0
    for _ in range(4000):
        n = 100
        for _ in range(10):
            errors = rng.binomial(n, 0.08)
            wrong += error_bound(errors, n, 0.02) < 0.08
            n = 50 if errors / n > 0.08 else 300  # lucky: go on with large blocks
    assert wrong / 40_000 < 0.0239


def test_the_luckiest_part():
    # 20,000 sessions of 12 parts with a bound that fails in 5 % of them; sd .0035 at .46; 5.5 sigma: 4e-8
    rng = np.random.default_rng(8)
    failing = (rng.random((20_000, 12)) < 0.05).any(axis=1).mean()
    assert abs(failing - selection_failure(12, 0.05)) < 5.5 * 0.0036
    assert selection_failure(1, 0.05) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: error_bound(5, 4, 0.1), "errors must be whole numbers from 0 to the 4"),
        (lambda: error_bound(0.5, 4, 0.1), "errors must be whole numbers"),
        (lambda: error_bound(1, 4, 0.0), "no finite session is certain"),
        (lambda: stopping_failure(1.5, 10, 2, 0.1), "error must be"),
        (lambda: stopping_failure(0.1, 0, 2, 0.1), "tested must be at least 1"),
        (lambda: stopping_failure(0.1, 10, 0, 0.1), "looks must be at least 1"),
        (lambda: stopping_failure(0.1, 10, 2, 1.0), "failure must lie"),
        (lambda: stopping_failure(0.1, 10, 2, 0.1, limit=-1), "limit must be"),
        (lambda: selection_failure(0, 0.1), "parts must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_best_of_parts_by_their_own_bounds_stays_below_its_formula():
    # errors are whole: each bound fails a little less often than stated, and so does the best of fifty
    one = stopping_failure(0.05, 1000, 1, 0.01)
    rng = np.random.default_rng(5)
    wrong = error_bound(rng.binomial(1000, 0.05, (20_000, 50)).min(axis=1), 1000, 0.01) < 0.05
    assert abs(wrong.mean() - selection_failure(50, one)) < 5.5 * 0.0035
    assert selection_failure(50, one) < selection_failure(50, 0.01) - 0.02
