"""Learned detectors on one scale: normal scores, thresholds from ranks, references that follow, delays."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import binomtest, norm, rankdata
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC, OneClassSVM

from qlearn.control.eavesdropper_detection import (
    delays,
    follow,
    normal_scores,
    power_at,
    suspicion,
)
from qlearn.learning import QNNClassifier


@pytest.fixture(scope="module")
def blocks():
    rng = np.random.default_rng(5)
    quiet, attacked = rng.normal(size=(150, 2)), rng.normal(2.0, size=(150, 2))
    return np.vstack([quiet, attacked]), np.repeat([0, 1], 150), rng.normal(1.0, 1.5, size=(30, 2))


@pytest.mark.parametrize(
    "model",
    [
        LogisticRegression(),
        RandomForestClassifier(20, random_state=0),
        QNNClassifier(epochs=5, random_state=0),
    ],
    ids=["logistic", "forest", "QNN"],
)
def test_suspicion_of_a_classifier_rises_with_its_chance(blocks, model):
    X, y, new = blocks
    model.fit(np.clip(X / 3, -1, 1), y)
    new = np.clip(new / 3, -1, 1)
    chance = model.predict_proba(new)[:, 1]
    assert (suspicion(model, new).argsort(kind="stable") == chance.argsort(kind="stable")).mean() > 0.9
    rising = np.diff(chance[suspicion(model, new).argsort(kind="stable")])
    assert (rising > -1e-9).all()


def test_suspicion_of_outliers_turns_the_sign(blocks):
    X, y, new = blocks
    for model in (
        OneClassSVM(),
        IsolationForest(random_state=0),
        make_pipeline(StandardScaler(), OneClassSVM()),
    ):
        model.fit(X[y == 0])
        np.testing.assert_array_equal(suspicion(model, new), -model.decision_function(new))


def test_log_odds_of_two_gaussians_estimate_the_likelihood_ratio():
    # N(0, 1) against N(2, 1): ln L = 2 x - 2. Logistic regression on 2 x 20,000 rows has errors of slope and offset
    # of .022 and .03 (Fisher information by numerical integration); 6 standard errors
    rng = np.random.default_rng(8)
    x = np.concatenate([rng.normal(size=20_000), rng.normal(2.0, size=20_000)])[:, None]
    model = LogisticRegression(C=1e6).fit(x, np.repeat([0, 1], 20_000))
    scores = suspicion(model, [[0.0], [1.0], [2.0]])
    assert abs(scores[1]) < 6 * 0.02
    assert abs((scores[2] - scores[0]) / 2 - 2.0) < 6 * 0.025


def test_holes_are_not_asked(blocks):
    X, y, _ = blocks
    model = LogisticRegression().fit(X, y)
    scores = suspicion(model, [[np.nan, 1.0], [1.0, 1.0], [np.inf, 0.0]])
    assert np.isnan(scores).tolist() == [True, False, True]
    assert np.isnan(suspicion(model, [[np.nan, 1.0]])).all()


def test_suspicion_refuses(blocks):
    X, y, _ = blocks
    with pytest.raises(
        TypeError, match="model must be a fitted classifier or a model of outliers, not LinearRegression"
    ):
        suspicion(LinearRegression().fit(X, y), X)
    for labels in (np.arange(300) % 2 + 1, np.arange(300) % 2 * 2 - 1):
        with pytest.raises(ValueError, match="model must know class 0, quiet, and at least one attack"):
            suspicion(LogisticRegression().fit(X, labels), X)
    three = make_pipeline(StandardScaler(), LinearSVC()).fit(X, np.arange(300) % 3)
    with pytest.raises(ValueError, match="model must offer predict_proba to tell 3 classes"):
        suspicion(three, X)


def test_suspicion_refuses_a_row_that_is_no_table(blocks):
    X, y, _ = blocks
    with pytest.raises(ValueError, match=r"X must hold one row of features a block, .* not shape \(2,\)"):
        suspicion(LogisticRegression().fit(X, y), X[0])


def test_suspicion_asks_for_a_fitted_model():
    with pytest.raises(NotFittedError, match="not fitted"):
        suspicion(LogisticRegression(), [[0.0]])


@pytest.mark.parametrize("scores", [[[0.3, np.nan]], [[0, 1]], [[[True]]]])
def test_scores_are_no_alarms(scores):
    with pytest.raises(TypeError, match="alarms must say True or False of each block"):
        delays(scores, 0)


def test_suspicion_of_several_attacks_is_the_odds_against_quiet(blocks):
    X, y, new = blocks
    model = LogisticRegression().fit(X, y * (1 + np.arange(300) % 3))
    chance = model.predict_proba(new)
    np.testing.assert_allclose(
        suspicion(model, new), np.log(chance[:, 1:].sum(axis=1) / chance[:, 0]), atol=1e-9
    )


def test_suspicion_without_chances_is_the_decision_value(blocks):
    X, y, new = blocks
    model = LinearSVC().fit(X, y)
    np.testing.assert_array_equal(suspicion(model, new), model.decision_function(new))


@given(st.lists(st.integers(-50, 50), min_size=20, max_size=60), st.integers(-60, 60))
def test_normal_scores_are_those_of_the_rank_among_the_quiet(quiet, score):
    # scipy's rank among all of them, ties shared: 1/2 above the number below and half of the ties
    expected = norm.ppf((rankdata([*quiet, score])[-1] - 0.5) / (len(quiet) + 1))
    assert normal_scores(quiet, [score])[0] == pytest.approx(expected)


def test_normal_scores_do_not_depend_on_the_models_unit():
    rng = np.random.default_rng(2)
    quiet, new = rng.normal(size=500), rng.normal(size=(3, 40))
    np.testing.assert_array_equal(normal_scores(quiet, new), normal_scores(np.exp(quiet), np.exp(new)))


def test_normal_scores_of_quiet_blocks_are_normal():
    # 20,000 quiet scores of a lopsided law place 20,000 others. Kolmogorov's distance of two samples: above 0.0275 with
    # a chance of 2 exp(-2 (n/2) .0275^2) = 5e-7
    rng = np.random.default_rng(4)
    z = np.sort(normal_scores(rng.exponential(size=20_000), rng.exponential(size=20_000)))
    assert np.abs(norm.cdf(z) - (np.arange(z.size) + 0.5) / z.size).max() < 0.0275


def test_normal_scores_of_one_reference_share_its_chance():
    # The mean of z over all quiet blocks of one reference: about -(mean of the reference's own scores), sd 1/sqrt(N).
    # 300 references of N = 100: the sd of these means is .1 within 6 / sqrt(600) of itself
    rng = np.random.default_rng(12)
    law = norm.ppf((np.arange(4000) + 0.5) / 4000)
    means = [normal_scores(rng.normal(size=100), law).mean() for _ in range(300)]
    assert abs(np.std(means) / 0.1 - 1) < 6 / np.sqrt(600)
    assert abs(np.mean(means)) < 6 * 0.1 / np.sqrt(300)


def test_threshold_is_an_order_statistic_and_keeps_its_promise_on_average():
    # N = 199 quiet scores, alpha = .05: the 190th. Its chance of being exceeded is Beta(10, 190): mean .05, sd .0154.
    # The mean of 400 such thresholds has sd .00077; 5 sd: 6e-7
    rng = np.random.default_rng(6)
    draws = rng.normal(size=(400, 199))
    thresholds = [power_at(row, row, row, false_alarm=0.05).threshold for row in draws]
    np.testing.assert_array_equal(thresholds, np.sort(draws, axis=1)[:, 189])
    assert abs(norm.sf(thresholds).mean() - 0.05) < 5 * 0.00077


def test_power_and_its_interval():
    settle, quiet, attacked = np.arange(99.0), [98.0, 99.0, 0.0, 0.0], [97.0, 99.0, 100.0, np.nan]
    seen = power_at(settle, quiet, attacked, false_alarm=0.01)
    assert (seen.threshold, seen.false_alarm, seen.power) == (98.0, 0.25, 0.5)
    oracle = binomtest(2, 4).proportion_ci(method="exact")
    np.testing.assert_allclose([seen.low, seen.high], [oracle.low, oracle.high])
    nothing, everything = power_at(settle, [0.0], [0.0] * 5), power_at(settle, [0.0], [99.0] * 5)
    assert nothing.low == 0.0
    assert everything.high == 1.0


def test_infinite_scores_are_scores():
    quiet = np.r_[np.full(50, -np.inf), np.arange(49.0)]
    assert power_at(quiet, [0.0], [48.0, np.inf]).threshold == 48.0
    assert power_at(quiet, [0.0], [48.0, np.inf]).power == 0.5
    assert normal_scores(quiet, [-np.inf, np.inf]).tolist() == [norm.ppf(25.5 / 100), norm.ppf(99.5 / 100)]


@given(st.floats(0.01, 0.5), st.integers(0, 1000))
def test_following_is_the_recursion(forgetting, seed):
    x = np.random.default_rng(seed).normal(size=(30, 2))
    x[7, 1] = np.nan
    m, left = x[0].copy(), []
    for row in x:
        d = row - m
        left.append(d if np.isfinite(row).all() else np.full(2, np.nan))
        if np.isfinite(row).all():
            m = m + forgetting * d
    np.testing.assert_allclose(follow(x, forgetting), left, atol=1e-12)


def test_following_a_step_and_a_ramp():
    step = follow(np.r_[np.zeros(1), np.ones(60)], 0.1)
    np.testing.assert_allclose(step[1:], 0.9 ** np.arange(60), atol=1e-12)
    ramp = follow(np.arange(400.0) * 0.3, 0.05)
    assert ramp[-1] == pytest.approx(0.3 / 0.05, rel=1e-6)
    np.testing.assert_allclose(follow([1.0, 1.0], 0.5, start=0.0), [1.0, 0.5])
    assert np.isnan(follow([np.nan, np.nan], 0.5)).all()


def test_delays_count_from_the_onset():
    alarms = np.zeros((4, 10), dtype=bool)
    alarms[0, 4] = alarms[1, 9] = alarms[2, 1] = True  # at once, at the end, before only
    assert delays(alarms, 4).tolist() == [1.0, 6.0, np.inf, np.inf]
    assert delays(alarms[0], 4).tolist() == [1.0]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: normal_scores(np.zeros(5), [1.0]),
            "quiet must hold at least 20 scores of quiet blocks, not 5",
        ),
        (lambda: normal_scores([np.nan] * 30, [1.0]), "quiet must be numbers, and 30 of 30 are nan"),
        (lambda: power_at(np.zeros(98), [0.0], [0.0]), "settle must hold at least 99 scores"),
        (lambda: power_at(np.zeros(99), [], [0.0]), "must each hold at least one block"),
        (
            lambda: power_at(np.zeros(99), [0.0], [0.0], false_alarm=0.0),
            "false_alarm must lie between 0 and 1",
        ),
        (lambda: follow([1.0], 1.0), "forgetting must lie between 0 and 1"),
        (lambda: follow(np.zeros((2, 2, 2)), 0.1), "X must hold the rows of at least one block"),
        (lambda: follow([], 0.1), "X must hold the rows of at least one block"),
        (lambda: delays(np.zeros((2, 5), dtype=bool), 5), "onset must be one of the 5 blocks, 0 to 4, not 5"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
