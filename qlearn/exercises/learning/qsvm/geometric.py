"""The geometric difference of two kernels."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="One number, no labels: near 1, stop here; large, find out whether yours are the labels.",
    because=r"""
        $AB$ and $BA$ have the same eigenvalues: with $A=\sqrt{K_Q}$ and $B=K_C^{-1}\sqrt{K_Q}$ the hint follows.
        The leading one is the largest ratio $y^{\mathsf T}K_C^{-1}y\,/\,y^{\mathsf T}K_Q^{-1}y$ over all targets y:
        how much more complex the classical model may have to be.
    """,
)
def geometric(K_C, K_Q):
    r"""Return the geometric difference of two kernel matrices with ones on the diagonal, without a ridge.
    Hint: $\sqrt{K_Q}\,K_C^{-1}\sqrt{K_Q}$ and $K_C^{-1}K_Q$ have the same eigenvalues, so no root of a
    matrix is needed. Given: `np`.
    """
    return np.sqrt(np.linalg.eigvals(np.linalg.solve(K_C, K_Q)).real.max())


@geometric.cases
def pairs(rng):
    """Few rows and many, in which either kernel is the sharper one; and one against the identity."""
    for n, width, scale in (
        (5, 0.7, 1.0),
        (9, 1.5, 0.4),
        (int(rng.integers(6, 12)), *rng.uniform(0.5, 1.5, 2)),
    ):
        X = rng.normal(size=(n, 3))
        apart = X[:, None] - X
        classical = np.exp(-width * (apart**2).sum(-1))
        quantum = np.prod(np.cos(scale * apart) ** 2, axis=-1)
        yield 0.9 * classical + 0.1 * np.eye(n), 0.95 * quantum + 0.05 * np.eye(n)
    yield 0.8 * classical + 0.2 * np.eye(n), np.eye(n)


@geometric.mistake("that is g squared: the root is missing.")
def no_root(K_C, K_Q):
    return np.linalg.eigvals(np.linalg.solve(K_C, K_Q)).real.max()


@geometric.mistake(
    "the other way round: the *classical* matrix is inverted, for it is the classical model that suffers."
)
def exchanged(K_C, K_Q):
    return np.sqrt(np.linalg.eigvals(np.linalg.solve(K_Q, K_C)).real.max())


@geometric.mistake(
    "you took the largest *singular value* of K_C^-1 K_Q. That matrix is not symmetric, and only its eigenvalues "
    "are those of the symmetric form."
)
def singular_value(K_C, K_Q):
    return np.sqrt(np.linalg.norm(np.linalg.solve(K_C, K_Q), 2))


@geometric.mistake("the norm is the largest *eigenvalue*, not the largest entry.")
def largest_entry(K_C, K_Q):
    return np.sqrt(abs(np.linalg.solve(K_C, K_Q)).max())


@geometric.mistake(
    "the norm is the *largest* eigenvalue, for the worst of all targets; you took the smallest."
)
def smallest(K_C, K_Q):
    return np.sqrt(np.linalg.eigvals(np.linalg.solve(K_C, K_Q)).real.min())


@geometric.mistake("you took the mean over all targets, a trace. The norm is the worst of them.")
def mean(K_C, K_Q):
    return np.sqrt(np.trace(np.linalg.solve(K_C, K_Q)) / len(K_C))


@geometric.mistake(
    "you added all eigenvalues up. The norm is the largest of them, for the worst of all targets."
)
def total(K_C, K_Q):
    return np.sqrt(np.trace(np.linalg.solve(K_C, K_Q)))


@geometric.mistake("without a ridge, please: you added one to K_C before inverting it.")
def with_a_ridge(K_C, K_Q):
    return np.sqrt(np.linalg.eigvals(np.linalg.solve(K_C + 0.1 * np.eye(len(K_C)), K_Q)).real.max())


@geometric.mistake(
    "you multiply by K_C. Invert it: a rule is complex for it where its eigenvalues are small."
)
def not_inverted(K_C, K_Q):
    return np.sqrt(np.linalg.eigvals(K_C @ K_Q).real.max())
