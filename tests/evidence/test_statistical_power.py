"""Resolution: a true difference of that size is found as often as it says."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import t as student, wilcoxon

from qlearn.evidence import Difference, detectable_difference, paired, pooled, power_of_pairs, verdicts


def test_a_difference_of_that_size_is_found_as_often_as_said():
    # normal differences with known spread: n = 25 uses Student's t, for which it is exact.
    # 3,000 comparisons, 80 %: sd .0073, six of them .044, chance 1e-9
    rng, n = np.random.default_rng(2), 25
    unit = detectable_difference(Difference(0.0, 1 / np.sqrt(n), -1.0, 1.0, 1.0, n))
    found = [paired(rng.normal(unit, 1, n), np.zeros(n)).verdict() == "ahead" for _ in range(3_000)]
    assert abs(np.mean(found) - 0.8) < 6 * np.sqrt(0.8 * 0.2 / 3_000)


@pytest.mark.parametrize(
    ("n", "questions"), [(6, 1), (7, 1), (8, 6), (9, 12), (10, 1), (10, 17), (12, 17), (14, 3)]
)
def test_signs_find_a_difference_of_that_size_as_often_as_said(n, questions):
    # all choices of signs, written out, on normal differences of known spread: sd of what was simulated there .0045, of
    # these draws .0028 to .0089, six of both; from 13 replicates on .03 for the nearness of Student's t; chance 1e-8
    rng, draws = np.random.default_rng(n), min(20_000, (1 << 25) >> n)
    one = Difference(0.0, 1 / np.sqrt(n), -1.0, 1.0, 1.0, n, least=2.0 ** (1 - n))
    x = rng.normal(detectable_difference(one, level=0.05 / questions), 1, (draws, n))
    signs = np.array(list(product([1, -1], repeat=n)))
    found = np.mean(
        np.mean(np.abs(x @ signs.T) >= x.sum(axis=1, keepdims=True) - 1e-9, axis=1) < 0.05 / questions
    )
    assert abs(found - 0.8) < 6 * np.hypot(0.0045, 0.4 / np.sqrt(draws)) + 0.03 * (n > 12)
    for row in x[:50]:  # and the library decides alike
        p = np.mean(np.abs(signs @ row) >= abs(row.sum()) - 1e-9)
        assert paired(row, np.zeros(n)).p == pytest.approx(p)


@pytest.mark.parametrize(("n", "questions"), [(6, 1), (8, 6), (10, 11), (10, 17), (42, 3)])
def test_ranks_find_a_difference_of_that_size_as_often_as_said(n, questions):
    # scipy's signed ranks: 10,000 comparisons, sd .004 beside the .0045 of what was simulated there, six of both; with more
    # than 40 data sets .02 for the rule of pi/3; chance 1e-8
    one = pooled(np.random.default_rng(1).normal(size=n))
    size = detectable_difference(one, level=0.05 / questions) / one.error / np.sqrt(n)
    d = np.random.default_rng(n).normal(size, 1, (10_000, n))
    found = np.mean(wilcoxon(d, axis=1, method="exact").pvalue < 0.05 / questions)
    assert abs(found - 0.8) < 6 * np.hypot(0.0045, 0.004) + 0.02 * (n > 40)


@pytest.mark.parametrize("overlap", [None, 0.2])
def test_scores_that_never_differ_could_have_been_too_coarse(overlap):
    same = paired([0.9] * 30, [0.9] * 30, overlap=overlap)
    assert detectable_difference(same) == np.inf
    assert not same.within(1.0)
    assert detectable_difference(pooled(np.zeros(8))) == np.inf
    assert not pooled(np.zeros(8)).within(1.0)


def test_scales_with_the_error_and_falls_with_power():
    one = Difference(0.1, 0.02, 0.0, 0.2, 0.1, 8)
    two = Difference(0.1, 0.04, 0.0, 0.2, 0.1, 8)
    assert detectable_difference(two) == pytest.approx(2 * detectable_difference(one))
    assert (
        detectable_difference(one, power=0.5)
        < detectable_difference(one)
        < detectable_difference(one, power=0.99)
    )
    assert detectable_difference(one) < detectable_difference(one, level=0.01)


def test_refuses_a_power_that_chance_has():
    with pytest.raises(ValueError, match="power must be above level"):
        detectable_difference(Difference(0.1, 0.02, 0.0, 0.2, 0.1, 8), power=0.05)


def test_so_few_that_they_could_not_decide_see_nothing():
    apart = paired([0.9, 0.91, 0.92, 0.9, 0.93, 0.91], [0.5] * 6)
    assert detectable_difference(apart) < 0.1
    assert detectable_difference(apart, level=0.05 / 8) == np.inf  # six signs: 1/32
    assert verdicts(("a", "six seeds", apart), questions=8).rows[0][3:] == ("nothing", "not told apart")


@pytest.mark.parametrize(("n", "apart"), [(100, 0), (100, 5), (20, 1)])
def test_of_rows_a_difference_of_that_size_is_found_as_often_as_said(n, apart):
    # all to one side, beside as many to either side as were seen: 2,000 draws, six standard deviations are .054
    seen = paired(np.arange(n) < apart, np.zeros(n, dtype=bool))
    size, rng = detectable_difference(seen), np.random.default_rng(4)
    kinds = rng.choice([0, 1], p=[size, 1 - size], size=(2_000, n))
    found = np.mean([paired(row == 0, np.zeros(n, dtype=bool)).verdict() == "ahead" for row in kinds])
    assert found > 0.8 - 6 * np.sqrt(0.8 * 0.2 / 2_000)


@pytest.mark.parametrize(
    ("n", "lost", "won", "questions"),
    [(50, 3, 3, 1), (50, 5, 4, 1), (100, 5, 8, 6), (100, 2, 2, 1), (300, 30, 25, 1)],
)
def test_of_rows_the_steps_of_the_exact_test_are_counted(n, lost, won, questions):
    # as many apart as were seen, or as the difference takes: 2,000 draws, sd .009, six of them either way; chance 1e-8
    kinds = np.repeat([1, -1, 0], [won, lost, n - won - lost])
    seen = paired(kinds > 0, kinds < 0)
    size, rng = detectable_difference(seen, level=0.05 / questions), np.random.default_rng(n + lost)
    apart = max(size, (won + lost) / n)
    drawn = rng.choice([1, -1, 0], p=[(apart + size) / 2, (apart - size) / 2, 1 - apart], size=(2_000, n))
    found = np.mean([paired(row > 0, row < 0).verdict(questions=questions) == "ahead" for row in drawn])
    assert abs(found - 0.8) < 6 * np.sqrt(0.8 * 0.2 / 2_000)


def test_of_rows_that_all_differ_there_is_one_too():
    for n in range(6, 41):
        for won in range(n + 1):
            first = np.arange(n) < won
            assert 0 < detectable_difference(paired(first, ~first)) <= 1


@pytest.mark.parametrize(
    ("difference", "spread", "n", "correlation", "level"),
    [
        (0.01, 0.02, 21, 0.0, 0.05),
        (0.01, 0.02, 30, 0.5, 0.01),
        (0.004, 0.01, 25, 0.8, 0.05),
        (0.0, 1.0, 21, 0.0, 0.2),
    ],
)
def test_pairs_are_told_apart_as_often_as_said(difference, spread, n, correlation, level):
    # 20,000 comparisons of scores with that correlation, the t of each by hand: six standard deviations, chance 2e-9
    rng = np.random.default_rng(n)
    shared, *own = rng.normal(size=(3, 20_000, n))
    a, b = (np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * one for one in own)
    d = difference + spread * (a - b)
    t = d.mean(axis=1) / d.std(axis=1, ddof=1) * np.sqrt(n)
    found = np.mean(t > student.isf(level / 2, n - 1))
    told = power_of_pairs(difference, spread, n, correlation=correlation, level=level)
    assert abs(found - told) < 6 * np.sqrt(told * (1 - told) / 20_000)


def test_the_power_of_pairs_is_the_reverse_of_what_can_be_detected():
    n, spread, correlation = 30, 0.02, 0.6
    error = spread * np.sqrt(2 * (1 - correlation) / n)
    seen = detectable_difference(Difference(0.0, error, -1.0, 1.0, 1.0, n), power=0.7, level=0.02)
    assert power_of_pairs(seen, spread, n, correlation=correlation, level=0.02) == pytest.approx(0.7)
    assert power_of_pairs(0.0, spread, n) == pytest.approx(0.025)  # a false "ahead"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"spread": 0.0}, "spread must be above 0, not 0"),
        ({"correlation": 1.0}, "correlation must be from -1 to below 1, not 1"),
        ({"correlation": -1.1}, "correlation must be from -1 to below 1, not -1.1"),
        ({"n": 1}, "n must be"),
        ({"level": 0.0}, "level must lie between 0 and 1"),
    ],
)
def test_what_is_no_comparison_of_pairs_is_refused(change, says):
    with pytest.raises(ValueError, match=says):
        power_of_pairs(**{"difference": 0.01, "spread": 0.02, "n": 20, **change})
