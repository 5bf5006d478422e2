from .decision_tree import QuantumDecisionTreeClassifier as QuantumDecisionTreeClassifier
from .forest import QuantumForestClassifier as QuantumForestClassifier
from .splits import (
    Hyperplane as Hyperplane,
    Impurity as Impurity,
    Likeness as Likeness,
    Threshold as Threshold,
    best_hyperplane as best_hyperplane,
    best_likeness as best_likeness,
    best_threshold as best_threshold,
    mixture_entropy as mixture_entropy,
    nystrom as nystrom,
)
from .tree_growth import Tree as Tree
