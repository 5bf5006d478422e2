"""Photons: BB84 with the light that there is, and the decoys that make it safe.

A laser pulse holds a random number of photons, and of a pulse of two Eve may keep one. :func:`decoy_rate` says what
is left of the key over a fibre, :func:`stream` sends the pulses one by one, :class:`Counts` is what remains of them,
and :func:`finite_key` what these prove.

>>> from qlearn.communication import photons
>>> photons.decoy_rate(100, link=photons.LINKS["gys"]).round(7)
np.float64(1.72e-05)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
