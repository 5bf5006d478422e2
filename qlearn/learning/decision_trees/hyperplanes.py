"""A question of a kernel: on which side of a hyperplane in the space of states each row lies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import SVC

from qlearn.learning.decision_trees.entropy import Impurity
from qlearn.learning.decision_trees.growth import Split
from qlearn.learning.qsvm.overlaps import overlap

_LEAST_GAIN = 1e-12
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
        Their states.
    weights : ndarray of float64, shape (L,)
        v.
    offset : float
        b.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> Hyperplane((0,), np.array([ket("0")]), np.array([1.0]), -0.5)(np.array([ket("0"), ket("1")]))
    array([ True, False])

    Taught in :doc:`/learning/decision_trees`.
    """

    landmarks: tuple[int, ...]
    states: NDArray[np.complex128]
    weights: NDArray[np.float64]
    offset: float

    def __call__(self, rows: NDArray) -> NDArray[np.bool_]:
        """Return the answers for rows of states, shape (n,): an overlap a row and landmark."""
        return overlap(rows, self.states) @ self.weights + self.offset > 0


def nystrom(columns: NDArray[np.float64], core: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    r"""Return numbers for each row whose inner products are nearly the kernel, from a few columns of it.

    .. math:: K \approx K_{nL}\, K_{LL}^{+}\, K_{nL}^{\mathsf T} = E E^{\mathsf T}, \qquad E = K_{nL} M, \qquad
              M M^{\mathsf T} = K_{LL}^{+}

    With all rows as landmarks it is exact.

    Parameters
    ----------
    columns : ndarray, shape (n, L)
        The kernel of the rows and the landmarks.
    core : ndarray, shape (L, L)
        The kernel of the landmarks among themselves: symmetric, no negative eigenvalue.

    Returns
    -------
    embedding : ndarray, shape (n, r)
        E; r is the rank of the core.
    map : ndarray, shape (L, r)
        M.

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

    Taught in :doc:`/learning/decision_trees`.
    """
    values, vectors = np.linalg.eigh(core)
    kept = values > _RANK * values[-1]
    onto = vectors[:, kept] / np.sqrt(values[kept])
    return columns @ onto, onto


def best_hyperplane(
    states: NDArray[np.complex128],
    membership: NDArray[np.int64],
    impurity: Impurity,
    *,
    landmarks: int,
    trials: int,
    C: float,
    rng: np.random.Generator,
    min_samples_leaf: int = 1,
) -> Split | None:
    """Fit small support vector machines to random landmarks, and return the one that is worth most.

    Each trial draws its landmarks and, when there are more than two classes, deals the classes at random
    into two halves; a linear machine on the Nyström numbers then tells the halves apart.

    Parameters
    ----------
    states : ndarray of complex128, shape (n, 2**q)
        The states of the rows of the node.
    membership : ndarray of 0 and 1, shape (n, n_classes)
        Their classes, at least two of them present.
    impurity : Impurity
        The entropy to lower.
    landmarks : int
        How many rows are drawn, at least 2.
    trials : int
        How many machines are tried.
    C : float
        Their cost of a violated margin.
    rng : numpy.random.Generator
        Draws landmarks and halves.
    min_samples_leaf : int
        Fewest rows that an answer may have.

    Returns
    -------
    Split or None
        None if no machine lowers the entropy. The landmarks are numbered as the rows are.

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

    Taught in :doc:`/learning/decision_trees`.
    """
    total = membership.sum(axis=0)
    present = np.flatnonzero(total)
    best: Split | None = None
    for _ in range(trials):
        half = rng.permutation(present)[: len(present) // 2]
        target = membership[:, half].any(axis=1)
        chosen = rng.choice(len(states), min(landmarks, len(states)), replace=False)
        columns = overlap(states, states[chosen])
        embedding, onto = nystrom(columns, columns[chosen])
        # Balanced, or a machine that finds one class rare calls everything by the other, and parts nothing.
        # What class_weight="balanced" computes, without its checks: they would take an eighth of the time.
        ones = int(target.sum())
        weight = {False: len(states) / (2 * (len(states) - ones)), True: len(states) / (2 * ones)}
        machine = SVC(kernel="linear", C=C, class_weight=weight).fit(embedding, target)
        weights, offset = onto @ machine.coef_[0], float(machine.intercept_[0])
        yes = columns @ weights + offset > 0
        if min(yes.sum(), (~yes).sum()) < min_samples_leaf:
            continue
        count = membership[yes].sum(axis=0)
        gain = float(impurity.gain(count, total - count))
        if gain > (_LEAST_GAIN if best is None else best.gain):
            question = Hyperplane(tuple(map(int, chosen)), states[chosen], weights, offset)
            best = Split(question, yes, gain)
    return best
