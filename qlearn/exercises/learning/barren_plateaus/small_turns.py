"""Another remedy against plateaus: small angles at the start."""

from importlib import import_module
from unittest.mock import patch

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._stand_in import stand_in
from qlearn.exercises.comparisons import as_numbers
from qlearn.learning.barren_plateaus import draw_circuits, first_gradients


@exercise(
    level="project",
    right=(
        "with six qubits and depth 48 it falls from about 0.06 at width 0.1 to 0.006 at width pi: no mirror images needed, "
        "small turns are enough. How small? Try widths that shrink with the depth."
    ),
    because=r"""
        Each small turn moves the state by about its angle, in a random direction. After $L$ layers that adds up to
        $\text{width}\cdot\sqrt L$ a wire, as in a random walk: with a width of $1/\sqrt L$ the circuit never gets
        far from its start, and the slope survives. Zhang et al. (2022, arXiv:2203.09376) prove it for normal
        angles.
    """,
)
def small_turns(n_qubits, depth, width, samples, rng):
    """Another remedy: start with *small* angles. Draw circuits
    with `draw_circuits`, replace their angles (`with_angles`) by ones uniform
    between `-width` and `width`, and return the variance of `first_gradients`, cost `"zz"`; all chance comes from `rng`.
    Then find out how the width must shrink with depth, so that the variance does not fall. Given: `np`,
    `draw_circuits`, `first_gradients`.
    """
    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)
    angles = rng.uniform(-width, width, circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)


def _watched(answer, *args):
    """Return what an answer says, and the circuits whose derivatives it takes, if they can be seen."""
    package = import_module("qlearn.learning.barren_plateaus")
    home = import_module("qlearn.learning.barren_plateaus.cost_functions")
    taken = {}

    def spy(real):
        def seen(circuits, *args, **options):
            taken[np.asarray(circuits.angles).tobytes()] = circuits  # the same circuits twice count once
            return real(circuits, *args, **options)

        return seen

    real = {name: getattr(home, name) for name in ("first_gradients", "gradients")}
    spies = {name: spy(one) for name, one in real.items()}
    with (
        stand_in(answer, *((real[name], spies[name]) for name in real)),
        patch.multiple(package, **spies),
        patch.multiple(home, **spies),
    ):
        value = answer(*args)
    return value, list(taken.values())


def _of_other_circuits(taken, n_qubits, depth, width, samples):
    """Say what is wrong with the circuits that were taken, or nothing."""
    if (seen := sum(one.samples for one in taken)) != samples:
        return f"asked for {samples} circuits you take the derivatives of {seen}."
    if {(one.n_qubits, one.depth) for one in taken} != {(n_qubits, depth)}:
        n, layers = taken[0].n_qubits, taken[0].depth
        return (
            f"asked for {n_qubits} qubits and depth {depth} you draw circuits of {n} and {layers}: do both reach "
            "`draw_circuits`?"
        )
    if any(
        one.mirrored.any() or one.pairs != draw_circuits(n_qubits, 1, samples=1, rng=0).pairs for one in taken
    ):
        return "no mirrored layers and the usual CZ gates, please: small angles are the only remedy here."
    angles = np.concatenate([np.asarray(one.angles, float).ravel() for one in taken])
    turns = np.remainder(angles + np.pi, 2 * np.pi) - np.pi
    most = np.abs(turns).max()
    circle = np.sort(angles) / (2 * np.pi)
    if most > width and np.abs(circle - np.arange(circle.size) / circle.size).max() < 3.3 / np.sqrt(
        circle.size
    ):
        return (
            "the angles are still those of the whole circle: the width does not reach the circuits. `with_angles` returns "
            "new circuits."
        )
    if most > width + 1e-9:
        return f"asked for angles from {-width:.3g} to {width:.3g} you turn by up to {most:.3g}."
    if turns.min() > -width / 20:
        return "your angles are all on one side: they add up to a turn with a direction. From `-width` to `width`, please."
    sets = np.concatenate([np.asarray(one.angles, float).reshape(one.samples, -1) for one in taken])
    if (sets == sets[0]).all():
        return "all your circuits have the same angles: draw them for each circuit anew."
    # The largest gap between two distribution functions: above 3.3 / root n by chance once in 10^9 (Massart's bound).
    even = (np.sort(turns) / width + 1) / 2
    if np.abs(even - np.arange(turns.size) / turns.size).max() > 3.3 / np.sqrt(turns.size):
        return f"your angles lie between {-width:.3g} and {width:.3g}, but not uniformly."
    if np.unique(angles).size < angles.size:
        return "some angles are used more than once: each turn of each circuit has one of its own."
    axes = np.concatenate([one.axes.reshape(one.samples, -1) for one in taken])
    if len(np.unique(axes, axis=0)) < samples / 4:
        return "your circuits have the same axes. Draw all of them, `samples=samples`."
    return ""


