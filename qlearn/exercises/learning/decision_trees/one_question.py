"""What a question is worth."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="warm-up",
    same=partial(close, rel=0, abs=2e-4),  # four digits will do
    right="1 - 4/6 h(1/4): the pure answer leaves nothing to ask, the mixed one nearly a bit.",
    because=r"""
        Before: $h(\tfrac12)=1$ bit. After a *yes* (4 of 6): $h(\tfrac14)=0.811$; after a *no* (2 of 6): 0. The gain
        is $1-\tfrac46\cdot0.811=0.459$ bits.
    """,
)
def one_question():
    """A node holds three rows of class a and three of b (orthogonal states). A question is answered *yes*
    by all three a and one b, *no* by the other two b. How many bits is it worth? By hand; four digits
    will do.
    """
    mixed = -(1 / 4) * np.log2(1 / 4) - (3 / 4) * np.log2(3 / 4)
    return 1 - 4 / 6 * mixed


def _h(p):
    return -p * np.log2(p) - (1 - p) * np.log2(1 - p)


@one_question.mistake("that is what is left after the answer. The gain is what the answer took away.")
def entropy_after():
    return 4 / 6 * _h(1 / 4)


@one_question.mistake("you gave both answers the same weight. Four of the six rows say yes, two say no.")
def same_weights():
    return 1 - _h(1 / 4) / 2


@one_question.mistake(
    "you forgot that the two rows that say no hold no uncertainty at all: weigh the answers."
)
def yes_alone():
    return 1 - _h(1 / 4)


@one_question.mistake("those are nats: take the logarithm to base 2.")
def nats():
    return np.log(2) * (1 - 4 / 6 * _h(1 / 4))


@one_question.mistake(
    "that is the entropy of the answer itself, yes or no: the most that any question of this shape could be "
    "worth."
)
def entropy_of_the_answer():
    return _h(1 / 3)


@one_question.mistake("you weigh the mixed answer by two of six; it is the one that four rows give.")
def weights_exchanged():
    return 1 - 2 / 6 * _h(1 / 4)
