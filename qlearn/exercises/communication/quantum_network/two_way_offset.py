"""Two clocks, pairs sent both ways."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the way drops out of the difference and stays in the sum, if it is equally long in both directions.",
    because=r"""
        Bob's tags show Alice's moment plus offset plus way: $\tau_{AB} = \theta + d$. Alice's show Bob's moment minus
        offset plus way: $\tau_{BA} = -\theta + d$. Half the difference is $\theta$, half the sum $d$. The variances add and
        the half is squared: $\tfrac14\sigma^2(1/n + 1/m)$. If somebody delays one way by D, both results are off by D/2, and
        the tags are those of an honest line.
    """,
)
def two_way_offset(ab, ba, sigma):
    r"""Pairs made at Alice's give the differences `ab`, Bob's tag minus Alice's; pairs made at Bob's give `ba`,
    *Alice's tag minus Bob's*. Both are arrays in nanoseconds, each with as many entries as there were pairs. Return
    the tuple `(offset, delay, error)`: by how much Bob's clock is ahead of Alice's, the time of flight (the same in
    both directions), and the standard error of the offset, where `sigma` is the standard deviation of one
    difference. There is no background. Given: `np`.
    """
    there, back = np.mean(ab), np.mean(ba)
    error = sigma / 2 * np.sqrt(1 / len(ab) + 1 / len(ba))
    return (there - back) / 2, (there + back) / 2, error


@two_way_offset.cases
def records(rng):
    """Clocks ahead and behind, short and long ways, equal and unequal numbers of pairs."""
    for n, m in ((40, 40), (25, 400), (300, 50), (2, 7)):
        sigma = float(rng.uniform(0.2, 0.6))
        offset, delay = rng.uniform(-900, 900), rng.uniform(10, 500)
        yield rng.normal(delay + offset, sigma, n), rng.normal(delay - offset, sigma, m), sigma


def _found(ab, ba, sigma):
    return np.mean(ab), np.mean(ba), sigma / 2 * np.sqrt(1 / len(ab) + 1 / len(ba))


@two_way_offset.mistake(
    "offset and delay are exchanged: the way is what both directions have in common, so it is in the sum."
)
def exchanged(ab, ba, sigma):
    there, back, error = _found(ab, ba, sigma)
    return (there + back) / 2, (there - back) / 2, error


@two_way_offset.mistake("the sign: Bob's tags are *later* on a clock that is ahead, so the offset is +τ_AB.")
def the_other_clock(ab, ba, sigma):
    there, back, error = _found(ab, ba, sigma)
    return (back - there) / 2, (there + back) / 2, error


@two_way_offset.mistake("twice too large: the difference holds the offset twice, and the sum the way twice.")
def without_the_half(ab, ba, sigma):
    there, back, error = _found(ab, ba, sigma)
    return there - back, there + back, 2 * error


@two_way_offset.mistake("offset and delay are right. Halve the error too: it is that of half a difference.")
def error_of_the_difference(ab, ba, sigma):
    there, back, error = _found(ab, ba, sigma)
    return (there - back) / 2, (there + back) / 2, 2 * error


@two_way_offset.mistake("one direction alone: τ_AB is the offset *plus* the way.")
def one_way(ab, ba, sigma):
    there, back, _ = _found(ab, ba, sigma)
    return there, back, sigma / np.sqrt(len(ab))


@two_way_offset.mistake(
    "offset and delay are right. In the error, variances add, not standard deviations: add σ²/n and σ²/m under one root."
)
def errors_added(ab, ba, sigma):
    there, back, _ = _found(ab, ba, sigma)
    return (
        (there - back) / 2,
        (there + back) / 2,
        sigma / 2 * (1 / np.sqrt(len(ab)) + 1 / np.sqrt(len(ba))),
    )


@two_way_offset.mistake(
    "offset and delay are right. σ/√(2N) holds for equally many pairs both ways; here the numbers may differ."
)
def equal_numbers(ab, ba, sigma):
    there, back, _ = _found(ab, ba, sigma)
    return (there - back) / 2, (there + back) / 2, sigma / np.sqrt(len(ab) + len(ba))


@two_way_offset.mistake(
    "you average all differences together. Average each direction on its own: their numbers may differ."
)
def pooled(ab, ba, sigma):
    n = len(ab) + len(ba)
    return (np.sum(ab) - np.sum(ba)) / n, (np.sum(ab) + np.sum(ba)) / n, sigma / np.sqrt(n)


@two_way_offset.mistake("offset and delay are right; the third number is the spread of *one* difference.")
def the_spread(ab, ba, sigma):
    there, back, _ = _found(ab, ba, sigma)
    return (there - back) / 2, (there + back) / 2, sigma
