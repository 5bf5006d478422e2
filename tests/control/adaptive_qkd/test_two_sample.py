"""Two-sample tests: SciPy's distances, exact p-values, the right size, and refusals."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats
from sklearn.dummy import DummyClassifier
from sklearn.tree import DecisionTreeClassifier

from qlearn.control.adaptive_qkd import (
    classifier_test,
    energy_distance,
    energy_test,
    kolmogorov_smirnov_test,
    rejection_share,
)

TESTS = (energy_test, kolmogorov_smirnov_test, classifier_test)


@pytest.fixture
def samples():
    rng = np.random.default_rng(1)
    return rng.normal(size=(60, 3)), rng.normal(0.3, 1.2, size=(40, 3))


def test_energy_distance_of_one_column_is_scipys(samples):
    x, y = (z[:, :1] for z in samples)
    # SciPy counts each trace with itself as well and takes the root: undo both
    n, m = len(x), len(y)
    biased = stats.energy_distance(x[:, 0], y[:, 0]) ** 2
    extra = [np.abs(z - z.T).mean() / (len(z) - 1) for z in (x, y)]
    assert np.isclose(energy_distance(x, y), biased - sum(extra), rtol=1e-10)
    assert (n, m) == (60, 40)


def test_the_test_measures_the_distance_itself(samples):
    assert np.isclose(energy_test(*samples, permutations=9, rng=1).statistic, energy_distance(*samples))


def test_largest_gap_is_scipys_over_the_columns(samples):
    x, y = samples
    gaps = [stats.ks_2samp(a, b).statistic for a, b in zip(x.T, y.T, strict=True)]
    assert np.isclose(kolmogorov_smirnov_test(x, y, rng=1).statistic, max(gaps))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_equal_values_are_no_gap(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 3, (12, 2)), rng.integers(0, 3, (17, 2))
    gaps = [stats.ks_2samp(a, b, method="asymp").statistic for a, b in zip(x.T, y.T, strict=True)]
    assert np.isclose(kolmogorov_smirnov_test(x, y, permutations=5, rng=1).statistic, max(gaps))


def test_p_value_is_that_of_all_shufflings():
    # 0..19 with the first ten in one set: of the C(20, 10) deals only two are as far apart
    x, y = np.arange(10.0)[:, None], np.arange(10.0, 20.0)[:, None]
    assert energy_test(x, y, permutations=999, rng=1).p_value == 0.001
    assert kolmogorov_smirnov_test(x, y, permutations=999, rng=1).p_value == 0.001
    assert 2 / comb(20, 10) < 1e-4


@pytest.mark.parametrize("test", [energy_test, kolmogorov_smirnov_test])
def test_p_value_agrees_with_scipys_permutations(test):
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(15, 1)), rng.normal(0.1, 1, size=(12, 1))

    def statistic(a, b):
        return test(a[:, None], b[:, None], permutations=1, rng=0).statistic

    theirs = stats.permutation_test(
        (x[:, 0], y[:, 0]), statistic, n_resamples=4000, alternative="greater", rng=1
    ).pvalue
    ours = test(x, y, permutations=4000, rng=2).p_value
    # two binomial shares of 4000 each at p <= 1/2: sd .0112, six of them 2e-9
    assert abs(ours - theirs) < 6 * np.sqrt(2 * 0.25 / 4000)
    assert 0.01 < ours < 0.9


def test_classifier_p_value_is_fishers_exact_test(samples):
    x, y = samples
    tree = DecisionTreeClassifier(max_depth=2, random_state=0)
    found = classifier_test(x, y, classifier=tree, rng=5)
    from qlearn.evidence import holdout_split

    X, labels = np.vstack(samples), np.repeat([0, 1], [60, 40])
    halves = holdout_split(labels, rng=5)
    said, truth = (
        tree.fit(X[halves.settle], labels[halves.settle]).predict(X[halves.judge]),
        labels[halves.judge],
    )
    table = [[np.sum((said == a) & (truth == b)) for b in (1, 0)] for a in (1, 0)]
    assert np.isclose(found.p_value, stats.fisher_exact(table, alternative="greater").pvalue)
    assert found.statistic == np.mean(said == truth)


def test_a_constant_answer_is_no_evidence(samples):
    # 60 % are right of unequal sets, and that says nothing
    found = classifier_test(*samples, classifier=DummyClassifier(), rng=1)
    assert found.statistic == 0.6
    assert found.p_value == 1


@pytest.mark.parametrize("test", TESTS)
def test_equal_laws_are_rejected_as_seldom_as_it_says(test):
    # 200 pairs at level .05: at most 24 in all but 1e-4 of cases is not rare enough, 30 leaves 1e-7
    def draw(rng):
        return rng.normal(size=(20, 2))

    quick = test if test is classifier_test else lambda x, y, rng: test(x, y, permutations=99, rng=rng)
    found = rejection_share(quick, draw, draw, repeats=200, rng=11)
    assert stats.binom.sf(30, 200, 0.05) < 1e-6
    assert found.share <= 30 / 200


@pytest.mark.parametrize("test", TESTS)
def test_far_laws_are_rejected_always(test):
    found = rejection_share(
        test, lambda rng: rng.normal(size=(60, 2)), lambda rng: rng.normal(3, 1, (60, 2)), repeats=20, rng=1
    )
    assert (found.share, found.high, found.repeats) == (1, 1, 20)
    assert np.isclose(found.low, 0.025 ** (1 / 20))


@pytest.mark.parametrize("test", [energy_test, classifier_test])
def test_memory_alone_is_seen(test):
    rng = np.random.default_rng(8)
    x = rng.normal(size=(300, 2))
    y = rng.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], size=300)
    assert test(x, y, rng=1).p_value < 0.01


@pytest.mark.parametrize("test", [*TESTS, energy_distance])
@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        (np.ones(20), np.ones((20, 1)), "real must be traces as rows"),
        (np.ones((20, 1)), np.ones((20, 0)), "generated must be traces as rows"),
        (np.ones((20, 2)), np.ones((20, 3)), "traces of the same length, not 2 and 3"),
        (np.ones((9, 2)), np.ones((20, 2)), "real must hold at least 10 traces, not 9"),
        (np.ones((20, 2)), np.full((20, 2), np.inf), "generated must be finite"),
    ],
)
def test_refuses(test, x, y, says):
    with pytest.raises(ValueError, match=says):
        test(x, y)


def test_refuses_what_is_no_test(samples):
    with pytest.raises(TypeError, match="classifier must have fit and predict"):
        classifier_test(*samples, classifier="forest")
    with pytest.raises(TypeError, match="first must be a function"):
        rejection_share(energy_test, samples[0], lambda rng: samples[1])
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        rejection_share(energy_test, lambda rng: samples[0], lambda rng: samples[1], level=5)
    with pytest.raises(ValueError, match="permutations must be at least 1"):
        energy_test(*samples, permutations=0)
