"""Signal shots."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Each layer costs a factor 1/(1-p)^2: that is the exchange rate between depth and shots.",
    because=r"""
        $1/\sqrt N=|f|(1-p)^L$ gives $N=f^{-2}(1-p)^{-2L}$: exponential in the depth, with a small base.
    """,
)
def signal_shots(f, p, depth):
    r"""Every layer of a device leaves a share $1-p$ of the answer (global depolarising noise), so an answer
    $f$ becomes $f(1-p)^L$ at depth L. Write `signal_shots(f, p, depth)`: the number of shots at which
    the standard error, at most $1/\sqrt N$, is as large as the answer that is left. If you round to
    whole shots, round up.
    """
    return 1 / (f * (1 - p) ** depth) ** 2


@signal_shots.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_signal_shots of the old module
    yield ()


@signal_shots.mistake(
    "for f = 0.5, p = 0.0 and depth 7 you say 2: the error falls with the *root* of the shots."
)
def no_root(f, p, depth):
    return 1 / (f * (1 - p) ** depth)


@signal_shots.mistake(
    "for f = 0.5, p = 0.0 and depth 7 you say 0.25: that is upside down, a weaker answer needs more."
)
def upside_down(f, p, depth):
    return (f * (1 - p) ** depth) ** 2


@signal_shots.mistake(
    "for f = 0.4, p = 0.01 and depth 20 you say 6.25, whatever the depth: every layer shrinks the answer."
)
def no_noise(f, p, depth):
    return 1 / f**2


@signal_shots.mistake(
    "for f = 0.4, p = 0.01 and depth 20 you say 9.77: losses multiply; 1 - p L is right for small p L only."
)
def linear(f, p, depth):
    return 1 / (f * (1 - p * depth)) ** 2


@signal_shots.mistake(
    "for f = 0.1, p = 0.02 and depth 40 you say 495.3: e^(-pL) is close to (1-p)^L for small p only; here 503.4 "
    "are needed."
)
def exponential(f, p, depth):
    return np.exp(2 * p * depth) / f**2


@signal_shots.mistake(
    "for f = 0.4, p = 0.01 and depth 20 you say 9, and 9.34 are needed: 9 shots are not yet enough, so round up."
)
def rounded_down(f, p, depth):
    return int(1 / (f * (1 - p) ** depth) ** 2)


@signal_shots.mistake(
    "for f = 0.4, p = 0.01 and depth 20 you say 7.64: the loss is squared too, since the whole answer is."
)
def half_squared(f, p, depth):
    return 1 / (f**2 * (1 - p) ** depth)
