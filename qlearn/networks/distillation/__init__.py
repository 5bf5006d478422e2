r"""Distillation: a trained model teaches another one, over what it answers and not over what it is made of.

>>> import numpy as np
>>> from qlearn.learning import QNNClassifier
>>> from qlearn.learning.neural_networks import SoftmaxClassifier
>>> from qlearn.networks import distillation
>>> X, y = distillation.turned_zones(300, rng=0)
>>> teacher = QNNClassifier(layers=4, random_state=0).fit(X[:100], y[:100])
>>> student = distillation.distill(teacher, QNNClassifier(layers=2), X[:200], temperature=2, epochs=60, rng=1)
>>> [distillation.model_cost(model).n_gates for model in (teacher, student)]
[24, 14]
>>> bool(np.mean(student.predict(X[200:]) == teacher.predict(X[200:])) > 0.85)
True
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
