"""Repeaters: pairs over long distances, by swapping, purification and memories that wait.

>>> from qlearn.communication import repeaters
>>> float(repeaters.swap(0.9, 0.9).round(6))
0.813333
>>> fidelity, probability = repeaters.purify(0.8)
>>> float(fidelity.round(6)), float(probability.round(6))
(0.83815, 0.768889)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
