"""Keys from entangled pairs: BBM92, E91 and its CHSH value, keys from devices that nobody trusts, and conferences.

The way through: :func:`distribute` sends pairs from a source (any state, or Eve's: :class:`PairSource`,
:class:`DetectionLoopholeSource`) to Alice and Bob and gives :class:`Rounds`. :func:`bbm92` and :func:`sift` make the
:class:`~qlearn.communication.bb84.SiftedKeys` of BB84 of them; :func:`e91` tests them by :func:`chsh_from` and
keeps a key or says why not; :func:`device_independent_rate` says what it is worth. :func:`conference` is for more
than two. :func:`circuit` is a round as a :class:`~qlearn.qubits.Circuit`.

>>> from qlearn.communication import entangled_keys
>>> round(entangled_keys.critical_qber(), 4)
0.0715
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
