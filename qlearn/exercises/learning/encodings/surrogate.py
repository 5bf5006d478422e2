"""Surrogate."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="7 runs of the circuit, and it may be switched off: the series gives every other value.",
    because=r"""
        The coefficients are $c_k=\frac1{2K+1}\sum_j f(x_j)e^{-ikx_j}$ on $2K+1$ equally spaced points, exactly:
        this is the sampling theorem. On a real device each value needs shots, but only for these points. With d
        features the points are $(2K+1)^d$, and there the trick ends.
    """,
)
def surrogate(f, degree):
    """A circuit computes `f(x)`, real, with whole frequencies up to `degree`. Write `surrogate(f,
    degree)`: ask f a few times, and return a function of one number that equals f everywhere and never
    asks it again.
    """
    k = np.arange(-degree, degree + 1)
    x = 2 * np.pi * np.arange(2 * degree + 1) / (2 * degree + 1)
    values = np.array([f(one) for one in x])
    c = np.exp(-1j * np.outer(k, x)) @ values / len(x)
    return lambda x: (c @ np.exp(1j * k * x)).real


@surrogate.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_surrogate of the old module
    yield ()


@surrogate.mistake(
    "you asked f 10 times. A series of degree 5 has 11 coefficients: 2 x 5 + 1 values are needed."
)
def one_point_too_few(f, degree):
    k = np.arange(-degree, degree + 1)
    x = 2 * np.pi * np.arange(2 * degree) / (2 * degree)
    values = np.array([f(one) for one in x])
    c = np.exp(-1j * np.outer(k, x)) @ values / len(x)
    return lambda x: (c @ np.exp(1j * k * x)).real


@surrogate.mistake("your function is f(-x): the sign in one of the two exponentials is turned.")
def sign(f, degree):
    k = np.arange(-degree, degree + 1)
    x = 2 * np.pi * np.arange(2 * degree + 1) / (2 * degree + 1)
    values = np.array([f(one) for one in x])
    c = np.exp(1j * np.outer(k, x)) @ values / len(x)
    return lambda x: (c @ np.exp(1j * k * x)).real


@surrogate.mistake("11 times too large: a coefficient is the *mean* of f(x) exp(-ikx), not the sum.")
def sum(f, degree):
    k = np.arange(-degree, degree + 1)
    x = 2 * np.pi * np.arange(2 * degree + 1) / (2 * degree + 1)
    values = np.array([f(one) for one in x])
    c = np.exp(-1j * np.outer(k, x)) @ values
    return lambda x: (c @ np.exp(1j * k * x)).real


@surrogate.mistake(
    "you asked f 7 times. A series of degree 5 has 11 coefficients: 2 x 5 + 1 values are needed."
)
def degree_3_only(f, degree):
    k = np.arange(-3, 4)
    x = 2 * np.pi * np.arange(7) / (7)
    values = np.array([f(one) for one in x])
    c = np.exp(-1j * np.outer(k, x)) @ values / len(x)
    return lambda x: (c @ np.exp(1j * k * x)).real


@surrogate.mistake(
    "you asked f 20,001 times. Each is a run of the circuit, with all its shots. A series of degree 5 has 11 "
    "coefficients, and so many values fix it everywhere."
)
def a_table(f, degree):
    x = np.linspace(-7, 7, 20001)
    values = [f(one) for one in x]
    return lambda at: np.interp(at, x, values)


@surrogate.mistake(
    "your surrogate asks f again. It must live from the values that it collected at the start."
)
def asks_again(f, degree):
    return f
