"""LDPC codes: Alice says some thousand parities of her key at once, and Bob infers where his is wrong.

The way through: a :class:`Code` is a sparse table of parities, :func:`adapt` fits one of those that are shipped
to a key and its error rate, :class:`Alice` tells the syndrome and :class:`Bob` decodes it by belief propagation,
and :func:`correct` lets them talk.

>>> import numpy as np
>>> from qlearn.communication.secret_key.reconciliation.ldpc import correct
>>> alice = np.arange(2000, dtype=np.uint8) % 3 == 0
>>> bob = alice ^ (np.arange(2000) % 50 == 7)
>>> bool((correct(alice, bob, 0.02, rng=1).bob == alice).all())
True
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
