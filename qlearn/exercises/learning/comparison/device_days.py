"""Device days."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right=(
        "Almost two months for one table, of few rows by today's standards. A laptop multiplies the simulated states "
        "of ten qubits in seconds."
    ),
    because="""
        There are $n(n-1)/2$ pairs, about 50 million. At 1000 shots each and 10,000 shots a second, ten entries are
        ready every second. The square is what hurts: ten times the rows, a hundred times the days.
    """,
)
def device_days():
    """A device runs 10,000 shots a second. How many days does it take to count the kernel table of 10,000
    rows with 1000 shots an entry? The table is symmetric and its diagonal is known. Assign
    `device_days`.
    """
    return 10_000 * 9_999 / 2 * 1000 / 10_000 / (24 * 60 * 60)


@device_days.mistake("Twice too long: the table is symmetric and its diagonal is known, so count pairs.")
def all_entries():
    return 10_000**2 * 1000 / 10_000 / (24 * 60 * 60)


@device_days.mistake("Each entry needs 1000 shots, not one.")
def one_shot_an_entry():
    return 10_000 * 9_999 / 2 / 10_000 / (24 * 60 * 60)


@device_days.mistake("Those are hours: there are 24 in a day.")
def hours():
    return 10_000 * 9_999 / 2 * 1000 / 10_000 / 3600


@device_days.mistake("Those are seconds: there are 86,400 in a day.")
def seconds():
    return 10_000 * 9_999 / 2 * 1000 / 10_000


@device_days.mistake("That is n (n + 1) / 2, with the diagonal: it is known, so leave it out.")
def with_the_diagonal():
    return 10_000 * 10_001 / 2 * 1000 / 10_000 / (24 * 60 * 60)


@device_days.mistake("That is half the square of n: of n rows there are n (n - 1) / 2 pairs.")
def half_the_square():
    return 10_000**2 / 2 * 1000 / 10_000 / (24 * 60 * 60)


@device_days.mistake("0.01157 is not it: pairs of rows, times 1000 shots, divided by 10,000 shots a second.")
def rows_not_pairs():
    return 10_000 * 1000 / 10_000 / (24 * 60 * 60)
