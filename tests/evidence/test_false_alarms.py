"""Bands: as wide as their failure needs, and one chance of a false alarm for a page.

False alarms: tails, and their sum.
"""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from qlearn.evidence import beyond, counts_agree, false_alarm
from qlearn.evidence.false_alarms import _binomial_band


@pytest.mark.parametrize("p", [0.001, 0.1, 0.5, 0.99])
def test_the_band_is_as_wide_as_its_failure_needs_and_no_wider(p):
    # the tails by summing the binomial coefficients themselves, in exact integers
    n, failure = 120, 1e-6
    low, high = (
        np.rint(edge * n + shift).astype(int)
        for edge, shift in zip(_binomial_band(p, n, failure), (0.5, -0.5), strict=True)
    )
    share = Fraction(p)
    chances = [comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    for outside, at_the_edge in (
        (sum(chances[:low]), chances[low]),
        (sum(chances[high + 1 :]), chances[high]),
    ):
        assert outside <= failure / 2 < outside + at_the_edge


def test_the_failure_is_that_of_all_points_together():
    thirty, one = _binomial_band(np.full(30, 0.3), 1000, 1e-3), _binomial_band(0.3, 1000, 1e-3 / 30)
    assert {*thirty[0]} == {float(one[0])}
    assert {*thirty[1]} == {float(one[1])}
    assert _binomial_band([[0.1], [0.2]], [10, 20, 30], 0.01)[0].shape == (2, 3)
    # 4,000 runs of five points at a failure of 5 %: 200 alarms at most are expected, sd 13.8; 6 sd: 283
    p = np.array([0.02, 0.1, 0.3, 0.5, 0.9])
    low, high = _binomial_band(p, 200, 0.05)
    seen = np.random.default_rng(3).binomial(200, p, (4000, 5)) / 200
    alarms = np.count_nonzero(((seen < low) | (seen > high)).any(axis=1))
    assert 0 < alarms < 283


def test_five_standard_errors_are_not_one_in_a_million():
    # what the band is for: at 5 sigma a curve of nine points fails 5e-6 (skewed ones more), not 6e-7
    p, n = np.linspace(0.5, 0.9, 9), 20_000
    bar = 5 * np.sqrt(p * (1 - p) / n)
    alarm = (
        stats.binom.cdf(np.ceil((p - bar) * n) - 1, n, p) + stats.binom.sf(np.floor((p + bar) * n), n, p)
    ).sum()
    assert 4e-6 < alarm < 7e-6


def test_what_is_certain_has_a_band_of_one_count():
    for p, k in ((0.0, 0), (1.0, 50)):
        low, high = _binomial_band(p, 50, 1e-9)
        assert low < k / 50 < high
        assert high - low == pytest.approx(1 / 50)


def test_a_page_of_counts_has_one_false_alarm_chance():
    # 2,000 pages of 1 + 6 + 12 points at a failure of 10 %: at most 200 alarms are due, sd 13.4; 6 sd: 281
    rng, p = np.random.default_rng(8), np.linspace(0.05, 0.9, 6)
    rows = [(0.5, 1000), (p, 300), (np.full((3, 4), 0.01), 50)]
    alarms = 0
    for _ in range(2000):
        page = [(rng.binomial(n, theory) / n, theory, n) for theory, n in rows]
        alarms += not counts_agree(*page, failure=0.1)
    assert 0 < alarms < 281


def test_a_scalar_theory_stands_for_as_many_points_as_were_measured():
    # of 30 points each has a thirtieth of the failure, whether 1/2 is written once or thirty times
    low, _ = _binomial_band(np.full(30, 0.5), 100, 0.05)
    for edge, agrees in ((low[0] + 0.005, True), (low[0] - 0.005, False)):
        measured = np.full(30, 0.5)
        measured[7] = edge
        assert counts_agree((measured, 0.5, 100), failure=0.05) is agrees
        assert counts_agree((measured, np.full(30, 0.5), 100), failure=0.05) is agrees
    assert not counts_agree((0.5, 0.5, 100), (1, 0, 1))  # one bad row is enough


@pytest.mark.parametrize(
    ("rows", "failure", "says"),
    [
        ([], 0.1, "nothing was compared"),
        ([(0.123, 0.1, 10)], 0.1, "0.123 of 10 trials is no whole number"),
        ([(np.nan, 0.1, 10)], 0.1, "measured must be counts"),
        ([(0.1, 1.1, 10)], 0.1, "p must be chances"),
        ([(0.1, 0.1, 10)], 2, "failure must lie"),
    ],
)
def test_counts_agree_refuses(rows, failure, says):
    with pytest.raises(ValueError, match=says):
        counts_agree(*rows, failure=failure)


@pytest.mark.parametrize(
    ("p", "n", "failure", "says"),
    [
        (1.2, 10, 0.1, "chances between 0 and 1"),
        (np.nan, 10, 0.1, "chances between 0 and 1"),
        (0.5, 0, 0.1, "at least 1"),
        (0.5, 1.5, 0.1, "whole"),
        (0.5, 10, 0, "failure must lie between 0 and 1"),
        (0.5, 10, 1, "failure must lie between 0 and 1"),
    ],
)
def test_binomial_band_refuses(p, n, failure, says):
    with pytest.raises(ValueError, match=says):
        _binomial_band(p, n, failure)


def test_tails_are_the_areas_under_the_curves():
    normal, _ = quad(lambda x: np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi), 3, np.inf)
    assert beyond(3) == pytest.approx(2 * normal, rel=1e-6)
    # Student's t with two degrees of freedom has a closed form: 1 - k / sqrt(2 + k^2)
    assert beyond(3, n=3) == pytest.approx(1 - 3 / np.sqrt(11), rel=1e-9)


def test_many_points_and_many_checks_add_up():
    assert beyond(4, 10) == pytest.approx(10 * beyond(4))
    assert beyond(0.1, 100) == 1.0
    assert false_alarm(1e-6, 2e-6) == pytest.approx(3e-6)
    assert false_alarm(0.7, 0.7) == 1.0
    assert false_alarm(beyond(40), beyond(0.1, points=30)) == 1.0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: beyond(0), "sigmas must be above 0"),
        (lambda: beyond(5, 0), "points must be at least 1"),
        (lambda: beyond(5, n=1), "n must be at least 2"),
        (lambda: false_alarm(), "at least one check"),
        (lambda: false_alarm(1.5), "chances must be a probability"),
        (lambda: _binomial_band([], 10, 0.1), "at least one point"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
