"""The least noise for a promise."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="the noise grows with the root of the rounds, for they are one sum with a part of the noise.",
    because=r"""
        T Gaussian sums of noise z are one whose standard deviations lie $\mu=\sqrt T/z$ apart. The $\delta$ of the formula falls
        with $\varepsilon$ and rises with $\mu$, so there is one $\mu$ at which it is the one that was asked for: any search for a
        root finds it. Then $z=\sqrt T/\mu$: four times the rounds take twice the noise.
    """,
)
def least_noise(epsilon, delta, rounds):
    r"""A training publishes T = `rounds` sums, each with normal noise of z times the longest contribution of a patient. Together
    they are private with $\varepsilon$ and $\delta$ as long as

    $$
    \delta\ge\Phi(\mu/2-\varepsilon/\mu)-e^\varepsilon\,\Phi(-\mu/2-\varepsilon/\mu),\qquad\mu=\sqrt T/z,
    $$

    where $\Phi$ is the normal distribution function, `scipy.special.ndtr`. Return the least z for `epsilon` and `delta`, with
    nine digits or more.
    """

    def excess(mu):
        return ndtr(mu / 2 - epsilon / mu) - np.exp(epsilon) * ndtr(-mu / 2 - epsilon / mu) - delta

    return np.sqrt(rounds) / brentq(excess, 1e-3, 50.0, xtol=1e-13, rtol=1e-13)


@least_noise.cases
def promises(rng):
    """Strict promises and loose ones, one round and many."""
    yield 1.0, 1e-5, 1
    yield 1.0, 1e-3, 20
    yield 5.0, 1e-5, 100
    for _ in range(4):
        yield float(rng.uniform(0.3, 6.0)), float(10 ** rng.uniform(-6, -2)), int(rng.integers(2, 200))


def _root(epsilon, delta, second=1.0, weight=None):
    weight = np.exp(epsilon) if weight is None else weight

    def excess(mu):
        return ndtr(mu / 2 - epsilon / mu) - second * weight * ndtr(-mu / 2 - epsilon / mu) - delta

    return brentq(excess, 1e-3, 50.0, xtol=1e-13, rtol=1e-13)


@least_noise.mistake("that is the noise of one round: T of them take the root of T times as much.")
def one_round(epsilon, delta, rounds):
    return 1 / _root(epsilon, delta)


@least_noise.mistake("not T but its root: variances add, not standard deviations.")
def linear_in_rounds(epsilon, delta, rounds):
    return rounds / _root(epsilon, delta)


@least_noise.mistake("that is mu; the noise is the root of T over it.")
def mu_itself(epsilon, delta, rounds):
    return _root(epsilon, delta)


@least_noise.mistake(
    "without the second term this promises more than was asked for: it is not the least noise."
)
def without_the_second_term(epsilon, delta, rounds):
    return np.sqrt(rounds) / _root(epsilon, delta, second=0.0)


@least_noise.mistake("the second term has the factor exp(epsilon).")
def without_the_factor(epsilon, delta, rounds):
    return np.sqrt(rounds) / _root(epsilon, delta, weight=1.0)


@least_noise.mistake(
    "that is the old rule sqrt(2 ln(1.25/delta)) / epsilon: enough for small epsilon, and never the least."
)
def the_old_rule(epsilon, delta, rounds):
    return np.sqrt(rounds) * np.sqrt(2 * np.log(1.25 / delta)) / epsilon
