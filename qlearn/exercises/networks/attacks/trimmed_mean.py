"""A mean without the ends."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="k liars are either among what is cut off, or lie between honest values: they move it by no more than those differ.",
    because="""
        Each coordinate is sorted by itself, so that what is cut off in one may stay in another. With at most k liars, each value
        that is kept has an honest one at or below it and one at or above it. `ranked[k : n - k]` does it for k = 0
        too, where `ranked[k:-k]` is empty. Trimming costs: where honest clients differ, those at the ends are cut off
        with the liars, in each coordinate others.
    """,
)
def trimmed_mean(models, k):
    """`models` is an array of shape (n, d): the models of n clients, with d parameters each. Return the coordinate-wise trimmed
    mean, d numbers: of each parameter leave out the k smallest and the k largest values, and take the mean of the rest. 2k is
    below n, and k may be 0.
    """
    ranked = np.sort(models, axis=0)
    return ranked[k : len(ranked) - k].mean(axis=0)


@trimmed_mean.cases
def federations(rng):
    """From one client to twelve, nobody trimmed to all but one; liars far away, equal values, d below n and above."""
    yield (
        np.array(
            [
                [1, 2, 0],
                [1.1, 1.9, 0.1],
                [0.9, 2.1, -0.1],
                [1.05, 2.05, 0.05],
                [0.95, 1.95, -0.05],
                [1.2, 2.2, 0.2],
                [100, -100, 50],
            ]
        ),
        1,
    )
    for n, k in ((1, 0), (4, 0), (5, 2), (6, 2), (7, 1), (9, 3), (12, 5), (12, 2)):
        models = rng.normal(size=(n, int(rng.integers(2, 15))))
        liars = rng.permutation(n)[:k]
        models[liars] = rng.choice((-1e3, 1e3), (k, models.shape[1])) * rng.uniform(1, 2, (k, 1))
        yield models, k
    yield rng.integers(-2, 3, (8, 4)).astype(float), 2


@trimmed_mean.mistake(
    "for k = 0 your slice `[k:-k]` is empty: `[0:-0]` ends where it begins. Count from the front: `n - k`."
)
def an_empty_slice(models, k):
    return np.sort(models, axis=0)[k:-k].mean(axis=0)


@trimmed_mean.mistake("nothing is left out: that is the mean, and one liar moves it anywhere.")
def plain_mean(models, k):
    return models.mean(axis=0)


@trimmed_mean.mistake("that is the median: all but the middle is left out, and k says how many are.")
def median(models, k):
    return np.median(models, axis=0)


@trimmed_mean.mistake("you leave out the k largest only: liars may lie below as well.")
def above_only(models, k):
    return np.sort(models, axis=0)[: len(models) - k].mean(axis=0)


@trimmed_mean.mistake("you leave out the k smallest only: liars may lie above as well.")
def below_only(models, k):
    return np.sort(models, axis=0)[k:].mean(axis=0)


@trimmed_mean.mistake("k values are left out at *each* end, and you leave out k in all.")
def k_in_all(models, k):
    n = len(models)
    return np.sort(models, axis=0)[k // 2 : n - (k - k // 2)].mean(axis=0)


@trimmed_mean.mistake(
    "the parameters are sorted within each model: compare the same parameter of all clients (axis=0)."
)
def sorted_within_models(models, k):
    return np.sort(models, axis=1)[k : len(models) - k].mean(axis=0)


@trimmed_mean.mistake("the first and the last k clients are left out, as they come: sort first.")
def not_sorted(models, k):
    return models[k : len(models) - k].mean(axis=0)


@trimmed_mean.mistake(
    "whole models are left out, by their size. Coordinate-wise means that each parameter is sorted by itself: a liar may hide "
    "in one."
)
def whole_models(models, k):
    order = np.argsort(np.linalg.norm(models, axis=1))
    return models[order[k : len(models) - k]].mean(axis=0)


@trimmed_mean.mistake(
    "whole models are left out, by their sums. Coordinate-wise means that each parameter is sorted by itself."
)
def by_their_sums(models, k):
    order = np.argsort(models.sum(axis=1))
    return models[order[k : len(models) - k]].mean(axis=0)


@trimmed_mean.mistake("the sum is divided by n; n - 2k values went into it.")
def divided_by_all(models, k):
    return np.sort(models, axis=0)[k : len(models) - k].sum(axis=0) / len(models)


@trimmed_mean.mistake("that is one number: the mean is taken over clients only (axis=0).")
def mean_of_everything(models, k):
    return np.sort(models, axis=0)[k : len(models) - k].mean()


@trimmed_mean.mistake(
    "the ends are not left out but pulled in (winsorised): take the mean of those that are left."
)
def winsorised(models, k):
    ranked = np.sort(models, axis=0)
    return np.clip(models, ranked[k], ranked[len(models) - 1 - k]).mean(axis=0)


@trimmed_mean.mistake(
    "you leave out those farthest from the median, 2k of them; asked for are k at each end."
)
def farthest_from_the_median(models, k):
    order = np.argsort(np.abs(models - np.median(models, axis=0)), axis=0, kind="stable")
    return np.take_along_axis(models, order[: len(models) - 2 * k], axis=0).mean(axis=0)
