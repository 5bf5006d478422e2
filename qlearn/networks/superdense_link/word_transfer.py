"""Numbers sent as fixed-point words: what arrives, how much of it is wrong, and what it took."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_reals, as_rng
from qlearn._types import Array, Bits
from qlearn.networks.secure_aggregation import FixedPoint
from qlearn.networks.superdense_link.bit_channels import BitChannel, Cost
from qlearn.networks.superdense_link.fixed_point_errors import (
    Layout,
    bits_of,
    copies_of,
    places,
    weights,
)


@dataclass(frozen=True)
class Transfer:
    """Result of :func:`send_words`."""

    values: Array
    """The numbers as they are read."""
    sent: Array
    """The numbers that the words stood for: the given ones, rounded."""
    bit_errors: int
    """Bits, copies included, that came out wrong. Neither side sees this."""
    word_errors: int
    """Words that do not say what was sent."""
    cost: Cost
    """Bits, qubits, pairs and seconds of all of it."""


def send_words(
    values: ArrayLike,
    channel: BitChannel,
    numbers: FixedPoint,
    *,
    layout: Layout = "across",
    repetitions: ArrayLike | None = None,
    dither: bool = False,
    rng: Any = None,
) -> Transfer:
    r"""Send numbers as fixed-point words over a channel, and return what is read at the other end.

    .. math:: x \;\mapsto\; \operatorname{round}(2^s x) \bmod 2^w \;\mapsto\; w\ \text{bits} \;\mapsto\; \hat x

    Both sides know the format. Nothing corrects an error but the majority of the copies; :func:`word_error` says in closed
    form what is left.

    Parameters
    ----------
    values : array_like of float, shape (..., d)
        Numbers; the last axis is one message. Messages share no pair. An odd number of words of one message leaves, with
        "across", one place in each of its last pairs idle: a lot that both sides know, one a message, says which.
    channel : BitChannel
        What carries the bits.
    numbers : FixedPoint
        Bits of a word, w, and its step. What does not fit is refused, and nothing is sent.
    layout, repetitions
        As in :func:`word_error`.
    dither : bool
        Whether rounding is up or down by chance, so that its mean is right; else to the nearest step.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Transfer

    Examples
    --------
    >>> from qlearn.networks.superdense_link import SuperdenseChannel
    >>> numbers = FixedPoint(fraction_bits=6, word_bits=8)
    >>> sent = send_words([0.5, -1.25, 0.75, 1.0], SuperdenseChannel(pair=0.97), numbers, rng=3)
    >>> sent.values, sent.bit_errors, sent.cost.qubits
    (array([ 0.5 , -1.25,  0.75,  1.  ]), 0, 16)
    """
    given = as_reals(values, "values")
    if not given.ndim or not given.size:
        raise ValueError(
            f"values must hold at least one number on their last axis, not the shape {given.shape}"
        )
    w, generator = numbers.word_bits, as_rng(rng)
    place, copies = places(w, layout, channel.law), copies_of(repetitions, w, layout)
    words = numbers.encode(given.ravel(), 1, generator if dither else None).reshape(given.shape)

    bits = np.repeat(bits_of(words, w), copies, axis=-1)
    # Of a message that fills its last pairs by half, as often the one place is used as the other.
    swapped = generator.random(given.shape[:-1]) < 0.5 if given.shape[-1] % 2 and place is None else None
    slots = _across(bits, swapped) if place is None else _within(bits, place)
    read = channel.carry(slots.reshape(-1, 2), generator).reshape(slots.shape)
    got = _from_across(read, bits.shape, swapped) if place is None else read[..., place[0], place[1]]

    exact = numbers.decode(words.ravel()).reshape(given.shape)
    voted = _majority(got, copies, generator)
    # From the rounded number on, so that a word without an error is that number to the last digit.
    step = 2.0**-numbers.fraction_bits
    moved = step * ((voted - bits_of(words, w)) @ weights(w))
    return Transfer(
        exact + moved,
        exact,
        int((got != bits).sum()),
        int((moved != 0).sum()),
        channel.cost(bits.size, slots.size // 2),
    )


def _across(bits: Bits, swapped: NDArray[np.bool_] | None) -> Bits:
    """Put words of one message together by twos, the first on z, the second on x; return slots, shape (..., 2).

    Where a word is alone and its message is `swapped`, it stands on x, and z is idle.
    """
    *batch, d, size = bits.shape
    padded = np.concatenate([bits, np.zeros((*batch, d % 2, size), np.uint8)], axis=-2)
    if swapped is not None:
        padded[swapped, -2:] = padded[swapped, :-3:-1]
    return np.ascontiguousarray(padded.reshape(*batch, -1, 2, size).swapaxes(-1, -2))


def _from_across(slots: Bits, shape: tuple[int, ...], swapped: NDArray[np.bool_] | None) -> Bits:
    *batch, d, size = shape
    words = slots.swapaxes(-1, -2).reshape(*batch, -1, size)
    if swapped is not None:
        words[swapped, -2] = words[swapped, -1]
    return words[..., :d, :]


def _within(bits: Bits, place: np.ndarray) -> Bits:
    slots = np.empty((*bits.shape[:-1], bits.shape[-1] // 2, 2), np.uint8)
    slots[..., place[0], place[1]] = bits
    return slots


def _majority(got: Bits, copies: np.ndarray, rng: np.random.Generator) -> Array:
    """Return the majority of each bit's copies, a coin where they are even; one half where there is no copy."""
    if (copies == 1).all():
        return got.astype(float)
    ends = np.concatenate([[0], np.cumsum(copies)])
    ones = np.diff(
        np.concatenate([np.zeros((*got.shape[:-1], 1), int), np.cumsum(got, axis=-1, dtype=int)], axis=-1)[
            ..., ends
        ]
    )
    coins = rng.integers(0, 2, ones.shape)
    voted = np.where(2 * ones == copies, coins, 2 * ones > copies).astype(float)
    return np.where(copies == 0, 0.5, voted)
