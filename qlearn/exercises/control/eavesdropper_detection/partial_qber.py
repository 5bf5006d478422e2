"""What an Eve who touches only some of the pulses adds to the error rates."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="a tenth of the pulses moves a rate by a fortieth: that is what has to be seen among the errors that are there anyway.",
    because=r"""
        A pulse that she leaves alone, or reads in its own basis, comes with the line's error rate e. One that she reads in the
        other basis is a coin for Bob, and an error of the line turns a coin into a coin: 1/2. She reads in the other basis
        with the chance q of X where the pulse is in Z, and $1-q$ where it is in X, so $e_Z=e+rq(1/2-e)$ and
        $e_X=e+r(1-q)(1/2-e)$. With q = 1/2 both are $e+r(1/4-e/2)$; with q = 0 nobody sees her in Z.
    """,
)
def partial_qber(e, r, q):
    """A line turns each sifted bit with the chance `e`, in either basis. Eve intercepts each pulse with the chance `r`, before
    the line. She measures it in X with the chance `q`, else in Z, and sends on what she found, in the basis that she measured
    in. Return the error rates that Alice and Bob see, as a tuple: that of the bits sifted in Z, and that of those in X.
    """
    return e + r * q * (0.5 - e), e + r * (1 - q) * (0.5 - e)


@partial_qber.cases
def lines(rng):
    """Quiet lines and noisy ones, rare attacks and whole ones, one basis and both."""
    yield 0.03, 0.05, 0.5
    yield 0.0, 1.0, 0.5
    for _ in range(5):
        yield tuple(float(x) for x in rng.uniform((0.005, 0.05, 0.05), (0.12, 1.0, 0.95)))
    yield float(rng.uniform(0.01, 0.1)), 0.0, 0.3
    yield 0.02, float(rng.uniform(0.1, 1)), 0.0
    yield 0.04, float(rng.uniform(0.1, 1)), 1.0
    yield 0.5, 0.6, 0.2


def _seen(e, r, wrong_basis, coin=0.5):
    return (1 - r) * e + r * (wrong_basis * coin + (1 - wrong_basis) * e)


@partial_qber.mistake(
    "the line's errors are added to hers in full: a coin that the line turns stays a coin, 1/2 and not 1/2 + e."
)
def added_up(e, r, q):
    return e + r * q / 2, e + r * (1 - q) / 2


@partial_qber.mistake("exchanged: it is who measures in X that spoils the bits in Z.")
def bases_exchanged(e, r, q):
    return _seen(e, r, 1 - q), _seen(e, r, q)


@partial_qber.mistake(
    "her bases are equally likely with you: `q` says how often she measures in X, which the mean of both rates hides."
)
def fair_bases(e, r, q):
    return _seen(e, r, 0.5), _seen(e, r, 0.5)


@partial_qber.mistake("a bit that was read in the wrong basis is wrong in half of the cases, not in all.")
def all_wrong(e, r, q):
    return _seen(e, r, q, 1.0), _seen(e, r, 1 - q, 1.0)


@partial_qber.mistake("those are the rates of the pulses that she touched: she touches a fraction `r`.")
def of_those_she_touched(e, r, q):
    return _seen(e, 1, q), _seen(e, 1, 1 - q)


@partial_qber.mistake(
    "the line of the pulses that she touches has errors too, where she chose the right basis."
)
def her_pulses_are_clean(e, r, q):
    return (1 - r) * e + r * q / 2, (1 - r) * e + r * (1 - q) / 2


@partial_qber.mistake(
    "a wrong basis costs Bob a coin: an error rate of 1/2, and not 1/4, for each such pulse."
)
def a_quarter_each(e, r, q):
    return _seen(e, r, q, 0.25), _seen(e, r, 1 - q, 0.25)


@partial_qber.mistake("that is only what she adds; the line's own errors belong to it.")
def hers_alone(e, r, q):
    return r * q * (0.5 - e), r * (1 - q) * (0.5 - e)


@partial_qber.mistake("what she adds goes up, not down.")
def sign_exchanged(e, r, q):
    return e - r * q * (0.5 - e), e - r * (1 - q) * (0.5 - e)
