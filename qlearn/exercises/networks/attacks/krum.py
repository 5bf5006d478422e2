"""The model that has the nearest neighbours."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._refusals import outcome
from qlearn.exercises.comparisons import a, equal


@exercise(
    level="core",
    same=equal,
    right="the model chosen is one that somebody sent: Krum chooses, it does not mix.",
    because=r"""
        A liar that is far from everybody has no near neighbours. f liars that sit together have f - 1 of their own; with
        $2f+2<n$ at least $f+1$ are counted, so that two honest models or more stand in the score of a liar too (Blanchard et
        al. 2017, arXiv:1703.02757). Distances are made of *differences*: $|x|^2+|y|^2-2x\cdot y$
        is the same on paper, and for models far from zero and close together its digits cancel.
    """,
)
def krum(models, f):
    """`models` is an array of shape (n, d): the models of n clients, up to f of which lie. Krum's score of a model is the sum
    of its *squared* distances to the n - f - 2 others that are nearest to it. Return the index of the model with the least
    score; no two are equal. Refuse by a `ValueError` unless 2f + 2 < n. Models may lie close together and far from zero.
    """
    n = len(models)
    if 2 * f + 2 >= n:
        raise ValueError(f"Krum needs 2f + 2 < n, and f is {f}, n is {n}")
    scores = []
    for one in models:
        distances = np.sort(((models - one) ** 2).sum(axis=1))  # the first is its own, 0
        scores.append(distances[1 : n - f - 1].sum())
    return int(np.argmin(scores))


@krum.cases
def federations(rng):
    """Liars near, far and together; honest clients alike and in two groups; no liar expected; close together and far from
    zero."""
    line = [0.0, 1.0, 2.2, 3.3, 10.0, 10.01, 10.05]
    for f in (1, 2):
        yield np.array(line)[rng.permutation(7), None], f
    for number in range(60):
        f = int(rng.integers(0, 4))
        n = 2 * f + 3 + int(rng.integers(0, 4))
        models = rng.normal(size=(n, int(rng.integers(1, 5)))) * rng.uniform(0.3, 2, (n, 1))
        if number % 3 == 0:  # liars together
            models[rng.permutation(n)[:f]] = 2 * rng.normal(size=models.shape[1]) + 0.05 * rng.normal(
                size=(f, models.shape[1])
            )
        elif number % 3 == 1:  # a second group
            models[rng.permutation(n)[: n // 2]] += 1.5
        yield models, f
    for _ in range(6):
        models = 1e6 + 1e-3 * rng.normal(size=(10, 30))
        yield models, 2


@krum.grader
def refuses(answer, rng):
    """See that it refuses where there are too many liars, and only there."""
    for f in (*range(5), int(rng.integers(5, 20))):
        for n in (2 * f + 2, 2 * f + 1, max(f, 1), 2 * f + 3):
            models = rng.normal(size=(n, 3))
            got, refusal = outcome(answer, models, f)
            if n > 2 * f + 2:
                if refusal is not None:
                    return Verdict.wrong(
                        f"your function refuses n = {n}, f = {f}: 2f + 2 is {2 * f + 2} there, below n."
                    )
            elif refusal is None:
                return Verdict.wrong(
                    f"the choices are right. For n = {n}, f = {f} you give {a(got)}: 2f + 2 < n does not hold there, and "
                    "liars can win. Raise a ValueError."
                )
            elif not isinstance(refusal, ValueError):
                return Verdict.wrong(
                    f"the choices are right. Where there are too many liars you stop with {type(refusal).__name__}: refuse by "
                    "a ValueError, before anything is worked out."
                )
    return None


def _slip(models, f, *, count=lambda n, f: n - f - 2, power=2, own=False, which=np.argmin):
    gaps = np.sort((((models[:, None] - models) ** 2).sum(axis=2)) ** (power / 2), axis=1)
    n = len(models)
    if 2 * f + 2 >= n:
        raise ValueError(n)
    start = 0 if own else 1
    return int(which(gaps[:, start : start + count(n, f)].sum(axis=1)))


@krum.mistake()
def without_refusal(models, f):
    n = len(models)
    gaps = np.sort(((models[:, None] - models) ** 2).sum(axis=2), axis=1)
    return int(np.argmin(gaps[:, 1 : max(n - f - 1, 2)].sum(axis=1)))


@krum.mistake()
def refuses_by_an_assertion(models, f):
    assert 2 * f + 2 < len(models)
    return _slip(models, f)


@krum.mistake(
    "the model itself is among its own neighbours, with the distance 0: you count one other too few."
)
def its_own_neighbour(models, f):
    return _slip(models, f, own=True)


@krum.mistake("that is one neighbour too many: n - f - 2 others are asked for, and not n - f - 1.")
def one_more(models, f):
    return _slip(models, f, count=lambda n, f: n - f - 1)


@krum.mistake(
    "you count all others, and so choose the model nearest to the mean: liars far away decide. Count the n - f - 2 nearest."
)
def all_others(models, f):
    return _slip(models, f, count=lambda n, f: n - 1)


@krum.mistake("you count f neighbours: f is how many may lie, and n - f - 2 are counted.")
def f_neighbours(models, f):
    return _slip(models, f, count=lambda n, f: f)


@krum.mistake("you forgot the liars: n - 2 neighbours are counted, whatever f is.")
def without_f(models, f):
    return _slip(models, f, count=lambda n, f: n - 2)


@krum.mistake("the distances are to be squared: one that is twice as far counts four times.")
def not_squared(models, f):
    return _slip(models, f, power=1)


@krum.mistake("you return the model with the *largest* score: it is the one with the farthest neighbours.")
def the_largest(models, f):
    return _slip(models, f, which=np.argmax)


@krum.mistake("you return the model itself; its index is asked for.")
def the_model(models, f):
    return models[_slip(models, f)]


@krum.mistake("you return the least score; the index of its model is asked for.")
def the_score(models, f):
    gaps = np.sort(((models[:, None] - models) ** 2).sum(axis=2), axis=1)
    return gaps[:, 1 : len(models) - f - 1].sum(axis=1).min()


@krum.mistake(
    "that is the model nearest to the median of each parameter: another rule. Krum asks for neighbours."
)
def nearest_to_the_median(models, f):
    return int(np.argmin(((models - np.median(models, axis=0)) ** 2).sum(axis=1)))


@krum.mistake(
    "right, but not for models that lie far from zero and close together: |x|^2 + |y|^2 - 2 x.y loses its digits there. Subtract "
    "first, then square."
)
def by_products(models, f):
    sizes = (models**2).sum(axis=1)
    gaps = sizes[:, None] + sizes - 2 * models @ models.T
    return int(np.argmin(np.sort(gaps, axis=1)[:, 1 : len(models) - f - 1].sum(axis=1)))
