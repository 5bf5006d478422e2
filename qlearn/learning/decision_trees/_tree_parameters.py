"""The parameters of a tree, checked once, for one tree or for a forest."""

from dataclasses import dataclass, replace
from functools import partial
from math import ceil, sqrt
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn.learning._estimators import as_cost, as_scaled_bandwidth, validate_labelled, warn_of_ignored
from qlearn.learning.decision_trees.splits import Impurity, best_exemplars, best_hyperplane, best_threshold
from qlearn.learning.decision_trees.tree_growth import Split, Splitter, Tree, grow
from qlearn.learning.encodings.feature_maps import parameters_of
from qlearn.learning.qsvm.bandwidth import scaled_kernel, warn_of_concentration
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel

Criterion = Literal["entropy", "fidelity", "kernel"]
CRITERIA = ("entropy", "fidelity", "kernel")
_OF_STATES = ("encoding", "reps", "entanglement", "bandwidth", "landmarks")
_OF_MACHINES = ("trials", "C")


def ignored_parameters(criterion: str, encoding: Any) -> dict[str, str]:
    """Return the parameters that change nothing, each with the one that makes it so."""
    if criterion == "entropy":
        return dict.fromkeys((*_OF_STATES, *_OF_MACHINES), "criterion")
    unused = {"max_features": "criterion"}
    if criterion == "fidelity":
        unused |= dict.fromkeys(_OF_MACHINES, "criterion")
    taken = parameters_of(encoding)
    return unused | {name: "encoding" for name in ("reps", "entanglement", "bandwidth") if name not in taken}


