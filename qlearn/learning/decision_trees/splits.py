"""Splits of a node: impurity, and the best threshold, pair of exemplars or hyperplane by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy
from sklearn.svm import SVC

from qlearn._checks import as_reals, as_states
from qlearn.learning.decision_trees.tree_growth import Likeness, Split
from qlearn.learning.qsvm.fidelity_kernel import overlap

# Overlaps of orthogonal states come out of a product of amplitudes: 1e-12 forgives its rounding.
_ORTHOGONAL = 1e-12


def mixture_entropy(weights: ArrayLike, states: ArrayLike | None = None) -> NDArray[np.float64]:
    r"""Return the von Neumann entropy of a mixture of pure states, in bits.

    .. math:: S(\rho) = -\operatorname{tr} \rho \log_2 \rho, \qquad
              \rho = \sum_c p_c\, |c\rangle\langle c|, \qquad p_c = w_c \Big/ \sum_{c'} w_{c'}

    Orthogonal states give Shannon's entropy :math:`-\sum p_c \log_2 p_c`, equal states give 0, and whatever
    lies between gives something between. The eigenvalues of :math:`\rho` are those of the small matrix
    :math:`\sqrt{p_c p_{c'}} \langle c | c' \rangle`, however many qubits the states have.

    Parameters
    ----------
    weights : array_like, shape (..., k)
        Weights of the states, at least 0 and not all 0; they are divided by their sum, so counts will do.
    states : array_like, shape (k, 2**m), optional
        Normalised states; None: orthogonal ones.

    Returns
    -------
    ndarray of float64, shape (...)
        Between 0 and log2(k).

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> mixture_entropy([1, 1]).item()
    1.0
    >>> mixture_entropy([1, 1], [ket("0"), ket("+")]).round(4).item()
    0.6009

    References
    ----------
    Nielsen and Chuang, 2010, doi:10.1017/CBO9780511976667, section 11.3.
    """
    counts = as_reals(weights, "weights", least=0)
    if counts.ndim == 0 or counts.size == 0:
        raise ValueError(
            "weights must have one weight for each state on the last axis, not be a number or empty"
        )
    if not (counts.sum(axis=-1) > 0).all():
        raise ValueError("weights must not all be 0: nothing is mixed, so there is no entropy to speak of")
    return Impurity.of(states, counts.shape[-1]).entropy(counts)


@dataclass(frozen=True)
class Impurity:
    r"""The impurity of nodes: the entropy of the class states, mixed as their labels are.

    Parameters
    ----------
    gram : ndarray, shape (k, k), or None
        Inner products :math:`\langle c | c' \rangle` of the class states; None: orthogonal, so Shannon's entropy.

    Examples
    --------
    >>> Impurity(None).gain(np.array([4, 0]), np.array([0, 4])).item()
    1.0

    References
    ----------
    Lu and Braunstein, "Quantum decision tree classifier", 2014, doi:10.1007/s11128-013-0687-5.
    """

    gram: NDArray[np.complex128] | None

    @classmethod
    def of(cls, states: Any, n_classes: int, name: str = "states") -> Self:
        """Return the impurity for these class states, None for orthogonal ones; refuse another number of them."""
        if states is None:
            return cls(None)
        rows = as_states(states, name)
        if rows.ndim != 2 or len(rows) != n_classes:
            raise ValueError(
                f"{name} must be an array of {n_classes} states, one for each class in the order of their sorted "
                f"labels, not of shape {rows.shape}"
            )
        gram = rows.conj() @ rows.T
        return cls(None if np.abs(gram - np.eye(n_classes)).max() < _ORTHOGONAL else gram)

    def entropy(self, counts: NDArray) -> NDArray[np.float64]:
        """Return the entropy in bits of nodes that hold so many rows of each class: (..., k) -> (...)."""
        total = counts.sum(axis=-1, keepdims=True)
        p = counts / np.where(total > 0, total, 1)
        if self.gram is not None:
            root = np.sqrt(p)
            p = np.linalg.eigvalsh(root[..., :, None] * self.gram * root[..., None, :]).clip(min=0)
        return np.abs(xlogy(p, p).sum(axis=-1)) / np.log(2)

    def gain(self, yes: NDArray, no: NDArray) -> NDArray[np.float64]:
        r"""Return how much a question lowers the expected entropy, from the counts of its two answers.

        It is the Holevo quantity :math:`S(\rho) - \sum_a p_a S(\rho_a)` of the two answers: never negative.
        """
        both = yes + no
        fraction = yes.sum(axis=-1) / both.sum(axis=-1)
        return self.entropy(both) - fraction * self.entropy(yes) - (1 - fraction) * self.entropy(no)


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
    """

    feature: int
    threshold: float

    def __call__(self, rows: NDArray, likeness: Likeness | None = None) -> NDArray[np.bool_]:
        """Return the answers for rows of features, shape (n,): nothing is compared with other rows."""
        return rows[:, self.feature] <= self.threshold

    def says(self, names: Sequence[str], decimals: int) -> tuple[str, str]:
        """Return the two answers in words, as scikit-learn prints them."""
        name, threshold = names[self.feature], f"{self.threshold:.{decimals}f}"
        return f"{name} <= {threshold}", f"{name} >  {threshold}"


