"""The most that a list of answers reaches."""

from itertools import product

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="sixteen lists, none above 2 for CHSH; and a mixture of lists lies between the best and the worst.",
    because="""
        For CHSH, $a_0(b_0+b_1) + a_1(b_0-b_1)$: one of the brackets is 0 and the other at most 2. A source may mix
        lists by lot, depend on the weather or on a random number of Eve's: a mean never exceeds the best of what it
        is the mean of. So 2 bounds *every* source that answers each side from what it carries.
    """,
)
def best_list(signs):
    r"""A list holds an answer, +1 or -1, for each of two settings a side. Return the largest $\sum_{xy}
    s_{xy}\,a_x b_y$ over all lists, for any 2 x 2 array of numbers `signs` (those of CHSH have one -1).
    Given: `np`, `product` of itertools.
    """
    best = -np.inf
    for a0, a1, b0, b1 in product((-1, 1), repeat=4):
        value = signs[0, 0] * a0 * b0 + signs[0, 1] * a0 * b1 + signs[1, 0] * a1 * b0 + signs[1, 1] * a1 * b1
        best = max(best, value)
    return best


@best_list.cases
def games(rng):
    """CHSH with the minus at each place, signs that do not contradict each other, whole and other numbers, zeros."""
    for place in rng.permutation(4):
        signs = np.ones(4)
        signs[place] = -1
        yield (signs.reshape(2, 2) * rng.choice((-1, 1)),)
    yield (np.outer(rng.choice((-1, 1), 2), rng.choice((-1, 1), 2)),)
    yield (np.diag(rng.integers(1, 9, 2)),)
    yield (np.zeros((2, 2)),)
    for _ in range(5):
        yield (rng.integers(-9, 10, (2, 2)),)
        yield (rng.normal(size=(2, 2)) * 10 ** rng.uniform(-1, 3),)


def _values(signs):
    lists = product((-1, 1), repeat=4)
    return [float(np.outer((a0, a1), (b0, b1)).ravel() @ np.ravel(signs)) for a0, a1, b0, b1 in lists]


@best_list.mistake(
    "four answers cannot all be right at once when the signs contradict each other. Each side answers each position "
    "in one way only."
)
def all_right_at_once(signs):
    return np.abs(signs).sum()


@best_list.mistake("2 sqrt 2 is for pairs. A list has an answer of +1 or -1 ready for every position.")
def the_quantum_bound(signs):
    return 2 * np.sqrt(2)


@best_list.mistake("you find the lowest value; the largest is asked for.")
def the_lowest(signs):
    return min(_values(signs))


@best_list.mistake("you let both sides always answer +1; there are sixteen lists to try.")
def one_list(signs):
    return signs.sum()


@best_list.mistake(
    "you let each side always say the same, whatever its setting; there are sixteen lists to try."
)
def the_same_for_both_settings(signs):
    return abs(signs.sum())


@best_list.mistake(
    "you give both sides the same two answers; a list holds two for Alice and other two for Bob."
)
def one_list_for_both_sides(signs):
    return max(np.outer(a, a).ravel() @ signs.ravel() for a in product((-1, 1), repeat=2))


@best_list.mistake("2 is for the signs of CHSH; `signs` may hold any numbers.")
def always_two(signs):
    return 2


@best_list.mistake("this is right where all four numbers have the same size; `signs` may hold any numbers.")
def flips_one_of_equal_size(signs):
    return np.abs(signs).sum() - (2 * np.abs(signs).mean() if np.prod(np.sign(signs)) < 0 else 0)


@best_list.mistake("the answers are +1 and -1. With 0 among them a side may stay silent: that is no list.")
def silence_is_allowed(signs):
    return max(
        np.outer((a0, a1), (b0, b1)).ravel() @ signs.ravel() for a0, a1, b0, b1 in product((0, 1), repeat=4)
    )


@best_list.mistake("that is the mean over all lists. A source would choose the best of them.")
def the_mean(signs):
    return np.mean(_values(signs))
