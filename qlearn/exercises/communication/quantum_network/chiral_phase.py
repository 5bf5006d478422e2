"""The phase of the third edge that decides the direction."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, close


def same_angle(answered, due):
    """Compare angles up to whole turns."""
    numbers = as_numbers(answered)
    if isinstance(numbers, str):
        return numbers
    if np.shape(numbers) == np.shape(due) and np.isrealobj(numbers) and np.isfinite(numbers).all():
        turn = np.angle(np.exp(1j * (numbers - due)))
        return close(due + turn, due, rel=0, abs=2e-6)  # float32, and some turns more than it takes
    return close(answered, due)


@exercise(
    level="stretch",
    same=same_angle,
    right="only the sum round the triangle counts, and its sign is the direction.",
    because=r"""
        New phases for the *names* of the sites, $|j\rangle \to e^{i\chi_j}|j\rangle$, move phase from one edge to another and
        change no probability; the sum of the three stays. So the triangle behaves as one with a third of the flux on
        each edge. $\varphi = \pi/6$ each, flux $+\pi/2$, takes 0 to 2 in the time $2\pi/(3\sqrt3)$; $-\pi/2$ takes it to 1.
    """,
)
def chiral_phase(first, second, target):
    r"""On the triangle $H = e^{ia}\,|1\rangle\langle0| + e^{ib}\,|2\rangle\langle1|$ $+\, e^{ic}\,|0\rangle\langle2| +
    \text{h.c.}$ an excitation starts at site 0. The phases a = `first` and b = `second` are what they are. Return the
    phase c, in radians (whole turns do not matter), with which the excitation is at the site `target`, 1 or 2, with
    certainty at the time $2\pi/(3\sqrt3)$. Given: `np`.
    """
    flux = np.pi / 2 if target == 2 else -np.pi / 2
    return flux - first - second


@chiral_phase.cases
def triangles(rng):
    """Both targets, phases of either sign, small and large."""
    for target in (1, 2):
        yield 0.0, 0.0, target
        for _ in range(3):
            yield float(rng.uniform(-3, 3)), float(rng.uniform(-3, 3)), target


@chiral_phase.mistake(
    "it goes to the other site: with the flux +π/2 it goes from 0 to 2, with -π/2 from 0 to 1."
)
def the_other_way_round(first, second, target):
    return (-np.pi / 2 if target == 2 else np.pi / 2) - first - second


@chiral_phase.mistake(
    "right for a = b = 0. The phases that are there count too: what has to be ±π/2 is the sum."
)
def forgets_the_two(first, second, target):
    return np.pi / 2 if target == 2 else -np.pi / 2


@chiral_phase.mistake(
    "π/6 on *each* edge makes the flux π/2. The two given edges have what they have: the third makes up the rest."
)
def a_third_of_the_flux(first, second, target):
    return np.pi / 6 if target == 2 else -np.pi / 6


@chiral_phase.mistake("the sum of the three has to be ±π/2: subtract the two given phases, do not add them.")
def adds(first, second, target):
    return (np.pi / 2 if target == 2 else -np.pi / 2) + first + second


@chiral_phase.mistake("with the flux π/6 the excitation is spread over the sites; it takes π/2 in all.")
def flux_of_a_sixth(first, second, target):
    return (np.pi / 6 if target == 2 else -np.pi / 6) - first - second


@chiral_phase.mistake("with the flux 0 both neighbours get the same, never more than 4/9.")
def no_flux(first, second, target):
    return -first - second


@chiral_phase.mistake(
    "the flux π has no direction either: reversing the time turns it into -π, which is the same."
)
def half_a_turn(first, second, target):
    return np.pi - first - second


@chiral_phase.mistake("for one of the two targets only: the sign of the flux decides, and you have one sign.")
def one_direction(first, second, target):
    return np.pi / 2 - first - second
