"""Cascade: find the bits that differ by asking for parities, halving the blocks whose parities do.

The way through: :func:`block_sizes` says how large the blocks of each pass are, :class:`Blocks` how the passes
shuffle and halve them. :class:`Alice` answers for hers, :class:`Bob` keeps in a :class:`Search` what he knows of
them, and gives up at :func:`most_errors` and :func:`most_questions`; :func:`correct` lets the two talk.
:func:`cascade` also verifies what came out.

>>> from qlearn.communication.secret_key.reconciliation.cascade import correct
>>> correct([0, 1, 1, 0, 1, 0, 0, 1], [0, 1, 1, 0, 0, 0, 0, 1], 0.1, rng=1).bob
array([0, 1, 1, 0, 1, 0, 0, 1], dtype=uint8)

Taught in :doc:`/communication/secret_key`.
"""

from qlearn.communication.secret_key.reconciliation.cascade.binary_search import Bob, Search
from qlearn.communication.secret_key.reconciliation.cascade.blocks import (
    VARIANTS,
    Alice,
    Blocks,
    Variant,
    block_sizes,
)
from qlearn.communication.secret_key.reconciliation.cascade.protocol import (
    cascade,
    correct,
    most_errors,
    most_questions,
)

__all__ = [
    "VARIANTS",
    "Alice",
    "Blocks",
    "Bob",
    "Search",
    "Variant",
    "block_sizes",
    "cascade",
    "correct",
    "most_errors",
    "most_questions",
]
