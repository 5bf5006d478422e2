"""The p-value of a permutation test, by hand."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    intact=True,
    right="no law of the traces was needed, only that equal ones may be shuffled.",
    because=r"""
        If both sets have one law, the order in which the traces came is one shuffling among others, and its distance is as likely
        the largest as any other. So of $B+1$ orders, the one that came included, count those at least as far:
        $p=(1+r)/(1+B)$ is never 0, and at most $\alpha$ with probability at most $\alpha$.
    """,
)
def two_sample(real, made, orders):
    r"""Two sets of numbers, `real` (n of them) and `made` (m), are compared by their energy distance

    $D=\frac{2}{nm}\sum_{i,j}|x_i-y_j|-\frac1{n^2}\sum_{i,j}|x_i-x_j|-\frac1{m^2}\sum_{i,j}|y_i-y_j|$

    (all pairs, each with itself too). Each row of `orders` is a shuffling: a permutation of the numbers 0 to n+m-1, which stand
    for the entries of `real` followed by those of `made`; the first n of it are the new first set. With r of the B shufflings
    at least as far as the sets as they came, return the p-value $(1+r)/(1+B)$. Rounding is no difference: count what falls short
    by less than 1e-9. Given: `np`.
    """

    def distance(x, y):
        def mean(a, b):
            return np.abs(a[:, None] - b).mean()

        return 2 * mean(x, y) - mean(x, x) - mean(y, y)

    together, n = np.concatenate([real, made]), len(real)
    found = distance(real, made)
    shuffled = [distance(together[order[:n]], together[order[n:]]) for order in orders]
    as_far = sum(other > found - 1e-9 for other in shuffled)
    return (1 + as_far) / (1 + len(orders))


def _orders(size, shufflings, rng):
    return rng.permuted(np.tile(np.arange(size), (shufflings, 1)), axis=1)


@two_sample.cases
def samples(rng):
    """Sets of unequal sizes, near and far; ties with the order that came; a difference in spread and none in the mean."""
    for n, m, shift, scale, shufflings in (
        (8, 5, 0.0, 1.0, 60),
        (12, 20, 0.8, 1.0, 80),
        (30, 10, 0.0, 3.0, 60),
        (10, 14, -0.5, 1.0, 99),
        (9, 6, 0.2, 0.4, 40),
    ):
        yield rng.normal(size=n), rng.normal(shift, scale, m), _orders(n + m, shufflings, rng)
    # Whole numbers, small sets, the order itself and its turn among the shufflings.
    x, y = rng.integers(0, 4, 4).astype(float), rng.integers(1, 6, 3).astype(float)
    turned = np.array([[0, 1, 2, 3, 4, 5, 6], [3, 2, 1, 0, 6, 5, 4]])
    yield x, y, np.vstack([turned, _orders(7, 30, rng)])
    # Each set shuffled in itself: just as far, but for rounding, which is picked to be against the others. One row comes often.
    real, made = rng.normal(size=7), rng.normal(4, 1, 6)
    within = [np.r_[rng.permutation(7), 7 + rng.permutation(6)] for _ in range(40)]
    together = np.concatenate([real, made])
    most = max(within, key=lambda order: _energy(together[order[:7]], together[order[7:]]))
    real, made = together[most[:7]], together[most[7:]]
    yield real, made, np.array([*within, *[rng.permutation(13)] * 3, *[within[0]] * 6])
    mixed = np.arange(10).reshape(2, 5).T.ravel()
    yield rng.normal(size=5), rng.normal(4, 1, 5), np.array([np.roll(np.arange(10), 5), np.arange(10), mixed])


def _energy(x, y, cross=2.0):
    def mean(a, b):
        return np.abs(a[:, None] - b).mean()

    return cross * mean(x, y) - mean(x, x) - mean(y, y)


def _p(real, made, orders, distance=_energy, above=lambda other, found: other > found - 1e-9):
    together, n = np.concatenate([real, made]), len(real)
    found = distance(real, made)
    as_far = sum(above(distance(together[o[:n]], together[o[n:]]), found) for o in orders)
    return as_far, len(orders)


@two_sample.mistake(
    "the order that came is missing: it counts among those at least as far, above and below the line."
)
def without_the_one(real, made, orders):
    r, b = _p(real, made, orders)
    return r / b


@two_sample.mistake("the 1 stands above and below the line: B + 1 orders were looked at.")
def one_above_only(real, made, orders):
    r, b = _p(real, made, orders)
    return (1 + r) / b


@two_sample.mistake(
    "that is the share of shufflings that are *nearer*: a small p-value says that few are as far."
)
def the_share_of_nearer_ones(real, made, orders):
    r, b = _p(real, made, orders)
    return 1 - (1 + r) / (1 + b)


@two_sample.mistake("shufflings just as far count too: at least as far, but for rounding.")
def strictly_farther(real, made, orders):
    r, b = _p(real, made, orders, above=lambda other, found: other > found + 1e-9)
    return (1 + r) / (1 + b)


@two_sample.mistake("your ties are broken by rounding: count what falls short by less than 1e-9.")
def ties_by_rounding(real, made, orders):
    r, b = _p(real, made, orders, above=lambda other, found: other >= found)
    return (1 + r) / (1 + b)


@two_sample.mistake("an order that comes twice counts twice: B is the number of rows.")
def each_order_once(real, made, orders):
    r, b = _p(real, made, np.unique(orders, axis=0))
    return (1 + r) / (1 + b)


@two_sample.mistake("that is r, a number of shufflings: p is (1 + r)/(1 + B).")
def the_number(real, made, orders):
    return float(_p(real, made, orders)[0])


@two_sample.mistake(
    "you compare means: two sets of one mean may differ in everything else. Take the energy distance of the prompt."
)
def means(real, made, orders):
    r, b = _p(real, made, orders, distance=lambda x, y: abs(x.mean() - y.mean()))
    return (1 + r) / (1 + b)


@two_sample.mistake(
    "the distance between the sets counts twice: with it once, the distance of equal sets is not 0."
)
def cross_once(real, made, orders):
    r, b = _p(real, made, orders, distance=lambda x, y: _energy(x, y, cross=1.0))
    return (1 + r) / (1 + b)


@two_sample.mistake(
    "the spread within each set is missing: without it a shuffling with a wide set looks far."
)
def across_alone(real, made, orders):
    r, b = _p(real, made, orders, distance=lambda x, y: np.abs(x[:, None] - y).mean())
    return (1 + r) / (1 + b)


@two_sample.mistake(
    "you cut the shuffled ones after m, and not after n: the first set has the size of `real`."
)
def cut_at_m(real, made, orders):
    together, m = np.concatenate([real, made]), len(made)
    found = _energy(real, made)
    r = sum(_energy(together[o[:m]], together[o[m:]]) > found - 1e-9 for o in orders)
    return (1 + r) / (1 + len(orders))
