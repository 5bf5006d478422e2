"""An attack that stays within what honest clients differ by."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="a robust rule keeps out who is far away. It does not know who is honest.",
    because=r"""
        f colluders that send the *same* thing are f - 1 neighbours for each other at distance 0. An honest model has noise of
        its own in every one of its d parameters, so that two of them differ by about $2d$ variances; from the shifted mean to
        one of them it is only about $(1+z^2)d$. So for a small z the attackers have, as a rule, the nearest neighbours of all,
        and Krum picks one. Each such round moves the model the same way ("a little is enough", Baruch et al. 2019,
        arXiv:1902.06156), and each update lies where an honest one might.
    """,
)
def inside_spread(honest, f, z):
    r"""`honest` is an array of shape (m, d): the models that m honest clients send, which f colluders know. All colluders send
    the same vector: in each parameter the mean of the honest models minus z of their standard deviations (divided by m, as
    `np.std` does). The server takes n = m + f models and chooses one by Krum for f liars: that with the least sum of squared
    distances to its n - f - 2 nearest others. Return the tuple `(vector, picked)`: what a colluder sends, and `True` if Krum
    chooses a colluder, else `False`. 2f + 2 is below n.
    """
    vector = honest.mean(axis=0) - z * honest.std(axis=0)
    models = np.vstack([honest, np.tile(vector, (f, 1))])
    squares = ((models[:, None] - models) ** 2).sum(axis=2)
    scores = np.sort(squares, axis=1)[:, : len(models) - f - 1].sum(axis=1)  # its own 0 and n - f - 2 others
    return vector, bool(np.argmin(scores) >= len(honest))


def _picked(honest, f, z, neighbours, power=1.0):
    """Tell whether a colluder has the least sum over so many neighbours."""
    vector = honest.mean(axis=0) - z * honest.std(axis=0)
    models = np.vstack([honest, np.tile(vector, (f, 1))])
    squares = ((models[:, None] - models) ** 2).sum(axis=2) ** power
    scores = np.sort(squares, axis=1)[:, 1 : 1 + neighbours].sum(axis=1)
    return bool(np.argmin(scores) >= len(honest))


def _edges(honest, f):
    """The z, from far to near, at which Krum begins to pick a colluder, for the right rule and for others."""
    m = len(honest)
    rules = ((m - 2, 1.0), (m - 1, 1.0), (m - 3, 1.0), (m - 2, 0.5), (m + f - 1, 1.0))
    grid = np.linspace(3, 0, 61)
    return [next((z for z in grid if _picked(honest, f, z, *rule)), 0.0) for rule in rules]


@inside_spread.cases
def federations(rng):
    """One colluder to three among five honest clients to ten; small z and large, with z between the edges of Krum and of its
    slips."""
    for m, f in ((5, 1), (6, 2), (7, 3), (8, 2), (9, 3), (10, 1), (7, 2)):
        d = int(rng.integers(2, 9))
        honest = rng.normal(size=d) * 3 + rng.normal(size=(m, d)) * rng.uniform(0.2, 3, d)
        edge, *others = _edges(honest, f)
        for other in others:
            if abs(edge - other) > 0.03:
                yield honest, f, float((edge + other) / 2)
        for z in (0.05, 0.9 * edge, 1.1 * edge + 0.05, 4.0):
            yield honest, f, float(z)
        yield honest, f, float(-edge / 2)


def _pick(honest, f, z):
    return _picked(honest, f, z, len(honest) - 2)


@inside_spread.mistake("`vector` is the mean plus z standard deviations: minus is asked for.")
def the_other_side(honest, f, z):
    return honest.mean(axis=0) + z * honest.std(axis=0), _pick(honest, f, z)


@inside_spread.mistake(
    "`vector`: you divide by m - 1 under the root. Here the spread is that of `np.std`, divided by m."
)
def spread_of_a_sample(honest, f, z):
    return honest.mean(axis=0) - z * honest.std(axis=0, ddof=1), _pick(honest, f, z)


@inside_spread.mistake("`vector`: z counts standard deviations, and you take variances.")
def variances(honest, f, z):
    return honest.mean(axis=0) - z * honest.var(axis=0), _pick(honest, f, z)


@inside_spread.mistake("`vector`: one spread for all parameters is not enough; each has its own (axis=0).")
def one_spread(honest, f, z):
    return honest.mean(axis=0) - z * honest.std(), _pick(honest, f, z)


@inside_spread.mistake("`vector` is the shift alone: it is taken from the mean.")
def the_shift(honest, f, z):
    return -z * honest.std(axis=0), _pick(honest, f, z)


@inside_spread.mistake("`vector` is what one colluder sends, d numbers; you give one row for each of them.")
def a_row_for_each(honest, f, z):
    return np.tile(inside_spread.solution(honest, f, z)[0], (f + 1, 1))[1:], _pick(honest, f, z)


@inside_spread.mistake(
    "`vector` is right. `picked` is True for you whatever z is: far enough away, Krum keeps them out."
)
def always_picked(honest, f, z):
    return inside_spread.solution(honest, f, z)[0], True


@inside_spread.mistake(
    "`vector` is right. `picked` is False for you whatever z is: this attack is made to be chosen."
)
def never_picked(honest, f, z):
    return inside_spread.solution(honest, f, z)[0], False


@inside_spread.mistake(
    "`vector` is right. Of `picked` the opposite is true: a colluder stands behind the m honest ones."
)
def the_opposite(honest, f, z):
    return inside_spread.solution(honest, f, z)[0], not _pick(honest, f, z)


@inside_spread.mistake("`vector` is right. For `picked` you count one neighbour too many: n - f - 2 others.")
def one_neighbour_more(honest, f, z):
    return inside_spread.solution(honest, f, z)[0], _picked(honest, f, z, len(honest) - 1)


@inside_spread.mistake(
    "`vector` is right. For `picked` you count a model among its own neighbours: one other is missing."
)
def its_own_neighbour(honest, f, z):
    return inside_spread.solution(honest, f, z)[0], _picked(honest, f, z, len(honest) - 3)


@inside_spread.mistake(
    "`vector` is right. For `picked` you count all others, and Krum the n - f - 2 nearest."
)
def all_others(honest, f, z):
    return inside_spread.solution(honest, f, z)[0], _picked(honest, f, z, len(honest) + f - 1)


@inside_spread.mistake("`vector` is right. For `picked` the distances are to be squared.")
def not_squared(honest, f, z):
    return inside_spread.solution(honest, f, z)[0], _picked(honest, f, z, len(honest) - 2, 0.5)


@inside_spread.mistake(
    "`vector` is right. For `picked` you ask whether z is below 1: what Krum does depends on the models, ask it."
)
def below_one_deviation(honest, f, z):
    return inside_spread.solution(honest, f, z)[0], bool(abs(z) < 1)
