"""BB84: a key from single qubits in two bases, and the errors that betray who listened.

The way through: :func:`exchange` (or :func:`stream`, for more pulses than memory holds) gives a
:class:`Transmission`, :func:`sift` makes :class:`SiftedKeys` of it, :func:`estimate` gives up some of them to
learn the error rate, and :func:`asymptotic_rate` says what those errors cost. :func:`circuit` is the same
protocol as a :class:`~qlearn.qubits.Circuit`.

>>> from qlearn.communication import bb84
>>> keys = bb84.sift(bb84.exchange(100_000, eavesdropper=bb84.InterceptResend(), rng=2))
>>> round(keys.qber, 2)
0.25

Taught in :doc:`/communication/bb84`.
"""

from qlearn.communication.bb84.circuits import circuit
from qlearn.communication.bb84.intercept_resend import Eavesdropper, Interception, InterceptResend
from qlearn.communication.bb84.parameter_estimation import Estimate, estimate
from qlearn.communication.bb84.pulses import BASES, Pulses, read
from qlearn.communication.bb84.sifting import SiftedKeys, sift
from qlearn.communication.bb84.streaming import Tally, stream
from qlearn.communication.bb84.transmission import Origin, Transmission, exchange
from qlearn.communication.key_rate import asymptotic_rate, threshold

__all__ = [
    "BASES",
    "Eavesdropper",
    "Estimate",
    "InterceptResend",
    "Interception",
    "Origin",
    "Pulses",
    "SiftedKeys",
    "Tally",
    "Transmission",
    "asymptotic_rate",
    "circuit",
    "estimate",
    "exchange",
    "read",
    "sift",
    "stream",
    "threshold",
]
