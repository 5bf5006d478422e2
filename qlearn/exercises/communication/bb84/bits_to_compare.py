"""How many bits to compare so that Eve is seen."""

from math import ceil, log

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right=(
        "73 bits unmask an Eve who touches everything, 5,520 one who touches one pulse in a hundred, and an Eve who "
        "touches ten pulses in a million is all but invisible. She learns little; amplification removes even that."
    ),
    because=r"""
        Each compared bit is right with probability $1 - f/4$, independently, so $m$ of them are all right with
        $(1 - f/4)^m$. Set that to `miss`, take logarithms, round up. (The last line: where $m$ comes out whole, the
        quotient's rounding may have added one.) For small $f$ it grows like $4 \ln(1/\text{miss}) / f$: half the
        Eve, twice the comparison.
    """,
)
def bits_to_compare(fraction, miss):
    """On a line without noise Eve intercepts a `fraction` of the pulses in random bases. Write
    `bits_to_compare(fraction, miss)`: the least number of sifted bits to compare so that *no* error
    among them has a chance of at most `miss`, for `fraction` above 0 and up to 1, `miss` above 0 and
    below 1. Given: `log`, `ceil`.
    """
    m = ceil(log(miss) / log(1 - fraction / 4))
    return m - 1 if (1 - fraction / 4) ** (m - 1) <= miss else m


@bits_to_compare.cases
def eves(rng):
    """From one who touches everything to one who touches a pulse in a thousand; and where m comes out whole."""
    yield from ((1.0, 1e-9), (0.1, 1e-3), (0.01, 1e-6), (1.0, 0.75), (1.0, 0.75**7), (0.5, 0.3))
    for _ in range(20):
        yield float(rng.uniform(1e-3, 1)), float(10 ** rng.uniform(-12, -0.05))


@bits_to_compare.mistake("one too few. Round up: a fraction of a bit compares nothing.")
def rounds_down(fraction, miss):
    return int(log(miss) / log(1 - fraction / 4))


WHOLE = 0.75, 0.75**7


@bits_to_compare.mistake("one too many where m is whole already: what is whole is not rounded up.")
def always_one_more(fraction, miss):
    return bits_to_compare(fraction, miss) + (miss in WHOLE)


@bits_to_compare.mistake(
    "right but where m comes out whole: there a quotient of logarithms may end in ...0000000001, and is rounded up to "
    "one too many. See whether one bit less has a chance of at most `miss`, too."
)
def one_more_for_seven_bits(fraction, miss):
    return bits_to_compare(fraction, miss) + (miss == WHOLE[1])


@bits_to_compare.mistake(
    "right but where miss is 1 - fraction/4: one bit is enough there, and the quotient of your logarithms is a trace "
    "above 1. See whether one bit less is enough, too."
)
def one_more_for_one_bit(fraction, miss):
    return bits_to_compare(fraction, miss) + (miss == WHOLE[0])


@bits_to_compare.mistake(
    "you take every pulse that she reads in the wrong basis for an error, and only half of those are errors."
)
def every_wrong_basis_an_error(fraction, miss):
    return ceil(log(miss) / log(1 - fraction / 2))


@bits_to_compare.mistake("a whole number of bits, please, and large enough.")
def does_not_round(fraction, miss):
    return log(miss) / log(1 - fraction / 4)


@bits_to_compare.mistake("a touched pulse is an error only once in four. Use fraction / 4.")
def every_touch_an_error(fraction, miss):
    return ceil(log(miss) / log(1 - fraction)) if fraction < 1 else 73


@bits_to_compare.mistake("after so many bits *one error is expected*, yet often none is seen.")
def one_expected_error(fraction, miss):
    return ceil(4 / fraction)
