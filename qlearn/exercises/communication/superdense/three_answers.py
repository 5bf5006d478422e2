"""Superdense coding where Bob's measurement has three answers."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="log2 3: with three messages each answer is certain. Using all four evenly gives 1.5, which is less.",
    because=r"""
        Bob's answer is a function of the message, so he learns the entropy of his answer. With three answers that
        is $\log_2 3$ at most, reached where all three come equally often: Alice leaves one of $\Phi^\pm$ out and
        uses the other three messages evenly. (With all four at 1/4 the answers come with 1/4, 1/4, 1/2: 1.5 bits.)
        The first experiment worked so, with one *trit* a photon (Mattle et al. 1996).
    """,
)
def three_answers():
    """Beam splitters and detectors alone tell psi+ and psi- apart from everything else, but give one and
    the same answer for phi+ and phi-. The pairs are perfect and Alice may choose how often she uses each
    of her four messages. How many bits does Bob learn from a pair at most? Exactly. Given: `np`.
    """
    return np.log2(3)


@three_answers.mistake(
    "1.5 is what four equally likely messages give: answers with 1/4, 1/4, 1/2. She may choose other odds."
)
def all_four_evenly():
    return 1.5


@three_answers.mistake("2 would need four different answers; Bob has three.")
def forgets_the_optics():
    return 2.0


@three_answers.mistake("1 is what two messages give; there is a third answer, so a third message.")
def only_what_is_sure():
    return 1.0


@three_answers.mistake("that is log 3 in nats: bits have base 2.")
def in_nats():
    return np.log(3)


@three_answers.mistake("3 counts the answers; the bits in them are the logarithm to base 2.")
def counts_answers():
    return 3.0
