"""BB84: a key from single qubits in two bases, and the errors that betray who listened.

The way through: :func:`exchange` (or :func:`stream`, for more pulses than memory holds) gives a
:class:`Transmission`, :func:`sift` makes :class:`SiftedKeys` of it, :func:`estimate` gives up some of them to
learn the error rate, and :func:`asymptotic_rate` says what those errors cost. :func:`circuit` is the same
protocol as a :class:`~qlearn.qubits.Circuit`.

>>> from qlearn.communication import bb84
>>> keys = bb84.sift(bb84.exchange(100_000, eavesdropper=bb84.InterceptResend(), rng=2))
>>> round(keys.qber, 2)
0.25
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
