"""Post-processing: from sifted bits with errors to a secret key of proven length.

The way through: Alice and Bob sift, :func:`estimate` gives up some bits to bound the errors, :func:`reconcile`
makes the two keys equal, :func:`verify` compares them, :func:`amplify` shortens them by what Eve may know,
and :func:`authenticate` proves that it was Alice and Bob who talked, from the first word on. :func:`distill` goes all
the way, and its :class:`Ledger` says where every bit went. Each side is a program of its own, and they have nothing in
common but one counted :class:`PublicChannel` (:func:`converse`).

>>> from qlearn.communication import bb84, random_bits, secret_key
>>> sent = bb84.exchange(200_000, noise=0.02, rng=1)
>>> pool = secret_key.AuthenticationKey(random_bits(512, rng=2))
>>> made = secret_key.distill(sent, authentication_key=pool, rng=3)
>>> made.length > 20_000, (made.alice == made.bob).all()
(True, np.True_)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
