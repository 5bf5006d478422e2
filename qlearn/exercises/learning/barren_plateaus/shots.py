"""How many shots a derivative on a plateau needs."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right=(
        "about 1.6 million shots at each of the two shifted angles, for one derivative that is as large as its own "
        "error. Twenty more qubits make it a million times more."
    ),
    because=r"""
        $1/(2N)=2^{-20}/3$ gives $N=\tfrac32\,2^{20}\approx1.6$ million, for *one* angle and *one* step. The number
        doubles with every qubit.
    """,
)
def shots():
    """A deep random circuit of 20 qubits, cost $Z_0Z_1$: the variance of a derivative is $2^{-20}/3$.
    Measured with $N$ shots at each of the two shifted angles, it carries noise of variance $1/(2N)$. At
    which $N$ is the noise as large as the derivative typically is?
    """
    return 3 * 2**20 / 2


@shots.mistake(
    "you set the *variance* of the noise equal to the typical derivative. Compare like with like: variance with "
    "variance."
)
def variance_against_size():
    return 1 / (2 * np.sqrt(2.0**-20 / 3))


@shots.mistake("the noise of a derivative is 1/(2 shots), not 1/shots: half the difference of two averages.")
def without_the_half():
    return 3 * 2**20


@shots.mistake(
    "the noise falls with the shots: 1/(2 N) is to be *equal* to the variance, so N is one over it."
)
def upside_down():
    return 2**-20 / 3 / 2


@shots.mistake("that is one over the variance of the derivative, halved twice: 1/(2 N) has one 2.")
def halved_twice():
    return 3 * 2**20 / 4


@shots.mistake("that is 2^20 / 2: the variance is 2^-20 / 3, so a factor of 3 is missing.")
def without_the_third():
    return 2**20 / 2


@shots.mistake("4^n is for the global cost. For Z0 Z1 the variance is 2^-n / 3.")
def global_cost():
    return 1.5 * 4**20
