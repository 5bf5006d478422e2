"""Leak tests: level and coverage over many runs, bounds that stay under the truth, and what is refused."""

import numpy as np
import pytest
from scipy.stats import binom, binomtest, hypergeom
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

from qlearn.control.side_channels import (
    DetectionTimes,
    FrequencyLeak,
    LeakTest,
    SingleShotClassifier,
    leak_test,
    permutation_test,
)
from qlearn.qubits.entropies import binary_entropy


@pytest.mark.parametrize(("right", "trials"), [(0, 50), (50, 50), (29, 50), (5117, 10_000)])
def test_interval_and_p_value_are_scipys(right, trials):
    found, theirs = LeakTest(right, trials), binomtest(right, trials, alternative="greater")
    assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-9)
    both = binomtest(right, trials).proportion_ci(0.99, "exact")
    assert found.interval(failure=0.01) == pytest.approx((both.low, both.high), abs=1e-9)


def test_fano_by_hand():
    found = LeakTest(700, 1000)
    low = binomtest(700, 1000, alternative="greater").proportion_ci(0.95, "exact").low
    assert found.information_at_least() == pytest.approx(
        1 + low * np.log2(low) + (1 - low) * np.log2(1 - low)
    )
    assert LeakTest(500, 1000).information_at_least() == 0 == LeakTest(300, 1000).information_at_least()


def test_information_stays_under_the_truth():
    # 60 leaks of half a jitter: each bound fails with at most 1e-8, together 6e-7
    leak, rng = DetectionTimes(0.5), np.random.default_rng(8)
    proved = []
    for _ in range(60):
        secrets, times = leak.record(20_000, rng)
        found = leak_test(GaussianNB(), times, secrets, rng=rng)
        assert found.information_at_least(failure=1e-8) <= leak.information
        proved.append(found.information_at_least())
        # no reader beats the best one: right ones are binomial, 6 sd of .0049
        assert found.rate < leak.guess + 6 * 0.0049
    # the scores find what accuracy forgets: more than Fano's 1 - h(.5987) = .0283 could ever say
    big, times = leak.record(400_000, rng)
    assert leak_test(GaussianNB(), times, big, rng=rng).information_at_least() > 0.0355
    assert min(proved) > 0


def test_a_model_that_learns_by_heart_raises_no_alarm():
    # nearest neighbour on noise: right in all of its own rows, in half of fresh ones; 40 p-values uniform: 9 or more below
    # .05 have the chance 3e-4 ... of all 40 below .001 none but with 4 %; here the smallest of 40 above 1e-7 fails with 4e-6
    rng = np.random.default_rng(3)
    p = []
    for _ in range(40):
        rows, secrets = rng.standard_normal((600, 2)), rng.integers(0, 2, 600)
        p.append(leak_test(KNeighborsClassifier(1), rows, secrets, rng=rng).p_value)
    assert min(p) > 2.5e-8  # 40 of them: 1e-6
    assert 0.2 < np.mean(p) < 0.8  # sd .046: 6.5 sd


def test_a_model_without_chances():
    secrets, times = DetectionTimes(2.0).record(4000, rng=1)
    found = leak_test(LinearSVC(), times, secrets, rng=2)
    assert found.scored is None
    assert found.information_at_least() > 0.2


def test_the_model_stays_as_it_was():
    model = LogisticRegression()
    secrets, times = DetectionTimes(2.0).record(400, rng=1)
    leak_test(model, times, secrets, rng=2)
    permutation_test(model, times, secrets, rng=2)
    assert not hasattr(model, "coef_")


class SaysTheRow(ClassifierMixin, BaseEstimator):
    """Says the first column."""

    def fit(self, X, y):
        """Learn nothing."""
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        """Return it."""
        return X[:, 0].astype(np.uint8)


def test_permutations_by_hand():
    rng = np.random.default_rng(4)
    secrets = (rng.random(400) < 0.3).astype(np.uint8)
    rows = (secrets ^ (rng.random(400) < 0.4))[:, None]
    seen = permutation_test(SaysTheRow(), rows, secrets, permutations=20_000, rng=np.random.default_rng(9))
    order = np.random.default_rng(9).permutation(400)[200:]
    truth, said = secrets[order], rows[order, 0]
    assert seen.accuracy == pytest.approx((truth == said).mean())
    by_hand = np.array([(rng.permutation(truth) == said).mean() for _ in range(20_000)])
    # two samples of 20,000 from one law: Kolmogorov and Smirnov's distance above .028 has 1e-6
    grid = np.unique(np.concatenate([by_hand, seen.exchanged]).round(9))
    distance = max(abs((by_hand <= g + 1e-9).mean() - (seen.exchanged <= g + 1e-9).mean()) for g in grid)
    assert distance < 0.028
    met = int((truth & said).sum())
    exact = hypergeom.sf(met - 1, 200, int(truth.sum()), int(said.sum()))
    assert seen.p_value == pytest.approx(exact, abs=6 * np.sqrt(0.25 / 20_000))


