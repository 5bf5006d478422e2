"""The first test of SP 800-22: as many ones as zeros."""

from functools import partial
from math import erf, erfc, sqrt

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, abs=0),  # P-values of 1e-20 have digits, too
    right="a P-value says how often fair coins are as far off. It does not say that these were coins.",
    because=r"""
        With +1 for a one and -1 for a zero the n bits sum to $S = n_1 - n_0$. For fair, independent bits this sum has the
        variance n, so $|S|/\sqrt n$ is, for large n, about the size of a standard normal number, and such a size is above s
        with the chance $\operatorname{erfc}(s/\sqrt2)$, both tails together. Equal counts give 1. The bits 0101... give 1,
        too: the test knows nothing of their order.
    """,
)
def monobit_p_value(bits):
    r"""Return the P-value of the monobit test for the array `bits` of 0 and 1: $\operatorname{erfc}\bigl(|S| /
    \sqrt{2n}\bigr)$, where S is how many more ones than zeros there are among the n bits. `bits` has the type `uint8`,
    which knows no negative numbers: make an `int` of what you subtract from. Given: `np`, `erfc`, `sqrt`.
    """
    excess = 2 * int(np.sum(bits)) - len(bits)
    return erfc(abs(excess) / sqrt(2 * len(bits)))


def _of(ones, n, rng):
    return rng.permutation(np.repeat([1, 0], [ones, n - ones])).astype(np.uint8)


@monobit_p_value.cases
def sequences(rng):
    """NIST's example, equal counts, one bit, all equal; more zeros and more ones, a little and by far."""
    yield (np.array([1, 0, 1, 1, 0, 1, 0, 1, 0, 1], np.uint8),)
    n = int(rng.integers(20, 60))
    yield (_of(n, 2 * n, rng),)
    yield (np.full(1, rng.integers(0, 2), np.uint8),)
    for bit in (0, 1):
        yield (np.full(int(rng.integers(150, 900)), bit, np.uint8),)  # P is below 1e-30
    for n, most in ((15, 6), (60, 15), (101, 30), (400, 70), (1000, 100), (5000, 200)):
        off = int(rng.integers(1, most // 2))
        for ones in (n // 2 + off, n // 2 - off):
            yield (_of(ones, n, rng),)


def _excess(bits):
    return 2 * int(bits.sum()) - bits.size


@monobit_p_value.mistake(
    "your excess wraps around: in `uint8`, 2 * 0 - 1 is 255. Make an `int` of what you subtract from."
)
def signs_in_uint8(bits):
    return erfc(abs(int((np.uint8(2) * bits - np.uint8(1)).sum())) / sqrt(2 * bits.size))


@monobit_p_value.mistake(
    "the sum of `uint8` is a number without sign: fewer ones than zeros wrap around to 2**64. Take `int(bits.sum())`."
)
def unsigned_sum(bits):
    excess = (2 * int(bits.sum()) - bits.size) % 2**64
    return erfc(abs(excess) / sqrt(2 * bits.size))


@monobit_p_value.mistake(
    "the size of the excess counts, not its sign: take `abs`. Too few ones are as suspect as too many."
)
def forgets_the_size(bits):
    return erfc(_excess(bits) / sqrt(2 * bits.size))


@monobit_p_value.mistake(
    "you take the ones for the excess: S is how many *more* ones than zeros there are, twice the ones less n."
)
def counts_the_ones(bits):
    return erfc(int(bits.sum()) / sqrt(2 * bits.size))


@monobit_p_value.mistake(
    "your excess is half of it: ones less n/2. S counts the ones as +1 and the zeros as -1, 2 * ones - n."
)
def half_the_excess(bits):
    return erfc(abs(_excess(bits)) / 2 / sqrt(2 * bits.size))


@monobit_p_value.mistake("the 2 under the root is missing: erfc(s / sqrt(2)) belongs to a normal number s.")
def forgets_the_two(bits):
    return erfc(abs(_excess(bits)) / sqrt(bits.size))


@monobit_p_value.mistake("you divide by 2 where sqrt(2) is due: both n and 2 stand under the root.")
def two_outside_the_root(bits):
    return erfc(abs(_excess(bits)) / (2 * sqrt(bits.size)))


@monobit_p_value.mistake("you divide by n: the sum of n fair signs is off by sqrt(n) or so, and not by n.")
def divides_by_n(bits):
    return erfc(abs(_excess(bits)) / bits.size / sqrt(2))


@monobit_p_value.mistake(
    "this is one tail: as far off to the *other* side counts, too, and erfc has both tails already."
)
def one_tail(bits):
    return erfc(abs(_excess(bits)) / sqrt(2 * bits.size)) / 2


@monobit_p_value.mistake("this counts the tails twice: erfc has both already.")
def tails_twice(bits):
    return 2 * erfc(abs(_excess(bits)) / sqrt(2 * bits.size))


@monobit_p_value.mistake(
    "this is `erf`, the chance to be *less* far off. A P-value is the chance of being as far off, or farther: `erfc`."
)
def the_other_chance(bits):
    return erf(abs(_excess(bits)) / sqrt(2 * bits.size))


@monobit_p_value.mistake(
    "1 minus a chance near 1 has lost its digits: small P-values come out as 0. `erfc` computes them directly."
)
def loses_the_digits(bits):
    return 1 - erf(abs(_excess(bits)) / sqrt(2 * bits.size))


@monobit_p_value.mistake("this is the statistic. The P-value is erfc of it, divided by sqrt(2).")
def the_statistic(bits):
    return abs(_excess(bits)) / sqrt(bits.size)


@monobit_p_value.mistake("this is the verdict at the level 0.01. Return the P-value, a number.")
def the_verdict(bits):
    return erfc(abs(_excess(bits)) / sqrt(2 * bits.size)) >= 0.01
