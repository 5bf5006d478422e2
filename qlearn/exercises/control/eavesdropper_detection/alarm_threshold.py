"""At how many errors to raise an alarm."""

import numpy as np
from scipy.stats import binom

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="no other rule on this count has more power at as few false alarms (Neyman, Pearson), but for a coin at the threshold.",
    because=r"""
        Without Eve the errors are binomial, and the alarm is false with $P(X\ge t)$, which falls with t: the first t for which
        it is small enough. `binom.sf(k, n, p)` is $P(X>k)$, so $P(X\ge t)$ is `sf(t - 1)`. The counts are whole, and
        what is reached is usually less than what was allowed; three standard deviations of a normal curve are not that
        chance, least where few errors are expected.
    """,
)
def alarm_threshold(n, qber, false_alarm):
    """A block has `n` sifted bits, and without Eve each is wrong with the chance `qber`, independently. An alarm is raised if `t`
    bits or more are wrong. Return the least whole number `t` with which a block without Eve raises an alarm with a chance of
    `false_alarm` at most. It may be n + 1: then there is never an alarm.
    """
    alarms = binom.sf(np.arange(-1, n + 1), n, qber)
    return int(np.argmax(alarms <= false_alarm))


@alarm_threshold.cases
def blocks(rng):
    """Blocks of one bit to some thousand; few errors and many; alarms that are rare, frequent, the rule, or cannot be rare
    enough. No chance is within a millionth of what is allowed."""
    yield 1000, 0.03, 0.01
    yield 1, 0.4, 0.2
    yield 3, 0.5, 0.05
    for allowed in (0.3, 0.05, 0.01, 1e-3, 1e-6):
        while True:
            n, qber = int(10 ** rng.uniform(1.2, 3.5)), float(10 ** rng.uniform(-2.3, -0.6))
            off = np.abs(binom.sf(np.arange(-1, n + 1), n, qber) / allowed - 1)
            if off.min() > 1e-6:
                break
        yield n, qber, allowed
    # few errors: where a normal curve is far off
    yield int(rng.integers(20, 60)), 0.01, 1e-4
    yield 200, float(rng.uniform(0.001, 0.004)), 1e-3
    yield 50, 0.0, 0.01
    yield 4000, float(rng.uniform(0.1, 0.2)), 1e-3  # hundreds of errors
    yield 400, 0.05, 0.9  # below the mean
    yield 30, 0.01, 1e-6  # where a skewed curve is off, too
    yield 200, 0.001, 1e-8


def _first(chances, allowed):
    small = np.asarray(chances) <= allowed
    return int(np.argmax(small)) if small.any() else len(small)


@alarm_threshold.mistake(
    "with `t` errors there is an alarm already: P(X >= t) is `sf(t - 1)`, and you are one too low."
)
def more_than_the_threshold(n, qber, false_alarm):
    return _first(binom.sf(np.arange(n + 1), n, qber), false_alarm)


@alarm_threshold.mistake("that is one more than needed: the least such `t`.")
def one_too_many(n, qber, false_alarm):
    return alarm_threshold.solution(n, qber, false_alarm) + 1


@alarm_threshold.mistake("that is the chance of exactly `t` errors: all counts from `t` on raise the alarm.")
def exactly_so_many(n, qber, false_alarm):
    chances = binom.pmf(np.arange(n + 1), n, qber)
    return _first(np.where(np.arange(n + 1) < n * qber, 1.0, chances), false_alarm)


@alarm_threshold.mistake(
    "you take the normal curve for the binomial one. For few errors, or rare alarms, its tail is far too thin: take the counts."
)
def normal_curve(n, qber, false_alarm):
    from scipy.stats import norm

    return int(np.ceil(n * qber + norm.isf(false_alarm) * np.sqrt(n * qber * (1 - qber))))


@alarm_threshold.mistake(
    "three standard deviations are another chance for each block: `false_alarm` says which."
)
def three_sigma(n, qber, false_alarm):
    return int(np.ceil(n * qber + 3 * np.sqrt(n * qber * (1 - qber))))


@alarm_threshold.mistake("you halve the chance for two sides: only too *many* errors raise this alarm.")
def two_sided(n, qber, false_alarm):
    return alarm_threshold.solution(n, qber, false_alarm / 2)


@alarm_threshold.mistake("that is an error rate; a number of errors is asked for.")
def as_a_rate(n, qber, false_alarm):
    return alarm_threshold.solution(n, qber, false_alarm) / n


@alarm_threshold.mistake(
    "that is the threshold under which errors rarely stay; the alarm is for too many of them."
)
def other_side(n, qber, false_alarm):
    return int(binom.ppf(false_alarm, n, qber))


@alarm_threshold.mistake("that is Poisson's law, for bits without end; there are `n` of them.")
def poisson(n, qber, false_alarm):
    from scipy.stats import poisson as law

    return _first(law.sf(np.arange(-1, 20 * n + 20), n * qber), false_alarm)


@alarm_threshold.mistake(
    "if even n errors are too likely there is no such `t` up to n: the answer is n + 1, no alarm at all."
)
def at_most_all(n, qber, false_alarm):
    return min(alarm_threshold.solution(n, qber, false_alarm), n)
