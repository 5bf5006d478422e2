"""The error rate of a fibre link, by its causes."""

from functools import partial

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, abs=1e-12),
    right="three causes, each with a share of its own: near Alice the optics rule, far away the background.",
    because="""
        Errors of each cause, added, over all clicks. Afterpulses add clicks, and half of them as errors.
    """,
)
def qber_of(signal, background, visibility, afterpulse):
    """Return the QBER of a link on which a pulse clicks by its light with chance `signal`, by background with
    chance `background`, independently, the interferometer has that visibility, and each such click brings
    `afterpulse` more on average, whose bits are coins. Errors as in `photons.error_gain`: those of the light,
    plus half of the background, plus half of the afterpulses.
    """
    clicks = signal + background - signal * background
    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse / 2 * clicks
    return wrong / (clicks * (1 + afterpulse))


@qber_of.cases
def links(rng):
    """Near and far, each cause alone, all together, and the perfect link."""
    yield 0.2, 0.0, 1.0, 0.0
    yield 1.0, 0.0, float(rng.uniform(0, 1)), 0.0
    yield float(rng.uniform(0.1, 0.5)), float(rng.uniform(0.05, 0.3)), 1.0, 0.0
    yield float(rng.uniform(0.1, 0.5)), 0.0, 1.0, float(rng.uniform(0.05, 0.3))
    yield 1e-4, 1e-2, 0.99, 0.0
    for _ in range(8):
        signal, background = 10 ** rng.uniform(-4, -0.2, 2)
        yield float(signal), float(background), float(rng.uniform(0, 1)), float(rng.uniform(0, 0.4))


def _slip(signal, background, visibility, afterpulse, *, optics=0.5, stray=0.5, after=0.5, brings=1.0):
    """The solution in which a cause errs with another share, or the afterpulses bring no clicks."""
    clicks = signal + background - signal * background
    wrong = optics * (1 - visibility) * signal + stray * background + after * afterpulse * clicks
    return wrong / (clicks * (1 + brings * afterpulse))


@qber_of.mistake("a visibility of 0 is no information, a QBER of 1/2: (1 - V)/2.")
def visibility_not_halved(*link):
    return _slip(*link, optics=1)


@qber_of.mistake("the errors of the optics are missing: (1 - V)/2 of the light takes the wrong exit.")
def perfect_optics(*link):
    return _slip(*link, optics=0)


@qber_of.mistake("a background click guesses, and half of the guesses are right.")
def background_always_wrong(*link):
    return _slip(*link, stray=1)


@qber_of.mistake("an afterpulse meets a random bit: it errs half of the time.")
def afterpulses_always_wrong(*link):
    return _slip(*link, after=1)


@qber_of.mistake("the afterpulses are missing among the errors.")
def afterpulses_never_wrong(*link):
    return _slip(*link, after=0)


@qber_of.mistake("afterpulses are clicks, too: they belong into the denominator.")
def afterpulses_no_clicks(*link):
    return _slip(*link, brings=0)


@qber_of.mistake("the afterpulses are missing, among the errors and among the clicks.")
def no_afterpulses(signal, background, visibility, afterpulse):
    return _slip(signal, background, visibility, 0)


@qber_of.mistake("every click brings afterpulses, those of the background, too.")
def afterpulses_of_the_light_alone(signal, background, visibility, afterpulse):
    clicks = signal + background - signal * background
    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse / 2 * signal
    return wrong / (clicks + afterpulse * signal)


@qber_of.mistake("light and background may click together, and that is one click: subtract their product.")
def two_clicks_at_once(signal, background, visibility, afterpulse):
    clicks = signal + background
    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse / 2 * clicks
    return wrong / (clicks * (1 + afterpulse))


@qber_of.mistake("an error rate is a share of *all* clicks, not of those of the signal.")
def share_of_the_signal(signal, background, visibility, afterpulse):
    clicks = signal + background - signal * background
    return _slip(signal, background, visibility, afterpulse) * clicks * (1 + afterpulse) / signal


@qber_of.mistake("these are errors per pulse. An error rate is a share of the clicks.")
def errors_per_pulse(signal, background, visibility, afterpulse):
    clicks = signal + background - signal * background
    return _slip(signal, background, visibility, afterpulse) * clicks * (1 + afterpulse)


@qber_of.mistake("the background is missing among the errors.")
def no_background(*link):
    return _slip(*link, stray=0)
