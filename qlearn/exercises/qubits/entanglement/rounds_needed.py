"""How many rounds a violation takes."""

from math import ceil

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="stretch",
    same=equal,
    right=(
        "a perfect pair needs 292 rounds for five standard errors. With 245 rounds and S = 2.42, the first experiment "
        "without loopholes had two."
    ),
    because="""
        Each E is a mean of n/4 signs with variance $1 - S^2/16$; four of them add to $16(1-S^2/16)/n = (16 -
        S^2)/n$. Set $k$ roots of that equal to $S - 2$. It is a rule of thumb: a claim about nature should not
        assume that the rounds are independent, and there are better tests for that.
    """,
)
def rounds_needed(S, k):
    """Return the least number of rounds in which an estimated S lies k standard errors above 2, or more. Assume
    that all four correlations are of size S/4 and that each pair of questions comes in a quarter of the rounds, on
    average: the number of rounds need not be a multiple of four. Given: `ceil`.
    """
    return ceil(k**2 * (16 - S**2) / (S - 2) ** 2)


@rounds_needed.cases
def violations(rng):
    """Any S above 2, and numbers of rounds that are whole already.

    Floats hit those exactly, however the formula is written: S is a sum of powers of 2, and k is one. All others are far
    from a whole number.
    """
    yield 2.5, 1  # 39, which is no multiple of four
    yield float(rng.choice([2.25, 2.75])), int(rng.choice([2, 4, 8]))
    for least in (0.1, 0.1, 0.6, 0.6, 0.1):
        rounds = 0.0
        while not least < rounds % 1 < least + 0.3:  # to round down in some, and up in others
            S, k = float(rng.uniform(2.05, 2.82)), int(rng.integers(1, 9))
            rounds = k**2 * (16 - S**2) / (S - 2) ** 2
        yield S, k


@rounds_needed.mistake("that is the number for *each* pair of questions. There are four.")
def each_pair_of_questions(S, k):
    return ceil(k**2 * (16 - S**2) / (S - 2) ** 2 / 4)


@rounds_needed.mistake(
    "you round up to a multiple of four. A quarter of the rounds for each pair is true on average: fewer are enough."
)
def whole_rounds_of_each_pair(S, k):
    return 4 * ceil(k**2 * (16 - S**2) / (S - 2) ** 2 / 4)


@rounds_needed.mistake("half the error takes four times the rounds. Square the number of standard errors.")
def not_squared(S, k):
    return ceil(k * (16 - S**2) / (S - 2) ** 2)


@rounds_needed.mistake("a mean of signs has variance 1 - E^2, not 1. Here E = S/4.")
def variance_one(S, k):
    return ceil(k**2 * 16 / (S - 2) ** 2)


@rounds_needed.mistake("the variance of a sign of mean E is 1 - E^2, and E = S/4 is the mean of each, not S.")
def variance_of_s(S, k):
    return ceil(abs(k**2 * 16 * (1 - S**2) / (S - 2) ** 2))


@rounds_needed.mistake("that many rounds are too few: round up.")
def rounds_down(S, k):
    return int(k**2 * (16 - S**2) / (S - 2) ** 2)


@rounds_needed.mistake(
    "you round to the nearest whole number: where that is down, the rounds are too few. Round up."
)
def rounds_to_the_nearest(S, k):
    return round(k**2 * (16 - S**2) / (S - 2) ** 2)


@rounds_needed.mistake("one too many where the number is whole already: what is whole is not rounded up.")
def always_one_more(S, k):
    return int(k**2 * (16 - S**2) / (S - 2) ** 2) + 1


@rounds_needed.mistake("a number of rounds is a whole number: round up.")
def a_fraction(S, k):
    return k**2 * (16 - S**2) / (S - 2) ** 2


@rounds_needed.mistake("the distance is that to 2, S - 2, which lists of answers reach; you took S itself.")
def from_zero(S, k):
    return ceil(k**2 * (16 - S**2) / S**2)
