"""Cascade: find the bits that differ by asking for parities, halving the blocks whose parities do.

The way through: :func:`block_sizes` says how large the blocks of each pass are, :class:`Blocks` how the passes
shuffle and halve them. :class:`Alice` answers for hers, :class:`Bob` keeps in a :class:`Search` what he knows of
them, and gives up at :func:`most_errors` and :func:`most_questions`; :func:`correct` lets the two talk.

>>> from qlearn.communication.secret_key.reconciliation.cascade import correct
>>> correct([0, 1, 1, 0, 1, 0, 0, 1], [0, 1, 1, 0, 0, 0, 0, 1], 0.1, rng=1).bob
array([0, 1, 1, 0, 1, 0, 0, 1], dtype=uint8)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
