"""How many rounds exclude all lists."""

from math import ceil, log

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="stretch",
    same=equal,  # the least whole number: one more or less is another
    right=(
        "2,416 rounds for a perfect pair at a failure of 1e-10, 50,000 at S = 2.1 though only once in a thousand. A "
        "violation is cheap; a rate near that of endless keys is not."
    ),
    because=r"""
        Four terms of $9/n$ make $36/n$; square the inequality and solve: $n > 72\ln(1/\varepsilon)/(S-2)^2$. Half
        the violation takes four times the rounds, and a hundredfold smaller risk only adds to a logarithm.
    """,
)
def rounds_needed(value, failure):
    r"""With $n$ rounds at Ekert's angles each combination of the test has about $n/9$; count with exactly that.
    Lists are excluded where $S - \sqrt{2\ln(1/\varepsilon)\sum_{xy} 1/n_{xy}} > 2$. Return the least whole $n$ for an
    observed S (`value`, above 2) and a failure probability $\varepsilon$ (`failure`). Given: `log`, `ceil`.
    """
    per_cell = 9 * 4  # sum of 1/n_xy is 36/n
    return ceil(2 * log(1 / failure) * per_cell / (value - 2) ** 2)


@rounds_needed.cases
def observed(rng):
    """From the perfect pair down to a violation of a few hundredths, at all risks; never where n comes out whole."""
    pairs = [(8**0.5, 1e-10), (2.4, 1e-6), (2.1, 1e-3), (4.0, 0.5)]
    pairs += [(float(2 + rng.uniform(0.05, 0.9)), float(10 ** rng.uniform(-12, -0.1))) for _ in range(16)]
    for value, failure in pairs:
        needed = 72 * log(1 / failure) / (value - 2) ** 2
        if abs(needed - round(needed)) > 1e-6:
            yield value, failure


@rounds_needed.mistake(
    "so many rounds you need in each combination, and only one round in nine is of a given one."
)
def rounds_of_one_combination(value, failure):
    return ceil(8 * log(1 / failure) / (value - 2) ** 2)


@rounds_needed.mistake("you count the rounds of the test; they are four in nine of all.")
def rounds_of_the_test(value, failure):
    return ceil(32 * log(1 / failure) / (value - 2) ** 2)


@rounds_needed.mistake("solve for n with the square: half the violation takes four times the rounds.")
def without_the_square(value, failure):
    return ceil(72 * log(1 / failure) / (value - 2))


@rounds_needed.mistake("ln is the natural logarithm, `log(1 / failure)`, not that to base 10.")
def the_decadic_logarithm(value, failure):
    return ceil(72 * log(1 / failure) / log(10) / (value - 2) ** 2)


@rounds_needed.mistake("S has to stay above 2, not above 0: it is S - 2 that the bound may cost.")
def above_zero(value, failure):
    return ceil(72 * log(1 / failure) / value**2)


@rounds_needed.mistake(
    "one too few: after so many rounds the bound is not above 2 yet. The least whole n is rounded up."
)
def rounded_down(value, failure):
    return int(72 * log(1 / failure) / (value - 2) ** 2)


@rounds_needed.mistake("to the nearest whole number is not always enough: the least whole n is rounded up.")
def rounded_to_the_nearest(value, failure):
    return round(72 * log(1 / failure) / (value - 2) ** 2)


@rounds_needed.mistake("a whole number of rounds, please: rounded up, so that there are enough.")
def does_not_round(value, failure):
    return 72 * log(1 / failure) / (value - 2) ** 2


@rounds_needed.mistake("four correlations, each with n/9 rounds: the sum of 1/n_xy is 36/n.")
def one_correlation(value, failure):
    return ceil(18 * log(1 / failure) / (value - 2) ** 2)


@rounds_needed.mistake("you lost the 2 in front of ln under the root.")
def without_the_two(value, failure):
    return ceil(36 * log(1 / failure) / (value - 2) ** 2)


@rounds_needed.mistake(
    "you round each combination up by itself; n is the least number of all rounds, n/9 need not be whole."
)
def whole_rounds_in_each_combination(value, failure):
    return 9 * ceil(8 * log(1 / failure) / (value - 2) ** 2)
