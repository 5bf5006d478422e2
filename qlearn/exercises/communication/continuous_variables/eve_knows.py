"""What Eve may know of Bob's reading."""

import numpy as np

from qlearn.communication.continuous_variables import mode_entropy as g
from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "With the roots. Version 0.10.0 of qosst-skr leaves them out for this detector, and finds no key where a "
        "third of the light arrives."
    ),
    because="""
        Eve holds what Alice and Bob lack to be pure, so her entropy is theirs, before Bob's measurement and after
        it. The difference is what she can learn of his reading (Holevo). Each entropy is the sum of $g$ over the
        symplectic eigenvalues, and those are roots of roots.
    """,
)
def eve_knows(a, b, c):
    r"""Alice's twin beam and Bob's light have the covariance matrix $\begin{pmatrix} aI & cZ \\ cZ & bI
    \end{pmatrix}$, and Bob's homodyne detector is perfect. Return $\chi_{BE} = S(AB) - S(A|b)$, what
    Eve may know of his reading, in bits. The two symplectic eigenvalues of the whole solve $\lambda^4 - (a^2 + b^2 -
    2c^2)\lambda^2 + (ab - c^2)^2 = 0$; after Bob has read x, Alice's mode has the variances $a - c^2/b$
    and $a$, and its eigenvalue is the root of their product. Given: `np`, and `g(nu)`, the entropy of a
    mode of symplectic eigenvalue `nu`.
    """
    total, product = a**2 + b**2 - 2 * c**2, (a * b - c**2) ** 2
    root = np.sqrt(total**2 - 4 * product)
    before = g(np.sqrt((total + root) / 2)) + g(np.sqrt((total - root) / 2))
    return before - g(np.sqrt(a * (a - c**2 / b)))


@eve_knows.cases
def lines(rng):
    """Dim light and bright, short fibre and long; without noise, and with so much of it that b is above a."""
    some = rng.uniform((0.05, 0.5, 0.0), (0.9, 30.0, 0.3), (5, 3))
    for t, variance, noise in ((0.5, 4.0, 0.1), (0.9, 1.0, 0.3), (0.3, 10.0, 0.0), *some.tolist()):
        yield 1 + variance, 1 + t * (variance + noise), float(np.sqrt(t * variance * (variance + 2)))


@eve_knows.mistake(
    "here Alice's mode is measured and Bob's is left. The key is Bob's reading: measure b and keep a."
)
def alice_measures(a, b, c):
    s, p = a**2 + b**2 - 2 * c**2, (a * b - c**2) ** 2
    r = np.sqrt(s**2 - 4 * p)
    return g(np.sqrt((s + r) / 2)) + g(np.sqrt((s - r) / 2)) - g(np.sqrt(b * (b - c**2 / a)))


@eve_knows.mistake(
    "you say what Eve's state holds before Bob has measured. What is left of it afterwards she does not know."
)
def before_only(a, b, c):
    s, p = a**2 + b**2 - 2 * c**2, (a * b - c**2) ** 2
    r = np.sqrt(s**2 - 4 * p)
    return g(np.sqrt((s + r) / 2)) + g(np.sqrt((s - r) / 2))


@eve_knows.mistake("the quadratic equation gives the squares of the eigenvalues: take the roots before g.")
def no_roots(a, b, c):
    s, p = a**2 + b**2 - 2 * c**2, (a * b - c**2) ** 2
    r = np.sqrt(s**2 - 4 * p)
    return g((s + r) / 2) + g((s - r) / 2) - g(a * (a - c**2 / b))


@eve_knows.mistake(
    "after Bob's measurement only one quadrature is narrowed; this is the state after heterodyne detection."
)
def heterodyne(a, b, c):
    s, p = a**2 + b**2 - 2 * c**2, (a * b - c**2) ** 2
    r = np.sqrt(s**2 - 4 * p)
    return g(np.sqrt((s + r) / 2)) + g(np.sqrt((s - r) / 2)) - g(a - c**2 / (b + 1))


@eve_knows.mistake(
    "after the measurement the eigenvalue is a root too: the area of the ellipse is the product of its variances,"
    " the eigenvalue the root of that."
)
def last_root(a, b, c):
    s, p = a**2 + b**2 - 2 * c**2, (a * b - c**2) ** 2
    r = np.sqrt(s**2 - 4 * p)
    return g(np.sqrt((s + r) / 2)) + g(np.sqrt((s - r) / 2)) - g(a * (a - c**2 / b))


@eve_knows.mistake(
    "of the two eigenvalues before the measurement you take one only: Alice's mode and Bob's make two."
)
def one_eigenvalue(a, b, c):
    s, p = a**2 + b**2 - 2 * c**2, (a * b - c**2) ** 2
    return g(np.sqrt((s + np.sqrt(s**2 - 4 * p)) / 2)) - g(np.sqrt(a * (a - c**2 / b)))
