"""How long a device counts a kernel table."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, close


def same_days(answered, due):
    """Compare days: rounding to whole ones, or to as many decimals as one likes, is no mistake."""
    got = as_numbers(answered)
    if not isinstance(got, str) and got.size == 1 and got.dtype.kind in "fiu":
        days = float(got.reshape(()))
        if any(np.isclose(days, round(due, places), rtol=1e-9) for places in range(4)):
            return None
    return close(answered, due, rel=2e-5)


@exercise(
    level="warm-up",
    same=same_days,
    right=(
        "almost two months for one table, of few rows by today's standards. A laptop multiplies the simulated states "
        "of ten qubits in seconds."
    ),
    because="""
        There are $n(n-1)/2$ pairs, about 50 million. At 1000 shots each and 10,000 shots a second, ten entries are
        ready every second. The square is what hurts: ten times the rows, a hundred times the days.
    """,
)
def device_days():
    """A device runs 10,000 shots a second. How many days does it take to count the kernel table of 10,000
    rows with 1000 shots an entry? The table is symmetric and its diagonal is known.
    """
    return 10_000 * 9_999 / 2 * 1000 / 10_000 / (24 * 60 * 60)


@device_days.mistake("twice too long: the table is symmetric and its diagonal is known, so count pairs.")
def all_entries():
    return 10_000**2 * 1000 / 10_000 / (24 * 60 * 60)


@device_days.mistake("each entry needs 1000 shots, not one.")
def one_shot_an_entry():
    return 10_000 * 9_999 / 2 / 10_000 / (24 * 60 * 60)


@device_days.mistake("those are hours: there are 24 in a day.")
def hours():
    return 10_000 * 9_999 / 2 * 1000 / 10_000 / 3600


@device_days.mistake("those are seconds: there are 86,400 in a day.")
def seconds():
    return 10_000 * 9_999 / 2 * 1000 / 10_000


@device_days.mistake("that is n (n + 1) / 2, with the diagonal: it is known, so leave it out.")
def with_the_diagonal():
    return 10_000 * 10_001 / 2 * 1000 / 10_000 / (24 * 60 * 60)


@device_days.mistake("that is half the square of n: of n rows there are n (n - 1) / 2 pairs.")
def half_the_square():
    return 10_000**2 / 2 * 1000 / 10_000 / (24 * 60 * 60)


@device_days.mistake("that is an entry for each row: the table has one for each *pair* of rows.")
def rows_not_pairs():
    return 10_000 * 1000 / 10_000 / (24 * 60 * 60)


@device_days.mistake("those are minutes: 24 hours of 60 make a day.")
def minutes():
    return 10_000 * 9_999 / 2 * 1000 / 10_000 / 60


@device_days.mistake("10,000 shots a *second*: you have not divided by the speed of the device.")
def one_shot_a_second():
    return 10_000 * 9_999 / 2 * 1000 / (24 * 60 * 60)
