from .decision_tree import QuantumDecisionTreeClassifier as QuantumDecisionTreeClassifier
from .forest import QuantumForestClassifier as QuantumForestClassifier
from .splits import mixture_entropy as mixture_entropy
from .tree_export import export_text as export_text, plot_tree as plot_tree
from .tree_growth import Tree as Tree
