"""The local cost of a state: how many wires are wrong."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import random_state


@exercise(
    level="core",
    right="the mean number of ones, over n: a question to each wire, and none to all at once.",
    because="""
        The basis state j has as many wires in 1 as its binary form has ones. So the cost is the mean number of
        ones, divided by n. It is diagonal: one run of the circuit measures all wires together.
    """,
)
def local_cost(state):
    """Return the chance, averaged over the wires, that a wire of the state (shape
    $(2^n,)$) is *not* found in 0. Given: `np`.
    """
    n = int(np.log2(len(state)))
    ones = np.array([j.bit_count() for j in range(len(state))])
    return np.abs(state) ** 2 @ ones / n


@local_cost.cases
def states(rng):
    """Random ones of one wire to five, all zeros, one wire wrong, all wrong."""
    for n in (1, 2, 3, 3, 4, 5):
        yield (random_state(n, rng=rng),)
    for n in (2, 3, 4):
        for j in (0, 1 << int(rng.integers(n)), (1 << n) - 1):
            yield (np.eye(1, 1 << n, j)[0],)


@local_cost.mistake(
    "that is the global cost, all or nothing. Where one wire of three is wrong two are right already, so the local cost "
    "is 1/3."
)
def all_or_nothing(state):
    return 1 - np.abs(state[0]) ** 2


@local_cost.mistake("the state we are after, all wires in 0, must cost nothing: yours costs 1.")
def reward(state):
    n = int(np.log2(len(state)))
    zeros = np.array([n - j.bit_count() for j in range(len(state))])
    return np.abs(state) ** 2 @ zeros / n


@local_cost.mistake(
    "you count the wires that are wrong. Divide by their number, so that the cost is a mean and ends at 1."
)
def counts(state):
    ones = np.array([j.bit_count() for j in range(len(state))])
    return np.abs(state) ** 2 @ ones


@local_cost.mistake("right for three wires. Read the number of wires off the state: it has 2^n amplitudes.")
def three_wires(state):
    ones = np.array([j.bit_count() for j in range(len(state))])
    return np.abs(state) ** 2 @ ones / 3


@local_cost.mistake("you divide by the number of amplitudes, 2^n. The mean is over the n wires.")
def divides_by_the_amplitudes(state):
    ones = np.array([j.bit_count() for j in range(len(state))])
    return np.abs(state) ** 2 @ ones / len(state)


@local_cost.mistake("you weighed with the amplitudes; probabilities are their squared moduli.")
def amplitudes(state):
    n = int(np.log2(len(state)))
    ones = np.array([j.bit_count() for j in range(len(state))])
    return np.abs(state) @ ones / n


@local_cost.mistake(
    "you square the amplitudes, and they are complex: probabilities are the squares of their *moduli*."
)
def squares_without_moduli(state):
    n = int(np.log2(len(state)))
    ones = np.array([j.bit_count() for j in range(len(state))])
    return state**2 @ ones / n


@local_cost.mistake("you ask the last wire only. Each wire is asked, and the chances are averaged.")
def last_wire_only(state):
    return (np.abs(state[1::2]) ** 2).sum()


@local_cost.mistake("you ask the first wire only. Each wire is asked, and the chances are averaged.")
def first_wire_only(state):
    return (np.abs(state[len(state) // 2 :]) ** 2).sum()


@local_cost.mistake(
    "that is the mean of <Z>, from 1 down to -1. The chance not to be in 0 is half of 1 - <Z>."
)
def mean_of_z(state):
    n = int(np.log2(len(state)))
    signs = np.array([n - 2 * j.bit_count() for j in range(len(state))])
    return np.abs(state) ** 2 @ signs / n
