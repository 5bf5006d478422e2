"""What is worth recording."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="short secrets are worth recording late or never: the eavesdropper's disks follow the shelf life, not the traffic.",
    because=r"""
        What is sealed at $s$ is worth its disk if it is still secret when the machine comes: $s + x > z$. So a stream is
        recorded from $\max(0, z-x)$ on, until the end. A megabit a second is $10^6/8$ bytes, and a year has
        $365.25 \cdot 86{,}400$ seconds: 3.94 TB a year.
    """,
)
def harvest_storage(streams, years, z):
    """An eavesdropper can record for `years` years from now on, and expects a quantum computer in `z` years. `streams` is a
    list of pairs `(rate, x)`: megabits a second, and for how many years what is sent must stay secret. Return how many
    terabytes ($10^{12}$ bytes) are worth recording: those that are still secret when the computer comes. A year has 365.25
    days.
    """
    terabytes = 1e6 / 8 * 365.25 * 86_400 / 1e12
    return sum(rate * terabytes * max(0, years - max(0, z - x)) for rate, x in streams)


@harvest_storage.cases
def taps(rng):
    """One stream; streams that last, that do not, that begin to be worth it on the way; nothing at all."""
    yield [(8.0, 30.0)], 1, 10.0
    yield [(8.0, 2.0), (3.0, 1.0)], 4, 10.0
    yield [], 3, 10.0
    for _ in range(8):
        z = float(rng.uniform(4, 20))
        years = int(rng.integers(2, 15))
        n = int(rng.integers(2, 7))
        yield [(float(r), float(x)) for r, x in zip(rng.uniform(1, 900, n), rng.uniform(0, 30, n))], years, z


def _slip(streams, years, z, *, unit=1e6 / 8 * 365.25 * 86_400 / 1e12, span=None):
    span = span or (lambda x: max(0, years - max(0, z - x)))
    return sum(rate * unit * span(x) for rate, x in streams)


@harvest_storage.mistake("rates are in bits: a byte has eight of them.")
def bits_for_bytes(streams, years, z):
    return 8 * harvest_storage(streams, years, z)


@harvest_storage.mistake(
    "that is all of the traffic. What need not be secret any more when the computer comes, nobody records."
)
def everything(streams, years, z):
    return _slip(streams, years, z, span=lambda x: years)


@harvest_storage.mistake(
    "a stream whose secrets last less than z years may be worth recording later: s + x > z."
)
def all_or_nothing(streams, years, z):
    return _slip(streams, years, z, span=lambda x: years if x > z else 0)


@harvest_storage.mistake(
    "nothing is recorded before today: what lasts longer than z years is worth it from now on, not earlier."
)
def before_today(streams, years, z):
    return _slip(streams, years, z, span=lambda x: max(0, years - (z - x)))


@harvest_storage.mistake("a stream that becomes worth recording only after the end counts 0, and not less.")
def less_than_nothing(streams, years, z):
    return _slip(streams, years, z, span=lambda x: years - max(0, z - x))


@harvest_storage.mistake("a year has 365.25 days here.")
def other_years(streams, years, z):
    return harvest_storage(streams, years, z) * 365 / 365.25


@harvest_storage.mistake("those are gigabytes: a terabyte is a thousand of them.")
def gigabytes(streams, years, z):
    return 1000 * harvest_storage(streams, years, z)


@harvest_storage.mistake("you record what is *not* secret any more when the computer comes.")
def the_rest(streams, years, z):
    return _slip(streams, years, z, span=lambda x: min(years, max(0, z - x)))
