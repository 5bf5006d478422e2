"""The error rate at which Bob no longer knows more than Eve."""

from functools import partial

from scipy.optimize import brentq

from qlearn.communication import binary_entropy as h
from qlearn.communication.eavesdropping import collective_information, individual_information
from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, rel=0, abs=1.01e-4),  # a grid that is so fine is no mistake
    right=(
        "14.6 % against single probes, 11.0 % against all together: what one believes of Eve's memory decides."
    ),
    because=r"""
        Csiszar and Koerner: $r = I_{AB} - I_{AE}$. Bob's curve falls, Eve's rises; his lead ends where they cross
        (structured codes and added noise go further). At an error rate of $(1-1/\sqrt2)/2$ the best clone is as
        good as Bob's, hence 14.6 %.
    """,
)
def hopeless_from(known):
    """Return the error rate from which $I_{AB} - I_{AE}$ is 0, to within 0.0001, when `known(e)` is Eve's
    information at an error rate `e` (a function that grows from 0). Bob knows `1 - h(e)`. Given: `h`,
    `brentq` (a root finder: `brentq(f, a, b)`).
    """
    return brentq(lambda e: 1 - h(e) - known(e), 1e-9, 0.4999)


@hopeless_from.cases
def eves(rng):
    """The two of the chapter, attacked in full or in part; some who grow as a power of the errors; ends early and late."""
    yield (individual_information,)
    yield (collective_information,)
    for whole in (individual_information, collective_information):
        yield (partial(_a_share, whole, float(rng.uniform(0.6, 0.9))),)
    yield (partial(_a_power, float(rng.uniform(5, 8)), 1.0),)  # hopeless above 0.3
    yield (partial(_a_power, float(rng.uniform(0.05, 0.09)), 1.0),)  # hopeless below 0.04
    for power in (1.0, *rng.uniform(0.4, 2.5, 2)):
        yield (partial(_a_power, float(power), float(rng.uniform(0.6, 1))),)


def _a_share(whole, share, e):
    """Know what an Eve knows who attacks a share of the pulses only, and causes so many errors in all."""
    return share * whole(e)


def _a_power(power, most, e):
    """Know nothing without errors, and `most` at an error rate of one half."""
    return most * (2 * e) ** power


@hopeless_from.mistake("Bob knows only 1 - h(e) himself. Eve needs not know all, just as much.")
def a_coin(known):
    return 0.5


@hopeless_from.mistake("half of a bit known is no end by itself. Bob must know less.")
def half_known(known):
    return brentq(lambda e: 0.5 - known(e), 1e-9, 0.4999)


@hopeless_from.mistake("as a share, please, not in per cent.")
def per_cent(known):
    return 100 * brentq(lambda e: 1 - h(e) - known(e), 1e-9, 0.4999)


@hopeless_from.mistake(
    "that is where the key of BB84 ends against *one* Eve. Yours may know more or less: where does 1 - h(e) equal known(e)?"
)
def of_bb84(known):
    return 0.110028


@hopeless_from.mistake(
    "this is the end against the best single probes, whatever `known` is. Solve for the Eve you get."
)
def of_single_probes(known):
    return 0.146447


@hopeless_from.mistake("that is what is left there, 0. Asked is *where*: the error rate at which it is so.")
def what_is_left(known):
    return 0.0
