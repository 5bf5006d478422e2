"""Decision trees: classical questions, questions of states, and forests of both.

>>> from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier
>>> QuantumDecisionTreeClassifier().fit([[0.0], [1.0]], ["no", "yes"]).predict([[0.7]])
array(['yes'], dtype='<U3')
"""

from qlearn.learning.decision_trees.decision_tree import QuantumDecisionTreeClassifier, Tree
from qlearn.learning.decision_trees.forest import QuantumForestClassifier
from qlearn.learning.decision_trees.splits import (
    Hyperplane,
    Impurity,
    Likeness,
    Threshold,
    best_hyperplane,
    best_likeness,
    best_threshold,
    mixture_entropy,
    nystrom,
)

__all__ = [
    "Hyperplane",
    "Impurity",
    "Likeness",
    "QuantumDecisionTreeClassifier",
    "QuantumForestClassifier",
    "Threshold",
    "Tree",
    "best_hyperplane",
    "best_likeness",
    "best_threshold",
    "mixture_entropy",
    "nystrom",
]
