r"""Federated learning: models travel to the data, and only models travel back.

>>> import numpy as np
>>> from qlearn.learning.neural_networks.softmax import SoftmaxClassifier
>>> from qlearn.networks import federated
>>> rng = np.random.default_rng(0)
>>> X = rng.normal(size=(200, 2))
>>> y = (X.sum(axis=1) > 0).astype(int)
>>> parts = federated.split(X, y, n_clients=5, alpha=0.5, rng=1)
>>> clients = [federated.Client(SoftmaxClassifier(), *part, classes=[0, 1]) for part in parts]
>>> history = federated.run(clients, federated.FedAvg(local_epochs=2), rounds=10, rng=0)
>>> bool(history.accuracy[-1] > 0.9), int(history.bits.sum())
(True, 19200)
"""

from qlearn.networks.federated.aggregation import FedAvg
from qlearn.networks.federated.client import Client
from qlearn.networks.federated.partition import Split, split
from qlearn.networks.federated.preprocessing import Moments, pooled_pca
from qlearn.networks.federated.rounds import Failure, History, Round, StrategyError, run

__all__ = [
    "Client",
    "Failure",
    "FedAvg",
    "History",
    "Moments",
    "Round",
    "Split",
    "StrategyError",
    "pooled_pca",
    "run",
    "split",
]
