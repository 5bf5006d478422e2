"""Numbers as words of 64 bits, and back."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import NOTHING, a, close, exact


def same_words_and_values(answered, due):
    """Compare words to the last bit, and numbers but for rounding."""
    if answered is None:
        return NOTHING
    if not isinstance(answered, tuple | list) or len(answered) != 2:
        return f"return two things, `words, values`, and not {a(answered)}"
    if difference := exact(answered[0], due[0]):
        return f"the words: {difference}"
    difference = close(answered[1], due[1], rel=1e-12, abs=0)
    return f"the values: {difference}" if difference else None


@exercise(
    level="warm-up",
    same=same_words_and_values,
    right="additions of words are exact: no pad is lost in a rounding, whatever the order in which they are taken off.",
    because=r"""
        A pad hides a number only if the sum wraps round, as on a clock: whole numbers modulo $2^{64}$ do, floats do not. A
        negative number is the word that far *below* $2^{64}$: `astype(np.uint64)` of a signed whole number says just that, and
        `astype(np.int64)` reads it back. So the upper half of the clock is negative. It goes well as long as the sum of all
        clients stays below $2^{63}$: with n clients, $n\,\max|x|\,2^s<2^{63}$. The price of the fraction bits is a rounding of
        at most $2^{-(s+1)}$ a client.
    """,
)
def fixed_point(numbers, total, s):
    r"""Pads are added to *words*, whole numbers from 0 to $2^{64}-1$, modulo $2^{64}$. A client writes a number x as the word
    $\text{round}(x\,2^s) \bmod 2^{64}$, where s is how many bits stand behind the point and halves are rounded to the even
    number, as `np.rint` does. Of a sum of words the server reads the number back: words from $2^{63}$ on are negative.
    Return the tuple `(words, values)`: the words of the array `numbers`, as an array of `np.uint64`, and the numbers of the
    array `total`, which holds other words. Both are of any shape. Every $|x|\,2^s$ is below $2^{63}$. (Write `np.int64` where
    you mean 64 bits: `int` has fewer on some machines.)
    """
    words = np.rint(numbers * 2.0**s).astype(np.int64).astype(np.uint64)
    return words, total.astype(np.int64) / 2.0**s


@fixed_point.cases
def models(rng):
    """No fraction bit, a few and forty; halves, both signs, nothing, and words at the edge of the two halves."""
    yield (
        np.array([0.5, -1.25, 2.0, 0.0, -3.0]),
        np.array([0, 1, 2**16, 2**63 - 1, 2**63, 2**64 - 1], np.uint64),
        16,
    )
    halves = rng.integers(-9, 9, 8) + 0.5
    yield halves, rng.integers(0, 2**64, 3, dtype=np.uint64), 0
    for s in (1, 8, 20, 40, 52):
        shape = ((4,), (2, 3), (1,), (3, 1, 2))[int(rng.integers(4))]
        most = min(2.0 ** (62 - s), 1e4)
        numbers = np.asarray(rng.uniform(-most, most, shape))
        total = np.asarray(rng.integers(0, 2**64, (3, 2), dtype=np.uint64))
        yield numbers, total, s
    small = rng.integers(-(10**6), 10**6, 6)
    yield rng.normal(size=(2, 2)), small.astype(np.uint64), int(rng.integers(2, 12))


def _words(numbers, s, round_=np.rint):
    return round_(numbers * 2.0**s).astype(np.int64).astype(np.uint64)


def _values(total, s):
    return total.astype(np.int64) / 2.0**s


@fixed_point.mistake(
    "the words are right. Of the sum, words from 2**63 on are negative: read them as signed."
)
def unsigned_values(numbers, total, s):
    return _words(numbers, s), total / 2.0**s


@fixed_point.mistake(
    "the words are cut off behind the point: round them, or every client errs to the same side."
)
def cut_off(numbers, total, s):
    return _words(numbers, s, np.trunc), _values(total, s)


@fixed_point.mistake("the words are rounded down: round to the *nearest* whole number.")
def rounded_down(numbers, total, s):
    return _words(numbers, s, np.floor), _values(total, s)


@fixed_point.mistake(
    "almost: a half goes to the *even* neighbour (`np.rint`), so that halves do not add up to one side."
)
def halves_up(numbers, total, s):
    return _words(numbers, s, lambda x: np.floor(x + 0.5)), _values(total, s)


@fixed_point.mistake("the words are right. The values are those of s = 0: divide by 2**s.")
def not_scaled_back(numbers, total, s):
    return _words(numbers, s), total.astype(np.int64)


@fixed_point.mistake(
    "a number is rounded first and then shifted: that leaves no bit behind the point. Multiply first."
)
def rounded_first(numbers, total, s):
    return (np.rint(numbers).astype(np.int64) * 2**s).astype(np.uint64), _values(total, s)


@fixed_point.mistake("negative numbers lose their sign: -1 is the word 2**64 - 2**s, and not 2**s.")
def without_signs(numbers, total, s):
    return _words(np.abs(numbers), s), _values(total, s)


@fixed_point.mistake(
    "you write the sign into the highest bit. A sum of such words is no sum: take them modulo 2**64."
)
def sign_and_size(numbers, total, s):
    return _words(np.abs(numbers), s) | (np.uint64(2**63) * (numbers < 0).astype(np.uint64)), _values(
        total, s
    )


@fixed_point.mistake(
    "the words count bits of s from the other end: x is multiplied by 2**s, and a value divided by it."
)
def divided_and_multiplied(numbers, total, s):
    return np.rint(numbers / 2.0**s).astype(np.int64).astype(np.uint64), total.astype(np.int64) * 2.0**s


@fixed_point.mistake("you scale by 16 bits, whatever s is.")
def sixteen_bits(numbers, total, s):
    return _words(numbers, 16), _values(total, 16)


@fixed_point.mistake("you multiply by 2 s, and s bits make 2**s steps.")
def twice_s(numbers, total, s):
    unit = max(2.0 * s, 1.0)
    return np.rint(numbers * unit).astype(np.int64).astype(np.uint64), total.astype(np.int64) / unit


@fixed_point.mistake("the values are right. The words are a power of ten, and s counts bits.")
def decimal_places(numbers, total, s):
    return np.rint(numbers * 10.0 ** min(s, 12)).astype(np.int64).astype(np.uint64), _values(total, s)


@fixed_point.mistake("the words and the values are exchanged: `words, values`.")
def exchanged(numbers, total, s):
    return _values(total, s), _words(numbers, s)
