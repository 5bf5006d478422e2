"""How many sifted bits a biased choice of bases leaves."""

from functools import partial

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, rel=0, abs=0.51),  # rounding to whole bits is no mistake
    right=(
        "With p_x = 0.1, 10,000 pulses leave 8,100 bits in Z and 100 in X: 82 % are kept, but too few are left in X "
        "to say anything about Eve. Biased bases pay off in long runs only."
    ),
    because="""
        The two choices are independent, so both are X with probability $p_x^2$. For $p_x = 0.1$ that is one pulse
        in a hundred: of 10,000 only 100 bits are left to watch X, and 198 without a single error would be the least
        that rules out a line above the threshold (failure $10^{-10}$).
    """,
)
def expected_bits(n_pulses, p_x):
    """Both sides choose X with probability `p_x`. Write `expected_bits(n_pulses, p_x)`: the expected
    numbers of sifted bits in Z and in X, as a tuple. Then look at `expected_bits(10_000, 0.1)`: are
    there enough bits in X to estimate the errors there?
    """
    return n_pulses * (1 - p_x) ** 2, n_pulses * p_x**2


@expected_bits.cases
def choices(rng):
    """Even, biased to Z, biased to X, and never X; always many pulses, so that half a bit is nothing."""
    for p_x in (0.5, 0.1, 0.8, 0.0, *rng.uniform(0.05, 0.95, 3)):
        yield int(rng.integers(4_000, 40_000)), float(p_x)


@expected_bits.mistake("you count Alice's choice only. A bit is kept when Bob chose the same, by himself.")
def one_side_only(n_pulses, p_x):
    return n_pulses * (1 - p_x), n_pulses * p_x


@expected_bits.mistake("Z and X are exchanged: p_x is the chance of X, and Z comes first.")
def exchanged(n_pulses, p_x):
    return n_pulses * p_x**2, n_pulses * (1 - p_x) ** 2


@expected_bits.mistake("these are shares; how many bits is that of n_pulses?")
def shares(n_pulses, p_x):
    return (1 - p_x) ** 2, p_x**2


@expected_bits.mistake("a quarter in each is what p_x = 1/2 leaves: use p_x.")
def half_of_all(n_pulses, p_x):
    return n_pulses / 4, n_pulses / 4
