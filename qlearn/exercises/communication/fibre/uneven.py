"""What unequal detectors cost."""

from qlearn.communication import binary_entropy as h
from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="it can be negative at a QBER of 3 %: no error rate alone says whether there is a key.",
    because="""
        On such a line Eve lacks h((1 - z)/2) - h(e) of Alice's bit, where z is how uneven the detected bits are;
        correction then discloses h(e). Equal detectors give z = 0 and 1 - 2h(e).
    """,
)
def uneven(e, eta):
    """Return the secret bits per sifted bit to be expected of a line that turns each bit with chance `e`, in either
    basis and before either detector, if the detectors' efficiencies have the ratio `eta` (up to 1); correction at
    Shannon's limit. It may be negative. Given: `h`, the binary entropy. (With a *measured* QBER it is no proof: Eve
    may lay the errors of X on the weak detector.)
    """
    z = (1 - 2 * e) * (1 - eta) / (1 + eta)
    return h((1 - z) / 2) - 2 * h(e)


@uneven.cases
def detectors(rng):
    """Equal and unequal ones, one of them blind, with and without errors, and a line that says nothing."""
    yield from ((0.0, 1.0), (0.0, 0.0), (0.05, 1.0), (0.5, 0.3), (0.1, 0.05), (0.0, 0.2))
    for _ in range(10):
        yield float(rng.uniform(0, 0.25)), float(rng.uniform(0, 1))


def _z(e, eta):
    return (1 - 2 * e) * (1 - eta) / (1 + eta)


@uneven.mistake(
    "that ignores the mismatch: Eve need not touch anything to know which detector is the likelier."
)
def equal_detectors(e, eta):
    return 1 - 2 * h(e)


@uneven.mistake("that is what is left after throwing good clicks away; the question is for all of them.")
def clicks_thrown_away(e, eta):
    return 2 * eta / (1 + eta) * (1 - 2 * h(e))


@uneven.mistake("z is what is seen *with* errors: (1 - 2e) times the bias of the detectors.")
def bias_without_errors(e, eta):
    return h(eta / (1 + eta)) - 2 * h(e)


@uneven.mistake("Eve is not alone in costing: the public bits of correction, h(e), are missing.")
def no_correction(e, eta):
    return h((1 - _z(e, eta)) / 2) - h(e)


@uneven.mistake("neither what Eve learns by the errors nor the correction is paid: h(e) for each.")
def the_mismatch_alone(e, eta):
    return h((1 - _z(e, eta)) / 2)


@uneven.mistake("z is a difference of two chances; their entropy is h((1 - z)/2), not h(z).")
def entropy_of_the_bias(e, eta):
    return h(_z(e, eta)) - 2 * h(e)


@uneven.mistake(
    "eta is a ratio of efficiencies; the share of the weak detector among the clicks is eta/(1 + eta)."
)
def the_ratio_as_a_share(e, eta):
    return h((1 - (1 - 2 * e) * (1 - eta)) / 2) - 2 * h(e)


@uneven.mistake("you multiply what mismatch and errors leave; their costs are subtracted.")
def a_product(e, eta):
    return h((1 - _z(e, eta)) / 2) * (1 - 2 * h(e))


@uneven.mistake("negative is an answer, too: it says by how much the key is missed.")
def never_negative(e, eta):
    return max(0.0, h((1 - _z(e, eta)) / 2) - 2 * h(e))
