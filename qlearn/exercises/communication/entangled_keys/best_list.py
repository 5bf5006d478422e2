"""Best list."""

from itertools import product

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Sixteen lists, none above 2; and a mixture of lists lies between the best and the worst.",
    because="""
        For CHSH, $a_0(b_0+b_1) + a_1(b_0-b_1)$: one of the brackets is 0 and the other at most 2. A source may mix
        lists by lot, depend on the weather or on a random number of Eve's: a mean never exceeds the best of what it
        is the mean of. So 2 bounds *every* source that answers each side from what it carries.
    """,
)
def best_list(signs):
    r"""A list holds an answer, +1 or -1, for each of two settings a side. Write `best_list(signs)`: the
    largest $\sum_{xy} s_{xy}\,a_x b_y$ over all lists, for any 2 x 2 array of numbers `signs` (those of
    CHSH have one -1). Given: `np`, `product` of itertools.
    """
    best = -np.inf
    for a0, a1, b0, b1 in product((-1, 1), repeat=4):
        value = signs[0, 0] * a0 * b0 + signs[0, 1] * a0 * b1 + signs[1, 0] * a1 * b0 + signs[1, 1] * a1 * b1
        best = max(best, value)
    return best


@best_list.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_best_list of the old module
    yield ()


@best_list.mistake(
    "for ((1, 1), (1, -1)) you find 4: four answers cannot all be right at once when the signs contradict each "
    "other. Each side answers each position in one way only."
)
def all_right_at_once(signs):
    return np.abs(signs).sum()


@best_list.mistake("2 sqrt 2 is for pairs. A list has an answer of +1 or -1 ready for every position.")
def the_quantum_bound(signs):
    return 2 * np.sqrt(2)


@best_list.mistake("for ((1, 1), (1, -1)) you find the lowest value, -2; the largest is asked for.")
def the_lowest(signs):
    best = np.inf
    for a0, a1, b0, b1 in product((-1, 1), repeat=4):
        value = signs[0, 0] * a0 * b0 + signs[0, 1] * a0 * b1 + signs[1, 0] * a1 * b0 + signs[1, 1] * a1 * b1
        best = min(best, value)
    return best


@best_list.mistake(
    "for ((2, 1), (1, -3)) you let both sides always answer +1; there are sixteen lists to try."
)
def one_list(signs):
    return abs(signs.sum())


@best_list.mistake("for the signs ((1, 1), (1, 1)) the best list reaches 4, not 2.")
def always_two(signs):
    return 2
