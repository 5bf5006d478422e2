"""Nested parameters: a search reaches into frozen objects, and nobody else's copy moves.

Rows and labels are checked by scikit-learn, in its words, in its old and its new place.
"""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import DataConversionWarning
from sklearn.model_selection import GridSearchCV
from sklearn.utils import validation

from qlearn.learning import QSVC, FidelityKernel, QNNClassifier, ZZFeatureMap
from qlearn.learning._estimators import (
    NestedMixin,
    as_cost,
    as_sample_weight,
    as_scaled_bandwidth,
    refuse_ignored,
    refuse_times,
    validate_labelled,
    validate_rows,
    validate_valued,
)
from qlearn.learning.neural_networks import Adam
from qlearn.learning.qsvm import ad_hoc_data


def test_every_depth_has_a_name_and_can_be_set():
    given = FidelityKernel("z")
    machine = QSVC(kernel=given)
    assert machine.get_params()["kernel__bandwidth"] == given.bandwidth
    assert "kernel__bandwidth" not in machine.get_params(deep=False)
    machine.set_params(kernel__bandwidth=0.1, kernel__reps=1, C=3)
    assert (machine.kernel.bandwidth, machine.kernel.reps, machine.C) == (0.1, 1, 3)
    assert given == FidelityKernel("z")


def test_an_object_and_what_is_changed_in_it_may_come_in_one_call():
    machine = QSVC().set_params(kernel__reps=3, kernel=FidelityKernel("zz"))
    assert machine.kernel.reps == 3


def test_a_search_over_them_tries_what_it_says():
    data = ad_hoc_data(10, 5, rng=0)
    search = GridSearchCV(QSVC(kernel=FidelityKernel("zz")), {"kernel__bandwidth": [0.01, 1.0]}, cv=2)
    search.fit(data.X_train, data.y_train)
    scores = search.cv_results_["mean_test_score"]
    assert scores[0] != scores[1]
    assert clone(search.best_estimator_).kernel.bandwidth == search.best_params_["kernel__bandwidth"]


@pytest.mark.parametrize("name", ["kernel__bandwith", "kernel__bandwidth__more", "nothing", "C__deeper"])
def test_refuses_what_is_not_there(name):
    with pytest.raises((ValueError, AttributeError)):
        QSVC(kernel=FidelityKernel("zz")).set_params(**{name: 1})


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


@pytest.mark.parametrize(
    ("machine", "says"),
    [
        (
            QSVC("angle", reps=5),
            "reps=5 has no effect: encoding='angle' does not use it. Leave reps at its default, 2",
        ),
        (QSVC("angle", reps=5, entanglement="linear"), "reps=5 has no effect"),  # the first of them
        (QSVC(FidelityKernel(), reps=5), r"reps=5 has no effect: encoding=FidelityKernel\("),
    ],
)
def test_only_what_was_set_and_is_ignored_is_refused(machine, says):
    unused = {"entanglement": "encoding", "reps": "encoding"}
    refuse_ignored(QSVC("angle", bandwidth=0.5), unused)
    refuse_ignored(QSVC("angle", reps=np.int64(2)), unused)  # as a search over NumPy's numbers gives it
    with pytest.raises(ValueError, match=says):
        refuse_ignored(machine, unused)


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ([1, -1e-9], "sample_weight must be at least 0, not -1e-09: a row cannot count less than not at all"),
        ([0, 0], "non-zero number|above 0 for at least one row"),
        ([1], r"sample_weight.shape == \(1,\)"),
        ([[1, 2], [1, 2]], "1D array"),
        ([1, np.nan], "NaN"),
        ([1, np.inf], "infinity"),
    ],
)
def test_weights_are_at_least_zero_and_one_for_each_row(weights, says):
    rows = np.zeros((2, 3))
    assert as_sample_weight(None, rows) is None
    given = np.array([0, 2])
    weighed = as_sample_weight(given, rows)
    assert weighed.dtype == np.float64
    assert weighed.tolist() == given.tolist() == [0, 2]
    assert as_sample_weight(3, rows).tolist() == [3, 3]
    with pytest.raises(ValueError, match=says):
        as_sample_weight(weights, rows)


class Plain:
    """A class that has parameters as scikit-learn's kernels have them, and is no estimator."""

    def __init__(self, kernel):
        self.kernel = kernel

    def get_params(self, deep=True):
        return {"kernel": self.kernel}

    def set_params(self, **params):
        vars(self).update(params)
        return self


def test_a_search_reaches_through_what_is_no_estimator_too():
    class Reached(NestedMixin, Plain):
        pass

    given = FidelityKernel("z")
    reached = Reached(given).set_params(kernel__bandwidth=0.1)
    assert reached.get_params()["kernel__bandwidth"] == 0.1
    assert reached.get_params(deep=False) == {"kernel": FidelityKernel("z", bandwidth=0.1)}
    assert given.bandwidth == 1.0


def test_a_bandwidth_is_a_number_or_left_to_the_rows():
    assert as_scaled_bandwidth("scale") == (1.0, True)
    assert as_scaled_bandwidth(2) == (2, False)
    with pytest.raises(ValueError, match="bandwidth must be a number above 0 or 'scale', not 'auto'"):
        as_scaled_bandwidth("auto")


@pytest.mark.parametrize(("C", "error"), [(0, ValueError), (-1, ValueError), ("1", TypeError)])
def test_a_cost_is_above_zero(C, error):
    assert as_cost(2) == 2.0
    with pytest.raises(error, match="C must be"):
        as_cost(C)


def test_says_where_a_parameter_is_that_a_name_or_a_number_has_not():
    with pytest.raises(
        ValueError, match="kernel='fidelity' has no parameter 'bandwidth' to set: bandwidth is one of QSVC"
    ):
        QSVC().set_params(kernel__bandwidth=0.1)
    with pytest.raises(ValueError, match=r"C=1\.0 has no parameter 'deeper' to set: set C as a whole"):
        QSVC().set_params(C__deeper=1)
    with pytest.raises(
        ValueError, match=r"optimizer=Adam\(.*\) has no parameter 'decay' to set: set optimizer as a whole"
    ):
        QNNClassifier(optimizer=Adam()).set_params(optimizer__decay=(0.5, 0.9))


def test_a_search_reaches_into_the_encoding_of_a_network():
    data = ad_hoc_data(10, 5, rng=0)
    network = QNNClassifier(encoding=ZZFeatureMap(), epochs=2, random_state=0)
    search = GridSearchCV(network, {"encoding__reps": [1, 2]}, cv=2).fit(data.X_train, data.y_train)
    assert search.best_estimator_.encoding.reps == search.best_params_["encoding__reps"]
    assert network.encoding == ZZFeatureMap()
