"""What a row weighs: its own weight times that of its class, and balanced classes weigh alike."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn.utils.class_weight import compute_sample_weight

from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier
from qlearn.learning.decision_trees._training_data import TrainingData


def taken(y, weights=None, **options):
    tree = QuantumDecisionTreeClassifier(**options)
    return TrainingData.of(tree, tree, np.arange(len(y), dtype=float)[:, None], y, weights)


def test_without_weights_rows_are_counted_in_whole_numbers():
    data = taken(["b", "a", "b"])
    assert data.membership.dtype == np.int64
    np.testing.assert_array_equal(data.membership, [[0, 1], [1, 0], [0, 1]])
    assert data.classes.tolist() == ["a", "b"]
    assert (data.active.tolist(), data.weights) == ([0, 1, 2], None)


@pytest.mark.parametrize("class_weight", ["balanced", {0: 2.0, 1: 0.5, 2: 3.0}], ids=str)
def test_classes_weigh_what_scikit_learn_says(class_weight):
    y = np.array([0, 0, 0, 0, 1, 2, 2])
    weighed = taken(y, class_weight=class_weight).membership.sum(axis=1)
    np.testing.assert_allclose(weighed, compute_sample_weight(class_weight, y))


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_balanced_is_what_it_would_be_if_a_row_stood_as_often_as_it_weighs(times):
    y, times = np.arange(9) % 3, np.array(times)
    times[:2] += 1
    again = np.repeat(y, times)
    sums = taken(y, times, class_weight="balanced").membership.sum(axis=0)
    expected = np.bincount(again, compute_sample_weight("balanced", again), minlength=3)
    np.testing.assert_allclose(sums, expected)


def test_rows_without_a_weight_are_not_active():
    data = taken([0, 1, 2, 0], [1.5, 2, 0, 0], class_weight={0: 2, 1: 1, 2: 1})
    assert data.active.tolist() == [0, 1]
    np.testing.assert_array_equal(data.membership, [[3, 0, 0], [0, 2, 0], [0, 0, 0], [0, 0, 0]])
    assert data.classes.tolist() == [0, 1, 2]  # it was told of three


@pytest.mark.parametrize(
    ("weights", "class_weight", "says"),
    [
        (None, {0: np.inf}, "class_weight must be finite"),
        (None, {0: np.nan}, "class_weight must not be negative; it holds nan"),
        ([1e308] * 4, None, "sample_weight and class_weight must have a sum that is finite"),
    ],
)
def test_refuses_weights_beside_which_nothing_counts(weights, class_weight, says):
    with pytest.raises(ValueError, match=says):
        taken([0, 0, 1, 1], weights, class_weight=class_weight)
