"""Phase noise."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right=(
        "Three degrees of jitter and V_A = 18.5 are 0.05 shot-noise units: ten times the noise of the link of 2007. "
        "To know the phase is most of the work in a laboratory."
    ),
    because=r"""
        Whatever the angle, the signal that is read has the variance $V_A$. The part that goes along with Alice's x
        has $V_A e^{-\sigma^2}$; the rest, $V_A (1 - e^{-\sigma^2})$, looks like noise, and Alice and Bob must
        ascribe it to Eve. Referred to the input of a line with $T' = e^{-\sigma^2}$ it is $V_A (e^{\sigma^2} - 1)$,
        for small angles $V_A \sigma^2$. Brighter light makes it worse.
    """,
)
def phase_noise(modulation_variance, sigma):
    r"""Bob's detector measures the quadrature $x\cos\theta + p\sin\theta$, where $\theta$ jitters: normal,
    mean 0, standard deviation `sigma` in radians, new for each pulse. Everything else is perfect. Alice
    and Bob take the jitter for a line with $T' = (E[\cos\theta])^2$ and an excess noise. Write
    `phase_noise(modulation_variance, sigma)`: that excess noise at the input. (For a normal angle
    $E[\cos\theta] = e^{-\sigma^2/2}$.) Given: `np`.
    """
    in_phase = np.exp(-(sigma**2))
    return modulation_variance * (1 - in_phase) / in_phase


@phase_noise.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_phase_noise of the old module
    yield ()


@phase_noise.mistake(
    "this is the noise where the phase goes wrong. At the input, before the signal has shrunk by exp(-sigma^2), "
    "it counts for more: divide."
)
def at_the_detector(modulation_variance, sigma):
    return modulation_variance * (1 - np.exp(-(sigma**2)))


@phase_noise.mistake("right for small angles only: E[cos] is exp(-sigma^2 / 2), without approximation.")
def small_angles(modulation_variance, sigma):
    return modulation_variance * sigma**2


@phase_noise.mistake("a noise is a variance: the angle comes in by its square. And by an exponential.")
def not_squared(modulation_variance, sigma):
    return modulation_variance * sigma


@phase_noise.mistake("the share of the light that stays in phase is the square of E[cos].")
def half_of_the_square(modulation_variance, sigma):
    return modulation_variance * (np.exp(sigma**2 / 2) - 1)


@phase_noise.mistake("a turned signal is noise in proportion to the signal: where is V_A?")
def no_signal(modulation_variance, sigma):
    return np.exp(sigma**2) - 1
