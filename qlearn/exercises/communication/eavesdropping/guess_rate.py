"""How often the best Eve guesses right."""

from functools import partial

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="warm-up",
    same=partial(close, rel=6e-4, abs=0),  # three digits are asked for
    right="72 of 100 bits, for 5 errors in 100: the first errors are her best investment.",
    because=r"""
        $\tfrac12 + \sqrt{D(1-D)}$ with $D = 0.05$ is 0.718. An Eve who reads a fifth of the pulses outright, in the
        basis halfway, makes as many errors and is right with 0.571 only.
    """,
)
def guess_rate():
    """Alice and Bob find 5 % of errors in both bases. How often does the best Eve who asks each pulse's
    probe by itself guess a sifted bit? A share between 0 and 1, to three digits.
    """
    return 1 / 2 + (0.05 * 0.95) ** 0.5


@guess_rate.mistake("0.55 would be a coin plus the errors. She gains with the *root* of them.")
def coin_plus_errors():
    return 0.55


@guess_rate.mistake("that is her gain over a coin. Add the coin's 1/2.")
def the_gain():
    return (0.05 * 0.95) ** 0.5


@guess_rate.mistake("0.95 is how often Bob is right. Eve is far behind him at 5 %.")
def bob():
    return 0.95


@guess_rate.mistake(
    "that is the Eve who reads every fifth pulse in the Breidbart basis: 5 % of errors as well, and far less for "
    "them."
)
def a_fifth_outright():
    return 0.5 + 0.2 * (0.853553 - 0.5)


@guess_rate.mistake("the root is missing: sqrt(D (1 - D)).")
def no_root():
    return 0.5 + 0.05 * 0.95


@guess_rate.mistake("nearly: under the root stands D (1 - D), and at 5 % the third digit shows it.")
def d_alone_under_the_root():
    return 0.5 + 0.05**0.5


@guess_rate.mistake("that is how often she is wrong.")
def how_often_she_is_wrong():
    return 0.5 - (0.05 * 0.95) ** 0.5


@guess_rate.mistake("as a share, please: 1 is always right.")
def per_cent():
    return 71.794


@guess_rate.mistake("that is an Eve without a memory. This one waits for the bases: sqrt(D (1 - D)).")
def without_a_memory():
    return 0.5 + (0.05 * 0.9) ** 0.5


@guess_rate.mistake("5 % of errors in *each* basis are 5 % of all: D is 0.05, and not the sum of both.")
def both_bases_together():
    return 0.5 + (0.1 * 0.9) ** 0.5


@guess_rate.mistake("that is how many *bits* she knows of each. How often is her guess right?")
def her_bits():
    return 0.1415
