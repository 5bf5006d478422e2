"""Where the error is: three parities read as a number."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="the parities spell out the position: nobody had to look for the nearest word.",
    because="""
        Parity j is even for every code word, so that only the error can make it odd, and it does if the error's position
        has the digit j. All the odd ones together are the position, in binary. The same as: the exclusive or of the
        positions at which a 1 was read.
    """,
)
def syndrome(received):
    """The positions of a word of Hamming's code are numbered 1 to 7, and `received` is an array of its 7 bits in that order.
    For j = 0, 1, 2 the bits at all positions whose number has the binary digit of weight `2**j` have an even sum, if there is
    no error. Return the position of the one wrong bit as an int, 0 if nothing is wrong. Given: `np`.
    """
    positions = np.flatnonzero(received) + 1
    return int(np.bitwise_xor.reduce(positions)) if len(positions) else 0


@syndrome.cases
def words(rng):
    """A code word, with each of its bits wrong once and with none; the word of zeros, and that of ones."""
    places = np.arange(1, 8)
    for error in range(8):
        word = np.zeros(7, int)
        word[[2, 4, 5, 6]] = rng.integers(0, 2, 4)
        for j in range(3):
            word[2**j - 1] = word[(places >> j & 1) == 1].sum() % 2
        if error:
            word[error - 1] ^= 1
        yield (word,)
    yield (np.zeros(7, int),)
    yield (np.ones(7, int),)


def _parities(received):
    places = np.arange(1, 8)
    return [int(received[(places >> j & 1) == 1].sum() % 2) for j in range(3)]


@syndrome.mistake("you read the parities from the wrong end: parity j counts 2**j.")
def wrong_end(received):
    a, b, c = _parities(received)
    return 4 * a + 2 * b + c


@syndrome.mistake("you count positions from 0: they are numbered from 1, and 0 says that nothing is wrong.")
def from_zero(received):
    return sum(2**j * parity for j, parity in enumerate(_parities(received))) - 1


@syndrome.mistake("that is how many parities are odd. Which ones they are spells out the position.")
def how_many(received):
    return sum(_parities(received))


@syndrome.mistake("you add up the positions of the ones: add each binary digit apart, modulo 2.")
def summed(received):
    return int((np.flatnonzero(received) + 1).sum() % 8)


@syndrome.mistake("the word is numbered from the left here: position 1 is `received[0]`.")
def from_the_right(received):
    return sum(2**j * parity for j, parity in enumerate(_parities(received[::-1])))


@syndrome.mistake("you say that nothing is wrong, whatever was read.")
def never_wrong(received):
    return 0
