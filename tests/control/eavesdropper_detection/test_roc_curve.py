"""ROC: reference values, an enumeration, scikit-learn, and intervals that cover."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import binom, norm
from sklearn.metrics import roc_auc_score, roc_curve

from qlearn.control.eavesdropper_detection import auc_interval, empirical_roc, roc


def test_reference_values():
    weak, strong = roc(1000, 0.03, 0.05), roc(1000, 0.03, 0.1)
    assert weak.auc == pytest.approx(0.921483, abs=5e-7)
    assert weak.threshold_at(0.01) == 44
    assert weak.false_alarm[44] == pytest.approx(0.008762, abs=5e-7)
    assert weak.power_at(0.01) == pytest.approx(0.382510, abs=5e-7)
    assert weak.power_at(0.01, randomised=True) == pytest.approx(0.398336, abs=5e-7)
    assert strong.auc == pytest.approx(0.995978, abs=5e-7)
    assert strong.power_at(0.01) == pytest.approx(0.923420, abs=5e-7)
    assert roc(10_000, 0.03, 0.02).auc == pytest.approx(0.969897, abs=5e-7)


@given(st.integers(1, 12), st.floats(0, 0.5), st.floats(0, 1))
def test_equals_a_sum_over_all_pairs_of_counts(n, qber, r):
    after = qber + r * (0.25 - qber / 2)
    quiet, attacked = (binom.pmf(range(n + 1), n, p) for p in (qber, after))
    x, y = np.indices((n + 1, n + 1))
    area = ((y > x) + 0.5 * (y == x)) * np.outer(quiet, attacked)
    curve = roc(n, qber, r)
    assert curve.auc == pytest.approx(area.sum(), abs=1e-12)
    assert curve.power == pytest.approx([attacked[k:].sum() for k in range(n + 2)], abs=1e-12)
    assert curve.false_alarm[0] == pytest.approx(1)
    assert curve.false_alarm[-1] == curve.power[-1] == 0


@pytest.mark.parametrize("alpha", [0.001, 0.01, 0.1, 0.5])
def test_no_other_test_on_the_count_has_more_power(alpha):
    """The best randomised test by linear programming over all tests of the count."""
    from scipy.optimize import linprog

    n, e, r = 40, 0.03, 0.3
    quiet, attacked = (binom.pmf(range(n + 1), n, p) for p in (e, e + r * (0.25 - e / 2)))
    best = linprog(-attacked, A_ub=quiet[None], b_ub=[alpha], bounds=(0, 1))
    assert roc(n, e, r).power_at(alpha, randomised=True) == pytest.approx(-best.fun, abs=1e-8)


def test_no_eve_is_a_coin():
    curve = roc(100, 0.1, 0.0)
    assert curve.auc == pytest.approx(0.5)
    assert np.array_equal(curve.power, curve.false_alarm)


@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=20),
    st.lists(st.integers(-3, 3), min_size=1, max_size=20),
)
def test_measured_curve_is_scikit_learns(quiet, attacked):
    labels, scores = np.r_[np.zeros(len(quiet)), np.ones(len(attacked))], np.r_[quiet, attacked]
    curve = empirical_roc(np.array(quiet, float), np.array(attacked, float))
    assert curve.auc == pytest.approx(roc_auc_score(labels, scores))
    false, true, thresholds = roc_curve(labels, scores, drop_intermediate=False)
    assert np.array_equal(curve.thresholds[::-1], thresholds)
    assert curve.false_alarm[::-1] == pytest.approx(false)
    assert curve.power[::-1] == pytest.approx(true)


def test_infinite_scores_are_the_highest_and_the_lowest():
    curve = empirical_roc(np.array([-np.inf, 0.0]), np.array([0.0, np.inf]))
    assert curve.auc == pytest.approx(0.875)
    assert curve.power[-1] == 0


def test_interval_covers_as_often_as_it_says():
    # 1000 runs, 60 + 40 normal scores one apart; coverage near .95: sd .0069, and 5.5 sd of luck (4e-8) plus 1 % of approximation
    rng, truth, runs = np.random.default_rng(5), norm.cdf(1 / np.sqrt(2)), 1000
    inside = 0
    for _ in range(runs):
        auc, low, high = auc_interval(rng.normal(size=60), rng.normal(1.0, size=40))
        assert low <= auc <= high
        inside += low <= truth <= high
    assert abs(inside / runs - 0.95) < 5.5 * 0.0069 + 0.01


def test_variance_is_delongs_by_the_definition():
    rng = np.random.default_rng(6)
    x, y = rng.integers(0, 9, 15).astype(float), rng.integers(2, 11, 12).astype(float)
    wins = (y[:, None] > x) + 0.5 * (y[:, None] == x)
    error = np.sqrt(wins.mean(1).var(ddof=1) / 12 + wins.mean(0).var(ddof=1) / 15)
    auc, low, high = auc_interval(x, y, confidence=0.9)
    logit = lambda p: np.log(p / (1 - p))  # noqa: E731
    assert auc == pytest.approx(wins.mean())
    assert logit(high) - logit(low) == pytest.approx(2 * norm.ppf(0.95) * error / (auc * (1 - auc)))


def test_scores_that_never_overlap_still_have_an_interval():
    auc, low, high = auc_interval(np.arange(50.0), np.arange(100.0, 200.0))
    assert (auc, high) == (1.0, 1.0)
    assert low == pytest.approx(1 - np.log(20) / 50)
    assert auc_interval(np.arange(100.0, 200.0), np.arange(50.0))[:2] == (0.0, 0.0)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: roc(0, 0.03, 0.1), "n must be at least 1"),
        (lambda: roc(10, 0.6, 0.1), "qber must be"),
        (lambda: roc(10, 0.03, 1.1), "intercepted must be a probability"),
        (lambda: roc(10, 0.03, 0.1).power_at(1.5), "false_alarm must be"),
        (lambda: empirical_roc([], [1.0]), "quiet must be"),
        (lambda: empirical_roc([1.0], [np.nan]), "attacked must be .* without NaN"),
        (lambda: auc_interval([1.0], [1.0, 2.0]), "quiet must be 2 scores or more"),
        (lambda: auc_interval([1.0, 2.0], [1.0, 2.0], confidence=1.0), "confidence must lie"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_scores_that_are_all_tied_are_not_known_without_error():
    # a detector that hardly ever alarms: of 20 and 20 scores all may be 0, while the area is not 1/2
    auc, low, high = auc_interval(np.zeros(20), np.zeros(20))
    assert auc == 0.5
    assert low < 0.36
    assert high > 0.64
    rng, hits = np.random.default_rng(1), 0
    for _ in range(400):
        quiet, attacked = rng.random(20) < 0.02, rng.random(20) < 0.05
        _, low, high = auc_interval(quiet.astype(float), attacked.astype(float))
        assert low < high
        hits += low <= 0.515 <= high
    assert hits > 0.93 * 400  # all but a few are 1 - 0.002; a width of 0 had 304