def _another_number(value, slopes):
    """Say what is wrong with a number that is not the variance of the derivatives that were taken."""
    if np.isclose(value, slopes.std(ddof=1)) or np.isclose(value, slopes.std()):
        return "that is the standard deviation; the variance was asked for."
    if np.isclose(value, np.mean(slopes**2)):
        return "that is the mean square. Small turns keep a mean slope that is not zero: the variance is without it."
    if np.isclose(value, slopes.mean()):
        return "that is the mean of the slopes; their variance was asked for."
    return ""


@small_turns.grader
def watched(answer, rng):
    """What an answer measures can mostly be seen; where it cannot, its numbers must be near."""
    size = int(rng.integers(3, 5)), int(rng.choice((4, 6)))  # an even depth: mirrored layers are possible
    task = *size, float(rng.uniform(0.4, 2.0)), int(rng.integers(190, 230))
    seed = int(rng.integers(1 << 30))
    value, taken = _watched(answer, *task, np.random.default_rng(seed))
    number = as_numbers(value)
    if (
        isinstance(number, str)
        or number.size != 1
        or number.dtype.kind == "c"
        or not np.isfinite(number).all()
    ):
        why = number if isinstance(number, str) else "one real number is asked for: a variance"
        return Verdict.wrong(f"{why}.")
    value = float(number.item())
    if taken:
        if why := _of_other_circuits(taken, *task):
            return Verdict.wrong(why)
        slopes = np.concatenate([first_gradients(one, "zz") for one in taken])
        if not np.isclose(value, [slopes.var(), slopes.var(ddof=1)], rtol=1e-9, atol=0).any():
            others = {
                cost: np.concatenate([first_gradients(one, cost) for one in taken])
                for cost in ("global", "local")
            }
            for cost, found in others.items():
                if np.isclose(value, [found.var(), found.var(ddof=1)]).any():
                    return Verdict.wrong(
                        f'that is the variance of the {cost} cost. For the cost Z0 Z1, say so: `"zz"`.'
                    )
            return Verdict.wrong(
                _another_number(value, slopes)
                or "the circuits are as asked for, and what you return is not the variance of their first derivatives."
            )
    elif why := _far_off(answer, rng):
        return Verdict.wrong(why)
    again = as_numbers(answer(*task, np.random.default_rng(seed)))
    if isinstance(again, str) or not np.isclose(again, value, rtol=1e-9, atol=0).all():
        return Verdict.wrong("twice the same `rng`, and two results: take all chance from `rng`.")
    other = as_numbers(answer(*task, np.random.default_rng(seed + 1)))
    if isinstance(other, str) or np.isclose(other, value, rtol=1e-9, atol=0).all():
        return Verdict.wrong(
            "another `rng`, and the same result to the last digit: take all chance from `rng`."
        )
    return None


def _far_off(answer, rng):
    """Say what is wrong with the numbers of an answer of which nothing can be seen, or nothing.

    The relative standard deviation of a variance is 0.051 at most from 1000 circuits, so that of a quotient is 0.072.
    """
    for n, depth, width in ((3, 6, 0.1), (5, 24, 1.0), (2, 4, 3.1), (4, 12, 3.1)):
        got = float(answer(n, depth, width, 1000, rng))
        if not 0.64 < got / small_turns(n, depth, width, 1000, rng) < 1.56:
            return f"for {n} qubits, depth {depth} and width {width:g} your number is not the variance that such circuits have."
    return ""


