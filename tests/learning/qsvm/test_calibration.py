"""Temperature: probabilities that leave every decision as it was."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn.linear_model import LogisticRegression

from qlearn.learning.qsvm.calibration import (
    fit_temperature,
    fit_temperature_and_offsets,
    log_probabilities,
    probabilities,
)


@given(st.integers(2, 5), st.floats(0.01, 100), st.integers(0, 2**32 - 1))
def test_the_most_probable_class_is_the_decision(n_classes, temperature, seed):
    f = np.random.default_rng(seed).normal(size=(20, n_classes))
    p = probabilities(f, temperature)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_array_equal(p.argmax(axis=1), f.argmax(axis=1))
    binary = probabilities(f[:, 0], temperature)
    np.testing.assert_array_equal(binary[:, 1] > 0.5, f[:, 0] / temperature > np.log1p(2e-16))


def test_two_classes_are_the_softmax_of_zero_and_f():
    f = np.array([-1.0, 0.2, 3.0])
    np.testing.assert_allclose(probabilities(f, 0.7), probabilities(np.stack([0 * f, f], 1), 0.7), atol=1e-14)


def test_it_is_logistic_regression_through_the_origin():
    rng = np.random.default_rng(0)
    f = rng.normal(size=500)
    y = (rng.random(500) < 1 / (1 + np.exp(-f / 0.4))).astype(int)
    slope = LogisticRegression(C=np.inf, fit_intercept=False).fit(f[:, None], y).coef_[0, 0]
    assert 1 / fit_temperature(f, y) == pytest.approx(slope, rel=1e-3)


def test_it_recovers_the_temperature_that_made_the_labels():
    # 20,000 labels of three classes drawn at T = 2; the estimate scatters by about 0.02, 6 sd: 0.12
    rng = np.random.default_rng(1)
    f = 3 * rng.normal(size=(20_000, 3))
    y = (probabilities(f, 2.0).cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1)
    assert fit_temperature(f, y) == pytest.approx(2.0, abs=0.12)


def test_with_offsets_it_is_logistic_regression():
    rng = np.random.default_rng(0)
    f = rng.normal(size=500)
    y = (rng.random(500) < 1 / (1 + np.exp(-f / 0.4 + 2))).astype(int)
    line = LogisticRegression(C=np.inf).fit(f[:, None], y)
    temperature, offsets = fit_temperature_and_offsets(f, y)
    assert 1 / temperature == pytest.approx(line.coef_[0, 0], rel=1e-3)
    assert offsets[1] - offsets[0] == pytest.approx(line.intercept_[0], rel=1e-3)


def test_mean_probabilities_are_the_shares_of_the_classes():
    rng = np.random.default_rng(2)
    f, y = rng.normal(size=(300, 3)), rng.choice(3, 300, p=[0.7, 0.2, 0.1])
    p = probabilities(f, *fit_temperature_and_offsets(f, y))
    np.testing.assert_allclose(p.mean(axis=0), np.bincount(y) / 300, atol=1e-4)


def test_perfect_separation_stays_finite():
    p = probabilities([-1.0, 1.0], fit_temperature([-1.0, 1.0], [0, 1]))
    assert np.isfinite(p).all()
    assert p[1, 1] > 0.999


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: probabilities([1.0], 0), "temperature must be above 0"),
        (
            lambda: probabilities([1.0], 1, [0.0, 1.0, 2.0]),
            "offsets must be one number for each of the 2 classes",
        ),
        (
            lambda: fit_temperature_and_offsets([1.0, 2.0], [0]),
            "decisions and classes must have the same length",
        ),
        (lambda: probabilities([1.0], -1), "temperature must be a finite number"),
        (lambda: fit_temperature([1.0, 2.0], [0]), "decisions and classes must have the same length"),
        (lambda: fit_temperature([], []), "at least one row"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("fit", [fit_temperature, fit_temperature_and_offsets])
def test_a_weight_is_a_number_of_rows(n_classes, fit):
    def found(*given):
        numbers = fit(*given)
        return np.hstack(numbers if isinstance(numbers, tuple) else [numbers])

    rng = np.random.default_rng(3)
    y, weights = rng.integers(0, n_classes, 80), rng.integers(0, 4, 80)
    f = rng.normal(size=(80, n_classes)) + np.eye(n_classes)[y]
    f = f[:, 1] - f[:, 0] if n_classes == 2 else f
    weighted = found(f, y, weights)
    repeated = found(np.repeat(f, weights, axis=0), np.repeat(y, weights))
    np.testing.assert_allclose(weighted, repeated, rtol=1e-3, atol=1e-4)
    assert not np.allclose(weighted, found(f, y), rtol=1e-2, atol=1e-3)


def test_refuses_weights_below_zero():
    for fit in (fit_temperature, fit_temperature_and_offsets):
        with pytest.raises(ValueError, match="sample_weight must be at least 0"):
            fit([0.5, -0.5], [0, 1], [1, -1])


@pytest.mark.parametrize("n_classes", [2, 3])
def test_logarithms_are_those_of_the_probabilities_and_stay_finite(n_classes):
    f = np.random.default_rng(0).normal(size=(20, n_classes))
    f = f[:, 0] if n_classes == 2 else f
    offsets = np.arange(n_classes) / 3
    np.testing.assert_allclose(
        log_probabilities(f, 0.7, offsets), np.log(probabilities(f, 0.7, offsets)), atol=1e-12
    )
    # softmax with gaps of a thousand: the smallest probability is 0 as a float, its logarithm the gap
    far = np.array([1000.0]) if n_classes == 2 else np.array([[0.0, 500.0, 1000.0]])
    assert probabilities(far, 1.0).min() == 0
    assert log_probabilities(far, 1.0).min() == pytest.approx(-1000)
