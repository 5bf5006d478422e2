"""Graph networks: models of a graph that do not care how its nodes are numbered, as the fusion model of a network.

>>> import numpy as np
>>> from qlearn.networks.graph_networks import CovarianceFusion, FusionTask, MeanFusion, mean_squared_error
>>> task = FusionTask(n_units=5)
>>> old, new = task.draw(200, rng=0), task.draw(1000, rng=1)
>>> by_graph, plain = CovarianceFusion().fit(old), MeanFusion().fit(old)
>>> mean_squared_error(by_graph, new) < mean_squared_error(plain, new)
True
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
