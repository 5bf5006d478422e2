"""How long a CUSUM of error counts keeps quiet, exactly."""

import numpy as np
from scipy.stats import binom

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._stand_in import library_calls


@exercise(
    level="stretch",
    right="no stream was drawn: on a quiet line this is the time between false alarms, on another the delay of a true one.",
    because=r"""
        The sum is a Markov chain on the whole numbers below h; whatever lands on h or above is an alarm, and leaves. With $Q$ the
        chances to go from state to state without an alarm, the mean number of blocks from each state solves $L=1+QL$:
        one block is used, and then it goes on from where the sum is. So $(I-Q)L=1$, and the answer is $L_0$. State 0
        gathers all counts that would take the sum below it, not only the one that hits it.
    """,
)
def run_length(n, p, k, h):
    """A CUSUM watches blocks of `n` bits, each of which is wrong with the chance `p`, independently. Its sum begins at 0. With
    x errors in a block it goes from s to s + x - k, or to 0 if that is negative, and there is an alarm as soon as it is `h` or
    more. `k` and `h` are whole numbers, 0 or more and 1 or more. Return the mean number of blocks until the alarm, that with
    the alarm included, exactly.
    """
    errors = binom.pmf(np.arange(n + 1), n, p)
    going_on = np.zeros((h, h))
    for s in range(h):
        for x in range(n + 1):
            after = max(0, s + x - k)
            if after < h:
                going_on[s, after] += errors[x]
    return np.linalg.solve(np.eye(h) - going_on, np.ones(h))[0]


@run_length.cases
def charts(rng):
    """One state and some twenty; a reference of 0, below and above the mean; quiet lines and attacked ones."""
    yield 20, 0.1, 3, 1
    yield 1, 0.3, 0, 3
    for _ in range(5):
        n = int(rng.integers(10, 60))
        p = float(rng.uniform(0.03, 0.25))
        k = int(np.ceil(n * p + rng.uniform(-1, 2)))
        yield n, p, max(k, 1), int(rng.integers(3, 12))
    yield int(rng.integers(5, 12)), float(rng.uniform(0.1, 0.4)), 0, int(rng.integers(5, 20))
    yield 6, 1.0, 4, 5  # two blocks are not enough
    yield 12, float(rng.uniform(0.3, 0.5)), 1, 4
    yield 40, 0.1, 6, 12  # a run of some hundred thousand blocks


@run_length.grader
def written(answer, rng):
    """The chain is to be set up, and not called."""
    if library_calls(answer, charts(rng)):
        return Verdict.wrong(
            "the number is right, and the library's own function has found it: set up the chain yourself."
        )
    return None


@run_length.mistake()
def the_librarys_own(n, p, k, h):
    from qlearn.control.eavesdropper_detection import count_run_length

    return count_run_length(n, p, k, h)


def _chain(n, p, k, h, states=None, floor=True):
    errors = binom.pmf(np.arange(n + 1), n, p)
    m = h if states is None else states
    going_on = np.zeros((m, m))
    for s in range(m):
        for x in range(n + 1):
            after = s + x - k
            if after < m and (floor or after >= 0):
                going_on[s, max(0, after)] += errors[x]
    return going_on


def _length(going_on, start=0, one=1.0):
    m = len(going_on)
    return float(np.linalg.solve(np.eye(m) - going_on, np.full(m, one))[start])


@run_length.mistake("at `h` there is an alarm already, not only above it.")
def above_the_limit(n, p, k, h):
    return _length(_chain(n, p, k, h, h + 1))


@run_length.mistake("you raise the alarm one too early: up to h - 1 it goes on.")
def one_too_early(n, p, k, h):
    return _length(_chain(n, p, k, h, h - 1)) if h > 1 else 1.0


@run_length.mistake("what would go below 0 is at 0, and goes on from there: you lose it.")
def falls_through_the_floor(n, p, k, h):
    return _length(_chain(n, p, k, h, floor=False))


@run_length.mistake("the block with the alarm counts too: that is one more.")
def without_the_alarm(n, p, k, h):
    return _length(_chain(n, p, k, h)) - 1


@run_length.mistake(
    "that is one over the chance of an alarm in a single block from 0: the sum remembers, and comes to the limit step by step."
)
def a_single_block(n, p, k, h):
    return float(1 / max(binom.sf(h + k - 1, n, p), 1e-300))


@run_length.mistake("you begin at the last state, next to the alarm; the sum begins at 0.")
def begins_at_the_top(n, p, k, h):
    return _length(_chain(n, p, k, h), -1)


@run_length.mistake("that is the mean over all states; the sum begins at 0.")
def over_all_states(n, p, k, h):
    going_on = _chain(n, p, k, h)
    return float(np.linalg.solve(np.eye(h) - going_on, np.ones(h)).mean())


@run_length.mistake("the reference is not taken off: the sum grows by x - k.")
def without_the_reference(n, p, k, h):
    return _length(_chain(n, p, 0, h))


@run_length.mistake("the matrix is transposed: rows are where the sum comes from.")
def transposed(n, p, k, h):
    return _length(_chain(n, p, k, h).T)


@run_length.mistake(
    "that is the way of the mean: the sum gets to the limit by luck, long before its mean does."
)
def by_the_mean(n, p, k, h):
    return h / max(n * p - k, 1e-9)


@run_length.mistake(
    "you stop adding too soon: the sum over all lengths of a run has a long tail. Solve the equations."
)
def a_hundred_blocks(n, p, k, h):
    going_on, here, total = _chain(n, p, k, h), np.eye(h)[0], 0.0
    for _ in range(6):
        total += here.sum()
        here = here @ going_on
    return float(total)
