"""A forest: many trees, each grown from rows drawn with replacement, that vote by their fractions."""

from typing import Any, Self

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from tqdm import tqdm

from qlearn._checks import as_count
from qlearn.learning._estimators import as_generator, restored_on_error, validate_rows
from qlearn.learning.decision_trees._tree_parameters import TrainingData, TreeParameters, has_wide_bandwidth
from qlearn.learning.decision_trees.decision_tree import QuantumDecisionTreeClassifier
from qlearn.learning.decision_trees.splits import Impurity
from qlearn.learning.decision_trees.tree_growth import Tree


class QuantumForestClassifier(ClassifierMixin, BaseEstimator):
    r"""A random forest of quantum decision trees: bagging, and the mean of the trees' class fractions.

    .. math:: p_c(x) = \frac1T \sum_{t=1}^{T} p_c^{(t)}(x)

    The states of all rows are computed once and shared by the trees. Srikumar et al. give every tree all
    rows, so that trees differ by their landmarks alone: that is ``bootstrap=False``.

    Parameters
    ----------
    estimator : QuantumDecisionTreeClassifier, optional
        The tree to grow many of; None: ``QuantumDecisionTreeClassifier("kernel")``. Its `random_state` is
        not used. In a grid search its parameters are called ``estimator__bandwidth`` and so on.
    n_estimators : int
        Number of trees, at least 1.
    bootstrap : bool
        Draw the rows of each tree with replacement, as many as there are.
    oob_score : bool
        Score each row by the trees that did not draw it: an estimate of the accuracy that costs no row.
    n_jobs : int or None
        Trees grown at a time, as in joblib; the result does not depend on it.
    random_state : optional
        Draws rows and seeds the trees: what scikit-learn or :func:`numpy.random.default_rng` takes. None draws anew
        each time, not governed by :func:`numpy.random.seed`.
    progress : bool
        Show a bar that counts the trees.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The labels, sorted.
    trees_ : list of Tree
        The trees.
    n_overlaps_ : int
        Overlaps of states that all trees needed, each tree for itself.
    bandwidth_ : float
        The bandwidth as it was used, one for all trees.
    oob_score_ : float
        With `oob_score`: accuracy on the rows that at least one tree left out.
    n_features_in_ : int
        Features seen in `fit`.

    Warns
    -----
    UserWarning
        As by the tree.

    Examples
    --------
    >>> from qlearn.learning import ad_hoc_data
    >>> from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier, QuantumForestClassifier
    >>> data = ad_hoc_data(n_train=40, rng=7)
    >>> tree = QuantumDecisionTreeClassifier("kernel", bandwidth=1.0)  # the map that made these data
    >>> forest = QuantumForestClassifier(tree, 10, random_state=0).fit(data.X_train, data.y_train)
    >>> forest.score(data.X_test, data.y_test)
    1.0

    References
    ----------
    Breiman, "Random forests", 2001, doi:10.1023/A:1010933404324. Srikumar, Hill and Hollenberg, 2024,
    arXiv:2210.02355, section II.
    """

    def __init__(
        self,
        estimator: QuantumDecisionTreeClassifier | None = None,
        n_estimators: int = 25,
        *,
        bootstrap: bool = True,
        oob_score: bool = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        progress: bool = False,
    ) -> None:
        self.estimator = estimator
        self.n_estimators = n_estimators
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.progress = progress

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn from rows and their classes.

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features; for "fidelity" and "kernel" scaled to the order of 1.
        y : array_like, shape (n,)
            Classes, at least two.

        Returns
        -------
        QuantumForestClassifier
            Itself.
        """
        template = self._template
        parameters = TreeParameters.of(template)
        n_trees = as_count(self.n_estimators, "n_estimators")
        if self.oob_score and not self.bootstrap:
            raise ValueError("oob_score=True needs bootstrap=True: otherwise no tree leaves a row out")
        with restored_on_error(self):
            return self._grown(X, y, template, parameters, n_trees)

    def _grown(
        self,
        X: ArrayLike,
        y: ArrayLike,
        template: QuantumDecisionTreeClassifier,
        parameters: TreeParameters,
        n_trees: int,
    ) -> Self:
        data = TrainingData.of(self, template, X, y)
        parameters = parameters.fitted(data.rows)
        inputs = parameters.inputs(data.rows)

        generators = as_generator(self.random_state).spawn(n_trees)
        jobs = (
            delayed(_grow_on_sample)(
                parameters, inputs, data.membership, data.impurity, self.bootstrap, generator
            )
            for generator in generators
        )
        grown = Parallel(self.n_jobs, return_as="generator")(jobs)
        pairs = list(tqdm(grown, total=n_trees, disable=not self.progress, desc="trees"))
        self.trees_ = [tree for tree, _ in pairs]
        self.parameters_, self.bandwidth_ = parameters, parameters.kernel.bandwidth
        self.n_overlaps_ = sum(parameters.overlaps(tree) for tree in self.trees_)
        self.classes_ = data.classes
        if self.oob_score:
            self.oob_score_ = self._out_of_bag(pairs, inputs, data.coded)
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the mean over the trees of the fraction of each class, shape (n, n_classes)."""
        check_is_fitted(self)
        inputs = self.parameters_.inputs(validate_rows(self, X))
        return np.mean([tree.fractions()[tree.apply(inputs)] for tree in self.trees_], axis=0)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable class of each row, shape (n,)."""
        fractions = self.predict_proba(X)
        return self.classes_[fractions.argmax(axis=1)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = has_wide_bandwidth(self._template)
        return tags

    def _more_tags(self) -> dict[str, bool]:
        return {"poor_score": has_wide_bandwidth(self._template)}  # how scikit-learn 1.5 asks

    @property
    def _template(self) -> QuantumDecisionTreeClassifier:
        if self.estimator is None:
            return QuantumDecisionTreeClassifier("kernel")
        if not isinstance(self.estimator, QuantumDecisionTreeClassifier):
            raise TypeError(f"estimator must be a QuantumDecisionTreeClassifier, not {self.estimator!r}")
        return self.estimator

    def _out_of_bag(
        self,
        pairs: list[tuple[Tree, NDArray[np.intp]]],
        inputs: NDArray[Any],
        coded: NDArray[np.intp],
    ) -> float:
        votes = np.zeros((len(inputs), len(self.classes_)))
        for tree, sample in pairs:
            left = np.setdiff1d(np.arange(len(inputs)), sample)
            votes[left] += tree.fractions()[tree.apply(inputs[left])]
        judged = votes.any(axis=1)
        if not judged.any():
            raise ValueError("n_estimators must be larger for oob_score: no row was left out by any tree")
        return float((votes[judged].argmax(axis=1) == coded[judged]).mean())


def _grow_on_sample(
    parameters: TreeParameters,
    inputs: NDArray[Any],
    membership: NDArray[np.int64],
    impurity: Impurity,
    bootstrap: bool,
    rng: np.random.Generator,
) -> tuple[Tree, NDArray[np.intp]]:
    """Grow one tree; return it with the rows that it saw."""
    sample = np.arange(len(inputs))
    if bootstrap:
        sample = rng.integers(len(inputs), size=len(inputs))
    return parameters.grow(inputs[sample], membership[sample], impurity, rng), sample
