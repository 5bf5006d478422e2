"""The error rate of an Eve who touches some pulses."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="0.3 x 1/2 (wrong basis) x 1/2 (Bob's coin) = 0.075, in Z as in X.",
    because="""
        Three branches in a row: touched (0.3), in the wrong basis (1/2), and then Bob's outcome is a coin that
        comes out wrong (1/2). Untouched pulses and right bases cost nothing. The product is 0.075.
    """,
)
def error_rate():
    """Eve intercepts three pulses in ten, in a random basis, and resends. The line is quiet otherwise.
    Which error rate do Alice and Bob find in their sifted bits? By hand, as a share between 0 and 1.
    """
    return 0.3 * 1 / 2 * 1 / 2


@error_rate.mistake("0.3 is the share she touches. Of those, how many does she read in the wrong basis?")
def all_that_is_touched():
    return 0.3


@error_rate.mistake(
    "0.15 counts every pulse she reads in the wrong basis. Bob still throws a coin: half come out right."
)
def forgets_the_coin_of_bob():
    return 0.3 / 2


@error_rate.mistake("1/4 is the price of touching every pulse. She touches three in ten.")
def every_pulse():
    return 1 / 4


@error_rate.mistake(
    "0.0375 divides by all pulses. The error rate is a share of the sifted bits, already half of them."
)
def share_of_all_pulses():
    return 0.3 / 8


@error_rate.mistake("as a share, please: 1 is all of the bits. A per cent is 0.01.")
def per_cent():
    return 7.5
