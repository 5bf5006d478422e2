"""Rounds needed."""

from math import ceil

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right=(
        "A perfect pair needs 292 rounds for five standard errors. With 245 rounds and S = 2.42, the first experiment"
        " without loopholes had two."
    ),
    because="""
        Each E is a mean of n/4 signs with variance $1 - S^2/16$; four of them add to $16(1-S^2/16)/n = (16 -
        S^2)/n$. Set $k$ roots of that equal to $S - 2$. It is a rule of thumb: a claim about nature should not
        assume that the rounds are independent, and there are better tests for that.
    """,
)
def rounds_needed(S, k):
    """Write `rounds_needed(S, k)`: how many rounds until an estimated S lies k standard errors above 2?
    Assume that all four correlations are of size S/4 and that each pair of questions comes in a quarter
    of the rounds. Given: `ceil`.
    """
    return ceil(k**2 * (16 - S**2) / (S - 2) ** 2)


@rounds_needed.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_rounds_needed of the old module
    yield ()


@rounds_needed.mistake(
    "for S = 2.83 and 5 standard errors: 73 is the number for *each* pair of questions. There are four."
)
def each_pair_of_questions(S, k):
    return ceil(k**2 * (16 - S**2) / (S - 2) ** 2 / 4)


@rounds_needed.mistake(
    "for S = 2.83 and 5 standard errors: half the error takes four times the rounds. Square the number."
)
def not_squared(S, k):
    return ceil(k * (16 - S**2) / (S - 2) ** 2)


@rounds_needed.mistake(
    "for S = 2.83 and 5 standard errors: a mean of signs has variance 1 - E^2, not 1. Here E = S/4."
)
def variance_one(S, k):
    return ceil(k**2 * 16 / (S - 2) ** 2)


@rounds_needed.mistake("for S = 2.83 and 5 standard errors you need 291.4 rounds, so 292: round up.")
def rounds_down(S, k):
    return int(k**2 * (16 - S**2) / (S - 2) ** 2)


@rounds_needed.mistake("for S = 2.5 and 2 standard errors you play 157 rounds; 156 are needed.")
def always_one_more(S, k):
    return int(k**2 * (16 - S**2) / (S - 2) ** 2) + 1
