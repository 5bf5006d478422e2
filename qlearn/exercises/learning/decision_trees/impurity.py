"""Impurity."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="project",
    right=(
        "Gini, once you allow for overlaps. No eigenvalues, and a swap test of two labels from the node measures it: "
        "the share of zeros is 1 minus half of it."
    ),
    because=r"""
        $\operatorname{tr}\rho^2=\sum_{cc'}p_cp_{c'}|\langle c|c'\rangle|^2$: the probability that two labels drawn
        from the node pass for equal. With orthogonal states it is $\sum p_c^2$, and the impurity is Gini's. It is
        also what a regression tree lowers when its targets are the entries of $|c\rangle\langle c|$, which is how
        the classical rival of the chapter works. The two criteria seldom differ: both are 0 for pure nodes, and
        both are concave.
    """,
)
def impurity(weights, gram):
    r"""Build your own criterion. The *linear entropy* of a node is $1-\operatorname{tr}\rho^2$, the quantum
    form of scikit-learn's `gini`. Write `impurity(weights, gram)` without eigenvalues. Then grow a tree
    by it: on what data does it choose another first question than the von Neumann entropy?
    """
    p = weights / weights.sum()
    return 1 - p @ np.abs(gram) ** 2 @ p


@impurity.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_impurity of the old module
    yield ()


@impurity.mistake(
    "for weights [3, 3, 2] you return 0.4402; it is 0.5598. That is the purity, 1 for a pure node; the impurity "
    "is 1 minus it."
)
def purity(weights, gram):
    p = weights / weights.sum()
    return p @ np.abs(gram) ** 2 @ p


@impurity.mistake(
    "for weights [3, 3, 2] you return 0.6562; it is 0.5598. That is the classical Gini impurity: overlapping "
    "states count less."
)
def classical(weights, gram):
    p = weights / weights.sum()
    return 1 - (p**2).sum()


@impurity.mistake(
    "for weights [3, 3, 2] you return 0.4092; it is 0.5598. The overlaps enter by their squared modulus."
)
def modulus(weights, gram):
    p = weights / weights.sum()
    return 1 - p @ np.abs(gram) @ p


@impurity.mistake("an impurity is a real number. The inner products need their squared modulus.")
def no_modulus(weights, gram):
    p = weights / weights.sum()
    return 1 - np.sqrt(p) @ gram**2 @ p


@impurity.mistake(
    "for weights [3, 3, 2] you return -27.1724; it is 0.5598. Divide the weights by their sum: a node twice as "
    "large is as mixed."
)
def not_normalised(weights, gram):
    return 1 - weights @ np.abs(gram) ** 2 @ weights
