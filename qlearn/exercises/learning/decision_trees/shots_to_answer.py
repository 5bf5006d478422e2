"""Shots to answer."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right=(
        "For small fidelities it is 2 z^2 / (F - G)^2: what decides is how far they are apart, and with every qubit "
        "typical fidelities come closer together."
    ),
    because=r"""
        With $p=(1+F)/2$ the estimate $2\hat p-1$ has the variance $4p(1-p)/n=(1-F^2)/n$. The variances of the two
        estimates add: $(2-F^2-G^2)/n$. Set $z$ roots of it equal to $|F-G|$.
    """,
)
def shots_to_answer(F, G, z):
    """A swap test finds its ancilla in 0 with probability $(1+F)/2$. A node asks which of two fidelities,
    F or G, is larger, and estimates each by n swap tests. Write `shots_to_answer(F, G, z)`: the n at
    which the difference is z standard errors.
    """
    return np.ceil(z**2 * (2 - F**2 - G**2) / (F - G) ** 2)


@shots_to_answer.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_shots_to_answer of the old module
    yield ()


@shots_to_answer.mistake(
    "for fidelities 0.6 and 0.4, z = 3, you say 663; 333 are needed. The two estimates err independently: add "
    "variances, not standard errors."
)
def errors_added(F, G, z):
    return np.ceil((z * (np.sqrt(1 - F**2) + np.sqrt(1 - G**2)) / (F - G)) ** 2)


@shots_to_answer.mistake(
    "for fidelities 0.6 and 0.4, z = 3, you say 451; 333 are needed. That is for small fidelities; a fidelity "
    "near 1 is surer, its variance is (1 - F^2) / n."
)
def small_fidelities(F, G, z):
    return np.ceil(2 * z**2 / (F - G) ** 2)


@shots_to_answer.mistake(
    "for fidelities 0.6 and 0.4, z = 3, you say 83.25; 333 are needed. The fidelity is 2p - 1, so its error is "
    "*twice* that of the share of zeros p, and its variance four times."
)
def factor_forgotten(F, G, z):
    p, q = (1 + F) / 2, (1 + G) / 2
    return z**2 * (p * (1 - p) + q * (1 - q)) / (F - G) ** 2


@shots_to_answer.mistake(
    "for fidelities 0.6 and 0.4, z = 3, you say 108; 333 are needed. That is for compute and uncompute, whose "
    "share of zeros is the fidelity. The swap test's is (1 + F) / 2."
)
def compute_and_uncompute(F, G, z):
    return z**2 * (F * (1 - F) + G * (1 - G)) / (F - G) ** 2


@shots_to_answer.mistake(
    "for fidelities 0.6 and 0.4, z = 3, you say 18.25; 333 are needed. Errors fall with the root of the shots: "
    "square."
)
def not_squared(F, G, z):
    return z * np.sqrt(2 - F**2 - G**2) / abs(F - G)


@shots_to_answer.mistake(
    "for fidelities 0.6 and 0.4, z = 3, you say 144; 333 are needed. Both fidelities are estimated: add both "
    "variances."
)
def one_of_two(F, G, z):
    return z**2 * (1 - F**2) / (F - G) ** 2


@shots_to_answer.mistake(
    "for fidelities 0.2 and 0.7, z = 2, you say inf; 23.52 are needed. Here G is the larger one: nobody knows "
    "beforehand which it is."
)
def f_above_g(F, G, z):
    return np.ceil(z**2 * (2 - F**2 - G**2) / (F - G) ** 2) if F > G else np.inf


@shots_to_answer.mistake(
    "for fidelities 0.6 and 0.4, z = 3, you say 37; 333 are needed. That is one standard error. For z of them it "
    "takes z squared times as many."
)
def no_z(F, G, z):
    return (2 - F**2 - G**2) / (F - G) ** 2
