"""The quantum network: its graph, its links, the routes that requests take, and what nodes must be trusted with.

>>> from qlearn.communication import quantum_network
>>> america = quantum_network.nobel_us()
>>> [america.label(town) for town in quantum_network.route(america, 13, 8)]
['Seattle', 'Urbana-Champaign', 'Pittsburgh', 'Princeton']
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
