from .decision_tree import QuantumDecisionTreeClassifier as QuantumDecisionTreeClassifier
from .forest import QuantumForestClassifier as QuantumForestClassifier
from .splits import mixture_entropy as mixture_entropy
from .tree_growth import Tree as Tree
