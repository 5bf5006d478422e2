"""Denoising: Wiener's closed forms, an integral, a Kalman library, the telegraph by enumeration, refusals."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import quad
from scipy.linalg import solve

from qlearn.control.classical_links import (
    centred_windows,
    fir_error,
    telegraph,
    telegraph_mean,
    wiener_error,
    wiener_weights,
)


@pytest.mark.parametrize(
    ("a", "noise", "error"), [(0.9, 1.0, 0.2179449472), (0.95, 0.5, 0.1097303664), (0.5, 0.0, 0.0)]
)
def test_wiener_on_a_drift(a, noise, error):
    assert wiener_error(a, noise) == pytest.approx(error, abs=1e-10)


@settings(deadline=None, max_examples=25)
@given(st.floats(-0.9, 0.9), st.floats(0.05, 5))
def test_wiener_by_the_integral_over_the_spectrum(a, noise):
    def both(w):
        signal = (1 - a**2) / (1 - 2 * a * np.cos(w) + a**2)
        return signal * noise / (signal + noise)

    assert wiener_error(a, noise) == pytest.approx(quad(both, 0, np.pi)[0] / np.pi, rel=1e-6)


@pytest.mark.parametrize(("taps", "error"), [(5, 0.24608150), (11, 0.21955349), (21, 0.21795995)])
def test_windows_come_down_to_it(taps, error):
    assert fir_error(wiener_weights(0.9, 1.0, taps), 0.9, 1.0) == pytest.approx(error, abs=1e-8)
    assert fir_error(wiener_weights(0.9, 1.0, taps), 0.9, 1.0) > wiener_error(0.9, 1.0)


def test_the_past_alone_is_kalman_filtering():
    # 80 taps back and none ahead: the steady posterior variance, K r with K = .3035677708
    assert fir_error(wiener_weights(0.9, 1.0, 80, ahead=0), 0.9, 1.0, ahead=0) == pytest.approx(
        0.3035677708, abs=1e-9
    )


@settings(deadline=None, max_examples=30)
@given(st.floats(-0.95, 0.95), st.floats(0.01, 3), st.integers(1, 9), st.data())
def test_no_other_weights_do_better(a, noise, taps, data):
    ahead = data.draw(st.integers(0, taps - 1))
    i = np.arange(taps)
    table = a ** np.abs(i[:, None] - i) + noise * np.eye(taps)
    weights = wiener_weights(a, noise, taps, ahead)
    assert np.allclose(weights, solve(table, a ** np.abs(i - (taps - 1 - ahead))))
    other = weights + np.random.default_rng(taps).normal(size=taps) * 0.1
    assert fir_error(weights, a, noise, ahead) < fir_error(other, a, noise, ahead)


def test_the_error_of_a_filter_as_measured():
    # 200,000 samples of correlation .9: about 10,000 independent squares, sd .0035 of .246; six of them
    from scipy.signal import lfilter

    rng = np.random.default_rng(1)
    x = lfilter([1.0], [1.0, -0.9], rng.normal(scale=np.sqrt(0.19), size=200_000))
    y = x + rng.normal(size=x.size)
    weights = wiener_weights(0.9, 1.0, 5)
    measured = ((centred_windows(y, 5) @ weights - x) ** 2)[100:-100].mean()
    assert abs(measured - fir_error(weights, 0.9, 1.0)) < 6 * 0.0035


def test_windows_by_hand():
    x = np.arange(6.0) ** 2
    rows = centred_windows(x, 5)
    assert rows[2].tolist() == x[:5].tolist()
    assert rows[0].tolist() == [4, 1, 0, 1, 4]
    rows[0] = 0  # a copy
    assert x[1] == 1
    assert centred_windows(x, 1).ravel().tolist() == x.tolist()


def test_a_telegraph_changes_as_often_as_said():
    # 100,000 steps: sd .0010, six of them 2e-9
    s = telegraph(100_000, 0.1, rng=2)
    assert set(s) == {-1.0, 1.0}
    assert abs((s[1:] != s[:-1]).mean() - 0.1) < 6 * 0.001
    assert {telegraph(1, 0.1, rng=seed)[0] for seed in range(20)} == {-1.0, 1.0}


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(-4, 4), min_size=1, max_size=7), st.floats(0, 1), st.floats(0.1, 4))
def test_the_mean_by_enumeration(y, switch, noise):
    signs = np.array(list(product((1.0, -1.0), repeat=len(y))))
    changes = (signs[:, 1:] != signs[:, :-1]).sum(axis=1)
    weight = switch**changes * (1 - switch) ** (len(y) - 1 - changes)
    weight = weight * np.exp(-((np.array(y) - signs) ** 2).sum(axis=1) / (2 * noise))
    assert np.allclose(telegraph_mean(y, switch, noise), weight @ signs / weight.sum(), atol=1e-9)


def test_signals_side_by_side_and_certainty():
    y = np.random.default_rng(3).normal(size=(3, 50))
    together = telegraph_mean(y, 0.1, 0.5)
    assert np.allclose(together, [telegraph_mean(row, 0.1, 0.5) for row in y])
    assert telegraph_mean(np.full(1000, 1.0), 0.0, 1e-3).tolist() == [1.0] * 1000


def test_the_mean_beats_every_window():
    rng = np.random.default_rng(4)
    s = telegraph(20_000, 0.05, rng)
    y = s + rng.normal(size=s.size)
    best = ((telegraph_mean(y, 0.05, 1.0) - s) ** 2).mean()
    # correlation .9 as the drift's, so Wiener's error is .218; the mean is far below: .115 measured, sd below .01
    linear = ((centred_windows(y, 21) @ wiener_weights(0.9, 1.0, 21) - s) ** 2).mean()
    assert best < linear - 6 * 0.01
    assert abs(linear - wiener_error(0.9, 1.0)) < 6 * 0.01


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: wiener_error(1.0, 1.0), "a must lie between"),
        (lambda: wiener_error(0.5, -1.0), "noise must be"),
        (lambda: wiener_weights(0.5, 1.0, 3, ahead=3), "ahead must be below"),
        (lambda: wiener_weights(0.5, 1.0, 0), "taps must be"),
        (lambda: fir_error([[1.0]], 0.5, 1.0), "weights must have shape"),
        (lambda: centred_windows([1.0, 2.0], 2), "taps must be odd"),
        (lambda: centred_windows([1.0, 2.0], 5), "more than 2 samples"),
        (lambda: centred_windows([1.0, np.nan, 1.0], 3), "x must be finite"),
        (lambda: telegraph(0, 0.1), "n must be"),
        (lambda: telegraph(5, 1.1), "switch must be"),
        (lambda: telegraph_mean([1.0], 0.1, 0.0), "noise must be above 0"),
        (lambda: telegraph_mean([], 0.1, 1.0), "at least one sample"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
