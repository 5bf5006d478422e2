"""Sifting, spoken: Bob says where he clicked and how he read, then Alice where that was her basis.

The order is the point. Bob speaks when he has measured; only then Alice's bases become known. And it is said on the
line whose transcripts are tagged at the end: whoever speaks in Bob's name here is found there.
"""

from collections.abc import Iterable, Iterator
from itertools import tee
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.bb84.transmission import Transmission
from qlearn.communication.postprocessing.channel import ChannelError
from qlearn.communication.postprocessing.conversation import Hear, Say, Turn, packed_size, unpacked

STEP = "sift"
_HEAD = 5  # one byte for how the clicks are named, four for how many there are
_AS_MASK, _AS_NUMBERS = 0, 1


class AlicePulses(NamedTuple):
    """What Alice has of some pulses: bits, bases and, for a laser, how bright each was (else None).

    Taught in :doc:`/communication/secret_key`.
    """

    bits: Bits
    bases: Bits
    intensities: Bits | None = None


class BobPulses(NamedTuple):
    """What Bob has of some pulses: where he saw one, what he read, and in which basis.

    Taught in :doc:`/communication/secret_key`.
    """

    detected: NDArray[np.bool_]
    bits: Bits
    bases: Bits


class Sifted(NamedTuple):
    """What one party holds after sifting: its bits, their bases, and the intensities if there are any.

    Taught in :doc:`/communication/secret_key`.
    """

    bits: Bits
    bases: Bits
    intensities: Bits | None = None


def each_side(sent: Iterable[Transmission]) -> tuple[Iterator[AlicePulses], Iterator[BobPulses]]:
    """Take transmissions apart into what Alice has and what Bob has, one chunk after the other."""
    ours, theirs = tee(sent)
    return (
        (AlicePulses(one.alice_bits, one.alice_bases) for one in ours),
        (BobPulses(one.detected, one.bob_bits, one.bob_bases) for one in theirs),
    )


def sift_as_bob(chunks: Iterable[BobPulses], *, decoys: bool = False) -> Turn[Sifted]:
    """Say clicks and bases of each chunk, hear which bases agree (and the intensities), keep those bits."""
    kept = []
    for detected, bits, bases in chunks:
        clicks = np.flatnonzero(detected)
        yield Say(STEP, announcement(detected, clicks, bases.take(clicks)))
        heard = yield Hear(STEP, most=3 * packed_size(clicks.size))
        agree, intensities = _heard_answer(heard, clicks.size, decoys)
        where = clicks[agree]
        kept.append(Sifted(bits.take(where), bases.take(where), intensities))
    return _joined(kept, decoys)


def sift_as_alice(chunks: Iterable[AlicePulses]) -> Turn[Sifted]:
    """Hear clicks and bases of each chunk, say which bases agree (and the intensities), keep those bits."""
    kept, decoys = [], False
    for bits, bases, intensities in chunks:
        heard = yield Hear(STEP, most=_HEAD + 2 * packed_size(bits.size))
        clicks, his = heard_announcement(heard, bits.size)
        agree = bases.take(clicks) == his
        where = clicks[agree]
        decoys = intensities is not None
        bright = intensities.take(where) if intensities is not None else None
        yield Say(STEP, answer(agree, bright))
        kept.append(Sifted(bits.take(where), bases.take(where), bright))
    return _joined(kept, decoys)


def announcement(detected: NDArray[np.bool_], clicks: NDArray[np.int64], bases: Bits) -> Bits:
    """Write Bob's message: how many clicks, where (a mask, or numbers if they are few), and their bases."""
    numbers = 32 * clicks.size < detected.size
    head = np.array([clicks.size], dtype="<u4").view(np.uint8)
    where = clicks.astype("<u4").view(np.uint8) if numbers else np.packbits(detected)
    kind = np.array([_AS_NUMBERS if numbers else _AS_MASK], dtype=np.uint8)
    return np.concatenate([kind, head, where, np.packbits(bases)])


def heard_announcement(heard: Bits, n: int) -> tuple[NDArray[np.int64], Bits]:
    """Read Bob's message about `n` pulses, or stop: which clicked, and in which bases he read those."""
    size = int(heard[1:_HEAD].view("<u4")[0]) if heard.size >= _HEAD else n + 1
    kind = int(heard[0]) if heard.size else -1
    width = {_AS_MASK: packed_size(n), _AS_NUMBERS: 4 * size}.get(kind)
    if width is None or size > n or heard.size != _HEAD + width + packed_size(size):
        raise _nonsense(f"Bob's clicks and bases of {n:,} pulses do not fill {heard.size:,} bytes")
    where = heard[_HEAD : _HEAD + width]
    named = np.flatnonzero(unpacked(where, n)) if kind == _AS_MASK else where.copy().view("<u4")
    clicks = named.astype(np.int64)
    if clicks.size != size or (size and (clicks[-1] >= n or (np.diff(clicks) <= 0).any())):
        raise _nonsense(f"these are not {size:,} different pulses of {n:,}")
    return clicks, unpacked(heard[_HEAD + width :], size)


def answer(agree: NDArray[np.bool_], intensities: Bits | None = None) -> Bits:
    """Write Alice's message: which clicks have the same basis, and two bits of intensity for each that has."""
    parts = [np.packbits(agree)]
    if intensities is not None:
        parts += [np.packbits(intensities & 1), np.packbits(intensities >> 1)]
    return np.concatenate(parts)


def heard_agreement(heard: Bits, clicks: int) -> NDArray[np.bool_]:
    """Read Alice's answer about so many clicks: where the bases agree."""
    return _heard_answer(heard, clicks, decoys=False)[0]


def _heard_answer(heard: Bits, clicks: int, decoys: bool) -> tuple[NDArray[np.bool_], Bits | None]:
    first = packed_size(clicks)
    agree = unpacked(heard[:first], clicks).view(bool) if heard.size >= first else np.zeros(0, dtype=bool)
    kept = int(np.count_nonzero(agree))
    plane = packed_size(kept) if decoys else 0
    if heard.size != first + 2 * plane:
        raise _nonsense(f"Alice's answer about {clicks:,} clicks does not fill {heard.size:,} bytes")
    if not decoys:
        return agree, None
    low, high = (unpacked(heard[first + i * plane :][:plane], kept) for i in (0, 1))
    bright: Bits = low + 2 * high
    return agree, bright


def _joined(kept: list[Sifted], decoys: bool) -> Sifted:
    nothing = np.zeros(0, dtype=np.uint8)
    bits = np.concatenate([nothing, *(part.bits for part in kept)])
    bases = np.concatenate([nothing, *(part.bases for part in kept)])
    if not decoys:
        return Sifted(bits, bases)
    bright = (part.intensities for part in kept if part.intensities is not None)
    return Sifted(bits, bases, np.concatenate([nothing, *bright]))


def _nonsense(why: str) -> ChannelError:
    return ChannelError(STEP, f"{why}: somebody altered the conversation")
