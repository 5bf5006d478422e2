"""Bandits: which arm to pull next, what it costs not to know, and the least that it must cost."""

from dataclasses import dataclass
from itertools import product
from math import comb
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betaln, xlog1py, xlogy

from qlearn._checks import as_count, as_probabilities, as_reals, as_rng

# Two arms and a horizon of 100 make 4.4 million records over all pulls; more takes longer than a game or two.
_MOST_RECORDS = 6_000_000


class BanditRule(Protocol):
    """Anything that says how likely each arm is to be pulled next, from what the arms have given so far."""

    def probabilities(self, successes: ArrayLike, pulls: ArrayLike) -> NDArray[np.float64]:
        """Return the probability of each arm, shape (..., arms), of successes and pulls of that shape."""
        ...


def choose_arm(rule: BanditRule, successes: ArrayLike, pulls: ArrayLike, rng: Any = None) -> int:
    """Draw the arm that a rule pulls next.

    Parameters
    ----------
    rule : BanditRule
    successes, pulls : array_like, shape (arms,)
        Sum of the rewards, each between 0 and 1, and number of pulls of each arm.
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.

    Returns
    -------
    int

    Examples
    --------
    >>> choose_arm(UCB1(), successes=[3, 1], pulls=[4, 4], rng=1)
    0
    """
    if np.ndim(pulls) != 1:
        raise ValueError(f"successes and pulls must have shape (arms,), not {np.shape(pulls)}")
    rng = as_rng(rng)
    if isinstance(
        rule, ThompsonSampling
    ):  # one draw from each law: as likely, and quick after thousands of pulls
        won, n = _records(successes, pulls)
        return int(rng.beta(1 + won, 1 + n - won).argmax())
    chances = rule.probabilities(successes, pulls)
    return int(np.searchsorted(chances.cumsum()[:-1], rng.random(), side="right"))


@dataclass(frozen=True)
class UCB1:
    r"""Pull the arm that could be best: the one with the largest upper confidence bound.

    .. math:: \operatorname{index}_a = \frac{s_a}{n_a} + \sqrt{\frac{2 \ln t}{n_a}}, \qquad t = \sum_a n_a

    An arm without a pull comes first, and of equal arms the first. The bound is wide for an arm that was seldom
    pulled, so doubt alone brings it back.

    Examples
    --------
    >>> UCB1().probabilities([3, 1], [4, 1])  # 3/4 from four pulls against 1/1 from one
    array([0., 1.])

    References
    ----------
    Auer, Cesa-Bianchi, Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002,
    doi:10.1023/A:1013689704352.
    """

    def probabilities(self, successes: ArrayLike, pulls: ArrayLike) -> NDArray[np.float64]:
        """Return 1 for the arm with the largest index, 0 for the others."""
        won, n = _records(successes, pulls)
        tries = np.maximum(n, 1)
        bonus = np.sqrt(2 * np.log(np.maximum(n.sum(axis=-1, keepdims=True), 1)) / tries)
        return _first_largest(np.where(n > 0, won / tries + bonus, np.inf))


@dataclass(frozen=True)
class Greedy:
    r"""Pull the arm whose mean was largest so far; each arm once to begin with.

    Of equal arms the first. Where rewards are 0 or 1 and another arm has succeeded once, it never comes back to one that failed
    at first, so its regret grows in proportion to the horizon; at short horizons it can be ahead all the same.

    Examples
    --------
    >>> Greedy().probabilities([3, 0], [4, 1])
    array([1., 0.])
    """

    def probabilities(self, successes: ArrayLike, pulls: ArrayLike) -> NDArray[np.float64]:
        """Return 1 for the arm with the largest mean, 0 for the others."""
        won, n = _records(successes, pulls)
        return _first_largest(np.where(n > 0, won / np.maximum(n, 1), np.inf))


