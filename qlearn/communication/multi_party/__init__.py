"""Many parties: a secret that only all can read, a sender whom nobody can name, votes and sums that stay private.

Each protocol has two halves: what a *party* does, a function of its own data and of what was said aloud
(:func:`reconstruct`, :func:`announce`, :func:`turn`), and the simulation that brings the parties together
(:func:`share`, :func:`broadcast`, :func:`phase_sum`, :func:`phase_vote`, :func:`slot_vote`). The attacks are
:func:`insider`, the lies of :func:`slot_vote`, and any `state` of a source that nobody has tested.

>>> from qlearn.communication import multi_party
>>> multi_party.phase_sum([3, 0, 2], n_bits=4, rng=1).total
5
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
