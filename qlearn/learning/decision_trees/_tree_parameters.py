"""The parameters of a tree, checked once, for one tree or for a forest."""

from dataclasses import dataclass, replace
from functools import partial
from math import ceil, log2, sqrt
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_real
from qlearn.learning._estimators import as_cost, as_scaled_bandwidth
from qlearn.learning.decision_trees.pruning import prune
from qlearn.learning.decision_trees.splits import Impurity, best_exemplars, best_hyperplane, best_threshold
from qlearn.learning.decision_trees.tree_growth import Likeness, Split, Splitter, Tree, grow
from qlearn.learning.encodings.feature_maps import parameters_of
from qlearn.learning.qsvm.bandwidth import scaled_kernel, warn_of_concentration
from qlearn.learning.qsvm.counted_kernel import CountedKernel
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel
from qlearn.learning.qsvm.shot_noise import sampled_gram

Criterion = Literal["entropy", "fidelity", "kernel"]
CRITERIA = ("entropy", "fidelity", "kernel")
_OF_STATES = ("encoding", "reps", "entanglement", "bandwidth", "landmarks")
_OF_MACHINES = ("trials", "C")
_OF_DEVICES = ("shots", "noise", "device")


def ignored_parameters(criterion: str, encoding: Any) -> dict[str, str]:
    """Return the parameters that change nothing, each with the one that makes it so."""
    if criterion == "entropy":
        return dict.fromkeys((*_OF_STATES, *_OF_MACHINES, *_OF_DEVICES), "criterion")
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
    min_samples_split: int | float
    min_samples_leaf: int | float
    max_features: Any
    scale: bool = False
    min_weight_fraction_leaf: float = 0.0
    ccp_alpha: float = 0.0
    shots: int | None = None
    noise: float = 0.0
    device: Any = None

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
            tree.min_weight_fraction_leaf,
            tree.ccp_alpha,
            tree.shots,
            tree.noise,
            tree.device,
        )

    def __post_init__(self) -> None:
        if self.criterion not in CRITERIA:
            raise ValueError(f"criterion must be one of {', '.join(CRITERIA)}, not {self.criterion!r}")
        as_count(self.landmarks, "landmarks", least=2)
        as_count(self.trials, "trials")
        as_cost(self.C)
        if self.max_depth is not None:
            as_count(self.max_depth, "max_depth")
        _as_rows(self.min_samples_split, "min_samples_split", 2)
        _as_rows(self.min_samples_leaf, "min_samples_leaf", 1)
        as_real(self.min_weight_fraction_leaf, "min_weight_fraction_leaf", least=0, most=0.5)
        as_real(self.ccp_alpha, "ccp_alpha", least=0)
        if self.shots is not None:
            as_count(self.shots, "shots")
        as_probability(self.noise, "noise")
        if self.device is not None:
            self._on_device()
        self.features(1)

    @property
    def counted(self) -> bool:
        """Whether overlaps are counted, so that the same row may be answered otherwise the next time."""
        return is_counted(self)

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
        if most in ("sqrt", "log2"):
            return max(1, int(sqrt(n_features) if most == "sqrt" else log2(n_features)))
        if isinstance(most, float):
            if not 0 < most <= 1:
                raise ValueError(f"max_features must be a share above 0 and at most 1, not {most}")
            return ceil(most * n_features)
        if isinstance(most, str):
            raise ValueError(
                f"max_features must be None, 'sqrt', 'log2', a whole number or a share, not {most!r}"
            )
        return min(as_count(most, "max_features"), n_features)

    def inputs(self, rows: NDArray[np.float64]) -> NDArray[Any]:
        """Return what the questions are asked of: the states of the rows, or features where these, or a device, are asked."""
        return rows if self.criterion == "entropy" or self.device is not None else self.kernel.states(rows)

    def likeness(self, rng: np.random.Generator, n_features: int) -> Likeness | None:
        """Return how inputs are compared, None: exactly."""
        if self.criterion == "entropy" or (self.shots is None and self.device is None and not self.noise):
            return None
        if self.device is None:
            n_qubits = self.kernel.map.n_qubits(n_features)

            def counted(left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.float64]:
                exact = self.kernel.overlap(left, right)
                # As one line: of a square table the diagonal would be taken as known, and new rows have none.
                line = sampled_gram(exact.reshape(1, -1), self.shots, n_qubits, noise=self.noise, rng=rng)
                return line.reshape(exact.shape)

            return counted
        return partial(self._on_device().gram, rng=rng)

    def _on_device(self) -> CountedKernel:
        return CountedKernel(self.kernel, self.shots, noise=self.noise, device=self.device, repair=None)

    def grow(
        self,
        inputs: NDArray[Any],
        membership: NDArray[Any],
        impurity: Impurity,
        rng: np.random.Generator,
        *,
        rows: NDArray[np.intp] | None = None,
        likeness: Likeness | None = None,
    ) -> Tree:
        """Grow a tree from inputs and the classes of their rows: of these rows, one drawn twice counted twice."""
        rows = np.arange(len(membership)) if rows is None else rows
        limits = {
            "min_samples_leaf": _as_rows(self.min_samples_leaf, "min_samples_leaf", 1, len(rows)),
            "min_weight_leaf": self.min_weight_fraction_leaf * membership[rows].sum(),
        }
        return grow(
            self._splitter(inputs, membership, impurity, rng, limits, likeness),
            impurity.entropy,
            membership,
            max_depth=self.max_depth,
            min_samples_split=_as_rows(self.min_samples_split, "min_samples_split", 2, len(rows)),
            rows=rows,
        )

    def pruned(self, tree: Tree, impurity: Impurity) -> Tree:
        """Return a tree without what is worth less than `ccp_alpha`."""
        return prune(tree, impurity.entropy, self.ccp_alpha)

    def overlaps(self, tree: Tree) -> int:
        """Return how many overlaps of states were needed to grow a tree."""
        if self.criterion == "entropy":
            return 0
        sizes = tree.n_rows[tree.searched]
        each = self.trials if self.criterion == "kernel" else 1
        return int((sizes * np.minimum(sizes, self.landmarks)).sum()) * each

    def _splitter(
        self,
        inputs: NDArray[Any],
        membership: NDArray[Any],
        impurity: Impurity,
        rng: np.random.Generator,
        limits: dict[str, Any],
        likeness: Likeness | None,
    ) -> Splitter:
        if self.criterion == "entropy":
            return partial(self._threshold, inputs, membership, impurity, rng, limits)
        common: dict[str, Any] = {"landmarks": self.landmarks, "rng": rng, "likeness": likeness, **limits}
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
        membership: NDArray[Any],
        impurity: Impurity,
        rng: np.random.Generator,
        limits: dict[str, Any],
        here: NDArray[np.intp],
    ) -> Split | None:
        d = X.shape[1]
        asked = self.features(d)
        order = np.arange(d) if asked == d else rng.permutation(d)
        # Constant features do not count: look on until one of the others parts the rows.
        for start in range(0, d, asked):
            features = order[start : start + asked]
            found = best_threshold(X[here], membership[here], impurity, features, **limits)
            if found is not None:
                return found
        return None


