"""Weights of rows and classes: scikit-learn's numbers, its refusals and ours."""

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_sample_weight

from qlearn.learning.neural_networks._weights import (
    as_class_weight,
    as_sample_weight,
    normalised,
    weighted_by_class,
)

ROWS = np.ones((5, 2))
LABELS = np.array([0, 0, 2, 1, 0])
CLASSES = np.arange(3)


@pytest.mark.parametrize("given", [[1, 2, 0, 0.5, 3], (1, 1, 1, 1, 1), np.arange(5)])
def test_weights_are_floats_one_for_each_row(given):
    weights = as_sample_weight(given, ROWS)
    assert weights.dtype == np.float64
    np.testing.assert_array_equal(weights, np.asarray(given, float))
    assert as_sample_weight(None, ROWS) is None
    np.testing.assert_array_equal(as_sample_weight(2.0, ROWS), np.full(5, 2.0))


@pytest.mark.parametrize("class_weight", ["balanced", {0: 2.0, 1: 0.5, 2: 1.0}, {2: 3}])
def test_classes_weigh_as_scikit_learn_says(class_weight):
    found = weighted_by_class(None, as_class_weight(class_weight, CLASSES), LABELS)
    np.testing.assert_allclose(found, compute_sample_weight(class_weight, LABELS))
    assert weighted_by_class(None, None, LABELS) is None
    own = np.arange(1.0, 6)
    np.testing.assert_array_equal(weighted_by_class(own, {2: 3.0}, LABELS), own * [1, 1, 3, 1, 1])


def test_balance_gives_each_class_the_same_sum():
    own = np.array([1.0, 2, 5, 1, 3])
    sums = np.bincount(LABELS, weighted_by_class(own, "balanced", LABELS))
    np.testing.assert_allclose(sums, own.sum() / 3)


def test_labels_of_any_kind_are_found():
    assert as_class_weight({"far": 2, "near": 0.5}, np.array(["far", "near"])) == {0: 2.0, 1: 0.5}
    assert as_class_weight({True: 2}, np.array([False, True])) == {1: 2.0}
    assert as_class_weight(None, CLASSES) is None


def test_mean_one_and_none_where_all_are_equal():
    assert normalised(None) is None
    assert normalised(np.full(4, 1e300)) is None
    found = normalised(np.array([1e300, 1e308]))
    assert found.mean() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([1, 1, -1e-9, 1, 1], "sample_weight must not be negative; it holds -1e-09"),
        (np.zeros(5), "sample_weight must not be zero for every row"),
        (np.ones(4), r"sample_weight.shape == \(4,\)"),
        (np.ones((5, 1)), "1D array or scalar"),
        ([1, 1, np.inf, 1, 1], "infinity"),
    ],
)
def test_refuses_weights(given, says):
    with pytest.raises(ValueError, match=says):
        as_sample_weight(given, ROWS)


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        (
            "even",
            ValueError,
            "class_weight must be None, 'balanced' or a dict of classes and weights, not 'even'",
        ),
        ({3: 1}, ValueError, r"class_weight must be for the classes \[0, 1, 2\], not for 3"),
        ({0: -1}, ValueError, "the class_weight of 0 must be a finite number between 0"),
        ({0: "much"}, TypeError, "the class_weight of 0 must be a number"),
        ({0: 0, 1: 0, 2: 0}, ValueError, "class_weight must not be zero for every class"),
    ],
)
def test_refuses_class_weights(given, error, says):
    with pytest.raises(error, match=says):
        as_class_weight(given, CLASSES)
