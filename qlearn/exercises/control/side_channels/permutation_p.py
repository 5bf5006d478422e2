"""The p-value of exchanged labels."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the true order counts as one of the orders, so the chance is never 0.",
    because=r"""
        Without a leak the true order of the labels is one of $m + 1$ that are equally likely, and the chance that it is among
        the j + 1 best is $(j + 1)/(m + 1)$. Leave out the ones, and a test of 99 exchanges would say 0 now and then, where it
        could not have said less than 1 %. Ties count against the finding: an order that did *as* well did not do worse.
    """,
)
def permutation_p(accuracy, exchanged):
    """A model was right in the share `accuracy` of fresh rows. `exchanged` is an array with the shares it reached after the
    labels of these rows were dealt out anew, once for each entry. Return the p-value of the permutation test: how
    likely is so high an accuracy, or a higher one, without a leak, if the true order is one of all these. Given: `np`.
    """
    return (1 + np.sum(exchanged >= accuracy)) / (1 + len(exchanged))


@permutation_p.cases
def accuracies(rng):
    """Shares of whole rows, so that there are ties; leaks and none."""
    for n, m, lead in (
        (100, 99, 0),
        (100, 99, 12),
        (50, 19, 4),
        (1000, 499, 30),
        (40, 200, 60),
        (60, 31, -3),
    ):
        exchanged = rng.binomial(n, 0.5, m) / n
        high = n // 2 + lead
        exchanged[: m // 6] = high / n if lead < 20 else exchanged[: m // 6]  # ties
        yield high / n, rng.permutation(exchanged)


@permutation_p.mistake(
    "the true order is one of the orders: add one to both numbers, and the p-value is never 0."
)
def without_itself(accuracy, exchanged):
    return np.mean(exchanged >= accuracy)


@permutation_p.mistake("ties count, too: an order that did *as* well is as high an accuracy.")
def without_ties(accuracy, exchanged):
    return (1 + np.sum(exchanged > accuracy)) / (1 + len(exchanged))


@permutation_p.mistake(
    "the other side: a leak shows in *high* accuracies, count those at or above the observed one."
)
def below(accuracy, exchanged):
    return (1 + np.sum(exchanged <= accuracy)) / (1 + len(exchanged))


@permutation_p.mistake("the true order is counted above and not below: divide by 1 + m.")
def one_above_alone(accuracy, exchanged):
    return (1 + np.sum(exchanged >= accuracy)) / len(exchanged)


@permutation_p.mistake(
    "the true order is counted below and not above: it is as high as itself, add one there, too."
)
def one_below_alone(accuracy, exchanged):
    return np.sum(exchanged >= accuracy) / (1 + len(exchanged))


@permutation_p.mistake("you double it. A leak makes accuracies higher and not lower: one side counts.")
def two_sides(accuracy, exchanged):
    return min(1.0, 2 * (1 + np.sum(exchanged >= accuracy)) / (1 + len(exchanged)))


@permutation_p.mistake("this is one minus the p-value: the chance of *less* than was observed.")
def one_minus(accuracy, exchanged):
    return 1 - (1 + np.sum(exchanged >= accuracy)) / (1 + len(exchanged))
