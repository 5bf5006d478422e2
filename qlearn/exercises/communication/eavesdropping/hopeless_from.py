"""Hopeless from."""

from scipy.optimize import brentq

from qlearn.communication import binary_entropy as h
from qlearn.exercises import exercise


@exercise(
    level="core",
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
    """Write `hopeless_from(known)`: the error rate from which $I_{AB} - I_{AE}$ is 0, when `known(e)` is
    Eve's information at an error rate `e` (a function that grows from 0). Bob knows `1 - h(e)`. Given:
    `h`, `brentq` (a root finder: `brentq(f, a, b)`).
    """
    return brentq(lambda e: 1 - h(e) - known(e), 1e-9, 0.4999)


@hopeless_from.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_hopeless_from of the old module
    yield ()


@hopeless_from.mistake(
    "against the best single probes you stop at 0.5000, and 0.1464 is due: Bob knows only 1 - h(e) himself. Eve "
    "needs not know all, just as much."
)
def a_coin(known):
    return 0.5


@hopeless_from.mistake(
    "against the best single probes you stop at 0.1871, and 0.1464 is due: half of a bit known is no end by "
    "itself. Bob must know less."
)
def half_known(known):
    return brentq(lambda e: 0.5 - known(e), 1e-9, 0.4999)


@hopeless_from.mistake(
    "against the best single probes you stop at 14.6447, and 0.1464 is due: as a share, please, not in per cent."
)
def per_cent(known):
    return 100 * brentq(lambda e: 1 - h(e) - known(e), 1e-9, 0.4999)


@hopeless_from.mistake(
    "against the best single probes you stop at 0.1100, and 0.1464 is due: where 1 - h(e) equals known(e)."
)
def of_bb84(known):
    return 0.110028