@dataclass(frozen=True)
class TreeParameters:
    """The settings of a tree; :class:`~qlearn.learning.QuantumDecisionTreeClassifier` says what they mean."""

    criterion: Criterion
    kernel: FidelityKernel
    landmarks: int
    trials: int
    C: float
    max_depth: int | None
    min_samples_split: int
    min_samples_leaf: int
    max_features: Any
    scale: bool = False

    @classmethod
    def of(cls, tree: Any) -> Self:
        """Return the settings of a :class:`~qlearn.learning.QuantumDecisionTreeClassifier`, checked."""
        bandwidth, scale = as_scaled_bandwidth(tree.bandwidth)
        kernel = FidelityKernel(
            tree.encoding, tree.reps, tree.entanglement, bandwidth=bandwidth, max_gib=tree.max_gib
        )
        return cls(
            tree.criterion,
            kernel,
            tree.landmarks,
            tree.trials,
            tree.C,
            tree.max_depth,
            tree.min_samples_split,
            tree.min_samples_leaf,
            tree.max_features,
            scale and "bandwidth" in parameters_of(tree.encoding),
        )

    def __post_init__(self) -> None:
        if self.criterion not in CRITERIA:
            raise ValueError(f"criterion must be one of {', '.join(CRITERIA)}, not {self.criterion!r}")
        as_count(self.landmarks, "landmarks", least=2)
        as_count(self.trials, "trials")
        as_cost(self.C)
        if self.max_depth is not None:
            as_count(self.max_depth, "max_depth")
        as_count(self.min_samples_split, "min_samples_split", least=2)
        as_count(self.min_samples_leaf, "min_samples_leaf")
        self.features(1)

    def fitted(self, rows: NDArray[np.float64]) -> Self:
        """Return the settings with the bandwidth that these rows ask for, if it was left to them."""
        if self.criterion == "entropy":
            return self
        if self.scale:
            return replace(self, kernel=scaled_kernel(self.kernel, rows), scale=False)
        # A row drawn twice is like itself, which says nothing of the others; a hundred rows say enough.
        some = np.unique(rows, axis=0)
        some = some[np.linspace(0, len(some) - 1, min(len(some), 100)).astype(int)]
        warn_of_concentration(self.kernel, self.kernel.gram(some), rows.shape[1])
        return self

    def features(self, n_features: int) -> int:
        """Return how many of the features a node may ask for."""
        most = self.max_features
        if most is None:
            return n_features
        if most == "sqrt":
            return max(1, int(sqrt(n_features)))
        if isinstance(most, float):
            if not 0 < most <= 1:
                raise ValueError(f"max_features must be a share above 0 and at most 1, not {most}")
            return ceil(most * n_features)
        if isinstance(most, str):
            raise ValueError(f"max_features must be None, 'sqrt', a whole number or a share, not {most!r}")
        return min(as_count(most, "max_features"), n_features)

    def inputs(self, rows: NDArray[np.float64]) -> NDArray[Any]:
        """Return what the questions are asked of: the features themselves, or the states of the rows."""
        return rows if self.criterion == "entropy" else self.kernel.states(rows)

    def grow(
        self,
        inputs: NDArray[Any],
        membership: NDArray[np.int64],
        impurity: Impurity,
        rng: np.random.Generator,
    ) -> Tree:
        """Grow a tree from inputs and the classes of their rows."""
        return grow(
            self._splitter(inputs, membership, impurity, rng),
            impurity.entropy,
            membership,
            max_depth=self.max_depth,
            min_samples_split=self.min_samples_split,
        )

    def overlaps(self, tree: Tree) -> int:
        """Return how many overlaps of states were needed to grow a tree."""
        if self.criterion == "entropy":
            return 0
        sizes = tree.counts.sum(axis=1)[tree.searched]
        each = self.trials if self.criterion == "kernel" else 1
        return int((sizes * np.minimum(sizes, self.landmarks)).sum()) * each

    def _splitter(
        self,
        inputs: NDArray[Any],
        membership: NDArray[np.int64],
        impurity: Impurity,
        rng: np.random.Generator,
    ) -> Splitter:
        if self.criterion == "entropy":
            return partial(self._threshold, inputs, membership, impurity, rng)
        common: dict[str, Any] = {
            "landmarks": self.landmarks,
            "min_samples_leaf": self.min_samples_leaf,
            "rng": rng,
        }
        if self.criterion == "kernel":
            search: Any = partial(best_hyperplane, trials=self.trials, C=self.C, **common)
        else:
            search = partial(best_exemplars, **common)

        def split(here: NDArray[np.intp]) -> Split | None:
            found = search(inputs[here], membership[here], impurity)
            if found is None:
                return None
            # The search numbers the rows of the node; a question remembers those of the training data.
            landmarks = tuple(int(here[row]) for row in found.question.landmarks)
            return replace(found, question=replace(found.question, landmarks=landmarks))

        return split

    def _threshold(
        self,
        X: NDArray[np.float64],
        membership: NDArray[np.int64],
        impurity: Impurity,
        rng: np.random.Generator,
        here: NDArray[np.intp],
    ) -> Split | None:
        d = X.shape[1]
        asked = self.features(d)
        order = np.arange(d) if asked == d else rng.permutation(d)
        # Constant features do not count: look on until one of the others parts the rows.
        for start in range(0, d, asked):
            features = order[start : start + asked]
            found = best_threshold(X[here], membership[here], impurity, features, self.min_samples_leaf)
            if found is not None:
                return found
        return None


@dataclass(frozen=True)
class TrainingData:
    """Rows and labels of a `fit`, as trees are grown from them."""

    rows: NDArray[np.float64]
    classes: NDArray[Any]
    coded: NDArray[np.intp]
    membership: NDArray[np.int64]
    impurity: Impurity

    @classmethod
    def of(cls, estimator: Any, tree: Any, X: ArrayLike, y: ArrayLike) -> Self:
        """Check what `estimator` is fitted to, and warn of what the settings of its tree ignore."""
        rows, labels = validate_labelled(estimator, X, y)
        classes, coded = np.unique(labels, return_inverse=True)
        impurity = Impurity.of(tree.class_states, len(classes), "class_states")
        warn_of_ignored(tree, ignored_parameters(tree.criterion, tree.encoding))
        return cls(rows, classes, coded, np.eye(len(classes), dtype=np.int64)[coded], impurity)


def has_wide_bandwidth(tree: Any) -> bool:
    """Return whether a bandwidth was given at which the fringes are finer than the clusters of standardised features."""
    return tree.criterion != "entropy" and not isinstance(tree.bandwidth, str) and tree.bandwidth >= 0.5
