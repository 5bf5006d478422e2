"""The kernel of angle encoding, without a state."""

import tracemalloc

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    right="q cosines an entry, also for 40 qubits, and no state was made: this kernel was never quantum.",
    because=r"""
        The overlap of product states is the product of the overlaps, and on one wire it is $\cos\tfrac{s(x-y)}2$.
        For rows that are close this is nearly $e^{-s^2\|x-y\|^2/4}$, an RBF kernel.
    """,
)
def angle_gram(X, Y, scale):
    """Return the kernel matrix of angle encoding with bandwidth `scale`, from rows of shapes $(n, q)$ and
    $(m, q)$, without making a state. Given: `np`.
    """
    apart = scale * (X[:, None] - Y[None])
    return np.prod(np.cos(apart / 2) ** 2, axis=-1)


@angle_gram.cases
def tables(rng):
    """One row and several, one feature and eight; near and far apart; small scales and large, so that no angle is beyond pi."""
    for n, m, q in ((5, 4, 3), (1, 3, 1), (3, 2, 8), tuple(rng.integers(1, 7, 3))):
        X, Y = rng.uniform(-2.4, 2.4, (n, q)), rng.uniform(-2.4, 2.4, (m, q))
        Y[0] = 0.9 * X[0]
        yield X, Y, float(rng.uniform(0.3, 1.3))


@angle_gram.grader
def makes_no_state(answer, rng):
    """A state of 16 qubits takes a megabyte, and 16 cosines take 128 bytes."""
    X, Y = rng.uniform(-1, 1, (3, 16)), rng.uniform(-1, 1, (2, 16))
    due, traced = angle_gram.solution(X, Y, 0.5), tracemalloc.is_tracing()
    if not traced:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        got = answer(X.copy(), Y.copy(), 0.5)
        _, most = tracemalloc.get_traced_memory()
    finally:
        if not traced:
            tracemalloc.stop()
    if difference := close(got, due):
        return Verdict.wrong(f"right for few features; with 16 {difference}.")
    if most - before > 300_000:
        return Verdict.wrong(
            f"right, and with 16 features it takes {(most - before) / 1e6:.1f} MB: you make states. One of 40 qubits has "
            "2^40 amplitudes, and you need none of them."
        )
    return None


@angle_gram.mistake("a turn by x moves the amplitudes by x/2: halve the angle inside the cosine.")
def whole_angle(X, Y, scale):
    return np.prod(np.cos(scale * (X[:, None] - Y)) ** 2, axis=-1)


@angle_gram.mistake("that is the overlap itself, and it can be negative. The kernel is its square.")
def not_squared(X, Y, scale):
    return np.prod(np.cos(scale * (X[:, None] - Y) / 2), axis=-1)


@angle_gram.mistake("you took the mean over the wires. Overlaps of product states multiply.")
def mean(X, Y, scale):
    return np.mean(np.cos(scale * (X[:, None] - Y) / 2) ** 2, axis=-1)


@angle_gram.mistake("you turn by 0.7 x, whatever the scale: use the `scale` that you are given.")
def a_scale_of_its_own(X, Y, scale):
    return np.prod(np.cos(0.35 * (X[:, None] - Y)) ** 2, axis=-1)


@angle_gram.mistake("the scale is missing: wire w turns by scale times x_w.")
def no_scale(X, Y, scale):
    return np.prod(np.cos((X[:, None] - Y) / 2) ** 2, axis=-1)


@angle_gram.mistake(
    "that is the RBF kernel which it resembles where rows are close. Far apart it has a period."
)
def rbf(X, Y, scale):
    return np.exp(-np.sum((scale * (X[:, None] - Y)) ** 2, axis=-1) / 4)


@angle_gram.mistake("you added the angles. Equal rows must have likeness 1: undo one turn, do not repeat it.")
def angles_added(X, Y, scale):
    return np.prod(np.cos(scale * (X[:, None] + Y) / 2) ** 2, axis=-1)


@angle_gram.mistake(
    "one cosine of the distance is one qubit. Each feature has its own: multiply their overlaps."
)
def one_cosine_of_the_distance(X, Y, scale):
    return np.cos(scale * np.linalg.norm(X[:, None] - Y, axis=-1) / 2) ** 2


@angle_gram.mistake("each row against itself makes one column of it: every row of X meets every row of Y.")
def of_x_alone(X, Y, scale):
    return angle_gram(X, X, scale)


@angle_gram.mistake()
def makes_states(X, Y, scale):
    from qlearn.learning.encodings import AngleEncoding

    first, second = (AngleEncoding(bandwidth=scale).states(rows) for rows in (X, Y))
    return np.abs(first.conj() @ second.T) ** 2
