"""Average: the mean and its error, with and without shared rows.

Differences: each test against its definition, its promise under no difference, and what it refuses.

Pooled: the signed-rank test of SciPy where it is exact, definitions where there are ties.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import binomtest, rankdata, ttest_rel, wilcoxon

from qlearn.evidence import Difference, average, detectable_difference, paired, pooled


def test_error_is_that_of_the_mean():
    # 4,000 means of 5 values: their spread is known to 1/sqrt(8000) = 1.1 %, six of them 7 %
    rng = np.random.default_rng(1)
    samples = rng.normal(size=(4_000, 5))
    each = [average(row) for row in samples]
    spread = np.std([one.mean for one in each])
    assert np.sqrt(np.mean([one.error**2 for one in each])) == pytest.approx(spread, rel=0.07)


def test_overlap_adds_test_rows_over_training_rows():
    values = [0.1, 0.4, 0.3, 0.2]
    plain, shared = average(values), average(values, overlap=1 / 3)
    assert shared.error == pytest.approx(plain.error * np.sqrt((1 / 4 + 1 / 3) / (1 / 4)))
    assert (plain.mean, plain.n) == (shared.mean, 4)


def test_is_written_as_the_book_writes_it():
    assert f"{average([0.90, 0.92])}" == "0.910 ± 0.010"
    assert f"{average([0.90, 0.92]):.1%}" == "91.0% ± 1.0%"


@pytest.mark.parametrize(
    ("values", "overlap", "says"),
    [
        ([0.1], None, "at least two"),
        ([0.1, 0.2], 0, "overlap must be above 0"),
        ([0.1, np.inf], None, "finite"),
    ],
)
def test_refuses(values, overlap, says):
    with pytest.raises(ValueError, match=says):
        average(values, overlap=overlap)


@pytest.mark.parametrize("value", [0.7, 0.97, 0.3, 1e6])
def test_equal_repetitions_have_no_error(value):
    same = average([value] * 5 + [value * (1 + 1e-16)])
    assert same.error == 0
    assert f"{same}" == f"{value:.3f} ± 0.000"


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
def test_refuses_difference(call, error, says):
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
    assert 0 < detectable_difference(sure) < 0.1


RNG_POOLED = np.random.default_rng(3)


@pytest.mark.parametrize("n", [6, 7, 12, 20])
def test_is_wilcoxons_exact_test(n):
    d = RNG_POOLED.normal(0.3, 1, n)
    assert pooled(d).p == pytest.approx(wilcoxon(d, method="exact").pvalue, rel=1e-12)


def test_ties_and_zeros_by_all_signs():
    d = np.array([2.0, -2.0, 1.0, 0.0, 3.0, 2.0, 1.0])
    ranks = rankdata(np.abs(d))
    moving, won = d != 0, ranks[d > 0].sum()
    every = np.array([np.dot(signs, ranks[moving]) for signs in product((0, 1), repeat=int(moving.sum()))])
    expected = min(1.0, 2 * min(np.mean(every <= won), np.mean(every >= won)))
    assert pooled(d).p == pytest.approx(expected, rel=1e-12)


def test_interval_and_p_agree():
    for _ in range(50):
        together = pooled(RNG_POOLED.normal(0.5, 1, 9))
        assert (together.p < 0.05) == (together.low > 0 or together.high < 0)


def test_equal_models_are_told_apart_as_rarely_as_promised_pooled():
    # 2,000 times seven data sets; P = 2 x 2/128 = .031 exactly, six standard deviations are .023, chance 1e-9
    alarms = np.mean([pooled(RNG_POOLED.normal(size=7)).p < 0.05 for _ in range(2_000)])
    assert abs(alarms - 4 / 128) < 6 * np.sqrt(0.031 * 0.969 / 2_000)


def test_takes_differences_as_well_as_numbers():
    means = [-0.012, -0.008, -0.021, 0.004, -0.016, -0.010]
    each = [Difference(mean, 0.01, -1.0, 1.0, 0.4, 10) for mean in means]
    assert pooled(each) == pooled(means)


def test_what_so_few_can_decide_is_said():
    together = pooled([0.1, 0.2, 0.3, 0.15, 0.12, 0.3])
    assert together.p == together.least == 2.0**-5


def test_nothing_moves_nothing():
    assert pooled(np.zeros(6)).p == 1.0


def test_refuses_five_data_sets():
    with pytest.raises(ValueError, match="at least 6 data sets are needed, not 5"):
        pooled([0.1] * 5)
    with pytest.raises(ValueError, match="one number a data set"):
        pooled(np.ones((6, 2)))


def test_one_data_set_far_out_does_not_turn_the_word():
    d = [*np.linspace(-0.010, -0.020, 11), 0.3]
    together = pooled(d)
    assert together.mean > 0
    assert together.p < 0.05
    assert together.high < 0
    assert together.verdict() == "behind"


def test_equal_sizes_share_their_rank_whatever_rounding_left_of_them():
    x = np.array([0.68, 0.86, 0.74, 0.56, 0.80, 0.83, 0.86, 0.55])
    y = np.array([0.65, 0.84, 0.72, 0.51, 0.80, 0.79, 0.83, 0.57])
    assert pooled(x - y).p == pooled(np.round(x - y, 2)).p == pytest.approx(0.0625)  # by all signs, by hand
    assert pooled([0.1 + 0.2 - 0.3] * 6).p == 1


@pytest.mark.parametrize(
    ("zeros", "others"), [(44, [1.0] * 6), (29, [1.0] * 6), (48, [0.2] * 11), (30, [1.0] * 7 + [-0.1])]
)
def test_the_side_is_that_of_the_ranks_where_most_differences_are_nothing(zeros, others):
    d = np.array([0.0] * zeros + others)
    together = pooled(d)
    assert together.p < 0.05
    assert (together.verdict(), pooled(-d).verdict()) == ("ahead", "behind")


@pytest.mark.parametrize("zeros", [20, 30])
def test_an_interval_of_mostly_zeros_holds_0_where_ranks_decide_nothing(zeros):
    few = pooled(np.array([0.0] * zeros + [1.0] * 6 + [-0.01, -0.02, -0.03]))
    assert few.p > 0.05
    assert few.low <= 0 <= few.high
    assert min(pooled(np.full(1_100, 0.1)).p, pooled(np.linspace(0.1, 0.2, 1_100)).p) > 0


def test_equal_differences_do_not_say_how_far_chance_moves_them():
    same = pooled([0.1] * 6)
    assert (same.verdict(), same.p) == ("ahead", 2 / 2**6)
    assert same.low < 0.05 < 0.15 < same.high
    assert not same.within(0.11)
