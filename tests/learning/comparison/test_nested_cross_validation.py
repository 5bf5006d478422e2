"""Nested cross-validation: scikit-learn's own two loops, without their leaks, and a run that goes on."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from qlearn.learning.comparison import nested_scores
from qlearn.learning.qsvm.qsvc import QSVC

X, y = load_wine(return_X_y=True)
MODEL, GRID = make_pipeline(StandardScaler(), SVC()), {"svc__C": [0.1, 1, 10]}


def test_is_scikit_learns_search_inside_its_cross_validation():
    inner = StratifiedKFold(3, shuffle=True, random_state=0)
    for seed, ours in enumerate(nested_scores(MODEL, GRID, X, y, seeds=2)):
        outer = StratifiedKFold(5, shuffle=True, random_state=seed)
        np.testing.assert_allclose(ours, cross_val_score(GridSearchCV(MODEL, GRID, cv=inner), X, y, cv=outer))


class Spy(ClassifierMixin, BaseEstimator):
    """Remembers, outside itself, the rows that it was fitted to before each look at others."""

    seen: list = []

    def __init__(self, depth=1):
        self.depth = depth

    def fit(self, X, y):
        self.rows_ = set(X[:, 0])
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        Spy.seen.append((len(self.rows_), len(X), len(self.rows_ & set(X[:, 0]))))
        return np.full(len(X), self.classes_[0])


def test_no_row_that_judges_was_trained_or_tuned_on():
    Spy.seen.clear()
    numbered = np.arange(60.0)[:, None]
    nested_scores(Spy(), {"depth": [1, 2]}, numbered, np.repeat([0, 1], 30), folds=5, inner=3)
    assert all(shared == 0 for *_, shared in Spy.seen)
    assert [(train, test) for train, test, _ in Spy.seen].count((48, 12)) == 5  # each fold is judged once
    assert {(train, test) for train, test, _ in Spy.seen} == {(32, 16), (48, 12)}


def test_coins_are_worth_a_half_however_long_one_searches():
    # 200 rows, labels thrown: 5 folds judge each row once, so the mean is 1/2 +- .035; .18 is five sigma
    rng = np.random.default_rng(0)
    noise, coins = rng.normal(size=(200, 5)), rng.integers(0, 2, 200)
    grid = {"C": np.logspace(-2, 3, 6), "gamma": np.logspace(-3, 2, 6)}
    assert abs(nested_scores(SVC(), grid, noise, coins, inner=2).mean() - 0.5) < 0.18


def test_a_run_that_was_broken_off_goes_on_where_it_was(tmp_path):
    whole = nested_scores(MODEL, GRID, X, y, cache=tmp_path)
    Spy.seen.clear()
    np.testing.assert_array_equal(nested_scores(MODEL, GRID, X, y, cache=tmp_path), whole)
    nested_scores(Spy(), {}, X, y, cache=tmp_path)
    first = len(Spy.seen)
    nested_scores(Spy(), {}, X, y, cache=tmp_path)
    assert len(Spy.seen) == first > 0  # nothing was fitted a second time
    nested_scores(Spy(depth=2), {}, X, y, cache=tmp_path)
    assert len(Spy.seen) == 2 * first  # another model is another experiment


def test_folds_run_on_two_processes():
    model = QSVC(bandwidth=0.1)
    columns = StandardScaler().fit_transform(X)[:, :3]
    np.testing.assert_array_equal(
        nested_scores(model, {}, columns, y, n_jobs=2), nested_scores(model, {}, columns, y)
    )


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"folds": 1}, ValueError, "folds must be at least 2"),
        ({"inner": 1}, ValueError, "inner must be at least 2"),
        ({"seeds": 0}, ValueError, "seeds must be at least 1"),
        ({"folds": 49}, ValueError, "the smallest class has 48"),
        ({"y": np.zeros(178)}, ValueError, "number of classes has to be greater than one"),
        ({"X": np.full((178, 2), np.nan)}, ValueError, "NaN"),
        ({"X": X[:0], "y": y[:0]}, ValueError, "0 sample"),
        ({"y": y[:-1]}, ValueError, "inconsistent numbers of samples"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        nested_scores(LogisticRegression(), {}, **{"X": X, "y": y, **arguments})


def test_refuses_what_has_no_accuracy():
    with pytest.raises(TypeError, match=r"estimator must be a classifier.* not Ridge"):
        nested_scores(Ridge(), {}, X, y)
