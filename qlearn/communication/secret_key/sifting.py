"""Sifting, spoken: Bob says where he clicked and how he read, then Alice where that was her basis.

The order is the point. While pulses are still on their way Bob says where he clicked, and not a word about bases: an Eve
who hears which of the pulses so far will be tested could be careful when she was unlucky, and the sample would no longer
be a fair one (Pfister et al., 2016, arXiv:1506.07502). When the last pulse has been measured Bob says his bases, and only
then Alice hers. It is said on the line whose transcripts are tagged at the end: whoever speaks in Bob's name is found
there.
"""

from collections.abc import Iterable, Iterator
from itertools import tee
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Bits
from qlearn.communication.bb84.transmission import Transmission
from qlearn.communication.secret_key.public_channel import (
    ChannelError,
    Program,
    Receive,
    Send,
    packed_size,
    unpacked,
)

STEP = "sift"
_HEAD = 5  # one byte for how the clicks are named, four for how many there are
_AS_MASK, _AS_NUMBERS = 0, 1


class AlicePulses(NamedTuple):
    """What Alice has of some pulses: bits, bases and, for a laser, how bright each was (else None)."""

    bits: Bits
    bases: Bits
    intensities: Bits | None = None


class BobPulses(NamedTuple):
    """What Bob has of some pulses: where he saw one, what he read, and in which basis."""

    detected: NDArray[np.bool_]
    bits: Bits
    bases: Bits


class Sifted(NamedTuple):
    """What one party holds after sifting: its bits, their bases, and the intensities if there are any."""

    bits: Bits
    bases: Bits
    intensities: Bits | None = None


def each_side(sent: Iterable[Transmission]) -> tuple[Iterator[AlicePulses], Iterator[BobPulses]]:
    """Return what Alice has of some transmissions and what Bob has, one chunk after the other.

    Parameters
    ----------
    sent : iterable of Transmission
        For example :func:`~qlearn.communication.bb84.stream`.

    Returns
    -------
    tuple of two iterators
        Of ``(bits, bases, None)``, Alice's, and of ``(detected, bits, bases)``, Bob's.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> from qlearn.communication.secret_key import PublicChannel, converse
    >>> hers, his = each_side([bb84.exchange(1_000, rng=1)])
    >>> alice, bob = converse(PublicChannel(), sift_as_alice(hers), sift_as_bob(his))
    >>> (alice.bits == bob.bits).all(), alice.bits.size
    (np.True_, 519)
    """
    ours, theirs = tee(sent)
    return (
        (AlicePulses(one.alice_bits, one.alice_bases) for one in ours),
        (BobPulses(one.detected, one.bob_bits, one.bob_bases) for one in theirs),
    )


def sift_as_bob(
    chunks: Iterable[BobPulses], *, decoys: bool = False, pulse_by_pulse: bool = False
) -> Program[Sifted]:
    """Sift as Bob: name the clicks chunk by chunk, after the last pulse the bases, and keep the bits whose bases agree.

    Parameters
    ----------
    chunks : iterable of tuple
        What he has of the pulses, as :func:`each_side` returns it.
    decoys : bool
        Whether Alice says the intensity of each sifted pulse, too.
    pulse_by_pulse : bool
        True: all is said of each chunk at once, before the next one is sent, as in the first demonstrations. That is not
        safe: whoever has heard which pulses are tested so far may choose when to stop disturbing.

    Returns
    -------
    generator
        His program for :func:`converse`; it ends with the sifted bits, their bases, and intensities or None.

    Examples
    --------
    >>> his = [(np.array([True, False, True]), np.array([1, 0, 0], np.uint8), np.array([0, 1, 1], np.uint8))]
    >>> next(sift_as_bob(his)).payload  # which of three pulses he saw: a mask, after how many they are
    array([  0,   2,   0,   0,   0, 160], dtype=uint8)
    """
    kept = []
    waiting: list[BobPulses] = []
    for detected, bits, bases in chunks:
        clicks = np.flatnonzero(detected)
        yield Send(STEP, encode_clicks(detected, clicks))
        waiting.append(BobPulses(detected, bits.take(clicks), bases.take(clicks)))
        if pulse_by_pulse:
            kept.append((yield from _agree_as_bob(waiting, decoys)))
            waiting = []
    if waiting or not kept:
        kept.append((yield from _agree_as_bob(waiting, decoys)))
    return _joined(kept, decoys)


def _agree_as_bob(seen: list[BobPulses], decoys: bool) -> Program[Sifted]:
    bits, bases = _row([part.bits for part in seen]), _row([part.bases for part in seen])
    yield Send(STEP, np.packbits(bases))
    heard = yield Receive(STEP, most=3 * packed_size(bits.size))
    agree, intensities = _decode_agreement(heard, bits.size, decoys)
    return Sifted(bits[agree], bases[agree], intensities)


