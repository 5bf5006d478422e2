"""Part II: keys and states sent over quantum channels; one module a protocol.

>>> from qlearn.communication import bb84
>>> bb84.exchange(8, rng=1).alice_bits.shape
(8,)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
