"""What wrong bits do to a number."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="if all bits fail alike, the leading one alone makes three quarters of it: equal for the line, not for the number.",
    because=r"""
        A wrong bit b moves the number by $2^b$ steps, up or down. Drawn evenly, it goes up as often as down, and so do the
        others, whatever fails together: in the mean of the square all mixed terms cancel, and
        $\sum_b 4^be_b$ is left. That the sign bit counts negative changes no square. With one e for all bits it is
        $e\,(4^w-1)/3$, of which the first term, $4^{w-1}e$, is a little more than three quarters.
    """,
)
def word_error(chances):
    r"""A whole number crosses a link as a word of w bits, the most significant first; the last bit counts 1. Each bit is 0 or 1
    with equal chance, independently. `chances` is an array of shape (w,): the chance that each bit comes out wrong, in the same
    order. Return the mean squared error of the number that is read. (Two's complement or not: the answer is the same.)
    """
    weights = 4.0 ** np.arange(len(chances))[::-1]
    return weights @ chances


@word_error.cases
def words(rng):
    """One bit to sixteen; equal chances and unequal ones; a place that never fails, and one that always does."""
    yield (np.array([0.25]),)
    yield (np.array([0.0, 0.5, 1.0]),)
    for w in (2, 4, 7, 8, 12, 16):
        yield (rng.uniform(0, 0.3, w),)
    yield (np.full(int(rng.integers(3, 10)), rng.uniform(0.01, 0.2)),)
    pair = rng.uniform(0.01, 0.3, 2)
    yield (np.tile(pair, int(rng.integers(2, 6))),)


def _weights(chances, base=4.0):
    return base ** np.arange(len(chances))[::-1]


@word_error.mistake("you count from the wrong end: the first bit weighs most.")
def from_the_wrong_end(chances):
    return _weights(chances)[::-1] @ chances


@word_error.mistake("a wrong bit moves the number by 2**b, and its *square* is asked for: 4**b.")
def not_squared(chances):
    return _weights(chances, 2.0) @ chances


@word_error.mistake("that is the root of it: the mean of the squares is asked for.")
def the_root(chances):
    return np.sqrt(_weights(chances) @ chances)


@word_error.mistake("you square the mean size of the error; asked is the mean of its square.")
def square_of_the_mean(chances):
    return (_weights(chances, 2.0) @ chances) ** 2


@word_error.mistake("the last bit counts 1, not 2.")
def last_bit_counts_two(chances):
    return 4 * (_weights(chances) @ chances)


@word_error.mistake(
    "e (1 - e) is the spread of one wrong bit about its mean. The mean of the square is asked: e itself."
)
def spread_of_each(chances):
    return _weights(chances) @ (chances * (1 - chances))


@word_error.mistake("you divide by the number of bits: all of them belong to one number, so they add.")
def mean_over_bits(chances):
    return _weights(chances) @ chances / len(chances)


@word_error.mistake(
    "the bits have chances of their own: their mean in the place of all is right only if they are equal."
)
def one_chance_for_all(chances):
    return _weights(chances).sum() * np.mean(chances)


@word_error.mistake(
    "you count wrong bits. Ask by how much a wrong bit moves the number, and how likely it is wrong."
)
def wrong_bits(chances):
    return np.sum(chances)
