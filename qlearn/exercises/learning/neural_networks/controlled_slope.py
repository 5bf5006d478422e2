"""The slope of a mean value in the angle of a controlled turn, from runs alone."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers, close


def exact_slope(answered, due):
    """Compare a slope: exactly, and with a word if it is near."""
    off = close(answered, due, rel=0, abs=1e-9)
    if off and close(answered, due, rel=0, abs=2e-2) is None:
        return NEAR
    return off


NEAR = "near, but not exact: a small step always misses a little, and drowns in shot noise. Large shifts need not miss"


@exercise(
    level="stretch",
    same=exact_slope,
    right="four runs, exact: each wave that a gate brings into the mean value asks for two.",
    because=r"""
        A difference of two values of shift $s$ has $\sin s$ before the slope of the wave of frequency 1, and
        $\sin\frac s2$ before that of frequency one half, twice each. A quarter turn takes both too large, in another ratio than
        three quarters do; so one sum of the two differences has the weights 1 and $\frac12$ at once. A plain turn lacks the
        slow wave, and two runs are enough.
    """,
)
def controlled_slope(f, theta):
    r"""Return the slope at `theta` of a mean value `f(theta)`, where `theta` is the angle of one controlled turn (RX, RY or
    RZ of a wire, done where another wire is 1):

    $$f(\theta) = a + b\cos\tfrac\theta2 + c\sin\tfrac\theta2 + d\cos\theta + e\sin\theta .$$

    You may call `f`, as a device lets you, and nothing else. (Two differences, of a quarter turn and of three quarters to each
    side, can be weighted so that both waves come out right.) Given: `np`.
    """
    root = np.sqrt(2)
    near = f(theta + np.pi / 2) - f(theta - np.pi / 2)
    far = f(theta + 3 * np.pi / 2) - f(theta - 3 * np.pi / 2)
    return ((root + 1) * near - (root - 1) * far) / (4 * root)


class Mean:
    """The mean value of a circuit in the angle of a controlled turn: two waves and a constant."""

    def __init__(self, shares, noise=None):
        self.shares, self.noise = shares, noise

    def __repr__(self):
        return "f"

    def __call__(self, theta):
        half = theta / 2
        waves = np.array([1, np.cos(half), np.sin(half), np.cos(theta), np.sin(theta)])
        mean = float(self.shares @ waves)
        return mean if self.noise is None else mean + self.noise.uniform(-1e-3, 1e-3)


def some_shares(rng):
    shares = rng.normal(size=5)
    return shares / np.abs(shares).sum()


@controlled_slope.cases
def circuits(rng):
    """With both waves, with the slow one or the fast one alone, at places within a turn and beyond it."""
    only = np.array([[1, 1, 1, 1, 1], [0, 1, 1, 0, 0], [0, 0, 0, 1, 1], [1, 0, 1, 0, 1]])
    for kept in (*only, *only[:1].repeat(4, axis=0)):
        yield Mean(kept * some_shares(rng)), float(rng.uniform(-9, 9))


@controlled_slope.grader
def with_shots(answer, rng):
    """A device gives means of shots. The rule of four values misses by 1e-3 at most; some other shifts by a little more."""
    mean, theta = some_shares(rng), float(rng.uniform(-3, 3))
    got = as_numbers(answer(Mean(mean, noise=rng), theta))
    if isinstance(got, str) or close(got, controlled_slope(Mean(mean), theta), rel=0, abs=5e-3):
        return Verdict.wrong(
            "exact as long as f is. A device gives means of shots: where f is off by a thousandth your slope is off by much "
            "more, as a small step divides the noise by something small. Take large shifts."
        )
    return None


@controlled_slope.mistake(
    "that is the rule of a plain turn. Here the mean value has a second wave, of half the frequency, and a quarter turn takes "
    "its slope too large."
)
def plain_rule(f, theta):
    return (f(theta + np.pi / 2) - f(theta - np.pi / 2)) / 2


@controlled_slope.mistake(
    "half a turn to each side sees the slow wave alone: the fast one has the same value at both. The slope has both."
)
def slow_wave_alone(f, theta):
    return (f(theta + np.pi) - f(theta - np.pi)) / 4


@controlled_slope.mistake("the far difference is subtracted: with a plus the slow wave comes out too steep.")
def far_added(f, theta):
    root = np.sqrt(2)
    near = f(theta + np.pi / 2) - f(theta - np.pi / 2)
    far = f(theta + 3 * np.pi / 2) - f(theta - 3 * np.pi / 2)
    return ((root + 1) * near + (root - 1) * far) / (4 * root)


@controlled_slope.mistake("the two weights have changed places: the larger one belongs to the quarter turn.")
def weights_exchanged(f, theta):
    root = np.sqrt(2)
    near = f(theta + np.pi / 2) - f(theta - np.pi / 2)
    far = f(theta + 3 * np.pi / 2) - f(theta - 3 * np.pi / 2)
    return ((root - 1) * near - (root + 1) * far) / (4 * root)


@controlled_slope.mistake("the sign is wrong: ahead minus behind.")
def backwards(f, theta):
    return -controlled_slope(f, theta)


@controlled_slope.mistake("twice too large: for the fast wave alone the two weights add up to one half.")
def not_halved(f, theta):
    return 2 * controlled_slope(f, theta)


@controlled_slope.mistake()
def small_step(f, theta):
    return (f(theta + 0.01) - f(theta - 0.01)) / 0.02


@controlled_slope.mistake()
def tiny_step(f, theta):
    return (f(theta + 3e-6) - f(theta - 3e-6)) / 6e-6
