"""Errors of fixed-point words: what wrong bits do to the number that the word stands for."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_reals
from qlearn._types import Array
from qlearn.networks.secure_aggregation import FixedPoint
from qlearn.networks.superdense_link.bit_channels import BitChannel
from qlearn.networks.superdense_link.unequal_protection import as_copies, majority_error

Layout = Literal["across", "halves", "neighbours"]
LAYOUTS = ("across", "halves", "neighbours")


class WordError(NamedTuple):
    """Result of :func:`word_error`, in the unit of the values."""

    bias: Array
    """Mean of what is read less what was sent."""
    mse: Array
    """Mean of the square of it."""


def word_error(
    values: ArrayLike,
    channel: BitChannel,
    numbers: FixedPoint,
    *,
    layout: Layout = "across",
    repetitions: ArrayLike | None = None,
) -> WordError:
    r"""Return the mean error and the mean squared error of given numbers that are sent as words over a channel.

    .. math::

        \mathbb E\,\Delta = \sum_b c_b\, 2^b e_b, \qquad
        \operatorname{var}\Delta = \sum_b 4^b e_b(1-e_b) + 2\sum_{(b,b')} c_b c_{b'}\, 2^{b+b'} (p_{11}-e_b e_{b'})

    in steps, with :math:`c_b = 1` for a bit that is 0, -1 for one that is 1, and the other way round for the sign bit; the
    last sum goes over bits that share a pair, and :math:`p_{11}` is the chance that both are wrong. If all bits have
    one e and no two share a pair, then :math:`\mathbb E\,\Delta = -e\,(2v + 1)` and
    :math:`\operatorname{var}\Delta = e(1-e)(4^w-1)/3`: what is read shrinks towards zero, and the spread is the same for all
    v. A bit without a copy is read as one half.

    Parameters
    ----------
    values : array_like of float, shape (...)
        Numbers; the nearest words are taken.
    channel : BitChannel
        Its law counts, not its speed.
    numbers : FixedPoint
        Bits of a word, w, and its step.
    layout : {"across", "halves", "neighbours"}
        Who shares a pair: the same bits of two words; the upper and the lower half of one word, the upper on the cleaner
        place; or bits side by side. With "across" a word stands on either place equally often, in the
        mean over a message and, where it is alone in its pairs, over the lots of :func:`send_words`.
    repetitions : array_like of int, shape (w,), optional
        Copies of each bit, the most significant first; only with "across".

    Returns
    -------
    WordError

    Examples
    --------
    >>> from qlearn.networks.superdense_link import SuperdenseChannel
    >>> error = word_error([0.5, -0.5], SuperdenseChannel(pair=0.97), FixedPoint(fraction_bits=6, word_bits=8))
    >>> error.bias.round(4), error.mse.round(4)
    (array([-0.0203,  0.0197]), array([0.1049, 0.1049]))
    """
    steps = np.asarray(as_reals(values, "values"))
    words = numbers.encode(steps.ravel(), 1)
    w, law = numbers.word_bits, channel.law
    place, copies = places(w, layout, law), copies_of(repetitions, w, layout)
    signs = weights(w) * (1 - 2.0 * bits_of(words, w))
    lanes = np.array([law[2] + law[3], law[1] + law[3]])  # z first

    def moments(single: Array, shared: float) -> tuple[Array, Array]:
        """Return bias and mean square for these errors of single copies."""
        wrong = majority_error(single, copies)
        bias = signs @ wrong
        spread = signs**2 @ np.where(copies == 0, 0.0, wrong * (1 - wrong))
        for first, second in () if place is None else _sharing(place):
            spread = spread + 2 * signs[:, first] * signs[:, second] * (shared - wrong[first] * wrong[second])
        return bias, bias**2 + spread

    both = float(law[3])
    tried = [moments(single, both if place is not None else 0.0) for single in _by_place(lanes, w, place)]
    step = 2.0**-numbers.fraction_bits
    bias, mse = (np.mean(part, axis=0).reshape(steps.shape) for part in zip(*tried, strict=True))
    return WordError(step * bias, step**2 * mse)


def mean_word_error(
    channel: BitChannel,
    numbers: FixedPoint,
    *,
    layout: Layout = "across",
    repetitions: ArrayLike | None = None,
) -> float:
    r"""Return the mean squared error of a word whose bits are all drawn evenly.

    .. math:: \mathbb E\,\Delta^2 = \sum_b 4^b e_b, \qquad \text{a bit without a copy: } e_b = \tfrac14

    in squared steps. That the two bits of a pair fail together plays no part in this mean; for one given number it does
    (:func:`word_error`): near 0 the upper bits are alike, the sign counts against them, and with white noise "neighbours" is
    the better layout. The sum is least when the bits that weigh most have the smallest errors (the rearrangement inequality):
    that is "halves".

    Parameters
    ----------
    channel, numbers, layout, repetitions
        As in :func:`word_error`.

    Returns
    -------
    float
        In the squared unit of the values; rounding, at most half a step, is not in it.

    Examples
    --------
    >>> from qlearn.networks.superdense_link import SuperdenseChannel
    >>> dephased = SuperdenseChannel(pair=[0.9, 0.0, 0.0, 0.1])  # only z fails
    >>> numbers = FixedPoint(fraction_bits=6, word_bits=8)
    >>> [round(mean_word_error(dephased, numbers, layout=name), 4) for name in ("across", "halves", "neighbours")]
    [0.2667, 0.0021, 0.4267]
    """
    w, law = numbers.word_bits, channel.law
    place, copies = places(w, layout, law), copies_of(repetitions, w, layout)
    lanes = np.array([law[2] + law[3], law[1] + law[3]])
    tried = _by_place(lanes, w, place)
    costs = [np.where(copies == 0, 0.25, majority_error(single, copies)) for single in tried]
    step = 2.0**-numbers.fraction_bits
    return float(step**2 * weights(w) ** 2 @ np.mean(costs, axis=0))


def weights(word_bits: int) -> Array:
    """Return what each bit of a word adds, in steps, the most significant first: the sign bit is negative."""
    powers: Array = np.exp2(np.arange(word_bits - 1.0, -1.0, -1.0))
    powers[0] *= -1
    return powers


def bits_of(words: NDArray[np.uint64], word_bits: int) -> NDArray[np.uint8]:
    """Return the bits of words, the most significant first, shape (..., word_bits)."""
    shifts = np.arange(word_bits - 1, -1, -1, dtype=np.uint64)
    return (words[..., None] >> shifts & np.uint64(1)).astype(np.uint8)


def places(word_bits: int, layout: Layout, law: Array) -> NDArray[np.intp] | None:
    """Return the pair and the place in it, 0 for z and 1 for x, of each bit of a word, shape (2, w); None for "across"."""
    as_choice(layout, LAYOUTS, "layout")
    if layout == "across":
        return None
    if word_bits % 2:
        raise ValueError(
            f'layout "{layout}" puts the bits of one word together by twos: word_bits must be even, not {word_bits}. '
            'Take one bit more, or layout="across"'
        )
    k, half = np.arange(word_bits), word_bits // 2
    if layout == "neighbours":
        return np.array([k // 2, k % 2])
    cleaner = 0 if law[2] <= law[1] else 1
    return np.array([k % half, np.where(k < half, cleaner, 1 - cleaner)])


def _by_place(lanes: Array, word_bits: int, place: NDArray[np.intp] | None) -> list[Array]:
    """Return the error of each bit of a word, once for each place that the word may stand on."""
    return [np.full(word_bits, lane) for lane in lanes] if place is None else [lanes[place[1]]]


def _sharing(place: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return which two bits share a pair."""
    order = np.argsort(place[0], kind="stable")
    return [(int(a), int(b)) for a, b in order.reshape(-1, 2)]


def copies_of(repetitions: ArrayLike | None, word_bits: int, layout: Layout) -> NDArray[np.int64]:
    """Return the copies of each bit, one if nothing is said, or say what is wrong with them."""
    if repetitions is None:
        return np.ones(word_bits, dtype=np.int64)
    copies = as_copies(repetitions, "repetitions")
    if copies.shape != (word_bits,):
        raise ValueError(
            f"repetitions must say one number of copies for each of the {word_bits} bits of a word, not the shape "
            f"{copies.shape}"
        )
    if layout != "across":
        raise ValueError(
            f'repetitions need layout="across", not "{layout}": two copies of a bit in one pair fail together'
        )
    if not copies.any():
        raise ValueError("repetitions must send at least one bit of a word, not none")
    return copies