def best_threshold(
    X: NDArray[np.float64],
    membership: NDArray[Any],
    impurity: Impurity,
    features: NDArray[np.intp],
    min_samples_leaf: int = 1,
    min_weight_leaf: float = 0.0,
) -> Split | None:
    """Try every threshold of some features, and return the question that is worth most.

    Halfway between two neighbouring values is far enough from both; of equal gains the first is taken (scikit-learn
    takes one by its `random_state`). A gain of 0 is accepted: some classes need two questions before the first pays.

    Examples
    --------
    >>> X, membership = np.array([[1.0], [2.0], [4.0]]), np.array([[1, 0], [1, 0], [0, 1]])
    >>> best_threshold(X, membership, Impurity(None), np.array([0])).question
    Threshold(feature=0, threshold=3.0)

    References
    ----------
    Quinlan, "Induction of decision trees", Machine Learning 1, 1986, pages 81-106.
    """
    best: tuple[float, int, float] | None = None
    answers = np.arange(1, len(X))
    allowed = (answers >= min_samples_leaf) & (len(X) - answers >= min_samples_leaf)
    total = membership.sum(axis=0)
    for feature in features:
        order = np.argsort(X[:, feature], kind="stable")
        values = X[order, feature]
        cuts = np.flatnonzero(allowed & (values[1:] > values[:-1]))
        if not len(cuts):
            continue
        yes = membership[order].cumsum(axis=0)[cuts]
        no = _rest(total, yes)
        if min_weight_leaf:
            heavy = _lighter(yes, no) >= min_weight_leaf
            if not heavy.any():
                continue
            cuts, yes, no = cuts[heavy], yes[heavy], no[heavy]
        gains = impurity.gain(yes, no)
        first = _first_best(gains)
        if best is None or gains[first] > best[0] + _LEAST_GAIN:
            low, high = values[cuts[first]], values[cuts[first] + 1]
            middle = low + (high - low) / 2
            best = float(gains[first]), int(feature), float(middle if middle < high else low)
    if best is None:
        return None
    question = Threshold(best[1], best[2])
    return Split(question, question(X), best[0])


# Gains that differ by less are equal: it is the rounding of their sums, and may not choose.
_LEAST_GAIN = 1e-12


def _first_best(gains: NDArray[np.float64]) -> int:
    """Return the first of the gains that are as large as the largest."""
    return int((gains >= gains.max() - _LEAST_GAIN).argmax())


def _rest(total: NDArray, yes: NDArray) -> NDArray:
    """Return the weights of those who answer no: sums of weights are rounded, and what is left may not fall below 0."""
    return np.maximum(total - yes, 0)


def _lighter(yes: NDArray, no: NDArray) -> NDArray:
    """Return the weight of the lighter of two answers."""
    return np.minimum(yes.sum(axis=-1), no.sum(axis=-1))