def sift_as_alice(chunks: Iterable[AlicePulses], *, pulse_by_pulse: bool = False) -> Program[Sifted]:
    """Sift as Alice: answer, when Bob has said his clicks and bases, which bases agree, and keep those bits.

    Parameters
    ----------
    chunks : iterable of tuple
        What she has of the pulses, as :func:`each_side` returns it.
    pulse_by_pulse : bool
        As in :func:`sift_as_bob`.

    Returns
    -------
    generator
        Her program for :func:`converse`; it ends with the sifted bits, their bases, and intensities or None.

    Examples
    --------
    >>> next(sift_as_alice([(np.ones(8, np.uint8), np.zeros(8, np.uint8), None)]))  # she waits for his clicks
    Receive(step='sift', size=None, most=6)
    """
    kept = []
    waiting: list[AlicePulses] = []
    for bits, bases, bright in chunks:
        heard = yield Receive(STEP, most=_HEAD + packed_size(bits.size))
        clicks = decode_clicks(heard, bits.size)
        seen = None if bright is None else bright.take(clicks)
        waiting.append(AlicePulses(bits.take(clicks), bases.take(clicks), seen))
        if pulse_by_pulse:
            kept.append((yield from _agree_as_alice(waiting)))
            waiting = []
    if waiting or not kept:
        kept.append((yield from _agree_as_alice(waiting)))
    return _joined(kept, any(part.intensities is not None for part in kept))


def _agree_as_alice(sent: list[AlicePulses]) -> Program[Sifted]:
    bits, bases = _row([part.bits for part in sent]), _row([part.bases for part in sent])
    his = unpacked((yield Receive(STEP, packed_size(bits.size))), bits.size)
    agree = bases == his
    bright = [part.intensities for part in sent if part.intensities is not None]
    intensities = _row(bright)[agree] if bright else None
    yield Send(STEP, encode_agreement(agree, intensities))
    return Sifted(bits[agree], bases[agree], intensities)


def _row(parts: list[Bits]) -> Bits:
    return np.concatenate([np.zeros(0, dtype=np.uint8), *parts])


def encode_clicks(detected: NDArray[np.bool_], clicks: NDArray[np.int64]) -> Bits:
    """Write where Bob clicked: how often, and which pulses (a mask, or numbers if they are few)."""
    numbers = 32 * clicks.size < detected.size
    head = np.array([clicks.size], dtype="<u4").view(np.uint8)
    where = clicks.astype("<u4").view(np.uint8) if numbers else np.packbits(detected)
    kind = np.array([_AS_NUMBERS if numbers else _AS_MASK], dtype=np.uint8)
    return np.concatenate([kind, head, where])


def decode_clicks(heard: Bits, n: int) -> NDArray[np.int64]:
    """Read where Bob clicked among `n` pulses, or stop."""
    size = int(heard[1:_HEAD].view("<u4")[0]) if heard.size >= _HEAD else n + 1
    kind = int(heard[0]) if heard.size else -1
    width = {_AS_MASK: packed_size(n), _AS_NUMBERS: 4 * size}.get(kind)
    if width is None or size > n or heard.size != _HEAD + width:
        raise _nonsense(f"Bob's clicks in {n:,} pulses do not fill {heard.size:,} bytes")
    where = heard[_HEAD:]
    named = np.flatnonzero(unpacked(where, n)) if kind == _AS_MASK else where.copy().view("<u4")
    clicks = named.astype(np.int64)
    if clicks.size != size or (size and (clicks[-1] >= n or (np.diff(clicks) <= 0).any())):
        raise _nonsense(f"these are not {size:,} different pulses of {n:,}")
    return clicks


def encode_agreement(agree: NDArray[np.bool_], intensities: Bits | None = None) -> Bits:
    """Write Alice's message: which clicks have the same basis, and two bits of intensity for each that has."""
    parts = [np.packbits(agree)]
    if intensities is not None:
        parts += [np.packbits(intensities & 1), np.packbits(intensities >> 1)]
    return np.concatenate(parts)


def _decode_agreement(heard: Bits, clicks: int, decoys: bool) -> tuple[NDArray[np.bool_], Bits | None]:
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
    bits, bases = _row([part.bits for part in kept]), _row([part.bases for part in kept])
    bright = [part.intensities for part in kept if part.intensities is not None]
    return Sifted(bits, bases, _row(bright) if decoys else None)


def _nonsense(why: str) -> ChannelError:
    return ChannelError(STEP, f"{why}: somebody altered the conversation")
