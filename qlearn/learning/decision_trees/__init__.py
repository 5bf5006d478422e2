"""Decision trees: classical questions, questions of states, and forests of both.

>>> from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier
>>> QuantumDecisionTreeClassifier().fit([[0.0], [1.0]], ["no", "yes"]).predict([[0.7]])
array(['yes'], dtype='<U3')
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
