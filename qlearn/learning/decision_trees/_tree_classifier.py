"""What a tree and a forest of them have in common as classifiers: votes, counts on new rows, tags."""

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin

from qlearn.learning._estimators import NestedParameters, as_generator, validate_rows
from qlearn.learning.decision_trees._tree_parameters import TreeParameters, has_wide_bandwidth, is_counted
from qlearn.learning.decision_trees.tree_growth import Likeness


class TreeClassifier(ClassifierMixin, NestedParameters):
    """A classifier that knows its parameters and its classes, and says what fraction of each a row meets."""

    random_state: Any
    parameters_: TreeParameters
    classes_: NDArray[Any]
    n_features_in_: int

    @abstractmethod
    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the fraction of each class, shape (n, n_classes)."""

    @abstractmethod
    def _settings(self) -> Any:
        """Return the estimator that holds the settings of a tree."""

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class of each row, shape (n,): the one with the largest fraction."""
        fractions = self.predict_proba(X)
        return self.classes_[fractions.argmax(axis=1)]

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the natural logarithm of :meth:`predict_proba`, shape (n, n_classes); of 0 it is minus infinity."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def _inputs(self, X: ArrayLike) -> NDArray[Any]:
        return self.parameters_.inputs(validate_rows(self, X))

    def _likeness(self) -> Likeness | None:
        """Return how new rows are compared: counts are drawn from a stream of their own, the same after each `fit`."""
        if not self.parameters_.counted:
            return self.parameters_.likeness(np.random.default_rng(0), self.n_features_in_)
        # A child of a child: the children themselves have grown the trees of a forest.
        generator = as_generator(self.random_state).spawn(1)[0].spawn(1)[0]
        return self.parameters_.likeness(generator, self.n_features_in_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = has_wide_bandwidth(self._settings())
        tags.non_deterministic = is_counted(self._settings())
        return tags

    def _more_tags(self) -> dict[str, bool]:  # how scikit-learn 1.5 asks
        tree = self._settings()
        return {"poor_score": has_wide_bandwidth(tree), "non_deterministic": is_counted(tree)}
