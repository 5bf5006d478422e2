"""The classical question: whether a feature is at most so large."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qlearn.learning.decision_trees.entropy import Impurity
from qlearn.learning.decision_trees.growth import Split


@dataclass(frozen=True)
class Threshold:
    """The question whether a feature is at most so large.

    Parameters
    ----------
    feature : int
        Its column.
    threshold : float
        How large.

    Examples
    --------
    >>> Threshold(0, 0.5)(np.array([[0.2], [0.7]]))
    array([ True, False])

    Taught in :doc:`/learning/decision_trees`.
    """

    feature: int
    threshold: float

    def __call__(self, rows: NDArray) -> NDArray[np.bool_]:
        """Return the answers for rows of features, shape (n,)."""
        return rows[:, self.feature] <= self.threshold


def best_threshold(
    X: NDArray[np.float64],
    membership: NDArray[np.int64],
    impurity: Impurity,
    features: NDArray[np.intp],
    min_samples_leaf: int = 1,
) -> Split | None:
    """Try every threshold of some features, and return the question that is worth most.

    Halfway between two neighbouring values is far enough from both; of equal gains the first is taken (scikit-learn
    takes one by its `random_state`). A gain of 0 is accepted: some classes need two questions before the first pays.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        The rows of the node.
    membership : ndarray of 0 and 1, shape (n, n_classes)
        Their classes.
    impurity : Impurity
        The entropy to lower.
    features : ndarray of int
        Which features may be asked for.
    min_samples_leaf : int
        Fewest rows that an answer may have.

    Returns
    -------
    Split or None
        None if no feature parts the rows.

    Examples
    --------
    >>> X, membership = np.array([[1.0], [2.0], [4.0]]), np.array([[1, 0], [1, 0], [0, 1]])
    >>> best_threshold(X, membership, Impurity(None), np.array([0])).question
    Threshold(feature=0, threshold=3.0)

    References
    ----------
    Quinlan, "Induction of decision trees", Machine Learning 1, 1986, pages 81-106.

    Taught in :doc:`/learning/decision_trees`.
    """
    best: tuple[float, int, float] | None = None
    answers = np.arange(1, len(X))
    roomy = (answers >= min_samples_leaf) & (len(X) - answers >= min_samples_leaf)
    total = membership.sum(axis=0)
    for feature in features:
        order = np.argsort(X[:, feature], kind="stable")
        values = X[order, feature]
        places = np.flatnonzero(roomy & (values[1:] > values[:-1]))
        if not len(places):
            continue
        yes = membership[order].cumsum(axis=0)[places]
        gains = impurity.gain(yes, total - yes)
        first = int(gains.argmax())
        if best is None or gains[first] > best[0]:
            low, high = values[places[first]], values[places[first] + 1]
            middle = low + (high - low) / 2
            best = float(gains[first]), int(feature), float(middle if middle < high else low)
    if best is None:
        return None
    question = Threshold(best[1], best[2])
    return Split(question, question(X), best[0])
