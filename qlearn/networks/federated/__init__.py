r"""Federated learning: models travel to the data, and only models travel back.

>>> import numpy as np
>>> from qlearn.learning.neural_networks import SoftmaxClassifier
>>> from qlearn.networks import federated
>>> rng = np.random.default_rng(0)
>>> X = rng.normal(size=(200, 2))
>>> y = (X.sum(axis=1) > 0).astype(int)
>>> parts = federated.split(X, y, n_clients=5, alpha=0.5, rng=1)
>>> clients = [federated.Client(SoftmaxClassifier(), *part, classes=[0, 1]) for part in parts]
>>> new = rng.normal(size=(200, 2))
>>> test = new, (new.sum(axis=1) > 0).astype(int)
>>> history = federated.run(clients, federated.FedAvg(local_epochs=2), rounds=10, rng=0, central=test)
>>> bool(history.central_accuracy[-1] > 0.9), int(history.bits.sum())
(True, 19200)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
