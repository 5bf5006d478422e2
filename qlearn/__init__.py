"""Quantum communication and quantum machine learning, one concept a module.

The packages ``qubits``, ``communication``, ``learning``, ``control``, ``networks`` and ``applications`` are the parts of the
book; ``evidence``, ``exercises`` and ``plotting`` serve all of them. They load on first use, so that ``import qlearn`` stays
cheap and pulls in no quantum SDK.

>>> import qlearn
>>> qlearn.qubits.ket("0").shape
(2,)
"""

from qlearn import _lazy

__version__ = "2.1.0"

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
