"""Pooled: the signed-rank test of SciPy where it is exact, definitions where there are ties."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import rankdata, wilcoxon

from qlearn.evidence import Difference, pooled

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("n", [6, 7, 12, 20])
def test_is_wilcoxons_exact_test(n):
    d = RNG.normal(0.3, 1, n)
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
        together = pooled(RNG.normal(0.5, 1, 9))
        assert (together.p < 0.05) == (together.low > 0 or together.high < 0)


def test_equal_models_are_told_apart_as_rarely_as_promised():
    # 2,000 times seven data sets; P = 2 x 2/128 = .031 exactly, six standard deviations are .023, chance 1e-9
    alarms = np.mean([pooled(RNG.normal(size=7)).p < 0.05 for _ in range(2_000)])
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
