"""Qber of."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Three causes, each with a share of its own: near Alice the optics rule, far away the background.",
    because="""
        Errors of each cause, added, over all clicks. Afterpulses add clicks, and half of them as errors.
    """,
)
def qber_of(signal, background, visibility, afterpulse):
    """Write `qber_of(signal, background, visibility, afterpulse)`: the QBER of a link on which a pulse
    clicks by its light with chance `signal`, by background with chance `background`, independently, the
    interferometer has that visibility, and each such click brings `afterpulse` more on average, whose
    bits are coins. Errors as in `photons.error_gain`: those of the light, plus half of the background,
    plus half of the afterpulses.
    """
    clicks = signal + background - signal * background
    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse / 2 * clicks
    return wrong / (clicks * (1 + afterpulse))


@qber_of.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_qber_of of the old module
    yield ()


@qber_of.mistake("a visibility of 0 is no information, a QBER of 1/2: (1 - V)/2.")
def m_1_v(signal, background, visibility, afterpulse):
    clicks = signal + background - signal * background
    wrong = (1 - visibility) * signal + background / 2 + afterpulse / 2 * clicks
    return wrong / (clicks * (1 + afterpulse))


@qber_of.mistake("a background click guesses, and half of the guesses are right.")
def background_always_wrong(signal, background, visibility, afterpulse):
    clicks = signal + background - signal * background
    wrong = (1 - visibility) / 2 * signal + background + afterpulse / 2 * clicks
    return wrong / (clicks * (1 + afterpulse))


@qber_of.mistake("an afterpulse meets a random bit: it errs half of the time.")
def afterpulses_always_wrong(signal, background, visibility, afterpulse):
    clicks = signal + background - signal * background
    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse * clicks
    return wrong / (clicks * (1 + afterpulse))


@qber_of.mistake("the afterpulses are missing among the errors.")
def afterpulses_never_wrong(signal, background, visibility, afterpulse):
    clicks = signal + background - signal * background
    wrong = (1 - visibility) / 2 * signal + background / 2
    return wrong / (clicks * (1 + afterpulse))


@qber_of.mistake("afterpulses are clicks, too: they belong into the denominator.")
def afterpulses_no_clicks(signal, background, visibility, afterpulse):
    clicks = signal + background - signal * background
    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse / 2 * clicks
    return wrong / clicks


@qber_of.mistake("an error rate is a share of *all* clicks, not of those of the signal.")
def share_of_the_signal(signal, background, visibility, afterpulse):
    clicks = signal + background - signal * background
    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse / 2 * clicks
    return wrong / signal


@qber_of.mistake("the background is missing among the errors.")
def no_background(signal, background, visibility, afterpulse):
    clicks = signal + background - signal * background
    wrong = (1 - visibility) / 2 * signal + afterpulse / 2 * clicks
    return wrong / (clicks * (1 + afterpulse))
