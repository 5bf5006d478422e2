"""Bob angles."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Halfway between her axes, and turned round: this pair differs where the other agreed.",
    because=r"""
        $\Psi^-$ has $T = -\mathbb 1$, so $E = -\cos(\alpha-\beta)$: along every axis the answers differ. A turn of
        Bob's directions by $\pi$ exchanges his answers and takes the minus sign away.
    """,
)
def bob_angles():
    r"""The source delivers $\Psi^-$ instead of $\Phi^+$. Alice keeps her directions, 0 for the question 0
    and $\pi/2$ for the question 1 (angles from Z towards X, as for `direction`). Give Bob's two angles,
    in radians, so that they win as often as qubits can. Given: `np`.
    """
    return [np.pi / 4 + np.pi, -np.pi / 4 + np.pi]


@bob_angles.mistake(
    "S = -2.828: you lose as often as you could win. These angles are for a pair that agrees; this one differs "
    "along every axis. Turn Bob by pi."
)
def those_of_the_other_pair():
    return [np.pi / 4, -np.pi / 4]


@bob_angles.mistake("these are degrees. In radians, please: np.deg2rad turns them.")
def degrees():
    return [225, 135]


@bob_angles.mistake("S = 2.000: no more than a list of answers. Let Bob's axes lie between Alice's.")
def alice_s_axis():
    return [np.pi, np.pi]


@bob_angles.mistake("S = 0: good axes in the wrong order. Which of his lies near both of hers with a plus?")
def exchanged():
    return [-np.pi / 4 + np.pi, np.pi / 4 + np.pi]


@bob_angles.mistake("S = 2.613, of at most 2.828. E = -cos(a - b) for this pair.")
def a_little_off():
    return [3.5, 2.0]


@bob_angles.mistake("give two angles, in radians: Bob's for the question 0, and for 1.")
def one_angle():
    return 5 * np.pi / 4