@dataclass(frozen=True, eq=False)
class ExemplarSplit:
    r"""The question whether a state is at least as like the first exemplar as the second.

    .. math:: |\langle a | \psi \rangle|^2 \ge |\langle b | \psi \rangle|^2

    Parameters
    ----------
    landmarks : tuple of two int
        The rows of the training data that are the exemplars.
    states : ndarray of complex128, shape (2, 2**q)
        Their states; their features where a device compares them.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> ExemplarSplit((0, 1), np.array([ket("0"), ket("1")]))(np.array([[0.6, 0.8], [0.8, 0.6]]))
    array([False,  True])
    """

    landmarks: tuple[int, int]
    states: NDArray[Any]

    def __call__(self, rows: NDArray, likeness: Likeness | None = None) -> NDArray[np.bool_]:
        """Return the answers for rows of states, shape (n,): two overlaps a row."""
        first, second = (likeness or overlap)(rows, self.states).T
        return first >= second

    def says(self, names: Sequence[str], decimals: int) -> tuple[str, str]:
        """Return the two answers in words."""
        a, b = self.landmarks
        return f"more like row {a} than row {b}", f"more like row {b} than row {a}"


def best_exemplars(
    states: NDArray[np.complex128],
    membership: NDArray[Any],
    impurity: Impurity,
    *,
    landmarks: int,
    rng: np.random.Generator,
    min_samples_leaf: int = 1,
    min_weight_leaf: float = 0.0,
    likeness: Likeness | None = None,
) -> Split | None:
    """Draw some rows as exemplars, try every pair of them, and return the question that is worth most.

    Fidelity gathers the rows around the two exemplars, as Lu and Braunstein cluster; how the exemplars are
    found is left open there. Here they are rows, so that a laboratory needs overlaps and nothing else.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> states, membership = np.array([ket("0"), ket("1")]), np.eye(2, dtype=int)
    >>> split = best_exemplars(states, membership, Impurity(None), landmarks=2, rng=np.random.default_rng(0))
    >>> split.gain
    1.0

    References
    ----------
    Lu and Braunstein, "Quantum decision tree classifier", 2014, doi:10.1007/s11128-013-0687-5.
    """
    chosen = rng.choice(len(states), min(landmarks, len(states)), replace=False)
    overlaps = (likeness or overlap)(states, states[chosen])
    first, second = np.triu_indices(len(chosen), 1)
    answers = (overlaps[:, first] >= overlaps[:, second]).T
    sizes = answers.sum(axis=1)
    allowed = (sizes >= min_samples_leaf) & (len(states) - sizes >= min_samples_leaf)
    yes = answers.astype(np.int64) @ membership
    no = _rest(membership.sum(axis=0), yes)
    allowed &= _lighter(yes, no) >= min_weight_leaf
    if not allowed.any():
        return None
    answers, first, second = answers[allowed], chosen[first[allowed]], chosen[second[allowed]]
    gains = impurity.gain(yes[allowed], no[allowed])
    best = _first_best(gains)
    if gains[best] < _LEAST_GAIN:
        return None
    pair = int(first[best]), int(second[best])
    return Split(ExemplarSplit(pair, states[list(pair)]), answers[best], float(gains[best]))


# Eigenvalues below this share of the largest are rounding: dividing by their roots would magnify it.
_RANK = 1e-10


@dataclass(frozen=True, eq=False)
class Hyperplane:
    r"""The question whether a state lies above a hyperplane, asked by overlaps with landmarks.

    .. math:: \sum_l v_l\, |\langle \psi_l | \psi \rangle|^2 + b > 0

    Parameters
    ----------
    landmarks : tuple of int
        The rows of the training data with which new rows are compared.
    states : ndarray of complex128, shape (L, 2**q)
        Their states; their features where a device compares them.
    weights : ndarray of float64, shape (L,)
        v.
    offset : float
        b.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> Hyperplane((0,), np.array([ket("0")]), np.array([1.0]), -0.5)(np.array([ket("0"), ket("1")]))
    array([ True, False])
    """

    landmarks: tuple[int, ...]
    states: NDArray[Any]
    weights: NDArray[np.float64]
    offset: float

    def __call__(self, rows: NDArray, likeness: Likeness | None = None) -> NDArray[np.bool_]:
        """Return the answers for rows of states, shape (n,): an overlap a row and landmark."""
        return (likeness or overlap)(rows, self.states) @ self.weights + self.offset > 0

    def says(self, names: Sequence[str], decimals: int) -> tuple[str, str]:
        """Return the two answers in words."""
        several = len(self.landmarks) > 1
        rows = ", ".join(map(str, self.landmarks[:3])) + (", ..." if len(self.landmarks) > 3 else "")
        plane = f"the hyperplane of row{'s' * several} {rows}"
        return f"above {plane}", f"below {plane}"


