"""The variance of data that nobody has seen together."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="three sums from each client, and the scale of data that nobody has seen together.",
    because=r"""
        Sums add: those of the union are the sums of the clients' sums. Only then is $\overline{x^2}-\bar x^2$
        taken. Averaging variances instead loses the spread *between* clients, which is the whole point when they
        differ.
    """,
)
def pooled_variance(sums):
    r"""Each client sends $(n, \sum x, \sum x^2)$ of one feature. Return the variance (divided by n) of all their
    samples together, from the list of these triples.
    """
    n, total, squares = (sum(column) for column in zip(*sums))
    return squares / n - (total / n) ** 2


@pooled_variance.cases
def features(rng):
    """Of two clients to six, and of one; with one sample, or many; their means lie apart, or agree."""
    for sizes, apart in (
        ((5, 20, 100), 5.0),
        ((7, 3, 40, 1, 12), 2.0),
        ((1, 1), 3.0),
        ((30,), 1.0),
        ((6, 6), 0.0),
    ):
        means = 1 + apart * rng.normal(size=len(sizes))
        parts = [
            rng.normal(m, rng.uniform(0.5, 3), n + rng.integers(3)) for n, m in zip(sizes, means, strict=True)
        ]
        yield ([(len(x), float(x.sum()), float((x**2).sum())) for x in parts],)


@pooled_variance.mistake(
    "that is the weighted mean of the variances: it leaves out how far the clients' means lie apart."
)
def mean_of_variances(sums):
    total = sum(n for n, _, _ in sums)
    return sum(n * (q / n - (s / n) ** 2) for n, s, q in sums) / total


@pooled_variance.mistake(
    "that is the plain mean of the variances; add the sums of the clients first, then use the formula once."
)
def unweighted(sums):
    return sum(q / n - (s / n) ** 2 for n, s, q in sums) / len(sums)


@pooled_variance.mistake(
    "that adds the variances up: add the sums of the clients, then use the formula once."
)
def sum_of_variances(sums):
    return sum(q / n - (s / n) ** 2 for n, s, q in sums)


@pooled_variance.mistake(
    "each client's mean counts the same here, whatever its samples: add the sums first, and divide once."
)
def mean_of_means(sums):
    n, _, squares = (sum(column) for column in zip(*sums))
    return squares / n - np.mean([s / m for m, s, _ in sums]) ** 2


@pooled_variance.mistake("that is the mean square; subtract the square of the mean.")
def mean_square(sums):
    return sum(q for _, _, q in sums) / sum(n for n, _, _ in sums)


@pooled_variance.mistake("you subtract the mean and not its square: look at the units of the two terms.")
def mean_not_squared(sums):
    n, total, squares = (sum(column) for column in zip(*sums))
    return squares / n - total / n


@pooled_variance.mistake("that is divided by n - 1; the exercise asks for the variance divided by n.")
def divided_by_one_less(sums):
    n, total, squares = (sum(column) for column in zip(*sums))
    return (squares - total**2 / n) / (n - 1)


@pooled_variance.mistake("that is the standard deviation; its square is asked for.")
def standard_deviation(sums):
    n, total, squares = (sum(column) for column in zip(*sums))
    return (squares / n - (total / n) ** 2) ** 0.5


@pooled_variance.mistake("right for three clients, not for more or fewer: take all triples of the list.")
def three_clients_only(sums):
    n, total, squares = (sum(column) for column in zip(*sums[:3]))
    return squares / n - (total / n) ** 2
