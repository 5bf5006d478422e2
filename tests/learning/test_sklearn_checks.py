"""Rows and labels are checked by scikit-learn, in its words, in its old and its new place."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator
from sklearn.exceptions import DataConversionWarning
from sklearn.utils import validation

from qlearn.learning.sklearn_checks import refuse_times, validate_labelled, validate_rows, validate_valued


def test_features_are_learned_and_compared():
    estimator = BaseEstimator()
    rows, labels = validate_labelled(estimator, [[1, 2], [3, 4]], ["a", "b"])
    assert rows.dtype == np.float64
    assert labels.tolist() == ["a", "b"]
    assert estimator.n_features_in_ == 2
    with pytest.raises(ValueError, match="expecting 2 features"):
        validate_rows(estimator, [[1, 2, 3]])


def test_version_1_5_keeps_them_in_a_method(monkeypatch):
    monkeypatch.delattr(validation, "validate_data", raising=False)

    class Old(BaseEstimator):
        def _validate_data(self, *arrays, **options):
            return arrays, options

    assert validate_rows(Old(), [[1]], reset=True) == (([[1]],), {"reset": True, "dtype": np.float64})


@pytest.mark.parametrize(
    ("X", "y", "error", "says"),
    [
        ([[1.0], [2.0]], [0, 0], ValueError, "The number of classes has to be greater than one; got 1 class"),
        ([[1.0], [2.0]], [0.1, 0.2], ValueError, "Unknown label type"),
        ([[1.0], [2.0]], [0], ValueError, "inconsistent numbers of samples"),
        ([1.0, 2.0], [0, 1], ValueError, "Expected 2D array"),
        ([[np.inf], [2.0]], [0, 1], ValueError, "contains infinity"),
        (csr_array(np.eye(2)), [0, 1], TypeError, "Sparse data"),
        (np.array([[1j], [2.0]]), [0, 1], ValueError, "Complex data not supported"),
    ],
)
def test_refuses(X, y, error, says):
    with pytest.raises(error, match=says):
        validate_labelled(BaseEstimator(), X, y)


def test_numbers_keep_their_outputs():
    estimator = BaseEstimator()
    rows, values = validate_valued(estimator, [[1, 2], [3, 4]], [[5, 6], [7, 8]])
    assert rows.dtype == values.dtype == np.float64
    assert values.shape == (2, 2)
    assert estimator.n_features_in_ == 2
    with pytest.warns(DataConversionWarning, match="column-vector"):  # scikit-learn's: a column is one output
        assert validate_valued(BaseEstimator(), [[1], [2]], [[3], [4]])[1].shape == (2,)
    for y, says in (
        ([1.0, np.nan], "NaN"),
        ([1.0], "inconsistent numbers"),
        (["a", "b"], "could not convert"),
    ):
        with pytest.raises(ValueError, match=says):
            validate_valued(BaseEstimator(), [[1.0], [2.0]], y)


@pytest.mark.parametrize("kind", ["datetime64[D]", "datetime64[ns]", "timedelta64[s]"])
def test_dates_are_no_numbers(kind):
    y = np.array([1, 2, 4]).astype(kind)
    for refusing in (refuse_times, lambda y: validate_valued(BaseEstimator(), [[1], [2], [3]], y)):
        with pytest.raises(TypeError, match=r"y must be numbers, not (datetime|timedelta)64\["):
            refusing(y)
    refuse_times(y.astype(float))