@dataclass(frozen=True)
class ThompsonSampling:
    r"""Pull each arm as often as it is likely to be the best one, by Bayes' rule from Beta(1, 1).

    .. math:: P(a) = \int_0^1 f_a(x) \prod_{b \ne a} F_b(x)\, dx, \qquad
              x_a \sim \operatorname{Beta}(1 + s_a,\; 1 + n_a - s_a)

    For whole successes the integrand is a polynomial, and Gauss-Legendre quadrature with enough nodes is exact up
    to rounding.

    Examples
    --------
    >>> ThompsonSampling().probabilities([1, 0], [1, 1])  # x^2 against 1 - (1 - x)^2: five to one
    array([0.83333333, 0.16666667])

    References
    ----------
    Thompson, "On the likelihood that one unknown probability exceeds another in view of the evidence of two
    samples", 1933, doi:10.1093/biomet/25.3-4.285.
    """

    def probabilities(self, successes: ArrayLike, pulls: ArrayLike) -> NDArray[np.float64]:
        """Return the probability of each arm to be the best."""
        won, n = _records(successes, pulls)
        nodes, weights = np.polynomial.legendre.leggauss(
            int(n.sum(axis=-1).max(initial=0)) // 2 + n.shape[-1] + 1
        )
        x = (nodes + 1) / 2
        a, b = 1 + won[..., None], 1 + (n - won)[..., None]
        density = np.exp(xlogy(a - 1, x) + xlog1py(b - 1, -x) - betaln(a, b))
        below = betainc(a, b, x)
        others = np.stack(
            [np.delete(below, arm, axis=-2).prod(axis=-2) for arm in range(n.shape[-1])], axis=-2
        )
        chance = (density * others) @ (weights / 2)
        return chance / chance.sum(axis=-1, keepdims=True)


def exact_regret(rule: BanditRule, means: ArrayLike, horizon: int) -> NDArray[np.float64]:
    r"""Return the expected regret of a rule after each pull, shape (horizon,), without sampling.

    .. math:: R_t = \sum_{u \le t} \bigl(\max_a \mu_a - \mathbb{E}\,\mu_{a_u}\bigr)

    What a rule knows are successes and pulls of each arm: those records are counted through, one pull after the
    other, each with its probability.

    Parameters
    ----------
    rule : BanditRule
    means : array_like, shape (arms,)
        Probability of a success of each arm; at least two.
    horizon : int
        Pulls.

    Returns
    -------
    ndarray of float64, shape (horizon,)

    Raises
    ------
    ValueError
        If there are more than 6 million records: play many games with :func:`choose_arm` instead.

    Examples
    --------
    >>> exact_regret(ThompsonSampling(), [0.6, 0.4], 20)[[0, 9, 19]].round(4)
    array([0.1   , 0.8164, 1.4323])

    References
    ----------
    Lattimore, Szepesvari, "Bandit algorithms", 2020, doi:10.1017/9781108571401, section 4.5 (the regret as a sum
    over the pulls of each arm).
    """
    mu, horizon = _means(means), as_count(horizon, "horizon")
    arms = mu.size
    records = comb(horizon - 1 + 2 * arms, 2 * arms)
    if records > _MOST_RECORDS:
        raise ValueError(
            f"horizon = {horizon} with {arms} arms makes {records} records of successes and pulls, more than "
            f"{_MOST_RECORDS}: take a shorter one, or play games with choose_arm and average"
        )
    won, n, chance = np.zeros((1, arms), np.intp), np.zeros((1, arms), np.intp), np.ones(1)
    lost = np.empty(horizon)
    for t in range(horizon):
        pulled = rule.probabilities(won, n) * chance[:, None]
        lost[t] = mu.max() * chance.sum() - (pulled @ mu).sum()
        wins, tries, flows = [], [], []
        for arm, success in product(range(arms), (0, 1)):
            flow = pulled[:, arm] * (mu[arm] if success else 1 - mu[arm])
            kept = flow > 0
            step = np.eye(arms, dtype=np.intp)[arm]
            wins.append(won[kept] + success * step)
            tries.append(n[kept] + step)
            flows.append(flow[kept])
        won, n, chance = np.concatenate(wins), np.concatenate(tries), np.concatenate(flows)
        # A record is compared as its bytes: as the digits of one number, many arms would not fit in 64 bits.
        record = np.concatenate([won, n], axis=1).astype(np.min_scalar_type(horizon))
        record = np.ascontiguousarray(record)
        whole = record.view(np.dtype((np.void, record.dtype.itemsize * 2 * arms))).ravel()
        _, first, same = np.unique(whole, return_index=True, return_inverse=True)
        won, n, chance = won[first], n[first], np.bincount(same.ravel(), chance).astype(np.float64)
    return lost.cumsum()


def lai_robbins(means: ArrayLike) -> float:
    r"""Return the least regret per :math:`\ln T` that a rule can have which learns every bandit.

    .. math:: \liminf_{T\to\infty} \frac{R_T}{\ln T} \ge \sum_{a:\,\mu_a < \mu^*}
              \frac{\mu^* - \mu_a}{d(\mu_a \| \mu^*)}, \qquad
              d(p\|q) = p \ln\tfrac pq + (1-p) \ln\tfrac{1-p}{1-q}

    It holds for rules whose regret grows slower than any power of T whatever the means. It says nothing of a
    given horizon: a greedy rule can lie below it for long.

    Parameters
    ----------
    means : array_like, shape (arms,)

    Returns
    -------
    float
        0 if all arms are equal, or if the best one never fails.

    Examples
    --------
    >>> round(lai_robbins([0.6, 0.4]), 6)
    2.466303

    References
    ----------
    Lai, Robbins, "Asymptotically efficient adaptive allocation rules", 1985, doi:10.1016/0196-8858(85)90002-8.
    """
    mu = _means(means)
    best, worse = mu.max(), mu[mu < mu.max()]
    if best == 1:
        return 0.0
    apart = xlogy(worse, worse / best) + xlogy(1 - worse, (1 - worse) / (1 - best))
    return float(((best - worse) / apart).sum())


