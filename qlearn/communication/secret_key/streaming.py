"""Streaming: keys from as many pulses as one likes, in the memory of one session."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from qlearn._checks import as_count
from qlearn.communication.bb84.transmission import Origin, Transmission
from qlearn.communication.secret_key.authentication import AuthenticationKey
from qlearn.communication.secret_key.distillation import (
    BY_HAND,
    DistilledKey,
    QubitSession,
    hold,
    refuse_unless_fresh_single_photons,
)
from qlearn.communication.secret_key.finite_key import as_sizes
from qlearn.communication.secret_key.public_channel import PublicChannel
from qlearn.communication.secret_key.session import Terms
from qlearn.communication.secret_key.sifting import each_side


def distill_stream(
    transmissions: Iterable[Transmission],
    *,
    block: int = 2**23,
    authentication_key: AuthenticationKey,
    security: float = 1e-10,
    correctness: float = 1e-15,
    reconciliation: str = "cascade",
    sample: dict[str, int] | None = None,
    channel: PublicChannel | None = None,
    rng: Any = None,
) -> Iterator[DistilledKey]:
    """Distil a key of every `block` clicks of a stream, in the memory of one block.

    The sifting is said chunk by chunk, as the pulses come in: Bob has measured a chunk when he speaks of it. Where a
    session ends follows from the clicks that he has named, which both parties and Eve have heard, and not from the bases,
    which nobody has said by then.

    Parameters
    ----------
    transmissions : iterable of Transmission
        For example :func:`~qlearn.communication.bb84.stream`.
    block : int
        Clicks a session: with fair bases, half of them are sifted bits. Longer sessions lose less to statistics. What is
        left over at the end is a shorter session of its own.
    authentication_key : AuthenticationKey
        Spent and refilled by each session in turn.
    security, correctness, reconciliation, sample, channel
        As for :func:`distill`, for each session.
    rng : None, int or numpy.random.Generator
        Alice's coins.

    Yields
    ------
    DistilledKey
        The last one may say that there is no authentication key left: the stream ends there, and what it had not taken
        is fresh. It also ends after a session that was interrupted by hand.

    Examples
    --------
    >>> from qlearn.communication import bb84, random_bits
    >>> from qlearn.communication.secret_key import AuthenticationKey
    >>> pool, sent = AuthenticationKey(random_bits(512, rng=1)), bb84.stream(400_000, noise=0.01, rng=2)
    >>> [made.length > 30_000 for made in distill_stream(sent, block=200_000, authentication_key=pool, rng=3)]
    [True, True]
    """
    block = as_count(block, "block")
    if sample is not None:
        as_sizes(sample, "sample")
    terms = Terms(security, correctness, reconciliation, authentication_key, channel, rng)
    waiting = _Waiting(iter(transmissions))
    while waiting.more():
        origins: list[Origin] = []
        parts = each_side(waiting.take(block, origins))
        made = hold(QubitSession(terms, sample), parts, origins)
        yield made
        if not origins or made.reason == BY_HAND:
            return  # nothing was taken, as there is nothing left to authenticate with; or the user wants an end


class _Waiting:
    """Pulses that no session has taken yet."""

    def __init__(self, stream: Iterator[Transmission]) -> None:
        self._stream = stream
        self._next: Transmission | None = None

    def more(self, taken: Iterable[Origin] = ()) -> bool:
        """Tell whether there are any, beside what a session that goes on has taken."""
        if self._next is None:
            self._next = next(self._stream, None)
            if self._next is not None:
                if not isinstance(self._next, Transmission):
                    raise TypeError(f"transmissions must be Transmission, not {type(self._next).__name__}")
                self._next.origin.refuse_if_among(taken)
                refuse_unless_fresh_single_photons(self._next.origin)
        return self._next is not None

    def take(self, block: int, origins: list[Origin]) -> Iterator[Transmission]:
        """Yield pulses up to the one that makes `block` clicks full, and note where they came from."""
        wanted = block
        while wanted and self.more(origins):
            sent, self._next = self._next, None
            assert sent is not None
            sent.origin.claim()
            origins.append(sent.origin)
            if not sent.detected.any():  # nothing to count; it is spoken of all the same
                yield sent
                continue
            clicks = np.cumsum(sent.detected, dtype=np.int64)
            if clicks[-1] >= wanted:
                end = int(np.searchsorted(clicks, wanted)) + 1
                if end < clicks.size:
                    self._next = _part(sent, end, clicks.size)
                sent, wanted = _part(sent, 0, end), 0
            else:
                wanted -= int(clicks[-1])
            yield sent


def _part(sent: Transmission, start: int, stop: int) -> Transmission:
    """Cut out some pulses, which are used up by themselves: no pulse is in two parts."""
    cut = slice(start, stop)
    return Transmission(
        sent.alice_bits[cut],
        sent.alice_bases[cut],
        sent.bob_bits[cut],
        sent.bob_bases[cut],
        sent.detected[cut],
        origin=Origin(sent.origin.light),
    )
