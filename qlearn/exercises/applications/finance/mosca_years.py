"""For how long a recorded letter is open."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="and a machine that comes before the move opens a letter at once: for all of its time, and not for longer.",
    because=r"""
        The last letter is sealed after $y$ years and must stay closed until $x + y$. A machine that comes after $z$ years
        opens it from then on: for $x + y - z$ years if that is above 0. If $z < y$ the letter is open from the moment it
        is sealed, and $x$ years are all it has.
    """,
)
def mosca_years(x, y, z):
    """A bank moves to new cryptography in `y` years. A letter that it seals on the last day before has to stay secret for
    `x` years. Somebody records it, and has a quantum computer `z` years from now. Return the years for which the letter
    is open while it should be secret.
    """
    return min(x, max(0, x + y - z))


@mosca_years.cases
def banks(rng):
    """Safe by years, just safe, open for a part of the time, and for all of it."""
    yield 7, 5, 12
    yield 0, 5, 3
    for turn in range(9):
        x, y = rng.uniform(1, 30), rng.uniform(0, 10)
        z = (rng.uniform(0, 1) * y, y + rng.uniform(0, 1) * x, x + y + rng.uniform(0, 9))[turn % 3]
        yield float(x), float(y), float(z)


@mosca_years.mistake("below 0 the secret is safe: the letter is open for 0 years, and not for fewer.")
def no_floor(x, y, z):
    return min(x, x + y - z)


@mosca_years.mistake(
    "the letter has only x years: after that it may be read. What if the machine comes before y?"
)
def longer_than_it_lasts(x, y, z):
    return max(0, x + y - z)


@mosca_years.mistake("that is the time the secret is safe: what is left of x is asked for.")
def time_it_is_safe(x, y, z):
    return x - mosca_years(x, y, z)


@mosca_years.mistake("that is the letter of today. The last one is sealed after y years.")
def letter_of_today(x, y, z):
    return max(0, x - z)


@mosca_years.mistake("that is how long the machine is there before the move: a letter lives on after it.")
def until_the_move(x, y, z):
    return max(0, y - z)


@mosca_years.mistake("that is whether it is open; for how many years is asked for.")
def whether(x, y, z):
    return x + y > z
