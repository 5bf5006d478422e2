"""A probe that disturbs the two bases unequally."""

import numpy as np

from qlearn.communication.eavesdropping import MemoryAttack, cloning_attack, holevo, predict
from qlearn.exercises import exercise
from qlearn.exercises.comparisons import a
from qlearn.qubits import Circuit


def as_good(answered, due):
    """Compare two attacks by the errors they cause and by what Eve knows, one by one and all together."""
    if not isinstance(answered, MemoryAttack):
        return f"a `MemoryAttack` is asked for, `MemoryAttack(Circuit(3).ry(...)...)`, and you give {a(answered)}"
    one, other = predict(answered), predict(due)
    caused = f"you cause {one.qber['Z']:.3f} of errors in Z and {one.qber['X']:.3f} in X"
    if any(abs(one.qber[basis] - other.qber[basis]) > 1e-6 for basis in "ZX"):
        return f"{caused}. The coins control and the pulse is hit: cx(1, 0) for the flips in Z, cz(2, 0) for those in X"
    for basis in "ZX":
        if abs(one.guess[basis] - other.guess[basis]) > 1e-6:
            return (
                f"{caused}, as asked, but she guesses with {one.guess[basis]:.3f} in {basis} only, and more is to be "
                "had. Does she hold both coins, and wait for the bases before she asks them?"
            )
    held, most = holevo(answered), holevo(due)
    for basis in "ZX":
        if abs(held[basis] - most[basis]) > 1e-6:
            return (
                f"{caused}, as asked; asked one by one her memories know as much as they can, but asked together they "
                f"hold {held[basis]:.3f} bits in {basis}, and more is to be had: give her two coins"
            )
    return None


@exercise(
    level="project",
    same=as_good,
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
    """Nobody says that Eve must disturb both bases alike. Return a `MemoryAttack` that causes the error rate
    `d_z` in Z and `d_x` in X, each up to 1/2, and lets her know as much as possible, her memories asked
    one by one or all together. Then `predict` `uneven_probe(0.1, 0)` and
    `uneven_probe(0, 0.1)`: which of them knows the bits in Z? Given: `np`, `Circuit`, `MemoryAttack`.
    """

    def angle(d):
        return 2 * np.arcsin(np.sqrt(d))

    return MemoryAttack(Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(1, 0).cz(2, 0))


@uneven_probe.cases
def errors(rng):
    """More in X, in one basis only, in both alike, and in either as many as there may be."""
    small, large = rng.uniform(0.01, 0.1), rng.uniform(0.15, 0.4)
    yield from ((small, large), (large, 0.0), (0.0, small), (small, small), (0.5, small), (small, 0.5))


def _probe(d_z, d_x, angle=lambda d: 2 * np.arcsin(np.sqrt(d))):
    """Toss the two coins: what the mistakes have in common."""
    return Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2)


@uneven_probe.mistake("exchanged: a controlled X flips what is written in Z.")
def exchanged(d_z, d_x):
    return MemoryAttack(_probe(d_x, d_z).cx(1, 0).cz(2, 0))


@uneven_probe.mistake("RY takes an angle: 2 arcsin(sqrt(d)) for a chance d.")
def an_angle_for_a_chance(d_z, d_x):
    return MemoryAttack(_probe(d_z, d_x, lambda d: d).cx(1, 0).cz(2, 0))


@uneven_probe.mistake("RY turns by half its angle: a chance d takes 2 arcsin(sqrt(d)), and the 2 is missing.")
def half_the_angle(d_z, d_x):
    return MemoryAttack(_probe(d_z, d_x, lambda d: np.arcsin(np.sqrt(d))).cx(1, 0).cz(2, 0))


@uneven_probe.mistake(
    "where the pulse controls a CX, it is the coin that is flipped. Turn it round: cx(1, 0) for the flips in Z."
)
def the_pulse_controls(d_z, d_x):
    return MemoryAttack(_probe(d_z, d_x).cx(0, 1).cz(2, 0))


@uneven_probe.mistake("the same errors in both bases: the two coins need angles of their own.")
def one_strength(d_z, d_x):
    return MemoryAttack(_probe(d_z, d_z).cx(1, 0).cz(2, 0))


@uneven_probe.mistake("no errors in X: a controlled Z, from a coin of its own, is missing.")
def no_z(d_z, d_x):
    return MemoryAttack(_probe(d_z, d_x).cx(1, 0))


@uneven_probe.mistake("no errors in Z: a controlled X, from a coin of its own, is missing.")
def no_x(d_z, d_x):
    return MemoryAttack(_probe(d_z, d_x).cz(2, 0))


@uneven_probe.mistake(
    "one coin decides about both errors, and one that is tossed once cannot make two rates: she needs a second one."
)
def one_coin(d_z, d_x):
    return MemoryAttack(_probe(d_z, d_x).cx(1, 0).cz(1, 0))


@uneven_probe.mistake(
    "where both error rates are the same you take the clone. Asked one by one its memories know as much as they can; "
    "asked together they hold less than two coins do: make the probe."
)
def the_clone_where_it_will_do(d_z, d_x):
    return cloning_attack(d_z) if d_z == d_x else MemoryAttack(_probe(d_z, d_x).cx(1, 0).cz(2, 0))


@uneven_probe.mistake(
    "the errors are as asked, but she guesses less than she could: does she wait for the bases before she asks her "
    "coins?"
)
def in_a_hurry(d_z, d_x):
    return MemoryAttack(_probe(d_z, d_x).cx(1, 0).cz(2, 0), waits_for_bases=False)
