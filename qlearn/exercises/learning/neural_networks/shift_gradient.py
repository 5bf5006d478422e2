"""Shift gradient."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Two runs for each angle, exact, and nothing but runs: this is how a device is trained.",
    because="""
        Each row of the matrix moves one angle by a quarter turn. $2P$ runs for $P$ slopes: that factor $P$ is what
        training by a device pays and a simulator's sweep does not.
    """,
)
def shift_gradient(f, angles):
    """Write `shift_gradient(f, angles)`: all slopes of a mean value `f(angles)`, a function of an array of
    shape $(P,)$ in which each angle belongs to one gate. You may call `f`, as a device lets you, and
    nothing else.
    """
    turns = np.pi / 2 * np.eye(len(angles))
    return np.array([(f(angles + t) - f(angles - t)) / 2 for t in turns])


@shift_gradient.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_shift_gradient of the old module
    yield ()


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
    "near, but not exact: a small step always misses a little, and drowns in shot noise. A quarter turn does not "
    "miss at all."
)
def small_step(f, angles):
    turns = 0.01 * np.eye(len(angles))
    return np.array([(f(angles + t) - f(angles - t)) / 0.02 for t in turns])


@shift_gradient.mistake(
    "exact as long as f is. A device gives means of shots: where f is off by a thousandth at most your slopes are"
    " off by up to 1.2e+02, as a small step divides the noise by something small. Take a large one."
)
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
