"""The couplings of a chain that delivers at a given time."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the chain turns like one large spin, upside down in the time that you were given.",
    because=r"""
        With $J_n = \tfrac\lambda2\sqrt{n(N-n)}$ the Hamiltonian is $\lambda J_x$ of a spin $(N-1)/2$, and a half turn
        takes $\pi/\lambda$. So $\lambda = \pi/t$. The number of sites does not change the time; it changes the strongest
        coupling, which is about $\lambda N/4$ in the middle.
    """,
)
def perfect_couplings(n_sites, t):
    r"""Return the `n_sites - 1` couplings, an array of positive numbers in the order of the chain, that are
    proportional to $\sqrt{n(N-n)}$, n = 1, 2, ..., and take an excitation from the first site to the last, with
    certainty and for the first time, in the time `t`. The Hamiltonian is $H = \sum_n J_n\,|n+1\rangle\langle n| +
    \text{h.c.}$ Given: `np`.
    """
    n = np.arange(1, n_sites)
    return np.pi / (2 * t) * np.sqrt(n * (n_sites - n))


@perfect_couplings.cases
def chains(rng):
    """Two sites, where all shapes look alike, and longer chains; any time."""
    for n_sites in (2, 3, 4, 5, 8, 13, int(rng.integers(14, 40))):
        yield n_sites, float(rng.uniform(0.3, 9))


def _chain(n_sites, t, scale=1.0):
    n = np.arange(1, n_sites)
    return scale * np.pi / (2 * t) * np.sqrt(n * (n_sites - n))


@perfect_couplings.mistake(
    "the shape is right and the time is t/2: the factor in front of the root is λ/2, and a half turn takes π/λ."
)
def twice_too_strong(n_sites, t):
    return _chain(n_sites, t, 2)


@perfect_couplings.mistake(
    "the shape is right, and the chain arrives at π whatever `t` is: scale the couplings."
)
def the_unscaled_ones(n_sites, t):
    n = np.arange(1, n_sites)
    return np.sqrt(n * (n_sites - n)) / 2


@perfect_couplings.mistake(
    "the shape is right, and at `t` the excitation is half-way: λt has to be π, not π/2."
)
def half_of_the_turn(n_sites, t):
    return _chain(n_sites, t, 1 / 2)


@perfect_couplings.mistake(
    "equal couplings transfer perfectly for 2 and 3 sites only. Those in the middle have to be stronger."
)
def all_equal(n_sites, t):
    return np.full(n_sites - 1, np.pi / (2 * t))


@perfect_couplings.mistake("the couplings grow with the square root of n(N - n): you left it out.")
def without_the_root(n_sites, t):
    n = np.arange(1, n_sites)
    return np.pi / (2 * t) * n * (n_sites - n)


@perfect_couplings.mistake(
    "you count from n = 0: the first coupling is that of n = 1, and none of them is 0."
)
def from_zero(n_sites, t):
    n = np.arange(n_sites - 1)
    return np.pi / (2 * t) * np.sqrt(n * (n_sites - n))


@perfect_couplings.mistake(
    "N counts the sites, not the couplings: with N - 1 in its place the last coupling is 0."
)
def couplings_for_sites(n_sites, t):
    n = np.arange(1, n_sites)
    return np.pi / (2 * t) * np.sqrt(n * (n_sites - 1 - n))


@perfect_couplings.mistake(
    "your couplings grow in proportion to `t`; stronger ones are *faster*: divide by it."
)
def slower_for_a_shorter_time(n_sites, t):
    n = np.arange(1, n_sites)
    return np.pi * t / 2 * np.sqrt(n * (n_sites - n))
