"""Quantum network: many links as one system.

>>> from qlearn.communication import quantum_network
>>> chain = quantum_network.hopping_hamiltonian(quantum_network.perfect_couplings(5))
>>> abs(quantum_network.transfer_amplitude(chain, 3.141592653589793)).round(12)
np.float64(1.0)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
