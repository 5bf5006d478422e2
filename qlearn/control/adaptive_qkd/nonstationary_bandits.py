"""Bandits on a link that drifts: the same rules, with a record that forgets."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probabilities, as_real, as_rng
from qlearn._types import Array
from qlearn.control.adaptive_qkd.regret import as_rule
from qlearn.learning.reinforcement.bandits import BanditRule, choose_arm


@dataclass(frozen=True)
class Forgetting:
    r"""How a record of rewards forgets: by a discount, by a window, or not at all.

    .. math:: n_a(t) = \sum_{s < t,\; s \ge t - w} \gamma^{t - 1 - s}\,[a_s = a], \qquad
              s_a(t) = \sum_{s < t,\; s \ge t - w} \gamma^{t - 1 - s}\,[a_s = a]\, r_s

    A rule that is fed with these in the place of successes and pulls becomes its discounted or sliding-window kin.

    Parameters
    ----------
    discount : float
        :math:`\gamma`, above 0 and at most 1.
    window : int, optional
        w, the last pulls that count. None: all.

    Examples
    --------
    >>> Forgetting(discount=0.98)
    Forgetting(discount=0.98, window=None)

    References
    ----------
    Garivier and Moulines, "On upper-confidence bound policies for non-stationary bandit problems", 2008, arXiv:0805.3415.
    Raj and Kalyani, "Taming non-stationary bandits: a Bayesian approach", 2017, arXiv:1707.09727.
    """

    discount: float = 1.0
    window: int | None = None

    def __post_init__(self) -> None:
        as_real(self.discount, "discount", above=0, most=1)
        if self.window is not None:
            as_count(self.window, "window")


@dataclass(frozen=True, eq=False)
class BanditRun:
    """What a rule pulled and got.

    Parameters
    ----------
    chosen : ndarray of int, shape (rounds,)
    rewards : ndarray of float, shape (rounds,)
        As measured.
    dynamic : ndarray of float, shape (rounds,)
        Regret so far against the best arm of each round.
    static : ndarray of float, shape (rounds,)
        Regret so far against the arm that was best over all rounds; negative where the rule is ahead of it.
    """

    chosen: NDArray[np.intp]
    rewards: Array
    dynamic: Array
    static: Array


def play_bandit(
    policy: BanditRule | str,
    rewards: ArrayLike,
    *,
    forgetting: Forgetting | None = None,
    means: ArrayLike | None = None,
    rng: Any = None,
) -> BanditRun:
    """Let a rule choose a setting for each block of a table of rewards, of which it sees only the one that it chose.

    Parameters
    ----------
    policy : {"ucb1", "thompson", "greedy"} or BanditRule
    rewards : array_like, shape (rounds, arms)
        What each arm would give in each round, between 0 and 1.
    forgetting : Forgetting, optional
        None: nothing is forgotten.
    means : array_like, shape (rounds, arms), optional
        Expected rewards, by which the regret is counted. None: `rewards`.
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.

    Returns
    -------
    BanditRun

    Examples
    --------
    >>> table = np.repeat([[0.9, 0.1], [0.1, 0.9]], 2000, axis=0)  # after 2000 blocks the other setting is the better one
    >>> [int(play_bandit("greedy", table, forgetting=kind).dynamic[-1]) for kind in (None, Forgetting(window=50))]
    [1600, 95]
    """
    rule = as_rule(policy)
    table = as_probabilities(rewards, "rewards", "rewards")
    if table.ndim != 2 or table.shape[1] < 2 or not len(table):
        raise ValueError(f"rewards must have shape (rounds, arms) with at least two arms, not {table.shape}")
    expected = table if means is None else as_probabilities(means, "means", "expected rewards")
    if expected.shape != table.shape:
        raise ValueError(f"means must have the shape of rewards {table.shape}, not {expected.shape}")
    kind = Forgetting() if forgetting is None else forgetting
    if not isinstance(kind, Forgetting):
        raise TypeError(f"forgetting must be a Forgetting or None, not {forgetting!r}")
    rng = as_rng(rng)
    rounds, arms = table.shape
    chosen, got = np.empty(rounds, dtype=np.intp), np.empty(rounds)
    won, n = np.zeros(arms), np.zeros(arms)
    fades = kind.discount**kind.window if kind.window is not None else 0.0
    for t in range(rounds):
        arm = choose_arm(rule, np.minimum(won, n), n, rng)
        chosen[t], got[t] = arm, table[t, arm]
        won, n = kind.discount * won, kind.discount * n
        won[arm] += got[t]
        n[arm] += 1
        if kind.window is not None and t >= kind.window:
            old = t - kind.window
            won[chosen[old]] = max(0.0, won[chosen[old]] - fades * got[old])
            n[chosen[old]] = max(0.0, n[chosen[old]] - fades)
    paid = expected[np.arange(rounds), chosen]
    fixed = expected[:, int(expected.sum(axis=0).argmax())]
    return BanditRun(chosen, got, (expected.max(axis=1) - paid).cumsum(), (fixed - paid).cumsum())
