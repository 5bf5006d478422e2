"""What trees are grown from, checked once, for one tree or for a forest: rows, classes, and what each row weighs."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.class_weight import compute_class_weight

from qlearn.learning._estimators import as_sample_weight, refuse_ignored, validate_labelled
from qlearn.learning.decision_trees._tree_parameters import ignored_parameters
from qlearn.learning.decision_trees.splits import Impurity


@dataclass(frozen=True)
class TrainingData:
    """Rows and labels of a `fit`, as trees are grown from them: `active` are the rows whose weight is above 0."""

    rows: NDArray[np.float64]
    classes: NDArray[Any]
    coded: NDArray[np.intp]
    membership: NDArray[Any]
    impurity: Impurity
    weights: NDArray[np.float64] | None
    active: NDArray[np.intp]

    @classmethod
    def of(
        cls, estimator: Any, tree: Any, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None
    ) -> Self:
        """Check what `estimator` is fitted to, and refuse what the settings of its tree would ignore."""
        refuse_ignored(tree, ignored_parameters(tree.criterion, tree.encoding))
        rows, labels = validate_labelled(estimator, X, y)
        classes, coded = np.unique(labels, return_inverse=True)
        impurity = Impurity.of(tree.class_states, len(classes), "class_states")
        weights = as_sample_weight(sample_weight, rows)
        membership: NDArray[Any] = np.eye(len(classes), dtype=np.int64)[coded]
        if weights is not None:
            membership = membership * weights[:, None]
        if tree.class_weight is not None:
            membership = membership * _weights_of_classes(tree.class_weight, classes, coded, weights)
        with np.errstate(over="ignore"):
            total = membership.sum()
        if not np.isfinite(total):
            raise ValueError(
                "sample_weight and class_weight must have a sum that is finite: divide all of them by one number"
            )
        active = np.flatnonzero(membership.sum(axis=1))
        if len(np.unique(coded[active])) < 2:
            raise ValueError(
                "sample_weight and class_weight must leave rows of at least two classes with a weight above 0: "
                "with one class there is nothing to ask"
            )
        return cls(rows, classes, coded, membership, impurity, weights, active)


def _weights_of_classes(
    class_weight: Any, classes: NDArray[Any], coded: NDArray[np.intp], weights: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Return what a row of each class counts; "balanced" by the weights, as if a row of weight 2 stood there twice."""
    if isinstance(class_weight, str) and class_weight == "balanced":
        sums = np.bincount(coded, weights, minlength=len(classes))
        return sums.sum() / (np.count_nonzero(sums) * np.where(sums > 0, sums, 1.0))
    each = compute_class_weight(class_weight, classes=classes, y=classes[coded])
    if not (each >= 0).all():
        raise ValueError(f"class_weight must not be negative; it holds {each.min():g}")
    if not np.isfinite(each).all():
        raise ValueError("class_weight must be finite; it holds inf, beside which no other class would count")
    return each
