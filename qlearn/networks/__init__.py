"""Part V: models that learn together over a network. Its parts load on first use.

>>> from qlearn import networks
>>> networks.federated.FedAvg()
FedAvg(local_epochs=1, fraction=1.0)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