def _as_rows(least: Any, name: str, fewest: int, n_rows: int = 1) -> int:
    """Return a least number of rows, given as it is or as a share of all of them."""
    if not isinstance(least, float):
        return as_count(least, name, fewest)
    if not 0 < least <= 1:
        raise ValueError(
            f"{name} must be a whole number from {fewest}, or a share above 0 and at most 1, not {least}"
        )
    return max(fewest, ceil(least * n_rows))


def has_wide_bandwidth(tree: Any) -> bool:
    """Return whether a bandwidth was given at which the fringes are finer than the clusters of standardised features."""
    return tree.criterion != "entropy" and not isinstance(tree.bandwidth, str) and tree.bandwidth >= 0.5


def is_counted(tree: Any) -> bool:
    """Return whether the overlaps of a tree are counted, and so come out otherwise each time."""
    return tree.criterion != "entropy" and (tree.shots is not None or tree.device is not None)


def importances(tree: Tree, criterion: str, n_features: int) -> NDArray[np.float64]:
    """Return the share of each feature in the bits that thresholds took away, all 0 if they took none."""
    if criterion != "entropy":
        raise AttributeError(
            f"feature_importances_ needs criterion='entropy', not {criterion!r}: a question of states asks for all "
            "features at once. sklearn.inspection.permutation_importance says what each of them matters"
        )
    asks = [node for node, question in enumerate(tree.questions) if question is not None]
    features = [tree.questions[node].feature for node in asks]  # type: ignore[union-attr]
    bits = np.zeros(n_features)
    np.add.at(bits, features, (tree.gains * tree.counts.sum(axis=1))[asks])
    return bits / total if (total := bits.sum()) > 0 else bits