def test_a_biased_secret_is_no_leak():
    rng = np.random.default_rng(6)
    biased, noise = (rng.random(3000) < 0.7).astype(np.uint8), rng.standard_normal((3000, 1))
    assert permutation_test(DummyClassifier(), noise, biased, rng=1).p_value == 1
    with pytest.raises(ValueError, match="use permutation_test"):
        leak_test(DummyClassifier(), noise, biased, rng=1)


class TooSure(SaysTheRow):
    """Gives both bits nearly everything, or speaks of one class alone."""

    def __init__(self, chances=(0.95, 0.95)):
        self.chances = chances

    def predict_proba(self, X):
        """Return what was asked for."""
        return np.tile(self.chances, (len(X), 1))


@pytest.mark.parametrize("chances", [(0.95, 0.95), (1.0,), (1.5, -0.5), (np.nan, 0.5)])
def test_chances_that_are_none_prove_nothing(chances):
    # with .95 for either bit, coins would have "held" 0.9 bits
    with pytest.raises(ValueError, match="two chances for each row that add up to 1"):
        leak_test(TooSure(chances), np.zeros((100, 1)), np.tile([0, 1], 50), rng=1)


@pytest.mark.parametrize("failure", [0.3, 0.5, 0.7])
def test_fano_keeps_its_word_at_any_failure(failure):
    # all numbers of right guesses, weighed: how often more is proved than an accuracy of .99 holds
    n, a = 50, 0.99
    true = 1 + a * np.log2(a) + (1 - a) * np.log2(1 - a)
    wrong = sum(
        binom.pmf(k, n, a)
        for k in range(n + 1)
        if LeakTest(k, n).information_at_least(failure=failure) > true
    )
    assert wrong <= failure


class Rounded(ClassifierMixin, BaseEstimator):
    """Knows nothing; its chances add up to a little more than 1, and its guesses have the shape it is told."""

    def __init__(self, shape=(-1,)):
        self.shape = shape

    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        return self

    def predict(self, X):
        return np.zeros(len(X), int).reshape(self.shape)

    def predict_proba(self, X):
        return np.full((len(X), 2), 0.50004)


def test_what_rounding_leaves_above_one_is_no_leak():
    rng = np.random.default_rng(1)
    found = leak_test(Rounded(), np.zeros((1_000_000, 1)), rng.integers(0, 2, 1_000_000), rng=1)
    assert found.scored == 0
    assert found.information_at_least() == 0


@pytest.mark.parametrize("test", [leak_test, permutation_test])
def test_one_guess_a_row(test):
    rows, bits = np.zeros((100, 1)), np.tile([0, 1], 50)
    with pytest.raises(
        ValueError, match=r"one bit for each of the 50 rows; what Rounded predicts has the shape \(50, 1\)"
    ):
        test(Rounded((-1, 1)), rows, bits, rng=1)


def test_states_are_not_scored():
    # the law of the outcomes, taken for what one outcome tells, would prove .55 of a bit where Holevo allows .32
    leak, bits = FrequencyLeak(1.0), np.random.default_rng(5).integers(0, 2, 20_000)
    shots = leak_test(SingleShotClassifier(layers=1, random_state=1), leak.states(bits), bits, rng=3)
    assert shots.scored is None
    accessible = 1 - float(binary_entropy(leak.guess))  # two pure states: Helstrom's measurement
    assert 0.1 < shots.information_at_least(failure=1e-8) <= accessible <= leak.chi


fair = np.tile([0, 1], 50)
rows = np.zeros((100, 1))


@pytest.mark.parametrize(
    ("arguments", "options", "says"),
    [
        ((rows, np.zeros(100, int)), {}, "secrets must hold both 0 and 1, not 0 alone"),
        ((rows[:50], fair), {}, "same length"),
        ((np.where(rows == 0, np.nan, 0), fair), {}, "observations must be finite"),
        ((rows[:, 0], fair), {}, "must have the shape"),
        ((rows[:, :0], fair), {}, "must have the shape"),
        ((rows, fair), {"fraction": 0.9}, "at least 20 rows in either part, not 90 and 10"),
        ((rows, fair), {"fraction": 1.0}, "fraction must lie between 0 and 1"),
        ((rows, fair), {"clip": 0.5}, "clip must lie between 0 and 1/2"),
    ],
)
def test_refuses(arguments, options, says):
    with pytest.raises(ValueError, match=says):
        leak_test(DummyClassifier(), *arguments, **options)


def test_refuses_what_is_no_model_and_no_number():
    with pytest.raises(TypeError, match="model must be a classifier"):
        leak_test("svm", rows, fair)
    with pytest.raises(TypeError, match="observations must be numbers"):
        leak_test(DummyClassifier(), rows.astype(str), fair)
    with pytest.raises(ValueError, match="right must be at most the 5 trials"):
        LeakTest(6, 5)
    rare = np.zeros(400, int)
    rare[-1] = 1
    with pytest.raises(ValueError, match="one of them is too rare"):
        permutation_test(DummyClassifier(), np.zeros((400, 1)), rare, rng=1, fraction=0.1)
