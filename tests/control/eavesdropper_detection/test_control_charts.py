"""Control charts: tabled run lengths, the other's limit cases, and simulation."""

import numpy as np
import pytest

from qlearn.control.eavesdropper_detection import (
    Ewma,
    ewma_limit_for,
    ewma_run_length,
    shewhart_limit_for,
    shewhart_run_length,
)


def test_shewharts_three_sigma():
    assert shewhart_run_length(3.0) == pytest.approx(370.398, abs=5e-4)
    assert shewhart_run_length(3.0, 1.0) == pytest.approx(43.895, abs=5e-4)
    assert shewhart_run_length(3.0, -1.0) == shewhart_run_length(3.0, 1.0)


@pytest.mark.parametrize(("weight", "limit"), [(0.1, 2.814), (0.25, 2.998), (0.5, 3.071)])
def test_limits_that_tables_give_for_500_blocks(weight, limit):
    """Lucas and Saccucci, Technometrics 32, 1 (1990), to the three digits of their limits."""
    assert ewma_run_length(weight, limit) == pytest.approx(500, rel=2e-3)


@pytest.mark.parametrize(
    ("weight", "shift", "length"),
    [
        (0.25, 0.5, 48.453),
        (0.5, 0.5, 75.354),
        (0.75, 0.5, 110.950),
        (0.25, 1.0, 11.1543),
        (0.5, 1.0, 15.7378),
        (0.75, 1.0, 25.6391),
        (0.25, 1.5, 5.4697),
        (0.5, 1.5, 6.1111),
        (0.75, 1.5, 8.7201),
        (0.25, 2.0, 3.61677),
        (0.5, 2.0, 3.46850),
        (0.75, 2.0, 4.15346),
    ],
)
def test_run_lengths_of_sas(weight, shift, length):
    """What the function EWMAARL of SAS/QC prints in its documentation, for limits of three standard deviations."""
    assert ewma_run_length(weight, 3.0, shift) == pytest.approx(length, rel=1e-4)


@pytest.mark.parametrize("shift", [0.0, 0.5, 2.0])
def test_a_weight_of_one_is_shewharts_chart(shift):
    assert ewma_run_length(1.0, 2.5, shift) == pytest.approx(shewhart_run_length(2.5, shift), rel=1e-9)


def test_agrees_with_a_markov_chain():
    """Lucas and Saccucci's own way: the mean on a grid of 2001 states."""
    from scipy.stats import norm

    weight, limit, shift = 0.2, 2.7, 0.4
    edge = limit * np.sqrt(weight / (2 - weight))
    m = 1001
    width = 2 * edge / m
    at = -edge + width * (np.arange(m) + 0.5)
    middle = (at[None, :] - (1 - weight) * at[:, None]) / weight - shift
    half = width / weight / 2
    chances = norm.cdf(middle + half) - norm.cdf(middle - half)
    length = np.linalg.solve(np.eye(m) - chances, np.ones(m))[m // 2]
    assert ewma_run_length(weight, limit, shift) == pytest.approx(length, rel=1e-4)


def test_agrees_with_the_detector():
    # 3000 runs from the start; the sd of a run is below its mean of about 10: standard error .2; 6 of them
    rng = np.random.default_rng(1)
    stream = rng.normal(1.0, size=(3000, 120))
    lengths = []
    for row in stream:
        over = Ewma(2.814, weight=0.1).run(row) > 2.814
        assert over.any()
        lengths.append(np.argmax(over) + 1)
    assert abs(np.mean(lengths) - ewma_run_length(0.1, 2.814, 1.0)) < 6 * 0.2


def test_limits_for_a_run_length():
    for wanted in (20.0, 1000.0, 1e6):
        assert shewhart_run_length(shewhart_limit_for(wanted)) == pytest.approx(wanted)
        assert ewma_run_length(0.1, ewma_limit_for(wanted, 0.1)) == pytest.approx(wanted, rel=1e-6)
    assert ewma_limit_for(1000, 1.0) == pytest.approx(shewhart_limit_for(1000), rel=1e-8)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: shewhart_run_length(0.0), "limit must be above 0"),
        (lambda: shewhart_limit_for(1.0), "arl0 must be"),
        (lambda: ewma_run_length(0.01, 3.0), "weight must be"),
        (lambda: ewma_run_length(0.1, -1.0), "limit must be above 0"),
        (lambda: ewma_run_length(0.1, 40.0), "limit must be lower"),
        (lambda: ewma_limit_for(1e11), "arl0 must be"),
        (lambda: ewma_limit_for(100, 1.5), "weight must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_wide_limits_are_refused_or_right_and_never_too_short():
    # with weight 1 it is Shewhart's chart, in closed form
    for limit, shift in ((6.0, 0.0), (20.0, 19.0), (40.0, 40.0)):
        due = shewhart_run_length(limit, shift)
        assert ewma_run_length(1.0, limit, shift) == pytest.approx(due, rel=1e-6)
    for weight, limit in ((1.0, 12.0), (1.0, 40.0), (0.1, 15.0), (0.02, 40.0)):
        with pytest.raises(ValueError, match="limit must be lower"):
            ewma_run_length(weight, limit)
    with pytest.raises(ValueError, match="limit"):
        ewma_run_length(1.0, 100.0)
    with pytest.raises(ValueError, match="limit must be lower"):
        shewhart_run_length(50.0)
