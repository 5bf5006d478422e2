"""Shots needed."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="(1 - k) / (k r^2): with k = 2^-q the shots double with every qubit.",
    because=r"""
        The variance of the share of zeros is $k(1-k)/n$. Set its root equal to $rk$ and solve for n:
        $n=(1-k)/(k\,r^2)$. For $k\approx 2^{-q}$ this is $2^q/r^2$ for each entry of the matrix.
    """,
)
def shots_needed(k, r):
    """An overlap $k$ is estimated by the share of zeros in $n$ shots. Write `shots_needed(k, r)`: the $n$
    at which the standard error is the share $r$ of $k$ itself ($r=0.1$: ten per cent).
    """
    return np.ceil((1 - k) / (k * r**2))


@shots_needed.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_shots_needed of the old module
    yield ()


@shots_needed.mistake(
    "for an overlap of 0.3 and an error of 0.1 of it you allow an error of 0.1, not of 0.1 times the overlap. An "
    "estimate of 0.001 +- 0.1 says nothing."
)
def absolute_error(k, r):
    return k * (1 - k) / r**2


@shots_needed.mistake(
    "for an overlap of 0.3 and an error of 0.1 of it you say 233 where the formula says 233.33: that many leave "
    "the error just above. Round up."
)
def rounds_down(k, r):
    return (1 - k) // (k * r**2)


@shots_needed.mistake(
    "for an overlap of 0.3 and an error of 0.1 of it you say 333.3: the variance of a share is k (1 - k) / n, and"
    " you left out 1 - k. It does no harm where k is tiny."
)
def leaves_out_1_k(k, r):
    return 1 / (k * r**2)


@shots_needed.mistake(
    "for an overlap of 0.3 and an error of 0.1 of it you say 15.3: the error falls with the *root* of the shots, "
    "so square."
)
def forgets_the_root(k, r):
    return ((1 - k) / k) ** 0.5 / r


@shots_needed.mistake(
    "for an overlap of 0.3 and an error of 0.1 of it you say 100, whatever the overlap is. Small ones need more "
    "shots."
)
def whatever_k(k, r):
    return 1 / r**2
