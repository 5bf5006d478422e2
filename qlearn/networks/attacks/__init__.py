r"""Attacks on federated learning: a model that is stolen, samples that are read, and clients that lie.

>>> import numpy as np
>>> from qlearn.learning.neural_networks import SoftmaxClassifier
>>> from qlearn.networks import attacks, federated
>>> rng = np.random.default_rng(0)
>>> X = rng.normal(size=(200, 2))
>>> y = (X.sum(axis=1) > 0).astype(int)
>>> model = SoftmaxClassifier(optimizer="sgd", learning_rate=1.0, batch_size=None)
>>> clients = [federated.Client(model, *part, classes=[0, 1]) for part in federated.split(X, y, 5, rng=1)]
>>> liar = attacks.SignFlip(clients[0], scale=20)
>>> [federated.run(some, federated.FedAvg(), 10, central=(X, y)).central_accuracy[-1].round(1)
...     for some in (clients, [liar, *clients[1:]])]
[np.float64(1.0), np.float64(0.0)]
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
