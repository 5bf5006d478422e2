"""One step of Thompson sampling, from given random numbers."""

import numpy as np
from scipy.special import betaincinv

from qlearn.exercises import exercise


@exercise(
    level="core",
    intact=True,
    right="who knows little of a setting draws widely, and so tries it now and then.",
    because=r"""
        After s successes in n blocks, and nothing known before (all chances equally likely), the chance of a success has the law
        $\operatorname{Beta}(1+s,\,1+n-s)$. One draw from the law of each arm, the largest wins: an arm is pulled as often as it
        is likely to be the best. A law that is drawn at random is its quantile at a uniform number.
    """,
)
def thompson_step(successes, pulls, u):
    r"""Settings of a link are the arms of a bandit: `successes[a]` of `pulls[a]` blocks sent with setting a made a key. Take one
    step of Thompson sampling, every chance of success between 0 and 1 being equally likely at first: draw a chance from what is
    believed of each arm, and choose the arm with the largest (the first of equals). So that your draws can be checked, they are
    to be made by quantiles: of arm a, the number below which the chance lies with probability `u[a]`. Return `(drawn, arm)`, the
    array of drawn chances and the index of the arm.
    Given: `np`, `betaincinv`; `betaincinv(a, b, u)` is the quantile of Beta(a, b) at u.
    """
    drawn = betaincinv(1 + successes, 1 + pulls - successes, u)
    return drawn, int(np.argmax(drawn))


@thompson_step.cases
def bandits(rng):
    """Two arms to six, without a pull and with many; an arm that was hardly tried and draws high; equal arms."""
    yield np.array([0, 0]), np.array([0, 0]), np.array([0.3, 0.3])
    yield np.array([30, 1]), np.array([50, 2]), np.array([0.5, 0.9])
    for n, most in ((2, 5), (3, 40), (4, 1), (6, 300), (3, 12)):
        pulls = rng.integers(0, most, n, endpoint=True)
        yield rng.binomial(pulls, rng.uniform(0.1, 0.9, n)), pulls, rng.uniform(0.02, 0.98, n)
    yield np.array([3, 0, 9]), np.array([3, 7, 9]), rng.uniform(0.1, 0.9, 3)


def _with(a, b, u):
    drawn = betaincinv(a, b, u)
    return drawn, int(np.argmax(drawn))


@thompson_step.mistake("the second number of Beta counts failures, pulls - successes, and not all pulls.")
def pulls_for_failures(successes, pulls, u):
    return _with(1 + successes, 1 + pulls, u)


@thompson_step.mistake(
    "what is believed before the first block is missing: all chances equally likely is Beta(1, 1), so each number gets a 1."
)
def without_the_prior(successes, pulls, u):
    return _with(np.maximum(successes, 1e-3), np.maximum(pulls - successes, 1e-3), u)


@thompson_step.mistake("you begin with Beta(1/2, 1/2); all chances equally likely is Beta(1, 1).")
def jeffreys(successes, pulls, u):
    return _with(0.5 + successes, 0.5 + pulls - successes, u)


@thompson_step.mistake("successes and failures are exchanged: you draw the chance of a failure.")
def exchanged(successes, pulls, u):
    return _with(1 + pulls - successes, 1 + successes, u)


@thompson_step.mistake(
    "you take the mean of what is believed of each arm, and draw nothing: that is greedy, and may never come back to an arm "
    "that began badly."
)
def means(successes, pulls, u):
    drawn = (1 + successes) / (2 + pulls)
    return drawn, int(np.argmax(drawn))


@thompson_step.mistake(
    "the draws are right; you choose the arm with the largest mean, and not with the largest draw."
)
def draws_and_takes_the_mean(successes, pulls, u):
    drawn, _ = thompson_step.solution(successes, pulls, u)
    return drawn, int(np.argmax((1 + successes) / (2 + pulls)))


@thompson_step.mistake("all arms have the first uniform number with you: each has its own, `u[a]`.")
def one_number_for_all(successes, pulls, u):
    return _with(1 + successes, 1 + pulls - successes, np.full(len(u), u[0]))


@thompson_step.mistake("your quantiles are those from above: 1 - u[a] lies beyond them.")
def from_above(successes, pulls, u):
    return _with(1 + successes, 1 + pulls - successes, 1 - u)


@thompson_step.mistake("you choose the smallest draw: the arm with the largest is pulled.")
def the_smallest(successes, pulls, u):
    drawn, _ = thompson_step.solution(successes, pulls, u)
    return drawn, int(np.argmin(drawn))


@thompson_step.mistake("of equal draws you choose the last arm; take the first.")
def the_last_of_equals(successes, pulls, u):
    drawn, _ = thompson_step.solution(successes, pulls, u)
    return drawn, len(drawn) - 1 - int(np.argmax(drawn[::-1]))


@thompson_step.mistake("arms are numbered from 0.")
def from_one(successes, pulls, u):
    drawn, arm = thompson_step.solution(successes, pulls, u)
    return drawn, arm + 1
