"""The noise that a jittering phase makes."""

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
    and Bob take the jitter for a line with $T' = (E[\cos\theta])^2$ and an excess noise. Return that
    excess noise at the input, in shot-noise units. (For a normal angle $E[\cos\theta] =
    e^{-\sigma^2/2}$.) Given: `np`.
    """
    in_phase = np.exp(-(sigma**2))
    return modulation_variance * (1 - in_phase) / in_phase


@phase_noise.cases
def jitters(rng):
    """None, a few degrees, almost all of a circle; dim light and bright."""
    yield from ((2.0, 0.0), (18.5, 0.05), (4.0, 0.3))
    for _ in range(6):
        yield float(10 ** rng.uniform(-1, 2)), float(rng.uniform(0.1, 1.5))


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


@phase_noise.mistake(
    "you count how the cosine scatters and forget the sine: it brings in Alice's p, which is as large as her x."
)
def the_cosine_alone(modulation_variance, sigma):
    mean_square, square_mean = (1 + np.exp(-2 * sigma**2)) / 2, np.exp(-(sigma**2))
    return modulation_variance * (mean_square - square_mean) / square_mean


@phase_noise.mistake(
    "the vacuum looks alike from every angle: only the signal, V_A, becomes noise when it turns."
)
def the_vacuum_turns_too(modulation_variance, sigma):
    return (modulation_variance + 1) * (np.exp(sigma**2) - 1)
