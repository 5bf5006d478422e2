"""Pooled variance."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Three sums from each client, and the scale of data that nobody has seen together.",
    because=r"""
        Sums add: those of the union are the sums of the clients' sums. Only then is $\overline{x^2}-\bar x^2$
        taken. Averaging variances instead loses the spread *between* clients, which is the whole point when they
        differ.
    """,
)
def pooled_variance(sums):
    r"""Each client sends $(n, \sum x, \sum x^2)$ of one feature. Write `pooled_variance(sums)`: the
    variance (divided by n) of all their samples together, from the list of these triples.
    """
    n, total, squares = (sum(column) for column in zip(*sums))
    return squares / n - (total / n) ** 2


@pooled_variance.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_pooled_variance of the old module
    yield ()


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


@pooled_variance.mistake("that is the mean square; subtract the square of the mean.")
def mean_square(sums):
    return sum(q for _, _, q in sums) / sum(n for n, _, _ in sums)


@pooled_variance.mistake("that is divided by n - 1; the exercise asks for the variance divided by n.")
def divided_by_n_1(sums):
    n, total, squares = (sum(column) for column in zip(*sums))
    return (squares - total**2 / n) / (n - 1)


@pooled_variance.mistake(
    "right for three clients with 125 samples, not for five with 63 (you return 7.5362522253445885): take how "
    "many clients and samples there are from the list."
)
def for_these_clients_only(sums):
    total, squares = (sum(column) for column in list(zip(*sums))[1:])
    return squares / 125 - (total / 125) ** 2
