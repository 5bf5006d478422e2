"""Phase error: the exact tail, against counting with whole numbers; and what the published approximation is worth.

The hypergeometric tail: exact against whole numbers, and never below the truth where terms are bounded.
"""

from fractions import Fraction
from math import ceil, comb, exp, log

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from qlearn.communication.photons import phase_error, phase_error_lim2014
from qlearn.communication.photons.phase_errors import log_tail, smooth_phase_error


def tail(seen, tested, untested, wrong):
    """The definition: the share of the ways to place `wrong` errors that leave at most `seen` in the test."""
    ways = sum(comb(tested, j) * comb(untested, wrong - j) for j in range(seen + 1) if j <= wrong)
    return Fraction(ways, comb(tested + untested, wrong))


def test_tail_by_counting():
    rng = np.random.default_rng(1)
    for _ in range(400):
        c, d = (int(x) for x in rng.integers(1, 250, 2))
        v = int(rng.integers(0, c))
        wrong = int(rng.integers(v, v + d + 1))
        assert log_tail(v, c, d, wrong) == pytest.approx(log(tail(v, c, d, wrong)), abs=1e-11)


def test_tail_of_large_counts():
    # scipy sums the masses in another way; it is good to some 1e-8 here.
    for v, c, d, wrong in (
        (20, 10_000, 10_000, 100),
        (900, 10**5, 10**6, 12_000),
        (10_000, 10**6, 10**6, 21_000),
    ):
        assert log_tail(v, c, d, wrong) == pytest.approx(stats.hypergeom.logcdf(v, c + d, wrong, c), rel=1e-6)
    # Beyond, the law is a normal one: 8 standard deviations down, corrections to the logarithm below 1 %.
    for scale in (1e10, 1e14, 1e18):
        c, d, wrong = scale, 3 * scale, 0.04 * scale
        sd = (wrong * 0.25 * 0.75 * 0.99) ** 0.5
        assert log_tail(round(wrong / 4 - 8 * sd), c, d, wrong) == pytest.approx(
            stats.norm.logcdf(-8), rel=0.01
        )


def test_tail_never_below_the_truth_where_it_is_cut():
    v, c, d, wrong = 3_000, 10**5, 10**5, 6_500
    whole = log_tail(v, c, d, wrong)
    for terms in (0, 1, 10, 100):
        assert whole <= log_tail(v, c, d, wrong, terms) < whole + 0.2
    assert log_tail(v, c, d, wrong, 100) - whole < 1e-2


