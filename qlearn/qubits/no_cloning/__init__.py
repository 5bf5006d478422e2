"""Cloning: no machine copies an unknown state, and how near the best ones come.

:func:`universal_cloner` and :func:`phase_covariant_cloner` are the best copiers there are, as circuits that
divide the quality between the two copies at will; :func:`copy_fidelities` measures any copier,
:func:`second_fidelity` is the trade between the copies, and :func:`cloning_bound` proves that nobody does better.

>>> from qlearn.qubits import ket
>>> copy_fidelities(universal_cloner(), ket("i")).round(6)
array([0.833333, 0.833333])
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
