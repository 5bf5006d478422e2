"""Chsh value."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="And it needed nothing but settings and bits: not the state, not the angles, no trust.",
    because="""
        Select, compare, average, add with signs. The middle settings (1 on either side) belong to the key. Each of
        the four means has its own number of rounds and its own error; the squares of the errors add.
    """,
)
def chsh_value(alice_choices, bob_choices, alice_bits, bob_bits):
    """Write `chsh_value(alice_choices, bob_choices, alice_bits, bob_bits)` for Ekert's angles: choices are
    the settings 0, 1, 2. $S = E_{00} - E_{02} + E_{20} + E_{22}$, where $E_{xy}$ is the mean of +1 for
    equal bits and -1 for different ones over the rounds with settings $x$ and $y$. Given: `np`.
    """
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] == bob_bits[here])
        total += sign * (2 * equal - 1)
    return total


@chsh_value.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_chsh_value of the old module
    yield ()


@chsh_value.mistake(
    "you add all four. One combination, Alice's 0 with Bob's 135 degrees, enters with a minus: its answers differ"
    " more often than not."
)
def no_minus(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, 1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] == bob_bits[here])
        total += sign * (2 * equal - 1)
    return total


@chsh_value.mistake("the right size with the wrong sign: equal bits count +1, different ones -1.")
def wrong_sign(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] != bob_bits[here])
        total += sign * (2 * equal - 1)
    return total


@chsh_value.mistake(
    "you add shares of equal bits. A correlation is the mean of +1 (equal) and -1 (different), from -1 to 1."
)
def shares_of_equal_bits(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] == bob_bits[here])
        total += sign * equal
    return total


@chsh_value.mistake(
    "each correlation is a mean over the rounds of *its* combination; divide by their number, not by all."
)
def divides_by_all_rounds(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = alice_bits[here] == bob_bits[here]
        total += sign * np.sum(np.where(equal, 1, -1)) / here.size
    return total


@chsh_value.mistake("from the same rounds S is 2.807; you find 2.082.")
def another_combination(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (1, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] == bob_bits[here])
        total += sign * (2 * equal - 1)
    return total


@chsh_value.mistake(
    "S of these pairs is -2.791: it has a sign, and lists are bounded on both sides, by -2 and 2."
)
def no_sign(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] == bob_bits[here])
        total += sign * (2 * equal - 1)
    return abs(total)


@chsh_value.mistake("one minus, but at another combination: it belongs to settings 0 and 2.")
def a_minus_elsewhere(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, 1), (2, 0, 1), (2, 2, -1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] == bob_bits[here])
        total += sign * (2 * equal - 1)
    return total


@chsh_value.mistake("S is the sum of the four correlations, not their mean: lists reach 2, not 1/2.")
def the_mean_of_the_four(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] == bob_bits[here])
        total += sign * (2 * equal - 1)
    return total / 4


@chsh_value.mistake("you multiply bits 0 and 1. The answers are +1 and -1: a bit b stands for 1 - 2b.")
def a_product_of_bits(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] * bob_bits[here])
        total += sign * equal
    return total


@chsh_value.mistake(
    "the bits are uint8, and in uint8 1 - 2 is 255: compare them with ==, or turn them into floats first."
)
def signs_in_uint8(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean((1 - 2 * alice_bits[here]) * (1 - 2 * bob_bits[here]))
        total += sign * equal
    return total
