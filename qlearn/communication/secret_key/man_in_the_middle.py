"""The man in the middle: Eve is Bob to Alice and Alice to Bob, from the first word on."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from qlearn._checks import as_count, as_probability, as_rng
from qlearn._types import Bits
from qlearn.communication.bb84.transmission import Pulses, Transmission, measure_pulses
from qlearn.communication.randomness import random_bits
from qlearn.communication.secret_key.public_channel import Message, unpacked
from qlearn.communication.secret_key.sifting import decode_clicks, encode_agreement, encode_clicks


class ManInTheMiddle:
    """Eve keeps Alice's pulses, sifts with her in Bob's name, reads them without error, and sifts anew with Bob.

    She needs a memory for qubits and a line to each side. Alice's pulses stay in the memory; she tells Alice, as Bob,
    clicks and bases of her own choice. Alice's answer makes her bases public, and Eve reads what was kept in the
    right basis. Then she is Alice to Bob: she sends him each of these bits in its own basis, and often enough that he
    will have read one of the copies in it; that one she names, as Alice, as the pulse that counts. Alice and Bob
    then hold the same key without errors, and so does she: estimation, reconciliation and hashing find nothing wrong,
    and she has only to listen.

    What stops her is that Alice and Bob compare *this* part of the talk too, under a key that she does not have.

    Bob's pulses are sent when Alice has answered: their clocks are Eve's to set. The transmissions here stand side by
    side what happens one after the other, so they hold what Alice is going to answer before she says it.

    Parameters
    ----------
    n_pulses : int
        Pulses of Alice.
    copies : int
        How often she sends each bit. Where Bob has read no copy in its basis, she names the last one and takes an error
        of one half.
    clicks : float
        Share of the pulses that she lets "Bob" have seen, for Alice's ears: what the loss of the line makes plausible.
    pulse_by_pulse : bool
        Whether Bob says his basis after each pulse. Then one copy at a time is enough: she sends a bit until his basis
        fits, and he keeps half of his clicks, as on an honest line.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Examples
    --------
    >>> from qlearn.communication.secret_key import AuthenticationKey, PublicChannel, distill_stream
    >>> eve = ManInTheMiddle(100_000, copies=16, clicks=0.1, rng=1)
    >>> pool, line = AuthenticationKey(random_bits(512, rng=2)), PublicChannel(eve)
    >>> session = distill_stream(eve.pulses(), authentication_key=pool, channel=line, security=1e-3, rng=3)
    >>> made = next(session)
    >>> made.step, made.reason
    ('authenticate', 'the tag from alice does not fit what Bob heard: somebody changed the conversation')

    References
    ----------
    That bases and intensities go "over an authenticated public channel" is a step of the protocol in Lim et al., 2014,
    arXiv:1311.7129, section II.
    """

    def __init__(
        self,
        n_pulses: int,
        *,
        copies: int = 16,
        clicks: float = 1.0,
        pulse_by_pulse: bool = False,
        rng: Any = None,
    ) -> None:
        self._n = as_count(n_pulses, "n_pulses")
        self._copies = as_count(copies, "copies")
        self._click_rate = as_probability(clicks, "clicks")
        self._one_by_one = bool(pulse_by_pulse)
        self._rng = as_rng(rng)
        self._known = np.zeros((2, self._n), dtype=np.uint8)  # bits and bases that she has read
        self._read = 0
        self._sent = 0  # how many of the bits that she knows Bob has got
        self._chunk: Pulses  # Alice's pulses that are being spoken of
        self._claimed: tuple[np.ndarray, Bits]  # clicks and bases that she tells Alice of them
        self._clicks: list[np.ndarray] = []  # the same of all chunks, where the bases come at the end
        self._claims: list[Bits] = []
        self._under_way: list[np.ndarray] = []  # which of her bits each of Bob's clicks carries
        self._fits: np.ndarray

    @property
    def bits(self) -> Bits:
        """What Eve read of Alice's sifted key: all of it."""
        return self._known[0, : self._read]

    @property
    def bases(self) -> Bits:
        """The bases of these bits."""
        return self._known[1, : self._read]

    def pulses(self) -> Iterator[Transmission]:
        """Yield what Alice sends and what Bob measures: two transmissions in truth, side by side."""
        if not self._one_by_one:
            yield self._side_by_side(self._n, np.zeros(0, dtype=np.intp), click_rate=self._click_rate)
            yield self._side_by_side(1, np.repeat(np.arange(self._read), self._copies), click_rate=0.0)
            return
        for number in range(10 * self._n):  # in the end Bob gets what is left, and Alice is told of no click
            over = number >= self._n
            if over and self._sent == self._read:
                return
            due = np.arange(self._sent, min(self._sent + 1, self._read))
            yield self._side_by_side(1, due, click_rate=0.0 if over else self._click_rate)

    def _side_by_side(self, n: int, carries: np.ndarray, *, click_rate: float) -> Transmission:
        """Let Alice send some pulses, and Bob read others: each a bit that Eve knows, in its basis."""
        size = max(n, carries.size)
        self._chunk = sent = Pulses(random_bits(size, rng=self._rng), random_bits(size, rng=self._rng))
        seen = random_bits(size, click_rate, self._rng).view(bool)
        clicks = np.flatnonzero(seen)
        claims = random_bits(size, rng=self._rng)[: clicks.size]
        self._claimed = clicks, claims
        right = sent.bases[clicks] == claims  # what Alice will answer
        if right.any():
            kept = Pulses(sent.bits[clicks[right]], sent.bases[clicks[right]])
            new = slice(self._read, self._read + kept.bits.size)
            self._known[:, new] = measure_pulses(kept, claims[right], self._rng), claims[right]
            self._read = new.stop
        detected, his_bits = np.zeros(size, dtype=bool), np.zeros(size, dtype=np.uint8)
        his_bases = random_bits(size, rng=self._rng)
        self._under_way.append(carries)
        if carries.size:
            detected[: carries.size] = True
            arriving = Pulses(*self._known[:, carries])
            his_bits[: carries.size] = measure_pulses(arriving, his_bases[: carries.size], self._rng)
        return Transmission(sent.bits, sent.bases, his_bits, his_bases, detected)

    def __call__(self, message: Message) -> Message:
        """Deliver her own words in the place of the sifting; everything later she passes on as it is."""
        if message.step != "sift":
            return message
        if message.sender == "alice":
            return replace(message, payload=encode_agreement(self._fits))
        if message.payload.size and len(self._clicks) < len(self._under_way):  # where he clicked
            decode_clicks(message.payload, self._chunk.bits.size)
            clicks, claims = self._claimed
            self._clicks.append(clicks)
            self._claims.append(claims)
            named = np.zeros(self._chunk.bits.size, dtype=bool)
            named[clicks] = True
            return replace(message, payload=encode_clicks(named, clicks))
        return replace(message, payload=self._bases_for_alice(message.payload))

    def _bases_for_alice(self, heard: Bits) -> Bits:
        """Hear how Bob read, choose which of his clicks are to count, and tell Alice other bases."""
        spoken = slice(-1, None) if self._one_by_one else slice(None)
        carries = np.concatenate(self._under_way[spoken])
        fits = unpacked(heard, carries.size) == self.bases[carries]
        if self._one_by_one:
            self._sent += int(fits.sum())
            self._fits = fits
        else:
            of_a_bit = fits.reshape(-1, self._copies)
            of_a_bit[:, -1] |= ~of_a_bit.any(axis=1)
            self._fits = np.zeros_like(of_a_bit)
            self._fits[np.arange(len(of_a_bit)), of_a_bit.argmax(axis=1)] = True
            self._fits = self._fits.ravel()
        return np.packbits(np.concatenate(self._claims[spoken]))