def ucb1_bound(means: ArrayLike, horizon: int) -> float:
    r"""Return a regret that UCB1 does not exceed on average.

    .. math:: R_T \le \sum_{a:\,\Delta_a > 0} \frac{8 \ln T}{\Delta_a} + \Bigl(1 + \frac{\pi^2}{3}\Bigr) \Delta_a,
              \qquad \Delta_a = \mu^* - \mu_a

    Parameters
    ----------
    means : array_like, shape (arms,)
    horizon : int
        Pulls, T.

    Returns
    -------
    float

    Examples
    --------
    >>> round(ucb1_bound([0.6, 0.4], 60), 3)  # of 60 pulls that can lose 0.2 each
    164.632

    References
    ----------
    Auer, Cesa-Bianchi, Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002,
    doi:10.1023/A:1013689704352, theorem 1.
    """
    mu = _means(means)
    gaps = mu.max() - mu[mu < mu.max()]
    return float((8 * np.log(as_count(horizon, "horizon")) / gaps + (1 + np.pi**2 / 3) * gaps).sum())


def bayes_optimum(horizon: int) -> float:
    r"""Return the most successes that any rule can expect of two arms whose means were drawn from Beta(1, 1).

    .. math:: V(s, n) = \max_a \Bigl[ \tfrac{s_a + 1}{n_a + 2}\bigl(1 + V(s + e_a, n + e_a)\bigr)
              + \tfrac{n_a - s_a + 1}{n_a + 2}\, V(s, n + e_a) \Bigr]

    by going back from the last pull through all records. This is what an oracle of the *prior* has, who
    must still find out which arm is which.

    Parameters
    ----------
    horizon : int
        Pulls, up to 60.

    Returns
    -------
    float

    Examples
    --------
    >>> [round(bayes_optimum(pulls), 7) for pulls in (1, 2, 3, 5)]
    [0.5, 1.0833333, 1.6666667, 2.8888889]

    References
    ----------
    Bellman, "A problem in the sequential design of experiments", Sankhya 16, 221 (1956).
    """
    pulls = as_count(horizon, "horizon")
    if pulls > 60:
        raise ValueError(
            f"horizon must be at most 60, not {pulls}: the table of records grows as its fourth power"
        )
    # value[n0][s0, s1] at time t, with n1 = t - n0
    after: list[NDArray[np.float64]] = [np.zeros((n0 + 1, pulls - n0 + 1)) for n0 in range(pulls + 1)]
    for t in reversed(range(pulls)):
        now = []
        for n0 in range(t + 1):
            n1 = t - n0
            p0 = ((np.arange(n0 + 1) + 1) / (n0 + 2))[:, None]
            p1 = ((np.arange(n1 + 1) + 1) / (n1 + 2))[None, :]
            one, other = after[n0 + 1], after[n0]
            first = p0 * (1 + one[1:]) + (1 - p0) * one[:-1]
            second = p1 * (1 + other[:, 1:]) + (1 - p1) * other[:, :-1]
            now.append(np.maximum(first, second))
        after = now
    return float(after[0][0, 0])


def _records(successes: ArrayLike, pulls: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    won, n = as_reals(successes, "successes", least=0), as_reals(pulls, "pulls", least=0)
    if won.shape != n.shape or n.ndim == 0 or n.shape[-1] < 2:
        raise ValueError(
            f"successes and pulls must have one shape (..., arms) with at least two arms, not {won.shape} and {n.shape}"
        )
    if (won > n + 1e-9).any():
        raise ValueError("successes must be at most pulls: a pull gives a reward between 0 and 1")
    return np.minimum(won, n), n


def _first_largest(index: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.eye(index.shape[-1])[index.argmax(axis=-1)]


def _means(means: ArrayLike) -> NDArray[np.float64]:
    mu = as_probabilities(means, "means")
    if mu.ndim != 1 or mu.size < 2:
        raise ValueError(f"means must have shape (arms,) with at least two arms, not {mu.shape}")
    return mu
