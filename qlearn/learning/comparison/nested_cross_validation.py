"""Nested cross-validation: one loop chooses, another judges, and neither sees the other's rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from joblib import Memory, Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from sklearn import config_context
from sklearn.base import clone, is_classifier
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.utils.validation import check_X_y
from tqdm import tqdm

from qlearn._checks import as_count
from qlearn.learning._threads import one_thread


def nested_scores(
    estimator: Any,
    grid: Mapping[str, Any],
    X: ArrayLike,
    y: ArrayLike,
    *,
    folds: int = 5,
    inner: int = 3,
    seeds: int = 1,
    n_jobs: int | None = None,
    cache: Any = None,
    progress: bool = False,
) -> NDArray[np.float64]:
    r"""Return the accuracy of a tuned model on rows that neither trained nor tuned it.

    Each outer fold is kept aside once. On the other rows the best point of the grid is found by an inner
    cross-validation and fitted; only then is the fold that was kept aside looked at. All that learns from
    data, scaling included, must be a step of the estimator.

    Parameters
    ----------
    estimator : scikit-learn classifier
        Usually a pipeline; cloned, the given one is not changed.
    grid : dict of str to list
        Parameters to search over; empty searches nothing.
    X : array_like, shape (n, n_features)
        Finite features.
    y : array_like, shape (n,)
        Classes; the smallest has at least `folds` rows.
    folds, inner : int
        Folds of the outer and of the inner loop, at least 2.
    seeds : int
        How often the outer folds are drawn anew: seeds 0, 1, ...
    n_jobs : int, optional
        Outer folds at a time, by joblib's backend in force (``joblib.parallel_config("dask")`` sends them to
        a cluster); None is one.
    cache : str or path, optional
        Folder in which every finished fold is kept, so that a run that was broken off goes on where it was.
    progress : bool
        Show a progress bar.

    Returns
    -------
    ndarray of float64, shape (seeds, folds)

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.svm import SVC
    >>> X, y = load_iris(return_X_y=True)
    >>> nested_scores(SVC(), {"C": [1, 10]}, X, y).round(2)
    array([[1.  , 1.  , 0.93, 0.97, 0.93]])

    References
    ----------
    Cawley and Talbot, "On over-fitting in model selection and subsequent selection bias in performance
    evaluation", J. Mach. Learn. Res. 11, 2079 (2010).
    """
    for value, name in ((folds, "folds"), (inner, "inner")):
        as_count(value, name, least=2)
    as_count(seeds, "seeds")
    if not is_classifier(estimator):
        raise TypeError(
            f"estimator must be a classifier, whose score is an accuracy, not {type(estimator).__name__}"
        )
    rows, labels = check_X_y(X, y)
    sizes = np.unique(labels, return_counts=True)[1]
    if len(sizes) < 2:
        raise ValueError("The number of classes has to be greater than one; got 1 class")
    if sizes.min() * (folds - 1) // folds < inner or sizes.min() < folds:
        raise ValueError(
            f"y must have at least {folds} rows of each class for {folds} folds, and {inner} of them left to tune "
            f"with; the smallest class has {sizes.min()}: take fewer folds or more rows"
        )
    judge = _judge if cache is None else Memory(cache, verbose=0).cache(_judge)
    parts = [
        (train, test)
        for seed in range(seeds)
        for train, test in StratifiedKFold(folds, shuffle=True, random_state=seed).split(rows, labels)
    ]
    calls = (
        delayed(judge)(clone(estimator), dict(grid), rows, labels, train, test, inner)
        for train, test in tqdm(parts, disable=not progress, desc="folds")
    )
    return np.array(Parallel(n_jobs=n_jobs)(calls)).reshape(seeds, folds)


def _judge(
    estimator: Any,
    grid: dict[str, Any],
    X: NDArray[np.float64],
    y: NDArray[Any],
    train: NDArray[np.intp],
    test: NDArray[np.intp],
    inner: int,
) -> float:
    search = GridSearchCV(estimator, grid, cv=StratifiedKFold(inner, shuffle=True, random_state=0))
    with one_thread(), config_context(assume_finite=True):  # checked once, before the first fold
        return float(search.fit(X[train], y[train]).score(X[test], y[test]))
