"""Angle gram."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="q cosines an entry, also for 40 qubits, and no state was made: this kernel was never quantum.",
    because=r"""
        The overlap of product states is the product of the overlaps, and on one wire it is $\cos\tfrac{s(x-y)}2$.
        For rows that are close this is nearly $e^{-s^2\|x-y\|^2/4}$, an RBF kernel.
    """,
)
def angle_gram(X, Y, scale):
    """Write `angle_gram(X, Y, scale)`: the kernel matrix of angle encoding with bandwidth `scale`, shapes
    $(n, q)$ and $(m, q)$, without making a state.
    """
    apart = scale * (X[:, None] - Y[None])
    return np.prod(np.cos(apart / 2) ** 2, axis=-1)


@angle_gram.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_angle_gram of the old module
    yield ()


@angle_gram.mistake("a turn by x moves the amplitudes by x/2: halve the angle inside the cosine.")
def whole_angle(X, Y, scale):
    return np.prod(np.cos(scale * (X[:, None] - Y)) ** 2, axis=-1)


@angle_gram.mistake("that is the overlap itself, and it can be negative. The kernel is its square.")
def not_squared(X, Y, scale):
    return np.prod(np.cos(scale * (X[:, None] - Y) / 2), axis=-1)


@angle_gram.mistake("you took the mean over the wires. Overlaps of product states multiply.")
def mean(X, Y, scale):
    return np.mean(np.cos(scale * (X[:, None] - Y) / 2) ** 2, axis=-1)


@angle_gram.mistake("right for the scale 0.7 only: use the `scale` that you are given.")
def a_scale_of_its_own(X, Y, scale):
    return np.prod(np.cos(0.35 * (X[:, None] - Y)) ** 2, axis=-1)


@angle_gram.mistake(
    "with 3 features right, with 40 it stops: X has 40 features, so 40 qubits; the states of 5 rows would take "
    "8.19e+04 GiB, and max_gib is 4. Reduce the features (for example with PCA), give fewer rows, let out be a "
    "file, or raise max_gib. A state of 40 qubits has 2^40 amplitudes, and you need none of them."
)
def makes_states(X, Y, scale):
    from qlearn.learning.encodings import AngleEncoding
    from qlearn.learning.qsvm import FidelityKernel

    return FidelityKernel(AngleEncoding(bandwidth=scale)).gram(X, Y)


@angle_gram.mistake("the scale is missing: wire w turns by scale times x_w.")
def no_scale(X, Y, scale):
    return np.prod(np.cos((X[:, None] - Y) / 2) ** 2, axis=-1)
