"""How often a bad block passes, if one may look at its errors and stop."""

import numpy as np
from scipy.stats import binom

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="each look is honest by itself, and together they pass more than any of them.",
    because=r"""
        Follow the law of the number of errors through the looks, among the blocks that are still running: the new tests add
        a binomial number (a convolution), what lies at or under the bound is accepted and leaves the law. The looks share their
        errors, so they are neither independent nor exclusive: neither the product of the misses nor the sum of the chances
        is right.
    """,
)
def stopping_bias(error, looks):
    """Bits of a block are compared one after the other, each of them wrong with probability `error`, independently. Alice and
    Bob may look now and then. `looks` is a list of pairs `(tested, most)`, in order: all bits compared until then, and the
    number of errors up to which the block is accepted, also included. They stop at the first look that accepts. Return the
    probability that the block is accepted, exactly. Given: `np`, `binom` (SciPy's).
    """
    law, before, accepted = np.ones(1), 0, 0.0
    for tested, most in looks:
        new = tested - before
        law = np.convolve(law, binom.pmf(np.arange(new + 1), new, error))
        accepted += law[: most + 1].sum()
        law[: most + 1] = 0
        before = tested
    return accepted


@stopping_bias.cases
def blocks(rng):
    """One look and several, rare errors and frequent ones, looks that never accept, and bounds that rise or stay."""
    yield 0.11, [(100, 8)]
    yield 0.11, [(50, 3), (100, 8)]
    yield 0.5, [(1, 0), (2, 0)]
    for n in (2, 3, 5, 8):
        tested = np.cumsum(rng.integers(10, 60, n))
        error = float(rng.uniform(0.03, 0.3))
        most = [max(0, int(t * error - np.sqrt(t * error) * rng.uniform(0.6, 1.3))) for t in tested]
        yield error, [(int(t), m) for t, m in zip(tested, most, strict=True)]
    yield float(rng.uniform(0.02, 0.05)), [(20, 0), (60, 0), (100, 1)]


def _each(error, looks):
    return [float(binom.cdf(most, tested, error)) for tested, most in looks]


@stopping_bias.mistake(
    "you take the looks for independent: they are not, each counts the errors of those before it as well."
)
def independent_looks(error, looks):
    return 1 - np.prod([1 - p for p in _each(error, looks)])


@stopping_bias.mistake("the chances of the looks are added: a block that passes twice counts twice.")
def added(error, looks):
    return sum(_each(error, looks))


@stopping_bias.mistake("that is the last look alone: it is the first that accepts that counts.")
def the_last_alone(error, looks):
    return _each(error, looks)[-1]


@stopping_bias.mistake("that is the first look alone: if it does not accept, they go on.")
def the_first_alone(error, looks):
    return _each(error, looks)[0]


@stopping_bias.mistake("that is the look with the best chance: they may use every one of them.")
def the_best_look(error, looks):
    return max(_each(error, looks))


def _followed(error, looks, *, bound=1, removed=True, cumulative=True):
    law, before, accepted = np.ones(1), 0, 0.0
    for tested, most in looks:
        new = tested - before if cumulative else tested
        law = np.convolve(law, binom.pmf(np.arange(new + 1), new, error))
        passed = law[: max(0, most + bound)].copy()
        accepted += passed.sum()
        if removed:
            law[: passed.size] = 0
        before = tested
    return accepted


@stopping_bias.mistake("with just `most` errors the block is still accepted: you leave that count out.")
def below_the_bound(error, looks):
    return _followed(error, looks, bound=0)


@stopping_bias.mistake("`tested` counts all bits compared until then, and not those since the look before.")
def new_bits_each_time(error, looks):
    return _followed(error, looks, cumulative=False)


@stopping_bias.mistake("that is the chance that the block is never accepted.")
def never_accepted(error, looks):
    return 1 - stopping_bias.solution(error, looks)


@stopping_bias.mistake(
    "you begin each look with a clean sheet, its new bits alone held against the bound: errors found before stay in the count."
)
def clean_sheets(error, looks):
    missed, before = 1.0, 0
    for tested, most in looks:
        missed *= 1 - binom.cdf(most, tested - before, error)
        before = tested
    return 1 - missed
