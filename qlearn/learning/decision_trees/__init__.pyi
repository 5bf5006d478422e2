from .decision_tree import QuantumDecisionTreeClassifier as QuantumDecisionTreeClassifier
from .forest import QuantumForestClassifier as QuantumForestClassifier
from .splits import (
    ExemplarSplit as ExemplarSplit,
    Hyperplane as Hyperplane,
    Impurity as Impurity,
    Threshold as Threshold,
    best_exemplars as best_exemplars,
    best_hyperplane as best_hyperplane,
    best_threshold as best_threshold,
    mixture_entropy as mixture_entropy,
    nystrom as nystrom,
)
from .tree_growth import Tree as Tree
