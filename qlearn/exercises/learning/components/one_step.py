"""One partial swap with a copy that is thrown away."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._stand_in import library_calls
from qlearn.learning.components import swap_step


@exercise(
    level="core",
    right="one line, and the only place where quantum mechanics enters this algorithm.",
    because=r"""
        With $e^{-i\theta S}=\cos\theta-i\sin\theta\,S$ there are four terms. Nothing swapped leaves $\sigma$, both
        sides swapped leaves $\rho$, and one side swapped leaves a *product*: $\operatorname{tr}_2
        S(\sigma\otimes\rho)=\rho\sigma$.
    """,
)
def one_step(rho, sigma, angle):
    r"""Return the register `sigma` after a partial swap $e^{-i\theta S}$ by the `angle` $\theta$ with a copy of `rho`
    that is then thrown away. Both are density matrices, of one qubit or more. NumPy only.
    """
    c, s = np.cos(angle), np.sin(angle)
    commutator = rho @ sigma - sigma @ rho
    return c**2 * sigma + s**2 * rho - 1j * s * c * commutator


@one_step.cases
def pairs(rng):
    """Of one qubit and of two, mixed and pure; turned forth and back, a little and by more than a quarter."""
    for dim, rank, low, high in ((2, 2, 0.2, 0.7), (4, 4, -1.4, -0.2), (2, 1, 1.7, 2.9), (8, 3, -2.9, -1.7)):
        made = rng.normal(size=(2, dim, rank)) + 1j * rng.normal(size=(2, dim, rank))
        rho, sigma = (m @ m.conj().T / np.linalg.norm(m) ** 2 for m in made)
        yield rho, sigma, float(rng.uniform(low, high))


@one_step.grader
def with_numpy(answer, rng):
    """The library has this step ready-made: NumPy only."""
    if library_calls(answer, pairs(rng)):
        return Verdict.wrong("right, and the library has done it: write the step with NumPy alone.")
    return None


@one_step.mistake()
def the_step_of_the_library(rho, sigma, angle):
    return swap_step(rho, sigma, angle)


@one_step.mistake(
    "the commutator has the wrong sign: the register turns the wrong way round. The order is rho sigma - sigma "
    "rho, with -i in front."
)
def wrong_sign(rho, sigma, angle):
    c, s = np.cos(angle), np.sin(angle)
    return c**2 * sigma + s**2 * rho + 1j * s * c * (rho @ sigma - sigma @ rho)


@one_step.mistake("that is a mixture of the two states: with the commutator the turn itself is missing.")
def no_turn(rho, sigma, angle):
    return np.cos(angle) ** 2 * sigma + np.sin(angle) ** 2 * rho


@one_step.mistake(
    "that is the first order in the angle. The step is exact, with sines and cosines, and its square is what goes"
    " wrong."
)
def first_order(rho, sigma, angle):
    return sigma - 1j * angle * (rho @ sigma - sigma @ rho)


@one_step.mistake("you have kept the copy and thrown the register away.")
def keeps_the_copy(rho, sigma, angle):
    c, s = np.cos(angle), np.sin(angle)
    return c**2 * rho + s**2 * sigma - 1j * s * c * (sigma @ rho - rho @ sigma)


@one_step.mistake(
    "half of the commutator is missing: the swap can act on the left or on the right of the product, so both "
    "orders appear. Without the other one the result is not Hermitian."
)
def one_order(rho, sigma, angle):
    c, s = np.cos(angle), np.sin(angle)
    return c**2 * sigma + s**2 * rho - 1j * s * c * rho @ sigma


@one_step.mistake("the commutator is twice too large: sin cos is *half* the sine of the doubled angle.")
def doubled_angle(rho, sigma, angle):
    c, s = np.cos(angle), np.sin(angle)
    return c**2 * sigma + s**2 * rho - 1j * np.sin(2 * angle) * (rho @ sigma - sigma @ rho)


@one_step.mistake(
    "right for angles up to pi, and not for negative ones, which turn back: the root of 1 - cos^2 has lost the sign "
    "of the sine."
)
def never_back(rho, sigma, angle):
    c = np.cos(angle)
    s = np.sqrt(1 - c**2)
    return c**2 * sigma + s**2 * rho - 1j * s * c * (rho @ sigma - sigma @ rho)


@one_step.mistake(
    "the trace of that is not 1: the weights of the two states are cos^2 and sin^2 of the angle."
)
def amplitudes_as_weights(rho, sigma, angle):
    return np.cos(angle) * sigma + np.sin(angle) * rho


@one_step.mistake(
    "that turns by half the angle: the swap has the eigenvalues 1 and -1, and no half is in its exponent."
)
def half_the_angle(rho, sigma, angle):
    return one_step(rho, sigma, angle / 2)


@one_step.mistake("that is the turn which many small steps approach, not one step.")
def the_limit(rho, sigma, angle):
    values, vectors = np.linalg.eigh(rho)
    turn = vectors * np.exp(-1j * angle * values) @ vectors.conj().T
    return turn @ sigma @ turn.conj().T


@one_step.mistake(
    "the two states are exchanged at the start: the register is `sigma`, and at angle 0 it stays as it is."
)
def weights_exchanged(rho, sigma, angle):
    c, s = np.cos(angle), np.sin(angle)
    return s**2 * sigma + c**2 * rho - 1j * s * c * (rho @ sigma - sigma @ rho)


@one_step.mistake("the i is missing: the commutator of two Hermitian matrices alone is not Hermitian.")
def without_i(rho, sigma, angle):
    c, s = np.cos(angle), np.sin(angle)
    return c**2 * sigma + s**2 * rho - s * c * (rho @ sigma - sigma @ rho)
