"""One update that puts a weighted mean where its sender wants it."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="one client of many, and the mean says what it wants: a mean has no defence of its own.",
    because=r"""
        The mean is $(\sum_c n_c w_c+n\,w)/(\sum_c n_c+n)$. Set it equal to the target and solve for w. It lies beyond the
        target, by $\sum_c n_c/n$ times the way from the honest mean to the target: far out if the attacker claims few samples,
        and a server that shortens long updates limits that. If it claims many it need not go far, and nothing here checks the
        claim.
    """,
)
def steer_mean(others, n, target):
    r"""The server takes the mean of the models that it gets, weighted by the number of samples. `others` lists what it gets
    from the honest clients as pairs `(model, samples)`, each model an array of the shape of `target`. An attacker that knows
    them claims n samples. Return the model that it sends so that the mean of all, its own with them, is `target`.
    """
    total = n + sum(samples for _, samples in others)
    return (total * target - sum(samples * model for model, samples in others)) / n


@steer_mean.cases
def federations(rng):
    """One honest client to eight, of few samples and many; an attacker that claims few and one that claims many; any shape."""
    yield [(np.array([0.0, 2.0]), 30), (np.array([1.0, -1.0]), 10)], 10, np.array([5.0, 5.0])
    for n_others in (1, 2, 3, 5, 8):
        shape = ((3,), (2, 2), (1,), (4,), (2, 1, 3))[int(rng.integers(5))]
        others = [(rng.normal(size=shape), int(10 ** rng.uniform(0, 3))) for _ in range(n_others)]
        yield others, int(10 ** rng.uniform(0, 3)), 3 * rng.normal(size=shape)


def _mean(others):
    return sum(m * model for model, m in others) / sum(m for _, m in others)


@steer_mean.mistake(
    "that is the target itself: the honest models pull the mean back. Solve for what has to be sent."
)
def the_target(others, n, target):
    return target


@steer_mean.mistake(
    "the attacker's own samples count in the mean too: its weight is n over the sum of *all* samples."
)
def without_its_own_samples(others, n, target):
    total = sum(m for _, m in others)
    return (total * target - sum(m * model for model, m in others)) / n


@steer_mean.mistake("the sum over the honest models is to be divided by n as well: brackets.")
def not_all_divided(others, n, target):
    total = n + sum(m for _, m in others)
    return total * target / n - sum(m * model for model, m in others)


@steer_mean.mistake("you have the weighted sum that is missing: divide it by the attacker's own n.")
def not_divided(others, n, target):
    total = n + sum(m for _, m in others)
    return total * target - sum(m * model for model, m in others)


@steer_mean.mistake("every client counts the same with you: the server weighs by samples.")
def plain_mean(others, n, target):
    return (len(others) + 1) * target - sum(model for model, _ in others)


@steer_mean.mistake(
    "that is mirrored: the further the honest mean lies on one side, the further to the other side goes the attacker."
)
def sign_exchanged(others, n, target):
    total = n + sum(m for _, m in others)
    return (total * target + sum(m * model for model, m in others)) / n


@steer_mean.mistake(
    "almost: you scale the way from the honest mean to the target, and leave out where it begins. Add the honest mean."
)
def the_way_alone(others, n, target):
    return (n + sum(m for _, m in others)) / n * (target - _mean(others))


@steer_mean.mistake("you take the honest models off unweighted: each counts as often as it has samples.")
def honest_unweighted(others, n, target):
    total = n + sum(m for _, m in others)
    return (total * target - sum(model for model, _ in others)) / n


@steer_mean.mistake("right against one client. There may be more: sum over all of `others`.")
def against_the_first(others, n, target):
    return steer_mean.solution(others[:1], n, target)


@steer_mean.mistake("that is the mean with the target sent in it: it is moved, and not yet there.")
def the_mean_that_comes_out(others, n, target):
    total = n + sum(m for _, m in others)
    return (n * target + sum(m * model for model, m in others)) / total


@steer_mean.mistake(
    "twice the target minus the honest mean is right where the attacker has half of all samples, and only there."
)
def mirrored_once(others, n, target):
    return 2 * target - _mean(others)
