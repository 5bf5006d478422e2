"""A decision tree whose nodes are mixtures of quantum states, and whose questions may be asked of states."""

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.utils import Bunch
from sklearn.utils.validation import check_is_fitted

from qlearn.learning._estimators import as_generator, restored_on_error
from qlearn.learning.decision_trees._training_data import TrainingData
from qlearn.learning.decision_trees._tree_classifier import TreeClassifier
from qlearn.learning.decision_trees._tree_parameters import (
    Criterion,
    TreeParameters,
    importances,
)
from qlearn.learning.decision_trees.pruning import pruning_path
from qlearn.learning.decision_trees.splits import Impurity
from qlearn.learning.decision_trees.tree_growth import Tree
from qlearn.learning.encodings.encoding import Encoding
from qlearn.qubits.entanglement_patterns import Entanglement


class QuantumDecisionTreeClassifier(TreeClassifier):
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
    encoding, reps, entanglement
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
    min_samples_split : int or float
        Nodes with fewer rows are leaves; at least 2. A float is a share of the training rows with a weight above 0.
    min_samples_leaf : int or float
        Fewest rows of a leaf. A float is a share, as above.
    max_features : None, "sqrt", "log2", int or float
        Features, drawn anew in each node, whose thresholds "entropy" tries: all, the root or the binary logarithm of
        their number, so many, or this share, rounded up.
    random_state : optional
        Draws features, exemplars, landmarks and counts: what scikit-learn or :func:`numpy.random.default_rng` takes.
        None draws anew each time, not governed by :func:`numpy.random.seed`.
    max_gib : float
        States that would take more GiB are refused before memory is taken.
    class_weight : dict, "balanced" or None
        What a row of each class weighs; "balanced": classes weigh the same, however many rows they have.
    min_weight_fraction_leaf : float
        Least share of the weight of all rows that a leaf has, 0 to 0.5.
    ccp_alpha : float
        Bits that a question must be worth for each leaf that it and those below it add, in the mean over all rows; else
        they are taken back when the tree is grown. See :meth:`cost_complexity_pruning_path`.
    shots : int, optional
        Runs of the compute-uncompute circuit by which each overlap of "fidelity" and "kernel" is counted, in `fit` and
        again in `predict`. None: exact. A row then may end in another leaf each time that it is asked; with a
        `random_state` that is a whole number the same call gives the same counts.
    noise : float
        Chance that a run ends in the maximally mixed state, 0 to 1; of NumPy only, a device has its own.
    device : optional
        A sampler of Qiskit's primitives (version 2) or a PennyLane device that runs the circuits, as by
        :class:`~qlearn.learning.qsvm.CountedKernel`; it draws by its own seed. None: NumPy.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The labels, sorted.
    tree_ : Tree
        Questions, children, class counts, depths and gains of the nodes.
    feature_importances_ : ndarray, shape (n_features,)
        Share of each feature in the bits that the questions took away. Of "entropy" only: questions of states ask for all
        features at once (there :func:`sklearn.inspection.permutation_importance` tells them apart).
    n_overlaps_ : int
        Overlaps of states that `fit` needed: those that a quantum computer would have to estimate, each by `shots` runs.
        (Those of the at most 100 rows by which "scale" is found are not among them.)
    bandwidth_ : float
        The bandwidth as it was used.
    n_features_in_ : int
        Features seen in `fit`.

    Warns
    -----
    UserWarning
        By `fit`, if at a bandwidth that was given the rows overlap hardly more than unrelated states would, or most of
        them by less than 0.01 with the row that is likest to them.

    Raises
    ------
    ValueError, TypeError
        By `fit` and `predict`: scikit-learn's own for rows and labels; for parameters out of range, for
        class states that are not one for each class, for more features than memory has room for; and if a parameter that
        was set has no effect with this criterion or encoding (a search over it would compare equal trees).

    Examples
    --------
    >>> from qlearn.learning import ad_hoc_data
    >>> from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier
    >>> data = ad_hoc_data(n_train=40, rng=7)
    >>> for criterion, options in (("entropy", {}), ("kernel", {"bandwidth": 1.0})):
    ...     tree = QuantumDecisionTreeClassifier(criterion, random_state=0, **options)
    ...     tree = tree.fit(data.X_train, data.y_train)
    ...     print(criterion, tree.get_n_leaves(), tree.score(data.X_test, data.y_test))
    entropy 26 0.6
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
        min_samples_split: int | float = 2,
        min_samples_leaf: int | float = 1,
        max_features: Any = None,
        random_state: Any = None,
        max_gib: float = 4.0,
        class_weight: Any = None,
        min_weight_fraction_leaf: float = 0.0,
        ccp_alpha: float = 0.0,
        shots: int | None = None,
        noise: float = 0.0,
        device: Any = None,
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
        self.class_weight = class_weight
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.ccp_alpha = ccp_alpha
        self.shots = shots
        self.noise = noise
        self.device = device

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from rows and their classes.

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features; for "fidelity" and "kernel" scaled to the order of 1.
        y : array_like, shape (n,)
            Classes, at least two.
        sample_weight : array_like, shape (n,), optional
            What each row counts, at least 0; a row of weight 0 is not there. They weigh gains, fractions and margins;
            exemplars and landmarks are drawn with equal chances, and ``bandwidth="scale"`` does not know them.

        Returns
        -------
        QuantumDecisionTreeClassifier
            Itself.
        """
        parameters = TreeParameters.of(self)
        with restored_on_error(self):
            data = TrainingData.of(self, self, X, y, sample_weight)
            parameters = parameters.fitted(data.rows[data.active])
            rng = as_generator(self.random_state)
            likeness = parameters.likeness(rng, self.n_features_in_)
            inputs = parameters.inputs(data.rows)
            grown = parameters.grow(
                inputs, data.membership, data.impurity, rng, rows=data.active, likeness=likeness
            )
            self.tree_: Tree = parameters.pruned(grown, data.impurity)
            self.parameters_, self.bandwidth_ = parameters, parameters.kernel.bandwidth
            self.n_overlaps_ = parameters.overlaps(grown)
            self.classes_, self._impurity = data.classes, data.impurity
        return self

    def apply(self, X: ArrayLike) -> NDArray[np.intp]:
        """Return the number of the leaf in which each row ends, shape (n,)."""
        check_is_fitted(self)
        return self.tree_.apply(self._inputs(X), self._likeness())

    def decision_path(self, X: ArrayLike) -> csr_matrix:
        """Return the nodes that each row comes by: a sparse table of 0 and 1, shape (n, n_nodes)."""
        check_is_fitted(self)
        return self.tree_.decision_path(self._inputs(X), self._likeness())

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the fraction of each class in the leaf of each row, shape (n, n_classes)."""
        leaves = self.apply(X)
        return self.tree_.fractions()[leaves]

    def cost_complexity_pruning_path(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Bunch:
        """Grow a whole tree, and return at which `ccp_alpha` its questions go.

        Parameters
        ----------
        X, y, sample_weight
            As for `fit`. The estimator itself is left as it is.

        Returns
        -------
        Bunch
            ``ccp_alphas``, in bits a leaf, the first 0; ``impurities``, the mean entropy of the leaves that are left, in
            bits. Both of float64, shape (n_steps,).
        """
        whole = clone(self).set_params(ccp_alpha=0.0).fit(X, y, sample_weight)
        return pruning_path(whole.tree_, Impurity.of(self.class_states, len(whole.classes_)).entropy)

    @property
    def feature_importances_(self) -> NDArray[np.float64]:
        """The share of each feature in the bits that the questions took away, shape (n_features,)."""
        check_is_fitted(self)
        return importances(self.tree_, self.parameters_.criterion, self.n_features_in_)

    def get_depth(self) -> int:
        """Return the largest number of questions in a row."""
        check_is_fitted(self)
        return int(self.tree_.depths.max())

    def get_n_leaves(self) -> int:
        """Return the number of leaves."""
        check_is_fitted(self)
        return self.tree_.questions.count(None)

    def _settings(self) -> Self:
        return self
