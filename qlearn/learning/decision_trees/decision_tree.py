"""A decision tree whose nodes are mixtures of quantum states, and whose questions may be asked of states."""

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from qlearn.learning._estimators import as_generator, restored_on_error, validate_rows
from qlearn.learning.decision_trees._tree_parameters import (
    Criterion,
    TrainingData,
    TreeParameters,
    has_wide_bandwidth,
)
from qlearn.learning.decision_trees.tree_growth import Tree
from qlearn.learning.encodings.encoding import Encoding
from qlearn.qubits.entanglement_patterns import Entanglement


class QuantumDecisionTreeClassifier(ClassifierMixin, BaseEstimator):
    r"""A decision tree that lowers the von Neumann entropy of its nodes, question by question.

    .. math:: \Delta = S(\rho) - \sum_{a \in \{\text{yes}, \text{no}\}} \frac{n_a}{n}\, S(\rho_a), \qquad
              \rho = \sum_c \frac{n_c}{n}\, |c\rangle\langle c|

    where :math:`|c\rangle` is the state that stands for class c. With orthogonal class states, the default,
    this is Shannon's information gain, and the tree of "entropy" is the one that scikit-learn grows, up to ties: of
    questions that are worth the same it takes the first, scikit-learn one by its `random_state`, and deep trees
    have many. (Below a tie the two hold other rows, and what they find there may be worth more or less.) Of
    Lu and Braunstein it takes the entropy and the clustering by fidelity; which questions are tried, the
    parameter `criterion` says.

    Parameters
    ----------
    criterion : {"entropy", "fidelity", "kernel"}
        "entropy": thresholds of single features, all of them. "fidelity": which of two exemplars a state
        is more like (after Lu and Braunstein). "kernel": on which side of a hyperplane in the space of
        states, found by a support vector machine on few landmarks (Srikumar et al.). The first needs no
        quantum computer; the others need overlaps of states, one for each row and landmark.
    class_states : array_like, shape (n_classes, 2**m), optional
        States of the classes, in the order of their sorted labels; classes whose states overlap are worth
        less to tell apart. None: orthogonal.
    encoding, reps, entanglement, max_gib
        The states of the rows for "fidelity" and "kernel": see :class:`~qlearn.learning.FidelityKernel`.
    bandwidth : "scale" or float
        Multiplies the features, above 0. "scale" takes it from the training rows: they are then as alike on average as
        the RBF kernel of :class:`~sklearn.svm.SVC` finds them with ``gamma="scale"``. Data that were made of the fringes
        of a map, as :func:`~qlearn.learning.ad_hoc_data`, need 1.0.
    landmarks : int
        Rows that are drawn in each node as exemplars or landmarks, at least 2.
    trials : int
        Machines that "kernel" fits in each node, of which the best is kept.
    C : float
        Cost of a violated margin in these machines, above 0.
    max_depth : int or None
        Most questions in a row; None: until the leaves are pure.
    min_samples_split : int
        Nodes with fewer rows are leaves; at least 2.
    min_samples_leaf : int
        Fewest rows of a leaf.
    max_features : None, "sqrt", int or float
        Features, drawn anew in each node, whose thresholds "entropy" tries: all, the root of their number,
        so many, or this share.
    random_state : optional
        Draws features, exemplars and landmarks: what scikit-learn or :func:`numpy.random.default_rng` takes. None
        draws anew each time, not governed by :func:`numpy.random.seed`.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The labels, sorted.
    tree_ : Tree
        Questions, children, class counts, depths and gains of the nodes.
    n_overlaps_ : int
        Overlaps of states that `fit` needed: those that a quantum computer would have to estimate. (Those of the at most
        100 rows by which "scale" is found are not among them.)
    bandwidth_ : float
        The bandwidth as it was used.
    n_features_in_ : int
        Features seen in `fit`.

    Warns
    -----
    UserWarning
        By `fit`, if at a bandwidth that was given the rows overlap hardly more than unrelated states would, or most of
        them by less than 0.01 with the row that is likest to them; and if a parameter that was set has no effect with
        this criterion or encoding (a search over it would compare equal trees).

    Raises
    ------
    ValueError, TypeError
        By `fit` and `predict`: scikit-learn's own for rows and labels; for parameters out of range, for
        class states that are not one for each class, for more features than memory has room for.

    Examples
    --------
    >>> from qlearn.learning import ad_hoc_data
    >>> from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier
    >>> data = ad_hoc_data(n_train=40, rng=7)
    >>> for criterion, options in (("entropy", {}), ("kernel", {"bandwidth": 1.0})):
    ...     tree = QuantumDecisionTreeClassifier(criterion, random_state=0, **options)
    ...     tree = tree.fit(data.X_train, data.y_train)
    ...     print(criterion, tree.get_n_leaves(), tree.score(data.X_test, data.y_test))
    entropy 24 0.825
    kernel 2 1.0

    References
    ----------
    Lu and Braunstein, "Quantum decision tree classifier", 2014, doi:10.1007/s11128-013-0687-5.
    Srikumar, Hill and Hollenberg, "A kernel-based quantum random forest for improved classification",
    2024, arXiv:2210.02355, section II.
    """

    def __init__(
        self,
        criterion: Criterion = "entropy",
        *,
        class_states: ArrayLike | None = None,
        encoding: str | Encoding = "zz",
        reps: int = 2,
        entanglement: Entanglement = "full",
        bandwidth: float | Literal["scale"] = "scale",
        landmarks: int = 10,
        trials: int = 3,
        C: float = 10.0,
        max_depth: int | None = None,
        min_samples_split: int = 2,
        min_samples_leaf: int = 1,
        max_features: Any = None,
        random_state: Any = None,
        max_gib: float = 4.0,
    ) -> None:
        self.criterion = criterion
        self.class_states = class_states
        self.encoding = encoding
        self.reps = reps
        self.entanglement = entanglement
        self.bandwidth = bandwidth
        self.landmarks = landmarks
        self.trials = trials
        self.C = C
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.max_features = max_features
        self.random_state = random_state
        self.max_gib = max_gib

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
        QuantumDecisionTreeClassifier
            Itself.
        """
        parameters = TreeParameters.of(self)
        with restored_on_error(self):
            data = TrainingData.of(self, self, X, y)
            parameters = parameters.fitted(data.rows)
            rng = as_generator(self.random_state)
            inputs = parameters.inputs(data.rows)
            self.tree_: Tree = parameters.grow(inputs, data.membership, data.impurity, rng)
            self.parameters_, self.bandwidth_ = parameters, parameters.kernel.bandwidth
            self.n_overlaps_ = parameters.overlaps(self.tree_)
            self.classes_ = data.classes
        return self

    def apply(self, X: ArrayLike) -> NDArray[np.intp]:
        """Return the number of the leaf in which each row ends, shape (n,)."""
        check_is_fitted(self)
        rows = validate_rows(self, X)
        return self.tree_.apply(self.parameters_.inputs(rows))

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the fraction of each class in the leaf of each row, shape (n, n_classes)."""
        leaves = self.apply(X)
        return self.tree_.fractions()[leaves]

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class of each row, shape (n,): the most frequent one in its leaf."""
        fractions = self.predict_proba(X)
        return self.classes_[fractions.argmax(axis=1)]

    def get_depth(self) -> int:
        """Return the largest number of questions in a row."""
        check_is_fitted(self)
        return int(self.tree_.depths.max())

    def get_n_leaves(self) -> int:
        """Return the number of leaves."""
        check_is_fitted(self)
        return self.tree_.questions.count(None)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = has_wide_bandwidth(self)
        return tags

    def _more_tags(self) -> dict[str, bool]:
        return {"poor_score": has_wide_bandwidth(self)}  # how scikit-learn 1.5 asks
