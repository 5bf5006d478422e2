"""Differences: each test against its definition, its promise under no difference, and what it refuses."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, ttest_rel

from qlearn.evidence import Difference, paired, resolution

RNG = np.random.default_rng(0)
scores = st.lists(st.integers(0, 24), min_size=6, max_size=9)


@given(scores, st.data())
def test_signs_are_counted_one_by_one(first, data):
    second = data.draw(st.lists(st.integers(0, 24), min_size=len(first), max_size=len(first)))
    d = np.subtract(first, second)
    every = [abs(np.dot(signs, d)) for signs in product((1, -1), repeat=d.size)]
    assert paired(np.divide(first, 24), np.divide(second, 24)).p == np.mean(np.array(every) >= abs(d.sum()))


@given(scores, st.data())
def test_the_interval_of_signs_leaves_out_what_they_tell_apart(first, data):
    second = data.draw(st.lists(st.integers(0, 24), min_size=len(first), max_size=len(first)))
    ours = paired(np.divide(first, 24), np.divide(second, 24))
    assert (ours.p < 0.05) == (ours.low > 0 or ours.high < 0)
    if np.ptp(
        np.subtract(first, second)
    ):  # each shift inside is one that the test does not exclude, and so outside
        for shift, inside in (
            (ours.low, True),
            (ours.high, True),
            (ours.low - 0.01, False),
            (ours.high + 0.01, False),
        ):
            moved = paired(np.divide(first, 24) - shift, np.divide(second, 24))
            assert (moved.p >= 0.05) == inside


def test_rounding_is_no_difference():
    assert paired([0.1 + 0.2] * 6, [0.3] * 6) == paired([0.3] * 6, [0.3] * 6)
    assert paired([0.1 + 0.2] * 6, [0.3] * 6).verdict() == "not told apart"
    assert paired([0.3 + 1e-9] * 6, [0.3] * 6).verdict() == "ahead"


def test_many_replicates_have_students_t():
    a, b = RNG.normal(0.90, 0.03, 30), RNG.normal(0.89, 0.03, 30)
    ours, theirs = paired(a, b), ttest_rel(a, b)
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-9)
    assert (ours.low, ours.high) == pytest.approx(theirs.confidence_interval(), rel=1e-9)


def test_overlap_widens_the_error_as_nadeau_and_bengio_say():
    a, b = RNG.normal(0.9, 0.03, (2, 5)), RNG.normal(0.88, 0.03, (2, 5))
    ours, plain = paired(a, b, overlap=1 / 4), ttest_rel(a.ravel(), b.ravel())
    # 1/J becomes 1/J + 1/(k - 1), J = 10 scores of k = 5 folds
    assert ours.mean / ours.error == pytest.approx(
        plain.statistic * np.sqrt((1 / 10) / (1 / 10 + 1 / 4)), rel=1e-12
    )
    assert ours.p > plain.pvalue


def test_right_or_wrong_counts_the_rows_on_which_they_disagree():
    a = np.repeat([True, True, False, False], [50, 14, 4, 32])
    b = np.repeat([True, False, True, False], [50, 14, 4, 32])
    ours = paired(a, b)
    assert ours.mean == pytest.approx(0.1)
    assert ours.p == pytest.approx(binomtest(14, 18).pvalue)
    # Agresti and Min: half a row in each of four cells
    error = np.sqrt(19 - 10**2 / 102) / 102
    assert (ours.low, ours.high) == pytest.approx((10 / 102 - 1.959964 * error, 10 / 102 + 1.959964 * error))
    assert (ours.p < 0.05) == (ours.low > 0)


@pytest.mark.parametrize(("n", "won", "lost"), [(100, 0.05, 0.0), (100, 0.06, 0.01), (50, 0.1, 0.02)])
def test_the_interval_of_rows_covers_as_often_as_it_says(n, won, lost):
    # 2,000 draws; 95 % less six standard deviations of .0049 is .92, and few rows make it up to 1 % coarser
    rng = np.random.default_rng(7)
    kinds = rng.choice([0, 1, 2], p=[won, lost, 1 - won - lost], size=(2_000, n))
    held = 0
    for row in kinds:
        ours = paired(row == 0, row == 1)
        held += ours.low <= won - lost <= ours.high
    assert held / 2_000 > 0.91


def test_rows_that_never_disagree_are_not_certain_to_agree():
    ours = paired(np.ones(60, dtype=bool), np.ones(60, dtype=bool))
    # sixty rows without one of two kinds: (1 - q)^60 = .025
    assert ours.high == pytest.approx(1 - 0.025 ** (1 / 60)) == -ours.low
    assert ours.error > 0
    assert ours.verdict() == "not told apart"


@pytest.mark.parametrize("overlap", [None, 0.25])
def test_equal_numbers_are_not_certain(overlap):
    a = np.linspace(0.8, 0.9, 6)
    ours = paired(a + 1 / 24, a, overlap=overlap)
    assert ours.p == 2.0**-5
    assert ours.error > 0.01
    assert paired(a, a, overlap=overlap).p == 1.0


@pytest.mark.parametrize("n", [6, 10, 14, 25])
def test_equal_models_are_told_apart_as_rarely_as_promised(n):
    # shares of 24 rows, 2,000 comparisons: at most 5 % may be told apart; sd .0049, six of them 3e-2, chance 1e-9
    rng = np.random.default_rng(n)
    a, b = rng.binomial(24, 0.8, (2, 2_000, n)) / 24
    alarms = np.mean([paired(x, y).verdict() != "not told apart" for x, y in zip(a, b, strict=True)])
    assert alarms < 0.05 + 6 * np.sqrt(0.05 * 0.95 / 2_000)


def test_equal_models_on_overlapping_splits_are_told_apart_less_often_than_the_plain_test_does():
    # two classes, rows of noise: two thresholds learned from half of the features each, ten splits of 60 rows
    rng, plain, corrected = np.random.default_rng(5), 0, 0
    for _ in range(200):
        X, y = rng.normal(size=(60, 2)), rng.integers(0, 2, 60)
        X[:, :] += 0.8 * y[:, None]  # each feature tells a little, and as much as the other
        won = []
        for _ in range(10):
            order = rng.permutation(60)
            train, test = order[:45], order[45:]
            border = (X[train][y[train] == 0].mean(axis=0) + X[train][y[train] == 1].mean(axis=0)) / 2
            won.append(((X[test] > border) == y[test][:, None]).mean(axis=0))
        a, b = np.transpose(won)
        plain += paired(a, b).verdict() != "not told apart"
        corrected += paired(a, b, overlap=15 / 45).verdict() != "not told apart"
    assert plain > 40  # a fifth of all comparisons is a false finding
    assert corrected < 25


def test_splits_that_agree_well_enough_decide_at_any_level():
    a, b = RNG.normal(0.99, 0.001, 6), RNG.normal(0.5, 0.001, 6)
    assert paired(a, b, overlap=0.2).verdict(questions=50) == "ahead"
    assert paired(a, b).verdict() == "ahead"
    assert paired(a, b).verdict(questions=2) == "not told apart"  # six signs: 1/32, and no less


def test_words_follow_the_numbers():
    sure = Difference(0.1, 0.01, 0.08, 0.12, 0.001, 10)
    assert sure.verdict() == "ahead"
    assert Difference(-0.1, 0.01, -0.12, -0.08, 0.001, 10).verdict() == "behind"
    assert sure.verdict(questions=60) == "not told apart"
    assert sure.within(0.13)
    assert not sure.within(0.11)
    assert f"{sure}" == "+0.100 ± 0.010"
    assert f"{sure:.1%}" == "+10.0% ± 1.0%"


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: paired([1.0] * 5, [0.5] * 5), ValueError, "at least 6 replicates are needed, not 5"),
        (lambda: paired([True] * 3, [False] * 3), ValueError, "at least 6 rows"),
        (lambda: paired([[True] * 40] * 5, [[False] * 40] * 5), ValueError, "bring no new rows"),
        (lambda: paired([1.0] * 6, [1.0] * 7), ValueError, "pair by pair"),
        (lambda: paired([1.0] * 6, [np.nan] * 6), ValueError, "b must be finite"),
        (lambda: paired("abcdef", [1.0] * 6), ValueError, "pair by pair"),
        (lambda: paired(list("abcdef"), [1.0] * 6), TypeError, "a must be a number"),
        (lambda: paired([1.0] * 6, [0.5] * 6, overlap=0), ValueError, "overlap must be above 0"),
        (lambda: paired([True] * 6, [False] * 6, overlap=0.2), ValueError, "right or wrong"),
        (lambda: paired([0.1] * 6, [0.5] * 6).verdict(0), ValueError, "level must lie between"),
        (
            lambda: paired([0.1] * 6, [0.5] * 6).verdict(questions=0),
            ValueError,
            "questions must be at least 1",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_one_huge_difference_does_not_hide_the_others():
    a = [1.3, 1.2, 1.1, 1.4, 1.25, 1.15, 1.3, 1e10]
    assert paired(a, [1.0] * 8).p == pytest.approx(2 / 2**8)  # all eight on one side


def test_runs_of_zeros_and_ones_are_no_new_rows():
    same = np.tile([1, 0, 1, 1, 0, 1, 1, 1], (5, 1))
    with pytest.raises(ValueError, match="bring no new rows"):
        paired(same, 1 - same)


@pytest.mark.parametrize("n", [20, 21, 60, 500])
def test_replicates_without_a_difference_are_no_evidence(n):
    five, nine = np.arange(n) < 5, np.arange(n) < 9
    for seen in (paired(five.astype(float), np.zeros(n)), paired(five, np.zeros(n, bool))):
        assert seen.p == pytest.approx(2 / 2**5)
        assert seen.verdict() == "not told apart"
        assert seen.low <= 0
    assert paired(nine.astype(float), np.zeros(n)).p == pytest.approx(2 / 2**9)


def test_the_rarest_chance_is_a_number():
    sure = paired(np.full(1_100, 0.1), np.zeros(1_100))
    assert 0 < sure.p < 1e-290
    assert sure.error > 0
    assert 0 < resolution(sure) < 0.1
