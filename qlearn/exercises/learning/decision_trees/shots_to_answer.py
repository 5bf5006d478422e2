"""How many swap tests a question takes."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close_or_rounded_up


@exercise(
    level="stretch",
    same=close_or_rounded_up,
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
    """A swap test finds its ancilla in 0 with probability $(1+F)/2$. A node asks which of two fidelities, F
    or G, is larger, and estimates each by n swap tests. Return the n at which the difference is z standard
    errors. Where it is not whole, round it up, or leave it as it is.
    """
    return z**2 * (2 - F**2 - G**2) / (F - G) ** 2


@shots_to_answer.cases
def questions(rng):
    """Fidelities far apart and near, large and small, the first above the second and below; and an n that is whole."""
    yield from ((0.6, 0.4, 3.0), (0.2, 0.7, 2.0), (2.0**-9, 2.0**-10, 3.0), (0.5, 0.0, 2.0), (0.97, 0.9, 1.5))
    for _ in range(6):
        F = float(rng.uniform(0.02, 0.98))
        G = float(np.abs(F - rng.choice([-1, 1]) * rng.uniform(0.05, 0.3)))
        yield (F, G, float(rng.uniform(1, 5))) if G < 1 else (F, F / 2, 2.5)


@shots_to_answer.mistake("the two estimates err independently: add variances, not standard errors.")
def errors_added(F, G, z):
    return (z * (np.sqrt(1 - F**2) + np.sqrt(1 - G**2)) / (F - G)) ** 2


@shots_to_answer.mistake(
    "that is for small fidelities; a fidelity near 1 is surer, its variance is (1 - F^2) / n."
)
def small_fidelities(F, G, z):
    return 2 * z**2 / (F - G) ** 2


@shots_to_answer.mistake(
    "the fidelity is 2p - 1, so its error is *twice* that of the share of zeros p, and its variance four times."
)
def factor_forgotten(F, G, z):
    p, q = (1 + F) / 2, (1 + G) / 2
    return z**2 * (p * (1 - p) + q * (1 - q)) / (F - G) ** 2


@shots_to_answer.mistake(
    "that is for compute and uncompute, whose share of zeros is the fidelity. The swap test's is (1 + F) / 2."
)
def compute_and_uncompute(F, G, z):
    return z**2 * (F * (1 - F) + G * (1 - G)) / (F - G) ** 2


@shots_to_answer.mistake("errors fall with the root of the shots: square.")
def not_squared(F, G, z):
    return z * np.sqrt(2 - F**2 - G**2) / abs(F - G)


@shots_to_answer.mistake("square the difference too.")
def difference_not_squared(F, G, z):
    return z**2 * (2 - F**2 - G**2) / abs(F - G)


@shots_to_answer.mistake("both fidelities are estimated: add both variances.")
def one_of_two(F, G, z):
    return z**2 * (1 - F**2) / (F - G) ** 2


@shots_to_answer.mistake("where G is the larger one you have no answer: nobody knows beforehand which it is.")
def f_above_g(F, G, z):
    return z**2 * (2 - F**2 - G**2) / (F - G) ** 2 if F > G else np.inf


@shots_to_answer.mistake("that is one standard error. For z of them it takes z squared times as many.")
def no_z(F, G, z):
    return (2 - F**2 - G**2) / (F - G) ** 2


@shots_to_answer.mistake("z standard errors are z^2 times the shots, and you take z times as many.")
def z_not_squared(F, G, z):
    return z * (2 - F**2 - G**2) / (F - G) ** 2


@shots_to_answer.mistake(
    "where n is not whole you round down: then the difference is not quite z standard errors."
)
def rounds_down(F, G, z):
    return np.floor(z**2 * (2 - F**2 - G**2) / (F - G) ** 2)


@shots_to_answer.mistake("each of the two takes n; you give the number of both together.")
def both_together(F, G, z):
    return 2 * z**2 * (2 - F**2 - G**2) / (F - G) ** 2
