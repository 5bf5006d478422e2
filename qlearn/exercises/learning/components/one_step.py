"""One step."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="One line, and the only place where quantum mechanics enters this algorithm.",
    because=r"""
        With $e^{-i\theta S}=\cos\theta-i\sin\theta\,S$ there are four terms. Nothing swapped leaves $\sigma$, both
        sides swapped leaves $\rho$, and one side swapped leaves a *product*: $\operatorname{tr}_2
        S(\sigma\otimes\rho)=\rho\sigma$.
    """,
)
def one_step(rho, sigma, angle):
    r"""Write `one_step(rho, sigma, angle)`: the register `sigma` after a partial swap $e^{-i\theta S}$ with
    a copy of `rho` that is then thrown away. NumPy only.
    """
    c, s = np.cos(angle), np.sin(angle)
    commutator = rho @ sigma - sigma @ rho
    return c**2 * sigma + s**2 * rho - 1j * s * c * commutator


@one_step.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_one_step of the old module
    yield ()


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
    "right for the angle 0.4, but not for -1.1, which turns back: the commutator has the wrong sign: the register"
    " turns the wrong way round. The order is rho sigma - sigma rho, with -i in front."
)
def never_back(rho, sigma, angle):
    c = np.cos(angle)
    s = np.sqrt(1 - c**2)
    return c**2 * sigma + s**2 * rho - 1j * s * c * (rho @ sigma - sigma @ rho)


@one_step.mistake(
    "the trace is 1.310-0.000j, not 1: the weights of the two states are cos^2 and sin^2 of the angle."
)
def amplitudes_as_weights(rho, sigma, angle):
    return np.cos(angle) * sigma + np.sin(angle) * rho