def test_the_largest_number_of_errors_that_is_not_refuted():
    rng = np.random.default_rng(2)
    for _ in range(300):
        c, d = (int(x) for x in rng.integers(1, 120, 2))
        v, failure = int(rng.integers(0, c // 3 + 1)), float(10 ** -rng.uniform(0.3, 15))
        wrong = v
        while wrong < v + d and tail(v, c, d, wrong + 1) > failure:
            wrong += 1
        expected = 0.5 if v >= c / 2 else min(0.5, (wrong - v) / d)
        assert phase_error(v, c, d, failure) == expected


@pytest.mark.parametrize("failure", [1e-3, 1e-10, 2e-23])
@pytest.mark.parametrize(
    ("v", "c", "d"),
    [
        (0, 10**4, 10**6),
        (7, 10**5, 10**3),
        (5_000, 10**6, 10**7),
        (10**5, 10**7, 10**7),
        (10**7, 10**9, 10**9),
    ],
)
def test_one_error_more_is_refuted_and_that_one_is_not(v, c, d, failure):
    wrong = round(phase_error(v, c, d, failure) * d) + v
    assert log_tail(v, c, d, wrong) > log(failure) >= log_tail(v, c, d, wrong + 1)


def test_no_errors_seen_is_not_no_errors():
    # The chance that the one wrong photon of 550 is not among the 50 tested is 10 in 11.
    assert tail(0, 50, 500, 1) == Fraction(10, 11)
    assert phase_error(0, 50, 500, 1e-3) > 0.1
    # For few of many the bound is ln(1 / failure) / c, the rule of three at other levels.
    assert phase_error(0, 10**4, 10**8, 1e-10) == pytest.approx(log(1e10) / 1e4, rel=2e-3)


def test_in_many_samples():
    # 20,000 samples of 300 of 1,000 with 90 errors: the bound of failure 1e-2 is broken in less than 200 of them on
    # average. Binomial: 200 + 6 * 14.1 = 285 is passed with a chance below 1e-8.
    rng, c, d, wrong = np.random.default_rng(3), 300, 700, 90
    seen = rng.hypergeometric(wrong, c + d - wrong, c, size=20_000)
    bounds = {v: phase_error(v, c, d, 1e-2) for v in np.unique(seen)}
    broken = sum((wrong - v) / d > bounds[v] for v in seen)
    assert 0 < broken < 285


def test_rounding_is_to_the_careful_side():
    rng = np.random.default_rng(4)
    for _ in range(200):
        v, c, d = rng.uniform(0, 40), rng.uniform(100, 1e4), rng.uniform(100, 1e4)
        assert phase_error(v, c, d, 1e-9) == phase_error(ceil(v), int(c), int(d), 1e-9)
        # More errors seen never give a smaller bound: the key's own errors do not fall.
        assert phase_error(v + 1, c, d, 1e-9) >= phase_error(v, c, d, 1e-9)


def test_smooth_is_near_and_never_below():
    rng = np.random.default_rng(5)
    for _ in range(300):
        c, d = (float(10 ** rng.uniform(2, 9)) // 1 for _ in range(2))
        v = float(int(c * 10 ** -rng.uniform(0.7, 6)))
        exact, smooth = phase_error(v, c, d, 1e-20), smooth_phase_error(v, c, d, 1e-20)
        assert smooth >= exact - 1e-12
        assert smooth == 0.5 or smooth <= exact * 1.03 + 2 / d


def test_the_published_closed_form_by_hand():
    # b = 0.02, c = 1e5, d = 2e5, secrecy 1e-10: the formula in plain numbers.
    size = 3e5 / 2e10
    more = np.sqrt(size * 0.02 * 0.98 / np.log(2) * np.log2(size / (0.02 * 0.98) * 441 / 1e-20))
    assert phase_error_lim2014(2_000, 1e5, 2e5, (1e-10 / 21) ** 2) == pytest.approx(0.02 + more, rel=1e-12)
    assert phase_error_lim2014(2_000, 1e5, 2e5, None) == phase_error(2_000, 1e5, 2e5, None) == 0.02


@pytest.mark.parametrize(
    ("v", "chance"), [(1, 1.4e-4), (5, 1.2e-7), (10, 3.3e-9), (20, 4.5e-11), (50, 2e-13)]
)
def test_the_published_closed_form_is_no_bound_for_few_errors(v, chance):
    # c = d = 10,000, secrecy 1e-10. At the error rate that it gives so few errors are seen far more often than the
    # (1e-10 / 21)**2 that the smoothing needs; with 50 errors still, though less often than 1e-10 / 21.
    claimed = phase_error_lim2014(v, 1e4, 1e4, (1e-10 / 21) ** 2)
    wrong = int(claimed * 1e4) + 1 + v  # the first number of errors that it excludes
    seen = float(tail(v, 10_000, 10_000, wrong))
    assert seen == pytest.approx(chance, rel=0.35)
    assert (seen < 1e-10 / 21) == (v == 50)
    assert phase_error(v, 1e4, 1e4, (1e-10 / 21) ** 2) > claimed * 1.3


def test_both_meet_for_many():
    many = phase_error(10**9, 10**11, 10**11, 2e-23), phase_error_lim2014(10**9, 10**11, 10**11, 2e-23)
    assert many[0] == pytest.approx(many[1], rel=1e-4)


@pytest.mark.parametrize(
    "arguments",
    [
        (0, 0, 10, 1e-10),
        (1, 10, 0, 1e-10),
        (6, 10, 10, None),
        (1, 10, 10, 1e-10),
        (0, 0.9, 10, 0.1),
        (50, 100, 9, 0.1),
    ],
)
def test_nothing_is_known_of_nothing(arguments):
    assert phase_error(*arguments) == phase_error_lim2014(*arguments) == 0.5


@pytest.mark.parametrize("rule", [phase_error, phase_error_lim2014])
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((-1, 10, 10, 0.1), "errors must be a finite number between 0"),
        ((1, np.nan, 10, 0.1), "tested must be a finite number"),
        ((1, 10, np.inf, 0.1), "single must be a finite number"),
        ((1, 10, 10, 0.0), "failure must lie between 0 and 1"),
    ],
)
def test_refuses(rule, arguments, says):
    with pytest.raises(ValueError, match=says):
        rule(*arguments)


def test_exponential_is_what_log_tail_means():
    assert exp(log_tail(0, 50, 500, 1)) == pytest.approx(10 / 11)


def exact(seen, tested, untested, wrong):
    """P(at most `seen` of `wrong` items are among the `tested`), in whole numbers."""
    most = min(seen, tested, wrong)
    ways = sum(comb(tested, j) * comb(untested, wrong - j) for j in range(most + 1) if wrong - j <= untested)
    return Fraction(ways, comb(tested + untested, wrong))


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_is_the_exact_tail(tested, untested, data):
    wrong = data.draw(st.integers(0, tested + untested))
    seen = data.draw(st.integers(0, tested))
    truth = exact(seen, tested, untested, wrong)
    if truth:
        assert log_tail(seen, tested, untested, wrong) == pytest.approx(log(truth), rel=1e-9, abs=1e-9)
    else:
        assert log_tail(seen, tested, untested, wrong) == -np.inf


def test_a_bound_of_few_terms_is_never_below_the_truth():
    for seen, wrong in ((40, 200), (90, 220), (140, 300)):
        whole = log_tail(seen, 1_000, 2_000, wrong)
        assert whole == pytest.approx(log(exact(seen, 1_000, 2_000, wrong)), rel=1e-9)
        for terms in (1, 3, 10):
            assert log_tail(seen, 1_000, 2_000, wrong, terms) >= whole - 1e-12


def test_huge_counts_have_their_digits():
    # a sample of half, ten errors in all, none seen: nearly 2**-10 whatever the size
    assert exp(log_tail(0, 1e18, 1e18, 10)) == pytest.approx(2**-10, rel=1e-9)
