"""Local cost."""

from qlearn.exercises import exercise
import numpy as np



@exercise(
    level="core",
    right="The mean number of ones, over n: a question to each wire, and none to all at once.",
    because="""
        The basis state j has as many wires in 1 as its binary form has ones. So the cost is the mean number of
        ones, divided by n. It is diagonal: one run of the circuit measures all wires together.
    """,
)
def local_cost(state):
    """Write `local_cost(state)`: the chance, averaged over the wires, that a wire of the state (shape
    $(2^n,)$) is *not* found in 0.
    """
    n = int(np.log2(len(state)))
    ones = np.array([j.bit_count() for j in range(len(state))])
    return np.abs(state) ** 2 @ ones / n


@local_cost.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_local_cost of the old module
    yield ()


@local_cost.mistake((
        "the state 001 costs you 1: that is the global cost, all or nothing. Two of three wires are right already, so"
        " the local cost is 1/3."
    ))
def global(state):
    return 1 - np.abs(state[0]) ** 2


@local_cost.mistake("for the state 000 your cost is 1: the state we are after must cost nothing.")
def reward(state):
    n = int(np.log2(len(state)))
    zeros = np.array([n - j.bit_count() for j in range(len(state))])
    return np.abs(state) ** 2 @ zeros / n


@local_cost.mistake((
        "for a random state of 2 qubits you say 0.4270; it is 0.6405. Does your function read the number of wires off"
        " the state?"
    ))
def three_wires(state):
    ones = np.array([j.bit_count() for j in range(len(state))])
    return np.abs(state) ** 2 @ ones / 3


@local_cost.mistake("you weighed with the amplitudes; probabilities are their squared moduli.")
def amplitudes(state):
    n = int(np.log2(len(state)))
    ones = np.array([j.bit_count() for j in range(len(state))])
    return np.abs(state) @ ones / n


@local_cost.mistake("the state 001 costs you 0.5; one wire of three is wrong, so it should be 1/3.")
def every_second_state(state):
    return (np.abs(state[1::2]) ** 2).sum() / 2
