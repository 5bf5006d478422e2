"""Rounds needed."""

from math import ceil, log

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right=(
        "2,416 rounds for a perfect pair, 50,000 at S = 2.1 though only once in a thousand. A violation is cheap; a "
        "rate near that of endless keys is not."
    ),
    because=r"""
        Four terms of $9/n$ make $36/n$; square the inequality and solve: $n > 72\ln(1/\varepsilon)/(S-2)^2$. Half
        the violation takes four times the rounds, and a hundredfold smaller risk only adds to a logarithm.
    """,
)
def rounds_needed(value, failure):
    r"""With $n$ rounds at Ekert's angles each combination of the test has about $n/9$. Lists are excluded
    where $S - \sqrt{2\ln(1/\varepsilon)\sum_{xy} 1/n_{xy}} > 2$. Write `rounds_needed(value, failure)`:
    the least whole n for an observed S and a failure probability $\varepsilon$. Given: `log`, `ceil`.
    """
    per_cell = 9 * 4  # sum of 1/n_xy is 36/n
    return ceil(2 * log(1 / failure) * per_cell / (value - 2) ** 2)


@rounds_needed.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_rounds_needed of the old module
    yield ()


@rounds_needed.mistake(
    "for S = 2.83 and failure 1e-10 you need 269 rounds in each combination; only one round in nine is."
)
def rounds_of_one_combination(value, failure):
    return ceil(8 * log(1 / failure) / (value - 2) ** 2)


@rounds_needed.mistake(
    "for S = 2.83 and failure 1e-10 you count rounds of the test; they are four in nine of all."
)
def rounds_of_the_test(value, failure):
    return ceil(32 * log(1 / failure) / (value - 2) ** 2)


@rounds_needed.mistake(
    "for S = 2.83 and failure 1e-10: solve for n with the square: half the violation takes four times the rounds."
)
def without_the_square(value, failure):
    return ceil(72 * log(1 / failure) / (value - 2))


@rounds_needed.mistake(
    "for S = 2.83 and failure 1e-10: ln is the natural logarithm, `log(1 / failure)`, not that to base 10."
)
def the_decadic_logarithm(value, failure):
    return ceil(72 * log(1 / failure) / log(10) / (value - 2) ** 2)


@rounds_needed.mistake(
    "for S = 2.83 and failure 1e-10: S has to stay above 2, not above 0: it is S - 2 that the bound may cost."
)
def above_zero(value, failure):
    return ceil(72 * log(1 / failure) / value**2)


@rounds_needed.mistake(
    "for S = 2.83 and failure 1e-10 the bound after 2415 rounds is not above 2 yet: the least whole n is rounded "
    "up."
)
def rounded_down(value, failure):
    return int(72 * log(1 / failure) / (value - 2) ** 2)


@rounds_needed.mistake(
    "for S = 2.83 and failure 1e-10: four correlations, each with n/9 rounds: the sum of 1/n_xy is 36/n."
)
def one_correlation(value, failure):
    return ceil(18 * log(1 / failure) / (value - 2) ** 2)
