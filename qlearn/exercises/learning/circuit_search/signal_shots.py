"""What depth costs in shots."""

from math import ceil

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, close


def same_shots(answered, due):
    """Compare numbers of shots: as they come, rounded to a decimal, or rounded up to whole ones."""
    got = as_numbers(answered)
    if not isinstance(got, str) and got.size == 1 and got.dtype.kind in "fiu":
        shots = float(got.reshape(()))
        if np.isfinite(shots) and (abs(shots - due) < 0.06 or shots == ceil(due)):
            return None
    return close(answered, due)


@exercise(
    level="core",
    same=same_shots,
    right="each layer costs a factor 1/(1-p)^2: that is the exchange rate between depth and shots.",
    because=r"""
        $1/\sqrt N=|f|(1-p)^L$ gives $N=f^{-2}(1-p)^{-2L}$: exponential in the depth, with a small base.
    """,
)
def signal_shots(f, p, depth):
    r"""Every layer of a device leaves a share $1-p$ of the answer (global depolarising noise), so an answer $f$ becomes
    $f(1-p)^L$ at depth L. Return the number of shots at which the standard error, at most $1/\sqrt N$, is as large as
    the answer that is left. If you round to whole shots, round up.
    """
    return 1 / (f * (1 - p) ** depth) ** 2


@signal_shots.cases
def devices(rng):
    """Without noise, with little and with much; shallow, deep, and without a layer; answers of either sign."""
    yield float(rng.uniform(0.3, 0.5)), 0.0, int(rng.integers(2, 9))
    yield float(rng.uniform(-0.4, -0.2)), 0.1, 0
    for low, high, layers in ((0.005, 0.02, 30), (0.1, 0.3, 6), (0.02, 0.05, 12), (0.3, 0.5, 2)):
        f = rng.choice((-1, 1)) * rng.uniform(0.1, 0.45)
        yield float(f), float(rng.uniform(low, high)), int(layers + rng.integers(-1, 2))


@signal_shots.mistake("the error falls with the *root* of the shots.")
def no_root(f, p, depth):
    return 1 / abs(f * (1 - p) ** depth)


@signal_shots.mistake("that is upside down: a weaker answer needs more shots.")
def upside_down(f, p, depth):
    return (f * (1 - p) ** depth) ** 2


@signal_shots.mistake("that is the same whatever the depth: every layer shrinks the answer.")
def no_noise(f, p, depth):
    return 1 / f**2


@signal_shots.mistake("that shrinks the answer once: each of the layers does.")
def one_layer(f, p, depth):
    return 1 / (f * (1 - p)) ** 2


@signal_shots.mistake("losses multiply; 1 - p L is right for small p L only.")
def linear(f, p, depth):
    return 1 / (f * (1 - p * depth)) ** 2


@signal_shots.mistake("e^(-p L) is close to (1-p)^L for small p only.")
def exponential(f, p, depth):
    return np.exp(2 * p * depth) / f**2


@signal_shots.mistake("with that many shots the error is still larger than the answer: round up, not down.")
def rounded_down(f, p, depth):
    return int(signal_shots(f, p, depth))


@signal_shots.mistake("rounded to the nearest whole number there are sometimes too few: round up.")
def rounded_to_the_nearest(f, p, depth):
    return round(signal_shots(f, p, depth))


@signal_shots.mistake("the loss is squared too, since the whole answer is.")
def half_squared(f, p, depth):
    return 1 / (f**2 * (1 - p) ** depth)


@signal_shots.mistake("the answer is squared too, and not its loss alone.")
def other_half_squared(f, p, depth):
    return 1 / (abs(f) * (1 - p) ** (2 * depth))
