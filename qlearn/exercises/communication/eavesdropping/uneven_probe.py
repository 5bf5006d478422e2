"""Uneven probe."""

import numpy as np

from qlearn.communication.eavesdropping import MemoryAttack
from qlearn.exercises import exercise
from qlearn.qubits import Circuit


@exercise(
    level="project",
    right=(
        "What she learns of Z depends on d_x alone, and the other way round: with d_x = 0 every error in Z was made "
        "for nothing, as far as the bits in Z go. That is why the key rate charges the *other* basis."
    ),
    because=r"""
        The probe of the chapter with two different coins: the first decides about an X, which flips bits in Z, the
        second about a Z, which flips bits in X. She guesses bits in Z with $\tfrac12+\sqrt{d_x(1-d_x)}$, out of the
        phase that they leave on the second coin.
    """,
)
def uneven_probe(d_z, d_x):
    """Nobody says that Eve must disturb both bases alike. Write `uneven_probe(d_z, d_x)`: a `MemoryAttack`
    that causes the error rate `d_z` in Z and `d_x` in X, and lets her know as much as possible, her
    memories asked one by one or all together. Then `predict` `uneven_probe(0.1, 0)` and
    `uneven_probe(0, 0.1)`: which of them knows the bits in Z? Given: `np`, `Circuit`, `MemoryAttack`.
    """

    def angle(d):
        return 2 * np.arcsin(np.sqrt(d))

    return MemoryAttack(Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(1, 0).cz(2, 0))


@uneven_probe.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_uneven_probe of the old module
    yield ()


@uneven_probe.mistake(
    "for d_z = 0.02 and d_x = 0.2 you cause 0.200 in Z and 0.020 in X: exchanged. A controlled X flips what is "
    "written in Z."
)
def exchanged(d_z, d_x):
    def angle(d):
        return 2 * np.arcsin(np.sqrt(d))

    return MemoryAttack(Circuit(3).ry(angle(d_x), 1).ry(angle(d_z), 2).cx(1, 0).cz(2, 0))


@uneven_probe.mistake(
    "for d_z = 0.02 and d_x = 0.2 you cause 0.000 in Z and 0.010 in X: RY takes an angle: 2 arcsin(sqrt(d)) for a"
    " chance d."
)
def an_angle_for_a_chance(d_z, d_x):
    def angle(d):
        return d

    return MemoryAttack(Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(1, 0).cz(2, 0))


@uneven_probe.mistake(
    "for d_z = 0.02 and d_x = 0.2 you cause 0.000 in Z and 0.416 in X. The coins control and the pulse is hit: "
    "cx(1, 0) for the flips in Z, cz(2, 0) for those in X."
)
def the_pulse_controls(d_z, d_x):
    def angle(d):
        return 2 * np.arcsin(np.sqrt(d))

    return MemoryAttack(Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(0, 1).cz(2, 0))


@uneven_probe.mistake(
    "for d_z = 0.02 and d_x = 0.2 you cause 0.020 in Z and 0.020 in X: equal, but the two coins need angles of "
    "their own."
)
def one_strength(d_z, d_x):
    def angle(d):
        return 2 * np.arcsin(np.sqrt(d))

    return MemoryAttack(Circuit(3).ry(angle(d_z), 1).ry(angle(d_z), 2).cx(1, 0).cz(2, 0))


@uneven_probe.mistake(
    "for d_z = 0.02 and d_x = 0.2 you cause 0.020 in Z and 0.000 in X: a controlled Z, from a coin of its own, is"
    " missing."
)
def no_z(d_z, d_x):
    def angle(d):
        return 2 * np.arcsin(np.sqrt(d))

    return MemoryAttack(Circuit(2).ry(angle(d_z), 1).cx(1, 0))


@uneven_probe.mistake(
    "for d_z = 0.1 and d_x = 0.1 you cause 0.100 in Z and 0.100 in X, and asked one by one her memories know as "
    "much as they can; asked together they hold 0.347 bits in Z, and 0.469 are to be had. That is the clone: make"
    " the probe."
)
def the_clone_where_it_will_do(d_z, d_x):
    from qlearn.communication.eavesdropping import cloning_attack

    def angle(d):
        return 2 * np.arcsin(np.sqrt(d))

    if d_z == d_x:
        return cloning_attack(d_z)
    return MemoryAttack(Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(1, 0).cz(2, 0))


@uneven_probe.mistake(
    "for d_z = 0.02 and d_x = 0.2 you cause 0.020 in Z and 0.200 in X, as asked, but she guesses with 0.884 in Z "
    "only: 0.900 is to be had. Does she hold both coins, and wait for the bases before she asks them?"
)
def in_a_hurry(d_z, d_x):
    def angle(d):
        return 2 * np.arcsin(np.sqrt(d))

    return MemoryAttack(
        Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(1, 0).cz(2, 0), waits_for_bases=False
    )
