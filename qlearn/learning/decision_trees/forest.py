"""A forest: many trees, each grown from rows drawn with replacement, that vote by their fractions."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self
from zlib import crc32

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted
from tqdm import tqdm

from qlearn._checks import as_count
from qlearn.learning._estimators import as_generator, level_of_caller, restored_on_error
from qlearn.learning.decision_trees._training_data import TrainingData
from qlearn.learning.decision_trees._tree_classifier import TreeClassifier
from qlearn.learning.decision_trees._tree_parameters import TreeParameters, importances
from qlearn.learning.decision_trees.decision_tree import QuantumDecisionTreeClassifier
from qlearn.learning.decision_trees.tree_growth import Tree


class QuantumForestClassifier(TreeClassifier):
    r"""A random forest of quantum decision trees: bagging, and the mean of the trees' class fractions.

    .. math:: p_c(x) = \frac1T \sum_{t=1}^{T} p_c^{(t)}(x)

    The states of all rows are computed once and shared by the trees. Srikumar et al. give every tree all
    rows, so that trees differ by their landmarks alone: that is ``bootstrap=False``.

    Parameters
    ----------
    estimator : QuantumDecisionTreeClassifier, optional
        The tree to grow many of; None: ``QuantumDecisionTreeClassifier("kernel")``. Its `random_state` is
        not used. In a grid search its parameters are called ``estimator__bandwidth`` and so on. A `class_weight` of its is
        that of the forest: "balanced" counts all rows, not those that a tree has drawn.
    n_estimators : int
        Number of trees, at least 1.
    bootstrap : bool
        Draw the rows of each tree with replacement, as many as there are.
    oob_score : bool or callable
        Score each row by the trees that did not draw it: an estimate of the accuracy, weighted as the rows are, that costs
        no row. A function (true, predicted) -> number scores in its place.
    n_jobs : int or None
        Trees grown at a time, as in joblib; the result does not depend on it. With a `device` only None or 1: copies of it
        in several processes would count alike.
    random_state : optional
        Draws rows and seeds the trees: what scikit-learn or :func:`numpy.random.default_rng` takes. None draws anew
        each time, not governed by :func:`numpy.random.seed`.
    progress : bool
        Show a bar that counts the trees.
    warm_start : bool
        `fit` keeps the trees that are there and grows the others up to `n_estimators`; on the same rows and with a
        `random_state` that is a whole number that gives the forest that is grown at once. States and classes must stay.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The labels, sorted.
    trees_ : list of Tree
        The trees.
    estimators_ : list of QuantumDecisionTreeClassifier
        The trees as fitted estimators.
    estimators_samples_ : list of ndarray of int
        The rows that each tree has drawn.
    feature_importances_ : ndarray, shape (n_features,)
        Mean over the trees of the shares of the features in their bits; of "entropy" only.
    n_overlaps_ : int
        Overlaps of states that all trees needed, each tree for itself.
    bandwidth_ : float
        The bandwidth as it was used, one for all trees.
    oob_score_ : float
        With `oob_score`: accuracy on the rows that at least one tree left out.
    oob_decision_function_ : ndarray, shape (n, n_classes)
        With `oob_score`: mean class fractions of each training row by the trees that left it out; NaN where none did.
    n_features_in_ : int
        Features seen in `fit`.

    Warns
    -----
    UserWarning
        As by the tree; and by a warm start that has no tree to add.

    Examples
    --------
    >>> from qlearn.learning import ad_hoc_data
    >>> from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier, QuantumForestClassifier
    >>> data = ad_hoc_data(n_train=40, rng=7)
    >>> tree = QuantumDecisionTreeClassifier("kernel", bandwidth=1.0)  # the map that made these data
    >>> forest = QuantumForestClassifier(tree, 10, random_state=0).fit(data.X_train, data.y_train)
    >>> forest.score(data.X_test, data.y_test)
    1.0

    One of its trees, as a picture:

    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from qlearn.learning.decision_trees import plot_tree
    >>> boxes = plot_tree(forest.estimators_[0], filled=True)
    >>> len(boxes) == len(forest.trees_[0].questions)
    True

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
        oob_score: bool | Callable[[NDArray[Any], NDArray[Any]], float] = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        progress: bool = False,
        warm_start: bool = False,
    ) -> None:
        self.estimator = estimator
        self.n_estimators = n_estimators
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.progress = progress
        self.warm_start = warm_start

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from rows and their classes.

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features; for "fidelity" and "kernel" scaled to the order of 1.
        y : array_like, shape (n,)
            Classes, at least two.
        sample_weight : array_like, shape (n,), optional
            What each row counts, at least 0; a row of weight 0 is never drawn. All others are drawn with equal chances,
            and keep their weight in each tree.

        Returns
        -------
        QuantumForestClassifier
            Itself.
        """
        template = self._settings()
        parameters = TreeParameters.of(template)
        n_trees = as_count(self.n_estimators, "n_estimators")
        self._refuse_switches(parameters)
        if self.oob_score and not self.bootstrap:
            raise ValueError("oob_score=True needs bootstrap=True: otherwise no tree leaves a row out")
        kept = len(self.trees_) if self.warm_start and hasattr(self, "trees_") else 0
        if n_trees < kept:
            raise ValueError(
                f"n_estimators must be at least {kept} with warm_start=True, not {n_trees}: so many trees are there. "
                "Set warm_start=False to start anew"
            )
        with restored_on_error(self):
            before = (self.classes_, self.n_features_in_, self._rows) if kept else ()
            data = TrainingData.of(self, template, X, y, sample_weight)
            rows = data.rows[data.active]
            settings = self._continued(parameters, data, *before) if before else parameters.fitted(rows)
            if n_trees == kept:
                warnings.warn(
                    f"warm_start=True and n_estimators={kept}: so many trees are there, and none is added",
                    UserWarning,
                    stacklevel=level_of_caller(),
                )
            self._grow(data, settings, n_trees, kept)
            self._asked = parameters
        return self

    def _refuse_switches(self, parameters: TreeParameters) -> None:
        for name in ("bootstrap", "warm_start", "oob_score"):
            value = getattr(self, name)
            if not isinstance(value, bool | np.bool_) and not (name == "oob_score" and callable(value)):
                either = ", or a function (true, predicted) -> number" if name == "oob_score" else ""
                raise TypeError(f"{name} must be True or False{either}, not {value!r}")
        if parameters.device is not None and self.n_jobs not in (None, 1):
            raise ValueError(
                f"n_jobs must be None or 1 with a device, not {self.n_jobs!r}: each process would have a copy of the "
                "device, and copies of one that is seeded count alike"
            )

    def _grow(self, data: TrainingData, parameters: TreeParameters, n_trees: int, kept: int) -> None:
        inputs = parameters.inputs(data.rows)
        generators = self._generators(n_trees, kept)
        jobs = (
            delayed(_grow_on_sample)(parameters, inputs, data, self.bootstrap, generator)
            for generator in generators
        )
        grown = Parallel(self.n_jobs, return_as="generator")(jobs)
        found = list(tqdm(grown, total=n_trees - kept, disable=not self.progress, desc="trees"))
        # New lists: a fit that fails later may not have changed those of the forest that was.
        trees, samples, bills = (self.trees_, self.estimators_samples_, self._bills) if kept else ([], [], [])
        self.trees_: list[Tree] = [*trees, *(tree for tree, _, _ in found)]
        self.estimators_samples_: list[NDArray[np.intp]] = [*samples, *(sample for _, sample, _ in found)]
        self._bills: list[int] = [*bills, *(bill for _, _, bill in found)]
        self.n_overlaps_: int = sum(self._bills)
        self.parameters_, self.bandwidth_ = parameters, parameters.kernel.bandwidth
        self.classes_, self._impurity = data.classes, data.impurity
        mark = _mark(data.rows)
        # None: not all trees have drawn from the same rows.
        self._rows: int | None = mark if not kept or self._rows == mark else None
        for old in ("oob_score_", "oob_decision_function_"):
            if hasattr(self, old):
                delattr(self, old)
        if self.oob_score:
            self._score_out_of_bag(inputs, data)

    def _generators(self, n_trees: int, kept: int) -> list[np.random.Generator]:
        generator = as_generator(self.random_state)
        if self.random_state is None or isinstance(self.random_state, int | np.integer):
            return generator.spawn(n_trees)[kept:]
        return generator.spawn(n_trees - kept)  # it goes on where it was

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the mean over the trees of the fraction of each class, shape (n, n_classes)."""
        leaves = self.apply(X)
        each = zip(self.trees_, leaves.T, strict=True)
        return np.mean([tree.fractions()[ends] for tree, ends in each], axis=0)

    def apply(self, X: ArrayLike) -> NDArray[np.intp]:
        """Return the number of the leaf in which each row ends, tree by tree, shape (n, n_estimators)."""
        check_is_fitted(self)
        inputs, likeness = self._inputs(X), self._likeness()
        return np.stack([tree.apply(inputs, likeness) for tree in self.trees_], axis=1)

    def decision_path(self, X: ArrayLike) -> tuple[csr_matrix, NDArray[np.intp]]:
        """Return the nodes that each row comes by, and where the columns of each tree begin.

        Returns
        -------
        indicator : csr_matrix, shape (n, n_nodes of all trees)
            1 where a row comes by a node.
        n_nodes_ptr : ndarray of int, shape (n_estimators + 1,)
            The columns from ``n_nodes_ptr[t]`` to ``n_nodes_ptr[t + 1]`` are those of tree t.
        """
        check_is_fitted(self)
        inputs, likeness = self._inputs(X), self._likeness()
        paths = [tree.decision_path(inputs, likeness) for tree in self.trees_]
        return hstack(paths).tocsr(), np.cumsum([0, *(path.shape[1] for path in paths)])

    @property
    def estimators_(self) -> list[QuantumDecisionTreeClassifier]:
        """The trees as fitted estimators, each of which can be asked, printed and drawn by itself."""
        check_is_fitted(self)
        made = []
        for tree, bill in zip(self.trees_, self._bills, strict=True):
            one = clone(self._settings())
            one.tree_, one.parameters_, one.classes_ = tree, self.parameters_, self.classes_
            one.bandwidth_, one.n_features_in_ = self.bandwidth_, self.n_features_in_
            one.n_overlaps_, one._impurity = bill, self._impurity
            if hasattr(self, "feature_names_in_"):
                one.feature_names_in_ = self.feature_names_in_
            made.append(one)
        return made

    @property
    def feature_importances_(self) -> NDArray[np.float64]:
        """The mean over the trees that ask at all of the shares of the features in their bits, shape (n_features,)."""
        check_is_fitted(self)
        each = [importances(tree, self.parameters_.criterion, self.n_features_in_) for tree in self.trees_]
        mean = np.mean(each, axis=0)
        return mean / total if (total := mean.sum()) > 0 else mean

    def _settings(self) -> QuantumDecisionTreeClassifier:
        if self.estimator is None:
            return QuantumDecisionTreeClassifier("kernel")
        if not isinstance(self.estimator, QuantumDecisionTreeClassifier):
            raise TypeError(f"estimator must be a QuantumDecisionTreeClassifier, not {self.estimator!r}")
        return self.estimator

    def _continued(
        self,
        asked: TreeParameters,
        data: TrainingData,
        classes: NDArray[Any],
        n_features: int,
        rows: int | None,
    ) -> TreeParameters:
        """Return the settings of the trees to come, whose states are those of the trees that are there."""
        same = {
            "classes": np.array_equal(classes, data.classes),
            "number of features": n_features == self.n_features_in_,
            "class_states": np.array_equal(self._impurity.gram, data.impurity.gram),  # type: ignore[arg-type]
            # out of bag means another row where there are others
            "rows": not self.oob_score or rows == _mark(data.rows),
        }
        for name in ("criterion", "kernel", "scale", "shots", "noise", "device"):
            same[name] = getattr(asked, name) == getattr(self._asked, name)
        if not all(same.values()):
            changed = ", ".join(name for name, equal in same.items() if not equal)
            raise ValueError(
                f"warm_start=True adds trees to those that are there, and their {changed} cannot change: "
                "set warm_start=False to start anew"
            )
        return replace(asked, kernel=self.parameters_.kernel, scale=False)

    def _score_out_of_bag(self, inputs: NDArray[Any], data: TrainingData) -> None:
        votes = np.zeros((len(inputs), len(self.classes_)))
        likeness = self._likeness()
        for tree, sample in zip(self.trees_, self.estimators_samples_, strict=True):
            left = np.setdiff1d(np.arange(len(inputs)), sample)
            if len(left):
                votes[left] += tree.fractions()[tree.apply(inputs[left], likeness)]
        judged = votes.any(axis=1) & (data.membership.sum(axis=1) > 0)
        if not judged.any():
            raise ValueError("n_estimators must be larger for oob_score: no row was left out by any tree")
        total = votes.sum(axis=1, keepdims=True)
        self.oob_decision_function_ = np.where(total > 0, votes / np.where(total > 0, total, 1), np.nan)
        best = votes[judged].argmax(axis=1)
        if callable(self.oob_score):
            self.oob_score_ = self.oob_score(self.classes_[data.coded[judged]], self.classes_[best])
            return
        right = best == data.coded[judged]
        weights = None if data.weights is None else data.weights[judged]
        self.oob_score_ = float(np.average(right, weights=weights))


def _mark(rows: NDArray[np.float64]) -> int:
    """Return a number by which rows are known again."""
    return crc32(np.ascontiguousarray(rows).tobytes())


def _grow_on_sample(
    parameters: TreeParameters,
    inputs: NDArray[Any],
    data: TrainingData,
    bootstrap: bool,
    rng: np.random.Generator,
) -> tuple[Tree, NDArray[np.intp], int]:
    """Grow one tree; return it with the rows that it saw, and with the overlaps that it needed."""
    sample = data.active
    if bootstrap:
        sample = sample[rng.integers(len(sample), size=len(sample))]
    likeness = parameters.likeness(rng, data.rows.shape[1])
    grown = parameters.grow(inputs, data.membership, data.impurity, rng, rows=sample, likeness=likeness)
    return parameters.pruned(grown, data.impurity), sample, parameters.overlaps(grown)
