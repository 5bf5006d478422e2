"""Trees of thresholds beside scikit-learn's, and forests of kernel trees with counted overlaps beside exact ones."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from benchmarks.harness import Row, compare, time_best
from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier, QuantumForestClassifier

SECTION = "trees"
ROWS, FEATURES, DEPTH = 5_000, 10, 4  # deeper there are ties, which scikit-learn decides by chance
FOREST_ROWS, TREES, SHOTS = 500, 10, 1_000


def task(n: int, d: int) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Return rows and classes that thresholds part only nearly."""
    rng = np.random.default_rng(d)
    X = rng.normal(size=(n, d)).astype(np.float32).astype(float)  # scikit-learn's trees see float32
    return X, (X[:, 0] + X[:, 1] * X[:, 2] + rng.normal(size=n) > 0).astype(int)


def threshold_rows() -> Iterable[Row]:
    """Measure a tree that asks what scikit-learn's asks; theirs is compiled, ours is NumPy."""
    X, y = task(ROWS, FEATURES)
    limits: dict[str, Any] = {"max_depth": DEPTH, "min_samples_leaf": 20}
    ours = QuantumDecisionTreeClassifier(**limits)
    theirs = DecisionTreeClassifier(criterion="entropy", random_state=0, **limits)
    if not np.allclose(ours.fit(X, y).predict_proba(X), theirs.fit(X, y).predict_proba(X)):
        raise RuntimeError("scikit-learn and qlearn disagree: the comparison would be of different trees")
    what = f"thresholds, {ROWS} rows, {FEATURES} features, depth {DEPTH}"
    seconds = time_best(lambda: ours.fit(X, y), repeat=3)
    rival = time_best(lambda: theirs.fit(X, y), repeat=3)
    yield Row(SECTION, what, seconds * 1e3, "scikit-learn", rival * 1e3)


def counted_rows() -> Iterable[Row]:
    """Measure the answers of a forest for new rows when overlaps are counted, beside the same trees with exact ones."""
    for q in (2, 6, 8):
        X, y = task(FOREST_ROWS, max(q, 3))
        exact, counted = (
            QuantumForestClassifier(
                QuantumDecisionTreeClassifier("kernel", trials=1, max_depth=4, shots=shots),
                TREES,
                random_state=0,
            ).fit(X[:, :q], y)
            for shots in (None, SHOTS)
        )
        what = f"forest of {TREES}, {FOREST_ROWS} rows, q={q}, {SHOTS} shots"
        share = counted.n_overlaps_ / exact.n_overlaps_  # else the clocks would run for different work
        slow = time_best(lambda c=counted, X=X[:, :q], y=y: c.fit(X, y), repeat=3) / share  # type: ignore[misc]
        fast = time_best(lambda e=exact, X=X[:, :q], y=y: e.fit(X, y), repeat=3)  # type: ignore[misc]
        name = f"train, {what}, for as many overlaps"
        yield compare(SECTION, name, slow, "exact overlaps", fast, at_most=2)
        # No bound: there is no machine to fit, and what is timed is the drawing of a binomial for each overlap.
        slow = time_best(lambda c=counted, X=X[:, :q]: c.predict_proba(X), repeat=3)  # type: ignore[misc]
        fast = time_best(lambda e=exact, X=X[:, :q]: e.predict_proba(X), repeat=3)  # type: ignore[misc]
        yield Row(SECTION, f"answer, {what}", slow * 1e3, "exact overlaps", fast * 1e3)


def rows() -> Iterable[Row]:
    """Measure both, on one thread."""
    with threadpool_limits(1):
        yield from threshold_rows()
        yield from counted_rows()
