"""Post-processing: from sifted bits with errors to a secret key of proven length.

The way through: Alice and Bob sift, :func:`estimate` gives up some bits to bound the errors, :func:`cascade` or
:func:`ldpc` reconciles the two keys, :func:`verify` compares them, :func:`amplify` shortens them by what Eve may know,
and :func:`authenticate` proves that it was Alice and Bob who talked, from the first word on. :func:`distill` goes all
the way, and its :class:`Ledger` says where every bit went. Each side is a program of its own, and they have nothing in
common but one counted :class:`PublicChannel` (:func:`converse`).

>>> from qlearn.communication import bb84, secret_key
>>> from qlearn.communication.randomness import coins
>>> sent = bb84.exchange(200_000, noise=0.02, rng=1)
>>> pool = secret_key.AuthenticationKey(coins(512, rng=2))
>>> made = secret_key.distill(sent, authentication_key=pool, rng=3)
>>> made.length > 20_000, (made.alice == made.bob).all()
(True, np.True_)

Taught in :doc:`/communication/secret_key`.
"""

from qlearn.communication.key_rate import key_rate, tolerable_qber
from qlearn.communication.secret_key.authentication import (
    SESSION_BITS,
    AuthenticationKey,
    authenticate,
    forgery_probability,
    tag,
)
from qlearn.communication.secret_key.distillation import RECONCILERS, Distilled, distill
from qlearn.communication.secret_key.finite_key import deviation, finite_key_length, margin, sample_sizes
from qlearn.communication.secret_key.man_in_the_middle import ManInTheMiddle
from qlearn.communication.secret_key.one_time_pad import seal
from qlearn.communication.secret_key.parameter_estimation import Estimated, Seen, estimate
from qlearn.communication.secret_key.privacy_amplification import amplify, toeplitz_hash
from qlearn.communication.secret_key.public_channel import (
    ChannelError,
    Hear,
    Message,
    NoKey,
    PublicChannel,
    Say,
    converse,
)
from qlearn.communication.secret_key.reconciliation.cascade import cascade
from qlearn.communication.secret_key.reconciliation.ldpc import ldpc
from qlearn.communication.secret_key.reconciliation.results import Corrected, Reconciled, Reconciler
from qlearn.communication.secret_key.session import Entry, Ledger
from qlearn.communication.secret_key.streaming import distill_stream
from qlearn.communication.secret_key.verification import verify

__all__ = [
    "RECONCILERS",
    "SESSION_BITS",
    "AuthenticationKey",
    "ChannelError",
    "Corrected",
    "Distilled",
    "Entry",
    "Estimated",
    "Hear",
    "Ledger",
    "ManInTheMiddle",
    "Message",
    "NoKey",
    "PublicChannel",
    "Reconciled",
    "Reconciler",
    "Say",
    "Seen",
    "amplify",
    "authenticate",
    "cascade",
    "converse",
    "deviation",
    "distill",
    "distill_stream",
    "estimate",
    "finite_key_length",
    "forgery_probability",
    "key_rate",
    "ldpc",
    "margin",
    "sample_sizes",
    "seal",
    "tag",
    "toeplitz_hash",
    "tolerable_qber",
    "verify",
]
