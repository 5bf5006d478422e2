"""Sequential test: Wald's values and the exact ones, his inequalities, and a simulation by another road."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.control.eavesdropper_detection import (
    Sprt,
    error_log_likelihood,
    sprt_properties,
    wald_bounds,
    wald_samples,
)


def test_reference_values():
    assert wald_samples(0.02, 0.05, 1e-3, 1e-3) == pytest.approx((567.65, 423.44), abs=5e-3)
    quiet, attacked = (sprt_properties(0.02, 0.05, 1e-3, 1e-3, p=p) for p in (0.02, 0.05))
    assert quiet.samples == pytest.approx(569.16, abs=5e-3)
    assert attacked.samples == pytest.approx(443.98, abs=5e-3)
    assert quiet.says_eve == pytest.approx(7.33e-4, abs=5e-7)
    assert 1 - attacked.says_eve == pytest.approx(9.86e-4, abs=5e-7)


@given(st.floats(0.01, 0.3), st.floats(0.1, 0.5), st.floats(0.001, 0.3), st.floats(0.001, 0.3))
@settings(max_examples=30)
def test_walds_inequalities_hold(p0, more, alpha, beta):
    quiet, attacked = (sprt_properties(p0, p0 + more, alpha, beta, p=p) for p in (p0, p0 + more))
    false, missed = quiet.says_eve, 1 - attacked.says_eve
    assert false <= alpha / (1 - beta) + 1e-9
    assert missed <= beta / (1 - alpha) + 1e-9
    assert false + missed <= alpha + beta + 1e-9


def test_walds_equation_holds_exactly():
    """Wald's identity E[sum] = E[n] E[step] with the sum at the end, by the detector bit by bit."""
    p0, p1, p = 0.1, 0.3, 0.2
    rng = np.random.default_rng(2)
    low, high = wald_bounds(0.05, 0.05)
    lengths, says = [], []
    for _ in range(2000):
        steps = error_log_likelihood(rng.random(400) < p, np.ones(400), p0, p1)
        sums = np.cumsum(steps)
        end = int(np.argmax((sums <= low) | (sums >= high)))
        assert (sums <= low).any() or (sums >= high).any()
        lengths.append(end + 1)
        says.append(sums[end] >= high)
    exact = sprt_properties(p0, p1, 0.05, 0.05, p=p)
    # 2000 runs: standard errors from the runs themselves; 5.5 of them (4e-8 each)
    assert abs(np.mean(lengths) - exact.samples) < 5.5 * np.std(lengths) / np.sqrt(2000)
    assert abs(np.mean(says) - exact.says_eve) < 5.5 * np.std(says) / np.sqrt(2000)


def test_certain_bits_end_where_the_bound_is():
    low, high = wald_bounds(0.01, 0.02)
    errors, right = np.log(0.3 / 0.1), np.log(0.7 / 0.9)
    assert sprt_properties(0.1, 0.3, 0.01, 0.02, p=1.0).samples == np.ceil(high / errors)
    never = sprt_properties(0.1, 0.3, 0.01, 0.02, p=0.0)
    assert never.samples == never.longest == np.ceil(low / right)
    assert never.says_eve == 0


def test_the_detector_starts_again_and_holds_an_alarm():
    low, high = wald_bounds(0.01, 0.01)
    test = Sprt(0.01, 0.01)
    said = test.run([low, low / 2, low / 2, high / 2, high / 2, -100.0])
    assert said.tolist() == pytest.approx([0, low / 2, 0, high / 2, high, high])
    assert test.cleared == 2
    assert test.alarmed
    test.reset()
    assert not test.alarmed
    assert test.update(0.5) == 0.5


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: wald_bounds(0.0, 0.1), "alpha and beta must be above 0"),
        (lambda: wald_bounds(0.6, 0.5), "a coin does as well"),
        (lambda: wald_samples(0.1, 0.1, 0.1, 0.1), "0 < p0 < p1 < 1"),
        (lambda: sprt_properties(0.1, 0.2, 0.1, 0.1, p=1.5), "p must be"),
        (lambda: Sprt(0.0, 0.1), "alpha and beta"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
