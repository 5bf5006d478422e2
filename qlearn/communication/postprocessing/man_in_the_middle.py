"""The man in the middle: Eve is Bob to Alice and Alice to Bob, from the first word on."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from qlearn._checks import as_count, as_probability, as_rng
from qlearn.communication.bb84.pulses import Bits, Pulses, read
from qlearn.communication.bb84.transmission import Transmission
from qlearn.communication.coins import coins
from qlearn.communication.postprocessing.channel import Message
from qlearn.communication.postprocessing.sifting import (
    announcement,
    answer,
    heard_agreement,
    heard_announcement,
)


class ManInTheMiddle:
    """Eve keeps Alice's pulses, sifts with her in Bob's name, reads them without error, and sifts anew with Bob.

    She needs a memory for qubits and a line to each side. Alice's pulses stay in the memory; she tells Alice, as Bob,
    clicks and bases of her own choice. Alice's answer makes her bases public, and Eve reads what was kept in the
    right basis. She sends Bob each of these bits in its own basis, again and again until the basis that he announces
    fits, and tells him, as Alice, that this pulse counts. Alice and Bob then hold the same key without errors, and so
    does she: estimation, reconciliation and hashing find nothing wrong, and she has only to listen.

    What stops her is that Alice and Bob compare *this* part of the talk too, under a key that she does not have.

    Parameters
    ----------
    n_pulses : int
        Pulses of Alice, and as many time slots in which Eve may send something to Bob.
    chunk : int
        Pulses whose sifting is said in one message. 1 is sifting pulse by pulse; where it is all of them, Eve has read
        Alice's pulses when a second batch of time slots for Bob begins.
    copies : int
        How often she sends each bit within a chunk. The first copy whose basis fits counts; 1 if Bob says his basis
        after each pulse.
    clicks : float
        Share of the pulses that she lets "Bob" have seen, for Alice's ears: what the loss of the line makes plausible.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Examples
    --------
    >>> from qlearn.communication.postprocessing import AuthenticationKey, PublicChannel, distill_stream
    >>> eve = ManInTheMiddle(100_000, chunk=100_000, copies=16, clicks=0.1, rng=1)
    >>> pool, line = AuthenticationKey(coins(512, rng=2)), PublicChannel(eve)
    >>> session = distill_stream(eve.pulses(), authentication_key=pool, channel=line, security=1e-3, rng=3)
    >>> made = next(session)
    >>> made.step, made.reason
    ('authenticate', 'the tag from alice does not fit what Bob heard: somebody changed the conversation')

    References
    ----------
    That bases and intensities go "over an authenticated public channel" is a step of the protocol in Lim et al., 2014,
    arXiv:1311.7129, section II.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(
        self, n_pulses: int, *, chunk: int = 1, copies: int = 1, clicks: float = 1.0, rng: Any = None
    ) -> None:
        self._n = as_count(n_pulses, "n_pulses")
        self._chunk = min(as_count(chunk, "chunk"), self._n)
        self._copies = as_count(copies, "copies")
        self._share = as_probability(clicks, "clicks")
        self._rng = as_rng(rng)
        self._memory: Pulses  # Alice's pulses of this chunk
        self._last = False
        self._claimed: tuple[np.ndarray, Bits]  # clicks and bases that she tells Alice
        self._queue: deque[tuple[int, int]] = deque()  # bits and bases that Bob is still to get
        self._under_way: list[int] = []  # which of the queue each of Bob's pulses carries
        self._fits: np.ndarray
        self._bits: list[int] = []
        self._bases: list[int] = []

    @property
    def bits(self) -> Bits:
        """What Eve read of Alice's sifted key: all of it."""
        return np.array(self._bits, dtype=np.uint8)

    @property
    def bases(self) -> Bits:
        """The bases of these bits."""
        return np.array(self._bases, dtype=np.uint8)

    def pulses(self) -> Iterator[Transmission]:
        """Yield what Alice sends and what Bob measures, a chunk after the other: two transmissions in truth."""
        start = 0
        while (
            start < self._n or self._queue
        ):  # in the end Bob gets what is left, and Alice is told of no click
            size = min(self._chunk, self._n - start) if start < self._n else self._chunk
            self._last, start = start >= self._n, start + size
            sent = Pulses(coins(size, rng=self._rng), coins(size, rng=self._rng))
            self._memory = sent
            self._under_way = [i for i in range(len(self._queue)) for _ in range(self._copies)][:size]
            resent = np.array([self._queue[i] for i in self._under_way], dtype=np.uint8).reshape(-1, 2)
            detected = np.zeros(size, dtype=bool)
            detected[: len(resent)] = True
            his_bases, his_bits = coins(size, rng=self._rng), np.zeros(size, dtype=np.uint8)
            if len(resent):
                flying = Pulses(np.ascontiguousarray(resent[:, 0]), np.ascontiguousarray(resent[:, 1]))
                his_bits[: len(resent)] = read(flying, his_bases[: len(resent)], self._rng)
            yield Transmission(sent.bits, sent.bases, his_bits, his_bases, detected)

    def __call__(self, message: Message) -> Message:
        """Deliver her own words in the place of the sifting; everything later she passes on as it is."""
        if message.step != "sift":
            return message
        said = self._as_bob(message.payload) if message.sender == "bob" else self._as_alice(message.payload)
        return replace(message, payload=said)

    def _as_bob(self, heard: Bits) -> Bits:
        """Hear Bob's clicks and bases, and tell Alice others."""
        size = self._memory.bits.size
        _, his = heard_announcement(heard, size)
        self._fits = np.zeros(his.size, dtype=bool)
        delivered = 0
        for place, which in enumerate(self._under_way):
            # In order, so that Bob's key is Alice's: a bit counts when the one before it has counted.
            if which == delivered and his[place] == self._queue[which][1]:
                self._fits[place] = True
                delivered += 1
        for _ in range(delivered):
            self._queue.popleft()
        detected = coins(size, 0.0 if self._last else self._share, self._rng).view(bool)
        clicks = np.flatnonzero(detected)
        self._claimed = clicks, coins(max(clicks.size, 1), rng=self._rng)[: clicks.size]
        return announcement(detected, *self._claimed)

    def _as_alice(self, heard: Bits) -> Bits:
        """Hear from Alice where the bases agree, read those pulses, and tell Bob which of his count."""
        clicks, bases = self._claimed
        agree = heard_agreement(heard, clicks.size)
        where, known = clicks[agree], bases[agree]
        if where.size:
            kept = Pulses(self._memory.bits[where], self._memory.bases[where])
            new = list(zip(read(kept, known, self._rng).tolist(), known.tolist(), strict=True))
            self._queue.extend(new)
            self._bits += [bit for bit, _ in new]
            self._bases += [basis for _, basis in new]
        return answer(self._fits)