def nystrom(columns: NDArray[np.float64], core: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    r"""Return the Nyström embedding E of rows, whose inner products are nearly the kernel, and the map M that makes it.

    .. math:: K \approx K_{nL}\, K_{LL}^{+}\, K_{nL}^{\mathsf T} = E E^{\mathsf T}, \qquad E = K_{nL} M, \qquad
              M M^{\mathsf T} = K_{LL}^{+}

    With all rows as landmarks it is exact. Directions with a negative eigenvalue, which counting makes, are left out,
    and where nothing was counted no direction is left.

    Examples
    --------
    >>> K = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> E, _ = nystrom(K, K)
    >>> (E @ E.T).round(6)
    array([[1. , 0.5],
           [0.5, 1. ]])

    References
    ----------
    Williams and Seeger, "Using the Nyström method to speed up kernel machines", 2001.
    """
    values, vectors = np.linalg.eigh(core)
    # To leave out all that counting noise alone can make, below sqrt(L / shots), was tried: it cost accuracy.
    kept = (values > _RANK * values[-1]) & (values > 0)
    onto = vectors[:, kept] / np.sqrt(values[kept])
    return columns @ onto, onto


def best_hyperplane(
    states: NDArray[np.complex128],
    membership: NDArray[Any],
    impurity: Impurity,
    *,
    landmarks: int,
    trials: int,
    C: float,
    rng: np.random.Generator,
    min_samples_leaf: int = 1,
    min_weight_leaf: float = 0.0,
    likeness: Likeness | None = None,
) -> Split | None:
    """Fit small support vector machines to random landmarks, and return the one that is worth most.

    Each trial draws its landmarks and, when there are more than two classes, deals the classes at random
    into two halves; a linear machine on the Nyström numbers then tells the halves apart.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> states, membership = np.array([ket("0"), ket("1")] * 3), np.eye(2, dtype=int)[[0, 1] * 3]
    >>> split = best_hyperplane(states, membership, Impurity(None), landmarks=4, trials=3, C=1.0,
    ...                         rng=np.random.default_rng(0))
    >>> split.gain
    1.0

    References
    ----------
    Srikumar, Hill and Hollenberg, "A kernel-based quantum random forest for improved classification",
    2024, arXiv:2210.02355, section II.
    """
    total, each = membership.sum(axis=0), membership.sum(axis=1)
    weighted = None if (each == 1).all() else each
    present = np.flatnonzero(total)
    best: Split | None = None
    for _ in range(trials):
        half = rng.permutation(present)[: len(present) // 2]
        target = membership[:, half].any(axis=1)
        chosen = rng.choice(len(states), min(landmarks, len(states)), replace=False)
        columns = (likeness or overlap)(states, states[chosen])
        embedding, onto = nystrom(columns, columns[chosen])
        if not embedding.shape[1]:  # no run ended in 0: what was counted tells nothing apart
            continue
        # Balanced, or a machine that finds one class rare calls everything by the other, and parts nothing.
        # What class_weight="balanced" computes, without its checks: they would take an eighth of the time.
        ones, everything = total[half].sum(), total.sum()
        balance = {False: everything / (2 * (everything - ones)), True: everything / (2 * ones)}
        machine = SVC(kernel="linear", C=C, class_weight=balance)
        machine.fit(embedding, target, sample_weight=weighted)
        weights, offset = onto @ machine.coef_[0], float(machine.intercept_[0])
        yes = columns @ weights + offset > 0
        count = membership[yes].sum(axis=0)
        rest = _rest(total, count)
        few = min(yes.sum(), (~yes).sum()) < min_samples_leaf
        if few or _lighter(count, rest) < min_weight_leaf:
            continue
        gain = float(impurity.gain(count, rest))
        if gain > _LEAST_GAIN + (0.0 if best is None else best.gain):
            question = Hyperplane(tuple(map(int, chosen)), states[chosen], weights, offset)
            best = Split(question, yes, gain)
    return best
