"""Uneven."""

from qlearn.exercises import exercise

# TODO given name 'h' = <function _entropy at 0x7f0286d15800>


@exercise(
    level="stretch",
    right="It can be negative at a QBER of 3 %: no error rate alone says whether there is a key.",
    because="""
        On such a line Eve lacks h((1 - z)/2) - h(e) of Alice's bit, where z is how uneven the detected bits are;
        correction then discloses h(e). Equal detectors give z = 0 and 1 - 2h(e).
    """,
)
def uneven(e, eta):
    """Write `uneven(e, eta)`: the secret bits per sifted bit to be expected of a line that turns each bit
    with chance `e`, in either basis and before either detector, if the detectors' efficiencies have the
    ratio `eta`; correction at Shannon's limit. It may be negative. `h` is the binary entropy. (With a
    *measured* QBER it is no proof: Eve may lay the errors of X on the weak detector.)
    """
    z = (1 - 2 * e) * (1 - eta) / (1 + eta)
    return h((1 - z) / 2) - 2 * h(e)


@uneven.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_uneven of the old module
    yield ()


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
    z = (1 - 2 * e) * (1 - eta) / (1 + eta)
    return h((1 - z) / 2) - h(e)


@uneven.mistake("z is a difference of two chances; their entropy is h((1 - z)/2), not h(z).")
def entropy_of_the_bias(e, eta):
    z = (1 - 2 * e) * (1 - eta) / (1 + eta)
    return h(z) - 2 * h(e)


@uneven.mistake("for e = 0.1, eta = 0.05 you return 0; it is -0.358763.")
def never_negative(e, eta):
    z = (1 - 2 * e) * (1 - eta) / (1 + eta)
    return max(0.0, h((1 - z) / 2) - 2 * h(e))
