"""Small turns."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.learning.barren_plateaus import draw_circuits, first_gradients


@exercise(
    level="project",
    right=(
        "From 0.066 at width 0.1 down to 0.0062 at width pi: no mirror images needed, small turns are enough. How "
        "small? Try widths that shrink with the depth."
    ),
    because=r"""
        Each small turn moves the state by about its angle, in a random direction. After $L$ layers that adds up to
        $\text{width}\cdot\sqrt L$ a wire, as in a random walk: with a width of $1/\sqrt L$ the circuit never gets
        far from its start, and the slope survives. Zhang et al. (2022, arXiv:2203.09376) prove it for normal
        angles.
    """,
)
def small_turns(n_qubits, depth, width, samples, rng):
    """Another remedy: start with *small* angles. Write `small_turns(n_qubits, depth, width, samples,
    rng)`: draw circuits with `draw_circuits`, replace their angles (`with_angles`) by ones uniform
    between `-width` and `width`, and return the variance of `first_gradients`, cost `"zz"`. Then find
    out how the width must shrink with depth, so that the variance does not fall.
    """
    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)
    angles = rng.uniform(-width, width, circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)


@small_turns.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_small_turns of the old module
    yield ()


@small_turns.mistake(
    "at width 1 you get 0.0098; with angles uniform from -1 to 1 it is 0.018. One-sided angles add up to a turn "
    "with a direction, and a normal distribution of that width reaches further."
)
def one_sided(n_qubits, depth, width, samples, rng):
    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)
    angles = rng.uniform(0, width, circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)


@small_turns.mistake(
    "angles within 0.001 and within pi give you the same, 0.0065: the width does not reach the circuits. "
    "`with_angles` returns new circuits."
)
def width_ignored(n_qubits, depth, width, samples, rng):
    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)
    return first_gradients(circuits).var(ddof=1)


@small_turns.mistake("that looks like a standard deviation; the variance was asked for.")
def standard_deviation(n_qubits, depth, width, samples, rng):
    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)
    angles = rng.uniform(-width, width, circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "zz").std(ddof=1)


@small_turns.mistake('that is the variance of the global cost. For the cost Z0 Z1, say so: `"zz"`.')
def global_cost(n_qubits, depth, width, samples, rng):
    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)
    angles = rng.uniform(-width, width, circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "global").var(ddof=1)


@small_turns.mistake(
    "at depth 2 and width pi you get 0.0073; two layers are no plateau yet, it is 0.095. Does `depth` reach "
    "`draw_circuits`?"
)
def depth_48(n_qubits, depth, width, samples, rng):
    circuits = draw_circuits(n_qubits, 48, samples=samples, rng=rng)
    angles = rng.uniform(-width, width, circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)


@small_turns.mistake(
    "two circuits give you nearly the same variance each time, as only many can: does `samples` reach "
    "`draw_circuits`?"
)
def m_400_samples(n_qubits, depth, width, samples, rng):
    circuits = draw_circuits(n_qubits, depth, samples=400, rng=rng)
    angles = rng.uniform(-width, width, circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)


@small_turns.mistake("asked for 401 circuits you take the derivatives of 200.")
def half_the_samples(n_qubits, depth, width, samples, rng):
    circuits = draw_circuits(n_qubits, depth, samples=max(2, samples // 2), rng=rng)
    angles = rng.uniform(-width, width, circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)


@small_turns.mistake("asked for angles from -1 to 1 you turn by up to 1.36.")
def triangular(n_qubits, depth, width, samples, rng):
    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)
    angles = rng.triangular(-width * 2**0.5, 0, width * 2**0.5, circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)


@small_turns.mistake(
    "the angles are drawn from a normal distribution; uniform from -width to width was asked for."
)
def normal(n_qubits, depth, width, samples, rng):
    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)
    angles = rng.normal(scale=width / np.sqrt(3), size=circuits.angles.shape)
    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)
