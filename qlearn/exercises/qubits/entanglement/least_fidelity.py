"""The fidelity from which on a Werner pair exceeds S = 2."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="F = 0.780: between 1/2 and this the pair is entangled, and this game does not show it.",
    because=r"""
        $S = 2\sqrt2\,V > 2$ from $V > 1/\sqrt2$ on, and $F = (1+3V)/4$. The pair is entangled from $F > \tfrac12$
        on already: some entangled pairs could be replaced by a list of answers, as far as one measurement on each
        half can tell (Werner 1989).
    """,
)
def least_fidelity():
    """Above which fidelity F does a Werner pair have S > 2? Given: `np`."""
    return (1 + 3 / np.sqrt(2)) / 4


@least_fidelity.mistake("1/sqrt 2 is the visibility V. The fidelity is F = (1 + 3V)/4.")
def the_visibility():
    return 1 / np.sqrt(2)


@least_fidelity.mistake(
    "above 1/2 the pair is entangled, and teleports. To exceed 2 takes more: put 2 sqrt2 V = 2."
)
def entangled():
    return 1 / 2


@least_fidelity.mistake("(1 + V)/2 is the rule for one qubit in noise. Noise of two has four states.")
def noise_of_one_qubit():
    return (1 + 1 / np.sqrt(2)) / 2


@least_fidelity.mistake("1/3 is the visibility at which the pair begins to be entangled.")
def entangled_as_a_visibility():
    return 1 / 3


@least_fidelity.mistake(
    "3/4 is what lists of answers win of this game. Here the fidelity of the pair is asked for."
)
def the_share_of_the_lists():
    return 3 / 4


@least_fidelity.mistake("as a share between 0 and 1, please: 1 is the perfect pair.")
def per_cent():
    return 25 * (1 + 3 / np.sqrt(2))
