"""What an alarm is worth: Bayes by counting, limits by the binomial, thresholds by trying all."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import binom

from qlearn.applications.finance import (
    alerts_a_day,
    bayesian_detection_rate,
    cost_threshold,
    expected_cost,
    false_alarm_limit,
    largest_false_alarm_rate,
)

FIELD = {"base_rate": 0.01, "cost_miss": 1000.0, "cost_alarm": 10.0}


def test_axelssons_numbers():
    """A million records a day, 20 of them of attacks: at a = 1e-5 and d = 0.7 about 58 % of alarms are true."""
    p = 20 / 1e6
    counted = Fraction(14, 24)  # 14 of 20 attacks, and 1e-5 of the other 999,980 records: 9.9998
    assert bayesian_detection_rate(0.7, 1e-5, p) == pytest.approx(float(counted), abs=1e-3)
    assert bayesian_detection_rate(1.0, 1e-3, p) == pytest.approx(20 / (20 + 999.98))


@given(st.floats(0.01, 1), st.floats(0.01, 0.99), st.floats(1e-6, 0.4))
def test_the_largest_rate_is_the_inverse(d, precision, p):
    a = largest_false_alarm_rate(precision, d, p)
    found = bayesian_detection_rate(d, a, p)
    assert found == pytest.approx(precision) if a < 1 else found >= precision - 1e-12


@given(st.floats(0, 1e7), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_alerts_add_up(events, d, a, p):
    day = alerts_a_day(events, d, a, p)
    assert day.true + day.missed == pytest.approx(events * p)
    assert day.false == pytest.approx(events * (1 - p) * a)
    share = bayesian_detection_rate(d, a, p)
    if day.true + day.false > 1e-3:
        assert share == pytest.approx(day.true / (day.true + day.false))
    assert np.isnan(bayesian_detection_rate(0, 0, 0.1))


@pytest.mark.parametrize(("alarms", "n"), [(0, 1), (0, 100), (3, 100), (99, 100)])
def test_the_limit_is_where_the_tail_is_the_risk(alarms, n):
    assert binom.cdf(alarms, n, false_alarm_limit(alarms, n)) == pytest.approx(0.05)
    assert false_alarm_limit(n, n) == 1
    assert false_alarm_limit(0, n, 0.9) == pytest.approx(1 - 0.1 ** (1 / n))


scored = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=25).filter(
    lambda rows: len({attack for _, attack in rows}) == 2
)


@given(scored, st.floats(0, 1), st.floats(0, 100), st.floats(0, 100))
def test_no_threshold_is_cheaper(rows, p, miss, false):
    scores, attack = (np.array(column) for column in zip(*rows, strict=True))
    price = {"base_rate": p, "cost_miss": miss, "cost_alarm": false}
    found = cost_threshold(scores, attack, **price)
    every = [expected_cost(scores >= t, attack, **price) for t in (*np.arange(-0.5, 7.5), np.inf)]
    assert found.cost == pytest.approx(min(every))
    assert expected_cost(scores >= found.score, attack, **price) == pytest.approx(found.cost)


def test_costs_by_hand():
    alarms, attack = [True, False, True, False, False], [True, True, False, False, False]
    assert expected_cost(alarms, attack, **FIELD) == pytest.approx(0.01 * 0.5 * 1000 + 0.99 / 3 * 10)
    # rare and cheap enough attacks: no alarm at all
    none = cost_threshold([0.2, 0.1], [True, False], base_rate=1e-6, cost_miss=1.0, cost_alarm=1.0)
    assert none.score == 0.2
    mixed = cost_threshold([0.1, 0.2], [True, False], base_rate=1e-6, cost_miss=1.0, cost_alarm=1.0)
    assert mixed.score == np.inf


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: bayesian_detection_rate(1.1, 0, 0), "detection must be"),
        (lambda: bayesian_detection_rate([0.1, 0.2], [0.1] * 3, 0), "must broadcast"),
        (lambda: largest_false_alarm_rate(0, 1, 0.1), "precision must be above 0"),
        (lambda: largest_false_alarm_rate(0.5, 1, 1.0), "base_rate must be below 1"),
        (lambda: alerts_a_day(-1, 1, 1, 1), "events must be"),
        (lambda: false_alarm_limit(2, 1), "at most the n=1 rows"),
        (lambda: false_alarm_limit(0, 0), "n must be at least 1"),
        (lambda: false_alarm_limit(0, 5, 1.0), "confidence must lie"),
        (lambda: expected_cost([True], [True], **FIELD), "must hold both"),
        (lambda: expected_cost([True, False], [True], **FIELD), "one number and one bool a row"),
        (lambda: cost_threshold([0.1, 0.2], [1, 0], **FIELD), "one bool a row"),
        (lambda: cost_threshold([0.1, np.nan], [True, False], **FIELD), "scores must be finite"),
        (lambda: cost_threshold([0.1, 0.2], [True, False], base_rate=0.1, cost_miss=-1, cost_alarm=1), "cost_miss must be"),
    ],
)  # fmt: skip
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_alarms_are_no_scores():
    with pytest.raises(TypeError, match="compare the scores with a threshold"):
        expected_cost([0.3, 0.4], [True, False], **FIELD)
