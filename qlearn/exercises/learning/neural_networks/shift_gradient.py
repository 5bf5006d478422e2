"""All slopes of a mean value by the parameter-shift rule."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers, close


def exact_slopes(answered, due):
    """Compare slopes: exactly, and with a word on those that are near."""
    off = close(answered, due, rel=0, abs=1e-9)
    if off and close(answered, due, rel=0, abs=2e-2) is None and len(due):
        return NEAR
    return off


NEAR = (
    "near, but not exact: a small step always misses a little, and drowns in shot noise. A quarter turn does not miss "
    "at all"
)


@exercise(
    level="core",
    same=exact_slopes,
    right="two runs for each angle, exact, and nothing but runs: this is how a device is trained.",
    because="""
        Each row of the matrix moves one angle by a quarter turn. $2P$ runs for $P$ slopes: that factor $P$ is what
        training by a device pays and a simulator's sweep does not.
    """,
)
def shift_gradient(f, angles):
    """Return all slopes of a mean value `f(angles)`, a function of an array of shape $(P,)$ in which each angle
    belongs to one gate. You may call `f`, as a device lets you, and nothing else. Given: `np`.
    """
    turns = np.pi / 2 * np.eye(len(angles))
    return np.array([(f(angles + t) - f(angles - t)) / 2 for t in turns])


class Mean:
    """What a circuit's mean value is in its angles: in each a constant, a cosine and a sine, multiplied out."""

    def __init__(self, shares, noise=None):
        self.shares, self.noise = shares, noise

    def __repr__(self):
        return "f"

    def __call__(self, angles):
        mean = self.shares
        for angle in np.asarray(angles, float):
            mean = np.array([1, np.cos(angle), np.sin(angle)]) @ mean.reshape(3, -1)
        mean = float(mean.item())
        return mean if self.noise is None else mean + self.noise.uniform(-1e-3, 1e-3)


@shift_gradient.cases
def circuits(rng):
    """Of one angle to five, at random places, on both sides of zero and beyond a full turn."""
    for n in (1, 2, 3, 3, 4, 5):
        shares = rng.normal(size=3**n)
        yield Mean(shares / np.abs(shares).sum() * 2), rng.uniform(-7, 7, n)


@shift_gradient.grader
def with_shots(answer, rng):
    """A device gives means of shots. A rule of step h misses by 1e-3 / sin h at most: every step above 0.2 passes."""
    shares = rng.normal(size=27)
    shares /= np.abs(shares).sum()
    angles = rng.uniform(-3, 3, 3)
    got = as_numbers(answer(Mean(shares, noise=rng), angles.copy()))
    if isinstance(got, str) or close(got, shift_gradient(Mean(shares), angles), rel=0, abs=5e-3):
        return Verdict.wrong(
            "exact as long as f is. A device gives means of shots: where f is off by a thousandth your slopes are off by "
            "much more, as a small step divides the noise by something small. Take a large one."
        )
    return None


@shift_gradient.mistake("twice too large: the rule takes half the difference.")
def not_halved(f, angles):
    turns = np.pi / 2 * np.eye(len(angles))
    return np.array([f(angles + t) - f(angles - t) for t in turns])


@shift_gradient.mistake("you divided by the distance pi. That is the chord, not the slope.")
def chord(f, angles):
    turns = np.pi / 2 * np.eye(len(angles))
    return np.array([(f(angles + t) - f(angles - t)) / np.pi for t in turns])


@shift_gradient.mistake("all signs are wrong: ahead minus behind.")
def backwards(f, angles):
    turns = np.pi / 2 * np.eye(len(angles))
    return np.array([(f(angles - t) - f(angles + t)) / 2 for t in turns])


@shift_gradient.mistake("you shifted all angles at once. One at a time; the others stay where they are.")
def all_at_once(f, angles):
    t = np.pi / 2
    return np.full(len(angles), (f(angles + t) - f(angles - t)) / 2)


@shift_gradient.mistake(
    "one run ahead and none behind: the value itself is no partner for it. The sine bends; take the difference of ahead "
    "and behind."
)
def ahead_only(f, angles):
    turns = np.pi / 2 * np.eye(len(angles))
    return np.array([f(angles + t) - f(angles) for t in turns])


@shift_gradient.mistake(
    "all your slopes are 0. Half a turn ahead and half a turn behind the two values are one; a quarter turn tells them "
    "apart."
)
def half_turns(f, angles):
    turns = np.pi * np.eye(len(angles))
    return np.array([(f(angles + t) - f(angles - t)) / 2 for t in turns])


@shift_gradient.mistake()
def small_step(f, angles):
    turns = 0.01 * np.eye(len(angles))
    return np.array([(f(angles + t) - f(angles - t)) / 0.02 for t in turns])


@shift_gradient.mistake()
def tiny_step(f, angles):
    turns = 3e-6 * np.eye(len(angles))
    return np.array([(f(angles + t) - f(angles - t)) / 6e-6 for t in turns])


@shift_gradient.mistake(
    "your function changes the angles it was given, and each next slope is taken somewhere else. Work on a copy."
)
def in_place(f, angles):
    slopes = []
    for k in range(len(angles)):
        angles[k] += np.pi / 2
        ahead = f(angles)
        angles[k] -= np.pi
        slopes.append((ahead - f(angles)) / 2)
    return np.array(slopes)
