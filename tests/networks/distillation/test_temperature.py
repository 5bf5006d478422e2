"""Temperature: known values, the limit of a hot teacher, and a gradient that is the slope of the loss."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import entropy
from sklearn.metrics import log_loss

from qlearn.networks.distillation import distillation_gradient, distillation_loss, soft_labels
from qlearn.networks.distillation.temperature import as_temperature, loss_and_gradient, soft_targets

TEACHER, STUDENT = [[2.0, 1.0, 0.0]], [[0.5, 0.0, -0.2]]

scores = st.lists(st.floats(-5, 5), min_size=3, max_size=3)
temperatures = st.floats(0.3, 30)


def test_soft_labels_of_known_scores():
    np.testing.assert_allclose(soft_labels([2, 1, 0]), [0.66524096, 0.24472847, 0.09003057], atol=1e-8)
    np.testing.assert_allclose(soft_labels([2, 1, 0], 4), [0.41922895, 0.32649584, 0.25427521], atol=1e-8)


@given(scores, temperatures, st.floats(-100, 100))
def test_a_number_added_to_all_scores_changes_no_label(v, T, more):
    np.testing.assert_allclose(soft_labels(v, T), soft_labels(np.add(v, more), T), atol=1e-12)


def test_cold_is_the_hard_label_and_hot_is_even():
    np.testing.assert_allclose(soft_labels([2, 1, 0], 1e-3), [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(soft_labels([2, 1, 0], 1e6), [1 / 3] * 3, atol=1e-6)
    assert soft_labels(np.zeros((4, 5, 2))).shape == (4, 5, 2)


@pytest.mark.parametrize(
    ("T", "expected"),
    [
        (1, [-0.189756, 0.043668, 0.146088]),
        (20, [-0.202033, -0.028418, 0.230452]),
        (1e6, [-0.2, -1 / 30, 7 / 30]),
    ],
)
def test_gradient_of_known_scores(T, expected):
    np.testing.assert_allclose(distillation_gradient(STUDENT, TEACHER, T)[0], expected, atol=6e-7)


@given(scores, scores, temperatures)
def test_the_factor_is_a_switch(z, v, T):
    plain = distillation_gradient([z], [v], T, scaled=False)
    np.testing.assert_allclose(plain, [(soft_labels(z, T) - soft_labels(v, T)) / T], atol=1e-12)
    np.testing.assert_allclose(distillation_gradient([z], [v], T), T**2 * plain, atol=1e-9)


@given(scores, scores)
def test_a_hot_teacher_is_a_regression_of_centred_scores(z, v):
    centred = (z - np.mean(z)) - (v - np.mean(v))
    np.testing.assert_allclose(distillation_gradient([z], [v], 1e5)[0], centred / 3, atol=1e-3)


@pytest.mark.parametrize("T", [1e3, 1e5, 1e6])
def test_the_loss_of_a_hot_teacher_keeps_its_digits(T):
    # (1/2C) sum of the squared gaps of the centred scores, (-2, 0, 2): the factor T^2 must not raise a rounding.
    np.testing.assert_allclose(distillation_loss([[1, 2, 3]], [[3, 2, 1]], T), 8 / 6, rtol=1e-6)


def test_the_coldest_loss_is_finite():
    np.testing.assert_allclose(distillation_loss([[1, 2, 3]], [[3, 2, 1]], 1e-100), 2e-100)


@pytest.mark.parametrize("T", [1e-310, 1e7, 1e200])
def test_temperatures_that_rounding_eats_are_refused(T):
    with pytest.raises(ValueError, match="temperature must be a finite number between"):
        distillation_loss([[1, 2, 3]], [[3, 2, 1]], T)


@given(scores, scores, temperatures, st.integers(-1, 2), st.floats(0, 1))
def test_the_gradient_is_the_slope_of_the_loss(z, v, T, label, h):
    rows, step = np.array([z, [0.3, -1.0, 0.2]]), 1e-5
    teacher, y = [v, [1.0, 0.0, 2.0]], [label, 1]
    found = distillation_gradient(rows, teacher, T, y=y, hard_share=h)
    for i, k in np.ndindex(*rows.shape):
        nudge = np.zeros_like(rows)
        nudge[i, k] = step
        ends = [distillation_loss(rows + s * nudge, teacher, T, y=y, hard_share=h) for s in (1, -1)]
        assert found[i, k] == pytest.approx(
            (ends[0] - ends[1]) / (2 * step), abs=1e-5 * (1 + abs(found[i, k])) * (1 + T)
        )


@given(scores, scores, temperatures)
def test_the_soft_part_is_scipys_relative_entropy(z, v, T):
    oracle = T**2 * entropy(soft_labels(v, T), soft_labels(z, T))
    assert distillation_loss([z], [v], T) == pytest.approx(oracle, abs=1e-8)


def test_the_hard_part_is_scikit_learns_log_loss():
    z = np.random.default_rng(0).normal(size=(20, 3))
    y = np.arange(20) % 3
    found = distillation_loss(z, np.zeros_like(z), y=y, hard_share=1.0)
    assert found == pytest.approx(log_loss(y, soft_labels(z)), abs=1e-12)


def test_a_row_without_a_label_learns_from_the_teacher_alone():
    z, v = np.array(STUDENT * 2), np.array(TEACHER * 2)
    mixed = distillation_gradient(z, v, 2, y=[-1, 0], hard_share=0.7)
    np.testing.assert_allclose(mixed[0], distillation_gradient(STUDENT, TEACHER, 2)[0] / 2, atol=1e-15)
    labelled = distillation_gradient(STUDENT, TEACHER, 2, y=[0], hard_share=0.7)[0]
    np.testing.assert_allclose(mixed[1], labelled / 2, atol=1e-15)


def test_scores_far_apart_stay_finite():
    # p underflows to 0 there, and its logarithm must not become an infinity
    said = soft_targets(np.array([[0.0, -900.0]]), 1.0)
    value, slope = loss_and_gradient(np.array([[0.0, 900.0]]), *said, 1.0)
    assert value == pytest.approx(900)
    assert np.isfinite(slope).all()


@pytest.mark.parametrize(("far", "T"), [(1e300, 1e-10), (1e250, 1e-100), (1e308, 1.0), (1e3, 1e-100)])
def test_scores_beyond_a_float_when_they_are_cooled(far, T):
    # scores divided by T first would be infinite, and their differences no numbers
    for below in (-far, 0.0):
        np.testing.assert_array_equal(soft_labels([far, below], T), [1, 0])
        p, negentropy = soft_targets(np.array([[far, below]]), T)
        np.testing.assert_array_equal(p, [[1, 0]])
        np.testing.assert_array_equal(negentropy, [0])
        assert distillation_loss([[far, below]], [[far, below]], T) == 0
        np.testing.assert_allclose(
            distillation_gradient([[far, below]], [[below, far]], T), [[T, -T]], rtol=1e-12
        )
        loss = distillation_loss([[far, below]], [[below, far]], T)
        assert 0 < loss < np.inf
        if (far - below) / T < 1e308:
            assert loss == pytest.approx(T * (far - below))
        labelled = distillation_loss([[far, below]], [[far, below]], T, y=[1], hard_share=0.5)
        assert labelled == pytest.approx(min(0.5 * far - 0.5 * below, np.finfo(float).max / 2))


def test_the_temperature_is_above_zero():
    assert as_temperature(3) == 3.0
    with pytest.raises(ValueError, match="temperature must be above 0"):
        as_temperature(0)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: soft_labels([1.0]), "at least two classes"),
        (lambda: soft_labels([1.0, np.inf]), "logits must be finite"),
        (lambda: soft_labels([1.0, 2.0], -1), "temperature must be above 0"),
        (lambda: distillation_loss([[1.0, 2.0]], [[1.0, 2.0, 3.0]]), "must have one shape"),
        (lambda: distillation_loss([1.0, 2.0], [1.0, 2.0]), "must have one shape"),
        (lambda: distillation_loss(STUDENT, TEACHER, hard_share=0.1), "y must be given"),
        (
            lambda: distillation_loss(STUDENT, TEACHER, y=[0], hard_share=1.2),
            "hard_share must be a probability",
        ),
        (lambda: distillation_loss(STUDENT, TEACHER, y=[0.0]), "y must hold the column"),
        (lambda: distillation_loss(STUDENT, TEACHER, y=[0, 1]), "y must hold the column"),
        (lambda: distillation_loss(STUDENT, TEACHER, y=[3]), "columns 0 to 2, or -1"),
        (lambda: distillation_gradient(STUDENT, TEACHER, y=[-2]), "columns 0 to 2, or -1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