def _slip(n_qubits, depth, width, samples, rng, *, angles=None, cost="zz", value=lambda g: g.var(ddof=1)):
    """The solution with something wrong: what the mistakes are made of."""
    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)
    if angles is not None:
        circuits = circuits.with_angles(angles(circuits.angles.shape))
    return value(first_gradients(circuits, cost))


def _uniform(width, rng):
    return lambda shape: rng.uniform(-width, width, shape)


@small_turns.mistake()
def one_sided(n_qubits, depth, width, samples, rng):
    return _slip(n_qubits, depth, width, samples, rng, angles=lambda shape: rng.uniform(0, width, shape))


@small_turns.mistake()
def width_ignored(n_qubits, depth, width, samples, rng):
    return _slip(n_qubits, depth, width, samples, rng)


@small_turns.mistake()
def standard_deviation(n_qubits, depth, width, samples, rng):
    return _slip(
        n_qubits, depth, width, samples, rng, angles=_uniform(width, rng), value=lambda g: g.std(ddof=1)
    )


@small_turns.mistake()
def mean_square(n_qubits, depth, width, samples, rng):
    return _slip(
        n_qubits, depth, width, samples, rng, angles=_uniform(width, rng), value=lambda g: np.mean(g**2)
    )


@small_turns.mistake()
def global_cost(n_qubits, depth, width, samples, rng):
    return _slip(n_qubits, depth, width, samples, rng, angles=_uniform(width, rng), cost="global")


@small_turns.mistake()
def fixed_depth(n_qubits, depth, width, samples, rng):
    return _slip(n_qubits, 8, width, samples, rng, angles=_uniform(width, rng))


@small_turns.mistake()
def half_the_samples(n_qubits, depth, width, samples, rng):
    return _slip(n_qubits, depth, width, max(2, samples // 2), rng, angles=_uniform(width, rng))


@small_turns.mistake()
def fixed_samples(n_qubits, depth, width, samples, rng):
    return _slip(n_qubits, depth, width, 400, rng, angles=_uniform(width, rng))


@small_turns.mistake()
def triangular(n_qubits, depth, width, samples, rng):
    reach = width * 2**0.5
    return _slip(
        n_qubits, depth, width, samples, rng, angles=lambda shape: rng.triangular(-reach, 0, reach, shape)
    )


@small_turns.mistake()
def normal(n_qubits, depth, width, samples, rng):
    def angles(shape):
        drawn = rng.normal(scale=width / 3, size=shape)
        return np.where(np.abs(drawn) < width, drawn, 0.1 * drawn)

    return _slip(n_qubits, depth, width, samples, rng, angles=angles)


@small_turns.mistake()
def an_angle_for_each_circuit(n_qubits, depth, width, samples, rng):
    return _slip(
        n_qubits, depth, width, samples, rng,
        angles=lambda shape: np.broadcast_to(rng.uniform(-width, width, (shape[0], 1, shape[2])), shape),
    )  # fmt: skip


@small_turns.mistake()
def chance_of_its_own(n_qubits, depth, width, samples, rng):
    rng = np.random.default_rng(1)
    return _slip(n_qubits, depth, width, samples, rng, angles=_uniform(width, rng))


@small_turns.mistake()
def normal_beyond_the_width(n_qubits, depth, width, samples, rng):
    return _slip(
        n_qubits, depth, width, samples, rng, angles=lambda shape: rng.normal(scale=width, size=shape)
    )


@small_turns.mistake()
def identity_blocks(n_qubits, depth, width, samples, rng):
    circuits = draw_circuits(n_qubits, depth - depth % 2, samples=samples, init="identity", rng=rng)
    angles = rng.uniform(-width, width, circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)
